"""Several of a few: a line of words, each taken or not."""

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

from operator_console.safe_text import safe_line
from operator_console.themes import palette_of


class Several(Widget, can_focus=True):
    """`choices` are pairs of a value and what it is called (raw); `values` those that are taken."""

    DEFAULT_CSS = """
    Several { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", "Before", show=False),
        Binding("right", "go(1)", "Next", show=False),
        Binding("space", "take", "Take", show=False),
    ]

    @dataclass
    class Changed(Message):
        """One was taken, or given back."""

    def __init__(self, choices: Sequence[tuple[str, str]], values: Sequence[str], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._choices = choices
        self._taken = set(values)
        self._at = 0

    @property
    def values(self) -> list[str]:
        """Those that are taken, in the order of the choices."""
        return [value for value, _name in self._choices if value in self._taken]

    def action_go(self, by: int) -> None:
        self._at = (self._at + by) % len(self._choices)
        self.refresh()

    def action_take(self) -> None:
        self._taken ^= {self._choices[self._at][0]}
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        self.focus()
        edge = 0
        for number, (_value, name) in enumerate(self._choices):
            edge += cell_len(safe_line(name, 40)) + 3
            if event.x < edge:
                self._at = number
                self.action_take()
                return

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002
        palette = palette_of(self.app.theme)
        pieces = []
        for number, (value, name) in enumerate(self._choices):
            is_here, is_taken = self.has_focus and number == self._at, value in self._taken
            ground = "cursor" if is_here else "raised"
            mark = Segment(
                " ● " if is_taken else " ○ ", palette.style("accent" if is_taken else "faint", ground)
            )
            style = palette.style("text" if is_taken or is_here else "soft", ground, bold=is_taken)
            pieces += [mark, Segment(safe_line(name, 40), style)]
        return Strip(pieces).adjust_cell_length(self.size.width, palette.style("text", "raised"))
