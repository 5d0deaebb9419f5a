"""A version, and how it differs from another one, as lines of cells; or its whole file. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.scenarios.row_lines import status_words
from operator_console.designer.versions.comparing import Comparison, DifferingLine
from operator_console.designer.versions.row_lines import when_of, who_of
from operator_console.designer.versions.rows import VersionRow
from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.line_parts import LineParts
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.translation import _, counted
from scenarios_yaml.tools.publishing.diff import Change

SIGNS = {"added": ("+", "good"), "removed": ("−", "hot"), "changed": ("~", "warm"), "moved": ("↕", "accent")}
_LINE_SIGNS = {" ": (" ", "soft"), "+": ("+", "good"), "-": ("−", "hot"), "…": ("⋯", "faint")}
NUMBER_CELLS = 5
MOST_LINES = 3_000
MOST_CHANGES = 300
LONGEST = 400
_KEY = re.compile(r"(\s*(?:- )*)([\w-]+:)(?=\s|$)(.*)")


@dataclass(frozen=True, slots=True)
class ComparisonPainter:
    """Paints at one width. `now` is in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None

    def paint(self, row: VersionRow, other: VersionRow | None, compared: Comparison) -> list[Strip]:
        """What makes this version of the other one; of the first one, all of it."""
        parts = self._parts()
        lines = [*self._head(row, parts)]
        if other is None:
            lines += parts.pair(_("against"), _("nothing: it is the first version"))
        else:
            against = f"{when_of(other, self.now, self.zone)} · {who_of(other)}"
            lines += parts.pair(_("against"), against, colour="accent" if other.is_marked else "text")
        lines += self._meaning(compared, parts)
        lines += parts.heading(_("In the file"))
        if not compared.lines:
            lines.append(parts.line([(f" {_('No line differs.')}", "soft")]))
        lines += [self._line(line, parts) for line in compared.lines[:MOST_LINES]]
        return [*lines, parts.line()]

    def whole(self, row: VersionRow, text: str) -> list[Strip]:
        """The whole file of a version."""
        parts = self._parts()
        lines = [*self._head(row, parts), *parts.heading(_("File"))]
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines()[:MOST_LINES], start=1):
            lines.append(self._line(DifferingLine(" ", number, line), parts, is_read=True))
        return [*lines, parts.line()]

    def removed(self, row: VersionRow) -> list[Strip]:
        """A file that was taken away."""
        parts = self._parts()
        gone = parts.line([(f" {_('The file was taken away then: there is no text.')}", "soft")])
        return [*self._head(row, parts), parts.line(), gone]

    def _parts(self) -> LineParts:
        return LineParts(self.palette, self.width, self.now, self.zone, ground="paper")

    def _head(self, row: VersionRow, parts: LineParts) -> list[Strip]:
        title = f" {when_of(row, self.now, self.zone)} · {who_of(row)}"
        lines = [parts.line(), parts.line([(title, "text")], bold=True)]
        status = status_words(row.version.status)
        said = f"{status}, {_('it is now')}" if row.is_now else status
        lines += parts.pair(_("status"), said)
        if row.version.why:
            lines += parts.pair(_("why"), safe_line(row.version.why, LONGEST))
        return lines

    def _meaning(self, compared: Comparison, parts: LineParts) -> list[Strip]:
        if compared.changes is None:
            said = _("One of the two has errors: what it means cannot be compared.")
            return [*parts.heading(_("In meaning")), *self._sentence(said, parts)]
        count = counted("{count} change", "{count} changes", len(compared.changes))
        lines = parts.heading(_("In meaning"), count if compared.changes else "")
        if not compared.changes:
            said = _("Nothing: only comments, layout or order differ.")
            return [*lines, *self._sentence(said, parts)]
        for change in compared.changes[:MOST_CHANGES]:
            lines += self._change(change, parts)
        return lines

    def _sentence(self, text: str, parts: LineParts) -> list[Strip]:
        return [parts.line([(f" {line}", "soft")]) for line in wrap(text, max(self.width - 3, 8))]

    def _change(self, change: Change, parts: LineParts) -> list[Strip]:
        sign, colour = SIGNS[change.kind]
        where = safe_line(change.where, 160)
        head = f"{where} · {safe_line(change.what, 60)}" if change.kind == "changed" else where
        room = max(self.width - 5, 8)
        lines = []
        for number, words in enumerate(wrap(head, room)):
            lines.append(parts.line([(f" {sign if not number else ' '} ", colour), (words, "text")]))
        said: list[tuple[str, str, str]] = []
        if change.kind == "changed":
            said = [("− ", change.before, "hot"), ("+ ", change.after, "good")]
        elif change.kind == "moved" and change.before != change.after:
            said = [(f"{_('from')} ", change.before, "soft")]
        elif change.kind in ("added", "removed") and _said(change) not in where:
            said = [("", _said(change), "soft")]
        for lead, text, look in said:
            if text:
                lines += self._said(lead, text, look, parts)
        return lines

    def _said(self, lead: str, text: str, colour: str, parts: LineParts) -> list[Strip]:
        """A value, which may take a few lines, behind its sign."""
        room = max(self.width - 6 - cell_len(lead), 8)
        wrapped = wrap(safe_text(text, limit=LONGEST, multiline=True), room)[:6]
        return [
            parts.line(
                [("     ", "text"), (lead if not number else " " * cell_len(lead), colour), (words, colour)]
            )
            for number, words in enumerate(wrapped)
        ]

    def _line(self, line: DifferingLine, parts: LineParts, *, is_read: bool = False) -> Strip:
        """A line of the file; one that is read has its keys in their colour."""
        sign, look = _LINE_SIGNS[line.sign]
        number = str(line.number) if line.number else ""
        room = max(self.width - NUMBER_CELLS - 4, 4)
        indent = len(line.text) - len(line.text.lstrip(" "))
        text = cut(" " * indent + safe_line(line.text, 2_000).lstrip(" "), room)
        pieces = _coloured(text) if is_read else [(text, look)]
        segments = [
            Segment(f"{number:>{NUMBER_CELLS}} ", self.palette.style("faint", "paper")),
            Segment(f"{sign} ", self.palette.style(look, "paper", bold=True)),
            *(Segment(piece, self.palette.style(colour, "paper")) for piece, colour in pieces),
        ]
        return Strip(segments).adjust_cell_length(self.width, parts.style("text"))


def _coloured(line: str) -> list[tuple[str, str]]:
    if line.lstrip().startswith("#"):
        return [(line, "note")]
    found = _KEY.fullmatch(line)
    if found is None:
        return [(line, "text")]
    lead, key, behind = found.groups()
    return [(lead, "faint"), (key, "accent"), (behind, "text")]


def _said(change: Change) -> str:
    """What was added or taken away, where its name does not say it."""
    return safe_line(change.after or change.before, LONGEST)
