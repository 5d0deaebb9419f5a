"""The feed on the screen: items by the line API, of which only what is visible is painted.

Heights are known for every item, lines are kept for the last few hundred. It follows the newest message
unless the reader has scrolled up; older pages come in above without moving what he reads.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from itertools import accumulate

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.event_words import untitled
from operator_console.inbox.feed import Bubble, Feed, FeedChange, Item
from operator_console.inbox.feed_lines import FeedPainter, Look
from operator_console.inbox.pictures import Thumbnail, is_picture, shows_colours
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import palette_of
from operator_console.translation import _
from operator_console.visitor_names import Called
from server_stub.protocol import FileRef

BLOCKS_KEPT = 400
NEAR_TOP = 6
"""Lines from the top at which older messages are asked for."""


class FeedScroll(WholeLines, ScrollView, can_focus=True):
    """Shows one `Feed`. `names` gives operators' names by id and is read at each painting."""

    DEFAULT_CSS = """
    FeedScroll { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """

    @dataclass
    class OlderWanted(Message):
        """The reader comes near the top, and there is more."""

    @dataclass
    class PictureWanted(Message):
        """A picture is on the screen, and not among `pictures`."""

        file: FileRef

    @dataclass
    class NewBelow(Message):
        """So many items came in below what the reader sees."""

        count: int

    @dataclass
    class BottomSeen(Message):
        """The newest message is on the screen."""

    def __init__(
        self,
        me: str,
        names: Mapping[str, str],
        now: Callable[[], int],
        zone: tzinfo | None,
        *,
        id: str,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self.me = me
        self.feed: Feed | None = None
        self.visitor: Called | None = None
        """What the visitor is called now, in his older messages, too."""
        self.empty_text = _("Choose a dialog on the left: j and k move, Enter goes in.")
        self.titles: Callable[[str], str] = untitled
        """What a scenario is called."""
        self.shows_pictures = True
        self.pictures: dict[str, Thumbnail | None] = {}
        """Small pictures by the file's id; None: it is being made, or cannot be."""
        self._selected = ""
        self._names = names
        self._now = now
        self._zone = zone
        self._heights: list[int] = []
        self._ends: list[int] = []
        self._blocks: dict[int, list[Strip]] = {}
        self._painter: FeedPainter | None = None
        self._below = 0
        self._follows = True
        self._measured_width = 0

    def on_mount(self) -> None:
        knows_colours = self.app.is_headless or shows_colours(os.environ)
        self.shows_pictures = knows_colours and not self.app.no_color

    # --- Data down ---

    def show(self, feed: Feed | None) -> None:
        """Show a feed from its end."""
        if feed is None or self.feed is None or feed.dialog != self.feed.dialog:
            self._selected = ""
        self.feed = feed
        self._follows = True
        self._set_below(0)
        self._measure_all()
        self._to_end()
        self.refresh()

    def take(self, change: FeedChange) -> None:
        """The feed has changed."""
        if self.feed is None:
            return
        if self._measured_width != self.size.width or not self.size.width:
            self._measure_all()
            return
        if change.prepended:
            self._take_older(change.prepended)
        if change.marks or change.items:
            self._blocks.clear()
        shown_tail = len(self._heights) - len(self.feed.items) + change.appended
        place = self._place()
        for index in change.items:
            if index < len(self._heights):
                self._heights[index] = len(self._paint(index))
        if change.appended or change.pending or shown_tail:
            self._take_newer(change.appended)
        self._sum_up()
        if change.items:
            self._back_to(place)
        self.refresh()

    def took_picture(self, file: str, picture: Thumbnail | None) -> None:
        """A small picture has been made; None: it cannot be."""
        self.pictures[file] = picture
        if picture is None or self.feed is None:
            return
        place = self._place()
        for index in range(self._count()):
            item = self._item(index)
            if isinstance(item, Bubble) and any(one.id == file for one in item.message.files):
                self._blocks.pop(index, None)
                self._heights[index] = len(self._paint(index))
        self._sum_up()
        self._back_to(place)
        self.refresh()

    def name_visitor(self, visitor: Called | None) -> None:
        """Who the visitor of this conversation is, from now on."""
        if visitor != self.visitor:
            self.visitor = visitor
            self.repaint()

    def repaint(self) -> None:
        """Names, time or colours are others now."""
        self._painter = None
        self._blocks.clear()
        self.refresh()

    def _take_older(self, count: int) -> None:
        self._blocks.clear()
        old = sum(self._heights[:1])
        self._heights[:0] = [len(self._paint(index)) for index in range(count)]
        if count < len(self._heights):
            # What was the first item may have lost its day mark.
            self._heights[count] = len(self._paint(count))
            old -= self._heights[count]
        added = sum(self._heights[:count]) - old
        self._sum_up()
        self.scroll_to(y=self.scroll_offset.y + added, animate=False, immediate=True)

    def _take_newer(self, appended: int) -> None:
        kept = (len(self.feed.items) if self.feed else 0) - appended
        if self.feed is not None and not self._follows and not self.feed.new_from and appended:
            self.feed.new_from = self.feed.items[kept].seq
        del self._heights[kept:]
        for index in [index for index in self._blocks if index >= kept]:
            del self._blocks[index]
        self._heights += [len(self._paint(index)) for index in range(kept, self._count())]
        if self._follows:
            self._sum_up()
            self._to_end()
        elif appended:
            self._set_below(self._below + appended)

    def _count(self) -> int:
        return len(self.feed.items) + len(self.feed.pending) + len(self.feed.scheduled) if self.feed else 0

    def _item(self, index: int) -> Item:
        if self.feed is None:
            raise IndexError(index)
        items = self.feed.items
        return items[index] if index < len(items) else self.feed.tail[index - len(items)]

    def _paint(self, index: int) -> list[Strip]:
        if self._painter is None:
            self._painter = FeedPainter(
                palette_of(self.app.theme),
                self.size.width,
                self._now(),
                self._zone,
                self.me,
                self._names,
                self.visitor,
                self.pictures,
                is_history=self.feed is not None and bool(self.feed.visitor),
                titles=self.titles,
            )
        item = self._item(index)
        return self._painter.paint(item, self._item(index - 1) if index else None, self._look(item))

    def _look(self, item: Item) -> Look:
        if self.feed is None or not isinstance(item, Bubble):
            return Look()
        return Look(
            self.feed.mark(item) if item.state == "sent" else "",
            is_new=bool(item.seq) and item.seq == self.feed.new_from,
            is_selected=item.message.id == self._selected,
        )

    def _measure_all(self) -> None:
        self._blocks.clear()
        self._painter = None
        self._measured_width = self.size.width
        if self.size.width:
            self._heights = [len(self._paint(index)) for index in range(self._count())]
        self._sum_up()

    def _sum_up(self) -> None:
        self._ends = list(accumulate(self._heights))
        height = (self._ends[-1] if self._ends else 0) + 1
        size = Size(self.size.width, max(height, self.size.height))
        if size != self.virtual_size:
            # As in the dialog list: assigning `virtual_size` would be a layout of the whole screen.
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def _place(self) -> tuple[int, int]:
        """The item at the top of the screen, and how many of its lines are above it."""
        top = self.scroll_offset.y
        index = bisect_right(self._ends, top)
        return index, top - (self._ends[index - 1] if index else 0)

    def _back_to(self, place: tuple[int, int]) -> None:
        """What was at the top stays there, unless the newest message does."""
        index, within = place
        if self._follows:
            self._to_end()
        elif index and index < len(self._ends):
            y = self._ends[index - 1] + min(within, self._heights[index])
            self.scroll_to(y=y, animate=False, immediate=True)

    def _to_end(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False, immediate=True)
        self.post_message(self.BottomSeen())

    # --- Painting ---

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y - self._lead()
        if line < 0 or not self._ends or line >= self._ends[-1]:
            return self._empty_line(y)
        index = bisect_right(self._ends, line)
        block = self._blocks.get(index)
        if block is None:
            if len(self._blocks) >= BLOCKS_KEPT:
                self._blocks.clear()
            block = self._blocks[index] = self._paint(index)
            self._want_pictures(self._item(index))
        within = line - (self._ends[index - 1] if index else 0)
        return block[within] if within < len(block) else self._empty_line(-1)

    def _want_pictures(self, item: Item) -> None:
        if not self.shows_pictures or not isinstance(item, Bubble):
            return
        for file in item.message.files:
            if is_picture(file) and file.id not in self.pictures:
                self.pictures[file.id] = None
                self.post_message(self.PictureWanted(file))

    def _lead(self) -> int:
        """Empty lines above a feed that does not fill the pane: what is new stands at the bottom."""
        return max(self.size.height - 1 - self._ends[-1], 0) if self._ends else 0

    def _empty_line(self, y: int) -> Strip:
        width = self.size.width
        style = palette_of(self.app.theme).style("soft", "paper")
        lines = [] if self._ends else wrap(self.empty_text, max(width - 8, 10))
        number = y - max(self.size.height // 2 - 1, 0)
        text = lines[number] if 0 <= number < len(lines) else ""
        left = max((width - len(text)) // 2, 0)
        return Strip([Segment(pad(" " * left + text, width), style)], width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._painter = None
        self._blocks.clear()

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # Textual sends no Resize where a layout for scrolling has met the new size before the layout for it did: the
        # newest line would stay below the edge, though it was followed.
        is_other = super()._size_updated(size, virtual_size, container_size, layout)
        if is_other and self.is_mounted:
            self.call_later(self._fit)
        return is_other

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        follows = self._follows
        if self._measured_width != self.size.width:
            self._measure_all()
        else:
            self._sum_up()
        if follows:
            self._to_end()
        self.refresh()

    # --- Reading ---

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._follows = new_value >= self.max_scroll_y - 1
        if self._follows:
            self._set_below(0)
            self.post_message(self.BottomSeen())
        if new_value < NEAR_TOP and new_value < old_value and self.feed and self.feed.more:
            self.post_message(self.OlderWanted())

    def _set_below(self, count: int) -> None:
        if count != self._below:
            self._below = count
            self.post_message(self.NewBelow(count))

    @property
    def follows(self) -> bool:
        """Whether the newest message is on the screen and stays there."""
        return self._follows

    def action_scroll_home(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_scroll_end(self) -> None:
        self._to_end()
