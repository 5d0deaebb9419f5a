"""A colour beside the field in which it is typed, and a row of colours that the arrows go through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.designer.widget_look.colours import PRESETS, ink_on
from operator_console.themes import palette_of
from operator_console.translation import _

SWATCH = 2
"""Columns of each colour of the row."""


class Swatch(Widget):
    """A colour, #rrggbb, with letters as they are read on it."""

    DEFAULT_CSS = """
    Swatch { height: 1; width: 8; }
    """

    def __init__(self, colour: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.colour = colour

    def show(self, colour: str) -> None:
        """Show another one."""
        self.colour = colour
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        style = Style(color=ink_on(self.colour), bgcolor=self.colour)
        return Strip([Segment("   Aa   ", style)]).adjust_cell_length(self.size.width, style)


class ColourRow(Widget, can_focus=True):
    """The colours that are offered; `colour` is marked where it is one of them."""

    DEFAULT_CSS = """
    ColourRow { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "step(1)", "Next", show=False),
        Binding("left", "step(-1)", "Before", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A colour was chosen, #rrggbb."""

        colour: str

    def __init__(self, colour: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._colour = colour

    def mark(self, colour: str) -> None:
        """Mark this one."""
        self._colour = colour
        self.refresh()

    @property
    def _at(self) -> int | None:
        return next((n for n, (one, _name) in enumerate(PRESETS) if one == self._colour.lower()), None)

    def action_step(self, by: int) -> None:
        at = self._at
        to = (at + by) % len(PRESETS) if at is not None else 0 if by > 0 else len(PRESETS) - 1
        self._choose(to)

    def on_click(self, event: events.Click) -> None:
        self.focus()
        number = (event.x - 1) // SWATCH
        if 0 <= number < len(PRESETS):
            self._choose(number)

    def _choose(self, number: int) -> None:
        self.mark(PRESETS[number][0])
        self.post_message(self.Chosen(self._colour))

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        palette = palette_of(self.app.theme)
        ground = palette.style("soft", "cursor" if self.has_focus else "ground")
        at = self._at
        pieces = [Segment("◂" if self.has_focus else " ", ground)]
        for number, (colour, _name) in enumerate(PRESETS):
            style = Style(color=ink_on(colour), bgcolor=colour, bold=True)
            pieces.append(Segment("◆ " if number == at else " " * SWATCH, style))
        name = f" {_(PRESETS[at][1])}" if at is not None else ""
        pieces.append(Segment(("▸" if self.has_focus else " ") + name, ground))
        return Strip(pieces).adjust_cell_length(self.size.width, ground)
