"""What changed between two versions of a scenario, in meaning: steps added, removed, moved, and texts changed.

Two steps are the same where they carry the same id; those without one, where they say the same, or stand at the same
place between the same neighbours and are of the same kind. From this follows, too, where visitors who stand at a step
of the older version find themselves in the newer one.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.model import Scenario, Segment, Step
from scenarios_yaml.tools.publishing.described import (
    branch_names,
    described,
    described_conditions,
    described_head,
    described_lists,
    described_segment,
    kind_of,
    name_of,
)

Kind: TypeAlias = Literal["added", "removed", "changed", "moved"]


class Change(Struct, frozen=True):
    """One thing that differs. `where` leads to it from the top (`steps › menu › yes`), `what` is the key that changed.

    `line` is that of the newer file; of something removed, that of the older. `step` is the step's key there.
    """

    kind: Kind
    where: str
    what: str
    before: str = ""
    after: str = ""
    line: int = 0
    step: str = ""


class Difference(Struct, frozen=True):
    """`moves` tells, for each step of the older version that is still there, its key in the newer one; `gone` are the
    keys of those that are not."""

    changes: tuple[Change, ...] = ()
    moves: dict[str, str] = {}
    gone: tuple[str, ...] = ()


class _Placed(Struct, frozen=True):
    """A step, and the names on the way to it."""

    step: Step
    way: tuple[str, ...]

    @property
    def where(self) -> str:
        return " › ".join((*self.way, name_of(self.step)))


def difference(older: Scenario | None, newer: Scenario) -> Difference:
    """What publishing `newer` in the place of `older` (None: nothing was there) changes."""
    if older is None:
        added = tuple(
            Change(
                "added",
                place.where,
                kind_of(place.step),
                after=_said(place.step),
                line=place.step.line,
                step=place.step.key,
            )
            for place in _placed(newer)
        )
        return Difference((Change("added", newer.slug, "scenario", line=1), *added))
    pairs = _Pairing(older, newer)
    return Difference(
        (*_head_changes(older, newer), *pairs.changes()),
        {old.step.key: new.step.key for old, new in pairs.pairs},
        tuple(place.step.key for place in pairs.removed),
    )


def segment_difference(older: Segment | None, newer: Segment) -> tuple[Change, ...]:
    """What differs between two versions of a segment (None: there was none)."""
    before = described_conditions(older.conditions) if older is not None else {}
    after = described_conditions(newer.conditions)
    head = _pair_changes(
        described_segment(older) if older is not None else {}, described_segment(newer), "the segment", 1, ""
    )
    return (*head, *_line_changes("conditions", before, after))


# --- The head -------------------------------------------------------------------------------------------------


def _head_changes(older: Scenario, newer: Scenario) -> Iterator[Change]:
    yield from _pair_changes(described_head(older), described_head(newer), "the scenario", 1, "")
    before, after = described_lists(older), described_lists(newer)
    for name in after:
        yield from _line_changes(name, before[name], after[name])


def _line_changes(name: str, before: dict[str, int], after: dict[str, int]) -> Iterator[Change]:
    """Of a list of triggers or conditions, each of which is one line."""
    for line, number in after.items():
        if line not in before:
            yield Change("added", name, name, after=line, line=number)
    for line, number in before.items():
        if line not in after:
            yield Change("removed", name, name, before=line, line=number)


def _pair_changes(
    before: dict[str, str], after: dict[str, str], where: str, line: int, step: str
) -> Iterator[Change]:
    for what in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(what, ""), after.get(what, "")
        if old != new:
            yield Change("changed", where, what, old, new, line, step)


# --- The steps ------------------------------------------------------------------------------------------------


class _Pairing:
    """Finds for each step of the older version its counterpart in the newer one."""

    def __init__(self, older: Scenario, newer: Scenario) -> None:
        self._older = list(_placed(older))
        self._newer = list(_placed(newer))
        self.pairs: list[tuple[_Placed, _Placed]] = []
        self._used: set[str] = set()
        """Keys of the newer steps that have a counterpart."""
        self._pair_ids()
        self._pair_lists()
        self._pair_equal()
        paired = {old.step.key for old, _ in self.pairs}
        self.removed = [place for place in self._older if place.step.key not in paired]
        self.added = [place for place in self._newer if place.step.key not in self._used]
        order = {place.step.key: index for index, place in enumerate(self._newer)}
        self.pairs.sort(key=lambda pair: order[pair[1].step.key])

    def changes(self) -> Iterator[Change]:
        """In the order of the newer file; what was removed comes last."""
        before = {new.step.key: old for old, new in self.pairs}
        stayed = self._stayed()
        for place in self._newer:
            step, old = place.step, before.get(place.step.key)
            if old is None:
                yield Change(
                    "added", place.where, kind_of(step), after=_said(step), line=step.line, step=step.key
                )
                continue
            if place.step.key not in stayed:
                yield Change("moved", place.where, kind_of(step), old.where, place.where, step.line, step.key)
            yield from self._own_changes(old, place)
        for place in self.removed:
            step = place.step
            yield Change(
                "removed", place.where, kind_of(step), before=_said(step), line=step.line, step=step.key
            )

    def _own_changes(self, old: _Placed, new: _Placed) -> Iterator[Change]:
        if kind_of(old.step) != kind_of(new.step):
            yield Change(
                "changed",
                new.where,
                "kind",
                kind_of(old.step),
                kind_of(new.step),
                new.step.line,
                new.step.key,
            )
        if old.step.id != new.step.id:
            yield Change("changed", new.where, "id", old.step.id, new.step.id, new.step.line, new.step.key)
        yield from _pair_changes(
            described(old.step), described(new.step), new.where, new.step.line, new.step.key
        )

    def _pair(self, old: _Placed, new: _Placed) -> None:
        self.pairs.append((old, new))
        self._used.add(new.step.key)

    def _pair_ids(self) -> None:
        by_id = {place.step.id: place for place in self._newer if place.step.id}
        for place in self._older:
            if place.step.id in by_id:
                self._pair(place, by_id[place.step.id])

    def _pair_lists(self) -> None:
        """Within the same list of steps: what says the same, then what is of the same kind between the same neighbours.

        Lists are gone through from the top, so that a branch is known by its parent.
        """
        parents: dict[tuple[str, str], tuple[str, str]] = {}
        lists_before, lists_after = _lists(self._older), _lists(self._newer)
        waiting = [name for name in lists_before if not name[0]]
        parents.update({name: name for name in waiting})
        while waiting:
            name = waiting.pop(0)
            old_list, new_list = lists_before[name], lists_after.get(parents[name], [])
            self._pair_list(old_list, new_list)
            keys = {old.step.key: new.step.key for old, new in self.pairs}
            for place in old_list:
                for branch, steps in branch_names(place.step):
                    if steps and place.step.key in keys:
                        below = (place.step.key, branch)
                        parents[below] = (keys[place.step.key], branch)
                        waiting.append(below)

    def _pair_list(self, older: list[_Placed], newer: list[_Placed]) -> None:
        paired = {old.step.key: new.step.key for old, new in self.pairs}
        tokens_before = [paired.get(place.step.key, "") or _signature(place.step) for place in older]
        tokens_after = [
            place.step.key if place.step.key in self._used else _signature(place.step) for place in newer
        ]
        matcher = SequenceMatcher(None, tokens_before, tokens_after, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal":
                for old, new in zip(older[a:b], newer[c:d], strict=True):
                    if old.step.key not in paired:
                        self._pair(old, new)
            elif tag == "replace":
                self._pair_alike(
                    [place for place in older[a:b] if place.step.key not in paired],
                    [place for place in newer[c:d] if place.step.key not in self._used],
                )

    def _pair_alike(self, older: list[_Placed], newer: list[_Placed]) -> None:
        """Of the same kind, in their order; a step that has an id is no one else's counterpart."""
        rest = newer
        for place in older:
            found = next(
                (
                    index
                    for index, other in enumerate(rest)
                    if kind_of(other.step) == kind_of(place.step) and not (place.step.id and other.step.id)
                ),
                None,
            )
            if found is not None:
                self._pair(place, rest[found])
                rest = rest[found + 1 :]

    def _pair_equal(self) -> None:
        """What says exactly the same somewhere else has been moved there."""
        paired = {old.step.key for old, _ in self.pairs}
        left: dict[str, list[_Placed]] = {}
        for place in self._newer:
            if place.step.key not in self._used:
                left.setdefault(_signature(place.step), []).append(place)
        for place in self._older:
            same = left.get(_signature(place.step))
            if place.step.key not in paired and same:
                self._pair(place, same.pop(0))

    def _stayed(self) -> set[str]:
        """Keys of the newer steps that are in the same list as before, in the same order among those."""
        old_list = {place.step.key: name for name, places in _lists(self._older).items() for place in places}
        keys = {old.step.key: new.step.key for old, new in self.pairs}
        ranks = {place.step.key: index for index, place in enumerate(self._older)}
        before = {new.step.key: old.step.key for old, new in self.pairs}
        stayed: set[str] = set()
        for (parent, branch), places in _lists(self._newer).items():
            same = [
                place.step.key
                for place in places
                if place.step.key in before
                and _follows(old_list[before[place.step.key]], (parent, branch), keys)
            ]
            stayed |= _rising([(ranks[before[key]], key) for key in same])
        return stayed


def _follows(old: tuple[str, str], new: tuple[str, str], keys: dict[str, str]) -> bool:
    """Whether a list of the older version is this one of the newer."""
    return (keys.get(old[0], old[0]) if old[0] else "", old[1]) == new


def _rising(ranked: list[tuple[int, str]]) -> set[str]:
    """The longest run of keys whose ranks rise: the fewest steps count as moved."""
    best: list[list[tuple[int, str]]] = []
    for rank, key in ranked:
        longest = max((run for run in best if run[-1][0] < rank), key=len, default=[])
        best.append([*longest, (rank, key)])
    return {key for _, key in max(best, key=len, default=[])}


def _placed(scenario: Scenario) -> Iterator[_Placed]:
    yield from _placed_in(scenario.steps, ("steps",))
    for name, steps in scenario.blocks:
        yield from _placed_in(steps, (name,))


def _placed_in(steps: tuple[Step, ...], way: tuple[str, ...]) -> Iterator[_Placed]:
    for step in steps:
        yield _Placed(step, way)
        for branch, below in branch_names(step):
            yield from _placed_in(below, (*way, name_of(step), branch))


def _lists(places: list[_Placed]) -> dict[tuple[str, str], list[_Placed]]:
    """The steps of each list, by (key of the parent, branch); of the top by ("", its name)."""
    parents: dict[str, tuple[str, str]] = {}
    for place in places:
        for branch, below in branch_names(place.step):
            parents.update({step.key: (place.step.key, branch) for step in below})
    lists: dict[tuple[str, str], list[_Placed]] = {}
    for place in places:
        lists.setdefault(parents.get(place.step.key, ("", place.way[0])), []).append(place)
    return lists


def _signature(step: Step) -> str:
    return "\n".join([kind_of(step), *(f"{name}={value}" for name, value in described(step).items())])


def _said(step: Step) -> str:
    return next(iter(described(step).values()), "")
