"""Names that must stand for something: segments, scenarios and their steps, promo codes, files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from scenarios_yaml.language import model
from scenarios_yaml.language.model import InSegment, Leaf, OnSegment, Scenario, Segment, Touched
from scenarios_yaml.language.problems import Problem, did_you_mean, quoted
from scenarios_yaml.language.whole.files import CheckedFile
from scenarios_yaml.language.whole.walking import every_leaf, every_step, files_of, leaves

MOST_LISTED = 10
"""Known names that a hint lists where none is near."""


class KnownNames:
    """What exists. `coupons` and `files` are None where nobody knows; then they are not checked."""

    def __init__(
        self,
        scenarios: Sequence[CheckedFile[Scenario]],
        segments: Sequence[CheckedFile[Segment]],
        coupons: Collection[str] | None,
        files: Collection[str] | None,
        elsewhere: frozenset[str],
    ) -> None:
        self.scenarios = {one.what.slug for one in scenarios} | elsewhere
        self.segments = {one.what.slug for one in segments}
        self.steps = {one.what.slug: _step_names(one.what) for one in scenarios}
        self.coupons = coupons
        self.files = files


def _step_names(scenario: Scenario) -> frozenset[str]:
    return frozenset(step.id for step in every_step(scenario) if step.id)


def check_names(one: CheckedFile[Scenario], known: KnownNames) -> Iterator[Problem]:
    """What one scenario names that is nowhere."""
    for number, trigger in enumerate(one.what.trigger):
        if isinstance(trigger, OnSegment) and trigger.segment not in known.segments:
            message, hint = _missing("segment", trigger.segment, known.segments)
            yield one.at_path(f"trigger.{number}.segment", message, hint, line=trigger.line)
    for leaf in every_leaf(one.what):
        yield from _of_leaf(one, leaf, known)
    for step in every_step(one.what):
        if isinstance(step, model.Start) and step.scenario not in known.scenarios:
            message, hint = _missing("scenario", step.scenario, known.scenarios)
            yield one.at_step(step.path, "start", step.line, message, hint)
        elif isinstance(step, model.Coupon) and known.coupons is not None and step.pool not in known.coupons:
            message, hint = _missing("pool of promo codes", step.pool, known.coupons)
            yield one.at_step(step.path, "coupon.pool", step.line, message, hint)
    if known.files is not None:
        for path, name in files_of(one.what):
            if name not in known.files:
                yield one.at_path(path, *_missing("file", name, known.files))


def _of_leaf(
    one: CheckedFile[Scenario] | CheckedFile[Segment], leaf: Leaf, known: KnownNames
) -> Iterator[Problem]:
    if isinstance(leaf, InSegment) and leaf.segment not in known.segments:
        message, hint = _missing("segment", leaf.segment, known.segments)
        yield one.at_leaf(leaf, leaf.segment, message, hint)
    elif isinstance(leaf, Touched) and leaf.scenario not in known.scenarios:
        message, hint = _missing("scenario", leaf.scenario, known.scenarios)
        yield one.at_leaf(leaf, leaf.scenario, message, hint)
    elif (
        isinstance(leaf, Touched)
        and leaf.step
        and leaf.step not in known.steps.get(leaf.scenario, {leaf.step})
    ):
        message, hint = _missing("step", leaf.step, known.steps[leaf.scenario])
        yield one.at_leaf(leaf, leaf.step, f"{message} in {quoted(leaf.scenario)}", hint)


def _missing(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    listed = ", ".join(sorted(known)[:MOST_LISTED])
    hint = did_you_mean(name, known) or (f"known: {listed}" if listed else "")
    return f"there is no {what} {quoted(name)}", hint


def check_segments(segments: Sequence[CheckedFile[Segment]], known: KnownNames) -> Iterator[Problem]:
    """What segments name that is nowhere, and segments that name each other in a circle (an error)."""
    by_slug = {one.what.slug: one for one in segments}
    told: set[frozenset[str]] = set()
    for one in segments:
        for leaf in leaves(one.what.conditions):
            yield from _of_leaf(one, leaf, known)
        circle = _circle(one.what.slug, by_slug)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            way = " → ".join([*circle, circle[0]])
            message = f"these segments name each other in a circle: {way}"
            leaf = next(_named_in(by_slug[circle[0]], circle[1]))
            hint = "nobody could ever know who is in them: leave one of the conditions out"
            yield one.at_leaf(leaf, circle[1], message, hint, severity="error")


def _named_in(one: CheckedFile[Segment], slug: str) -> Iterator[InSegment]:
    for leaf in leaves(one.what.conditions):
        if isinstance(leaf, InSegment) and leaf.segment == slug:
            yield leaf


def _circle(start: str, segments: dict[str, CheckedFile[Segment]]) -> list[str]:
    """The shortest way from a segment back to itself, without the return; empty where there is none."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for leaf in leaves(segments[way[-1]].what.conditions):
            if not isinstance(leaf, InSegment):
                continue
            if leaf.segment == start and len(way) > 1:
                return way
            if leaf.segment in segments and leaf.segment not in seen and leaf.segment != start:
                seen.add(leaf.segment)
                ways.append([*way, leaf.segment])
    return []
