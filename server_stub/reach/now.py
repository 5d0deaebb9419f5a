"""Whom a draft's audience fits now: every known visitor is asked, as if the trigger had just fired for him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scenarios_yaml.engine.audience import described, first_refusal, holds
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.tools.past.trace_words import reason_of
from server_stub.protocol import ReachNow, ReachRefusal

Reason = tuple[str, int, str]
"""Kind, line and text of the condition that kept somebody out."""


class CountNow:
    """Counts visitors one by one at the moment `now` (ms). What an event would bring is not known: a condition on
    `event.…` keeps everybody out, as one on any missing value."""

    def __init__(self, draft: Scenario, world: World, now: int) -> None:
        self._program = Program(draft)
        self._world = world
        self._now = now
        self._refused: Counter[Reason] = Counter()
        self.visitors = 0
        self.fits = 0
        self.blocked = 0

    def add(self, states: Iterable[VisitorState]) -> None:
        """Ask these, too."""
        for state in states:
            self.visitors += 1
            if state.blocked:
                self.blocked += 1
                continue
            reason = self._reason(state)
            if reason is None:
                self.fits += 1
            else:
                self._refused[reason] += 1

    def result(self) -> ReachNow:
        """Of all that were added; what keeps most of them out comes first."""
        ranked = sorted(self._refused.items(), key=lambda item: (-item[1], item[0]))
        refused = tuple(ReachRefusal(*reason, visitors) for reason, visitors in ranked)
        return ReachNow(self.visitors, self.fits, self.blocked, refused)

    def _reason(self, state: VisitorState) -> Reason | None:
        """As engine/entry.py decides it: the audience, then whether an exit holds already."""
        scope = Scope(state, self._world, self._now, self._program)
        unmet = first_refusal(self._program.scenario.audience, scope)
        if unmet is not None:
            return "audience", unmet.line, reason_of(f"audience: {unmet.saw}").text
        for condition in self._program.exit_conditions:
            if holds(condition, scope):
                return "exit", condition.line, described(condition)
        return None
