"""The past as the engine was told it: one visitor's log, and by time what was around him.

A log holds stimuli, not outcomes. What scenarios said, changed and emitted is not in it: the engine is deterministic,
so a replay makes all of that again, or, with a draft in a scenario's place, what it would have been.
`server_stub.history` makes logs from a journal or an events file; `tools/replay.py` runs them. Times are milliseconds
since the epoch, UTC.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct, field

from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.state import World
from scenarios_yaml.engine.stimuli import (
    Chose,
    Delivered,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
)


class VisitorWrote(Struct, frozen=True):
    """A message of the visitor. Where no dialog is open, it opens `dialog`: people's, unless a scenario answers.

    `assignee` is whose the dialog already is, where a closed one is taken up again.
    """

    text: str
    message: str
    dialog: str
    files: tuple[str, ...] = ()
    assignee: str = ""


class DialogStands(Struct, frozen=True):
    """How a dialog stands after an operator, or the server by itself, has opened, assigned or closed it."""

    dialog: str
    open: bool
    holder: Literal["bot", "people"] = "people"
    assignee: str = ""
    reason: str = ""


class DialogNamed(Struct, frozen=True):
    """The dialog that a bot has just opened is known by this id from here on."""

    dialog: str


class BecameOne(Struct, frozen=True):
    """The visitor `gone` is the item's visitor from here on."""

    gone: str


Told: TypeAlias = (
    Happened
    | VisitorWrote
    | Chose
    | PopupEnded
    | PropertiesChanged
    | OperatorWrote
    | Delivered
    | DialogStands
    | DialogNamed
    | BecameOne
)


class LogItem(Struct, frozen=True):
    """One thing that the engine was told, at the moment `at` that it was given as now.

    `seq` is the journal's number, 0 where the log comes from elsewhere: between numbers their order counts, not `at`.
    `scenario` is whose question, pop-up or outbox row is answered.
    """

    at: int
    visitor: str
    what: Told
    seq: int = 0
    scenario: str = ""


class Heard(Struct, frozen=True):
    """What a scenario's run really said to him: an outcome, kept only where somebody asks what was."""

    at: int
    run: str
    channel: str
    text: str


class VisitorLog(Struct):
    """All that the engine was told of one person, in order; of one who was two visitors, of both.

    `late` are moments that were due while the server was down, with the moment when it caught up. `was` and `heard` are
    the outcomes of one scenario as the journal has them, where they were asked for. `erased` counts entries whose
    content is gone.
    """

    visitor: str
    items: list[LogItem] = field(default_factory=list)
    late: dict[int, int] = field(default_factory=dict)
    was: list[TraceLine] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    erased: int = 0


class Publication(Struct, frozen=True):
    """A scenario's or segment's file as it was from here on. An empty `text` is one that is gone."""

    at: int
    kind: Literal["scenario", "segment"]
    slug: str
    text: str
    seq: int = 0
    status: str = "live"
    choices: dict[str, str] = {}
    """Where those go on who stand at a step that is gone, "" where they stop."""


class Broadcast(Struct, frozen=True):
    """The moment `due` of a scenario's schedule came, and everybody who was known was asked, from `at` on."""

    at: int
    scenario: str
    due: int
    seq: int = 0


class Presence(Struct, frozen=True):
    """So many operators were online from here on."""

    at: int
    online: int
    seq: int = 0


class Around(Struct, frozen=True):
    """What was around all visitors, by time. It can be sent to another process as it is.

    `world` is the shop's settings as they are now; only who was online is known by time. `coupons` are codes by pool.
    `unknown` says in sentences what the past does not tell.
    """

    world: World = World()
    publications: tuple[Publication, ...] = ()
    broadcasts: tuple[Broadcast, ...] = ()
    presences: tuple[Presence, ...] = ()
    coupons: dict[str, str] = {}
    unknown: tuple[str, ...] = ()
