"""The one edit of a text that a change means: a value replaced, a key added, an item put in, either taken away.

All work on the nodes of the text and change nothing. Who carries an edit out checks that it says what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from scenarios_yaml.language.editing.fragments import Fragment, shifted
from scenarios_yaml.language.editing.lines import (
    content_at,
    is_blank,
    line_end,
    line_start,
    newline_of,
    next_line,
)
from scenarios_yaml.language.editing.plain import CannotEditError, Plain
from scenarios_yaml.language.editing.recompose import Edit
from scenarios_yaml.language.editing.scalars import as_lines
from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.editing.spans import (
    Found,
    begins_line,
    children,
    end_of,
    end_of_pair,
    span_of,
    start_of,
)
from scenarios_yaml.language.editing.writing import Style, behind_dash, behind_key, flow, items, pair
from scenarios_yaml.language.yaml_nodes import Scalar

Behind: TypeAlias = Callable[[bool, int, int], list[str]]
"""What follows a key (True) or a `-` (False) at a column, of which the line has so many used: the rest of the line,
and the lines below."""

_HEADER_COMMENT = re.compile(r"\s#.*")


def value_behind(value: Plain, shape: Shape, style: Style) -> Behind:
    """A value as what follows its key or its `-`."""

    def behind(is_key: bool, column: int, used: int) -> list[str]:
        if is_key:
            return behind_key(value, shape, style, column, used)
        return behind_dash(value, shape, style, column)

    return behind


def list_behind(fragment: Fragment, style: Style) -> Behind:
    """The items of a fragment as the list that follows a key."""

    def behind(is_key: bool, column: int, used: int) -> list[str]:  # noqa: ARG001
        if not is_key:
            raise CannotEditError("a list inside a list cannot be filled here")
        return ["", *shifted(fragment.lines, column + style.list)]

    return behind


# --- A value ------------------------------------------------------------------------------------------------


def in_braces(text: str, found: Found, value: Plain, shape: Shape) -> Edit:
    """Replaces a value that stands in braces or brackets."""
    node = found.node
    new = flow(value, shape)
    if isinstance(node, Scalar) and node.is_empty and found.key is not None:
        colon = ":" in text[found.key.end : node.start]
        return Edit(
            node.start,
            node.start,
            (new if text[node.start - 1] == " " else f" {new}") if colon else f": {new}",
        )
    return Edit(node.start, end_of(text, node), new)


def value_edit(text: str, found: Found, behind: Behind) -> Edit:
    """Replaces the value of a key or an item in block style. What was commented behind it stays, where it can."""
    opener, column, used = _opener(text, found)
    first, *more = behind(found.key is not None, column, used)
    node = found.node
    old_end = max(_before_break(text, end_of(text, node)), opener)
    lines = "".join(newline_of(text) + line for line in more)
    if isinstance(node, Scalar) and node.style in ("|", ">"):
        comment = _HEADER_COMMENT.search(text[node.start : line_end(text, node.start)])
        return Edit(opener, old_end, first + (comment.group() if comment else "") + lines)
    on_same_line = line_start(text, node.start) == line_start(text, opener)
    if not isinstance(node, Scalar) and not node.flow:
        kept = "" if on_same_line else text[opener : line_end(text, opener)].rstrip()
        return Edit(opener, line_end(text, old_end), first + kept + lines)
    if not on_same_line:
        kept = text[opener : line_end(text, opener)].rstrip()
        return Edit(opener, line_end(text, old_end) if more else old_end, first + kept + lines)
    gap = text[opener : node.start] if not (isinstance(node, Scalar) and node.is_empty) else ""
    first = (gap or " ") + first.lstrip(" ") if first.strip(" ") else ""
    if not more:
        return Edit(opener, old_end, first)
    kept = text[old_end : line_end(text, old_end)].rstrip()
    return Edit(opener, line_end(text, old_end), first + kept + lines)


def _before_break(text: str, at: int) -> int:
    """The end of the line that ends at `at` with its break; `at` itself inside a line."""
    if at and text[at - 1] in "\r\n":
        return at - (2 if text.startswith("\r\n", at - 2) else 1)
    return at


def _opener(text: str, found: Found) -> tuple[int, int, int]:
    """Behind a colon or `-`; the column of the key or the `-`; and how much of the line is used."""
    start = start_of(text, found)
    column = start - line_start(text, start)
    if found.key is None:
        return start + 1, column, column + 1
    colon = text.index(":", found.key.end) + 1
    return colon, found.key.column - 1, colon - line_start(text, colon)


def below_key(name: str, behind: Behind, style: Style) -> Behind:
    """A mapping of one key as what follows its own key."""

    def outer(is_key: bool, column: int, used: int) -> list[str]:  # noqa: ARG001
        at = column + (style.mapping if is_key else style.item)
        opening = " " * at + f"{name}:"
        first, *more = behind(True, at, len(opening))
        return ["", opening + first, *more]

    return outer


def folded_behind(value: str, style: Style) -> Behind | None:
    """A text as it follows its key in `>-`; None where it cannot be folded."""
    lines = as_lines(value, folded=True)
    if lines is None:
        return None
    header, *body = lines

    def behind(is_key: bool, column: int, used: int) -> list[str]:  # noqa: ARG001
        return [f" {header}", *shifted(body, column + style.mapping)]

    return behind


# --- A key more ---------------------------------------------------------------------------------------------


def key_edit(
    text: str, found: Found, name: str, value: Plain, shape: Shape, style: Style, behind: Behind
) -> Edit:
    """Adds a key to a mapping, where the order of the language has it."""
    mapping = found.mapping
    names = [key.value for key, _ in mapping.pairs]
    before = shape.before(name, names)
    above = next((one for one in reversed(children(found)) if one.key and one.key.value in before), None)
    if mapping.flow:
        return _key_in_braces(text, found, above, f"{name}: {flow(value, shape.below(name, [*names, name]))}")
    column = mapping.pairs[0][0].column - 1
    opening = pair(name, "", _NOTHING, style, column)[0]
    opening = opening[: opening.rindex(":") + 1]
    first, *more = behind(True, column, len(opening))
    lines = [opening + first, *more]
    if above is not None:
        return below(text, span_of(text, above)[1], lines)
    return _above(text, mapping.pairs[0][0].start, column, lines)


_NOTHING = Shape()


def _key_in_braces(text: str, found: Found, above: Found | None, written: str) -> Edit:
    mapping = found.mapping
    if above is not None:
        at = end_of_pair(text, above.key, above.node) if above.key else 0
        return Edit(at, at, f", {written}")
    if mapping.pairs:
        at = mapping.pairs[0][0].start
        return Edit(at, at, f"{written}, ")
    return Edit(mapping.start + 1, mapping.end - 1, written)


def below(text: str, at: int, lines: list[str]) -> Edit:
    """The lines as whole lines below what ends at `at`."""
    newline = newline_of(text)
    if at and text[at - 1] not in "\r\n":
        return Edit(at, at, "".join(newline + line for line in lines))
    return Edit(at, at, "".join(line + newline for line in lines))


def _above(text: str, at: int, column: int, lines: list[str]) -> Edit:
    """The lines above what begins at `at`, which may share its line with the `-` of what holds it."""
    newline = newline_of(text)
    return Edit(at, at, newline.join(lines).lstrip(" ") + newline + " " * column)


# --- An item more -------------------------------------------------------------------------------------------


def item_lines(value: Plain, shape: Shape, style: Style) -> Fragment:
    """A value as an item of a list with this shape."""
    return Fragment(items([value], shape, style, 0), [value])


def item_edit(text: str, found: Found, index: int, fragment: Fragment) -> Edit:
    """Puts items into a list in block style that holds some."""
    sequence = found.sequence
    inside, column = children(found), sequence.column - 1
    lines = shifted(fragment.lines, column)
    spaced = _is_spaced(text, inside, index)
    if index:
        return below(text, span_of(text, inside[index - 1])[1], ["", *lines] if spaced else lines)
    start = start_of(text, inside[0])
    if not begins_line(text, start):
        return _above(text, start, column, lines)
    return below(text, span_of(text, inside[0])[0], [*lines, ""] if spaced else lines)


def _is_spaced(text: str, inside: list[Found], index: int) -> bool:
    """Whether the neighbours there are set apart by a blank line."""
    if len(inside) < 2:
        return False
    one = min(max(index - 1, 0), len(inside) - 2)
    end = span_of(text, inside[one])[1]
    return end < span_of(text, inside[one + 1])[0] and is_blank(text, end)


def item_in_brackets(text: str, found: Found, index: int, value: Plain, shape: Shape) -> Edit:
    """Puts an item into a list in brackets."""
    sequence = found.sequence
    new = flow(value, shape.item())
    if not sequence.items:
        return Edit(sequence.start + 1, sequence.end - 1, new)
    if index:
        at = end_of(text, sequence.items[index - 1])
        return Edit(at, at, f", {new}")
    at = sequence.items[0].start
    return Edit(at, at, f"{new}, ")


# --- Less ---------------------------------------------------------------------------------------------------


def drop_edit(text: str, found: Found) -> Edit:
    """Takes a key or an item away, with its comments. It is not the only one there."""
    start, end = span_of(text, found)
    beside = children(found.above) if found.above else []
    if found.in_flow:
        if found.index + 1 < len(beside):
            return Edit(start, start_of(text, beside[found.index + 1]), "")
        return Edit(span_of(text, beside[found.index - 1])[1], end, "")
    if start == line_start(text, start):
        return Edit(start, end, "")
    while end < len(text) and is_blank(text, end):
        end = next_line(text, end)
    return Edit(start, content_at(text, end), "")


def trimmed(text: str, edit: Edit) -> Edit:
    """The same edit without what it replaces by itself."""
    old, new = text[edit.start : edit.end], edit.text
    head = _common(min(len(old), len(new)), lambda n: old[:n] == new[:n])
    rest = min(len(old), len(new)) - head
    tail = _common(rest, lambda n: old[len(old) - n :] == new[len(new) - n :])
    return Edit(edit.start + head, edit.end - tail, new[head : len(new) - tail])


def _common(most: int, is_same: Callable[[int], bool]) -> int:
    """The largest number up to `most` for which two texts are the same, where smaller ones are, too."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle - 1)
    return low
