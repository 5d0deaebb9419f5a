"""Whom a draft would reach, as lines of cells: how many fit now, the last thirty days day by day, and who would be kept
out by what. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.launch.reach import DAYS, Reach
from operator_console.designer.library.row_lines import CHANNEL_WORDS, MARKS
from operator_console.designer.outline.conditions import describe
from operator_console.designer.outline.names import event_words
from operator_console.designer.sparkline import sparkline
from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.line_parts import LineParts
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted, figure, marked, said
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from server_stub.protocol import PastRefusal, PastReport, ReachNow

MOST_REASONS = 5
BAR_CELLS = 40
KINDS = {
    "trigger": marked("the trigger's condition did not hold: {words}"),
    "audience": marked("not so: {words}"),
    "exit": marked("already so: {words}"),
    "holdout": marked("kept out to compare with"),
}
AGAIN = {
    "a run is on its way": marked("is in the middle of it already"),
    "the last run ended too short a time ago": marked("went through it a short time ago"),
}
LABEL_CELLS = 13


@dataclass(frozen=True, slots=True)
class ReachPainter:
    """Paints at one width."""

    palette: Palette
    width: int
    ground: str = field(default="paper", kw_only=True)

    def paint(self, reach: Reach) -> list[Strip]:
        """All that is known by now."""
        lines = LineParts(self.palette, self.width, 0, None, ground=self.ground, label_cells=LABEL_CELLS)
        painted = lines.heading(_("Whom would this reach"))
        if reach.state == "failed":
            said_so = _("It cannot be told: {reason}").format(reason=safe_line(reach.trouble, 300))
            return [*painted, *(lines.line([(f" {one}", "warm")]) for one in wrap(said_so, self.width - 2))]
        if reach.now is None:
            words = _("Is being counted…") if reach.state == "asking" else ""
            painted += [lines.line([(f" {words}", "soft")]), *self._bar(reach, lines)]
            return painted
        colour = "faint" if reach.is_old else "text"
        painted += self._now(reach.now, lines, colour)
        if reach.past is not None:
            painted += self._past(reach.past, lines, colour)
        if reach.state == "asking":
            painted += self._bar(reach, lines)
        if not reach.is_old:
            painted += self._kept_out(reach, lines)
        return painted

    # --- Now, and the last thirty days ---

    def _now(self, now: ReachNow, lines: LineParts, colour: str) -> Iterator[Strip]:
        if not now.visitors:
            yield from lines.pair(_("now"), _("The desk knows no visitor yet."), colour="soft")
            return
        words = _("{fits} of {visitors} known visitors fit").format(
            fits=figure(now.fits), visitors=figure(now.visitors)
        )
        yield from lines.pair(_("now"), words, colour=colour)
        share = now.fits / now.visitors
        cells = self._bar_cells()
        filled = max(round(share * cells), 1) if now.fits else 0
        yield self._meter(filled, cells, f" {figure(share * 100, 0 if share >= 0.1 or not share else 1)} %")

    def _past(self, past: PastReport, lines: LineParts, colour: str) -> Iterator[Strip]:
        label = counted("{count} day", "{count} days", DAYS)
        if not past.considered:
            nobody = _("Nothing that starts it has happened.")
            yield from lines.pair(label, nobody, colour="soft")
            return
        people = counted("{count:,} visitor", "{count:,} visitors", past.entered)
        words = _("{people} would have entered").format(people=people)
        yield from lines.pair(label, words, colour=colour)
        if past.messages:
            sent = "  ".join(
                f"{MARKS.get(name, '·')} {figure(count)} {_channel(name)}"
                for name, count in past.messages.items()
            )
            yield from lines.pair(_("sent"), sent, colour=colour)
            spark = sparkline(tuple(past.days.values()), self._bar_cells())
            pieces = [(" " * (LABEL_CELLS + 1), "text"), (spark, "accent" if colour == "text" else "faint")]
            yield lines.line([*pieces, (f"  {_('per day')}", "faint")])
        if past.goal and past.runs:
            reached = _("{goals} of {runs}: {goal}").format(
                goals=figure(past.goals), runs=figure(past.runs), goal=event_words(past.goal)
            )
            yield from lines.pair(_("goal"), reached, colour=colour)

    # --- Who is kept out ---

    def _kept_out(self, reach: Reach, lines: LineParts) -> Iterator[Strip]:
        reasons: list[tuple[str, int]] = []
        if reach.past is not None and reach.past.refusals:
            title = _("Who would not have entered")
            reasons = [(_past_reason(one), one.visitors) for one in reach.past.refusals]
        elif reach.now is not None and reach.now.refused:
            title = _("Who does not fit now")
            reasons = [(_reason(one.kind, one.text), one.visitors) for one in reach.now.refused]
        if not reasons:
            return
        yield from lines.heading(title)
        for words, visitors in reasons[:MOST_REASONS]:
            yield self._spread(words, figure(visitors), lines)
        if (more := len(reasons) - MOST_REASONS) > 0:
            yield lines.line([(f" {counted('and {count} more', 'and {count} more', more)}", "faint")])

    def _spread(self, words: str, amount: str, lines: LineParts) -> Strip:
        room = max(self.width - cell_len(amount) - 4, 4)
        short = cut(words, room)
        gap = " " * max(room - cell_len(short) + 1, 1)
        return lines.line([(f" {short}", "soft"), (gap, "text"), (f"{amount} ", "text")])

    # --- Bars ---

    def _bar(self, reach: Reach, lines: LineParts) -> Iterator[Strip]:
        """How far the desk has come."""
        if reach.state != "asking":
            return
        cells = self._bar_cells()
        words = _("known visitors") if reach.part == "now" else counted("{count} day", "{count} days", DAYS)
        yield lines.line()
        label = f" {words} ".ljust(LABEL_CELLS + 1)
        filled = round(reach.share * cells)
        pieces = [(label, "faint"), ("━" * filled, "accent"), ("─" * (cells - filled), "line")]
        yield lines.line([*pieces, (f" {figure(reach.done)}", "faint")])

    def _bar_cells(self) -> int:
        return max(min(self.width - LABEL_CELLS - 10, BAR_CELLS), 4)

    def _meter(self, filled: int, cells: int, words: str) -> Strip:
        style = self.palette.style
        pieces = [
            Segment(" " * (LABEL_CELLS + 1), style("text", self.ground)),
            Segment("█" * filled, style("good", self.ground)),
            Segment("░" * (cells - filled), style("line", self.ground)),
            Segment(words, style("soft", self.ground)),
        ]
        return Strip(pieces).adjust_cell_length(self.width, style("text", self.ground))


def in_short(reach: Reach) -> str:
    """What is known of it, in a line; empty where nothing is."""
    if reach.now is None or reach.is_old:
        return ""
    parts = []
    if reach.past is not None and reach.past.considered:
        people = counted("{count:,} visitor", "{count:,} visitors", reach.past.entered)
        parts.append(_("{people} in the last {days} days").format(people=people, days=DAYS))
    if reach.now.visitors:
        parts.append(_("{fits} fit now").format(fits=figure(reach.now.fits)))
    return " · ".join(parts)


def _channel(name: str) -> str:
    return said("library", CHANNEL_WORDS[name]) if name in CHANNEL_WORDS else safe_line(name, 20)


def _past_reason(one: PastRefusal) -> str:
    if one.kind == "re-entry":
        return _(AGAIN[one.text]) if one.text in AGAIN else safe_line(one.text, 120)
    return _reason(one.kind, one.text)


def _reason(kind: str, text: str) -> str:
    return _(KINDS[kind]).format(words=_condition(text)) if kind in KINDS else safe_line(text, 120)


def _condition(text: str) -> str:
    try:
        return describe(parse_condition(text))
    except ConditionError:
        return safe_line(text, 120)
