"""Edits one place of a scenario file and leaves every other byte, each comment among them, as it is."""

from __future__ import annotations

import re
from typing import get_args

from scenarios_yaml.language.model import Status
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, compose


class CannotEditError(ValueError):
    """The text cannot be edited at that place; the message says why."""


def set_status(text: str, status: str) -> str:
    """The text with this status: the written one replaced, or a line `status: …` added below the title.

    Raises CannotEditError where `status` is none of the four, or the text is no scenario that YAML can read.
    """
    if status not in get_args(Status):
        raise CannotEditError(f"{status!r} is not one of {', '.join(get_args(Status))}")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    root, problems = compose(body)
    if problems or not isinstance(root, Mapping):
        reason = str(problems[0]) if problems else "it is not a mapping"
        raise CannotEditError(f"the file cannot be edited: {reason}")
    return mark + _with_status(body, root, status)


def _with_status(text: str, root: Mapping, status: str) -> str:
    found = next(((key, value) for key, value in root.pairs if key.value == "status"), None)
    if found is not None:
        key, value = found
        if not isinstance(value, Scalar):
            raise CannotEditError("the file cannot be edited: its status is not a word")
        return _replaced(text, key, value, status)
    if root.flow:
        raise CannotEditError("the file cannot be edited: it is written in one pair of braces")
    names = [key.value for key, _ in root.pairs]
    above = next((name for name in ("title", "scenario") if name in names), names[0] if names else "")
    if not above:
        raise CannotEditError("the file cannot be edited: it is empty")
    at = _end_of_line(text, _end_of(root[above]))
    newline = "\r\n" if "\r\n" in text else "\n"
    if at == len(text) and not text.endswith("\n"):
        return f"{text}{newline}status: {status}"
    return f"{text[:at]}status: {status}{newline}{text[at:]}"


def _replaced(text: str, key: Scalar, value: Scalar, status: str) -> str:
    if value.is_empty:
        colon = text.index(":", key.end) + 1
        return f"{text[:colon]} {status}{text[colon:]}"
    if value.style in ("|", ">"):
        tail = re.search(r"\s*\Z", text[value.start : value.end])
        return text[: value.start] + status + (tail.group() if tail else "") + text[value.end :]
    return text[: value.start] + status + text[value.end :]


def _end_of(node: YamlNode) -> int:
    """Where the last character of a node stands, or the one after it."""
    if isinstance(node, Scalar):
        return node.end
    inside: list[YamlNode] = (
        list(node.items) if isinstance(node, Sequence) else [value for _, value in node.pairs]
    )
    return _end_of(inside[-1]) if inside else 0


def _end_of_line(text: str, at: int) -> int:
    """The beginning of the line after the one in which `at` stands; `at` itself where a line has just
    ended."""
    if at and text[at - 1] == "\n":
        return at
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
