"""Which tests of a scenario pass with a draft of it: run case by case, off the loop, as they stand beside it.

`run_tests` is pure; `check_at_desk` reads from the desk what it needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from operator_console.designer.play.of_desk import segments_of
from operator_console.errors import Refused
from operator_console.inbox.desk import Desk
from operator_console.translation import _
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.cases import Case
from scenarios_yaml.tools.testing.run_cases import CaseResult, CaseRunner


class TestOutcome(Struct, frozen=True, kw_only=True):
    """What came of one case in one language. `line` is that of the test file where it failed, else where it begins;
    `wanted` says what was expected, `instead` what was seen. All raw."""

    __test__ = False  # pytest looks at names that begin like this one's

    name: str
    locale: str = ""
    line: int = 0
    passed: bool = True
    wanted: str = ""
    instead: str = ""


class Checked(Struct, frozen=True, kw_only=True):
    """How far it is: `outcomes` are those known so far of `total`."""

    outcomes: tuple[TestOutcome, ...] = ()
    total: int = 0

    @property
    def failed(self) -> tuple[TestOutcome, ...]:
        return tuple(one for one in self.outcomes if not one.passed)

    @property
    def is_over(self) -> bool:
        return len(self.outcomes) >= self.total


class Checks:
    """The cases of a test file, to be run with a draft. What cannot be read is the one outcome that fails."""

    def __init__(
        self, text: str, tests: str, segments: Iterable[Segment] = (), others: Iterable[Scenario] = ()
    ) -> None:
        read, cases = read_scenario(text), read_tests(tests) if tests.strip() else None
        self._runs: Sequence[tuple[Case, str]] = ()
        self._runner: CaseRunner | None = None
        self._unreadable: TestOutcome | None = None
        if cases is None:
            return
        if read.scenario is None:
            self._unreadable = _unreadable(_("The scenario cannot be read"), read.errors)
        elif cases.errors:
            self._unreadable = _unreadable(_("The tests cannot be read"), cases.errors)
        else:
            self._runner = CaseRunner(read.scenario, segments, others)
            self._runs = [(case, locale) for case in cases.cases for locale in case.locales]

    @property
    def total(self) -> int:
        """How many outcomes there will be: each case has one in each of its languages."""
        return len(self._runs) if self._unreadable is None else 1

    def outcomes(self) -> Iterator[TestOutcome]:
        """Runs them, one after the other."""
        if self._unreadable is not None:
            yield self._unreadable
        for case, locale in self._runs:
            assert self._runner is not None  # noqa: S101  there is one wherever there is anything to run
            yield _outcome(self._runner.run_in(case, locale))


def run_tests(
    text: str,
    tests: str,
    segments: Iterable[Segment] = (),
    others: Iterable[Scenario] = (),
    on_outcome: Callable[[TestOutcome], None] | None = None,
) -> tuple[TestOutcome, ...]:
    """Runs the cases of `tests` with a scenario's text; `on_outcome` hears of each as soon as it is known. `others` are
    scenarios that cases name under `with`."""
    found = []
    for outcome in Checks(text, tests, segments, others).outcomes():
        found.append(outcome)
        if on_outcome is not None:
            on_outcome(outcome)
    return tuple(found)


async def check_at_desk(desk: Desk, slug: str, text: str) -> AsyncIterator[Checked]:
    """The tests that stand beside a scenario at the desk, run in a thread with a draft of it: what is known, after each
    of them. A scenario that is not at the desk has none. Raises a `DeskError` where the desk cannot be asked."""
    try:
        tests = (await desk.scenario_tests(slug)).text
    except Refused as error:
        if error.status != 404:
            raise
        tests = ""
    if not tests.strip():
        yield Checked()
        return
    others = await _named(desk, tests)
    segments = await segments_of(desk)
    checks = await asyncio.to_thread(Checks, text, tests, segments, others)
    known = Checked(total=checks.total)
    yield known
    outcomes = checks.outcomes()
    while (outcome := await asyncio.to_thread(next, outcomes, None)) is not None:
        known = Checked(outcomes=(*known.outcomes, outcome), total=checks.total)
        yield known


async def _named(desk: Desk, tests: str) -> tuple[Scenario, ...]:
    """The scenarios that cases name beside the tested one; of one that is not there, the case itself tells."""
    others = []
    for slug in sorted({slug for case in read_tests(tests).cases for slug in case.beside}):
        try:
            file = await desk.scenario_file(slug)
        except Refused as error:
            if error.status != 404:
                raise
            continue
        if (scenario := read_scenario(file.text).scenario) is not None:
            others.append(scenario)
    return tuple(others)


def _outcome(result: CaseResult) -> TestOutcome:
    failure = result.failure
    return TestOutcome(
        name=result.case.name,
        locale=result.locale if len(result.case.locales) > 1 else "",
        line=failure.line if failure is not None else result.case.line,
        passed=failure is None,
        wanted=failure.message if failure is not None else "",
        instead=failure.instead if failure is not None else "",
    )


def _unreadable(name: str, errors: Sequence[Problem]) -> TestOutcome:
    first = errors[0]
    return TestOutcome(name=name, line=first.line, passed=False, wanted=first.message, instead=first.hint)
