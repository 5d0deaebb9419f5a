"""Texts of a scenario as one line that a marketer reads: in his language, with what is filled in named in braces.

`{{ visitor.name | default: "there" }}` shows as {name}, a parameter as its default, and of `{% if … %}` the first
branch. The text itself is shown whole wherever it is edited; this is its face in a tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from operator_console.designer.outline.amounts import duration_words, number_words
from operator_console.designer.outline.names import path_words
from scenarios_yaml.language.texts import Text, is_template

LONGEST_LOOKED_AT = 2_000
"""Of a longer text only the beginning is looked through: what is shown is its first line."""

_MARK = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}|\{%-?\s*(\w+).*?-?%\}", re.DOTALL)
_BEGINS, _TURNS, _ENDS = (
    ("if", "unless", "case"),
    ("else", "elsif", "when"),
    ("endif", "endunless", "endcase"),
)
_WITHOUT_TEXT = {"comment": "endcomment", "capture": "endcapture"}


def source_in(text: Text, language: str) -> str:
    """What was written in that language, else in the file's first one."""
    sources = text.sources
    for wanted in (language, "", *sources):
        if wanted in sources:
            return sources[wanted]
    return ""


def text_words(text: Text, language: str, parameters: Mapping[str, Any]) -> str:
    """The first line of the text. Not cleaned. `parameters` are the defaults by name."""
    source = source_in(text, language)
    if is_template(source):
        source = _without_marks(source[:LONGEST_LOOKED_AT], language, parameters)
    return next((line for part in source.splitlines() if (line := part.strip(" \t#"))), "")


def _without_marks(source: str, language: str, parameters: Mapping[str, Any]) -> str:
    """The text with names for values, and of what is chosen among the first choice."""
    kept: list[str] = []
    turns: list[int] = []
    """For each open choice how many of its branches are over; of a `case` none has begun."""
    hidden, at = "", 0
    for mark in _MARK.finditer(source):
        is_shown = not hidden and not any(turn > 0 for turn in turns)
        if is_shown:
            kept.append(source[at : mark.start()])
        at = mark.end()
        output, tag = mark.group(1), mark.group(2)
        if output is not None:
            if is_shown:
                kept.append(_filled(output, language, parameters))
        elif hidden:
            hidden = "" if tag == hidden else hidden
        elif tag in _WITHOUT_TEXT:
            hidden = _WITHOUT_TEXT[tag]
        else:
            _take_tag(tag, turns)
    if not hidden and not any(turn > 0 for turn in turns):
        kept.append(source[at:])
    return "".join(kept)


def _take_tag(tag: str, turns: list[int]) -> None:
    """Opens, turns or closes a choice; a loop's body is shown once."""
    if tag in _BEGINS:
        turns.append(-1 if tag == "case" else 0)
    elif tag in _TURNS and turns:
        turns[-1] += 1
    elif tag in _ENDS and turns:
        turns.pop()


def _filled(output: str, language: str, parameters: Mapping[str, Any]) -> str:
    """What stands for a value: a parameter's default, or the value's name in braces."""
    path = output.partition("|")[0].strip()
    root, _dot, name = path.partition(".")
    if root == "parameters" and name in parameters:
        return default_words(parameters[name], language)
    if path[:1] in "\"'":
        return path.strip("\"'")
    return "{" + path_words(re.sub(r"\[.*?\]", "", path)) + "}"


def default_words(default: Any, language: str) -> str:
    """A parameter's default as a text shows it. Not cleaned."""
    if isinstance(default, Text):
        return source_in(default, language)
    return f"{default:g}" if isinstance(default, float) else str(default)


def parameter_words(kind: str, default: Any, language: str) -> str:
    """A parameter's default for people: 3 days, 3,000, /cart. Not cleaned."""
    if isinstance(default, int | float) and not isinstance(default, bool):
        return duration_words(int(default)) if kind == "duration" else number_words(default)
    return default_words(default, language)
