"""A backtest's answer, as a value: what the command prints, and `--json` gives to programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import nsmallest

from msgspec import Struct

from scenarios_yaml.engine.clock import local, zone_of
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Scenario, Step
from scenarios_yaml.tools.past.log import Around
from scenarios_yaml.tools.past.surroundings import Trial
from scenarios_yaml.tools.past.tally import SAMPLE, SAW, Entered, Tally
from scenarios_yaml.tools.publishing.described import branch_names, kind_of, name_of

ANSWERS = (
    "How people would have answered: a run that stands at a question or pop-up counts as asked, and ends there. "
    "What was answered to the live version is not taken for an answer to the draft."
)
GOALS = "Goals are what visitors did anyway: what the messages would have changed cannot be seen in the past."
WEBHOOKS = "Webhooks of the draft are not called: each answers with nothing ({})."
COUPONS = "A promo code is always there: how many would have been used up is not counted."
ERASED = "Some of the past has been erased, with the persons to whom it belonged."


class StepCount(Struct, frozen=True):
    """One step of the draft, in the order of the file; `depth` is how deep it stands. Counts are runs, but for `sent`,
    which is messages."""

    key: str
    kind: str
    name: str
    line: int
    depth: int
    branch: str
    """The branch of which it is the first step: the option's id, `then`, `no_answer` …; empty inside of one."""
    reached: int
    asked: int
    sent: int
    standing: int


class RefusalCount(Struct, frozen=True):
    kind: str
    line: int
    text: str
    """The condition, as it is written."""
    times: int
    visitors: int
    saw: tuple[str, ...]
    """The values that it saw most often."""


class HeldCount(Struct, frozen=True):
    """`what`: dropped, skipped or delayed; `by` the cap, quiet hours, or the scenario that was in the way."""

    what: str
    by: str
    messages: int


class LiveCount(Struct, frozen=True):
    """What the version that was live really did in the period. `version` is empty where none was."""

    version: str
    entered: int
    runs: int
    goals: int
    messages: dict[str, int]
    entered_by_both: int
    only_by_draft: int
    only_by_live: int


class BacktestReport(Struct, frozen=True):
    """`since` and `until` in ms. `complete` is false where it was interrupted: then it speaks of the first
    `visitors` of `visitors_in_all`. `messages` are by channel, `days` by date, without gaps."""

    scenario: str
    version: str
    since: int
    until: int
    timezone: str
    visitors: int
    visitors_in_all: int
    complete: bool
    events: int
    seconds: float
    considered: int
    considered_visitors: int
    entered: int
    runs: int
    goals: int
    goal: str
    messages: dict[str, int]
    days: dict[str, int]
    steps: tuple[StepCount, ...]
    endings: dict[str, int]
    refusals: tuple[RefusalCount, ...]
    held: tuple[HeldCount, ...]
    live: LiveCount
    sample: tuple[Entered, ...]
    unknown: tuple[str, ...]


def report_of(
    tally: Tally,
    trial: Trial,
    around: Around,
    *,
    live: Scenario | None,
    unknown: tuple[str, ...] = (),
    in_all: int = 0,
    seconds: float = 0.0,
) -> BacktestReport:
    """The report of all that was counted. `live` is what stood in the draft's place when the period began."""
    draft = trial.draft
    return BacktestReport(
        scenario=draft.slug,
        version=draft.version,
        since=trial.since,
        until=trial.until,
        timezone=around.world.timezone,
        visitors=tally.visitors,
        visitors_in_all=max(in_all, tally.visitors),
        complete=tally.visitors >= in_all,
        events=tally.items,
        seconds=round(seconds, 3),
        considered=tally.considered,
        considered_visitors=tally.considered_visitors,
        entered=tally.entered,
        runs=tally.runs,
        goals=tally.goals,
        goal=draft.goal.event if draft.goal else "",
        messages=dict(tally.messages.most_common()),
        days=_days(tally, trial, around),
        steps=tuple(_steps(draft, tally)),
        endings=dict(tally.endings.most_common()),
        refusals=_refusals(tally),
        held=tuple(HeldCount(*key, messages) for key, messages in tally.held.most_common()),
        live=LiveCount(
            live.version if live is not None else "",
            tally.live.visitors,
            tally.live.runs,
            tally.live.goals,
            dict(tally.live.messages.most_common()),
            tally.both,
            tally.only_draft,
            tally.only_live,
        ),
        sample=tuple(nsmallest(SAMPLE, tally.sample, key=lambda one: one.place)),
        unknown=(*_not_known(draft, tally), *around.unknown, *unknown),
    )


def _refusals(tally: Tally) -> tuple[RefusalCount, ...]:
    counted = sorted(tally.refusals.values(), key=lambda one: (-one.times, one.line, one.text))
    return tuple(
        RefusalCount(
            one.kind,
            one.line,
            one.text,
            one.times,
            one.visitors,
            tuple(value for value, _ in one.saw.most_common(SAW)),
        )
        for one in counted
    )


def _days(tally: Tally, trial: Trial, around: Around) -> dict[str, int]:
    zone = zone_of(around.world.timezone)
    first, last = local(trial.since, zone).date(), local(max(trial.since, trial.until - 1), zone).date()
    dates: Iterator[date] = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day.isoformat(): tally.days.get(day.isoformat(), 0) for day in dates}


def _not_known(draft: Scenario, tally: Tally) -> Iterator[str]:
    kinds = {type(step) for step, _, _ in walk(draft)}
    asks = any(
        isinstance(step, model.Ask | model.Popup) or (isinstance(step, model.Say) and step.options)
        for step, _, _ in walk(draft)
    )
    if asks:
        yield ANSWERS
    if draft.goal is not None:
        yield GOALS
    if model.Webhook in kinds:
        yield WEBHOOKS
    if model.Coupon in kinds:
        yield COUPONS
    if tally.erased:
        yield ERASED


def _steps(draft: Scenario, tally: Tally) -> Iterator[StepCount]:
    for step, depth, branch in walk(draft):
        yield StepCount(
            step.key,
            kind_of(step),
            name_of(step),
            step.line,
            depth,
            branch,
            tally.reached[step.key],
            tally.asked[step.key],
            tally.sent[step.key],
            tally.standing[step.key],
        )


def walk(scenario: Scenario) -> Iterator[tuple[Step, int, str]]:
    """Every step in the order of the file, with its depth and the name of the branch that it begins."""
    yield from _walk(scenario.steps, 0, "")
    for name, steps in scenario.blocks:
        yield from _walk(steps, 0, name)


def _walk(steps: tuple[Step, ...], depth: int, branch: str) -> Iterator[tuple[Step, int, str]]:
    for number, step in enumerate(steps):
        yield step, depth, branch if number == 0 else ""
        for name, below in branch_names(step):
            yield from _walk(below, depth + 1, name)
