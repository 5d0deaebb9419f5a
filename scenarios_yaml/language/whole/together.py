"""What only many files together show: names that are nowhere, segments in a circle, scenarios that set each
other off, texts that a language lacks, goals that end nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.whole.files import CheckedFile
from scenarios_yaml.language.whole.goal import check_goal
from scenarios_yaml.language.whole.languages import check_languages
from scenarios_yaml.language.whole.loops import check_loops
from scenarios_yaml.language.whole.names import KnownNames, check_names, check_segments


def check_together(
    scenarios: Sequence[tuple[Scenario, str]],
    segments: Sequence[tuple[Segment, str]],
    *,
    coupons: Collection[str] | None,
    files: Collection[str] | None,
    locales: Collection[str] = (),
    texts: Mapping[str, str] | None = None,
    elsewhere: Collection[str] = (),
) -> list[Problem]:
    """Warnings over all these scenarios and segments (and errors: segments in a circle), by file and line.

    Each scenario and segment comes with its file's name. `coupons` are the pools and `files` the files to send
    that exist; None: not known, not checked. `locales` are languages that every text must have, beside those
    of its own file. `texts` are the files' texts, for exact columns. `elsewhere` names scenarios that exist, too,
    though they are not checked here.
    """
    written = texts or {}
    checked = [CheckedFile(scenario, file, written.get(file, "")) for scenario, file in scenarios]
    named = [CheckedFile(segment, file, written.get(file, "")) for segment, file in segments]
    known = KnownNames(checked, named, coupons, files, frozenset(elsewhere))
    return _in_order(_problems(checked, named, known, locales))


def _problems(
    scenarios: list[CheckedFile[Scenario]],
    segments: list[CheckedFile[Segment]],
    known: KnownNames,
    locales: Collection[str],
) -> Iterator[Problem]:
    yield from check_segments(segments, known)
    for one in scenarios:
        yield from check_names(one, known)
        yield from check_languages(one, locales)
        yield from check_goal(one)
    yield from check_loops(scenarios, segments)


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))
