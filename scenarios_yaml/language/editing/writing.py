"""Values as lines of YAML, as a careful person would write them where they are put.

Block style; short flat mappings and lists of words inline, where the language has them so; indentation and lists as in
the rest of the file.
"""

from __future__ import annotations

from msgspec import Struct

from scenarios_yaml.language.editing.plain import Plain
from scenarios_yaml.language.editing.scalars import as_lines, written
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

WIDEST = 100
"""Columns that a mapping or list in one line may take."""


class Style(Struct, frozen=True):
    """How the rest of the file is laid out: columns by which a mapping, a list, and what follows a `-` are indented."""

    mapping: int = 2
    list: int = 2
    item: int = 2


def style_of(root: YamlNode | None) -> Style:
    """The layout of a file, by the first mapping, list and item of it that show it."""
    mapping = lists = item = None
    waiting: list[YamlNode] = [root] if root is not None else []
    seen = 0
    while waiting and seen < 500 and None in (mapping, lists, item):
        node, seen = waiting.pop(0), seen + 1
        if isinstance(node, Scalar) or node.flow:
            continue
        if isinstance(node, Sequence):
            inner = next((one for one in node.items if isinstance(one, Mapping) and not one.flow), None)
            item = item or (inner.column - node.column if inner is not None else None)
            waiting += node.items
            continue
        for key, value in node.pairs:
            deeper = value.column - key.column
            if isinstance(value, Sequence) and not value.flow and value.line > key.line:
                lists = deeper if lists is None else lists
            elif isinstance(value, Mapping) and not value.flow and value.line > key.line:
                mapping = mapping or deeper
            waiting.append(value)
    mapping = mapping or 2
    return Style(mapping, mapping if lists is None else lists, item or 2)


def flow(value: Plain, shape: Shape) -> str:
    """The value on one line, in braces and brackets."""
    if isinstance(value, str):
        return written(value, shape, flow=True)
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, shape.item()) for item in value) + "]"
    pairs = (f"{_key(name)}: {flow(value[name], shape.below(name, value))}" for name in shape.order(value))
    return "{" + ", ".join(pairs) + "}"


def inline(value: Plain, shape: Shape, room: int) -> str | None:
    """The value as it stands behind its key on the same line; None where it takes lines of its own. `room` is how
    many columns there are."""
    if isinstance(value, str):
        return None if text_lines(value, shape, room) else written(value, shape)
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return flow(value, shape) if _is_inline(value, shape, room) else None


def text_lines(value: str, shape: Shape, room: int) -> list[str] | None:
    """A text of several lines, or a long note, as the header of a block and its lines; None where it stands on one."""
    if shape.is_note and len(value) > room and "\n" not in value:
        return as_lines(value, folded=True)
    return as_lines(value)


def _is_inline(value: list[Plain] | dict[str, Plain], shape: Shape, room: int) -> bool:
    if isinstance(value, list):
        if not shape.is_inline_list or not all(isinstance(item, str) and "\n" not in item for item in value):
            return False
    elif not shape.is_inline_mapping or not all(
        _is_flat(one, shape.below(name, value)) for name, one in value.items()
    ):
        return False
    return len(flow(value, shape)) <= room


def _is_flat(value: Plain, shape: Shape) -> bool:
    if isinstance(value, list):
        return shape.is_inline_list and all(isinstance(item, str) and "\n" not in item for item in value)
    return isinstance(value, str) and "\n" not in value


def behind_key(value: Plain, shape: Shape, style: Style, column: int, used: int) -> list[str]:
    """What follows `key:` of a key at `column` (from 0): the rest of its line, with its space, and the lines below.

    `used` is how many columns the line has taken.
    """
    return _behind(value, shape, style, used, column + style.mapping, column + style.list)


def behind_dash(value: Plain, shape: Shape, style: Style, column: int) -> list[str]:
    """What follows the `-` of an item at `column` (from 0): the rest of its line, and the lines below."""
    gap, inner = " " * (style.item - 1), column + style.item
    if isinstance(value, dict) and value and inline(value, shape, WIDEST - inner) is None:
        lines = pairs(value, shape, style, inner)
        return [gap + lines[0][inner:], *lines[1:]]
    if isinstance(value, list) and value and inline(value, shape, WIDEST - inner) is None:
        lines = items(value, shape, style, inner)
        return [gap + lines[0][inner:], *lines[1:]]
    first, *more = _behind(value, shape, style, inner, column + style.mapping, inner)
    return [gap + first[1:] if first else first, *more]


def _behind(value: Plain, shape: Shape, style: Style, used: int, text_at: int, list_at: int) -> list[str]:
    one_line = inline(value, shape, WIDEST - used - 1)
    if one_line is not None:
        return [f" {one_line}" if one_line else ""]
    if isinstance(value, str):
        header, *lines = text_lines(value, shape, WIDEST - used - 1) or [""]
        return [f" {header}", *(" " * text_at + line if line else "" for line in lines)]
    if isinstance(value, list):
        return ["", *items(value, shape, style, list_at)]
    return ["", *pairs(value, shape, style, text_at)]


def pairs(value: dict[str, Plain], shape: Shape, style: Style, column: int) -> list[str]:
    """A mapping as lines, its keys at `column`, in the order of the language."""
    lines: list[str] = []
    for name in shape.order(value):
        lines += pair(name, value[name], shape.below(name, value), style, column)
    return lines


def pair(name: str, value: Plain, shape: Shape, style: Style, column: int) -> list[str]:
    """One key with its value as lines."""
    opening = " " * column + _key(name) + ":"
    first, *more = behind_key(value, shape, style, column, len(opening))
    return [opening + first, *more]


def items(value: list[Plain], shape: Shape, style: Style, column: int) -> list[str]:
    """A list as lines, its `-` at `column`."""
    lines: list[str] = []
    for one in value:
        first, *more = behind_dash(one, shape.item(), style, column)
        lines += [" " * column + "-" + first, *more]
    return lines


_NAME = Shape()


def _key(name: str) -> str:
    return written(name, _NAME, flow=True)
