"""Where tests, scenarios and segments lie on the disk, and what is wrong with those that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import ReadResult, read_scenario_file
from scenarios_yaml.language.segment_reader import SegmentResult, read_segment_file
from scenarios_yaml.tools.testing.case_reader import TestsResult, read_tests_file
from scenarios_yaml.tools.testing.run_cases import CaseRunner

TEST = ".test.yaml"
SCENARIO = ".yaml"
SEGMENTS = "segments"
LEVELS_UP = 5
"""How far above a scenario its segments are looked for."""


class TestFile(Struct, frozen=True):
    """A test file with the scenario beside it. `problems` are errors: where there is one, nothing can be run."""

    __test__ = False  # pytest looks at names that begin like this one's

    path: Path
    scenario_path: Path
    scenario: Scenario | None
    tests: TestsResult
    problems: tuple[Problem, ...] = ()

    @property
    def slug(self) -> str:
        return self.scenario.slug if self.scenario else self.path.name.removesuffix(TEST)


def find_tests(path: Path) -> list[Path]:
    """The test files of a path: below a folder all of them, of a scenario its own, sorted. None where there are
    none."""
    if path.is_dir():
        return sorted(path.rglob(f"*{TEST}"))
    if path.name.endswith(TEST):
        return [path]
    beside = path.with_name(path.name.removesuffix(SCENARIO) + TEST)
    return [beside] if beside.exists() else []


def untested(path: Path) -> list[Path]:
    """The scenarios below a folder that have no test beside them."""
    if not path.is_dir():
        return []
    scenarios = (file for file in sorted(path.rglob(f"*{SCENARIO}")) if not file.name.endswith(TEST))
    return [file for file in scenarios if file.parent.name != SEGMENTS and not find_tests(file)]


class Shelf:
    """Reads each file once, however many tests ask for it."""

    def __init__(self) -> None:
        self._scenarios: dict[Path, ReadResult] = {}
        self._segments: dict[Path, tuple[SegmentResult, ...]] = {}

    def open(self, path: Path) -> TestFile:
        """A test file, and the scenario that it is about."""
        scenario_path = path.with_name(path.name.removesuffix(TEST) + SCENARIO)
        tests = read_tests_file(path)
        read = self.scenario(scenario_path)
        segments = self._segments_of(path.parent)
        problems = (
            *read.errors,
            *tests.errors,
            *(problem for result in segments for problem in result.errors),
        )
        return TestFile(path, scenario_path, read.scenario, tests, problems)

    def runner(self, file: TestFile, scenario: Scenario) -> CaseRunner:
        """Runs the file's cases: with the segments of the nearest folder, and the scenarios that its cases name."""
        named = {slug for case in file.tests.cases for slug in case.beside}
        others = [other for slug in sorted(named) for other in self._named(file.path.parent, slug)]
        return CaseRunner(scenario, self.segments(file.path.parent), others)

    def scenario(self, path: Path) -> ReadResult:
        if path not in self._scenarios:
            self._scenarios[path] = read_scenario_file(path)
        return self._scenarios[path]

    def segments(self, folder: Path) -> Sequence[Segment]:
        """The segments of the nearest folder of that name, upwards from here."""
        return [result.segment for result in self._segments_of(folder) if result.segment is not None]

    def _segments_of(self, folder: Path) -> tuple[SegmentResult, ...]:
        place = next(
            (above / SEGMENTS for above in _upwards(folder) if (above / SEGMENTS).is_dir()), folder / SEGMENTS
        )
        if place not in self._segments:
            self._segments[place] = tuple(
                read_segment_file(file) for file in sorted(place.glob(f"*{SCENARIO}"))
            )
        return self._segments[place]

    def _named(self, folder: Path, slug: str) -> Iterator[Scenario]:
        """The scenario of that name beside the test, or in a folder beside its folder."""
        names = dict.fromkeys((slug, slug.replace("-", "_"), slug.replace("_", "-")))
        for name in names:
            beside = folder / f"{name}{SCENARIO}"
            for file in (
                [beside] if beside.exists() else sorted(folder.resolve().parent.glob(f"*/{name}{SCENARIO}"))
            ):
                read = self.scenario(file)
                if read.scenario is not None and read.scenario.slug == slug:
                    yield read.scenario
                    return


def _upwards(folder: Path) -> list[Path]:
    here = folder.resolve()
    return [here, *here.parents[:LEVELS_UP]]
