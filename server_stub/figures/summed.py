"""Counts, put together as the figures of a scenario that a console shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from server_stub.figures.days import name_of
from server_stub.figures.facts import NEVER_ENTERED, Fact
from server_stub.protocol import DayFigures, ScenarioFigures, ScenarioTotals, StepFigures, VariantFigures

OF_DAYS = ("entered", "goal", NEVER_ENTERED)
"""Figures of which the days are told."""
_PLAIN = (
    "reached", "delivered", "kept", "seen", "clicked", "answered", "submitted", "closed", "timed_out",
)  # fmt: skip
_WITH_REASONS = ("failed", "suppressed", "ended")

Standing = Mapping[tuple[str, str], int]
"""(version, key of the step) → how many runs are there."""


class Count(Struct, frozen=True):
    """How often one thing happened on one day. Of what happens at steps the day does not matter."""

    day: int
    version: str
    step: str
    figure: str
    branch: str
    times: int


def counts_of(facts: Iterable[Fact]) -> list[Count]:
    """Facts of one scenario, counted."""
    counter = Counter((fact.day, fact.version, fact.step, fact.figure, fact.branch) for fact in facts)
    return [Count(*key, times) for key, times in counter.items()]


class _Step:
    """The counts of one step of one version."""

    def __init__(self) -> None:
        self.plain: Counter[str] = Counter()
        self.by: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, count: Count) -> None:
        if count.branch:
            self.by[count.figure][count.branch] += count.times
        else:
            self.plain[count.figure] += count.times

    def told(self, step: str, version: str, waiting: int) -> StepFigures:
        numbers: dict[str, Any] = {name: self.plain[name] for name in _PLAIN}
        for name in _WITH_REASONS:
            numbers[name] = self.plain[name] + self.by[name].total()
            numbers[f"{name}_why"] = dict(self.by[name])
        return StepFigures(step, version, waiting=waiting, branches=dict(self.by["went"]), **numbers)


class Sums:
    """The figures of one scenario, to which may be added; it remembers what has changed since they were told last."""

    def __init__(self, slug: str) -> None:
        self.slug = slug
        self._whole: Counter[str] = Counter()
        self._ended: Counter[str] = Counter()
        self._days: defaultdict[int, Counter[str]] = defaultdict(Counter)
        self._steps: defaultdict[tuple[str, str], _Step] = defaultdict(_Step)
        """By version and key."""
        self._changed_days: set[int] = set()
        self._changed_steps: set[tuple[str, str]] = set()
        self._changed = False
        self._told = (0, dict[tuple[str, str], int]())
        """How many were running and where they stood when this was told last."""

    def add(self, counts: Iterable[Count]) -> None:
        for count in counts:
            self._changed = True
            if count.step:
                self._steps[(count.version, count.step)].add(count)
                self._changed_steps.add((count.version, count.step))
            if count.figure == "ended":
                self._ended[count.branch] += count.times
            elif not count.step:
                self._whole[count.figure] += count.times
                if count.figure in OF_DAYS:
                    self._days[count.day][count.figure] += count.times
                    self._changed_days.add(count.day)

    def all(self, seq: int, running: int, standing: Standing) -> ScenarioFigures:
        """All figures as of the journal's entry `seq`; `standing` is who stands where now, whatever the period."""
        self._forget_changes(running, standing)
        steps = self._steps.keys() | standing.keys()
        return self._figures(seq, running, standing, steps, self._days.keys())

    def changed(self, seq: int, running: int, standing: Standing) -> ScenarioFigures | None:
        """As `all`, but of the days, steps and variants only those that have changed; None where nothing has."""
        stood = self._told[1]
        moved = {key for key in stood.keys() | standing.keys() if stood.get(key) != standing.get(key)}
        steps, days = self._changed_steps | moved, set(self._changed_days)
        if not self._changed and not moved and running == self._told[0]:
            return None
        self._forget_changes(running, standing)
        return self._figures(seq, running, standing, steps, days)

    def _forget_changes(self, running: int, standing: Standing) -> None:
        self._changed, self._changed_days, self._changed_steps = False, set(), set()
        self._told = (running, dict(standing))

    def _figures(
        self,
        seq: int,
        running: int,
        standing: Standing,
        steps: Iterable[tuple[str, str]],
        days: Iterable[int],
    ) -> ScenarioFigures:
        whole = self._whole
        told = sorted(steps)
        return ScenarioFigures(
            self.slug,
            seq,
            entered=_entered(whole),
            running=running,
            ended=dict(self._ended),
            goal=whole["goal"],
            held_out=whole["held_out"],
            held_out_goal=whole["held_out_goal"],
            days=tuple(_day(day, self._days[day]) for day in sorted(days)),
            steps=tuple(self._steps[key].told(key[1], key[0], standing.get(key, 0)) for key in told),
            variants=tuple(self._variants(told)),
        )

    def _variants(self, steps: Iterable[tuple[str, str]]) -> Iterable[VariantFigures]:
        for version, step in steps:
            took = self._steps[(version, step)].by["variant"]
            goals = self._steps[(version, step)].by["variant_goal"]
            for variant in sorted(took.keys() | goals.keys()):
                yield VariantFigures(step, version, variant, took[variant], goals[variant])


def totals(counts: Iterable[tuple[int, str, int]], first: int, last: int) -> ScenarioTotals:
    """Of the days from `first` to `last`; `counts` are (day, figure, times) of OF_DAYS."""
    days: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for day, figure, times in counts:
        days[day][figure] += times
    told = tuple(_day(day, days[day]) for day in range(first, last + 1))
    return ScenarioTotals(sum(day.entered for day in told), sum(day.goal for day in told), told)


def _day(day: int, counter: Counter[str]) -> DayFigures:
    return DayFigures(name_of(day), _entered(counter), counter["goal"])


def _entered(counter: Counter[str]) -> int:
    """Who was taken back on another day than the one on which he began makes that one no less than nothing."""
    return max(0, counter["entered"] - counter[NEVER_ENTERED])
