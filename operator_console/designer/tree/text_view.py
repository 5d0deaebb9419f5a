"""The file beside its tree: numbered lines, with those of the row under the cursor marked. Only what is visible is
painted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.inbox.cells import cut
from operator_console.inbox.whole_lines import WholeLines
from operator_console.safe_text import safe_text
from operator_console.themes import Palette, palette_of

_KEY = re.compile(r"(\s*(?:- )*)([\w-]+:)(?=\s|$)(.*)")
MAX_TEXT = 300_000
"""Characters: more than a file may have."""


class TextView(WholeLines, ScrollView, can_focus=True):
    """Shows a text that is read; `mark` says which lines belong together."""

    DEFAULT_CSS = """
    TextView { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")

    @dataclass
    class Pointed(Message):
        """A line was clicked. It counts from 1."""

        line: int

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: list[str] = []
        self._wrong: dict[int, str] = {}
        self._marked = range(0)

    def show(self, text: str, wrong: dict[int, str]) -> None:
        """Show a text. `wrong` gives the colour of lines (from 1) with something wrong in them."""
        cleaned = safe_text(text.removeprefix("\ufeff"), limit=MAX_TEXT, multiline=True)
        self._lines, self._wrong = cleaned.split("\n"), wrong
        size = Size(self.size.width, len(self._lines))
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    def mark(self, first: int, last: int) -> None:
        """Mark the lines from `first` to `last` (from 1, both in), and let the first one be seen."""
        self._marked = range(first, last + 1)
        top, height = self.scroll_offset.y, self.size.height
        if height and not top <= first - 1 < top + max(height - 3, 1):
            self.scroll_to(y=max(first - 1 - height // 4, 0), animate=False, immediate=True)
        self.refresh()

    @property
    def marked(self) -> range:
        """The lines that are marked, from 1."""
        return self._marked

    def render_line(self, y: int) -> Strip:
        palette, width = palette_of(self.app.theme), self.scrollable_content_region.width
        number = y + self.scroll_offset.y + 1
        if number > len(self._lines):
            return Strip.blank(self.size.width, palette.style("text", "paper"))
        return self._painted(number, palette, width)

    def _painted(self, number: int, palette: Palette, width: int) -> Strip:
        ground = "hover" if number in self._marked else "paper"
        text = cut(self._lines[number - 1], max(width - 7, 0))
        colour = self._wrong.get(number, "")
        segments = [
            Segment("▌" if number in self._marked else " ", palette.style("accent", ground)),
            Segment(f"{number:>4} ", palette.style(colour or "faint", ground)),
        ]
        segments += [Segment(part, palette.style(role, ground)) for part, role in _parts(text)]
        used = sum(cell_len(one.text) for one in segments)
        segments.append(Segment(" " * max(width - used, 0), palette.style("text", ground)))
        return Strip(segments, max(width, used))

    def on_resize(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y + 1
        if line <= len(self._lines):
            self.post_message(self.Pointed(line))


def _parts(text: str) -> list[tuple[str, str]]:
    """Pieces of a line with their colours: comments, keys, and what stands behind them."""
    if text.lstrip().startswith("#"):
        return [(text, "note")]
    found = _KEY.fullmatch(text)
    if found is None:
        return [(text, "text")]
    before, key, behind = found.groups()
    return [(before, "faint"), (key, "accent"), (behind, "text")]
