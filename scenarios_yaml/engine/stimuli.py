"""What can happen to a visitor, as the engine is told. One stimulus is one call of `advance`."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct


class Happened(Struct, frozen=True):
    """An event: from the site, a back end, or a scenario (`emit`). `at` is when it happened (ms)."""

    name: str
    properties: dict[str, Any] = {}
    at: int = 0


class Wrote(Struct, frozen=True):
    """The visitor wrote in the chat. `files` are names of what he sent along."""

    text: str
    message: str = ""
    files: tuple[str, ...] = ()


class Chose(Struct, frozen=True):
    """The visitor pressed an answer button of the bot's message."""

    message: str
    option: str


class PopupEnded(Struct, frozen=True):
    popup: str
    outcome: Literal["submitted", "clicked", "closed"]
    fields: dict[str, Any] = {}


class TimePassed(Struct, frozen=True):
    """Nothing but time: everything that is due by now goes on, in the order of its due times."""


class PropertiesChanged(Struct, frozen=True):
    """Traits of identify, or an operator's edit. `None` removes. Tags likewise. `blocked` None: that stays."""

    changes: dict[str, Any] = {}
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()
    blocked: bool | None = None


class OperatorWrote(Struct, frozen=True):
    """An operator wrote into the dialog: he takes it over from a bot."""

    operator: str
    at: int = 0


class DialogMoved(Struct, frozen=True):
    """The server or an operator opened, reassigned or closed the dialog; `id` is empty when it was closed."""

    id: str
    holder: Literal["bot", "people"] = "people"
    assignee: str = ""
    reason: str = ""


class CouponTaken(Struct, frozen=True):
    """The answer to `TakeCoupon`. An empty `code`: the pool is unknown or used up."""

    run: str
    code: str


class Delivered(Struct, frozen=True):
    """The outcome of an outbox row, to be told of each: a run may wait for it (webhook; mail, push and message with
    `on_error`), or end where it failed. `id` is the row's."""

    run: str
    ok: bool
    reply: Any = None
    error: str = ""
    id: str = ""


class BroadcastDue(Struct, frozen=True):
    """The moment `at` of the scenario's schedule has come; the server tells it to each visitor."""

    scenario: str
    at: int = 0


Stimulus: TypeAlias = (
    Happened
    | Wrote
    | Chose
    | PopupEnded
    | TimePassed
    | PropertiesChanged
    | OperatorWrote
    | DialogMoved
    | CouponTaken
    | Delivered
    | BroadcastDue
)
