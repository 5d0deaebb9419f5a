"""The figures of a scenario as they are told on a screen: values in reading order, with names in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from operator_console.designer.figures.of_nodes import (
    KeyNow,
    branch_figure,
    branch_key,
    summed,
    totals_of,
    went_by,
)
from operator_console.designer.outline.rows import Row
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.tools.conversion import Comparison, Share, compared, share
from server_stub.protocol import DayFigures, FigureName, ScenarioFigures, StepFigures

SPEAKS = frozenset({"say", "ask", "popup", "email", "push", "message", "file", "product_list"})
NUMBERS: tuple[FigureName, ...] = (
    "delivered", "kept", "seen", "clicked", "answered", "submitted", "closed", "timed_out", "suppressed", "failed",
)  # fmt: skip
"""What is told of a message, in the order in which it happens."""
Sources = tuple[tuple[str, str], ...]
"""(version, key of the step in it), the latest version first. Where all have one key, the version is empty."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A number behind which visitors stand."""

    figure: FigureName
    count: int
    sources: Sources = (("", ""),)
    branch: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What a step said, and what became of it, figure by figure."""

    name: str
    kind: str
    reached: Behind
    numbers: tuple[Behind, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One branch of a test."""

    name: str
    entered: Behind
    goal: Behind
    share: Share


@dataclass(frozen=True, slots=True)
class Trial:
    """A test of hypotheses: its variants side by side. `lead` is the best one, `compared` it beside the next best."""

    name: str
    variants: tuple[Variant, ...]
    lead: Variant | None
    second: Variant | None
    compared: Comparison | None


@dataclass(frozen=True, slots=True)
class Story:
    """All of it. `days` has one for each day of the period, also where nothing happened."""

    entered: Behind
    running: int
    goal: Behind
    goal_share: Share
    has_goal: bool
    held_out: Behind
    held_out_goal: Behind
    held_out_share: Share
    against: Comparison | None
    """Those who went through it beside those held out; None where nobody was."""
    days: tuple[DayFigures, ...]
    trials: tuple[Trial, ...]
    messages: tuple[Message, ...]
    ended: tuple[tuple[str, Behind], ...]
    suppressed: tuple[tuple[str, Behind], ...]
    failed: tuple[tuple[str, Behind], ...]


def story(figures: ScenarioFigures, rows: Sequence[Row], key_now: KeyNow, *, today: date, days: int) -> Story:
    """The figures of a scenario whose tree has these rows. `days` up to `today`; 0: from the first one on."""
    steps = summed(figures.steps, key_now)
    origins = origins_of(figures, key_now)
    against = None
    if figures.held_out:
        against = compared(figures.goal, figures.entered, figures.held_out_goal, figures.held_out)
    return Story(
        Behind("entered", figures.entered),
        figures.running,
        Behind("goal", figures.goal),
        share(figures.goal, figures.entered),
        any(row.kind == "goal" for row in rows),
        Behind("held_out", figures.held_out),
        Behind("held_out_goal", figures.held_out_goal),
        share(figures.held_out_goal, figures.held_out),
        against,
        _each_day(figures.days, today, days),
        tuple(_trials(figures, rows, key_now, origins)),
        tuple(_messages(rows, steps, origins)),
        _reasons("ended", figures.ended),
        _reasons("suppressed", totals_of(steps, "suppressed_why")),
        _reasons("failed", totals_of(steps, "failed_why")),
    )


def behind_row(row: Row, figures: ScenarioFigures, key_now: KeyNow) -> Behind | None:
    """Who stands behind the number at a row of the tree: who came to the step, or took the way; None: nobody."""
    if not row.step:
        if row.kind == "steps":
            found = Behind("entered", figures.entered)
        elif row.kind == "goal":
            found = Behind("goal", figures.goal)
        else:
            return None
        return found if found.count else None
    step = summed(figures.steps, key_now).get(row.step)
    if step is None:
        return None
    sources = origins_of(figures, key_now)[row.step]
    if not row.branch:
        return Behind("reached", step.reached, sources) if step.reached else None
    count = went_by(row, step)
    if not count:
        return None
    if step.branches.get(branch_key(row)):
        return Behind("went", count, sources, branch_key(row))
    return Behind(branch_figure(row), count, sources)


def _reasons(figure: FigureName, counts: Mapping[str, int]) -> tuple[tuple[str, Behind], ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple((reason, Behind(figure, count, branch=reason)) for reason, count in ordered if count)


def origins_of(figures: ScenarioFigures, key_now: KeyNow) -> dict[str, Sources]:
    """Under which keys each step was counted, by its key now."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in figures.steps:
        if key := key_now(one.version, one.step):
            found.setdefault(key, []).append((one.version, one.step))
    return {key: _simplest(sources) for key, sources in found.items()}


def _simplest(sources: list[tuple[str, str]]) -> Sources:
    keys = {step for _version, step in sources}
    return (("", keys.pop()),) if len(keys) == 1 and "." not in next(iter(keys)) else tuple(sources)


def _messages(
    rows: Sequence[Row], steps: Mapping[str, StepFigures], origins: Mapping[str, Sources]
) -> Iterator[Message]:
    for row in rows:
        step = steps.get(row.step)
        if row.kind not in SPEAKS or row.branch or step is None or not step.reached:
            continue
        sources = origins[row.step]
        numbers = [Behind(name, int(getattr(step, name)), sources) for name in NUMBERS]
        yield Message(
            safe_line(row.text, 200),
            row.kind,
            Behind("reached", step.reached, sources),
            tuple(number for number in numbers if number.count),
        )


def _trials(
    figures: ScenarioFigures, rows: Sequence[Row], key_now: KeyNow, origins: Mapping[str, Sources]
) -> Iterator[Trial]:
    counts: dict[str, dict[str, list[int]]] = {}
    for one in figures.variants:
        if key := key_now(one.version, one.step):
            sums = counts.setdefault(key, {}).setdefault(one.variant, [0, 0])
            sums[0] += one.entered
            sums[1] += one.goal
    names = {row.step: row.text for row in rows if row.kind == "split"}
    for key, variants in counts.items():
        sources = origins.get(key, (("", key),))
        told = tuple(
            Variant(
                safe_line(name, 60),
                Behind("variant", entered, sources, name),
                Behind("variant_goal", goal, sources, name),
                share(goal, entered),
            )
            for name, (entered, goal) in sorted(variants.items())
        )
        best = sorted(told, key=lambda one: -one.share.value)
        lead, second = (best[0], best[1]) if len(best) > 1 else (None, None)
        beside = None
        if lead is not None and second is not None:
            beside = compared(lead.share.hits, lead.share.all, second.share.hits, second.share.all)
        yield Trial(safe_line(names.get(key, key), 120) or _("a test"), told, lead, second, beside)


def _each_day(told: Sequence[DayFigures], today: date, days: int) -> tuple[DayFigures, ...]:
    by_day = {one.day: one for one in told}
    last = max([today.isoformat(), *by_day])
    end = date.fromisoformat(last)
    begin = end - timedelta(days=days - 1) if days else date.fromisoformat(min([last, *by_day]))
    names = ((begin + timedelta(days=number)).isoformat() for number in range((end - begin).days + 1))
    return tuple(by_day.get(name, DayFigures(name)) for name in names)
