"""What a search finds, as lines of cells: dialogs of the list, people, messages with their words marked. Pure.

In this list · 2
▌● Anna Petrova                 waits 4m
▌  ‹ Does the blue one come…   size   3
Messages · 14
  Boris Lang                       3 Mar
 ML …the blue lamp comes in oak and…
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowPainter, author_mark
from operator_console.inbox.times import ago
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import DialogSummary, FoundMessage, VisitorBrief

BEFORE_MARK = 10
"""Cells of a message before the first word that was looked for, where the line is too short for all."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`note` says how things stand with the group."""

    title: str
    count: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundDialog:
    row: DialogSummary


@dataclass(frozen=True, slots=True)
class FoundPerson:
    visitor: VisitorBrief


@dataclass(frozen=True, slots=True)
class FoundText:
    """A message; `row` is its dialog's, where it is known."""

    message: FoundMessage
    row: DialogSummary | None = None


@dataclass(frozen=True, slots=True)
class WholeList:
    """All dialogs of the list that have the words, as a list of their own."""


Found: TypeAlias = FoundDialog | FoundPerson | FoundText | WholeList
Part: TypeAlias = Heading | Found


def key_of(found: Found) -> str:
    """By what a thing that was found stays the same while the search goes on."""
    if isinstance(found, FoundDialog):
        return f"dialog {found.row.id}"
    if isinstance(found, FoundPerson):
        return f"person {found.visitor.id}"
    return f"message {found.message.message}" if isinstance(found, FoundText) else "list"


def source_of(found: Found) -> object:
    """What it shows: the same object as long as nothing of it has changed."""
    if isinstance(found, FoundDialog):
        return found.row
    if isinstance(found, FoundPerson):
        return found.visitor
    return found.message if isinstance(found, FoundText) else None


def line_count(part: Part) -> int:
    """How many lines it takes."""
    return 1 if isinstance(part, Heading | WholeList) else 2


@dataclass(frozen=True, slots=True)
class FoundPainter:
    """Paints one width; `rows` paints dialogs."""

    rows: RowPainter

    def paint(self, part: Part, *, is_chosen: bool, online: bool) -> tuple[Strip, ...]:
        """Its lines."""
        if isinstance(part, Heading):
            return (self._heading(part),)
        if isinstance(part, FoundDialog):
            return self.rows.paint(part.row, state="cursor" if is_chosen else "", online=online)
        ground = "cursor" if is_chosen else "ground"
        if isinstance(part, FoundPerson):
            return self._person(part.visitor, ground)
        if isinstance(part, FoundText):
            return self._message(part, ground)
        return (
            self._line(
                [self._bar(ground), (f"  ▸ {_('All of them as a list')}", "accent", False)], "", ground
            ),
        )

    def _heading(self, heading: Heading) -> Strip:
        parts = [(f" {heading.title}", "soft", True)]
        if heading.count:
            parts.append((f" · {heading.count}", "faint", False))
        return self._line(parts, heading.note, "ground")

    def _person(self, visitor: VisitorBrief, ground: str) -> tuple[Strip, ...]:
        who = called(visitor.name or visitor.email, visitor.id)
        first = [
            self._bar(ground),
            ("● " if visitor.online else "  ", "good", True),
            (who.name, "text", True),
            (f" {who.mark}" if who.mark else "", "faint", False),
        ]
        known = [visitor.email if visitor.name else "", visitor.phone]
        facts = [safe_line(text, 80) for text in known if text]
        if visitor.orders:
            facts.append(counted("{count} order", "{count} orders", visitor.orders))
        facts.append(counted("{count} visit", "{count} visits", visitor.visits))
        second = [self._bar(ground), (f"  {' · '.join(facts)}", "soft", False)]
        when = ago(visitor.last_at, self.rows.now, self.rows.zone)
        return self._line(first, when, ground), self._line(second, "", ground)

    def _message(self, found: FoundText, ground: str) -> tuple[Strip, ...]:
        message, row = found.message, found.row
        who = called(row.visitor_name, row.visitor) if row else called(message.author.name, "")
        first = [
            self._bar(ground),
            ("  ", "text", False),
            (who.name, "text" if row is None or row.status == "open" else "soft", False),
            (f" {who.mark}" if who.mark else "", "faint", False),
        ]
        mark, colour = author_mark(message.author.kind, message.author.name)
        room = self.rows.width - 6
        colours: dict[Look, str] = {"plain": "note" if message.note else "soft", "marked": "accent"}
        words = [
            (text, colours[look], look == "marked")
            for text, look in marked_line(message.text, message.marks, room)
        ]
        second = [self._bar(ground), (f"{mark:>3} ", colour, False), *words]
        when = ago(message.at, self.rows.now, self.rows.zone)
        return self._line(first, when, ground), self._line(second, "", ground)

    def _bar(self, ground: str) -> tuple[str, str, bool]:
        return ("▌" if ground == "cursor" else " ", "accent", False)

    def _line(self, pieces: Iterable[tuple[str, str, bool]], right: str, ground: str) -> Strip:
        """Pieces (text, colour, bold) on the left, cut where there is no room; `right` in full."""
        style, room = self.rows.palette.style, self.rows.width - cell_len(right) - 2
        line: list[Segment] = []
        for text, colour, is_bold in pieces:
            shown = cut(text, room)
            room -= cell_len(shown)
            # Accent on the cursor's ground is too weak to be read there: what it marks stays bold.
            colour = "operator" if colour == "accent" and ground == "cursor" else colour
            line.append(Segment(shown, style(colour, ground, bold=is_bold)))
        line.append(Segment(pad("", room + 1), style("text", ground)))
        line.append(Segment(f"{right} ", style("faint", ground)))
        return Strip(line, self.rows.width)


Look: TypeAlias = Literal["plain", "marked"]


def marked_line(text: str, marks: Sequence[tuple[int, int]], width: int) -> list[tuple[str, Look]]:
    """A raw text as one cleaned line of at most `width` cells, in pieces of which some are marked.

    `marks` are (begin, end) in the raw text. Where the line is too short, it begins a little before the first mark.
    """
    pieces: list[tuple[str, Look]] = []
    done = 0
    for begin, end in sorted(marks):
        if not done <= begin < end <= len(text):
            continue
        pieces += [(_flat(text[done:begin]), "plain"), (_flat(text[begin:end]), "marked")]
        done = end
    pieces.append((_flat(text[done:]), "plain"))
    pieces = [piece for piece in pieces if piece[0]]
    if pieces and pieces[0][1] == "plain":
        pieces[0] = (_begun(pieces[0][0].lstrip(), pieces, width), "plain")
    return pieces


def _begun(first: str, pieces: Sequence[tuple[str, Look]], width: int) -> str:
    """What stands before the first mark, shortened from its front where the mark would not be seen."""
    rest = sum(cell_len(text) for text, _look in pieces[1:])
    room = max(width - rest, BEFORE_MARK)
    if len(pieces) == 1 or cell_len(first) <= room:
        return first
    short = first[-room:]
    while cell_len(short) > room - 1:
        short = short[1:]
    return f"…{short}"


def _flat(text: str) -> str:
    """Foreign text as part of a line."""
    return safe_text(" ".join(text.split("\n")), limit=2_000)


def counts(shown: int, *, more: bool) -> str:
    """How many were found, as a heading says it."""
    return f"{shown}+" if more else str(shown)


def nothing_found() -> str:
    """What a search without any result says."""
    return _("Nothing has these words: no dialog, no message, nobody.")
