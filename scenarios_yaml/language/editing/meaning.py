"""What a change is meant to make of what the file says: carried out on plain values, and compared with the new text."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from scenarios_yaml.language.editing.plain import Plain, inside, parent_and_last, plain
from scenarios_yaml.language.editing.recompose import Piece, Whole
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode


class Meant(Struct, frozen=True):
    """One change: `put` a value at a place, `drop` what is there, `insert` values into the list at `place`, or give
    a key another `name`."""

    what: Literal["put", "drop", "insert", "name"]
    place: str
    value: Plain = ""
    index: int = 0


def says(plan: Whole | Piece, before: YamlNode, meant: Meant) -> bool:
    """Whether the text after an edit says what it said before, but for what was meant."""
    if isinstance(plan, Whole):
        composed = plan.composed
        if composed.root is None or composed.problems:
            return False
        return _meant(plain(before), meant, meant.place, meant.index) == plain(composed.root)
    place = inside(plan.place, meant.place)
    if place is None or (not place and plan.place and meant.what != "insert"):
        return False
    index = meant.index
    if isinstance(plan.holder, Sequence):
        old: Plain = [plain(item) for item in plan.holder.items[plan.first : plan.last]]
        first, dot, rest = place.partition(".")
        place = f"{int(first) - plan.first}{dot}{rest}" if first else ""
        index = index if first else index - plan.first
        if first and not plan.first <= int(first.split(".")[0]) < plan.last:
            return False
    else:
        pairs = plan.holder.pairs[plan.first : plan.last]
        old = plain(Mapping(0, 0, False, pairs))
    return _meant(old, meant, place, index) == plain(plan.fresh)


def _meant(tree: Plain, meant: Meant, place: str, index: int) -> Plain:
    """The values after the change; they are changed in place."""
    parent, last = parent_and_last(place)
    if meant.what == "insert":
        holder = _at(tree, place)
        if isinstance(holder, list) and isinstance(meant.value, list) and 0 <= index <= len(holder):
            holder[index:index] = meant.value
            return tree
        return ""
    if not place:
        return meant.value if meant.what == "put" else ""
    holder = _at(tree, parent)
    if isinstance(holder, dict):
        _in_mapping(holder, last, meant)
    elif isinstance(holder, list) and int(last) < len(holder):
        if meant.what == "drop":
            del holder[int(last)]
        else:
            holder[int(last)] = meant.value
    return tree


def _in_mapping(holder: dict[str, Plain], last: str, meant: Meant) -> None:
    if meant.what == "drop":
        holder.pop(last, None)
    elif meant.what == "name" and isinstance(meant.value, str):
        holder[meant.value] = holder.pop(last)
    else:
        holder[last] = meant.value


def _at(tree: Plain, place: str) -> Plain:
    for part in place.split(".") if place else ():
        if isinstance(tree, dict) and part in tree:
            tree = tree[part]
        elif isinstance(tree, list) and int(part) < len(tree):
            tree = tree[int(part)]
        else:
            return ""
    return tree
