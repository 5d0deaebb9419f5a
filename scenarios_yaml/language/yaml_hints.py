"""What to do about a YAML syntax error. YAML's own words help nobody who only wanted to write a text with a
colon."""

from __future__ import annotations

import re
from typing import Any

import yaml

from scenarios_yaml.language.problems import Problem, shown

IN_QUOTES = "put the text in quotes"
INDENTATION = "check the indentation: what belongs together begins in the same column"
A_COMMENT = f"{IN_QUOTES}: what follows ` #` is a comment"
SPACE_AFTER_COLON = "put a space after the colon"

_VALUE = re.compile(r"^\s*(?:- +)*(?:[\w-]+:(?:\s+|$))?(?:[\w-]+:\s+)?")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_HASH = re.compile(r"\s#")

_PLAIN_WORDS = (
    ("found a tab character", "a tab stands where spaces belong"),
    ("mapping values are not allowed", "a second colon on this line"),
    ("mapping keys are not allowed", "a `?` cannot stand here"),
    ("cannot start any token", "this character cannot begin a value"),
    ("expected alphabetic or numeric", "this character cannot begin a value"),
    ("unexpected end of stream", "the file ends in the middle of a text in quotes"),
    ("unknown escape character", "an unknown escape after `\\`"),
    ("did not find expected key", "this does not fit what stands above it"),
    ("expected <block end>", "this does not fit what stands above it"),
    ("did not find expected '-' indicator", "this does not fit the list above it"),
    ("block sequence entries are not allowed", "a list cannot begin here"),
    ("did not find expected ',' or", "a bracket is not closed, or a comma is missing"),
    ("could not find expected ':'", "a key without its colon"),
    ("did not find expected node content", "a value is missing here"),
    ("undefined alias", "this refers to another place"),
    ("comment or line break", "a text cannot begin with `>` or `|`"),
)


class _Place:
    """Where the reading of YAML stopped, and where what it was in the middle of began; lines and columns from 0."""

    def __init__(self, text: str, error: yaml.YAMLError) -> None:
        self.lines = _LINE_BREAK.split(text)
        self.said = str(getattr(error, "problem", None) or error)
        mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        context: Any = getattr(error, "context_mark", None)
        self.known = mark is not None
        self.number = min(mark.line, len(self.lines) - 1) if self.known else 0
        beyond = self.known and mark.line > self.number
        self.column = len(self.line) if beyond else min(mark.column, len(self.line)) if self.known else 0
        self.began = context.line if context and context.line < len(self.lines) else self.number

    @property
    def line(self) -> str:
        return self.lines[self.number]

    @property
    def above(self) -> str:
        """The line in which began what is not finished."""
        return self.lines[self.began]


def syntax_problem(text: str, error: yaml.YAMLError) -> Problem:
    """The error that ended the reading, with its position and what to do about it."""
    place = _Place(text, error)
    message = next(
        (ours for theirs, ours in _PLAIN_WORDS if theirs in place.said),
        f"this is not YAML: {shown(place.said)}",
    )
    if not place.known:
        return Problem(1, 1, message)
    lost = _lost_behind_hash(place)
    if lost is not None:
        number, column = lost
        return _problem(
            place, number, column, "a bracket is not closed: its end would be a comment", A_COMMENT
        )
    indentation = place.line[: len(place.line) - len(place.line.lstrip())]
    if "\t" in indentation:
        hint = "indent with spaces, not with a tab"
        return _problem(place, place.number, place.column, "a tab stands where spaces belong", hint)
    if _follows_quote(place):
        message = "something stands behind the closing quote"
    elif "expected ',' or" in place.said and place.began < place.number:
        message = f"the bracket that opens in line {place.began + 1} is not closed, or a comma is missing"
    return _problem(place, place.number, place.column, message, _hint(place))


def _problem(place: _Place, number: int, column: int, message: str, hint: str) -> Problem:
    return Problem(number + 1, column + 1, message, hint, text=shown(place.lines[number]))


def _lost_behind_hash(place: _Place) -> tuple[int, int] | None:
    """The line and column of a ` #` in an open bracket: what closes it may stand behind."""
    if "expected ',' or" not in place.said:
        return None
    for number in range(place.began, place.number + 1):
        found = _HASH.search(place.lines[number])
        if found and re.search(r"[}\]]", place.lines[number][found.end() :]):
            return number, found.start() + 1
    return None


def _follows_quote(place: _Place) -> bool:
    """Whether a text in quotes has ended before the line has."""
    value = place.line[_value_begins(place.line) :]
    unfinished = any(word in place.said for word in ("quoted scalar", "escape", "end of stream"))
    return value[:1] in ("'", '"') and not unfinished


def _hint(place: _Place) -> str:
    found = _hint_for_value(place)
    if found:
        return found
    if "quoted scalar" in place.said or "end of stream" in place.said or "quoted" in place.above:
        return "close the quotes"
    if re.match(r"^\s*(?:- +)?[\w-]+:[^\s]", place.line) and ": " not in place.line:
        return SPACE_AFTER_COLON
    if any(word in place.said for word in ("expected key", "block end", "block sequence", "expected '-'")):
        return INDENTATION
    return ""


def _value_begins(line: str) -> int:
    match = _VALUE.match(line)
    return match.end() if match else 0


def _hint_for_value(place: _Place) -> str:
    line, said = place.line, place.said
    value = line[_value_begins(line) :]
    if re.match(r"^\s*(?:- +)?[\w-]+:[{\[]", line):
        return SPACE_AFTER_COLON
    if value.startswith(("{{", "{%")):
        return f"{IN_QUOTES}: it begins with `{value[:2]}`"
    if value[:1] in ("@", "`", "%", "*", "&", "!", ">", "|", ",") or value.startswith("? "):
        return f"{IN_QUOTES}: it begins with `{value[0]}`"
    if "{{" in line and "{" in line.partition("{{")[0]:
        return f"{IN_QUOTES}: `{{{{ … }}}}` stands inside `{{…}}`"
    if "{" in line and "?" in line and "node content" in said:
        return f"{IN_QUOTES}: a `?` stands inside `{{…}}`"
    at_colon = line[place.column : place.column + 1] == ":" and place.began == place.number
    if "mapping values" in said or ("',' or" in said and at_colon):
        return f"{IN_QUOTES}: it holds `: `"
    if "block sequence" in said and value.startswith("- "):
        return f"{IN_QUOTES}: it begins with `- `; a list begins on a line of its own"
    if value[:1] in ("[", "{") and place.column >= len(line) - len(value) and "expected key" in said:
        return f"{IN_QUOTES}: it begins with `{value[0]}`"
    if " #" in value:
        return A_COMMENT
    if _follows_quote(place):
        return "put the whole of it into one pair of quotes; a quote inside '…' is written twice"
    if "[" in line and "',' or" in said:
        return "put the condition in quotes: `[…]` stands inside `[…]`"
    return ""
