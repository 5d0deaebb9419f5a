"""How one word or text is written: without quotes where it is read as the same, else in quotes or as a `|` text."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from scenarios_yaml.language.editing.shapes import Shape
from scenarios_yaml.language.reading import NULLS
from scenarios_yaml.language.yaml_nodes import LOADER

_OTHER_YAML = re.compile(r"(?i)yes|no|on|off|true|false|null|~")
"""What editors and other programs that read YAML take for a truth, or for nothing."""

_SIMPLE = re.compile(r"[^\W_](?:[\w ./%+-]*[\w%+])?")
"""What is read as it stands wherever it stands. A speed-up: all else is tried out."""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_FOLDED_AT = 110
"""Columns at which a text in `>` is broken into lines, as in the library."""


class Raw(str):
    """A scalar as it stands in a text, quotes and all: it is written again as it is."""

    __slots__ = ()


def written(value: str, shape: Shape, *, flow: bool = False) -> str:
    """The value on one line, so that the strict reader takes it as the same string."""
    if isinstance(value, Raw):
        return str(value)
    if not value and shape.may_be_nothing:
        return "{}" if flow else ""
    return value if _may_be_plain(value, shape, flow) else quoted(value)


def quoted(value: str) -> str:
    """The value in double quotes."""
    return '"' + "".join(_ESCAPES.get(c, c if _is_visible(c) else _code(c)) for c in value) + '"'


def _is_visible(character: str) -> bool:
    return character.isprintable() or character in "\u00a0\u200d\u200c\ufe0f\u00ad"


def _code(character: str) -> str:
    number = ord(character)
    return (
        f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
    )


def _may_be_plain(value: str, shape: Shape, flow: bool) -> bool:
    if _OTHER_YAML.fullmatch(value):
        words = (*NULLS, "true", "false") if shape.is_typed else ("true", "false")
        return value in words and not shape.is_prose
    if _SIMPLE.fullmatch(value):
        return "  " not in value or _is_read_as_it_is(value, flow)
    return _is_read_as_it_is(value, flow)


@lru_cache(maxsize=4096)
def _is_read_as_it_is(value: str, flow: bool) -> bool:
    """Whether the words are one scalar of just this value as the value of a key and as an item."""
    if not value or not value.isprintable() or (value[0] in "?-:" and flow):
        return False
    for text in (f"{{k: {value}, l: [{value}]}}",) if flow else (f"k: {value}\n", f"- {value}\n"):
        try:
            scalars = [
                event for event in yaml.parse(text, Loader=LOADER) if isinstance(event, yaml.ScalarEvent)
            ]
        except yaml.YAMLError:
            return False
        names = ["k", value, "l", value] if flow else ["k", value] if text.startswith("k") else [value]
        if [scalar.value for scalar in scalars] != names or any(scalar.style for scalar in scalars):
            return False
    return True


def as_lines(value: str, *, folded: bool = False) -> list[str] | None:
    """A text of several lines as the header (`|`, `|-`, `|+`, `>-`) and its lines, not indented; None where only quotes
    can hold it."""
    if folded:
        return _folded(value)
    body = value.rstrip("\n")
    if "\n" not in value or not body or body[0] in " \t\n" or not _can_be_literal(value):
        return None
    ending = len(value) - len(body)
    header = "|-" if not ending else "|" if ending == 1 else "|+"
    return [header, *body.split("\n"), *[""] * (ending - 1)]


def _can_be_literal(value: str) -> bool:
    return all(_is_visible(c) or c in "\n\t" for c in value)


def _folded(value: str) -> list[str] | None:
    words = value.split(" ")
    if "\n" in value or not all(words) or not value.isprintable():
        return None
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= _FOLDED_AT:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return [">-", *lines]
