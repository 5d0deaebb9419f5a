"""What a trace line says, taken apart for counting: the reason without the value that was seen, and what held back a
message. The lines are the engine's (engine/entry.py, arbitration.py); tests hold this and those together.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from scenarios_yaml.language.durations import format_duration

_RUNNING = re.compile(r"run \S+ is on its way")
_TOO_SOON = re.compile(r"the last run ended (\d+) s ago")
_BUSY = re.compile(r"(dropped|queued): (?:still )?busy with (.+)")
_CAP = re.compile(r"skipped: frequency cap\b.*")


class Reason(Struct, frozen=True):
    """Why somebody was not let in. `kind`: trigger, holdout, re-entry, audience, exit or limit. `saw`: the value."""

    kind: str
    text: str
    saw: str = ""


class Held(Struct, frozen=True):
    """What became of a message that did not go out when it was due, and by whom (or what)."""

    what: Literal["dropped", "skipped", "delayed"]
    by: str


def reason_of(refusal: str) -> Reason:
    """The reason of a `refused` line."""
    kind, _, rest = refusal.partition(": ")
    match kind:
        case "trigger" | "audience":
            text, saw = split_seen(rest)
            return Reason(kind, text, saw)
        case "exit holds already":
            return Reason("exit", rest)
        case "held out":
            return Reason("holdout", rest)
        case "re-entry":
            return _of_reentry(rest)
    return Reason("limit", refusal)


def _of_reentry(rest: str) -> Reason:
    if _RUNNING.fullmatch(rest):
        return Reason("re-entry", "a run is on its way")
    ended = _TOO_SOON.fullmatch(rest)
    if ended:
        return Reason(
            "re-entry",
            "the last run ended too short a time ago",
            f"{format_duration(int(ended.group(1)) * 1000)} ago",
        )
    return Reason("re-entry", rest)


def split_seen(text: str) -> tuple[str, str]:
    """`email is known (unknown)` → the condition, and what it saw."""
    begin = text.rfind(" (")
    if not text.endswith(")") or begin < 0:
        return text, ""
    return text[:begin], text[begin + 2 : -1]


def held_by(result: str) -> Held | None:
    """What held a message back, of a step's or an end's line; None where nothing did."""
    busy = _BUSY.fullmatch(result)
    if busy:
        return Held("dropped" if busy.group(1) == "dropped" else "delayed", busy.group(2))
    if result == "skipped: quiet hours":
        return Held("skipped", "quiet hours")
    if result.startswith("quiet hours: waits"):
        return Held("delayed", "quiet hours")
    if _CAP.fullmatch(result):
        return Held("skipped", "the frequency cap")
    return None


def ending_of(result: str) -> str:
    """How a run ended, without what is different with each visitor."""
    kind, colon, _ = result.partition(": ")
    if kind == "audience" and colon:
        return split_seen(result)[0]
    return re.sub(r"\brun \S+", "another run", result)
