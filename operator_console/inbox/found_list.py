"""What a search has found, in the place of the dialog list: groups of rows, of which one is chosen.

The search field keeps the focus; it moves the choice. A few hundred rows at most: painted one by one as they are seen.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import accumulate

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.dialog_rows import RowPainter
from operator_console.inbox.found_lines import (
    Found,
    FoundDialog,
    FoundPainter,
    Heading,
    Part,
    key_of,
    line_count,
    nothing_found,
    source_of,
)
from operator_console.inbox.whole_lines import WholeLines
from operator_console.mirror import Mirror
from operator_console.themes import palette_of

MAX_CACHED = 500


class FoundList(WholeLines, ScrollView, can_focus=False):
    """Shows parts; `now` gives ms, `mirror` says who is on the site."""

    DEFAULT_CSS = """
    FoundList { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """

    @dataclass
    class Opened(Message):
        """A click."""

        found: Found

    def __init__(self, mirror: Mirror, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.empty_text = nothing_found()
        self._mirror = mirror
        self._now = now
        self._zone = zone
        self._parts: Sequence[Part] = ()
        self._ends: list[int] = []
        self._chosen = ""
        self._was_moved = False
        self._lines: dict[Hashable, tuple[object, tuple[Strip, ...]]] = {}
        self._painter: FoundPainter | None = None

    def show(self, parts: Sequence[Part], *, anew: bool = False) -> None:
        """Show other parts. What was chosen by hand stays chosen where it is still there; else it is the first one.
        `anew`: something else is looked for.
        """
        before = self._seen()
        if anew:
            self._was_moved = False
        self._parts = parts
        self._ends = list(accumulate(map(line_count, parts)))
        keys = [key_of(part) for part in self._rows()]
        if not (self._was_moved and self._chosen in keys):
            self._chosen, self._was_moved = keys[0] if keys else "", False
        size = Size(self.size.width, self._ends[-1] if self._ends else 0)
        if size != self.virtual_size:
            # As in the dialog list: assigning `virtual_size` would be a layout of the whole screen.
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self._keep_visible()
        self._refresh_what_differs(before)

    @property
    def chosen(self) -> Found | None:
        """What Enter opens."""
        return next((part for part in self._rows() if key_of(part) == self._chosen), None)

    def move(self, by: int) -> None:
        """Choose the row below (1) or above (-1)."""
        keys = [key_of(part) for part in self._rows()]
        if keys:
            at = keys.index(self._chosen) if self._chosen in keys else 0
            before = self._seen()
            self._chosen, self._was_moved = keys[min(max(at + by, 0), len(keys) - 1)], True
            self._keep_visible()
            self._refresh_what_differs(before)

    def parts(self) -> Sequence[Part]:
        """What is shown."""
        return self._parts

    def _rows(self) -> list[Found]:
        return [part for part in self._parts if not isinstance(part, Heading)]

    def _keep_visible(self) -> None:
        for index, part in enumerate(self._parts):
            if isinstance(part, Heading) or key_of(part) != self._chosen:
                continue
            top = self._ends[index] - line_count(part)
            # With the heading above it, where that is the only thing above.
            top -= isinstance(self._parts[index - 1], Heading) if index else 0
            if top < self.scroll_offset.y:
                self.scroll_to(y=top, animate=False, immediate=True)
            elif self.size.height and self._ends[index] > self.scroll_offset.y + self.size.height:
                self.scroll_to(y=self._ends[index] - self.size.height, animate=False, immediate=True)
            return

    # --- Painting ---

    def _seen(self) -> list[Strip]:
        """The lines that stand on the screen."""
        return [self.render_line(y) for y in range(self.size.height)]

    def _refresh_what_differs(self, before: list[Strip]) -> None:
        """Most letters leave most lines as they are, and each line that is painted costs time."""
        after, width = self._seen(), self.size.width
        regions = [
            Region(0, y, width, 1)
            for y, line in enumerate(after)
            if y >= len(before) or line is not before[y]
        ]
        if regions:
            self.refresh(*regions)

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        if not self._ends or line >= self._ends[-1]:
            return self._kept(("blank", "" if self._ends else y), None, lambda: (self._blank_line(y),))[0]
        index = bisect_right(self._ends, line)
        strips = self._painted(self._parts[index])
        return strips[line - (self._ends[index] - len(strips))]

    def _painted(self, part: Part) -> tuple[Strip, ...]:
        """Its lines."""
        if isinstance(part, Heading):
            return self._kept(part, None, lambda: self._paint(part, is_chosen=False, online=False))
        is_chosen = key_of(part) == self._chosen
        online = isinstance(part, FoundDialog) and part.row.visitor in self._mirror.online
        look = (key_of(part), is_chosen, online)
        return self._kept(
            look, source_of(part), lambda: self._paint(part, is_chosen=is_chosen, online=online)
        )

    def _kept(
        self, look: Hashable, source: object, paint: Callable[[], tuple[Strip, ...]]
    ) -> tuple[Strip, ...]:
        """Lines that were painted before, while they show the same thing: it is known by identity."""
        held = self._lines.get(look)
        if held is None or held[0] is not source:
            if len(self._lines) >= MAX_CACHED:
                self._lines.clear()
            held = self._lines[look] = (source, paint())
        return held[1]

    def _paint(self, part: Part, *, is_chosen: bool, online: bool) -> tuple[Strip, ...]:
        if self._painter is None:
            palette, width = palette_of(self.app.theme), self.scrollable_content_region.width
            rows = RowPainter(palette, width, self._now(), self._zone, self._mirror.me)
            self._painter = FoundPainter(rows)
        return self._painter.paint(part, is_chosen=is_chosen, online=online)

    def _blank_line(self, y: int) -> Strip:
        width = self.size.width
        lines = [] if self._ends else ["", *wrap(self.empty_text, max(width - 4, 10))]
        text = "  " + lines[y] if y < len(lines) else ""
        return Strip([Segment(pad(text, width), palette_of(self.app.theme).style("soft", "ground"))], width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.forget_looks()

    def on_resize(self) -> None:
        self.forget_looks()
        self.show(self._parts)

    def forget_looks(self) -> None:
        """Time, width or colours have changed."""
        self._painter = None
        self._lines.clear()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if self._ends and line < self._ends[-1]:
            part = self._parts[bisect_right(self._ends, line)]
            if not isinstance(part, Heading):
                self._chosen, self._was_moved = key_of(part), True
                self.refresh()
                self.post_message(self.Opened(part))
