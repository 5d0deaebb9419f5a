"""What an entry of the journal counts in the figures of scenarios: one entry, looked at by itself.

So the figures follow from the journal alone. They are counted as entries are written, taken back when a person is
erased, and counted anew by reading the journal once more, each time by this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from server_stub.protocol import Entry, EventHappened, Origin, OutboxChanged, Receipt, RunProgress

MAY_COUNT = """(kind IN ('run','outbox','receipt') OR (kind = 'event' AND body LIKE '%"origin":{%'))"""
"""Of the journal's rows those that may count, in SQL: of events only the few that come from a scenario's message."""
NAME_CHARS = 200
"""Of what tells facts apart: slugs, keys of steps and reasons are shorter, but for what someone writes by hand."""
NEVER_ENTERED = "taken_back"
"""Counts an entry that is taken back; not a figure that is shown."""
REASONS = {"failed": "could not be sent", "unknown": "nobody knows whether it was sent"}
"""By the status of an outbox row. Its error is what a stranger's server said: that is for the row, not for counting."""

_OUTBOX = {"sent": "delivered", "kept": "kept", "failed": "failed", "unknown": "failed"}


class Fact(Struct, frozen=True):
    """Something that happened once. `part` tells apart what one entry counts; `day` is the project's (see days.py).

    `figure` is one of protocol.FigureName, or `NEVER_ENTERED`. `branch` is a way or a reason.
    """

    scenario: str
    figure: str
    step: str
    branch: str
    at: int
    seq: int
    part: int
    version: str
    run: str
    day: int


_Found = tuple[str, Origin, str]
"""The figure, where it was counted, and the way or the reason."""


def facts_of(entry: Entry, day_of: Callable[[int], int]) -> list[Fact]:
    """What the entry counts; nothing, mostly. `day_of` gives the project's day of a moment (ms)."""
    finder = _FINDERS.get(type(entry.what))
    found = list(finder(entry.what)) if finder is not None else []
    if not found:
        return []
    at = _moment(entry)
    day = day_of(at)
    return [
        Fact(
            origin.scenario[:NAME_CHARS],
            figure,
            origin.step[:NAME_CHARS],
            branch[:NAME_CHARS],
            at,
            entry.seq,
            part,
            origin.version,
            origin.run,
            day,
        )
        for part, (figure, origin, branch) in enumerate(found)
    ]


def counted(entries: Sequence[Entry], day_of: Callable[[int], int]) -> list[Fact]:
    """What all of them count, in their order."""
    found: list[Fact] = []
    for entry in entries:
        if type(entry.what) in _FINDERS:
            found += facts_of(entry, day_of)
    return found


def _moment(entry: Entry) -> int:
    """By the server's clock; an event's own moment is what a visitor's clock says."""
    what = entry.what
    return (what.received_at if isinstance(what, EventHappened) else 0) or entry.at


def _of_run(what: RunProgress) -> Iterator[_Found]:
    here = Origin(what.run, what.scenario, what.version, what.step)
    scenario = Origin(what.run, what.scenario, what.version, "")
    if what.came:
        yield "reached", here, ""
    match what.phase:
        case "started" if what.counted != "restarted":
            yield "entered", scenario, ""
        case "held_out":
            yield "held_out", scenario, ""
        case "goal":
            yield ("goal" if what.run else "held_out_goal"), scenario, ""
            for took in what.took:
                yield "variant_goal", Origin(what.run, what.scenario, took.version, took.step), took.variant
        case "ended" if what.counted != "restarted":
            yield "ended", here, what.reason or what.result
            yield from _of_step(what, here)
        case "step":
            yield from _of_step(what, here)


def _of_step(what: RunProgress, here: Origin) -> Iterator[_Found]:
    match what.counted:
        case "":
            pass
        case "shown":
            yield "delivered", here, ""
        case "taken_back":
            yield "suppressed", here, what.reason
            yield NEVER_ENTERED, Origin(what.run, what.scenario, what.version, ""), ""
        case "failed" | "suppressed":
            yield what.counted, here, what.reason
        case "split":
            yield "variant", here, what.branch
        case figure:
            yield figure, here, ""
    if what.branch:
        yield "went", here, what.branch


def _of_outbox(what: OutboxChanged) -> Iterator[_Found]:
    figure = _OUTBOX.get(what.status)
    if figure is not None and what.step:
        origin = Origin(what.run, what.scenario, what.version, what.step)
        yield figure, origin, REASONS.get(what.status, "")


def _of_receipt(what: Receipt) -> Iterator[_Found]:
    for origin in what.delivered:
        yield "delivered", origin, ""
    for origin in what.seen:
        yield "seen", origin, ""


def _of_event(what: EventHappened) -> Iterator[_Found]:
    if what.origin is not None:
        yield "clicked", what.origin, ""


_FINDERS: dict[type, Callable[[Any], Iterator[_Found]]] = {
    RunProgress: _of_run,
    OutboxChanged: _of_outbox,
    Receipt: _of_receipt,
    EventHappened: _of_event,
}
