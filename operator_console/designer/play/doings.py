"""What can be done in a session: what a test's timeline knows, and three things that depend on the draft.

“Make it start”, “make him fit” and “until something is due” are kept as what they mean: when the draft has changed, its
other trigger and its longer waits are met, too. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from msgspec import Struct

from scenarios_yaml.engine.effects import ChatOption, ShowPopup
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.playing.player_lines import command_of, pairs
from scenarios_yaml.tools.playing.typed import as_typed, item_of
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable


class Start(Struct, frozen=True):
    """What starts the scenario happens: its trigger of that number."""

    trigger: int = 0


class Next(Struct, frozen=True):
    """Time passes until something is due."""


class Fit(Struct, frozen=True):
    """The visitor becomes one whom the scenario lets in by its trigger of that number, as far as that can be told."""

    trigger: int = 0


Doing: TypeAlias = Start | Next | Fit | Doable


def doing_of(line: str, answers: Sequence[ChatOption] = (), popup: ShowPopup | None = None) -> Doing | None:
    """What a line means that was typed: a command behind a colon, the number or label of an answer, what stands in the
    fields of the pop-up on the screen, else what the visitor writes in the chat (always, behind two colons).

    None for a command that only looks. Raises `CannotError` where the line cannot be read.
    """
    command = command_of(line)
    if command is None:
        return _said(line.removeprefix(":") if line.startswith("::") else line, answers, popup)
    if command.name == "start":
        return Start(_number(command.rest))
    if command.name == "fit":
        return Fit(_number(command.rest))
    return Next() if command.name == "next" else item_of(command)


def _number(rest: str) -> int:
    if not rest:
        return 0
    if not (rest.isascii() and rest.isdecimal() and len(rest) < 3 and int(rest)):
        raise CannotError(f"{quoted(rest)} is no trigger", "for example :start 2, its second one")
    return int(rest) - 1


def _said(text: str, answers: Sequence[ChatOption], popup: ShowPopup | None) -> Doing:
    text = text.strip()
    if popup is not None and popup.fields and not text.startswith(":"):
        return _filled(text.removeprefix(":"), popup)
    labels = [option.label for option in answers]
    if text.isascii() and text.isdecimal() and 1 <= int(text[:3]) <= len(labels):
        return cases.Answers(answer=Text.plain(labels[int(text[:3]) - 1]), line=0)
    folded = _folded(text)
    if any(_folded(label) == folded for label in labels):
        return cases.Answers(answer=Text.plain(text), line=0)
    return cases.Writes(text=Text.plain(text), line=0)


def _filled(text: str, popup: ShowPopup) -> Doing:
    """`name=value` for each field; of a pop-up with one field just the value."""
    before, given = pairs(text)
    if before and given:
        raise CannotError("fields are written name=value", f"for example {popup.fields[0].name}={before}")
    if given:
        typed = {name: as_typed(value) for name, value in given.items()}
    elif len(popup.fields) == 1:
        typed = {popup.fields[0].name: text}
    else:
        names = " ".join(f"{field.name}=…" for field in popup.fields)
        raise CannotError("the pop-up has several fields", f"fill them in as {names}")
    return cases.Submits(fields=tuple((name, Text.plain(value)) for name, value in typed.items()), line=0)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
