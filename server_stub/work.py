"""What can be asked of the desk: each a value that the writer turns into journal entries and state, in one commit.

`Desk.submit(work)` answers after the commit with what the class's docstring names, or raises `Rejected`, in which case
nothing of that work was written. All times are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from server_stub.protocol import (
    AuthorKind,
    ChangeDialog,
    ChangeVisitor,
    EditMessage,
    MergeVisitors,
    OpenProfile,
    OutboxStatus,
    RunMacro,
    ScenarioProblem,
    SendMessage,
    SendTranscript,
    WritePreset,
    WriteVisitorNote,
)


class Rejected(Exception):
    """The work cannot be done, and repeating it will not help. Carries what a client is told.

    `error` is a word for programs (not_found, conflict, forbidden, invalid …), `status` the HTTP status that fits.
    """

    def __init__(
        self,
        error: str,
        detail: str,
        *,
        status: int = 400,
        field: str = "",
        hint: str = "",
        problems: tuple[ScenarioProblem, ...] = (),
    ) -> None:
        super().__init__(detail)
        self.error = error
        self.detail = detail
        self.status = status
        self.field = field
        self.hint = hint
        self.problems = problems


class Work(Struct, frozen=True):
    """One thing asked of the desk."""


class Identity(Struct, frozen=True):
    """How a caller names a visitor: by either, or both (which links them)."""

    anonymous_id: str = ""
    user_id: str = ""


class TrackEvent(Work, frozen=True, kw_only=True):
    """→ None. An event of the visitor whom `who` names; he is made where unknown.

    `message_id` de-duplicates: a second one is acknowledged and changes nothing. `happened_at` is already corrected by
    the sender's clock. `context` is Segment's (page, campaign, userAgent, locale, timezone …). `source` tells a
    widget's own visit from a back end's call, which does not begin a session.
    """

    who: Identity
    name: str
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}
    message_id: str = ""
    happened_at: int
    received_at: int
    source: Literal["widget", "server"] = "server"


class IdentifyVisitor(Work, frozen=True, kw_only=True):
    """→ None. Traits of a visitor; with both ids, the anonymous one becomes known, and merges once."""

    who: Identity
    traits: dict[str, Any] = {}
    context: dict[str, Any] = {}
    message_id: str = ""
    happened_at: int
    received_at: int


class AliasVisitor(Work, frozen=True, kw_only=True):
    """→ None. `previous` and `who` are one person (Segment's alias)."""

    who: Identity
    previous: str
    message_id: str = ""
    happened_at: int
    received_at: int


class GreetVisitor(Work, frozen=True, kw_only=True):
    """→ protocol.Welcome without its token and look. The widget's socket has been opened by `anonymous_id`.

    Makes no visitor: a page that only opens a socket has done nothing yet. Among the messages are also those up to
    `after` that were edited or deleted, as they are now.
    """

    anonymous_id: str
    after: int = 0


class VisitorWrites(Work, frozen=True, kw_only=True):
    """→ protocol.Message. `frame` is the widget's id of the frame; a repeat answers with the same message."""

    anonymous_id: str
    text: str
    files: tuple[str, ...] = ()
    frame: str
    at: int


class VisitorChooses(Work, frozen=True, kw_only=True):
    """→ None"""

    anonymous_id: str
    message: str
    option: str
    frame: str
    at: int


class VisitorEndsPopup(Work, frozen=True, kw_only=True):
    """→ None"""

    anonymous_id: str
    popup: str
    outcome: Literal["submitted", "clicked", "closed"]
    fields: dict[str, Any] = {}
    frame: str
    at: int


class VisitorSees(Work, frozen=True, kw_only=True):
    """→ None"""

    anonymous_id: str
    up_to: int
    state: Literal["delivered", "seen"]
    at: int


class OperatorSends(Work, frozen=True, kw_only=True):
    """→ protocol.Message"""

    operator: str
    dialog: str
    request: SendMessage
    at: int


class OperatorChangesDialog(Work, frozen=True, kw_only=True):
    """→ protocol.DialogSummary"""

    operator: str
    dialog: str
    request: ChangeDialog
    at: int


class OperatorEditsMessage(Work, frozen=True, kw_only=True):
    """→ protocol.Message. His own message or note, or one that he has scheduled."""

    operator: str
    message: str
    request: EditMessage
    at: int


class OperatorDeletesMessage(Work, frozen=True, kw_only=True):
    """→ None. His own; a scheduled one is cancelled."""

    operator: str
    message: str
    at: int


class OperatorMergesDialogs(Work, frozen=True, kw_only=True):
    """→ protocol.DialogSummary of `dialog`."""

    operator: str
    dialog: str
    gone: str
    at: int


class OperatorRunsMacro(Work, frozen=True, kw_only=True):
    """→ protocol.DialogSummary"""

    operator: str
    dialog: str
    request: RunMacro
    at: int


class OperatorSendsTranscript(Work, frozen=True, kw_only=True):
    """→ protocol.OutboxItem"""

    operator: str
    dialog: str
    request: SendTranscript
    at: int


class OperatorWritesPreset(Work, frozen=True, kw_only=True):
    """→ protocol.Preset"""

    operator: str
    preset: str
    request: WritePreset
    at: int


class OperatorRemovesPreset(Work, frozen=True, kw_only=True):
    """→ None"""

    operator: str
    preset: str
    at: int


class OperatorIsAway(Work, frozen=True, kw_only=True):
    """→ None. He takes no new dialogs, or takes them again."""

    operator: str
    away: bool
    at: int


class OperatorNotesVisitor(Work, frozen=True, kw_only=True):
    """→ protocol.VisitorNote"""

    operator: str
    visitor: str
    request: WriteVisitorNote
    at: int


class OperatorRemovesVisitorNote(Work, frozen=True, kw_only=True):
    """→ None"""

    operator: str
    visitor: str
    note: str
    at: int


class OperatorMergesVisitors(Work, frozen=True, kw_only=True):
    """→ protocol.VisitorMergePlan"""

    operator: str
    visitor: str
    request: MergeVisitors
    at: int


class OperatorErasesVisitor(Work, frozen=True, kw_only=True):
    """→ protocol.Erasure"""

    operator: str
    visitor: str
    at: int


class FilesRemoved(Work, frozen=True, kw_only=True):
    """→ None. The files of people who were erased are off the disk; `names` are those in the desk's memory."""

    names: tuple[str, ...]
    at: int


class ProfileFound(Work, frozen=True, kw_only=True):
    """→ None. What an open source says of the visitor; kept once for a source and an email."""

    visitor: str
    email: str
    profile: OpenProfile
    at: int


class AlarmsDue(Work, frozen=True, kw_only=True):
    """→ int: how many snoozes ended and scheduled messages were sent. The desk gives it to itself."""

    alarms: tuple[str, ...]
    at: int


class OperatorChangesVisitor(Work, frozen=True, kw_only=True):
    """→ protocol.VisitorCard"""

    operator: str
    visitor: str
    request: ChangeVisitor
    at: int


class OperatorSees(Work, frozen=True, kw_only=True):
    """→ None"""

    operator: str
    dialog: str
    up_to: int
    at: int


class OperatorStartsDialog(Work, frozen=True, kw_only=True):
    """→ protocol.DialogSummary: his open dialog (taken over by people), or a new one."""

    operator: str
    visitor: str
    at: int


class OperatorPresence(Work, frozen=True, kw_only=True):
    """→ None. The first console of an operator has connected, or his last one has gone."""

    operator: str
    online: bool
    at: int


class AddOperator(Work, frozen=True, kw_only=True):
    """→ protocol.Operator. `token_hash` is the SHA-256 of his token in hex. A known name: `conflict`."""

    operator: str
    """His new id."""
    name: str
    role: str
    token_hash: str
    at: int


class RemoveOperator(Work, frozen=True, kw_only=True):
    """→ None. His token ends, his messages stay, his dialogs are nobody's. Unknown: `not_found`."""

    operator: str
    at: int


class AddFile(Work, frozen=True, kw_only=True):
    """→ protocol.FileRef. The bytes are on disk already, below the data folder, under `stored_as`."""

    by: AuthorKind
    name: str
    media_type: str
    size: int
    stored_as: str
    token: str
    """The unguessable part of its URL."""
    at: int


class ScenariosRead(Work, frozen=True, kw_only=True):
    """→ None. The scenarios folder was read anew: these files are good, those have problems.

    `good` are (file name, text); a file that is gone from both stops entering anybody. `broken` keeps its last good
    version live and is shown in the consoles. `segments` and `broken_segments` are those of `segments/`, likewise.
    """

    good: tuple[tuple[str, str], ...]
    broken: tuple[tuple[str, tuple[ScenarioProblem, ...]], ...] = ()
    segments: tuple[tuple[str, str], ...] = ()
    broken_segments: tuple[tuple[str, tuple[ScenarioProblem, ...]], ...] = ()
    by: str = ""
    """The operator who publishes; empty where the files were changed in the folder."""
    choices: dict[str, dict[str, str]] = {}
    """By scenario and the key of a step that is gone: where its visitors go on, "" where they stop."""
    why: str = ""
    """Why the operator publishes, in his words."""
    at: int


class BroadcastsDue(Work, frozen=True, kw_only=True):
    """→ int: how many broadcasts began. The desk gives it to itself when the moment of a schedule has come."""

    at: int


class RoundGoesOn(Work, frozen=True, kw_only=True):
    """→ None. What concerns everybody comes to the next visitors. The desk gives it to itself."""

    at: int


class RowTried(Work, frozen=True, kw_only=True):
    """→ None. What came of an outbox row: it was `sent`, `failed`, or is `kept`; `waiting`: again at `due_at`.

    `content` is what was sent, where that differs from what was planned. A row that waits no more: nothing.
    """

    row: str
    status: OutboxStatus
    error: str = ""
    reply: Any = None
    content: dict[str, Any] | None = None
    due_at: int = 0
    at: int


class TimersDue(Work, frozen=True, kw_only=True):
    """→ int: how many visitors were woken. The desk gives it to itself."""

    visitors: tuple[str, ...]
    at: int


AnyWork: TypeAlias = (
    TrackEvent
    | IdentifyVisitor
    | AliasVisitor
    | GreetVisitor
    | VisitorWrites
    | VisitorChooses
    | VisitorEndsPopup
    | VisitorSees
    | OperatorSends
    | OperatorChangesDialog
    | OperatorChangesVisitor
    | OperatorSees
    | OperatorStartsDialog
    | OperatorPresence
    | AddOperator
    | RemoveOperator
    | AddFile
    | ScenariosRead
    | TimersDue
    | BroadcastsDue
    | RoundGoesOn
    | RowTried
    | OperatorEditsMessage
    | OperatorDeletesMessage
    | OperatorMergesDialogs
    | OperatorRunsMacro
    | OperatorSendsTranscript
    | OperatorWritesPreset
    | OperatorRemovesPreset
    | OperatorIsAway
    | OperatorNotesVisitor
    | OperatorRemovesVisitorNote
    | OperatorMergesVisitors
    | OperatorErasesVisitor
    | FilesRemoved
    | ProfileFound
    | AlarmsDue
)
