"""Which scenarios were considered for one visitor, and what came of each the last time: one replay of his log."""

from __future__ import annotations

from msgspec.structs import replace

from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.engine import Outcome
from scenarios_yaml.engine.state import Run, VisitorState
from scenarios_yaml.engine.stimuli import Stimulus
from scenarios_yaml.tools.past.replay import Replay
from scenarios_yaml.tools.past.surroundings import Surroundings
from scenarios_yaml.tools.past.trace_words import reason_of
from server_stub.history.answers import EARLIER, ERASED, NOTHING, NoVisitorError
from server_stub.history.journal import JournalPast
from server_stub.protocol import WhyLast, WhyOverview


def why_overview(past: JournalPast, name: str, until: int) -> WhyOverview:
    """Every scenario considered for the visitor (by id, email or user id) until the moment `until` (ms), latest first.

    Raises NoVisitorError, and StoreError.
    """
    found = past.find(name)
    if not found:
        raise NoVisitorError(f"There is no visitor {name[:80]!r}.")
    visitor = found[0]
    log = past.log(visitor)
    listening = _Listening()
    Replay(Surroundings(past.around()), listening).play(log, until)
    unknown = [NOTHING] if not log.items else []
    if log.erased:
        unknown.append(ERASED.format(log.erased))
    if past.begins_late:
        unknown.append(EARLIER)
    latest = sorted(listening.last.values(), key=lambda one: one.at, reverse=True)
    return WhyOverview(visitor, tuple(latest), past.called(visitor), tuple(unknown))


class _Listening:
    """Implements `replay.Listener`."""

    def __init__(self) -> None:
        self.last: dict[str, WhyLast] = {}
        """By scenario."""
        self._runs: dict[str, str] = {}
        """By scenario: its last run."""

    def heard(self, state: VisitorState, stimulus: Stimulus, outcome: Outcome, now: int) -> None:  # noqa: ARG002
        for line in outcome.trace:
            before = self.last.get(line.scenario) or WhyLast(line.scenario, 0, "refused")
            if line.phase == "started":
                self._runs[line.scenario] = line.run
                self.last[line.scenario] = WhyLast(
                    line.scenario, line.at, "entered", before.entered + 1, before.refused
                )
            elif line.phase == "refused":
                self.last[line.scenario] = _refused(line, before)
            elif line.phase == "ended" and self._runs.get(line.scenario) == line.run:
                self.last[line.scenario] = replace(before, ended=line.result)

    def left_open(self, run: Run, now: int) -> None:
        """Only a draft's questions are left open."""


def _refused(line: TraceLine, before: WhyLast) -> WhyLast:
    reason = reason_of(line.result)
    return replace(
        before,
        at=line.at,
        outcome="refused",
        refused=before.refused + 1,
        kind=reason.kind,
        condition=reason.text,
        line=line.line,
        saw=reason.saw,
    )
