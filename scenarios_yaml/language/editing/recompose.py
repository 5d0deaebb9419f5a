"""The nodes of a text after an edit: only the list items, or the keys of the file, that were touched are parsed anew.

A file of 2,000 steps takes 100 ms to parse and an edit in it 5. What stays keeps its nodes; those below the edit are
moved in place. Where the pieces cannot be told apart safely, the whole text is parsed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from scenarios_yaml.language.editing.lines import line_start, next_line
from scenarios_yaml.language.editing.plain import joined
from scenarios_yaml.language.editing.spans import begins_line, dash_of
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.yaml_nodes import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    Mapping,
    Scalar,
    Sequence,
    YamlNode,
    compose,
)

_DOCUMENT_MARK = re.compile(r"(?m)^(?:---|\.\.\.|%)")


class Edit(Struct, frozen=True):
    """Replaces `text[start:end]` by `text`. Offsets count characters, a byte order mark among them."""

    start: int
    end: int
    text: str

    def on(self, text: str) -> str:
        """The text after it."""
        return text[: self.start] + self.text + text[self.end :]


class Composed(Struct):
    """A text as nodes. `root` is None where YAML could make nothing of it; `count` is how many nodes there are."""

    root: YamlNode | None
    problems: list[Problem]
    count: int = 0

    @classmethod
    def of(cls, text: str) -> Composed:
        root, problems = compose(text)
        return cls(root, problems, sum(1 for _ in every_node(root)) if root is not None else 0)


class Whole(Struct):
    """The whole text was parsed anew."""

    composed: Composed


class Piece(Struct):
    """Children `first` to `last` of `holder`, which stands at `place`, become those of `fresh`."""

    place: str
    holder: Mapping | Sequence
    first: int
    last: int
    start: int
    end: int
    fresh: Mapping | Sequence
    way: list[tuple[Mapping | Sequence, int]]
    """What holds the holder, from the root on: each with the number of the child on the way down."""
    count: int = 0
    """Of the nodes of the whole file, with the piece in it."""


def every_node(root: YamlNode) -> Iterator[YamlNode]:
    """A node and all below it, keys among them."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping):
            for key, value in node.pairs:
                waiting += (key, value)


def plans(composed: Composed, text: str, edit: Edit, after: str) -> Iterator[Whole | Piece]:
    """What an edit of `text` into `after` makes of its nodes, the smallest piece that can be parsed by itself first,
    the whole text last. Each is as true as the others; a small one may not hold all that was meant. Changes nothing."""
    yield from pieces(composed, text, edit, after)
    yield Whole(Composed.of(after))


def pieces(composed: Composed, text: str, edit: Edit, after: str) -> Iterator[Piece]:
    """Those of `plans` for which the whole text need not be parsed."""
    root = composed.root
    fits = len(after) * 4 <= MAX_BYTES or len(after.encode("utf-8", "replace")) <= MAX_BYTES
    if isinstance(root, Mapping) and not composed.problems and not root.flow and fits:
        found = list(_pieces(root, text, edit))
        yield from (piece for piece in reversed(found) if _parsed(piece, edit, after, composed.count))


def carry_out(composed: Composed, piece: Piece, text: str, edit: Edit, after: str) -> Composed:
    """Puts a piece into its place and moves all that stands below."""
    fresh_children: list[YamlNode] = _nodes_of(piece.fresh)
    _shift(fresh_children, *_distance(text, piece.start))
    below = [_children(holder, number + 1, None) for holder, number in piece.way]
    below.append(_children(piece.holder, piece.last, None))
    more_lines = _breaks(after, piece.start, piece.end + _growth(edit)) - _breaks(
        text, piece.start, piece.end
    )
    for nodes in below:
        _shift(nodes, more_lines, _growth(edit))
    if piece.first == 0:
        lines, characters = _distance(text, piece.start)
        piece.holder.line, piece.holder.column = piece.fresh.line + lines, piece.fresh.column
        piece.holder.start = piece.fresh.start + characters
    _renew(piece.way)
    _splice(piece)
    return Composed(composed.root, [], piece.count)


def _renew(way: list[tuple[Mapping | Sequence, int]]) -> None:
    """Puts another node with the same in it in the place of each mapping on the way down, so that one that is the same
    object as before has nothing in it that has changed."""
    for (above, number), (holder, _number) in pairwise(way):
        if not isinstance(holder, Mapping):
            continue
        fresh = Mapping(holder.line, holder.column, holder.flow, holder.pairs, holder.start, holder.end)
        if isinstance(above, Sequence):
            above.items[number] = fresh
        else:
            above.pairs[number] = (above.pairs[number][0], fresh)


def _splice(piece: Piece) -> None:
    holder, fresh = piece.holder, piece.fresh
    if isinstance(holder, Sequence) and isinstance(fresh, Sequence):
        holder.items[piece.first : piece.last] = fresh.items
    elif isinstance(holder, Mapping) and isinstance(fresh, Mapping):
        holder.pairs[piece.first : piece.last] = fresh.pairs


def _growth(edit: Edit) -> int:
    return len(edit.text) - (edit.end - edit.start)


def _breaks(text: str, start: int, end: int) -> int:
    count = text.count("\n", start, end)
    if text.find("\r", start, end) >= 0:
        count += text.count("\r", start, end) - text.count("\r\n", start, end)
    return count


def _distance(text: str, at: int) -> tuple[int, int]:
    """How many lines and characters a piece that was parsed by itself stands below the beginning."""
    return _breaks(text, 0, at), at


def _shift(nodes: list[YamlNode], lines: int, characters: int) -> None:
    waiting = nodes
    while waiting:
        node = waiting.pop()
        node.line += lines
        node.start += characters
        if isinstance(node, Scalar):
            node.end += characters
        elif isinstance(node, Sequence):
            node.end += characters if node.flow else 0
            waiting += node.items
        else:
            node.end += characters if node.flow else 0
            for pair in node.pairs:
                waiting += pair


def _children(node: Mapping | Sequence, first: int, last: int | None) -> list[YamlNode]:
    if isinstance(node, Sequence):
        return node.items[first:last]
    return [part for pair in node.pairs[first:last] for part in pair]


def _nodes_of(node: Mapping | Sequence) -> list[YamlNode]:
    return _children(node, 0, None)


# --- Which piece --------------------------------------------------------------------------------------------


class _Range(Struct):
    """A block collection and the whole lines that hold its children and nothing else."""

    place: str
    holder: Mapping | Sequence
    low: int
    high: int
    way: list[tuple[Mapping | Sequence, int]]


def _pieces(root: Mapping, text: str, edit: Edit) -> Iterator[Piece]:
    """The pieces that hold all that an edit touches, from the largest to the smallest."""
    here: _Range | None = _Range("", root, 0, len(text), [])
    while here is not None:
        cut = _cut(here, text, edit)
        if cut is None:
            return
        if isinstance(here.holder, Sequence) or not here.place:
            yield Piece(here.place, here.holder, *cut, root, here.way)
        here = _deeper(here, text, edit, cut)


def _cut(here: _Range, text: str, edit: Edit) -> tuple[int, int, int, int] | None:
    """First and last child that an edit touches, and the lines that they take."""
    total = len(here.holder.items if isinstance(here.holder, Sequence) else here.holder.pairs)
    if not total or not here.low <= edit.start <= edit.end <= here.high:
        return None
    first = max(0, _child_at(here.holder, edit.start) - 1)
    while first + 1 < total and _start(here, text, first + 1) < edit.start:
        first += 1
    while first and not (_begin(here, text, first) >= 0 and _start(here, text, first) < edit.start):
        first -= 1
    last = max(first + 1, _child_at(here.holder, edit.end))
    while last < total and not edit.end <= _begin(here, text, last):
        last += 1
    if first == 0 and last < total and edit.end > _start(here, text, 0):
        last += 1  # the first child may go altogether: what is parsed must hold one
    start = here.low if first == 0 else _begin(here, text, first)
    return first, last, start, here.high if last == total else _begin(here, text, last)


def _child_at(holder: Mapping | Sequence, at: int) -> int:
    """How many children begin at an offset or before it."""
    if isinstance(holder, Sequence):
        return bisect_right(holder.items, at, key=lambda item: item.start)
    return bisect_right(holder.pairs, at, key=lambda pair: pair[0].start)


def _start(here: _Range, text: str, number: int) -> int:
    """The `-` of an item, the key of a pair. An edit behind it cannot touch what stands above."""
    holder = here.holder
    return dash_of(text, holder, number) if isinstance(holder, Sequence) else holder.pairs[number][0].start


def _begin(here: _Range, text: str, number: int) -> int:
    """The beginning of the line of a child; -1 where something else begins on it."""
    start = _start(here, text, number)
    return line_start(text, start) if begins_line(text, start) else -1


def _deeper(here: _Range, text: str, edit: Edit, cut: tuple[int, int, int, int]) -> _Range | None:
    """The lists below the one child that an edit touches; None where it touches several, or is no deeper."""
    first, last, start, high = cut
    if last != first + 1:
        return None
    way = [*here.way, (here.holder, first)]
    if isinstance(here.holder, Sequence):
        node, place = here.holder.items[first], joined(here.place, first)
        if not isinstance(node, Mapping) or node.flow:
            return None
        return _Range(place, node, start, high, way)
    key, value = here.holder.pairs[first]
    low = next_line(text, key.end)
    if isinstance(value, Scalar) or value.flow or value.start < low or edit.start < low:
        return None
    return _Range(joined(here.place, key.value), value, low, high, way)


def _parsed(piece: Piece, edit: Edit, after: str, count: int) -> bool:
    """Parses the piece as it is after the edit; whether it can stand where the old one stood."""
    end = piece.end + _growth(edit)
    if end < len(after) and after[end - 1 : end] not in ("\n", "\r"):
        return False
    if _DOCUMENT_MARK.search(after, piece.start, end):
        return False
    fresh, problems = compose(after[piece.start : end])
    if problems or not isinstance(fresh, type(piece.holder)) or isinstance(fresh, Scalar) or fresh.flow:
        return False
    if fresh.column != piece.holder.column or not _keys_differ(piece, fresh):
        return False
    piece.fresh = fresh
    gone = _count(_children(piece.holder, piece.first, piece.last))
    piece.count = count - gone + _count(_nodes_of(fresh))
    return piece.count <= MAX_NODES and len(piece.way) + _depth(fresh) <= MAX_DEPTH


def _count(nodes: list[YamlNode]) -> int:
    return sum(1 for node in nodes for _ in every_node(node))


def _keys_differ(piece: Piece, fresh: Mapping | Sequence) -> bool:
    if not isinstance(fresh, Mapping) or not isinstance(piece.holder, Mapping):
        return True
    others = [*piece.holder.pairs[: piece.first], *piece.holder.pairs[piece.last :]]
    return {key.value for key, _ in others}.isdisjoint(key.value for key, _ in fresh.pairs)


def _depth(node: YamlNode) -> int:
    if isinstance(node, Scalar):
        return 0
    inner = node.items if isinstance(node, Sequence) else [value for _, value in node.pairs]
    return 1 + max(map(_depth, inner), default=0)
