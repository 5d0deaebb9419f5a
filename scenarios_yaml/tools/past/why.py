"""Why a message reached somebody, or why not: each time a scenario was considered for one visitor, which line of it let
him in or kept him out, with the value that it saw, and each step since.

Nothing of this is stored: the visitor's log is replayed.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from scenarios_yaml.engine.audience import described, explained
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.engine import Outcome, advance
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import Run, VisitorState
from scenarios_yaml.engine.stimuli import (
    BroadcastDue,
    Chose,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    Stimulus,
    TimePassed,
    Wrote,
)
from scenarios_yaml.language.model import Condition, OnEvent, event_key
from scenarios_yaml.tools.past.log import VisitorLog
from scenarios_yaml.tools.past.replay import Replay
from scenarios_yaml.tools.past.surroundings import Surroundings
from scenarios_yaml.tools.past.trace_words import reason_of, split_seen


class Seen(Struct, frozen=True):
    """A condition of the file that was asked, and the value that it saw."""

    line: int
    condition: str
    saw: str


class Considered(Struct):
    """One time. `event` says what it was that happened. Of one who was let in, `conditions` all held, and `steps` are
    the trace of his run; of one who was not, `conditions` holds the line that kept him out, and `kind` says what it is
    part of (trigger, holdout, re-entry, audience, exit, limit)."""

    at: int
    event: str
    version: str
    outcome: Literal["entered", "refused"]
    kind: str = ""
    run: str = ""
    conditions: list[Seen] = field(default_factory=list)
    steps: list[TraceLine] = field(default_factory=list)


class Why(Struct):
    """`considered` rising by time. `texts` are the files of the versions that occur, by version. `differs` says where
    the journal has something else than the replay; empty where the two agree."""

    considered: list[Considered]
    texts: dict[str, str] = field(default_factory=dict)
    differs: str = ""


def why(log: VisitorLog, surroundings: Surroundings, slug: str, until: int) -> Why:
    """The scenario and the visitor, until before the moment `until` (ms).

    Where the log holds what the journal said of the scenario's runs (`was`), the replay is compared with it.
    """
    listening = _Listening(slug)
    replay = Replay(surroundings, listening)
    listening.replay = replay
    replay.play(log, until)
    texts = {
        published.version: one.text
        for one in surroundings.around.publications
        if one.kind == "scenario" and one.slug == slug
        for published in surroundings.versions(one)
    }
    differs = _difference(log.was, listening.lines) if log.was or listening.lines else ""
    return Why(listening.considered, texts, differs)


class _Listening:
    """Implements `replay.Listener`."""

    replay: Replay

    def __init__(self, slug: str) -> None:
        self._slug = slug
        self.considered: list[Considered] = []
        self.lines: list[TraceLine] = []
        """Those that a journal holds, too."""
        self._by_run: dict[str, Considered] = {}

    def heard(self, state: VisitorState, stimulus: Stimulus, outcome: Outcome, now: int) -> None:
        for line in outcome.trace:
            if line.scenario != self._slug:
                continue
            if line.phase == "refused":
                self.considered.append(_refused(line, stimulus))
                continue
            self.lines.append(line)
            if line.phase == "started":
                self._started(line, state, stimulus, now)
            elif line.run in self._by_run:
                self._by_run[line.run].steps.append(line)

    def _started(self, line: TraceLine, state: VisitorState, stimulus: Stimulus, now: int) -> None:
        event = line.result.removeprefix("on ")
        entered = Considered(line.at, _named(stimulus, event), line.version, "entered", run=line.run)
        entered.conditions = self._conditions(state, stimulus, now)
        self._by_run[line.run] = entered
        self.considered.append(entered)

    def _conditions(self, before: VisitorState, stimulus: Stimulus, now: int) -> list[Seen]:
        """What the conditions saw: with the stimulus taken in, but without what the run then changed itself."""
        shelf = self.replay.shelf
        program = shelf.catalog.programs.get(self._slug)
        if program is None:
            return []
        world = self.replay.world(now)
        state = advance(before, shelf.without(self._slug), stimulus, now, world).state
        properties = stimulus.properties if isinstance(stimulus, Happened) else {}
        scope = Scope(state, world, now, program, None, properties)
        asked = [*_wheres(program.scenario.trigger, stimulus), *program.scenario.audience]
        return [
            Seen(condition.line, described(condition), split_seen(explained(condition, scope))[1])
            for condition in asked
        ]

    def left_open(self, run: Run, now: int) -> None:
        """Only a draft's questions are left open."""


def _wheres(triggers: tuple[object, ...], stimulus: Stimulus) -> list[Condition]:
    if not isinstance(stimulus, Happened):
        return []
    key = event_key(stimulus.name)
    found = (one for one in triggers if isinstance(one, OnEvent) and event_key(one.event) == key)
    return [condition for trigger in found for condition in trigger.where]


def _refused(line: TraceLine, stimulus: Stimulus) -> Considered:
    reason = reason_of(line.result)
    return Considered(
        line.at,
        _named(stimulus),
        line.version,
        "refused",
        kind=reason.kind,
        conditions=[Seen(line.line, reason.text, reason.saw)],
    )


def _named(stimulus: Stimulus, event: str = "") -> str:
    """What happened, in words."""
    match stimulus:
        case Happened():
            return event or stimulus.name
        case Wrote():
            return event if event and event != "Keyword" else "wrote in the chat"
        case TimePassed():
            return event or "time passed"
        case BroadcastDue():
            return event or "Broadcast"
        case PropertiesChanged():
            return event or "his card changed"
        case Chose() | PopupEnded():
            return event or "answered"
        case OperatorWrote() | DialogMoved():
            return event or "the dialog moved"
        case Delivered():
            return event or "a message's outcome"
    return event


def _difference(was: list[TraceLine], replayed: list[TraceLine]) -> str:
    """Where the replay says something else than the journal, in a sentence."""
    known = {line.run for line in was if line.phase == "started"}
    ours = [line for line in replayed if line.run in known or line.phase == "started"]
    for place, line in enumerate(was):
        if place >= len(ours):
            return f"The journal goes on where the replay ends: “{line.result}” of run {line.run}."
        mine = ours[place]
        if (line.run, line.phase, line.step, line.result) != (mine.run, mine.phase, mine.step, mine.result):
            return f"The journal says “{line.result}” where the replay says “{mine.result}” (run {line.run})."
    if len(ours) > len(was):
        return f"The replay goes on where the journal ends: “{ours[len(was)].result}”."
    return ""
