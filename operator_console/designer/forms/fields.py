"""What is asked of one place of a scenario: its fields, each with its kind, told by the keys of the language.

No list of keys stands here: a key that the language gets is a field from then on, and a test sees to it that it has
words. What is a row of the tree by itself (steps, answers, cases, conditions) is no field.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.language.editing.document import Document, Plain
from scenarios_yaml.language.editing.shapes import Shape, alternatives, shape_of_file
from scenarios_yaml.language.keys import (
    A_PARAMETER,
    PARAMETER,
    Described,
    ItemsKey,
    Key,
    Keys,
    ListKey,
    described,
)
from scenarios_yaml.language.step_parts import BranchKey
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode

FieldKind: TypeAlias = Literal[
    "text",  # for people: Liquid, by language
    "link",  # a text that is an address
    "words",  # a line that no visitor reads
    "slug",
    "tag",
    "event",
    "path",
    "writable_path",
    "file",
    "picture",
    "number",
    "share",
    "duration",
    "time",
    "moment",
    "schedule",
    "yes_or_no",
    "choice",  # one of `choices`; beside other kinds `choices` are what one may write, too
    "choices",  # several of `choices`
    "lines",  # a list of words, a line each
    "texts",  # a list of texts for people
    "value",  # anything: a number, a truth, a text, a list, a mapping
    "values",  # names and values, a line each
    "items",  # a list of mappings, each with a form of its own
    "condition",  # one line of the mini-language
    "conditions",  # a line each
    "answers",  # the labels of a question's answers, a line each
]

_BY_READER: dict[str, FieldKind] = {
    name: name  # the readers' names are those of the kinds
    for name in (
        "text", "link", "words", "slug", "tag", "event", "path", "writable_path", "file", "picture", "number", "share",
        "duration", "time", "moment", "schedule", "yes_or_no",
    )
}  # fmt: skip
_ROWS = ("condition", "conditions")
"""Readers of what stands in the tree as rows of its own."""


class Field(Struct, frozen=True):
    """One thing that is asked for. `place` is where its value stands or would stand, `value` None where it does not."""

    place: str
    name: str
    kind: FieldKind
    about: str
    """What the language says of it, in English: a text to be translated where it is shown."""
    needed: bool = False
    choices: tuple[str, ...] = ()
    value: Plain | None = None
    within: str = ""
    """The key in whose braces it stands (`button`), empty for what belongs to the place itself."""


def form_at(document: Document, place: str) -> tuple[Field, ...]:
    """The fields of a step, an answer, a trigger, the goal … in the order of the language; none where nothing is asked.

    The keys that every step has (id, comment, enabled) come last.
    """
    found = walk(document, place)
    if found is None:
        return ()
    node, shape = found
    if not isinstance(node, Mapping):
        return ()
    names = [key.value for key, _ in node.pairs]
    fields: list[Field] = []
    for name, key in shape.declared(names).items():
        if place or _declared_below(key) is None:  # goal, reentry and delivery are rows of the tree
            fields += key_fields(document, _joined(place, name), name, key, "")
    if shape.is_step:
        fields.sort(key=lambda field: field.name in ("id", "comment", "enabled") and not field.within)
    return tuple(fields)


def key_fields(document: Document, place: str, name: str, key: Key[Any], within: str) -> list[Field]:
    """The fields of one key at its place; `within` is the key in whose braces it stands."""
    inner = _declared_below(key)
    if inner is not None:
        return [
            field
            for below, part in inner.declared.items()
            for field in key_fields(document, _joined(place, below), below, part, name)
        ]
    if (ways := _declared_beside_a_word(key)) is not None:
        return _ways_of_waiting(document, place, name, ways)
    kind, choices = _kind_of(key)
    if kind is None:
        return []
    return [Field(place, name, kind, key.about, key.needed, choices, value_at(document, place), within)]


def _ways_of_waiting(document: Document, place: str, name: str, ways: dict[str, Key[Any]]) -> list[Field]:
    """`wait: 3d` is short for the first of its ways."""
    short = value_at(document, place)
    fields = [
        field
        for below, part in ways.items()
        for field in key_fields(document, _joined(place, below), below, part, name)
    ]
    if isinstance(short, str) and short:
        fields[0] = replace(fields[0], value=short)
    return fields


def _declared_beside_a_word(key: Key[Any]) -> dict[str, Key[Any]] | None:
    """The keys of a mapping in whose place a word may stand, too."""
    if isinstance(key, ListKey | BranchKey) or described(key.read).name:
        return None
    shape = Shape(alternatives(key))
    is_both = shape.is_declared and any("pattern" in way or "type" in way for way in shape.ways)
    return shape.declared(()) if is_both else None


def _declared_below(key: Key[Any]) -> type[Keys] | None:
    """The keys of the one mapping that stands under a key."""
    if isinstance(key, ListKey):
        return None
    kind = getattr(key, "kind", None)
    if isinstance(kind, type) and issubclass(kind, Keys):
        return kind
    schema = None if isinstance(key, BranchKey) else described(key.read).schema
    return schema if isinstance(schema, type) else None


def _kind_of(key: Key[Any]) -> tuple[FieldKind | None, tuple[str, ...]]:
    """None for what stands in the tree by itself."""
    if isinstance(key, BranchKey):
        return None, ()
    if isinstance(key, ItemsKey):
        return ("items" if _is_small(key.kind) else None), ()
    reader = described(key.read)
    if reader.name in _ROWS:
        return None, ()
    if isinstance(key, ListKey):
        return _kind_of_list(key, reader)
    if reader.name in _BY_READER:
        return _BY_READER[reader.name], ()
    shape = Shape(alternatives(key))
    choices = _choices_of(shape)
    kind = _kind_of_ways(shape)
    # `times` may be a number, too, and `from` a path: there the choices are no more than what one may write.
    return ("choice" if choices and not _takes_other_words(shape) else kind), choices


def _kind_of_list(key: ListKey[Any], reader: Described) -> tuple[FieldKind | None, tuple[str, ...]]:
    if isinstance(reader.schema, type):
        return ("items" if _is_small(reader.schema) else None), ()
    item = Shape(alternatives(key)).item()
    choices = _choices_of(item)
    if choices:
        return "choices", choices
    if item.is_declared or item.is_condition:
        return None, ()
    return ("texts" if reader.name == "text" else "lines"), ()


def _kind_of_ways(shape: Shape) -> FieldKind | None:
    types = {way.get("type") for way in shape.ways}
    if types & {"integer", "number"}:
        return "number"
    if "array" in types:
        return None
    if "object" in types:
        inner = shape.below("name")
        return None if inner.is_declared or any("items" in way for way in inner.ways) else "values"
    return "value" if shape.is_typed else "words"


def _is_small(keys: type[Keys]) -> bool:
    """Whether an item holds neither steps nor conditions: else it is a row of the tree."""
    return not any(
        isinstance(key, BranchKey) or (not isinstance(key, ItemsKey) and described(key.read).name in _ROWS)
        for key in keys.declared.values()
    )


def _choices_of(shape: Shape) -> tuple[str, ...]:
    return tuple(one for way in shape.ways for one in way.get("enum", ()) if isinstance(one, str))


def _takes_other_words(shape: Shape) -> bool:
    return any("enum" not in way and way not in (PARAMETER, A_PARAMETER) for way in shape.ways)


def walk(document: Document, place: str) -> tuple[YamlNode, Shape] | None:
    """The node at a place, and what may stand there; None where nothing does."""
    node: YamlNode | None = document.root
    if not isinstance(node, Mapping):
        return None
    shape = shape_of_file(is_segment=any(key.value == "segment" for key, _ in node.pairs))
    for part in place.split(".") if place else []:
        if isinstance(node, Sequence):
            inside = node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
            shape = shape.item()
        elif isinstance(node, Mapping):
            names = [key.value for key, _ in node.pairs]
            inside = next((value for key, value in node.pairs if key.value == part), None)
            shape = shape.below(part, names)
        else:
            inside = None
        if inside is None:
            return None
        node = inside
    return node, shape


def value_at(document: Document, place: str) -> Plain | None:
    """What stands at a place, None where nothing does."""
    try:
        return document.value(place)
    except KeyError:
        return None


def _joined(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name
