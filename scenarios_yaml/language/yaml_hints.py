"""What to do about a YAML syntax error. YAML's own words help nobody who only wanted to write a text with a
colon."""

from __future__ import annotations

import re
from typing import Any

import yaml

from scenarios_yaml.language.problems import Problem, shown

IN_QUOTES = "put the text in quotes"

_VALUE = re.compile(r"^\s*(?:- +)*(?:[\w-]+:(?:\s+|$))?(?:[\w-]+:\s+)?")

_LINE_BREAK = re.compile(r"\r\n|\r|\n")

_PLAIN_WORDS = (
    ("mapping values are not allowed", "a second colon on this line"),
    ("cannot start any token", "this character cannot begin a value"),
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


def syntax_problem(text: str, error: yaml.YAMLError) -> Problem:
    """The error that ended the reading, with its position and what to do about it."""
    mark: Any = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or error)
    message = next(
        (ours for theirs, ours in _PLAIN_WORDS if theirs in said), f"this is not YAML: {shown(said)}"
    )
    if mark is None:
        return Problem(1, 1, message)
    lines = _LINE_BREAK.split(text)
    number = min(mark.line, len(lines) - 1)
    column = min(mark.column, len(lines[number])) if number == mark.line else len(lines[number])
    context: Any = getattr(error, "context_mark", None)
    above = lines[context.line] if context and context.line < len(lines) else ""
    hint = _hint(lines[number], said, above)
    return Problem(number + 1, column + 1, message, hint, text=shown(lines[number]))


def _hint(line: str, said: str, above: str) -> str:
    indentation = line[: len(line) - len(line.lstrip())]
    if "\t" in indentation:
        return "indent with spaces, not with a tab"
    value = line[_value_begins(line) :]
    found = _hint_for_value(value, line, said)
    if found:
        return found
    if "quoted scalar" in said or "end of stream" in said or (above and "quoted" in above):
        return "close the quotes"
    if re.match(r"^\s*(?:- +)?[\w-]+:[^\s]", line) and ": " not in line:
        return "put a space after the colon"
    if "expected key" in said or "block end" in said or "block sequence" in said:
        return "check the indentation: what belongs together begins in the same column"
    return ""


def _value_begins(line: str) -> int:
    match = _VALUE.match(line)
    return match.end() if match else 0


def _hint_for_value(value: str, line: str, said: str) -> str:
    if value.startswith(("{{", "{%")):
        return f"a text that begins with `{value[:2]}` must stand in quotes: {IN_QUOTES}"
    if value[:1] in ("@", "`", "%", "*", "&", "!", ">", "|", ","):
        return f"a text that begins with `{value[0]}` must stand in quotes: {IN_QUOTES}"
    if "{{" in line and "{" in line.partition("{{")[0]:
        return f"`{{{{ … }}}}` inside `{{…}}` must stand in quotes: {IN_QUOTES}"
    if "{" in line and "?" in line:
        return f"a `?` inside `{{…}}` must stand in quotes: {IN_QUOTES}"
    if "mapping values" in said:
        return f"a text that holds `: ` must stand in quotes: {IN_QUOTES}"
    if " #" in value:
        return f"what follows ` #` is a comment; a text that holds it must stand in quotes: {IN_QUOTES}"
    if (
        value[:1] in ("'", '"')
        and "quoted scalar" not in said
        and "escape" not in said
        and "end of stream" not in said
    ):
        return "something follows the closing quote: put the whole of it into one pair of quotes"
    if "[" in line and ("',' or" in said):
        return f"a condition with `[…]` inside `[…]` must stand in quotes: {IN_QUOTES}"
    return ""
