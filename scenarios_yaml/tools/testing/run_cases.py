"""Runs the cases of one scenario: each in its languages, on a virtual clock, by the engine that runs everywhere.

The scenario runs as if it were live, whatever its status. A case fails at its first expectation that does not come
true, at a thing that cannot be done (an answer that is not offered), and at a text that cannot be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.engine import Outcome, refresh
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import Run, VisitorState, World
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.tools.rehearsal import Did
from scenarios_yaml.tools.stage import SITE, CannotError, Script, Stage, splits_of, visitor_named
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Case, TimelineItem
from scenarios_yaml.tools.testing.coverage import trigger_of
from scenarios_yaml.tools.testing.expecting import Unmet, Window, in_language
from scenarios_yaml.tools.testing.performing import perform
from scenarios_yaml.tools.testing.seen import seen_in
from scenarios_yaml.tools.testing.watched import Hole, watched


class Failure(Struct, frozen=True):
    """Why a case failed: the line of the test file, what was wanted, and what was seen instead ("" where that says
    nothing)."""

    line: int
    message: str
    instead: str = ""


class CaseResult(Struct, frozen=True):
    """What came of a case in one language. `trace` and `did` are the whole run's, in their order."""

    case: Case
    locale: str
    failure: Failure | None
    trace: tuple[TraceLine, ...]
    did: tuple[Did, ...]
    triggers: tuple[int, ...] = ()
    """The numbers of the scenario's triggers that let him in."""

    @property
    def passed(self) -> bool:
        return self.failure is None


class CaseRunner:
    """Runs cases of one scenario. `others` are those that a case may name under `with`."""

    def __init__(
        self, scenario: Scenario, segments: Iterable[Segment] = (), others: Iterable[Scenario] = ()
    ) -> None:
        self.holes: list[Hole] = []
        """The texts that could not be filled in since the last stage was made."""
        self.scenario = replace(watched(scenario, self.holes), status="live")
        self._segments = tuple(segments)
        self._others = {other.slug: replace(other, status="live") for other in others}
        self._catalogs: dict[tuple[str, ...], Catalog] = {}

    def run(self, case: Case) -> list[CaseResult]:
        """The case in each of its languages."""
        return [self.run_in(case, locale) for locale in case.locales]

    def run_in(self, case: Case, locale: str) -> CaseResult:
        try:
            stage = self.stage(case, locale)
        except CannotError as error:
            return CaseResult(case, locale, _failure(case.line, error), (), ())
        performance = _Performance(self.scenario, stage, locale, self.holes)
        stage.on_outcome = performance.heard
        failure = None
        for item in case.timeline:
            failure = performance.take(item)
            if failure is not None:
                break
        rehearsal = stage.rehearsal
        return CaseResult(
            case, locale, failure, tuple(rehearsal.trace), tuple(rehearsal.did), tuple(performance.triggers)
        )

    def stage(self, case: Case, locale: str) -> Stage:
        """The stage on which a case begins: its visitor, its world, its clock. Raises `CannotError` where there is no
        such variant, holdout or scenario."""
        self.holes.clear()
        catalog = self._catalog(case)
        world = world_of(case, locale)
        now = clock.parse_moment(case.at, clock.project_zone(world)) or 0
        variants = self._variants(case)
        held_out_of = self.scenario.slug if case.held_out else ""
        if held_out_of and not self.scenario.holdout:
            raise CannotError(f"the scenario {quoted(self.scenario.slug)} holds nobody out")
        state = VisitorState(
            id=visitor_named(catalog.programs.values(), variants, held_out_of),
            properties={**in_language(case.given, locale), "locale": locale},
            tags=list(case.tags),
            lists=list(case.lists),
        )
        state = refresh(state, catalog, now, world)
        return Stage(catalog, state, now=now, world=world, script=Script())

    def _catalog(self, case: Case) -> Catalog:
        if case.beside not in self._catalogs:
            missing = next((slug for slug in case.beside if slug not in self._others), "")
            if missing:
                hint = (
                    did_you_mean(missing, self._others) or "it stands beside the test, or in a folder beside"
                )
                raise CannotError(f"there is no scenario {quoted(missing)}", hint)
            beside = [self._others[slug] for slug in case.beside]
            self._catalogs[case.beside] = Catalog.of([self.scenario, *beside], segments=self._segments)
        return self._catalogs[case.beside]

    def _variants(self, case: Case) -> dict[tuple[str, str], str]:
        splits = splits_of(self.scenario)
        for name, variant in case.variants.items():
            if name not in splits:
                hint = did_you_mean(name, splits) or "a split is named by its id"
                raise CannotError(f"there is no split {quoted(name)}", hint)
            names = [one.name for one in splits[name].variants]
            if variant not in names:
                hint = did_you_mean(variant, names) or "it has " + ", ".join(names)
                raise CannotError(f"the split {quoted(name)} has no variant {quoted(variant)}", hint)
        return {(self.scenario.slug, name): variant for name, variant in case.variants.items()}


def world_of(case: Case, locale: str) -> World:
    """The world in which a case runs."""
    hours, days = case.business_hours, case.open_on or range(7)
    return World(
        operators_online=case.operators_online,
        timezone=case.timezone,
        locale=locale,
        business_hours=dict.fromkeys(days, hours) if hours is not None else {},
        holidays=case.holidays,
        currency="EUR",
        site={**SITE, **in_language(case.site, locale)},
        quiet_hours=case.quiet_hours,
        frequency_cap=case.frequency_cap,
    )


def _failure(line: int, error: CannotError) -> Failure:
    return Failure(line, error.message, error.hint)


class _Performance:
    """One case while it runs. `window` is what has come since something last happened."""

    def __init__(self, scenario: Scenario, stage: Stage, locale: str, holes: list[Hole]) -> None:
        self.scenario = scenario
        self.stage = stage
        self.locale = locale
        self.triggers: list[int] = []
        self._holes = holes
        self._window = Window()
        self._last_run: Run | None = None

    def take(self, item: TimelineItem) -> Failure | None:
        """Does one line of the timeline, or checks it. Answers with what is wrong."""
        try:
            if isinstance(item, cases.Expect | cases.ExpectNothing | cases.ExpectEnd | cases.ExpectGoal):
                self._check(item)
            elif isinstance(item, cases.Online | cases.FailsNext | cases.Replies | cases.Coupons):
                perform(self.stage, item, self.locale)
            else:
                self._happen(item)
        except Unmet as unmet:
            return Failure(unmet.line, unmet.message, unmet.instead)
        except CannotError as error:
            return _failure(item.line, error)
        return None

    def heard(self, outcome: Outcome) -> None:
        """Notes by which of its triggers the scenario let him in, and what its run knew."""
        run = next((run for run in reversed(outcome.state.runs) if run.scenario == self.scenario.slug), None)
        self._last_run = run or self._last_run
        for line in outcome.trace:
            if line.phase == "started" and line.scenario == self.scenario.slug:
                program = self.stage.rehearsal.catalog.programs[self.scenario.slug]
                self.triggers.append(trigger_of(program, line, outcome.state, self.stage.world))

    def _happen(self, item: cases.Happening) -> None:
        rehearsal = self.stage.rehearsal
        did, lines = len(rehearsal.did), len(rehearsal.trace)
        perform(self.stage, item, self.locale)
        self._window = Window(
            [seen for one in rehearsal.did[did:] for seen in seen_in(one.effect)], rehearsal.trace[lines:]
        )
        if self._holes:
            hole = self._holes[0]
            raise Unmet(
                f"a text cannot be filled in: {hole.reason}", item.line, f"line {hole.line} of the scenario"
            )

    def _check(self, item: cases.Expectation) -> None:
        match item:
            case cases.Expect():
                self._window.expect(item, self._scope(), self.locale)
            case cases.ExpectNothing():
                self._window.expect_nothing(item.line)
            case cases.ExpectEnd():
                self._window.expect_end(item, self.scenario.slug, self.locale)
            case cases.ExpectGoal():
                self._window.expect_goal(item.line, self.scenario.slug)

    def _scope(self) -> Scope:
        program = self.stage.rehearsal.catalog.programs[self.scenario.slug]
        run = self.stage.run_of(self.scenario.slug) or self._last_run
        return Scope(self.stage.state, self.stage.world, self.stage.now, program, run)


def run_cases(
    runner: CaseRunner, all_cases: Sequence[Case], on_result: Callable[[CaseResult], None] | None = None
) -> list[CaseResult]:
    """All cases, each in its languages; `on_result` hears of each as soon as it is known."""
    results = []
    for case in all_cases:
        for locale in case.locales:
            result = runner.run_in(case, locale)
            results.append(result)
            if on_result is not None:
                on_result(result)
    return results
