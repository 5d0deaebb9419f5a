"""What publishing a text would do: read it, compare it with what is live, and see who stands where.

Nothing is changed here; `scenario_folder.py` writes the file, and the desk makes it live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.publishing.diff import Change, segment_difference
from scenarios_yaml.tools.publishing.in_flight import Standing, plan
from server_stub.ids import base_of
from server_stub.protocol import (
    Publication,
    ScenarioDifference,
    ScenarioProblem,
    StepCount,
    VisitorsStanding,
)
from server_stub.work import Rejected


def problem_of(problem: Problem) -> ScenarioProblem:
    return ScenarioProblem(problem.line, problem.column, problem.message, problem.hint)


def read_scenario_text(slug: str, text: str) -> tuple[Scenario, tuple[ScenarioProblem, ...]]:
    """The scenario and its warnings. Raises Rejected (422) with every error of the text."""
    result = read_scenario(text, f"{slug}.yaml")
    if result.scenario is None:
        raise refused_text(slug, result.errors)
    return result.scenario, tuple(map(problem_of, result.warnings))


def read_segment_text(slug: str, text: str) -> tuple[Segment, tuple[ScenarioProblem, ...]]:
    """The segment and its warnings. Raises Rejected (422) with every error of the text."""
    result = read_segment(text, f"{slug}.yaml")
    if result.segment is None:
        raise refused_text(slug, result.errors)
    return result.segment, tuple(map(problem_of, result.warnings))


def rehearse_scenario(
    older: Scenario | None, text: str, slug: str, counts: Iterable[StepCount], choices: Mapping[str, str]
) -> Publication:
    """Raises Rejected: the text has errors, or a choice leads nowhere."""
    newer, warnings = read_scenario_text(slug, text)
    visitors: dict[str, int] = {}
    for count in counts:
        if older is not None and count.version == older.version:
            visitors[count.step] = visitors.get(count.step, 0) + count.visitors
    try:
        found = plan(older, newer, visitors, choices)
    except ValueError as error:
        raise Rejected("invalid", f"{error}.", status=422, field="moves") from error
    changes = [*_status_change(older, newer), *map(_wire_change, found.difference.changes)]
    return Publication(
        slug=slug,
        published=False,
        base=base_of(text),
        version=newer.version,
        differences=tuple(changes),
        standing=tuple(map(_wire_standing, found.standing)),
        problems=warnings,
    )


def rehearse_segment(older: Segment | None, text: str, slug: str) -> Publication:
    """Raises Rejected: the text has errors."""
    newer, warnings = read_segment_text(slug, text)
    changes = tuple(map(_wire_change, segment_difference(older, newer)))
    return Publication(slug, False, base_of(text), newer.version, changes, (), warnings)


def undecided(publication: Publication) -> Rejected | None:
    """Why this cannot be published yet: visitors stand at steps that are gone, and nobody has chosen for them."""
    names = [standing.name for standing in publication.standing if standing.fate == "undecided"]
    if not names:
        return None
    listed = ", ".join(names)
    return Rejected(
        "undecided",
        f"Visitors stand at steps that are gone: {listed}.",
        status=409,
        field="moves",
        hint="Say at which step they go on, or that their runs stop.",
    )


def refused_text(slug: str, errors: Iterable[Problem]) -> Rejected:
    """With every error of the text (422)."""
    problems = tuple(map(problem_of, errors))
    count = "one mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
    return Rejected(
        "invalid", f"The text of {slug} has {count}; nothing was published.", status=422, problems=problems
    )


def _status_change(older: Scenario | None, newer: Scenario) -> Iterable[ScenarioDifference]:
    """The status is a switch and no part of a version, but whoever publishes must see that he throws it."""
    before = older.status if older is not None else ""
    if before != newer.status:
        yield ScenarioDifference("changed", "the scenario", "status", before, newer.status)


def _wire_change(change: Change) -> ScenarioDifference:
    return ScenarioDifference(
        change.kind, change.where, change.what, change.before, change.after, change.line, change.step
    )


def _wire_standing(standing: Standing) -> VisitorsStanding:
    return VisitorsStanding(
        standing.step, standing.name, standing.visitors, standing.fate, standing.to, standing.to_name
    )
