"""Pieces of a file as lines of their own: taken out with their comments, put elsewhere with another indentation."""

from __future__ import annotations

from msgspec import Struct

from scenarios_yaml.language.editing.lines import content_at, line_start, split_lines
from scenarios_yaml.language.editing.plain import CannotEditError, Plain, plain
from scenarios_yaml.language.editing.scalars import Raw
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.editing.spans import Found, end_of, span_of, start_of
from scenarios_yaml.language.editing.writing import Style, items
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, compose


class Fragment(Struct, frozen=True):
    """Items of a list as lines, their `-` in the first column, and what they say."""

    lines: list[str]
    values: list[Plain]


def fragment_of(text: str, found: Found, shape: Shape, style: Style) -> Fragment:
    """The item of a list that stands at a place, with its comments."""
    if found.in_flow:
        return Fragment(items([raw(text, found.node)], _as_list(shape), style, 0), [plain(found.node)])
    return Fragment(lines_of(text, found), [plain(found.node)])


def lines_of(text: str, found: Found) -> list[str]:
    """The lines of an item or a pair, indented from the first column on."""
    start, end = span_of(text, found)
    column = start_of(text, found)
    column -= line_start(text, column)
    gap = " " * (start - line_start(text, start))
    return shifted(split_lines(gap + text[start:end]), -column)


def parsed(text: str, shape: Shape, style: Style) -> tuple[str, Sequence]:
    """A fragment that somebody has copied, as a list with positions, and the text that these refer to.

    One mapping is one item. Raises CannotEditError where it is nothing that could stand in a list.
    """
    body = "\n".join(split_lines(text.removeprefix("\ufeff"))) + "\n"
    node, problems = compose(body)
    if problems or node is None:
        raise CannotEditError(f"this cannot be read: {problems[0].message if problems else 'it is empty'}")
    if not isinstance(node, Sequence) or node.flow:
        values = node.items if isinstance(node, Sequence) else [node]
        lines = items([raw(body, one) for one in values], _as_list(shape), style, 0)
        if isinstance(node, Mapping) and not node.flow:
            lines = [
                "- " + line if n == 0 else "  " + line if line else ""
                for n, line in enumerate(_dedented(body, node))
            ]
        body = "\n".join(lines) + "\n"
        node, problems = compose(body)
    if problems or not isinstance(node, Sequence):
        raise CannotEditError("this cannot stand in a list")
    return body, node


def fragment_of_list(text: str, node: Sequence) -> Fragment:
    """A whole text that is a list, as a fragment."""
    lines = shifted(split_lines(text), -(node.column - 1))
    return Fragment(lines, [plain(item) for item in node.items])


def _dedented(body: str, node: Mapping) -> list[str]:
    first = line_start(body, node.start)
    return shifted(split_lines(body[first:]), -(node.column - 1))


def shifted(lines: list[str], by: int) -> list[str]:
    """The lines indented by so many columns more, or less; a line that has fewer loses what it has."""
    if by >= 0:
        return [" " * by + line if line else "" for line in lines]
    return [line[min(-by, content_at(line, 0)) :] if line else "" for line in lines]


def raw(text: str, node: YamlNode) -> Plain:
    """What a node says, its words of one line just as they are written."""
    if isinstance(node, Sequence):
        return [raw(text, item) for item in node.items]
    if isinstance(node, Mapping):
        return {key.value: raw(text, value) for key, value in node.pairs}
    source = text[node.start : end_of(text, node)]
    return (
        Raw(source)
        if source and node.style not in ("|", ">") and "\n" not in source and "\r" not in source
        else node.value
    )


def has_comments(text: str, node: YamlNode) -> bool:
    """Whether a comment stands inside the braces or brackets of a node."""
    rest = text[node.start : end_of(text, node)]
    for scalar in reversed(_scalars(node)):
        rest = rest[: scalar.start - node.start] + rest[scalar.end - node.start :]
    return "#" in rest


def _scalars(node: YamlNode) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [scalar for item in node.items for scalar in _scalars(item)]
    return [scalar for key, value in node.pairs for scalar in (key, *_scalars(value))]


def _as_list(item: Shape) -> Shape:
    """The shape of a list of which the items have this shape."""
    return _ListOf(item)


class _ListOf(Shape):
    def __init__(self, inner: Shape) -> None:
        super().__init__()
        self._inner = inner

    def item(self) -> Shape:
        return self._inner
