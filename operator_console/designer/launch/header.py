"""The two lines above a launch: what is launched, and which of its four steps this is."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import marked, said

STEPS = (
    marked("Pick", "a step"),
    marked("Conditions", "a step"),
    marked("Preview and texts", "a step"),
    marked("Launch", "a step"),
)


class LaunchHeader(Bar):
    """`title` and `slug` are raw; `step` counts from 0."""

    def __init__(self, step: int, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.step = step
        self.title = ""
        self.slug = ""
        self.note = ""
        self.colour = "soft"
        """Of the note."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:  # noqa: ARG002
        title: list[Piece] = [
            (f" {safe_line(self.title, 80)} ", "text!"),
            (f" {safe_line(self.slug, 80)}", "faint"),
        ]
        below: list[Piece] = []
        for number, words in enumerate(STEPS):
            is_done, is_here = number < self.step, number == self.step
            mark = "✓" if is_done else str(number + 1)
            colour = "good" if is_done else "accent!" if is_here else "faint"
            below += [(f" {mark} {said('a step', words)} ", colour, "raised" if is_here else "")]
            below += [(" › ", "faint")] if number < len(STEPS) - 1 else []
        note: list[Piece] = [(f"{safe_line(self.note, 100)} ", self.colour)] if self.note else []
        return [(title, note), (below, [])]
