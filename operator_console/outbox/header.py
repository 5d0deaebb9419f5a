"""The two lines above the outbox: channels as tabs, what is filtered, what is new above."""

from __future__ import annotations

from rich.cells import cell_len

from operator_console.inbox.bars import Bar, Piece
from operator_console.outbox.row_lines import MARKS, status_colour, status_words
from operator_console.outbox.rows import Channel, OutboxFilter
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, marked, said

TABS: tuple[tuple[Channel, str], ...] = (
    ("", marked("All", "tab")),
    ("email", marked("Email", "tab")),
    ("push", marked("Push", "tab")),
    ("messenger", marked("Messages", "tab")),
    ("webhook", marked("Webhooks", "tab")),
)
ROOMY = 64
"""Cells from which the tabs have their words; below only the marks stand there."""


class OutboxHeader(Bar):
    """What the list shows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.shown = OutboxFilter()
        self.new_above = 0
        self.note = ""
        self.trouble = ""
        """What is wrong, raw; empty when nothing is."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        return [(self._tabs(width), self._status()), (self._below(), [])]

    def _tabs(self, width: int) -> list[Piece]:
        pieces: list[Piece] = [(f" {_('Outbox')} ", "text!"), (" ", "text")]
        words = [
            f"{MARKS[channel]} {said('tab', title)}" if channel else said("tab", title)
            for channel, title in TABS
        ]
        is_roomy = width >= ROOMY + cell_len("any status ▾ ")
        for (channel, title), text in zip(TABS, words, strict=True):
            is_shown = channel == self.shown.channel
            if not is_roomy and not is_shown:
                text = MARKS[channel] if channel else said("tab", title)
            look, ground = ("accent!", "raised") if is_shown else ("soft", "")
            pieces.append((f" {text} ", look, ground, f"channel('{channel}')"))
        return pieces

    def _status(self) -> list[Piece]:
        status = self.shown.status
        colour = status_colour(status) if status else "soft"
        words = status_words(status) if status else _("any status")
        return [(f"{words} ▾ ", colour, "", "status")]

    def _below(self) -> list[Piece]:
        if self.trouble:
            return [(f"  {safe_line(self.trouble, 200)}", "hot!")]
        pieces: list[Piece] = []
        if self.new_above:
            news = counted("{count} new", "{count} new", self.new_above)
            pieces.append((f"  ↑ {news} · g ", "accent!", "", "list_top"))
        if self.shown.scenario:
            pieces.append((f"  {safe_line(self.shown.scenario, 60)}", "warm", "", "scenario"))
        if self.shown.text:
            pieces.append((f"  “{safe_line(self.shown.text, 40)}”", "warm", "", "search"))
        if self.shown != OutboxFilter():
            pieces.append(("  ✕", "soft", "", "reset_filter"))
        pieces.append((f"  {self.note}", "faint"))
        return pieces
