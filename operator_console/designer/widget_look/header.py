"""The two lines above the widget's look: what this is, and whether it is kept."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _


class LookHeader(Bar):
    """`note` is raw; `colour` is the note's."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.note = ""
        self.colour = "faint"

    def say(self, note: str, colour: str) -> None:
        """Show another note."""
        self.note, self.colour = note, colour
        self.refresh()

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:  # noqa: ARG002
        words = _("Widget's look")
        title: list[Piece] = [(f" {words} ", "text!")]
        return [(title, []), ([(f" {safe_line(self.note, 300)}", self.colour)], [])]
