"""The scenarios as the engine runs them: flat programs, and an index from what happens to who listens.

A catalog is never changed; publishing makes a new one. What it costs to take in an event depends on the
scenarios that listen to it, not on how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scenarios_yaml.engine.audience import where_key
from scenarios_yaml.engine.inside import every
from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.engine.segments import SegmentIndex
from scenarios_yaml.engine.state import COUNTED_LIMIT, RECENT_LIMIT
from scenarios_yaml.engine.timing import is_timed
from scenarios_yaml.language import model
from scenarios_yaml.language.model import (
    Condition,
    OnEvent,
    OnInactive,
    OnKeyword,
    OnSegment,
    Scenario,
    Segment,
    Step,
    event_key,
)
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import branches


class Place:
    """Where a step stands, and the key of what follows it ("" at the end of a run or of a block)."""

    __slots__ = ("following", "in_block", "shows_products", "step")

    def __init__(self, step: Step, following: str, in_block: bool) -> None:
        self.step = step
        self.following = following
        self.in_block = in_block
        self.shows_products = False
        """Of a `product_list`: whether nothing below names {{ products }}, so that it is shown by itself."""


class Program:
    """One scenario, ready to run."""

    __slots__ = (
        "awaits",
        "blocks",
        "exit_conditions",
        "exit_events",
        "exit_is_timed",
        "first",
        "is_bot",
        "parameters",
        "places",
        "scenario",
        "slug",
        "talks",
        "version",
        "wants",
    )

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.slug = scenario.slug
        self.version = scenario.version
        self.places: dict[str, Place] = {}
        self.first = self._lay_out(scenario.steps, "", in_block=False)
        self.blocks = {name: self._lay_out(steps, "", in_block=True) for name, steps in scenario.blocks}
        self.parameters: dict[str, Any] = {
            parameter.name: parameter.default for parameter in scenario.parameters
        }
        self.is_bot = any(_asks(place.step) for place in self.places.values())
        """Whether it holds a conversation: such runs stay on the version with which they began."""
        self.exit_conditions: tuple[Condition, ...] = tuple(
            rule for rule in scenario.exit if not isinstance(rule, OnEvent)
        )
        self.exit_is_timed = is_timed(self.exit_conditions)
        """Whether time alone may make one of them hold."""
        self.exit_events = {
            key: tuple(
                rule for rule in scenario.exit if isinstance(rule, OnEvent) and event_key(rule.event) == key
            )
            for key in {event_key(rule.event) for rule in scenario.exit if isinstance(rule, OnEvent)}
        }
        self.awaits: dict[str, tuple[model.WaitFor, ...]] = {}
        """By event: the `wait_for` steps that do not take each of them."""
        for place in self.places.values():
            if isinstance(place.step, model.WaitFor) and place.step.where:
                key = event_key(place.step.event)
                self.awaits[key] = (*self.awaits.get(key, ()), place.step)
            if isinstance(place.step, model.ProductList):
                place.shows_products = not self._products_are_named()
        self.talks = any(
            place.shows_products or isinstance(place.step, model.Say | model.Ask | model.Handoff)
            for place in self.places.values()
        )
        """Whether it may write in the chat, or hand the dialog over."""

    @property
    def live(self) -> bool:
        return self.scenario.status == "live"

    def target(self, name: str) -> str | None:
        """The key of the step to go to for a step's key or a block's name; None where there is none."""
        if name in self.blocks:
            return self.blocks[name]
        return name if name in self.places else None

    def _lay_out(self, steps: tuple[Step, ...], following: str, *, in_block: bool) -> str:
        """Notes the place of each step and of all below it; answers with the first one's key."""
        for index, step in enumerate(steps):
            after = steps[index + 1].key if index + 1 < len(steps) else following
            self.places[step.key] = Place(step, after, in_block)
            for _, branch in branches(step):
                self._lay_out(branch, after, in_block=in_block)
        return steps[0].key if steps else following

    def _products_are_named(self) -> bool:
        texts = (text for place in self.places.values() for text in every(place.step, Text))
        return any("products" in source for text in texts for source in text.sources.values())


def _asks(step: Step) -> bool:
    return isinstance(step, model.Ask) or (isinstance(step, model.Say) and bool(step.options))


class Listener:
    """A program, and those of its triggers that listen to one event."""

    __slots__ = ("program", "triggers")

    def __init__(self, program: Program, triggers: tuple[OnEvent, ...]) -> None:
        self.program = program
        self.triggers = triggers


class Catalog:
    """All programs at a moment. Make one by `Catalog.of`."""

    __slots__ = (
        "counted",
        "inactive",
        "kept",
        "moves",
        "on_event",
        "on_keyword",
        "on_segment",
        "programs",
        "segments",
        "summed",
        "versions",
    )

    def __init__(self, programs: dict[str, Program], versions: dict[tuple[str, str], Program]) -> None:
        self.programs = programs
        """By slug, as last published."""
        self.versions = versions
        self.moves: Mapping[tuple[str, str], Moves] = {}
        self.on_event: dict[str, tuple[Listener, ...]] = {}
        self.on_segment: dict[str, tuple[Program, ...]] = {}
        self.on_keyword: tuple[tuple[Program, OnKeyword], ...] = ()
        self.inactive: tuple[tuple[int, Program], ...] = ()
        """Durations in ms, rising, with the program that each starts."""
        self.counted: dict[str, dict[str, model.Compare | model.Is]] = {}
        """By event: the `where`s of `did` conditions, by their key."""
        self.summed: dict[str, frozenset[str]] = {}
        """By event: the paths of `sum` conditions."""
        self.kept: dict[str, int] = {}
        """By event: how many moments are to be remembered, where that is more than RECENT_LIMIT."""
        self.segments = SegmentIndex(())

    @classmethod
    def of(
        cls,
        scenarios: Iterable[Scenario],
        older: Iterable[Scenario] = (),
        moves: Mapping[tuple[str, str], Moves] | None = None,
        segments: Iterable[Segment] = (),
    ) -> Catalog:
        """A catalog of the published scenarios; those whose status is not `live` let nobody in.

        `older` are earlier versions that bot dialogs on their way still need. `moves` says, by scenario and
        older version, where those who stand in it find themselves in the published one. `segments` are those that
        have a file; of some that name each other in a circle the last by slug is left out.
        """
        programs = {scenario.slug: Program(scenario) for scenario in scenarios}
        versions = {(scenario.slug, scenario.version): Program(scenario) for scenario in older}
        versions.update({(program.slug, program.version): program for program in programs.values()})
        catalog = cls(programs, versions)
        catalog.moves = dict(moves or {})
        catalog.segments = SegmentIndex(segments)
        catalog._index()
        return catalog

    def _index(self) -> None:
        live = sorted(
            (program for program in self.programs.values() if program.live),
            key=lambda program: (-program.scenario.delivery.priority, program.slug),
        )
        events: dict[str, dict[str, list[OnEvent]]] = {}
        segments: dict[str, list[Program]] = {}
        for program in live:
            for trigger in program.scenario.trigger:
                if isinstance(trigger, OnEvent):
                    events.setdefault(event_key(trigger.event), {}).setdefault(program.slug, []).append(
                        trigger
                    )
                elif isinstance(trigger, OnSegment):
                    segments.setdefault(trigger.segment, []).append(program)
        self.on_event = {
            key: tuple(Listener(self.programs[slug], tuple(triggers)) for slug, triggers in listeners.items())
            for key, listeners in events.items()
        }
        self.on_segment = {slug: tuple(programs) for slug, programs in segments.items()}
        self.on_keyword = tuple(
            (program, trigger)
            for program in live
            for trigger in program.scenario.trigger
            if isinstance(trigger, OnKeyword)
        )
        silences = [
            (trigger.duration, index, program)
            for index, program in enumerate(live)
            for trigger in program.scenario.trigger
            if isinstance(trigger, OnInactive)
        ]
        self.inactive = tuple(
            (duration, program) for duration, _, program in sorted(silences, key=lambda row: row[:2])
        )
        self._index_counts()

    def _index_counts(self) -> None:
        summed: dict[str, set[str]] = {}
        asking = [*(program.scenario for program in self.versions.values()), *self.segments.segments]
        for asks in asking:
            for did in every(asks, model.Did):
                key = event_key(did.event)
                if did.where is not None:
                    self.counted.setdefault(key, {})[where_key(did.where)] = did.where
                # One more than is asked for tells "more" from "as many".
                if RECENT_LIMIT <= did.times < COUNTED_LIMIT:
                    self.kept[key] = max(self.kept.get(key, 0), did.times + 1)
            for sum_of in every(asks, model.SumOf):
                summed.setdefault(event_key(sum_of.event), set()).add(sum_of.path)
        self.summed = {key: frozenset(paths) for key, paths in summed.items()}

    def program_of(self, slug: str, version: str) -> Program | None:
        """The program with which a run goes on: a bot's dialog its own version, else the published one."""
        live = self.programs.get(slug)
        if live is not None and live.version == version:
            return live
        own = self.versions.get((slug, version))
        if own is not None and (own.is_bot or live is None):
            return own
        return live

    def version_of(self, slug: str, version: str) -> Program | None:
        """The program of that version; where it is not known any more, the published one."""
        return self.versions.get((slug, version)) or self.programs.get(slug)
