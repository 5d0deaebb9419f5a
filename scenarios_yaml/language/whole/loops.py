"""Scenarios that set each other off, round and round, faster than anybody could follow.

A scenario leads to another where one of its steps does what the other waits for: emits its event, changes a tag
or a list, says something, starts it, moves the visitor into its segment. A way round that takes less than 30
seconds is told. What breaks a way round is counted: waits and answers on the way, a re-entry rule, an audience
that the scenario itself closes, a tag that is set and never taken off again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import (
    OnEvent,
    OnSegment,
    Scenario,
    Segment,
    Tag,
    Tagged,
    Touched,
    event_key,
)
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.whole.doings import Doing, doings, is_meant, segments_moved_by
from scenarios_yaml.language.whole.files import CheckedFile
from scenarios_yaml.language.whole.pace import PAUSE, Pace
from scenarios_yaml.language.whole.walking import leaves

MOST_LOOPS = 50
MOST_SEARCHED = 20_000
"""Ways looked at: a folder in which everything leads to everything is told about in part."""


class Lead(Struct, frozen=True):
    """That a doing of one scenario sets off another. `delay` is the least time (ms) from the first one's start to
    it, `whole` from its start to its end by way of it."""

    doing: Doing
    to: int
    delay: int
    whole: int


def check_loops(
    scenarios: Sequence[CheckedFile[Scenario]], segments: Sequence[CheckedFile[Segment]]
) -> Iterator[Problem]:
    """A warning for each way round, at the step of its first scenario that begins it."""
    search = _Search([one.what for one in scenarios], {one.what.slug: one.what for one in segments})
    for way in search.loops():
        first, begins = way[0]
        names = [scenarios[index].what.slug for index, _ in way]
        path = " → ".join(
            f"{name} ({lead.doing.told}, line {lead.doing.line})"
            for name, (_, lead) in zip(names, way, strict=True)
        )
        message = f"{_length(way)}: {path} → {names[0]}"
        hint = "put a wait of 30s between them, or reentry: {not_sooner_than: 1d} into one"
        yield scenarios[first].at_path(begins.doing.path, message, hint, line=begins.doing.line)


def _length(way: list[tuple[int, Lead]]) -> str:
    total = sum(lead.delay for _, lead in way)
    what = "this scenario sets itself off again" if len(way) == 1 else "these scenarios set each other off"
    return f"{what}, round in {format_duration(total)}" if total else f"{what}, at once"


class _Search:
    """Nodes are scenarios by number; a way never goes below the number at which it began, so that each loop is
    found once."""

    def __init__(self, scenarios: Sequence[Scenario], segments: dict[str, Segment]) -> None:
        self.scenarios = scenarios
        self.leads: list[dict[int, list[Lead]]] = [defaultdict(list) for _ in scenarios]
        self.left = [_left_by(scenario) for scenario in scenarios]
        self.searched = 0
        listeners = _Listeners(scenarios, segments)
        for number, scenario in enumerate(scenarios):
            if _may_go_round(scenario):
                self._lead_from(number, scenario, listeners)

    def _lead_from(self, number: int, scenario: Scenario, listeners: _Listeners) -> None:
        pace = Pace(scenario)
        for doing in doings(scenario):
            delay = pace.to(doing.step)
            if delay >= PAUSE:
                continue
            for target in listeners.of(doing):
                lead = Lead(doing, target, delay, delay + pace.on_from(doing.step))
                self.leads[number][target].append(lead)

    def loops(self) -> Iterator[list[tuple[int, Lead]]]:
        found = 0
        for start in range(len(self.scenarios)):
            for way in self._ways(start, [start], 0):
                loop = self._closed(way)
                if loop:
                    yield loop
                    found += 1
                if found >= MOST_LOOPS:
                    return

    def _ways(self, start: int, way: list[int], delay: int) -> Iterator[list[int]]:
        """Ways by scenario that come back to `start` in less than a pause, as far as waits tell."""
        for target, leads in self.leads[way[-1]].items():
            self.searched += 1
            if self.searched > MOST_SEARCHED:
                return
            total = delay + min(lead.delay for lead in leads)
            if total >= PAUSE:
                continue
            if target == start:
                yield way
            elif target > start and target not in way:
                yield from self._ways(start, [*way, target], total)

    def _closed(self, way: list[int]) -> list[tuple[int, Lead]]:
        """The quickest leads of a way that is really round; empty where something on it breaks it."""
        left = set().union(*(self.left[number] for number in way))
        loop = []
        for number, target in zip(way, [*way[1:], way[0]], strict=True):
            open_leads = [lead for lead in self.leads[number][target] if _repeats(lead.doing, left)]
            if self.scenarios[number].reentry.while_running != "parallel":
                open_leads = [lead for lead in open_leads if lead.whole < PAUSE]
            if not open_leads:
                return []
            loop.append((number, min(open_leads, key=lambda lead: (lead.delay, lead.doing.line))))
        return loop if sum(lead.delay for _, lead in loop) < PAUSE else []


def _repeats(doing: Doing, left: set[tuple[str, str]]) -> bool:
    """Setting a tag that is there changes nothing: somebody on the way must take it off."""
    if doing.leaves is None:
        return True
    about, state = doing.leaves
    return any(other == about and its_state != state for other, its_state in left)


def _left_by(scenario: Scenario) -> set[tuple[str, str]]:
    return {doing.leaves for doing in doings(scenario) if doing.leaves is not None}


class _Listeners:
    """Who starts when something is done."""

    def __init__(self, scenarios: Sequence[Scenario], segments: dict[str, Segment]) -> None:
        self.segments = segments
        self.by_event: dict[str, list[tuple[int, OnEvent]]] = defaultdict(list)
        self.by_segment: dict[str, list[int]] = defaultdict(list)
        self.by_slug: dict[str, int] = {}
        for number, scenario in enumerate(scenarios):
            if not _may_go_round(scenario):
                continue
            self.by_slug[scenario.slug] = number
            for trigger in scenario.trigger:
                if isinstance(trigger, OnEvent):
                    self.by_event[event_key(trigger.event)].append((number, trigger))
                elif isinstance(trigger, OnSegment):
                    self.by_segment[trigger.segment].append(number)

    def of(self, doing: Doing) -> Iterable[int]:
        found: dict[int, None] = {}
        if doing.starts in self.by_slug:
            found[self.by_slug[doing.starts]] = None
        for number, trigger in self.by_event.get(event_key(doing.event), ()) if doing.event else ():
            if is_meant(trigger, doing.properties):
                found[number] = None
        if self.segments:
            self._by_membership(doing, found)
        return found

    def _by_membership(self, doing: Doing, found: dict[int, None]) -> None:
        for slug in segments_moved_by(doing, self.segments):
            found |= dict.fromkeys(self.by_segment.get(slug, ()))
            for event in ("segmententered", "segmentleft"):
                for number, trigger in self.by_event.get(event, ()):
                    if is_meant(trigger, {"segment": slug}):
                        found[number] = None


def _may_go_round(scenario: Scenario) -> bool:
    """Whether it may be entered again and again within a pause, as far as its own head tells."""
    reentry = scenario.reentry
    if scenario.status == "archived" or reentry.times != "always" or reentry.not_sooner_than >= PAUSE:
        return False
    tagged = {doing.step.tag for doing in doings(scenario) if isinstance(doing.step, Tag)}
    for leaf in leaves(scenario.audience):
        if isinstance(leaf, Tagged) and leaf.negated and leaf.tag in tagged:
            return False
        if (
            isinstance(leaf, Touched)
            and leaf.negated
            and leaf.how == "received"
            and leaf.scenario == scenario.slug
        ):
            return leaf.window is not None and leaf.window < PAUSE
    return True
