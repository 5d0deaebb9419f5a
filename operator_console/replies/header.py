"""The two lines above saved replies and macros: tabs, what is searched, how many."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.replies.list_view import RepliesFilter, Shown
from operator_console.safe_text import safe_line
from operator_console.translation import _, marked

TABS: tuple[tuple[Shown, str], ...] = (
    ("", marked("All")),
    ("reply", marked("Saved replies")),
    ("macro", marked("Macros")),
)


class RepliesHeader(Bar):
    """What the list shows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown = RepliesFilter()
        self.note = ""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        del width
        tabs: list[Piece] = [(" ", "text")]
        for kind, title in TABS:
            look, ground = ("accent!", "raised") if kind == self.shown.kind else ("soft", "")
            tabs.append((f" {_(title)} ", look, ground, f"kind('{kind}')"))
        below: list[Piece] = []
        if self.shown.text:
            below += [
                (f"  “{safe_line(self.shown.text, 40)}”", "warm", "", "search"),
                ("  ✕", "soft", "", "reset_filter"),
            ]
        below.append((f"  {self.note}", "faint"))
        return [(tabs, []), (below, [])]
