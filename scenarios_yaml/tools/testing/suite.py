"""Whole test files: each read, its cases run in their languages, and what they walk of the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from scenarios_yaml.language.problems import Problem
from scenarios_yaml.tools.testing.case_files import Shelf, TestFile
from scenarios_yaml.tools.testing.coverage import Coverage, Walk, percent, ways_of
from scenarios_yaml.tools.testing.run_cases import CaseResult, run_cases


class FileResult(Struct, frozen=True):
    """What came of one test file. With `problems` nothing was run; `coverage` is there only where it was asked for."""

    path: Path
    scenario_path: Path
    slug: str
    results: tuple[CaseResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    coverage: Coverage | None = None

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.passed

    @property
    def ok(self) -> bool:
        return not self.problems and not self.failed


def run_files(paths: Sequence[Path], *, coverage: bool = False) -> Iterator[FileResult]:
    """Runs test files one by one."""
    shelf = Shelf()
    for path in paths:
        yield _run(shelf, shelf.open(path), coverage)


def _run(shelf: Shelf, file: TestFile, coverage: bool) -> FileResult:
    if file.scenario is None or file.problems:
        return FileResult(file.path, file.scenario_path, file.slug, (), file.problems)
    results = run_cases(shelf.runner(file, file.scenario), file.tests.cases)
    found = None
    if coverage:
        walk = Walk(file.scenario)
        for result in results:
            walk.add(result.locale, result.trace, result.did, result.triggers)
        ways = ways_of(file.scenario, _text(file.scenario_path))
        found = walk.of(ways, (result.locale for result in results))
    return FileResult(file.path, file.scenario_path, file.slug, tuple(results), (), found)


def uncovered(scenario_path: Path) -> Coverage | None:
    """The coverage of a scenario that has no test; None where its file cannot be read."""
    scenario = Shelf().scenario(scenario_path).scenario
    return None if scenario is None else Coverage(ways_of(scenario, _text(scenario_path)), {})


def total(coverages: Sequence[Coverage]) -> float:
    """The share of all ways that are walked, in percent."""
    return percent(sum(one.done for one in coverages), sum(len(one.ways) for one in coverages))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
