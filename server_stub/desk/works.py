"""Which function applies which work, and what a batch of them will want to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scenarios_yaml.engine.stimuli import TimePassed
from server_stub.desk import (
    alarms,
    answers,
    assignment,
    dialog_changes,
    outbox,
    presets,
    publishing,
    rounds,
    schedules,
    team,
    tracking,
    visitor_side,
)
from server_stub.desk.cache import Cache
from server_stub.desk.persons import notes, transcript
from server_stub.desk.persons import works as persons
from server_stub.desk.reactions import tell
from server_stub.desk.transaction import Transaction
from server_stub.ids import new_id
from server_stub.protocol import DialogSummary, FileRef
from server_stub.store.base import FileRow
from server_stub.work import (
    AddFile,
    AddOperator,
    AlarmsDue,
    AliasVisitor,
    AnyWork,
    BroadcastsDue,
    GreetVisitor,
    IdentifyVisitor,
    OperatorChangesDialog,
    OperatorChangesVisitor,
    OperatorDeletesMessage,
    OperatorEditsMessage,
    OperatorIsAway,
    OperatorMergesDialogs,
    OperatorNotesVisitor,
    OperatorPresence,
    OperatorRemovesPreset,
    OperatorRunsMacro,
    OperatorSees,
    OperatorSends,
    OperatorSendsTranscript,
    OperatorStartsDialog,
    OperatorWritesPreset,
    RemoveOperator,
    RoundGoesOn,
    RowTried,
    ScenariosRead,
    TimersDue,
    TrackEvent,
    VisitorChooses,
    VisitorEndsPopup,
    VisitorSees,
    VisitorWrites,
)

FILES = "/files/"
"""Where the server serves what was sent along with messages: FILES + the file's token."""


def apply(tx: Transaction, work: AnyWork) -> Any:
    """Do the work within the transaction. Raises Rejected."""
    result = _APPLY[type(work)](tx, work)
    assignment.settle(tx, getattr(work, "at", tx.now))
    return tx.known_dialog(result.id) if isinstance(result, DialogSummary) else result


def add_file(tx: Transaction, work: AddFile) -> FileRef:
    ref = FileRef(new_id("f", work.at), work.name, work.media_type, work.size, FILES + work.token)
    tx.mine.files[ref.id] = FileRow(ref, work.stored_as, work.token, work.at, by=work.by)
    return ref


def wake(tx: Transaction, work: TimersDue) -> int:
    woken = 0
    for visitor in work.visitors:
        person = tx.person(visitor)
        if person is not None:
            tell(tx, person.id, TimePassed(), work.at)
            woken += 1
    return woken


_APPLY: dict[type, Callable[[Transaction, Any], Any]] = {
    TrackEvent: tracking.track,
    IdentifyVisitor: tracking.identify,
    AliasVisitor: tracking.take_alias,
    GreetVisitor: visitor_side.greet,
    VisitorWrites: visitor_side.writes,
    VisitorChooses: visitor_side.chooses,
    VisitorEndsPopup: visitor_side.ends_popup,
    VisitorSees: visitor_side.sees,
    OperatorSends: answers.sends,
    OperatorEditsMessage: answers.edits,
    OperatorDeletesMessage: answers.deletes,
    OperatorChangesDialog: dialog_changes.changes_dialog,
    OperatorMergesDialogs: dialog_changes.merges,
    OperatorRunsMacro: dialog_changes.runs_macro,
    **persons.APPLY,
    OperatorSees: answers.sees,
    OperatorStartsDialog: dialog_changes.starts_dialog,
    OperatorPresence: team.comes_or_goes,
    AddOperator: team.add,
    RemoveOperator: team.remove,
    OperatorIsAway: team.is_away,
    OperatorWritesPreset: presets.write,
    OperatorRemovesPreset: presets.remove,
    AddFile: add_file,
    ScenariosRead: publishing.read_scenarios,
    TimersDue: wake,
    AlarmsDue: alarms.ring,
    BroadcastsDue: schedules.begin_due,
    RoundGoesOn: rounds.go_on,
    RowTried: outbox.tried,
}


# --- What will be read -------------------------------------------------------------------------------


class _Wanted:
    """The keys of a batch, to be asked for together."""

    def __init__(self) -> None:
        self.identities: set[tuple[str, str]] = set()
        self.visitors: set[str] = set()
        self.dialogs: set[str] = set()
        self.seen: set[str] = set()

    def add(self, work: AnyWork) -> None:
        match work:
            case TrackEvent() | IdentifyVisitor() | AliasVisitor():
                if work.who.anonymous_id:
                    self.identities.add(("anonymous", work.who.anonymous_id))
                if work.who.user_id:
                    self.identities.add(("user", work.who.user_id))
                if work.message_id:
                    self.seen.add(tracking.EVENT + work.message_id)
            case VisitorWrites() | VisitorChooses() | VisitorEndsPopup():
                self.identities.add(("anonymous", work.anonymous_id))
                self.seen.add(visitor_side.frame_key(work.anonymous_id, work.frame))
            case VisitorSees() | GreetVisitor():
                self.identities.add(("anonymous", work.anonymous_id))
            case TimersDue():
                self.visitors.update(work.visitors)
            case _:
                self._add_operators(work)

    def _add_operators(self, work: AnyWork) -> None:
        match work:
            case OperatorSends() | OperatorRunsMacro():
                self.dialogs.add(work.dialog)
                self.seen.add(answers.client_key(work.operator, work.request.client_id))
            case OperatorChangesDialog():
                self.dialogs.add(work.dialog)
                self.seen |= dialog_changes.note_keys(work)
            case OperatorSees() | OperatorMergesDialogs():
                self.dialogs.add(work.dialog)
            case OperatorSendsTranscript():
                self.dialogs.add(work.dialog)
                self.seen.add(transcript.letter_key(work.operator, work.request.client_id))
            case OperatorNotesVisitor():
                self.visitors.add(work.visitor)
                self.seen.add(notes.note_key(work.operator, work.request.client_id))
            case OperatorChangesVisitor() | OperatorStartsDialog():
                self.visitors.add(work.visitor)


def prefetch(tx: Transaction, cache: Cache, works: Sequence[AnyWork]) -> None:
    """Read what the batch needs in a few queries instead of a few for each work. Raises StoreError."""
    wanted = _Wanted()
    for work in works:
        wanted.add(work)
    if wanted.seen:
        tx.seen_before = tx.store.seen(list(wanted.seen))
    tx.absent = cache.read_identities(wanted.identities)
    for key in wanted.identities - tx.absent:
        visitor = cache.identities.get(key)
        if visitor:
            wanted.visitors.add(visitor)
    cache.read_people(wanted.visitors)
    for visitor in wanted.visitors:
        person = cache.people.get(visitor)
        if person is not None and person.state.dialog.id:
            wanted.dialogs.add(person.state.dialog.id)
    cache.read_dialogs(wanted.dialogs)
