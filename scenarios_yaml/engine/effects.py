"""What the engine wants done. It does none of it: the server, the player and the tests carry effects out, in
order.

Texts are rendered. Ids are made from the visitor and his run's number, so the same log gives the same ids.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.engine.state import TookVariant


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
    version: str = ""
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
    version: str = ""
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
    version: str = ""
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


Counted: TypeAlias = Literal[
    "", "shown", "answered", "submitted", "clicked", "closed", "timed_out", "failed", "suppressed", "taken_back",
    "restarted", "split",
]  # fmt: skip
"""As what a line of the trace counts in the scenario's figures, beside its phase.

shown: a pop-up came onto the screen · timed_out: the visitor did nothing in time · failed: a message or call could not
be made · suppressed: a message was not sent on purpose · taken_back: that as well, and the run ended as if it had never
begun · restarted: a run ended as if it had never begun, and the one that began in its place is no further entry ·
split: the branch is a variant.
"""


class TraceLine(Struct, frozen=True, kw_only=True):
    """One thing that was decided, and by which line of the file.

    phase: `refused` (not let in: `result` says by which condition and the value it saw), `held_out` (he would have been
    let in, and is one of those with whom the others are compared), `started`, `step`, `ended`, `goal` (reached:
    `result` names the event and how long after the start; `run` is empty for one who was held out).
    """

    at: int
    scenario: str
    version: str
    phase: Literal["refused", "held_out", "started", "step", "ended", "goal"]
    run: str = ""
    step: str = ""
    line: int = 0
    result: str = ""
    came: bool = False
    """With this line the run came to the step; not that it goes on there after a wait."""
    counted: Counted = ""
    branch: str = ""
    """Which way the run took at the step: an option's id, a variant's name, the number of a case, or the key under
    which the branch stands (`then`, `no_answer` …)."""
    reason: str = ""
    """Of what ended, failed or was suppressed: why, without what differs from visitor to visitor."""
    took: tuple[TookVariant, ...] = ()
    """Of a goal: the variants that the run had taken by then."""
