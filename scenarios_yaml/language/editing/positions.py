"""From a position in the text to the place that stands there, for a cursor and for problems."""

from __future__ import annotations

from bisect import bisect_right

from scenarios_yaml.language.editing.lines import BREAK, content_at, line_end, line_start
from scenarios_yaml.language.editing.recompose import Edit
from scenarios_yaml.language.editing.spans import Found, child, span_of, start_of
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence


def line_starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *(found.end() for found in BREAK.finditer(text))]


def offset_of(text: str, starts: list[int], line: int, column: int) -> int:
    """Where line and column, both from 1, stand in the text; the nearest place where they are outside of it. In the
    spaces at the beginning of a line it is the line's first character."""
    if line > len(starts):
        return len(text)
    start = starts[max(line, 1) - 1]
    return min(max(start + max(column, 1) - 1, content_at(text, start)), line_end(text, start))


def deepest_place(text: str, root: Mapping, at: int) -> str:
    """The deepest place that begins at an offset or above it, and has not ended in braces before it. The comments right
    above an item are its own."""
    found = Found("", root)
    while True:
        deeper = _child_at(text, found, at)
        if deeper is None:
            return found.place
        found = deeper


def _child_at(text: str, found: Found, at: int) -> Found | None:
    node = found.node
    if isinstance(node, Scalar):
        return None
    if node.flow and not node.start <= at < node.end:
        return None
    if isinstance(node, Sequence):
        number = bisect_right(node.items, at, key=lambda item: item.start)
        names = [str(n) for n in (number, number - 1)]
    else:
        number = bisect_right(node.pairs, at, key=lambda pair: pair[0].start)
        names = [node.pairs[n][0].value for n in (number, number - 1) if 0 <= n < len(node.pairs)]
    for name in names:
        try:
            one = child(found, name)
        except KeyError:
            continue
        begins = start_of(text, one) if node.flow else min(span_of(text, one)[0], start_of(text, one))
        if line_start(text, begins) == begins:
            begins = content_at(text, begins)
        if begins <= at:
            return one
    return None


def main_edit(edits: list[Edit]) -> Edit:
    """Of several edits, one after the other, the one that has put in most, and where that stands after all of them."""
    number = max(range(len(edits)), key=lambda n: len(edits[n].text))
    main, at = edits[number], edits[number].start
    for later in edits[number + 1 :]:
        if later.start <= at:
            at += len(later.text) - (later.end - later.start)
    return Edit(max(at, 0), max(at, 0) + len(main.text), main.text)


def place_of_edit(text: str, root: Mapping, edit: Edit) -> str:
    """Where an edit has changed the text: the place of the first thing in what it has put in, or of what stands there
    now."""
    at = edit.start
    while at < min(edit.start + len(edit.text), len(text)) and text[at] in " \t\r\n":
        at += 1
    return deepest_place(text, root, max(at, content_at(text, line_start(text, at))))
