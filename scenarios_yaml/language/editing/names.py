"""Names of steps and blocks in one file: which are taken, which is free, and all that refers to one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from msgspec import Struct

from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.editing.plain import CannotEditError, joined
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.editing.spans import find
from scenarios_yaml.language.model import Touched
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.scalars import is_slug
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, compose

_NUMBERED = re.compile(r"-\d+\Z")
LONGEST = 80
"""Characters of a name, as the reader has it."""


class Reference(Struct, frozen=True):
    """A scalar that names a step or block, and what it says when that has its new name."""

    place: str
    value: str
    is_condition: bool


def taken(root: Mapping) -> set[str]:
    """The names that a jump of the file could mean: ids of steps, and blocks. Told without the language's shapes, since
    every key press of a large file may ask: a mapping with a kind, an id and no label is a step."""
    found = {key.value for key, _ in _pairs_of(root, "blocks")}
    waiting: list[YamlNode] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += node.items
            continue
        if isinstance(node, Scalar):
            continue
        names = {key.value: value for key, value in node.pairs}
        name = names.get("id")
        if isinstance(name, Scalar) and "label" not in names and not KINDS.keys().isdisjoint(names):
            found.add(name.value)
        waiting += names.values()
    return found


def beside(root: Mapping, list_place: str) -> set[str]:
    """The ids of the answers of a list, the names of its variants: they differ among themselves only."""
    try:
        node = find(root, list_place).node
    except KeyError:
        return set()
    return set(filter(None, map(_own_name, node.items))) if isinstance(node, Sequence) else set()


def free(name: str, names: Collection[str]) -> str:
    """The name itself where nobody has it, else with the first free number: `letter-2`."""
    if name not in names:
        return name
    stem, number = _NUMBERED.sub("", name), 2
    while f"{stem[: LONGEST - 5]}-{number}" in names:
        number += 1
    return f"{stem[: LONGEST - 5]}-{number}"


def need_free(name: str, names: Collection[str]) -> None:
    """Raises CannotEditError where a step or block cannot have this name."""
    if not is_slug(name) or len(name) > LONGEST:
        raise CannotEditError(f"{quoted(name)} is no short name: small Latin letters, digits, - and _")
    if name in names:
        raise CannotEditError(f"{quoted(name)} is taken: a jump could not know which is meant")


def made_unique(
    text: str, node: Sequence, shape: Shape, names: Collection[str], siblings: Collection[str]
) -> tuple[str, Sequence]:
    """A list of items of this shape, with its text, such that none of its steps has one of `names`, and none of its
    items one of the siblings' names. Jumps inside it follow."""
    renamed: dict[str, str] = {}
    changes: list[tuple[Scalar, str]] = []
    used, used_beside = set(names), set(siblings)
    found = list(_declared(node, shape, ""))
    for _, mapping, kind in found:
        scalar = _scalar_of(mapping, "id") if kind.is_step else None
        if scalar is not None and scalar.value:
            new = free(scalar.value, used)
            used.add(new)
            if new != scalar.value:
                renamed.setdefault(scalar.value, new)
                changes.append((scalar, new))
    for item in node.items:
        scalar = _own_scalar(item) if not shape.item().is_step else None
        if scalar is not None and scalar.value:
            new = free(scalar.value, used_beside)
            used_beside.add(new)
            changes += [(scalar, new)] if new != scalar.value else []
    for _, mapping, _kind in found:
        target = _scalar_of(mapping, "jump")
        if target is not None and target.value in renamed:
            changes.append((target, renamed[target.value]))
    for scalar, new in sorted(changes, key=lambda change: -change[0].start):
        text = text[: scalar.start] + new + text[scalar.end :]
    again, problems = compose(text)
    if problems or not isinstance(again, Sequence):
        raise CannotEditError("this cannot stand in a list")
    return text, again


def references(root: Mapping, slug: str, name: str, new: str, *, is_block: bool) -> list[Reference]:
    """All that may name a step or a block of this file; `slug` is the file's own, for conditions that name it. Whether
    a place is one of the language must be looked at yet."""
    keys = ("jump", "call") if is_block else ("jump",)
    found = []
    waiting: list[tuple[str, YamlNode]] = [("", root)]
    while waiting:
        place, node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += [(joined(place, number), item) for number, item in enumerate(node.items)]
        elif isinstance(node, Mapping):
            for key, value in node.pairs:
                if key.value in keys and isinstance(value, Scalar) and value.value == name:
                    found.append(Reference(joined(place, key.value), new, is_condition=False))
                elif not isinstance(value, Scalar) or key.value == "not":
                    waiting.append((joined(place, key.value), value))
        elif not is_block and slug and _names_step(node.value, slug, name):
            pattern = rf"(?<![\w.-]){re.escape(f'{slug}.{name}')}(?![\w-])"
            line = re.sub(pattern, f"{slug}.{new}", node.value)
            found.append(Reference(place, line, is_condition=True))
    return found


def _names_step(line: str, slug: str, name: str) -> bool:
    if f"{slug}.{name}" not in line:
        return False
    try:
        leaf = parse_condition(line)
    except ConditionError:
        return False
    return isinstance(leaf, Touched) and (leaf.scenario, leaf.step) == (slug, name)


def _declared(node: YamlNode, shape: Shape, place: str) -> Iterator[tuple[str, Mapping, Shape]]:
    """Every mapping with keys of the language, in the order of the file."""
    if isinstance(node, Sequence):
        inner = shape.item()
        for number, item in enumerate(node.items):
            yield from _declared(item, inner, joined(place, number))
    elif isinstance(node, Mapping):
        if shape.is_declared:
            yield place, node, shape
        names = [key.value for key, _ in node.pairs]
        for key, value in node.pairs:
            if not isinstance(value, Scalar):
                yield from _declared(value, shape.below(key.value, names), joined(place, key.value))


def _pairs_of(root: Mapping, name: str) -> list[tuple[Scalar, YamlNode]]:
    node = next((value for key, value in root.pairs if key.value == name), None)
    return node.pairs if isinstance(node, Mapping) else []


def _scalar_of(node: YamlNode, name: str) -> Scalar | None:
    if not isinstance(node, Mapping):
        return None
    value = next((value for key, value in node.pairs if key.value == name), None)
    return value if isinstance(value, Scalar) else None


def _value_of(node: Mapping, name: str) -> str:
    scalar = _scalar_of(node, name)
    return scalar.value if scalar is not None else ""


def _own_scalar(item: YamlNode) -> Scalar | None:
    return _scalar_of(item, "id") or _scalar_of(item, "name")


def _own_name(item: YamlNode) -> str:
    scalar = _own_scalar(item)
    return scalar.value if scalar is not None else ""
