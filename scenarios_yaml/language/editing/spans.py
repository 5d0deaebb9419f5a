"""Where a place stands in the text: the node, and the lines that are its own."""

from __future__ import annotations

import re

from msgspec import Struct

from scenarios_yaml.language.editing.lines import (
    content_at,
    is_blank,
    is_comment,
    line_above,
    line_end,
    line_start,
    next_line,
)
from scenarios_yaml.language.editing.plain import joined
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

_BETWEEN = re.compile(r"(?:[ \t\r\n,]|(?:(?<=[ \t\r\n])|^)#[^\r\n]*)*")
_BLANK_TAIL = re.compile(r"(?:(?:\r\n|\r|\n)[ \t]*)*\Z")


class Found(Struct, frozen=True):
    """A node at its place, with what it stands in. `key` is None of an item and of the whole file."""

    place: str
    node: YamlNode
    key: Scalar | None = None
    index: int = 0
    above: Found | None = None

    @property
    def holder(self) -> Found:
        """What holds it. Raises TypeError for the whole file."""
        if self.above is None:
            raise TypeError("nothing holds the whole file")
        return self.above

    @property
    def own_key(self) -> Scalar:
        """The key of what is known to have one. Raises TypeError for an item."""
        if self.key is None:
            raise TypeError(f"{self.place} has no key")
        return self.key

    @property
    def parent(self) -> Mapping | Sequence:
        """The mapping or the list that holds it. Raises TypeError for the whole file."""
        node = self.holder.node
        if isinstance(node, Scalar):
            raise TypeError(f"{self.holder.place} holds nothing")
        return node

    @property
    def mapping(self) -> Mapping:
        """The node of what is known to be a mapping. Raises TypeError where it is none."""
        if not isinstance(self.node, Mapping):
            raise TypeError(f"{self.place} is no mapping")
        return self.node

    @property
    def sequence(self) -> Sequence:
        """The node of what is known to be a list. Raises TypeError where it is none."""
        if not isinstance(self.node, Sequence):
            raise TypeError(f"{self.place} is no list")
        return self.node

    @property
    def in_flow(self) -> bool:
        """Whether it stands in braces or brackets."""
        return self.above is not None and self.parent.flow


def find(root: YamlNode, place: str) -> Found:
    """The node at a place. Raises KeyError with the place where nothing is there."""
    found, rest = deepest(root, place)
    if rest:
        raise KeyError(place)
    return found


def deepest(root: YamlNode, place: str) -> tuple[Found, list[str]]:
    """The deepest node on the way to a place, and the parts of the place that lead on from there. Keys with dots in
    them, as those of `set` are, count as one part where they are there."""
    found, rest = Found("", root), place.split(".") if place else []
    while rest:
        part = own_key(found.node, rest) if isinstance(found.node, Mapping) else rest[0]
        try:
            found = child(found, part)
        except KeyError:
            break
        rest = rest[part.count(".") + 1 :]
    return found, rest


def own_key(mapping: Mapping, parts: list[str]) -> str:
    """The longest key of a mapping that the parts of a place begin with; the first part where there is none."""
    if len(parts) > 1 and any("." in key.value for key, _ in mapping.pairs):
        names = {key.value for key, _ in mapping.pairs}
        for count in range(len(parts), 1, -1):
            if ".".join(parts[:count]) in names:
                return ".".join(parts[:count])
    return parts[0]


def child(found: Found, part: str, wanted: str = "") -> Found:
    """What stands below a node by a key or a number. Raises KeyError with `wanted`."""
    node = found.node
    if isinstance(node, Sequence):
        if part.isascii() and part.isdigit() and int(part) < len(node.items):
            return Found(joined(found.place, part), node.items[int(part)], None, int(part), found)
    elif isinstance(node, Mapping):
        for number, (key, value) in enumerate(node.pairs):
            if key.value == part:
                return Found(joined(found.place, part), value, key, number, found)
    raise KeyError(wanted or joined(found.place, part))


def children(found: Found) -> list[Found]:
    """What stands right below a node."""
    node, place = found.node, found.place
    if isinstance(node, Sequence):
        return [Found(joined(place, n), item, None, n, found) for n, item in enumerate(node.items)]
    if isinstance(node, Mapping):
        pairs = enumerate(node.pairs)
        return [Found(joined(place, key.value), value, key, n, found) for n, (key, value) in pairs]
    return []


def end_of(text: str, node: YamlNode) -> int:
    """Behind its last character. Blank lines below a text in `|` or `>` count only where `+` keeps them."""
    if isinstance(node, Scalar):
        if node.style not in ("|", ">"):
            return node.end
        header = text[node.start : line_end(text, node.start)]
        if "+" in header.partition("#")[0] or _ends_in_spaces(node.value):
            return node.end
        tail = _BLANK_TAIL.search(text[node.start : node.end])
        return node.start + tail.start() if tail else node.end
    if node.flow:
        return node.end
    if isinstance(node, Sequence):
        return end_of(text, node.items[-1]) if node.items else node.start
    return end_of_pair(text, *node.pairs[-1]) if node.pairs else node.start


def _ends_in_spaces(value: str) -> bool:
    """Whether the last line of a text in `|` is white space, which is part of it."""
    last = value.rstrip("\n").rpartition("\n")[2]
    return bool(last) and not last.strip(" \t")


def end_of_pair(text: str, key: Scalar, value: YamlNode) -> int:
    """Behind the value, or behind the colon where none was written."""
    return max(end_of(text, value), key.end)


def start_of(text: str, found: Found) -> int:
    """Where an item's `-` stands, or a pair's key; in brackets the item itself."""
    if found.key is not None:
        return found.key.start
    if found.above is None or found.in_flow:
        return found.node.start
    return dash_of(text, found.holder.sequence, found.index)


def dash_of(text: str, parent: Sequence, index: int) -> int:
    """Where the `-` of an item of a block list stands."""
    if index == 0:
        return parent.start
    return after_blanks(text, end_of(text, parent.items[index - 1]))


def after_blanks(text: str, at: int) -> int:
    """The next character that is neither white space nor a comma nor part of a comment."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def begins_line(text: str, at: int) -> bool:
    """Whether only spaces stand before it on its line."""
    return content_at(text, line_start(text, at)) == at


def span_of(text: str, found: Found) -> tuple[int, int]:
    """The whole of an item or a pair: from the beginning of its first line, with the comments right above it at its
    own indentation, to the end of its last line and of the deeper comments below it. In brackets, and where it
    shares its first line with the `-` of what holds it, it begins where it begins."""
    if found.above is None:
        return 0, len(text)
    start = start_of(text, found)
    if found.in_flow:
        return start, end_of_pair(text, found.key, found.node) if found.key else end_of(text, found.node)
    end = end_of_pair(text, found.key, found.node) if found.key else max(end_of(text, found.node), start + 1)
    column = start - line_start(text, start)
    last = _with_comments_below(text, _lines_end(text, end), column)
    return _with_comments_above(text, found, start, column), last


def _lines_end(text: str, end: int) -> int:
    """The beginning of the line below one that ends at `end`; `end` itself where a line has just ended."""
    return end if end and text[end - 1] in "\r\n" else next_line(text, end)


def _with_comments_above(text: str, found: Found, start: int, column: int) -> int:
    if not begins_line(text, start):
        return start
    first = line_start(text, start)
    limit = _end_before(text, found)
    while first > limit:
        above = line_above(text, first)
        if above < limit or not is_comment(text, above) or content_at(text, above) - above != column:
            break
        first = above
    return first


def _end_before(text: str, found: Found) -> int:
    """Where the first line begins that is free for comments above it."""
    above = found.holder
    if found.index and isinstance(above.node, Sequence):
        return _lines_end(text, end_of(text, above.node.items[found.index - 1]))
    if found.index and isinstance(above.node, Mapping):
        return _lines_end(text, end_of_pair(text, *above.node.pairs[found.index - 1]))
    if above.above is None:
        return 0
    opener = above.key.end if above.key else start_of(text, above)
    return next_line(text, opener)


def _with_comments_below(text: str, at: int, column: int) -> int:
    """Comments that are indented deeper than what stands above them belong to it."""
    last = at
    while at < len(text):
        if is_comment(text, at) and content_at(text, at) - at > column:
            last = next_line(text, at)
        elif not is_blank(text, at):
            break
        at = next_line(text, at)
    return last
