"""The two lines above the figures: of which scenario, which days, which version; and what is wrong."""

from __future__ import annotations

from operator_console.designer.figures.periods import PERIODS, USUAL, Period
from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _


class FiguresHeader(Bar):
    """`title` and `trouble` are raw."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = ""
        self.period: Period = USUAL
        self.is_this_version = False
        self.note = ""
        self.trouble = ""
        """What is wrong with the connection; empty when nothing is."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        title: list[Piece] = [(f" {_('Figures')} ", "text!"), (f" {safe_line(self.title, 80)}", "soft")]
        tabs: list[Piece] = [(" ", "text")]
        for number, period in enumerate(PERIODS):
            is_shown = period == self.period
            look, ground = ("accent!", "raised") if is_shown else ("soft", "")
            words = period.words if is_shown or width >= 90 else period.short
            tabs.append((f" {words} ", look, ground, f"period({number})"))
        version = _("this version alone") if self.is_this_version else _("all versions")
        right: list[Piece] = [(f" {version} ▾ ", "accent" if self.is_this_version else "soft", "", "version")]
        if self.trouble:
            return [([(f" {safe_line(self.trouble, 200)}", "hot!")], []), (tabs, right)]
        return [(title, [(f"{self.note} ", "faint")]), (tabs, right)]
