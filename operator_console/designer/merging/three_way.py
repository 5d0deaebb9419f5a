"""Three versions of what a file says, put together by places: what only one side changed is taken, where both changed
something it is a choice. Pure: values in, a value out.

A step is the same by its id wherever it stands, so that one side may move what the other changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from operator_console.designer.merging.lines import merge_lines
from operator_console.designer.merging.order import Item, in_order, joined_items
from operator_console.designer.merging.pairs import step_id, token
from scenarios_yaml.language.editing.plain import Plain, joined
from scenarios_yaml.language.steps import KINDS

Side: TypeAlias = Literal["mine", "theirs", "both"]
What: TypeAlias = Literal["value", "gone", "added", "order", "moved", "lines"]


class At(Struct, frozen=True):
    """Where a thing stands in each version; where it is missing, where it would."""

    base: str = ""
    mine: str = ""
    theirs: str = ""

    def below(self, part: str) -> At:
        """The place of a key below it."""
        return At(joined(self.base, part), joined(self.mine, part), joined(self.theirs, part))


class Choice(Struct, frozen=True):
    """Something that both sides changed, each in another way. `key` is the same whenever the same texts are merged.

    What: a `value`; `gone` on one side and changed on the other; items `added` at the same spot; the `order` of a list;
    a step `moved` to different places; `lines` of a file that cannot be read. A side is None where nothing is there.
    """

    key: str
    what: What
    at: At
    base: Plain | None
    mine: Plain | None
    theirs: Plain | None

    @property
    def may_both(self) -> bool:
        """Whether both can be kept."""
        return self.what in ("added", "lines")

    @property
    def usual(self) -> Side:
        """What is chosen until somebody chooses."""
        return "both" if self.what == "added" else "mine"


class Merged(Struct, frozen=True):
    """What the file is to say. `taken` counts the parts that only they changed."""

    value: Plain
    choices: tuple[Choice, ...]
    taken: int


def merge(base: Plain, mine: Plain, theirs: Plain, answers: Mapping[str, Side]) -> Merged:
    """Both changes of `base` in one. `answers` are by the choices' keys; what is missing is as usual."""
    # Which steps were moved is known when all lists have been gone through once.
    first = _Merging(base, mine, theirs, answers)
    first.value(base, mine, theirs, At())
    second = _Merging(base, mine, theirs, answers)
    second.came_mine, second.came_theirs = first.came_mine, first.came_theirs
    value = second.value(base, mine, theirs, At())
    merged = _once(value if value is not None else "", set())
    return Merged(merged, tuple(second.choices.values()), second.taken)


class _Merging:
    def __init__(self, base: Plain, mine: Plain, theirs: Plain, answers: Mapping[str, Side]) -> None:
        self._answers = answers
        self._base, self._mine, self._theirs = _steps(base), _steps(mine), _steps(theirs)
        self.choices: dict[str, Choice] = {}
        self.taken = 0
        self.came_mine: set[str] = set()
        self.came_theirs: set[str] = set()
        """Ids of steps that a side has brought into a list in which they did not stand before."""

    # --- Values ---

    def value(self, base: Plain | None, mine: Plain | None, theirs: Plain | None, at: At) -> Plain | None:
        """None where nothing is to be there."""
        if mine == theirs:
            return mine
        if base == theirs:
            return self._with_theirs_inside(mine)
        if base == mine:
            self.taken += 1
            return self._with_mine_inside(theirs)
        if isinstance(base, dict) and isinstance(mine, dict) and isinstance(theirs, dict):
            if not at.base or _kinds(base) == _kinds(mine) == _kinds(theirs):
                return self._mapping(base, mine, theirs, at)
        elif isinstance(base, list) and isinstance(mine, list) and isinstance(theirs, list):
            return self._list(base, mine, theirs, at)
        elif isinstance(base, str) and isinstance(mine, str) and isinstance(theirs, str):
            together = _text(base, mine, theirs)
            if together is not None:
                self.taken += 1
                return together
        what: What = "gone" if mine is None or theirs is None else "value"
        return self._chosen(Choice(_key(what, at), what, at, base, mine, theirs))

    def _mapping(
        self, base: dict[str, Plain], mine: dict[str, Plain], theirs: dict[str, Plain], at: At
    ) -> dict[str, Plain]:
        merged: dict[str, Plain] = {}
        for key in [*mine, *(key for key in theirs if key not in mine)]:
            value = self.value(base.get(key), mine.get(key), theirs.get(key), at.below(key))
            if value is not None:
                merged[key] = value
        return merged

    def _answer(self, choice: Choice) -> Side:
        self.choices[choice.key] = choice
        return self._answers.get(choice.key, choice.usual)

    def _chosen(self, choice: Choice) -> Plain | None:
        return choice.theirs if self._answer(choice) == "theirs" else choice.mine

    # --- Steps that stand elsewhere ---

    def _with_mine_inside(self, theirs: Plain | None) -> Plain | None:
        """A part of theirs, in which steps of it that I changed elsewhere are changed, too."""
        return self._inside(theirs, is_mine=False) if theirs is not None else None

    def _with_theirs_inside(self, mine: Plain | None) -> Plain | None:
        return self._inside(mine, is_mine=True) if mine is not None else None

    def _inside(self, value: Plain, *, is_mine: bool) -> Plain:
        if isinstance(value, dict):
            return {key: self._inside_or_moved(one, is_mine=is_mine) for key, one in value.items()}
        if isinstance(value, list):
            return [self._inside_or_moved(one, is_mine=is_mine) for one in value]
        return value

    def _inside_or_moved(self, value: Plain, *, is_mine: bool) -> Plain:
        moved = self._three_of(step_id(value))
        if moved is None:
            return self._inside(value, is_mine=is_mine)
        merged = self.value(*moved)
        return value if merged is None else merged

    def _three_of(self, name: str) -> tuple[Plain, Plain, Plain, At] | None:
        """A step in all three versions; None where one of them does not have it."""
        if not name or not (name in self._base and name in self._mine and name in self._theirs):
            return None
        (base, at_base), (mine, at_mine), (theirs, at_theirs) = (
            self._base[name],
            self._mine[name],
            self._theirs[name],
        )
        return base, mine, theirs, At(at_base, at_mine, at_theirs)

    # --- Lists ---

    def _list(self, base: list[Plain], mine: list[Plain], theirs: list[Plain], at: At) -> list[Plain]:
        items = joined_items(base, mine, theirs)
        left_out = self._left_out(items, mine, theirs, at)
        kept: dict[Item, Plain] = {}
        for item in items:
            value = None if item in left_out else self._item(item, base, mine, theirs, at)
            if value is not None:
                kept[item] = value
        order = in_order(items)
        if order is None:
            choice = Choice(_key("order", at), "order", at, base, mine, theirs)
            order = in_order(items, prefer=self._answer(choice))
        return [kept[item] for item in order or () if item in kept]

    def _left_out(self, items: Sequence[Item], mine: list[Plain], theirs: list[Plain], at: At) -> set[Item]:
        """Items that both have added at the same spot: whether one of them goes is a choice."""
        runs_mine, runs_theirs = _runs(items, "mine"), _runs(items, "theirs")
        left_out: set[Item] = set()
        for before in runs_mine.keys() & runs_theirs.keys():
            run, other = runs_mine[before], runs_theirs[before]
            spot = At(
                joined(at.base, before + 1),
                joined(at.mine, run[0].mine if run[0].mine is not None else 0),
                joined(at.theirs, other[0].theirs if other[0].theirs is not None else 0),
            )
            added: list[Plain] = [mine[item.mine] for item in run if item.mine is not None]
            brought: list[Plain] = [theirs[item.theirs] for item in other if item.theirs is not None]
            if any(step_id(one) in self._base for one in [*added, *brought]):
                continue
            answer = self._answer(Choice(_key("added", spot), "added", spot, None, added, brought))
            left_out |= set(other if answer == "mine" else run if answer == "theirs" else ())
        return left_out

    def _item(
        self, item: Item, base: list[Plain], mine: list[Plain], theirs: list[Plain], at: At
    ) -> Plain | None:
        old = base[item.base] if item.base is not None else None
        own = mine[item.mine] if item.mine is not None else None
        other = theirs[item.theirs] if item.theirs is not None else None
        places = At(
            joined(at.base, _number(item.base, item)),
            joined(at.mine, _number(item.mine, item)),
            joined(at.theirs, _number(item.theirs, item)),
        )
        if old is None:
            if own is not None and other is not None:
                return self.value(None, own, other, places)
            return self._came(own, is_mine=True) if own is not None else self._came(other, is_mine=False)
        if own is None and other is not None and step_id(other) in self._mine:
            return None  # I moved it: it is merged where it stands now
        if other is None and own is not None and step_id(own) in self._theirs:
            return None
        return self.value(old, own, other, places)

    def _came(self, value: Plain | None, *, is_mine: bool) -> Plain | None:
        """An item that only one side has in this list: new, or moved here."""
        if value is None:
            return None
        if not is_mine:
            self.taken += 1
        name = step_id(value)
        moved = self._three_of(name)
        if moved is None:
            if name in self._base:
                # One side moved what the other took away.
                base, at_base = self._base[name]
                own, theirs = (value, None) if is_mine else (None, value)
                at = At(
                    at_base,
                    self._mine.get(name, ("", at_base))[1],
                    self._theirs.get(name, ("", at_base))[1],
                )
                return self._chosen(Choice(_key("gone", at), "gone", at, base, own, theirs))
            return self._inside(value, is_mine=is_mine)
        (self.came_mine if is_mine else self.came_theirs).add(name)
        base, mine, theirs_value, at = moved
        if name in self.came_mine and name in self.came_theirs:
            choice = Choice(_key("moved", at), "moved", at, base, mine, theirs_value)
            if (self._answer(choice) == "theirs") == is_mine:
                return None
        return self.value(base, mine, theirs_value, at)


def _number(number: int | None, item: Item) -> int:
    """Its number, or one where it would stand."""
    if number is not None:
        return number
    return next((one for one in (item.base, item.mine, item.theirs) if one is not None), 0)


def _runs(items: Sequence[Item], side: Literal["mine", "theirs"]) -> dict[int, list[Item]]:
    """Items that only one side has, by the number in the base of the nearest one before that both have, or -1."""
    own = [item for item in items if (item.mine if side == "mine" else item.theirs) is not None]
    own.sort(key=lambda item: (item.mine if side == "mine" else item.theirs) or 0)
    runs: dict[int, list[Item]] = {}
    before = -1
    for item in own:
        if item.mine is not None and item.theirs is not None:
            before = item.base if item.base is not None else before
        elif item.base is None:
            runs.setdefault(before, []).append(item)
    return runs


def _key(what: What, at: At) -> str:
    return f"{what} {at.base} {at.mine} {at.theirs}"


def _kinds(value: Mapping[str, Plain]) -> frozenset[str]:
    """What kind of step, trigger or condition it is: one whose kind has changed is another thing."""
    if "label" in value:
        return frozenset()
    return frozenset(value.keys() & _ONE_OF)


_ONE_OF = frozenset(KINDS) | {
    "event",
    "inactive",
    "segment",
    "keyword",
    "schedule",
    "at",
    "all",
    "any",
    "not",
}


def _steps(value: Plain) -> dict[str, tuple[Plain, str]]:
    """All steps that have an id, with their places. An id that stands twice names none."""
    found: dict[str, tuple[Plain, str]] = {}
    twice: set[str] = set()
    for one, place in _within(value, ""):
        if name := step_id(one):
            if name in found:
                twice.add(name)
            found[name] = one, place
    return {name: one for name, one in found.items() if name not in twice}


def _once(value: Plain, seen: set[str]) -> Plain:
    """The value without a step that stands in it a second time, since the sides have moved it to different places."""
    if isinstance(value, dict):
        return {key: _once(one, seen) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    kept: list[Plain] = []
    for one in value:
        name = token(one) if step_id(one) else ""
        if name and name in seen:
            continue
        seen.add(name)
        kept.append(_once(one, seen))
    return kept


def _within(value: Plain, place: str) -> Iterator[tuple[Plain, str]]:
    yield value, place
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _within(one, joined(place, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _within(one, joined(place, number))


def _text(base: str, mine: str, theirs: str) -> str | None:
    """A text of several lines, where each side changed other lines of it; None where they clash."""
    if "\n" not in base:
        return None
    parts = (text.split("\n") for text in (base, mine, theirs))
    pieces = merge_lines(*parts, apart=True)
    if any(piece.is_clash for piece in pieces):
        return None
    return "\n".join(line for piece in pieces for line in piece.taken)
