"""A scenario's file as it lies on the server, with what is wrong with it and who stands where, as lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.scenarios.row_lines import BROKEN, COLOURS, MARKS, status_words, title_of
from operator_console.designer.scenarios.rows import ScenarioRow
from operator_console.designer.sparkline import sparkline
from operator_console.inbox.cells import wrap
from operator_console.inbox.line_parts import LABEL_CELLS, LineParts
from operator_console.inbox.times import clock, day
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette
from operator_console.translation import _, counted, figure
from server_stub.protocol import ScenarioFile, ScenarioProblem

NUMBER_CELLS = 5
MAX_LINES = 5_000
MAX_STEPS = 12
_KEY = re.compile(r"(\s*(?:- )*)([\w-]+:)(?=\s|$)(.*)")


@dataclass(frozen=True, slots=True)
class FilePainter:
    """Paints at one width. `names` gives operators' names by id; `now` is in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    names: Mapping[str, str]

    def paint(self, row: ScenarioRow, file: ScenarioFile) -> list[Strip]:
        """The whole of it."""
        parts = LineParts(self.palette, self.width, self.now, self.zone, ground="paper")
        lines = [parts.line(), parts.line([(f" {title_of(row)}", "text")], bold=True)]
        lines.append(self._status(row, parts))
        lines += [parts.line(), *self._facts(row, file, parts)]
        lines += self._standing(file, parts)
        if row.status.problems:
            lines += self._problems(row.status.problems, parts)
        return [*lines, *parts.heading(_("File")), *self._text(file, row.status.problems), parts.line()]

    def _status(self, row: ScenarioRow, parts: LineParts) -> Strip:
        status = row.status
        mark, colour = MARKS.get(status.status, "·"), COLOURS.get(status.status, "soft")
        pieces = [(f" {mark} {status_words(status.status)}", colour)]
        if status.problems:
            kept = _("the last good version stays live") if status.version else _("it is not live")
            pieces.append((f"  {BROKEN[0]} {_('the file has errors')}: {kept}", BROKEN[1]))
        return parts.line(pieces)

    def _facts(self, row: ScenarioRow, file: ScenarioFile, parts: LineParts) -> list[Strip]:
        lines = []
        for number, trigger in enumerate(row.triggers):
            lines += parts.pair("" if number else _("starts on"), safe_line(trigger, 400))
        if row.whom:
            lines += parts.pair(_("only for"), safe_line(row.whom, 400))
        lines += self._figures(row, parts)
        lines += parts.pair(_("file"), safe_line(file.file, 300))
        if file.published_at:
            when = f"{day(file.published_at, self.now, self.zone)} {clock(file.published_at, self.zone)}"
            who = safe_line(self.names.get(file.by, file.by), 80) if file.by else _("in the folder")
            lines += parts.pair(_("changed"), f"{when}, {who}" if who else when)
        if file.why:
            lines += parts.pair(_("why"), safe_line(file.why, 400))
        return lines

    def _figures(self, row: ScenarioRow, parts: LineParts) -> list[Strip]:
        """What came of it in the last days."""
        totals = row.status.totals
        if totals is None or not totals.days:
            return []
        room = max(self.width - LABEL_CELLS - 2, 4)
        words = counted("{count:,} entered", "{count:,} entered", totals.entered)
        if row.has_goal and totals.entered:
            share = figure(totals.goal / totals.entered * 100, 1)
            reached = counted("{count:,} came to the goal", "{count:,} came to the goal", totals.goal)
            words += f" · {reached} · {share} %"
        days = counted("{count} day", "{count} days", len(totals.days))
        lines = parts.pair(days, words)
        if totals.entered:
            bars = sparkline([day.entered for day in totals.days], min(room, len(totals.days)))
            lines += parts.pair("", bars, colour="accent")
        return lines

    def _standing(self, file: ScenarioFile, parts: LineParts) -> list[Strip]:
        """Who stands where now, the fullest step first."""
        if not file.standing:
            return []
        lines = parts.heading(_("On their way"))
        counts: dict[str, int] = {}
        for one in file.standing:
            counts[one.step] = counts.get(one.step, 0) + one.visitors
        fullest = sorted(counts, key=lambda step: (-counts[step], step))[:MAX_STEPS]
        for step in fullest:
            visitors = counted("{count:,} visitor", "{count:,} visitors", counts[step])
            lines.append(parts.spread(f" {safe_line(step, 100)}", visitors))
        return lines

    def _problems(self, problems: tuple[ScenarioProblem, ...], parts: LineParts) -> list[Strip]:
        lines = parts.heading(counted("{count} error", "{count} errors", len(problems)))
        room = max(self.width - 11, 8)
        for problem in problems:
            where = f" {problem.line}:{problem.column}"
            told = [(line, "text") for line in wrap(safe_text(from_language(problem.text), limit=600), room)]
            if problem.hint:
                told += [
                    (line, "soft") for line in wrap(safe_text(from_language(problem.hint), limit=400), room)
                ]
            for number, (line, colour) in enumerate(told):
                head = f"{'' if number else where:<10}"
                lines.append(parts.line([(head, "hot"), (line, colour)]))
        return lines

    # --- The text ---

    def _text(self, file: ScenarioFile, problems: tuple[ScenarioProblem, ...]) -> list[Strip]:
        wrong = {problem.line for problem in problems}
        text = safe_text(file.text.removeprefix("\ufeff"), limit=300_000, multiline=True)
        lines: list[Strip] = []
        for number, line in enumerate(text.split("\n")[:MAX_LINES], start=1):
            lines += self._numbered(number, line, is_wrong=number in wrong)
        return lines

    def _numbered(self, number: int, line: str, *, is_wrong: bool) -> list[Strip]:
        """A line with its number; where it is wider, it goes on below, moved in."""
        room = max(self.width - NUMBER_CELLS - 2, 8)
        indent = len(line) - len(line.lstrip())
        inset = min(indent + 2, room // 2)
        first = wrap(line, room)[0] if cell_len(line) > room else line
        rest = line[len(first) :].lstrip()
        shown = [first, *(" " * inset + more for more in (wrap(rest, room - inset) if rest else ()))]
        colour = "hot" if is_wrong else "faint"
        mark = f"{number:>{NUMBER_CELLS - 1}}{'▌' if is_wrong else ' '} "
        strips = []
        for place, words in enumerate(shown):
            head = Segment(mark if not place else " " * len(mark), self.palette.style(colour, "paper"))
            body = self._coloured(words) if not place else [self._piece(words, "text")]
            blank = self.palette.style("text", "paper")
            strips.append(Strip([head, *body]).adjust_cell_length(self.width, blank))
        return strips

    def _coloured(self, line: str) -> list[Segment]:
        """Keys and comments stand back; what a person wrote does not."""
        if line.lstrip().startswith("#"):
            return [self._piece(line, "faint")]
        found = _KEY.fullmatch(line)
        if found is None:
            return [self._piece(line, "text")]
        lead, key, value = found.groups()
        return [self._piece(lead, "faint"), self._piece(key, "accent"), self._piece(value, "text")]

    def _piece(self, text: str, colour: str) -> Segment:
        return Segment(text, self.palette.style(colour, "paper"))
