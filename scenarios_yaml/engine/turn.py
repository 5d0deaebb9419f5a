"""One call of `advance` while it goes on: the state being made, the effects and the trace so far.

The state that was passed in is never touched: the turn works on a shallow copy, and copies each part before
it is first changed (`own`, `take`).
"""

from __future__ import annotations

from collections import deque
from copy import copy
from typing import Any

from msgspec import Struct

from scenarios_yaml.engine.audience import touch_key
from scenarios_yaml.engine.catalog import Catalog, Program
from scenarios_yaml.engine.effects import ChangeProperties, Counted, Effect, EmitEvent, TraceLine
from scenarios_yaml.engine.paths import Scope, bounded, with_value
from scenarios_yaml.engine.state import (
    RECENT_LIMIT,
    RECORDS_LIMIT,
    TAGS_LIMIT,
    Run,
    VisitorState,
    World,
)
from scenarios_yaml.engine.values import NAME_CHARS, clean_text, clean_value

EMITTED_LIMIT = 100
"""How many events scenarios may make in one call: beyond, they set each other off in a circle."""
RESULT_CHARS = 300
REASON_CHARS = 120
_NOTHING: set[str] = set()


class Event(Struct, frozen=True):
    """Something that is to be taken in: an event, or the start of a named scenario (`starts`).

    `folded`: its facts are in the state already. `decided`: of Segment Entered and Left, told by the engine itself.
    """

    name: str
    properties: dict[str, Any]
    at: int
    starts: str = ""
    folded: bool = False
    decided: bool = False


class Turn:
    """What one call of `advance` works with."""

    __slots__ = (
        "_owned", "_parts", "_taken", "answering", "arriving", "catalog", "effects", "emitted", "explain", "looks",
        "moved_segments", "now", "pending", "state", "taken", "trace", "wall", "world",
    )  # fmt: skip

    def __init__(
        self, state: VisitorState, catalog: Catalog, now: int, world: World, *, explain: bool = True
    ) -> None:
        self.state: VisitorState = state.__copy__()  # type: ignore[attr-defined]
        self.catalog = catalog
        self.world = world
        self.now = now
        """The moment that is being decided: a timer's own due time, while late timers catch up."""
        self.wall = now
        """The moment of the call."""
        self.effects: list[Effect] = []
        self.trace: list[TraceLine] = []
        self.pending: deque[Event] = deque()
        self.emitted = 0
        self.moved_segments = 0
        self.explain = explain
        """Whether refusals are traced."""
        self.answering = ""
        """The run that goes on because the visitor has just answered it."""
        self.arriving = ("", "")
        """The run that comes to a step, and the step's key: the next line that is told of both says so."""
        self.taken = False
        """Whether a scenario has taken what the visitor wrote."""
        self._owned: set[str] = set()
        self._taken: set[str] = set()
        self.looks: set[str] | None = None
        """What has changed of what segments may look at, since they were last decided; None without segments."""
        self._parts: list[Any] = []
        index = catalog.segments
        if index.segments:
            self.looks = set()
            self._parts = [getattr(state, part) for part in index.parts]

    # --- Changing the state --------------------------------------------------------------------------------

    def own(self, part: str) -> Any:
        """A part of the state (a list, dict or struct) that this turn may change in place."""
        value = getattr(self.state, part)
        if part not in self._owned:
            self._owned.add(part)
            value = value.copy() if isinstance(value, dict | list) else value.__copy__()
            setattr(self.state, part, value)
        if self.looks is not None and part in self.catalog.segments.watched:
            self.looks.add(part)
        return value

    def look(self, look: str) -> None:
        """Notes that something has changed that segments may look at (segments.py names the looks)."""
        if self.looks is not None:
            self.looks.add(look)

    def looks_changed(self) -> set[str]:
        """What has changed since this was last asked."""
        looks = self.looks
        if looks is None:
            return _NOTHING
        for number, part in enumerate(self.catalog.segments.parts):
            value = getattr(self.state, part)
            if value is not self._parts[number]:
                self._parts[number] = value
                looks.add(part)
        if looks:
            self.looks = set()
        return looks

    def catch_up_with_parts(self) -> None:
        """All segments have just been decided: nothing has changed since."""
        self.looks_changed()

    def take(self, run: Run) -> Run:
        """The run as a copy that this turn may change; it stands in the state in the place of the old one."""
        runs: list[Run] = self.own("runs")
        for index, standing in enumerate(runs):
            if standing.id == run.id:
                if run.id in self._taken:
                    return standing
                self._taken.add(run.id)
                fresh = copy(standing)
                fresh.values = dict(standing.values)
                fresh.calls = list(standing.calls)
                fresh.done = list(standing.done)
                fresh.passed = list(standing.passed)
                fresh.own = list(standing.own)
                fresh.came = list(standing.came)
                runs[index] = fresh
                return fresh
        return run

    def add_run(self, run: Run) -> None:
        self.own("runs").append(run)
        self._taken.add(run.id)

    def remove_run(self, run: Run) -> None:
        runs: list[Run] = self.own("runs")
        runs[:] = [standing for standing in runs if standing.id != run.id]

    def stands(self, run: Run) -> bool:
        """Whether the run is still on its way."""
        return any(standing.id == run.id for standing in self.state.runs)

    def change_properties(self, changes: dict[str, Any], *, scenario: str = "") -> None:
        """Sets properties (None removes). Names that a scenario gives are dotted paths, and an effect tells of them;
        those of others are taken as they are."""
        properties = self.state.properties
        kept: dict[str, Any] = {}
        for path, value in changes.items():
            name, clean = clean_text(str(path), NAME_CHARS), clean_value(value)
            if scenario:
                changed = with_value(properties, name, clean)
            elif clean is None:
                changed = {key: known for key, known in properties.items() if key != name}
            else:
                changed = {**properties, name: clean}
            before, properties = properties, bounded(properties, changed)
            if properties is not before:
                kept[name] = clean
                if self.looks is not None:
                    self.looks.add(f"property {name.partition('.')[0]}")
        self.state.properties = properties
        self._owned.add("properties")
        if scenario and kept:
            self.effects.append(ChangeProperties(scenario=scenario, changes=kept))

    def change_tags(
        self, added: tuple[str, ...], removed: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Adds and removes tags; answers with those that really came and went."""
        tags = self.state.tags
        gone = tuple(tag for tag in dict.fromkeys(removed) if tag in tags)
        room = max(0, TAGS_LIMIT - len(tags) + len(gone))
        come = tuple(clean_text(str(tag), 100) for tag in dict.fromkeys(added) if tag not in tags)[:room]
        if come or gone:
            self.own("tags")[:] = [tag for tag in tags if tag not in gone] + list(come)
            for tag in (*come, *gone):
                self.look(f"tag {tag}")
        for tag in come:
            self.pending.append(Event("Tag Added", {"tag": tag}, self.now))
        for tag in gone:
            self.pending.append(Event("Tag Removed", {"tag": tag}, self.now))
        return come, gone

    def touched(self, how: str, scenario: str, step: str = "") -> None:
        """Remembers that something reached the visitor, or that he opened, clicked or answered it."""
        keys = (
            (touch_key(how, scenario), touch_key(how, scenario, step))
            if step
            else (touch_key(how, scenario),)
        )
        received: dict[str, list[int]] = self.own("received")
        for key in keys:
            moments = received.pop(key, [])
            received[key] = [*moments[-RECENT_LIMIT + 1 :], self.now]
            if self.looks is not None:
                self.looks.add(f"touch {key}")
        while len(received) > RECORDS_LIMIT:
            del received[next(iter(received))]

    # --- Telling -------------------------------------------------------------------------------------------

    def emit(
        self,
        name: str,
        properties: dict[str, Any],
        *,
        scenario: str = "",
        journaled: bool = True,
        folded: bool = False,
    ) -> bool:
        """An event made here: told to the journal, and taken in before the turn ends. False where there are
        too many. `folded`: the caller sees to its facts."""
        if self.emitted >= EMITTED_LIMIT:
            return False
        self.emitted += 1
        if journaled:
            self.effects.append(EmitEvent(name, properties, scenario))
        self.pending.append(Event(name, properties, self.now, folded=folded))
        return True

    def say(
        self,
        run: Run,
        result: str,
        *,
        step: str = "",
        line: int = 0,
        phase: str = "step",
        counted: Counted = "",
        branch: str = "",
        reason: str = "",
    ) -> None:
        """A trace line of a run."""
        came = self.arriving == (run.id, step)
        if came:
            self.arriving = ("", "")
        self.trace.append(
            TraceLine(
                at=self.now,
                scenario=run.scenario,
                version=run.version,
                phase=phase,  # type: ignore[arg-type]
                run=run.id,
                step=step,
                line=line,
                result=result[:RESULT_CHARS],
                came=came,
                counted=counted,
                branch=branch,
                reason=reason[:REASON_CHARS],
            )
        )

    def refuse(self, program: Program, result: str, line: int = 0) -> None:
        """A trace line of a scenario that let the visitor not in, where such lines are wanted."""
        if not self.explain:
            return
        self.trace.append(
            TraceLine(
                at=self.now,
                scenario=program.slug,
                version=program.version,
                phase="refused",
                line=line,
                result=result[:RESULT_CHARS],
            )
        )

    def scope(self, program: Program, run: Run | None = None, event: dict[str, Any] | None = None) -> Scope:
        return Scope(self.state, self.world, self.now, program, run, event)
