"""The two lines above the library: what it is, what is searched, how many fit."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _


class LibraryHeader(Bar):
    """What the list shows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.text = ""
        self.note = ""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        del width
        title: list[Piece] = [
            (f" {_('Library')} ", "text!"),
            (f" {_('ready-made scenarios, ★ those to set up first')}", "soft"),
        ]
        below: list[Piece] = []
        if self.text:
            below += [
                (f"  “{safe_line(self.text, 40)}”", "warm", "", "search"),
                ("  ✕", "soft", "", "reset_filter"),
            ]
        below.append((f"  {self.note}", "faint"))
        return [(title, []), (below, [])]
