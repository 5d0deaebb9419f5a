"""A dialog as two lines of cells. Pure: a row of the mirror, a palette and the time in, strips out.

    ▌● Anna Petrova            @ !! waits 4m
    ▌  ‹ Does the blue one come…   size   3
    ▌✓ Visitor 17f0                  ✉    2h
    ▌ ML Of course, I am glad to…

The bar on the left turns warm, then hot, while somebody waits; a bold name has unread messages; a ✓ is marked. Before
the time stand: that a note calls the operator, the priority, and the channel where it is not the chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.dialog_filter import waits_since
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.times import HOT_AFTER, WARM_AFTER, ago, coming, span
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _
from operator_console.visitor_names import called
from server_stub.protocol import AuthorKind, DialogSummary

RowState: TypeAlias = Literal["", "cursor", "away", "hover"]

VISITOR_MARK = "‹"
BOT_MARK = "⚙"
SYSTEM_MARK = "·"

PRIORITY_MARKS = {"urgent": ("!!", "hot"), "high": ("!", "warm"), "low": ("↓", "faint")}
"""With their colours; a normal one has none."""
CHANNEL_MARKS = {"email": "✉", "push": "◈", "messenger": "❯"}
"""One cell for each channel but the chat."""
OTHER_CHANNEL = "◇"
MENTION_MARK = "@"
SNOOZED_MARK = "☾"
RATED_MARK = "★"
POOR_RATING = 2
"""Up to here it is marked hot."""
URGENCY_COLOURS = {"fresh": "visitor", "warm": "warm", "hot": "hot"}

MIN_TEXT = 14
"""Cells of the last message that chips must leave."""
MIN_NAME = 8
"""Cells of the name that the marks must leave."""
MAX_CHIPS = 2

_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


@dataclass(frozen=True, slots=True)
class RowPainter:
    """Paints rows of one width. `now` is in ms, `me` the operator who looks; a new painter for each new minute."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    me: str = ""

    def paint(
        self, row: DialogSummary, *, state: RowState, online: bool, marked: bool = False
    ) -> tuple[Strip, Strip]:
        """The two lines of a row."""
        ground = _GROUNDS["away" if marked and not state else state]
        bar = self._bar(row, state, ground)
        sign = ("✓ ", "operator") if marked else ("● ", "good") if online else ("  ", "faint")
        return (self._name_line(row, ground, bar, sign), self._text_line(row, ground, bar))

    def urgency(self, row: DialogSummary) -> Literal["", "fresh", "warm", "hot"]:
        """How long somebody has been waiting."""
        since = waits_since(row)
        if not since:
            return ""
        waited = self.now - since
        return "hot" if waited >= HOT_AFTER else "warm" if waited >= WARM_AFTER else "fresh"

    def _bar(self, row: DialogSummary, state: RowState, ground: str) -> Segment:
        if urgency := self.urgency(row):
            return Segment("▌", self.palette.style(URGENCY_COLOURS[urgency], ground))
        if state in ("cursor", "away"):
            return Segment("▌", self.palette.style("accent", ground))
        return Segment(" ", self.palette.style("faint", ground))

    def _name_line(self, row: DialogSummary, ground: str, bar: Segment, sign: tuple[str, str]) -> Strip:
        style = self.palette.style
        right, right_style = self._time(row, ground)
        room = self.width - 5 - cell_len(right)
        marks = self._marks(row, room - MIN_NAME)
        room -= sum(cell_len(mark[0]) + 1 for mark in marks)
        is_new = row.unread > 0
        colour = "text" if is_new or row.status == "open" else "soft"
        who = called(row.visitor_name, row.visitor)
        name = cut(who.name, room)
        behind = pad(f" {who.mark}" if who.mark else "", room - cell_len(name))
        return Strip(
            [
                bar,
                Segment(sign[0], style(sign[1], ground, bold=True)),
                Segment(name, style(colour, ground, bold=is_new)),
                Segment(f"{behind} ", style("faint", ground)),
                *(Segment(f"{text} ", style(its, ground, bold=True)) for text, its in marks),
                Segment(right, right_style),
                Segment(" ", style("text", ground)),
            ],
            self.width,
        )

    def _marks(self, row: DialogSummary, room: int) -> list[tuple[str, str]]:
        """What stands before the time, with its colour; the most important first to be kept."""
        marks: list[tuple[str, str]] = []
        if self.me in row.mentioned:
            marks.append((MENTION_MARK, "note"))
        if row.priority in PRIORITY_MARKS:
            marks.append(PRIORITY_MARKS[row.priority])
        if row.rating:
            marks.append((f"{row.rating}{RATED_MARK}", "hot" if row.rating <= POOR_RATING else "faint"))
        if row.channel != "chat":
            marks.append((CHANNEL_MARKS.get(row.channel, OTHER_CHANNEL), "visitor"))
        while marks and sum(cell_len(mark[0]) + 1 for mark in marks) > room:
            marks.pop()
        return marks

    def _time(self, row: DialogSummary, ground: str) -> tuple[str, Style]:
        urgency = self.urgency(row)
        if urgency:
            waits = _("waits {time}").format(time=span(self.now - row.waiting_since))
            if urgency == "hot":
                return f" {waits} ", self.palette.style("on_hot", "hot", bold=True)
            return waits, self.palette.style(URGENCY_COLOURS[urgency], ground, bold=True)
        if row.status == "snoozed":
            until = row.snoozed_until
            back = coming(until, self.now, self.zone) if until else _("till he writes")
            return f"{SNOOZED_MARK} {back}", self.palette.style("bot", ground)
        return ago(row.last_at, self.now, self.zone), self.palette.style("faint", ground)

    def _text_line(self, row: DialogSummary, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        mark, mark_colour = author_mark(row.last_author, row.last_author_name)
        badge = f" {row.unread if row.unread < 100 else '99+'} " if row.unread else ""
        fixed = 5 + cell_len(badge) + (2 if badge else 1)
        chips = self._chips(row, self.width - fixed - MIN_TEXT)
        room = self.width - fixed - sum(cell_len(chip) + 1 for chip in chips)
        text = safe_line(row.last_text, 300)
        line = [
            bar,
            Segment(" " * (3 - cell_len(mark)), style("faint", ground)),
            Segment(mark, style(mark_colour, ground)),
            Segment(" " + pad(text, room), style("text" if row.unread else "soft", ground)),
        ]
        for chip in chips:
            line += [Segment(" ", style("soft", ground)), Segment(chip, style("soft", "raised"))]
        if badge:
            line += [
                Segment(" ", style("soft", ground)),
                Segment(badge, style("on_accent", "accent", bold=True)),
            ]
        line.append(Segment(" ", style("soft", ground)))
        return Strip(line).adjust_cell_length(self.width, style("soft", ground))

    def _chips(self, row: DialogSummary, room: int) -> list[str]:
        chips: list[str] = []
        for tag in row.tags[:MAX_CHIPS]:
            chip = f" {cut(safe_line(tag, 40), 10)} "
            room -= cell_len(chip) + 1
            if room < 0:
                break
            chips.append(chip)
        return chips


def author_mark(kind: AuthorKind, name: str) -> tuple[str, str]:
    """Who wrote a message, as a mark of one or two cells, and its colour."""
    if kind == "visitor":
        return VISITOR_MARK, "visitor"
    if kind == "operator":
        return initials(name), "operator"
    if kind == "bot":
        return BOT_MARK, "bot"
    return SYSTEM_MARK, "faint"


def initials(name: str) -> str:
    """Two letters for a person: Maria Lind → ML, anna → AN. At most two cells."""
    words = safe_line(name, 80).split()
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else "".join(words)[:2]
    return cut(letters.upper(), 2) or "?"
