"""The lines that people type to the player, taken apart: commands, `name=value` pairs, JSON among them."""

from __future__ import annotations

import json
import re
from typing import Any

from msgspec import Struct

from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.scalars import parse_number
from scenarios_yaml.tools.stage import CannotError

COMMANDS: dict[str, tuple[str, str]] = {
    "start": ("", "make happen what starts the scenario"),
    "fit": ("", "make him one whom the scenario lets in"),
    "advance": ("3d", "let time pass: 30s, 15m, 1h30m, 3d, 2w"),
    "next": ("", "let time pass until something is due"),
    "until": ("2026-03-05 10:00", "let time pass until this local moment"),
    "event": ("Order Completed total=1200", "an event of the shop, with properties; values may be JSON"),
    "as": ("city=Moscow locale=ru", "change what is known of the visitor; name= forgets it"),
    "tag": ("vip", "give the visitor a tag (:untag takes it)"),
    "untag": ("vip", "take a tag from the visitor"),
    "submit": ("email=ann@shop.example", "fill in the pop-up and send it off"),
    "click": ("", "press the pop-up's button, else the link of the last email"),
    "close": ("", "close the pop-up"),
    "open": ("", "open the last email"),
    "operators": ("0", "so many operators are online"),
    "operator": ("How can I help?", "an operator writes into the dialog"),
    "webhook": ('{"ok": true}', "what webhooks reply from now on; error=TEXT fails them"),
    "coupon": ("cart-5=SALE", "the next code of a pool; cart-5= is used up"),
    "fail": ("mailbox full", "the next thing that is sent fails"),
    "state": ("", "what is known of the visitor now"),
    "trace": ("", "everything that was decided so far"),
    "why": ("", "who was not let in, and by which condition"),
    "reset": ("", "begin anew with a new visitor"),
    "help": ("", "this list"),
    "quit": ("", "leave (so does Ctrl+D)"),
}
"""What may follow a colon: an example of what comes after it, and what it does."""

_PAIR = re.compile(r"([^\W\d][\w.-]*)=")
_JSON = json.JSONDecoder()


class Command(Struct, frozen=True):
    """`:name rest`."""

    name: str
    rest: str


def command_of(line: str) -> Command | None:
    """The command of a line; None where the line is what the visitor writes. Raises `CannotError` where there is no
    such command."""
    if not line.startswith(":") or line.startswith("::"):
        return None
    name, _, rest = line[1:].partition(" ")
    if name in COMMANDS:
        return Command(name, rest.strip())
    guess = did_you_mean(name, COMMANDS).replace("“", "“:")
    raise CannotError(f"there is no command {quoted(':' + name)}", guess or ":help lists all of them")


def pairs(text: str) -> tuple[str, dict[str, Any]]:
    """What stands before the first `name=value`, and the pairs. Raises `CannotError` for JSON that is none."""
    first = _next_pair(text, 0)
    if first is None:
        return text.strip(), {}
    before = text[: first.start()].strip()
    values: dict[str, Any] = {}
    while first is not None:
        name, at = first.group(1), first.end()
        if text[at : at + 1] in ("[", "{", '"'):
            value, at = _json(text, at, name)
            first = _next_pair(text, at)
        else:
            first = _next_pair(text, at)
            value = _plain(text[at : first.start() if first else len(text)].strip())
        values[name] = value
    return before, values


def json_of(text: str) -> Any:
    """The text as JSON. Raises `CannotError` where it is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise CannotError(f"{quoted(text)} is no JSON: {error}", 'for example {"ok": true}') from error


def _next_pair(text: str, at: int) -> re.Match[str] | None:
    """The next `name=` that begins a word."""
    for match in _PAIR.finditer(text, at):
        if match.start() == 0 or text[match.start() - 1].isspace():
            return match
    return None


def _json(text: str, at: int, name: str) -> tuple[Any, int]:
    try:
        return _JSON.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise CannotError(f"the value of {quoted(name)} is no JSON: {error}") from error


def _plain(word: str) -> Any:
    if word in ("true", "false"):
        return word == "true"
    if word in ("", "null"):
        return None
    number = parse_number(word)
    return word if number is None else number
