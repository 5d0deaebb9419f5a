"""What a change is meant to make of what the file says: carried out on plain values, and compared with the new text."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from scenarios_yaml.language.editing.plain import Plain, inside, plain
from scenarios_yaml.language.editing.recompose import Piece, Whole
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode


class Meant(Struct, frozen=True):
    """One change: `put` a value at a place, `drop` what is there, `insert` values into the list at `place`, or give
    a key another `name`."""

    what: Literal["put", "drop", "insert", "name"]
    place: str
    value: Plain = ""
    index: int = 0


def says(plan: Whole | Piece, before: YamlNode, meant: Meant, *, ends_open: bool) -> bool:
    """Whether the text after an edit says what it said before, but for what was meant.

    `ends_open`: the text had no line break at its end. A text in `|` there gets its own by whatever comes below.
    """
    if isinstance(plan, Whole):
        composed = plan.composed
        if composed.root is None or composed.problems:
            return False
        wanted, found = _meant(plain(before), meant, meant.place, meant.index), plain(composed.root)
        return _same(wanted, found, ends_open)
    place = inside(plan.place, meant.place)
    if place is None or (not place and plan.place and meant.what != "insert"):
        return False
    index = meant.index
    if isinstance(plan.holder, Sequence):
        old: Plain = [plain(item) for item in plan.holder.items[plan.first : plan.last]]
        first, dot, rest = place.partition(".")
        if first and not plan.first <= int(first) < plan.last:
            return False
        place = f"{int(first) - plan.first}{dot}{rest}" if first else ""
        index = index if first else index - plan.first
    else:
        old = plain(Mapping(0, 0, False, plan.holder.pairs[plan.first : plan.last]))
    return _same(_meant(old, meant, place, index), plain(plan.fresh), ends_open)


def _same(wanted: Plain, found: Plain, ends_open: bool) -> bool:
    if wanted == found or not ends_open:
        return wanted == found
    if isinstance(wanted, str) and isinstance(found, str):
        return wanted.rstrip("\n") == found.rstrip("\n")
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(
            _same(a, b, True) for a, b in zip(wanted, found, strict=True)
        )
    if isinstance(wanted, dict) and isinstance(found, dict):
        return wanted.keys() == found.keys() and all(
            _same(wanted[name], found[name], True) for name in wanted
        )
    return False


def _meant(tree: Plain, meant: Meant, place: str, index: int) -> Plain:
    """The values after the change; they are changed in place."""
    if meant.what == "insert":
        holder, rest = _holder(tree, place, whole=True)
        if not rest and isinstance(holder, list) and isinstance(meant.value, list):
            holder[index:index] = meant.value
            return tree
        return ""
    if not place:
        return meant.value if meant.what == "put" else ""
    holder, last = _holder(tree, place)
    if isinstance(holder, dict):
        _in_mapping(holder, last, meant)
    elif isinstance(holder, list) and last.isdigit() and int(last) < len(holder):
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


def _holder(tree: Plain, place: str, *, whole: bool = False) -> tuple[Plain, str]:
    """What holds the last part of a place, and that part; with `whole` what stands at the place, and nothing."""
    rest = place.split(".") if place else []
    while rest:
        count = _parts_of_key(tree, rest)
        if not count or (count == len(rest) and not whole):
            break
        name = ".".join(rest[:count])
        tree = tree[name] if isinstance(tree, dict) else tree[int(name)]
        rest = rest[count:]
    return tree, ".".join(rest)


def _parts_of_key(tree: Plain, rest: list[str]) -> int:
    """How many parts of a place are the key of what stands there; 0 where nothing does."""
    if isinstance(tree, list):
        return int(rest[0].isdigit() and int(rest[0]) < len(tree))
    if isinstance(tree, dict):
        return next((n for n in range(len(rest), 0, -1) if ".".join(rest[:n]) in tree), 0)
    return 0
