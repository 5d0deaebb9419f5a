"""All that is asked of a place: its own fields, and in lines of words what the tree shows as rows below it.

So that conditions and answers can be typed in one go; each is a row of the tree afterwards. What is no plain line
(conditions in groups) stays in the tree alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from operator_console.designer.forms.fields import Field, form_at, key_fields, value_at, walk
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.keys import ItemsKey, Key, Keys, ListKey, described
from scenarios_yaml.language.step_parts import EVERY_STEP, BranchKey
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar


def whole_form(document: Document, place: str) -> tuple[Field, ...]:
    """The fields of a place in the order of the language; of a line (a condition, a share of visitors) just that line.
    None where nothing is asked.
    """
    found = walk(document, place)
    if found is None:
        return ()
    node, shape = found
    if isinstance(node, Scalar):
        return _line(document, place, node, shape)
    if not isinstance(node, Mapping):
        return ()
    names = [key.value for key, _value in node.pairs]
    order = list(shape.declared(names)) if place else []
    fields = form_at(document, place)
    if place:
        fields += tuple(_rows(document, place, shape, names))
    return tuple(sorted(fields, key=lambda field: _position(field, place, order, shape)))


def _line(document: Document, place: str, node: Scalar, shape: Shape) -> tuple[Field, ...]:
    """The field of a condition, or of a key of the head that holds a word."""
    if shape.is_condition:
        return (Field(place, "condition", "condition", "", True, (), node.value),)
    above, _dot, name = place.rpartition(".")
    holder = walk(document, above)
    key = holder[1].declared([name]).get(name) if holder is not None else None
    return () if key is None else tuple(key_fields(document, place, name, key, ""))


def _rows(document: Document, place: str, shape: Shape, names: list[str]) -> Iterator[Field]:
    """Conditions and answers, which are rows of the tree, too."""
    for name, key in shape.declared(names).items():
        at = f"{place}.{name}"
        if _is_conditions(key):
            yield from _conditions(document, at, name, key, "")
        elif isinstance(kind := getattr(key, "kind", None), type) and issubclass(kind, Keys):
            if isinstance(key, ItemsKey):
                if name == "options":
                    yield Field(at, name, "answers", key.about, False, (), value_at(document, at))
                continue
            for below, part in kind.declared.items():
                if _is_conditions(part):
                    yield from _conditions(document, f"{at}.{below}", below, part, name)


def _conditions(document: Document, at: str, name: str, key: Key[object], within: str) -> Iterator[Field]:
    value = value_at(document, at)
    if value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        yield Field(at, name, "conditions", key.about, key.needed, (), value, within)


def _is_conditions(key: Key[object]) -> bool:
    return (
        not isinstance(key, BranchKey | ItemsKey | ListKey)
        and hasattr(key.read, "__dict__")
        and ("described" in key.read.__dict__ and described(key.read).name == "conditions")
    )


def _position(field: Field, place: str, order: list[str], shape: Shape) -> tuple[bool, int, bool]:
    """Where a field stands: what every step has comes last, conditions on an event behind what there is of it."""
    name = field.place.removeprefix(f"{place}.").partition(".")[0]
    is_last = shape.is_step and field.name in EVERY_STEP and not field.within
    is_behind = field.kind == "conditions" and bool(field.within)
    return is_last, order.index(name) if name in order else -1, is_behind
