"""A pane that is read: lines made for its width and colours, which scroll."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeAlias

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.inbox.cells import pad, wrap
from operator_console.inbox.whole_lines import WholeLines
from operator_console.themes import Palette, palette_of

Maker: TypeAlias = Callable[[Palette, int], list[Strip]]
"""Makes the lines at a width in cells."""


class LinesView(WholeLines, ScrollView, can_focus=True):
    """Shows what a `Maker` makes, or a sentence where there is nothing to show."""

    DEFAULT_CSS = """
    LinesView { overflow-x: hidden; overflow-y: scroll; scrollbar-size: 1 1; height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("card")

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._make: Maker | None = None
        self._sentence = ""
        self._colour = "soft"
        self._lines: list[Strip] = []

    def show(self, make: Maker, *, keep_place: bool = False) -> None:
        """Show other lines, from their top; `keep_place`: the same ones, changed."""
        self._make = make
        if not keep_place:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.rebuild()

    def say(self, sentence: str, colour: str = "soft") -> None:
        """Show a cleaned sentence instead of lines."""
        self._make, self._sentence, self._colour = None, sentence, colour
        self.rebuild()

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def rebuild(self) -> None:
        """Make the lines anew: width, colours or the time have changed."""
        width = self.scrollable_content_region.width
        palette = palette_of(self.app.theme)
        if width <= 0:
            return
        self._lines = self._make(palette, width) if self._make is not None else self._spoken(palette, width)
        size = Size(self.size.width, len(self._lines))
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)
        self.refresh()

    def _spoken(self, palette: Palette, width: int) -> list[Strip]:
        style = palette.style(self._colour, "paper")
        lines = ["", *(f"  {line}" for line in wrap(self._sentence, max(min(width - 4, 72), 8)))]
        return [Strip([Segment(pad(line, width), style)], width) for line in lines]

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        if number < len(self._lines):
            return self._lines[number]
        return Strip.blank(self.size.width, palette_of(self.app.theme).style("text", "paper"))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self.is_mounted:
            self.rebuild()

    def on_resize(self) -> None:
        self.rebuild()
