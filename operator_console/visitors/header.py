"""The two lines above the visitors: whom the list shows, what is filtered, what is new above."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _, marked
from operator_console.visitors.rows import VisitorFilter, Whom

TABS: tuple[tuple[Whom, str], ...] = (
    ("here", marked("On the site")),
    ("all", marked("Everybody")),
    ("blocked", marked("Blocked")),
)
NARROW = 60
"""Cells below which the tabs stand alone."""


class VisitorsHeader(Bar):
    """What the list shows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown = VisitorFilter()
        self.segment = ""
        """The segment's title."""
        self.new_above = 0
        self.note = ""
        self.trouble = ""
        """What is wrong, raw; empty when nothing is."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        tabs: list[Piece] = [(f" {_('Visitors')} ", "text!"), (" ", "text")]
        for whom, title in TABS:
            look, ground = ("accent!", "raised") if whom == self.shown.whom else ("soft", "")
            tabs.append((f" {_(title)} ", look, ground, f"whom('{whom}')"))
        segment = safe_line(self.segment, 40) or _("any segment")
        mark: Piece = (f"{segment} ▾ ", "warm" if self.segment else "soft", "", "segment")
        if width < NARROW:
            tabs = tabs[2:]
        return [(tabs, [mark]), (self._below(), [])]

    def _below(self) -> list[Piece]:
        if self.trouble:
            return [(f"  {safe_line(self.trouble, 200)}", "hot!")]
        pieces: list[Piece] = []
        if self.new_above:
            words = _("{count} new").format(count=self.new_above)
            pieces.append((f"  ↑ {words} · g ", "accent!", "", "list_top"))
        if self.shown.text:
            pieces.append((f"  “{safe_line(self.shown.text, 40)}”", "warm", "", "search"))
        if self.shown != VisitorFilter():
            pieces.append(("  ✕", "soft", "", "reset_filter"))
        pieces.append((f"  {self.note}", "faint"))
        return pieces
