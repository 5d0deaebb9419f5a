"""The two lines above the scenarios: tabs by status with their counts, what is searched, what is wrong."""

from __future__ import annotations

from operator_console.designer.scenarios.row_lines import COLOURS, MARKS
from operator_console.designer.scenarios.rows import ScenarioFilter, Shown
from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, figure, marked, said

TABS: tuple[tuple[Shown, str], ...] = (
    ("", marked("All", "scenarios")),
    ("live", marked("Live", "scenarios")),
    ("paused", marked("Paused", "scenarios")),
    ("draft", marked("Drafts", "scenarios")),
    ("archived", marked("Archived", "scenarios")),
)
ROOMY = 76
"""Cells from which the tabs have their words; below only their marks stand there."""


class ScenariosHeader(Bar):
    """What the list shows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown = ScenarioFilter()
        self.counts: dict[str, int] = {}
        self.days = 0
        """Of how many days the figures are; 0: not known yet."""
        self.note = ""
        self.trouble = ""
        """What is wrong with the connection, raw; empty when nothing is."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        pieces: list[Piece] = [(f" {_('Scenarios')} ", "text!"), (" ", "text")]
        for status, title in TABS:
            is_shown = status == self.shown.status
            look, ground = ("accent!", "raised") if is_shown else ("soft", "")
            words = said("scenarios", title)
            if width < ROOMY and not is_shown and status:
                words = MARKS[status]
            count = self.counts.get(status, 0)
            mark = f"{MARKS[status]} " if status and (width >= ROOMY or is_shown) else ""
            if mark and count:
                pieces.append((f" {mark}", COLOURS[status], ground, f"status('{status}')"))
                mark = ""
            else:
                mark = f" {mark}"
            pieces.append((f"{mark}{words} {figure(count)} ", look, ground, f"status('{status}')"))
        days = counted("last {count} day", "last {count} days", self.days)
        period: list[Piece] = [(f"{days} ▾ ", "soft", "", "period")] if self.days else []
        return [(pieces, []), (self._below(), period)]

    def _below(self) -> list[Piece]:
        if self.trouble:
            return [(f"  {safe_line(self.trouble, 200)}", "hot!")]
        pieces: list[Piece] = []
        if self.shown.text:
            pieces.append((f"  “{safe_line(self.shown.text, 40)}”", "warm", "", "search"))
        if self.shown != ScenarioFilter():
            pieces.append(("  ✕", "soft", "", "reset_filter"))
        pieces.append((f"  {self.note}", "faint"))
        return pieces
