"""Which item of a list is which item of another version of it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import SequenceMatcher

from scenarios_yaml.language.editing.plain import Plain
from scenarios_yaml.language.steps import KINDS


def pair_up(before: Sequence[Plain], after: Sequence[Plain]) -> dict[int, int]:
    """The numbers of items that are the same, from the one list to the other.

    By their names first; then those that say the same, in their order; then those of a kind between the same
    neighbours; then those that say the same elsewhere.
    """
    pairs = _by_name(before, after)
    taken = set(pairs.values())
    tokens_before = [f"={pairs[n]}" if n in pairs else token(item) for n, item in enumerate(before)]
    tokens_after = [f"={n}" if n in taken else token(item) for n, item in enumerate(after)]
    matcher = SequenceMatcher(None, tokens_before, tokens_after, autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            pairs.update(zip(range(a, b), range(c, d), strict=True))
        elif what == "replace":
            taken = set(pairs.values())
            here = [n for n in range(a, b) if n not in pairs]
            there = [n for n in range(c, d) if n not in taken]
            pairs.update(_alike(before, after, here, there))
    _equal_elsewhere(pairs, tokens_before, tokens_after)
    return pairs


def same_additions(mine: Sequence[Plain], theirs: Sequence[Plain]) -> dict[int, int]:
    """The numbers of items that both have added: those of one name, and those that say the same."""
    pairs = _by_name(mine, theirs)
    _equal_elsewhere(pairs, [token(item) for item in mine], [token(item) for item in theirs])
    return pairs


def name_of(item: Plain) -> str:
    """By what an item is known in its list, whatever else it says; empty where it has no name."""
    if not isinstance(item, dict):
        return ""
    for key in ("id", "save_to", "name", "label", "test"):
        name = item.get(key)
        if isinstance(name, str) and name:
            return f"{key}:{name}"
    return ""


def step_id(item: Plain) -> str:
    """The id of a step, by which it is known wherever it stands; empty of anything else."""
    if not isinstance(item, dict) or "label" in item or KINDS.keys().isdisjoint(item):
        return ""
    name = item.get("id", "")
    return name if isinstance(name, str) else ""


def token(item: Plain) -> str:
    """What an item says, as one word."""
    return json.dumps(item, sort_keys=True, ensure_ascii=False)


def _by_name(before: Sequence[Plain], after: Sequence[Plain]) -> dict[int, int]:
    """Items whose name stands once in each list."""
    here, there = _names(before), _names(after)
    return {
        numbers[0]: there[name][0]
        for name, numbers in here.items()
        if len(numbers) == 1 and len(there.get(name, ())) == 1
    }


def _names(items: Sequence[Plain]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        if name := name_of(item):
            found.setdefault(name, []).append(number)
    return found


def _alike(
    before: Sequence[Plain], after: Sequence[Plain], here: list[int], there: list[int]
) -> dict[int, int]:
    """In their order: steps of the same kind; words, where there are as many as before."""
    pairs: dict[int, int] = {}
    as_many = len(here) == len(there)
    rest = there
    for number in here:
        item = before[number]
        found = next((at for at, other in enumerate(rest) if _is_alike(item, after[other], as_many)), None)
        if found is not None:
            pairs[number] = rest[found]
            rest = rest[found + 1 :]
    return pairs


def _is_alike(one: Plain, other: Plain, as_many: bool) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        if step_id(one) and step_id(other):
            return False
        kinds = one.keys() & KINDS.keys()
        return kinds == other.keys() & KINDS.keys() and not one.keys().isdisjoint(other)
    return as_many and isinstance(one, str) and isinstance(other, str)


def _equal_elsewhere(pairs: dict[int, int], before: list[str], after: list[str]) -> None:
    """What says the same was moved within its list."""
    taken = set(pairs.values())
    left: dict[str, list[int]] = {}
    for number, said in enumerate(after):
        if number not in taken:
            left.setdefault(said, []).append(number)
    for number, said in enumerate(before):
        if number not in pairs and left.get(said):
            pairs[number] = left[said].pop(0)
