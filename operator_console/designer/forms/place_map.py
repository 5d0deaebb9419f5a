"""Where a pop-up stands: a small page on which one of the places is chosen by the arrows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.inbox.cells import cut
from operator_console.themes import palette_of
from operator_console.translation import _

GRID = (
    ("top-left", "top", "top-right"),
    ("left", "center", "right"),
    ("bottom-left", "bottom", "bottom-right"),
)
"""The places of the language as they lie on a page."""
_SPOT = 4
"""Cells of a place."""
PAGE_CELLS = 3 * _SPOT + 2


class PlaceMap(Widget, can_focus=True):
    """One of the places of GRID, or none: then the pop-up stands where it does by itself. `names` are pairs of a place
    and what it is called.
    """

    DEFAULT_CSS = """
    PlaceMap { height: 3; width: 1fr; }
    """
    PLACES: ClassVar[frozenset[str]] = frozenset(place for row in GRID for place in row)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1, 0)", "Left", show=False),
        Binding("right", "go(1, 0)", "Right", show=False),
        Binding("up", "go(0, -1)", "Up", show=False),
        Binding("down", "go(0, 1)", "Down", show=False),
        Binding("backspace,delete", "empty", "None", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another place was chosen."""

    def __init__(self, names: Sequence[tuple[str, str]], value: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._names = dict(names)
        self._value = value if value in self.PLACES else ""

    @property
    def value(self) -> str:
        """The place that is chosen; empty: none."""
        return self._value

    def _at(self) -> tuple[int, int]:
        """Column and row of what is chosen."""
        for row, places in enumerate(GRID):
            if self._value in places:
                return places.index(self._value), row
        return 1, 1

    def _choose(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.refresh()
            self.post_message(self.Changed())

    def action_go(self, right: int, down: int) -> None:
        column, row = self._at()
        column, row = min(max(column + right, 0), 2), min(max(row + down, 0), 2)
        self._choose(GRID[row][column])

    def action_empty(self) -> None:
        self._choose("")

    def on_click(self, event: events.Click) -> None:
        self.focus()
        if event.x < PAGE_CELLS and event.y < len(GRID):
            self._choose(GRID[event.y][min(max((event.x - 1) // _SPOT, 0), 2)])

    def render_line(self, y: int) -> Strip:
        palette, width = palette_of(self.app.theme), self.size.width
        ground = "cursor" if self.has_focus else "raised"
        pieces = [Segment(" ", palette.style("text", ground))]
        for place in GRID[min(y, 2)]:
            is_here = place == self._value
            mark, colour = ("▐██▌", "accent") if is_here else (" ·· ", "faint")
            pieces.append(Segment(mark, palette.style(colour, ground)))
        words = (
            self._names.get(self._value, self._value) or _("as usual"),
            _("←↑↓→ choose") if self.has_focus else "",
            _("⌫ as usual") if self.has_focus and self._value else "",
        )[min(y, 2)]
        used = sum(cell_len(piece.text) for piece in pieces)
        text = "  " + cut(words, max(width - used - 2, 0))
        colour = "text" if y == 0 else "faint"
        pieces.append(Segment(text, palette.style(colour, ground)))
        return Strip(pieces).adjust_cell_length(width, palette.style("text", ground))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()
