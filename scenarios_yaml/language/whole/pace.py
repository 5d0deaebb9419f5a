"""How soon a run can come to a step of its scenario, and from there to its end, at the earliest."""

from __future__ import annotations

import heapq
from collections import defaultdict

from scenarios_yaml.language.flow import Flow
from scenarios_yaml.language.model import Ask, Close, Handoff, Popup, Say, Scenario, Step, Stop, Wait, WaitFor

PAUSE = 30_000
"""Milliseconds: what takes so long is no loop any more. An answer takes a person, and counts as one."""


class Pace:
    """The least times (ms) of one scenario. A wait whose end depends on the past or on the clock counts as
    nothing."""

    def __init__(self, scenario: Scenario) -> None:
        flow = Flow(scenario.steps, scenario.blocks)
        self._on: dict[str, list[tuple[int, str]]] = defaultdict(list)
        back: dict[str, list[tuple[int, str]]] = defaultdict(list)
        ends = [Flow.END]
        for path, step in flow.steps.items():
            ways = [(0, target) for target in flow.quick[path]]
            ways += [(_held(step), target) for target in flow.slow[path]]
            self._on[path] = ways
            for delay, target in ways:
                back[target].append((delay, path))
            if step.enabled and isinstance(step, (Stop, Close, Handoff)):
                ends.append(path)
        self._from_start = _least([flow.start], self._on)
        self._to_end = _least(ends, back)

    def to(self, step: Step) -> int:
        """From the start of a run to the step; PAUSE where it takes longer or no way leads there."""
        return min(PAUSE, self._from_start.get(step.path, PAUSE))

    def on_from(self, step: Step) -> int:
        """From the step to the end of the run."""
        return min(PAUSE, self._to_end.get(step.path, PAUSE))


def _held(step: Step) -> int:
    """How long a step holds the run at least, where it does."""
    if isinstance(step, Wait):
        return step.duration if step.duration is not None else PAUSE
    if isinstance(step, WaitFor):
        return step.up_to
    if isinstance(step, (Say, Ask, Popup)):
        return PAUSE if step.timeout is None else min(PAUSE, step.timeout)
    return 0


def _least(starts: list[str], ways: dict[str, list[tuple[int, str]]]) -> dict[str, int]:
    least: dict[str, int] = {}
    queue = [(0, start) for start in starts]
    while queue:
        total, path = heapq.heappop(queue)
        if path in least:
            continue
        least[path] = total
        for delay, target in ways.get(path, ()):
            if target not in least and total + delay < PAUSE:
                heapq.heappush(queue, (total + delay, target))
    return least
