"""The past's answers as wire types: why a scenario reached a visitor, or did not."""

from __future__ import annotations

from scenarios_yaml.tools.past.log import VisitorLog
from scenarios_yaml.tools.past.surroundings import Surroundings
from scenarios_yaml.tools.past.why import Considered, Why, why
from server_stub.history.around import SETTINGS
from server_stub.history.journal import JournalPast
from server_stub.protocol import WhyConsidered, WhyReport, WhySeen, WhyStep

NEVER = "The journal knows no scenario {}: it was never published here."
ERASED = "{} entries of this visitor have been erased: what he did then is not known any more."
EARLIER = "The journal begins only later than this visitor does: what was before is not known any more."
NOTHING = "The journal knows nothing that this visitor did."


class NoVisitorError(Exception):
    """Nobody has that id, email or user id."""


def why_report(past: JournalPast, scenario: str, name: str, until: int, limit: int) -> WhyReport:
    """Why the scenario reached the visitor (by id, email or user id), or did not, until the moment `until` (ms).

    Raises NoVisitorError, and StoreError.
    """
    found = past.find(name)
    if not found:
        raise NoVisitorError(f"There is no visitor {name[:80]!r}.")
    visitor = found[0]
    around = past.around()
    log = past.log(visitor, scenario)
    surroundings = Surroundings(around)
    answer = why(log, surroundings, scenario, until)
    published = any(one.slug == scenario and one.kind == "scenario" for one in around.publications)
    unknown = list(_unknown(past, log, answer, surroundings))
    if not published:
        unknown.insert(0, NEVER.format(scenario))
    considered = answer.considered[-limit:] if limit else answer.considered
    lines = {version: text.splitlines() for version, text in answer.texts.items()}
    return WhyReport(
        visitor,
        scenario,
        tuple(_considered(one, lines) for one in considered),
        more=len(considered) < len(answer.considered),
        called=past.called(visitor),
        unknown=tuple(unknown),
    )


def _unknown(past: JournalPast, log: VisitorLog, answer: Why, surroundings: Surroundings) -> list[str]:
    sentences = []
    if not log.items:
        sentences.append(NOTHING)
    if log.erased:
        sentences.append(ERASED.format(log.erased))
    if past.begins_late:
        sentences.append(EARLIER)
    if answer.differs:
        sentences.append(answer.differs)
    return [*sentences, *(one for one in surroundings.unknown if one != SETTINGS or answer.considered)]


def _considered(one: Considered, lines: dict[str, list[str]]) -> WhyConsidered:
    return WhyConsidered(
        one.at,
        one.event,
        one.version,
        one.outcome,
        one.kind,
        one.run,
        tuple(WhySeen(seen.condition, seen.line, seen.saw) for seen in one.conditions),
        tuple(
            WhyStep(
                step.at,
                step.phase,
                step.result,
                step.step,
                step.line,
                _text(lines.get(step.version, []), step.line),
            )
            for step in one.steps
        ),
    )


def _text(lines: list[str], line: int) -> str:
    return lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
