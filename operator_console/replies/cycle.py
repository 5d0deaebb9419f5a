"""A field with a few values: blank and the arrows go through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.safe_text import safe_line
from operator_console.themes import palette_of


class Cycle(Widget, can_focus=True):
    """One of `choices`, pairs of a value and what it is called (raw)."""

    DEFAULT_CSS = """
    Cycle { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "step(1)", "Next", show=False),
        Binding("left", "step(-1)", "Before", show=False),
    ]

    @dataclass
    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = choices
        self._index = next((n for n, (one, _) in enumerate(choices) if one == value), 0)

    @property
    def value(self) -> str:
        """The value that is chosen."""
        return self._choices[self._index][0]

    def action_step(self, by: int) -> None:
        self._index = (self._index + by) % len(self._choices)
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self) -> None:
        self.focus()
        self.action_step(1)

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        palette = palette_of(self.app.theme)
        ground = "cursor" if self.has_focus else "raised"
        plain = palette.style("text", ground)
        name = safe_line(self._choices[self._index][1], 80)
        place = f"{self._index + 1}/{len(self._choices)}"
        gap = max(self.size.width - cell_len(name) - cell_len(place) - 6, 1)
        pieces = [
            Segment(" ◂ ", palette.style("soft", ground)),
            Segment(name, plain),
            Segment(" ▸" + " " * gap, palette.style("soft", ground)),
            Segment(place, palette.style("soft", ground)),
        ]
        return Strip(pieces).adjust_cell_length(self.size.width, plain)
