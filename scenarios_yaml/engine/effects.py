"""What the engine wants done. It does none of it: the server, the player and the tests carry effects out, in
order.

Texts are rendered. Ids are made from the visitor and his run's number, so the same log gives the same ids.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct


class ChatOption(Struct, frozen=True):
    id: str
    label: str


class ChatButton(Struct, frozen=True):
    label: str
    link: str


class SendChat(Struct, frozen=True, kw_only=True):
    """A bot's message in the visitor's dialog, which the bot holds from then on. Where none is open, one is opened."""

    id: str
    run: str
    scenario: str
    step: str
    text: str
    options: tuple[ChatOption, ...] = ()
    buttons: tuple[ChatButton, ...] = ()
    image: str = ""
    file: str = ""
    input: str = ""
    """Set where a typed answer is awaited (`ask`)."""


class OptionChosen(Struct, frozen=True):
    """The question `message` was answered with `option` (by a button, or by typing its label)."""

    message: str
    option: str


class QuestionClosed(Struct, frozen=True):
    """The question no longer waits: its run went on or ended without an answer."""

    message: str


class ShowField(Struct, frozen=True):
    name: str
    input: str
    label: str
    required: bool = False
    choices: tuple[str, ...] = ()


class ShowPopup(Struct, frozen=True, kw_only=True):
    id: str
    run: str
    scenario: str
    step: str
    size: Literal["small", "large", "mini"]
    title: str
    text: str
    image: str = ""
    button: ChatButton | None = None
    position: str = ""
    fields: tuple[ShowField, ...] = ()


class HidePopup(Struct, frozen=True):
    popup: str
    reason: Literal["timed_out", "withdrawn"]


class Send(Struct, frozen=True, kw_only=True):
    """An outbox row. `id` is its idempotency key. `content` is rendered and complete: to, subject, body …"""

    id: str
    run: str
    scenario: str
    step: str
    channel: Literal["email", "push", "messenger", "webhook"]
    content: dict[str, Any]


class TakeCoupon(Struct, frozen=True):
    """The run waits until it is answered with `CouponTaken`."""

    run: str
    pool: str


class ChangeProperties(Struct, frozen=True):
    """Already true in the new state; to be journaled. `None` removes."""

    scenario: str
    changes: dict[str, Any] = {}
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


class TagDialog(Struct, frozen=True):
    tags_added: tuple[str, ...] = ()
    tags_removed: tuple[str, ...] = ()


class EmitEvent(Struct, frozen=True):
    """An event made by a scenario, or a segment that the visitor entered or left. The engine has already taken it
    in; to be journaled."""

    name: str
    properties: dict[str, Any] = {}
    scenario: str = ""
    """The scenario that made it; `segments/SLUG` where it tells of a segment."""


class AddNote(Struct, frozen=True):
    """For the open dialog, else the last one; where there has been none, one is opened, held by people (`opens`)."""

    scenario: str
    text: str
    opens: bool = False


class HandOff(Struct, frozen=True):
    """The dialog goes to people. Where none is open, one is opened."""

    scenario: str
    team: str = ""
    operator: str = ""
    note: str = ""


class AssignDialog(Struct, frozen=True):
    """The open dialog goes to people, while the run goes on. Without an open dialog there is nothing to assign."""

    scenario: str
    team: str = ""
    operator: str = ""


class CloseDialog(Struct, frozen=True):
    scenario: str
    reason: str


Effect: TypeAlias = (
    SendChat
    | OptionChosen
    | QuestionClosed
    | ShowPopup
    | HidePopup
    | Send
    | TakeCoupon
    | ChangeProperties
    | TagDialog
    | EmitEvent
    | AddNote
    | HandOff
    | AssignDialog
    | CloseDialog
)


class TraceLine(Struct, frozen=True, kw_only=True):
    """One thing that was decided, and by which line of the file.

    phase: `refused` (not let in: `result` says by which condition and the value it saw), `started`, `step`,
    `ended`, `goal` (reached: `result` names the event and how long after the start; `run` is empty for one who
    was held out).
    """

    at: int
    scenario: str
    version: str
    phase: Literal["refused", "started", "step", "ended", "goal"]
    run: str = ""
    step: str = ""
    line: int = 0
    result: str = ""
