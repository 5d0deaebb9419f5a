"""What would be wrong with a form's values, told while one types: they are tried in a small file of its own.

Of the whole scenario only what stands on the way to the place is kept, with what the place may name. So a look costs
as much in a file of 2,000 steps as in one of two. What only the whole file can tell (a loop without a pause) is told by
the tree, after the form.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from operator_console.designer.forms.changing import put_value
from operator_console.designer.forms.fields import Field, value_at
from operator_console.language_words import from_language, told
from scenarios_yaml.language.editing.document import CannotEditError, Document, Plain
from scenarios_yaml.language.editing.plain import plain
from scenarios_yaml.language.editing.shapes import Shape, shape_of_file
from scenarios_yaml.language.keys import Key
from scenarios_yaml.language.step_parts import BranchKey
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode

_FILLER: Plain = {"note": "…"}


class Wrong(Struct, frozen=True):
    """One thing that is wrong. `place` is that of a field, or of the whole form."""

    place: str
    words: str


class Trial:
    """Made of a document and the place of a form; `targets` are ids and blocks of the file that a jump may name."""

    def __init__(self, document: Document, place: str, targets: Iterable[str] = ()) -> None:
        self._targets = frozenset(targets)
        self.place = place
        self._text, self._there = document.text, place
        if document.root is not None and place:
            with suppress(CannotEditError, KeyError):  # then it is tried in the whole file
                value, way = _around(document.root, shape_of_file(is_segment=False), place.split("."))
                self._text, self._there = _written(value), ".".join(way)
        self._before = {told(problem) for problem in Document(self._text).reading.errors}

    def document(self, changes: Iterable[tuple[Field, Plain | None]]) -> tuple[Document, str, list[Wrong]]:
        """The small file with these values in it, the place of the form there, and what could not be put in."""
        tried, wrong = Document(self._text), []
        for field, value in changes:
            there = self._moved(field.place)
            try:
                put_value(tried, replace(field, place=there, value=value_at(tried, there)), value)
            except CannotEditError as error:
                wrong.append(Wrong(field.place, from_language(str(error))))
        return tried, self._there, wrong

    def wrong(self, changes: Iterable[tuple[Field, Plain | None]]) -> tuple[Wrong, ...]:
        """What is wrong with these values that was not wrong before, in the order of the file."""
        changes = list(changes)
        tried, _place, wrong = self.document(changes)
        self._name_targets(tried, changes)
        places = tried.problems_at()
        for place, problems in places.items():
            wrong += [
                Wrong(self._back(place), told(problem))
                for problem in problems
                if problem.severity == "error" and told(problem) not in self._before
            ]
        return tuple(wrong)

    def _name_targets(self, tried: Document, changes: Iterable[tuple[Field, Plain | None]]) -> None:
        """Puts in what a changed value names, so that a jump there leads somewhere."""
        named = {
            value for field, value in changes if isinstance(value, str) and field.name in ("jump", "call")
        }
        for name in sorted(named & self._targets):
            try:
                tried.value(f"blocks.{name}")
            except KeyError:
                tried.put(f"blocks.{name}", [_FILLER])

    def _moved(self, place: str) -> str:
        return self._there + place.removeprefix(self.place) if self.place else place

    def _back(self, place: str) -> str:
        if not self.place:
            return place
        return self.place + place.removeprefix(self._there) if place.startswith(self._there) else self.place


def _around(node: YamlNode, shape: Shape, way: list[str]) -> tuple[Plain, list[str]]:
    """What stands at a node, of its steps only the one on the way; and the way there then."""
    if not way:
        return _bare(node, shape), []
    part, *rest = way
    if isinstance(node, Sequence):
        number, item = int(part), shape.item()
        there, deeper = _around(node.items[number], item, rest)
        if item.is_step:
            return [there], ["0", *deeper]
        beside: list[Plain] = [_bare(one, item) for one in node.items]
        beside[number] = there
        return beside, [part, *deeper]
    if not isinstance(node, Mapping):
        raise KeyError(part)
    names = [key.value for key, _value in node.pairs]
    declared = shape.declared(names)
    values: dict[str, Plain] = {}
    found: list[str] | None = None
    for key, value in node.pairs:
        below = shape.below(key.value, names)
        if key.value == part:
            values[part], found = _around(value, below, rest)
        elif declared:
            _put_bare(values, key.value, value, below, declared)
    if found is None:
        raise KeyError(part)
    return values, [part, *found]


def _bare(node: YamlNode, shape: Shape) -> Plain:
    """What stands at a node, with one step in place of each list of them."""
    if isinstance(node, Mapping):
        names = [key.value for key, _value in node.pairs]
        declared = shape.declared(names)
        values: dict[str, Plain] = {}
        for key, value in node.pairs:
            _put_bare(values, key.value, value, shape.below(key.value, names), declared)
        return values
    if isinstance(node, Sequence):
        return [_bare(item, shape.item()) for item in node.items]
    return plain(node)


def _put_bare(
    values: dict[str, Plain], name: str, node: YamlNode, shape: Shape, declared: dict[str, Key[Any]]
) -> None:
    if shape.item().is_step or isinstance(declared.get(name), BranchKey):
        values[name] = [_FILLER]
    elif name != "blocks":
        values[name] = _bare(node, shape)


def _written(value: Plain) -> str:
    """The small file as YAML."""
    document = Document("scenario: trial\ntitle: trial\n")
    for name, one in value.items() if isinstance(value, dict) else ():
        document.put(name, one)
    return document.text
