"""The items of three versions of a list as one list: which is which, and in what order they stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from operator_console.designer.merging.pairs import pair_up, same_additions
from scenarios_yaml.language.editing.plain import Plain


class Item(NamedTuple):
    """Its number in each version; None where it is not there."""

    base: int | None
    mine: int | None
    theirs: int | None


def joined_items(base: Sequence[Plain], mine: Sequence[Plain], theirs: Sequence[Plain]) -> list[Item]:
    """Every item of the three, once."""
    to_mine, to_theirs = pair_up(base, mine), pair_up(base, theirs)
    items = [Item(number, to_mine.get(number), to_theirs.get(number)) for number in range(len(base))]
    new_mine = [n for n in range(len(mine)) if n not in set(to_mine.values())]
    new_theirs = [n for n in range(len(theirs)) if n not in set(to_theirs.values())]
    same = same_additions([mine[n] for n in new_mine], [theirs[n] for n in new_theirs])
    both = {new_mine[own]: new_theirs[other] for own, other in same.items()}
    items += [Item(None, number, both.get(number)) for number in new_mine]
    taken = set(both.values())
    items += [Item(None, None, number) for number in new_theirs if number not in taken]
    return items


def in_order(items: Sequence[Item], prefer: Literal["", "mine", "theirs", "both"] = "") -> list[Item] | None:
    """The items as they stand when both sides' changes are made. None where both have ordered them anew, each in
    another way, and `prefer` does not say whose order it is."""
    mine = sorted((item for item in items if item.mine is not None), key=lambda item: item.mine or 0)
    theirs = sorted((item for item in items if item.theirs is not None), key=lambda item: item.theirs or 0)
    kept = [item for item in items if None not in item]
    own = [item for item in mine if None not in item]
    other = [item for item in theirs if None not in item]
    if prefer == "theirs":
        return _with(theirs, mine)
    if prefer or other in (kept, own):
        return _with(mine, theirs)
    return _with(theirs, mine) if own == kept else None


def _with(order: list[Item], others: list[Item]) -> list[Item]:
    """The others put in, each behind the one that it stands behind on its own side."""
    order, there, beside = list(order), set(order), set(others)
    before = -1
    for item in others:
        if item in there:
            before = order.index(item)
            continue
        # What the first side has added here comes first.
        at = before + 1
        while at < len(order) and order[at].base is None and order[at] not in beside:
            at += 1
        order.insert(at, item)
        before = at
    return order
