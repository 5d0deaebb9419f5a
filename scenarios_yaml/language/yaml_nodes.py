"""YAML to nodes with positions, in one pass over its events. Every scalar stays a string: the schema gives it
a type.

What YAML can do beyond that is refused: anchors, aliases, merge keys, tags, several documents, keys that are
not plain words, a key twice, nesting and size beyond the limits. None of it is needed here, and each has been
used to surprise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml
from msgspec import Struct

from scenarios_yaml.language.problems import Problem, quoted, shown
from scenarios_yaml.language.yaml_hints import IN_QUOTES, syntax_problem

MAX_BYTES = 256 * 1024
MAX_NODES = 20_000
MAX_DEPTH = 40

LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
"""libyaml where PyYAML has it: ten times as fast, the same events."""

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters, hidden line breaks, halves of characters: none belongs in a file that people read."""


class Scalar(Struct):
    """`start` and `end` are where it stands in the text, quotes and all. `style` is one of "", ', ", |, >."""

    value: str
    line: int
    column: int
    start: int = 0
    end: int = 0
    style: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was written: `key:` and no more."""
        return not self.style and not self.value


class Mapping(Struct):
    """`start` is where it begins in the text; `end` is known of one in braces only, and is 0 of any other."""

    line: int
    column: int
    flow: bool = False
    pairs: list[tuple[Scalar, YamlNode]] = []
    start: int = 0
    end: int = 0

    def __getitem__(self, name: str) -> YamlNode:
        for key, value in self.pairs:
            if key.value == name:
                return value
        raise KeyError(name)


class Sequence(Struct):
    """It begins at its first `-` or its bracket. `end` is known of one in brackets only."""

    line: int
    column: int
    flow: bool = False
    items: list[YamlNode] = []
    start: int = 0
    end: int = 0


YamlNode: TypeAlias = Scalar | Mapping | Sequence


class _StopError(Exception):
    """The rest of the file is not worth reading, or must not be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def compose(text: str) -> tuple[YamlNode | None, list[Problem]]:
    """The one document of `text`. No node where nothing could be made of it; then there is at least one
    problem."""
    refused = _refused_as_a_whole(text)
    if refused:
        return None, [refused]
    composer = _Composer(text)
    try:
        for event in yaml.parse(text, Loader=LOADER):
            composer.take(event)
    except yaml.YAMLError as error:
        problem = syntax_problem(text, error)
        told = any(earlier.line == problem.line for earlier in composer.problems)
        return None, composer.problems if told else [*composer.problems, problem]
    except _StopError as stop:
        return None, [*composer.problems, stop.problem]
    if composer.root is None or (isinstance(composer.root, Scalar) and composer.root.is_empty):
        return None, [*composer.problems, Problem(1, 1, "the file is empty")]
    return composer.root, composer.problems


def _refused_as_a_whole(text: str) -> Problem | None:
    bad = FORBIDDEN.search(text)
    if bad:
        line, column = position_of(text, bad.start())
        name = f"U+{ord(bad.group()):04X}"
        return Problem(line, column, f"a character that cannot be seen stands here: {name}", "delete it")
    size = len(text.encode())
    if size > MAX_BYTES:
        return Problem(1, 1, f"the file is too large: {size:,} bytes, at most {MAX_BYTES:,} are read")
    return None


def position_of(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `offset`."""
    before = text[:offset].replace("\r\n", "\0\n").replace("\r", "\n")
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class _Composer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.root: YamlNode | None = None
        self._open: list[Mapping | Sequence] = []
        self._keys: list[Scalar | None] = []
        """For each open mapping the key that waits for its value; for a sequence always None."""
        self._seen: list[set[str]] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._begin(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            closed = self._open.pop()
            closed.end = _end_of(event) if closed.flow else 0
            self._keys.pop()
            self._seen.pop()
        elif isinstance(event, yaml.AliasEvent):
            message = f"{quoted(f'*{event.anchor}')} refers to another place: references are not read"
            self._refuse(event, message, f"write out what is meant; if it is a text, {IN_QUOTES}")
            self._place(_scalar_at(event, "", "'"))
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise _StopError(
                    _problem(event, "a second document begins here", "one file is one scenario: delete `---`")
                )

    def _refuse(self, event: Any, message: str, hint: str = "") -> None:
        self.problems.append(_problem(event, message, hint))

    def _scalar(self, event: Any) -> None:
        self._refuse_anchor_and_tag(event)
        self._place(_scalar_at(event, event.value, event.style or ""))

    def _begin(self, event: Any) -> None:
        self._refuse_anchor_and_tag(event)
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        flow = bool(event.flow_style)
        kind = Mapping if isinstance(event, yaml.MappingStartEvent) else Sequence
        node = kind(line, column, flow, start=event.start_mark.index)
        self._place(node)
        if len(self._open) >= MAX_DEPTH:
            raise _StopError(
                _problem(event, f"the file is nested too deep: at most {MAX_DEPTH} levels are read")
            )
        self._open.append(node)
        self._keys.append(None)
        self._seen.append(set())

    def _refuse_anchor_and_tag(self, event: Any) -> None:
        if event.anchor:
            message = f"{quoted('&' + event.anchor)} names a place: references are not read"
            self._refuse(event, message, f"write out what is meant; if it is a text, {IN_QUOTES}")
        if event.tag:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!", 1)
            self._refuse(event, f"{quoted(tag)} is a YAML tag: tags are not read", IN_QUOTES)

    def _place(self, node: YamlNode) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _StopError(
                Problem(node.line, node.column, f"the file holds more than {MAX_NODES:,} pieces")
            )
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self._keys[-1]
        if key is None:
            self._keys[-1] = self._as_key(node, parent)
            return
        self._keys[-1] = None
        if key.style != "refused":
            parent.pairs.append((key, node))

    def _as_key(self, node: YamlNode, parent: Mapping) -> Scalar:
        refused = Scalar("", node.line, node.column, style="refused")
        if not isinstance(node, Scalar):
            at: YamlNode = node
            message, hint = "a key must be a word", IN_QUOTES
            if parent.flow and isinstance(node, Mapping):
                at, message, hint = (
                    parent,
                    "a text cannot begin with `{{`",
                    f"{IN_QUOTES}: it begins with `{{{{`",
                )
            self.problems.append(Problem(at.line, at.column, message, hint))
            return refused
        if node.value == "<<" and not node.style:
            message = "“<<” merges mappings: that is not read"
            self.problems.append(Problem(node.line, node.column, message, "write out what is meant"))
            return refused
        if node.value in self._seen[-1]:
            first = next((key.line for key, _ in parent.pairs if key.value == node.value), 0)
            message = f"the key {quoted(node.value)} stands here twice" + (
                f", first in line {first}" if first else ""
            )
            hint = "delete one of them, or begin a new item with “- ”"
            self.problems.append(Problem(node.line, node.column, message, hint, text=shown(node.value)))
            return refused
        self._seen[-1].add(node.value)
        return node


def _end_of(event: Any) -> int:
    end: int = event.end_mark.index
    return end


def _problem(event: Any, message: str, hint: str = "") -> Problem:
    return Problem(event.start_mark.line + 1, event.start_mark.column + 1, message, hint)


def _scalar_at(event: Any, value: str, style: str) -> Scalar:
    start, end = event.start_mark, event.end_mark
    return Scalar(value, start.line + 1, start.column + 1, start.index, end.index, style)


# --- Inside a scalar ----------------------------------------------------------------------------------------

_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n|.)", re.DOTALL)
_WHITE_ESCAPES = frozenset("ntrvf \t\n\r_NLP0abe")


def position_inside(text: str, scalar: Scalar, offset: int) -> tuple[int, int]:
    """Line and column of the character at `offset` of the scalar's value.

    Folding and indentation change white space only, so the characters that can be seen are counted instead.
    """
    wanted = sum(1 for c in scalar.value[:offset] if not c.isspace())
    place = scalar.start
    for seen, place in enumerate(_visible_characters(text, scalar)):
        if seen == wanted:
            return position_of(text, place)
    return position_of(text, place + 1) if wanted else (scalar.line, scalar.column)


def _visible_characters(text: str, scalar: Scalar) -> Iterator[int]:
    """Where each character of the value that is not white space stands in the text."""
    at, end = scalar.start, scalar.end
    if scalar.style in ("|", ">"):
        at = text.find("\n", at) + 1 or end
    elif scalar.style:
        at, end = at + 1, end - 1
    while at < end:
        character = text[at]
        if scalar.style == '"' and character == "\\":
            escape = _ESCAPE.match(text, at)
            length = len(escape.group()) if escape else 1
            if not (escape and escape.group(1)[0] in _WHITE_ESCAPES):
                yield at
            at += length
            continue
        if not character.isspace():
            yield at
        at += 2 if scalar.style == "'" and character == "'" else 1
