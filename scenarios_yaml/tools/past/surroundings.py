"""What was around the visitors at each moment of the past: the scenarios and segments by version, who was online, and
which broadcasts were due. Made from `log.Around`, with a draft in a scenario's place where one is tried out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.clock import zone_of
from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.engine.state import World
from scenarios_yaml.language.model import OnSchedule, Scenario, Segment
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.past.log import Around, Broadcast, Publication
from scenarios_yaml.tools.publishing.in_flight import moves_between

OLDER_VERSIONS = 10
"""Earlier versions of a scenario that bot dialogs on their way still find, as in the server."""
MOST_BROADCASTS = 10_000
"""Of one draft in the period that is tried out."""


Change: TypeAlias = list[Publication] | Broadcast | Scenario
"""What was published together; a broadcast; or the draft, which begins."""


class Trial(Struct, frozen=True):
    """A draft that takes the place of the scenario of its name from `since` until before `until` (ms)."""

    draft: Scenario
    since: int
    until: int


class Shelf:
    """What is published at a moment: it makes its catalog when it is first asked for it."""

    def __init__(
        self,
        scenarios: dict[str, Scenario],
        older: dict[tuple[str, str], Scenario],
        segments: dict[str, Segment],
        moves: dict[tuple[str, str], Moves],
    ) -> None:
        self.scenarios = scenarios
        self.older = older
        self.segments = segments
        self.moves = moves
        """From the step of an older version to that of the published one, by scenario and older version."""

    def without(self, slug: str) -> Catalog:
        """As `catalog`, but the scenario lets nobody in."""
        one = self.scenarios.get(slug)
        others = self.scenarios if one is None else {**self.scenarios, slug: replace(one, status="paused")}
        return self._made(others)

    @cached_property
    def catalog(self) -> Catalog:
        return self._made(self.scenarios)

    def _made(self, scenarios: dict[str, Scenario]) -> Catalog:
        return Catalog.of(
            scenarios.values(), self.older.values(), moves=self.moves, segments=self.segments.values()
        )

    def concerns_everybody(self, before: Shelf) -> bool:
        """Whether other segments live now, or another silence is waited for: only then the server asks every visitor
        anew after a publication."""
        return self._everybody != before._everybody

    @cached_property
    def _everybody(self) -> object:
        silences = [(duration, program.slug) for duration, program in self.catalog.inactive]
        return {slug: segment.version for slug, segment in self.segments.items()}, silences


class Turning:
    """A moment from which on something else is true of all visitors: another shelf, or a broadcast that is due."""

    __slots__ = ("at", "broadcast", "seq", "shelf")

    def __init__(self, at: int, seq: int, shelf: Shelf, broadcast: Broadcast | None = None) -> None:
        self.at = at
        self.seq = seq
        self.shelf = shelf
        self.broadcast = broadcast

    def is_before(self, at: int, seq: int) -> bool:
        """Whether it was before what has that moment and number: numbers decide where both have one."""
        return self.seq < seq if self.seq and seq else self.at <= at


class Surroundings:
    """`turnings` in their order; the first shelf is empty, or what there was before all time where no time is known."""

    def __init__(self, around: Around, trial: Trial | None = None) -> None:
        self.around = around
        self.trial = trial
        self.coupons = around.coupons
        self.unknown: list[str] = list(around.unknown)
        self._online_seqs = [presence.seq for presence in around.presences]
        self._online_ats = [presence.at for presence in around.presences]
        self._worlds = [around.world] + [
            replace(around.world, operators_online=presence.online) for presence in around.presences
        ]
        self.first = Shelf({}, {}, {}, {})
        self.turnings: list[Turning] = []
        self._lay_out()

    def world(self, at: int, seq: int = 0) -> World:
        """What was outside at that number of the journal, or at that moment."""
        if len(self._worlds) == 1:
            return self._worlds[0]
        if seq and self._online_seqs[0]:
            return self._worlds[bisect_right(self._online_seqs, seq)]
        return self._worlds[bisect_right(self._online_ats, at)]

    def live(self, slug: str, before: int) -> Scenario | None:
        """The scenario of that name as it was published just before the moment."""
        found = None
        for turning in self.turnings:
            if turning.at >= before:
                break
            found = turning.shelf.scenarios.get(slug)
        return found

    def versions(self, one: Publication) -> Iterable[Scenario]:
        """The scenario that the publication brought; nothing where it took one away."""
        scenario = _read(one.text, one.slug) if one.text else None
        return () if scenario is None else (scenario,)

    # --- Laying out ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        shelf = self.first
        for at, seq, change in self._changes():
            match change:
                case Broadcast():
                    self.turnings.append(Turning(at, seq, shelf, change))
                    continue
                case list():
                    shelf = self._after(shelf, change)
                case Scenario():
                    shelf = _with_scenario(shelf, change)
            self.turnings.append(Turning(at, seq, shelf))

    def _changes(self) -> Iterable[tuple[int, int, Change]]:
        """All that turns, in order; what was published together is one change."""
        changes: list[tuple[int, int, Change]] = []
        last: Publication | None = None
        for one in self.around.publications:
            previous = changes[-1][2] if changes else None
            if last is not None and isinstance(previous, list) and _together(last, one):
                previous.append(one)
            else:
                changes.append((one.at, one.seq, [one]))
            last = one
        changes += [
            (broadcast.at, broadcast.seq, broadcast)
            for broadcast in self.around.broadcasts
            if not self._replaces(broadcast.scenario, broadcast.at)
        ]
        if self.trial is not None:
            changes.append((self.trial.since, 0, replace(self.trial.draft, status="live")))
            changes += [(broadcast.at, 0, broadcast) for broadcast in self._drafts_broadcasts(self.trial)]
        changes.sort(key=lambda change: change[0])
        return changes

    def _replaces(self, slug: str, at: int) -> bool:
        return self.trial is not None and slug == self.trial.draft.slug and at >= self.trial.since

    def _drafts_broadcasts(self, trial: Trial) -> Iterable[Broadcast]:
        zone = zone_of(self.around.world.timezone)
        for trigger in trial.draft.trigger:
            if not isinstance(trigger, OnSchedule):
                continue
            at = trial.since - 1
            for _ in range(MOST_BROADCASTS):
                at = next_due(trigger, at, zone)
                if not at or at >= trial.until:
                    break
                yield Broadcast(at, trial.draft.slug, at)

    def _after(self, shelf: Shelf, published: list[Publication]) -> Shelf:
        for one in published:
            if one.kind == "segment":
                shelf = self._with_segment(shelf, one)
            elif not self._replaces(one.slug, one.at):
                shelf = self._with_published(shelf, one)
        return shelf

    def _with_segment(self, shelf: Shelf, one: Publication) -> Shelf:
        segments = {slug: segment for slug, segment in shelf.segments.items() if slug != one.slug}
        if one.text:
            segment = read_segment(one.text, f"{one.slug}.yaml").segment
            if segment is None:
                self._cannot_read(one)
            else:
                segments[one.slug] = segment
        return Shelf(shelf.scenarios, shelf.older, segments, shelf.moves)

    def _with_published(self, shelf: Shelf, one: Publication) -> Shelf:
        if not one.text:
            return _with_scenario(shelf, None, gone=one.slug)
        scenario = _read(one.text, one.slug)
        if scenario is None:
            self._cannot_read(one)
            return shelf
        return _with_scenario(shelf, replace(scenario, status=one.status), choices=one.choices)

    def _cannot_read(self, one: Publication) -> None:
        """Written by another version of the language."""
        self.unknown.append(
            f"A version of the {one.kind} {one.slug} cannot be read any more: it is left out."
        )


@lru_cache(maxsize=1024)
def _read(text: str, slug: str) -> Scenario | None:
    """A version's text; the same one stands in the past of many questions."""
    return read_scenario(text, f"{slug}.yaml").scenario


def _together(last: Publication, one: Publication) -> bool:
    return last.at == one.at and (one.seq == last.seq + 1 or not one.seq)


def _with_scenario(
    shelf: Shelf, scenario: Scenario | None, gone: str = "", choices: Mapping[str, str] | None = None
) -> Shelf:
    """The shelf with the scenario in its place; what stood there is kept for those on their way with it."""
    slug = scenario.slug if scenario is not None else gone
    scenarios = dict(shelf.scenarios)
    older = dict(shelf.older)
    before = scenarios.pop(slug, None)
    if before is not None:
        older.pop((slug, before.version), None)
        older[(slug, before.version)] = before
    if scenario is not None:
        scenarios[slug] = scenario
        older.pop((slug, scenario.version), None)
    moves = shelf.moves
    if before is not None and scenario is not None and before.version != scenario.version:
        moves = _moved(moves, before, scenario, choices or {})
    kept = [key for key in older if key[0] == slug][-OLDER_VERSIONS:]
    older = {key: one for key, one in older.items() if key[0] != slug or key in kept}
    return Shelf(scenarios, older, shelf.segments, moves)


def _moved(
    moves: dict[tuple[str, str], Moves], older: Scenario, newer: Scenario, choices: Mapping[str, str]
) -> dict[tuple[str, str], Moves]:
    """The moves to the published versions after `newer` took the place of `older`."""
    step = moves_between(older, newer, choices)
    moved = {key: known.then(step) if key[0] == newer.slug else known for key, known in moves.items()}
    moved[(older.slug, older.version)] = step
    moved.pop((newer.slug, newer.version), None)
    return moved
