"""Why a scenario reached a visitor, or kept still, as lines of cells: the newest time first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import Run, wrap_runs
from operator_console.inbox.scenario_words import run_words
from operator_console.inbox.times import day, moment
from operator_console.safe_text import safe_line
from operator_console.server_words import from_server
from operator_console.themes import Palette
from operator_console.translation import _, counted, marked, said
from server_stub.protocol import RunProgress, WhyConsidered, WhyLast, WhyReport, WhySeen, WhyStep

STEPS = 200
"""Steps of one run that are told."""
WIDEST = 110
KINDS = {
    "trigger": marked("the trigger asks"),
    "audience": marked("the audience asks"),
    "exit": marked("an exit holds already"),
    "re-entry": marked("re-entry"),
    "holdout": marked("held out, to be compared with the others"),
    "limit": marked("a limit"),
}
"""What kept him out, before the condition."""


@dataclass(frozen=True, slots=True)
class WhyPainter:
    """Paints at one width. `now` in ms; `title` is the scenario's, raw."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    title: str = ""

    def paint(self, report: WhyReport) -> list[Strip]:
        """The whole answer."""
        entered = sum(one.outcome == "entered" for one in report.considered)
        times = len(report.considered)
        if report.more:
            count = counted("considered {count}+ time", "considered {count}+ times", times)
        else:
            count = counted("considered {count} time", "considered {count} times", times)
        slug, title = safe_line(report.scenario, 120), safe_line(self.title, 120)
        figures = f"{count} · " + _("let in {let_in} · kept out {kept_out}").format(
            let_in=entered, kept_out=times - entered
        )
        lines = [
            *self._runs(0, [(title or slug, "text!"), (f"  {slug}" if title else "", "faint")]),
            *self._runs(0, [(figures, "soft")]),
        ]
        if not times:
            lines += [
                self._blank(),
                *self._runs(0, [(_("It was never considered for this visitor."), "warm")]),
            ]
        last_day = ""
        for one in reversed(report.considered):
            date = day(one.at, self.now, self.zone)
            if date != last_day:
                lines += [self._blank(), *self._day(date)]
                last_day = date
            lines += self._considered(one)
        if report.more:
            lines += [self._blank(), *self._runs(0, [(_("Older times are left out."), "soft")])]
        if report.unknown:
            lines += [self._blank(), *self._day(_("What is not known"))]
            for sentence in report.unknown:
                lines += self._runs(2, [("• ", "faint"), (safe_line(from_server(sentence), 400), "soft")])
        return [self._blank(), *lines, self._blank()]

    def _considered(self, one: WhyConsidered) -> Iterable[Strip]:
        is_in = one.outcome == "entered"
        verdict: list[Run] = (
            [("✓ ", "good"), (_("let in"), "good!")] if is_in else [("✗ ", "hot"), (_("kept out"), "hot!")]
        )
        event = safe_line(one.event, 80)
        yield self._blank()
        yield from self._runs(
            2,
            [
                (f"{self._time(one.at)}  ", "faint"),
                *verdict,
                (f" {said('upon an event', 'on')} " if event else "", "soft"),
                (event, "text!"),
            ],
        )
        for seen in one.conditions:
            yield from self._seen(seen, "" if is_in else one.kind, is_in)
        for step in one.steps[:STEPS]:
            yield from self._step(step)
        if len(one.steps) > STEPS:
            more = counted("… and {count} more step", "… and {count} more steps", len(one.steps) - STEPS)
            yield from self._runs(12, [(more, "faint")])

    def _seen(self, seen: WhySeen, kind: str, holds: bool) -> list[Strip]:
        condition, saw = safe_line(from_server(seen.condition), 300), safe_line(from_server(seen.saw), 160)
        words = _(KINDS.get(kind, ""))
        joint = ": " if words and condition else ""
        return self._runs(
            12,
            [
                (_line(seen.line), "faint"),
                (words + joint, "soft"),
                (condition, "text"),
                (f"   {_('saw')} " if saw else "", "faint"),
                (saw, "soft" if holds else "warm"),
            ],
        )

    def _step(self, step: WhyStep) -> list[Strip]:
        phase = "ended" if step.phase == "ended" else "goal" if step.phase == "goal" else "step"
        words = run_words(RunProgress("", "", "", phase, result=step.result))  # type: ignore[arg-type]
        name = safe_line(step.step, 60)
        colour = {"ended": "text!", "goal": "good!"}.get(phase, "text")
        return self._runs(
            12,
            [
                (f"{self._time(step.at)}  ", "faint"),
                (_line(step.line), "faint"),
                (f"{name}  " if name else "", "bot"),
                (words, colour),
            ],
        )

    # --- Lines ---

    def _time(self, at: int) -> str:
        return f"{moment(at, self.zone):%H:%M:%S}"

    def _day(self, title: str) -> list[Strip]:
        rule = "─" * max(min(self.width, WIDEST) - cell_len(title) - 3, 0)
        return self._runs(0, [(f"{title} ", "accent!"), (rule, "line")])

    def _blank(self) -> Strip:
        return Strip.blank(self.width, self.palette.style("text", "paper"))

    def _runs(self, indent: int, runs: Sequence[Run]) -> list[Strip]:
        """A line, and what does not fit in it below, moved in. Looks are colours; `!` is bold."""
        if self.width < 60:
            indent = min(indent, 4)
        room = max(min(self.width, WIDEST) - indent - 2, 8)
        lines = []
        for number, line in enumerate(wrap_runs(runs, room)):
            before = " " * (indent + 1 + (2 if number and indent else 0))
            segments = [Segment(before, self.palette.style("text", "paper"))]
            segments += [
                Segment(text, self.palette.style(look.removesuffix("!"), "paper", bold=look.endswith("!")))
                for text, look in line
            ]
            lines.append(Strip(segments).adjust_cell_length(self.width, self.palette.style("text", "paper")))
        return lines


def _line(number: int) -> str:
    return _("line {number} ").format(number=f"{number:<4}") if number else ""


def last_words(one: WhyLast) -> str:
    """The last outcome in words: how his run ended, or what kept him out."""
    if one.outcome == "entered":
        ended = RunProgress("", one.scenario, "", "ended", result=one.ended)
        return run_words(ended) if one.ended else _("on its way")
    words = "" if one.kind in ("trigger", "audience") else _(KINDS.get(one.kind, ""))
    condition = safe_line(from_server(one.condition), 160)
    saw = _(", saw {value}").format(value=safe_line(from_server(one.saw), 60)) if one.saw else ""
    return f"{words}{': ' if words and condition else ''}{condition}{saw}"
