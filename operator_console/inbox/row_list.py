"""A list of rows by the line API: 100,000 two-line rows, cached strips, and an order that holds still under a cursor.

Only what is visible is painted, and only what changed of it. The order of the rows is frozen while the list
is being used (a key or the mouse in the last seconds, or scrolled away from the top); what would have come
in above is counted and announced. The cursor belongs to a row and not to a place.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import palette_of
from operator_console.translation import _

ROW_LINES = 2
QUIET_AFTER = 4.0
"""Seconds without a key or the mouse after which a list that stands at its top takes in what is new."""
MAX_CACHED = 1_000

R = TypeVar("R")


class RowList(WholeLines, ScrollView, Generic[R], can_focus=True):
    """Rows by their ids, newest first; `now` gives ms. Derived lists say whose rows they are and how they look."""

    DEFAULT_CSS = """
    RowList { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """

    @dataclass
    class Pointed(Message):
        """The cursor stands on another row; empty: on none. Only the last of several matters."""

        row: str

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, RowList.Pointed)

    @dataclass
    class Opened(Message):
        """Enter or a click."""

        row: str

    @dataclass
    class NewAbove(Message):
        """So many rows have news that the frozen order does not show yet."""

        count: int

    def __init__(self, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.cursor = ""
        """The id of the row under the cursor."""
        self.empty_text = _("Loading…")
        self._now = now
        self._zone = zone
        self._ids: list[str] = []
        self._index = 0
        self._hovered = -1
        self._newest_at = 0
        self._news: set[str] = set()
        self._used_at = -QUIET_AFTER
        self._cache: dict[tuple[str, RowState, Hashable], tuple[object, tuple[Strip, Strip]]] = {}

    # --- Whose rows, and how they look ---

    @abstractmethod
    def source(self) -> list[str]:
        """The ids to show, newest first; a list of its own."""

    @abstractmethod
    def row_of(self, key: str) -> R | None:
        """The row with that id. A row that has changed is another object."""

    @abstractmethod
    def fits(self, row: R) -> bool:
        """Whether the filter shows it."""

    @abstractmethod
    def time_of(self, row: R) -> int:
        """When the row came to where it stands, in ms: by what rows are mostly ordered."""

    def newest(self, keys: list[str]) -> int:
        """When the last one of ordered rows came. Here it is the first: the order is that of time."""
        row = self.row_of(keys[0]) if keys else None
        return self.time_of(row) if row is not None else 0

    @abstractmethod
    def paint_row(self, row: R, state: RowState, width: int) -> tuple[Strip, Strip]:
        """Its two lines."""

    def look_of(self, row: R) -> Hashable:  # noqa: ARG002
        """What else its look depends on."""
        return None

    def forget_looks(self) -> None:
        """Time, width or colours have changed."""
        self._cache.clear()

    # --- Data down ---

    def show_anew(self, *, keep_cursor: bool = True) -> None:
        """The filter has changed. The cursor stays on its row if that is there, else it goes to the top."""
        if not keep_cursor:
            self.cursor = ""
        self._take_order()
        if self.cursor not in self._ids[self._index : self._index + 1]:
            self._index = 0
            self.scroll_to(y=0, animate=False)
        self._point(self._index)
        self.refresh()

    def take(self, keys: Collection[str], *, reordered: bool) -> None:
        """Rows have changed. Repaints those that are visible; the order follows unless it is frozen."""
        if reordered and not self.is_frozen:
            self.thaw()
            return
        if reordered:
            self._count_news(keys)
        first, last = self._visible()
        for index in range(first, last):
            if self._ids[index] in keys:
                self._refresh_row(index)

    def thaw(self) -> None:
        """Take the order as it is now. What is under the cursor stays on its line where the list is
        scrolled.
        """
        line = self._index * ROW_LINES - self.scroll_offset.y
        self._take_order(linger=True)
        if self.scroll_offset.y > 0:
            self.scroll_to(y=max(self._index * ROW_LINES - line, 0), animate=False)
        if self._ids and self.cursor != self._ids[self._index]:
            self._point(self._index)
        self.refresh()

    def release(self) -> None:
        """What the order was held still for is done: where the list stands at its top, it takes in what is new."""
        self._used_at = -QUIET_AFTER
        if not self.is_frozen:
            self.thaw()

    def tick(self) -> None:
        """A while has passed: times are painted anew, and an idle list takes in what is new."""
        self.forget_looks()
        if self._news and not self.is_frozen:
            self.thaw()
        else:
            self.refresh()

    def point_to(self, key: str) -> bool:
        """Put the cursor on a row; False where the filter does not show it."""
        if key not in self._ids:
            self._take_order()
        try:
            index = self._ids.index(key)
        except ValueError:
            return False
        self._point(index)
        return True

    @property
    def count(self) -> int:
        """How many rows the list shows."""
        return len(self._ids)

    @property
    def is_frozen(self) -> bool:
        """Whether the order holds still: the list is in use, or shows something below its top."""
        if not (self.has_focus or self.mouse_hover):
            return False
        return self.scroll_offset.y > 0 or time.monotonic() - self._used_at < QUIET_AFTER

    def order(self) -> list[str]:
        """The ids as shown, newest first."""
        return self._ids

    def _take_order(self, *, linger: bool = False) -> None:
        """Read the order anew. `linger`: what is under the cursor stays, also where it fits the filter no more.

        So a dialog that was just closed is still there to be opened again, and the next key does not hit another.
        """
        self._ids = self.source()
        row = self.row_of(self.cursor)
        if linger and row is not None and not self.fits(row):
            self._ids.insert(min(self._index, len(self._ids)), self.cursor)
        if self.cursor and self._ids[self._index : self._index + 1] != [self.cursor]:
            self._index = self._place_of(self.cursor)
        self._index = min(self._index, max(len(self._ids) - 1, 0))
        self._newest_at = self.newest(self._ids)
        self._resize_content()
        if self._news:
            self._news.clear()
            self.post_message(self.NewAbove(0))

    def _place_of(self, key: str) -> int:
        try:
            return self._ids.index(key)
        except ValueError:
            return min(self._index, max(len(self._ids) - 1, 0))

    def _count_news(self, keys: Collection[str]) -> None:
        before = len(self._news)
        for key in keys:
            row = self.row_of(key)
            if row is not None and self.time_of(row) > self._newest_at and self.fits(row):
                self._news.add(key)
        if len(self._news) != before:
            self.post_message(self.NewAbove(len(self._news)))

    def _resize_content(self) -> None:
        """Set the height without the layout that assigning `virtual_size` costs (11 ms): the bar is always
        there.
        """
        size = Size(self.size.width, len(self._ids) * ROW_LINES)
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)

    # --- Painting ---

    def render_line(self, y: int) -> Strip:
        index, part = divmod(y + self.scroll_offset.y, ROW_LINES)
        if index >= len(self._ids):
            return self._blank_line(y)
        name = self._ids[index]
        row = self.row_of(name)
        if row is None:
            return self._blank_line(y)
        state = self._state(index)
        key = (name, state, self.look_of(row))
        held = self._cache.get(key)
        if held is not None and held[0] is row:
            return held[1][part]
        # Without the column of the scroll bar, which `size` counts: nothing is to stand under it.
        strips = self.paint_row(row, state, self.scrollable_content_region.width)
        if len(self._cache) >= MAX_CACHED:
            self._cache.clear()
        self._cache[key] = (row, strips)
        return strips[part]

    def _state(self, index: int) -> RowState:
        if index == self._index:
            return "cursor" if self.has_focus else "away"
        return "hover" if index == self._hovered else ""

    def _blank_line(self, y: int) -> Strip:
        style = palette_of(self.app.theme).style("soft", "ground")
        width = self.size.width
        lines = [] if self._ids else ["", *wrap(self.empty_text, max(width - 4, 10))]
        text = "  " + lines[y] if y < len(lines) else ""
        return Strip([Segment(pad(text, width), style)], width)

    def _visible(self) -> tuple[int, int]:
        first = self.scroll_offset.y // ROW_LINES
        return first, min(len(self._ids), first + self.size.height // ROW_LINES + 2)

    def _refresh_row(self, index: int) -> None:
        self.refresh(Region(0, index * ROW_LINES - self.scroll_offset.y, self.size.width, ROW_LINES))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.forget_looks()

    def on_resize(self) -> None:
        self.forget_looks()
        self._resize_content()

    # --- The cursor ---

    def _point(self, index: int) -> None:
        if not self._ids:
            if self.cursor:
                self.cursor = ""
                self.post_message(self.Pointed(""))
            return
        index = min(max(index, 0), len(self._ids) - 1)
        self._refresh_row(self._index)
        self._index = index
        self._refresh_row(index)
        self._keep_visible()
        if self.cursor != self._ids[index]:
            self.cursor = self._ids[index]
            self.post_message(self.Pointed(self.cursor))

    def _keep_visible(self) -> None:
        top, height = self._index * ROW_LINES, self.size.height
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False, immediate=True)
        elif height and top + ROW_LINES > self.scroll_offset.y + height:
            self.scroll_to(y=top + ROW_LINES - height, animate=False, immediate=True)

    def _move(self, by: int) -> None:
        self._used_at = time.monotonic()
        self._point(self._index + by)

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_page_down(self) -> None:
        self._move(max(self.size.height // ROW_LINES - 1, 1))

    def action_page_up(self) -> None:
        self._move(-max(self.size.height // ROW_LINES - 1, 1))

    def action_top(self) -> None:
        self._used_at = -QUIET_AFTER
        self._take_order()
        self.scroll_to(y=0, animate=False, immediate=True)
        self._point(0)
        self.refresh()

    def action_bottom(self) -> None:
        self._move(len(self._ids))

    def action_open(self) -> None:
        if self.cursor:
            self.post_message(self.Opened(self.cursor))

    # --- The mouse ---

    def _row_at(self, y: int) -> int:
        index = (y + self.scroll_offset.y) // ROW_LINES
        return index if 0 <= index < len(self._ids) else -1

    def on_click(self, event: events.Click) -> None:
        index = self._row_at(event.y)
        if index >= 0:
            self._used_at = time.monotonic()
            self._point(index)
            self.action_open()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._used_at = time.monotonic()
        self._hover(self._row_at(event.y))

    def on_leave(self) -> None:
        self._hover(-1)

    def on_focus(self) -> None:
        self._refresh_row(self._index)

    def on_blur(self) -> None:
        self._refresh_row(self._index)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            old, self._hovered = self._hovered, index
            for changed in (old, index):
                if changed >= 0:
                    self._refresh_row(changed)
