"""What operators make of a dialog: assign, tag, snooze, hand back, close, merge; by hand or by a macro."""

from __future__ import annotations

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from server_stub.desk import conversations, ratings
from server_stub.desk.answers import client_key
from server_stub.desk.persons.fields import MAX_PROPERTY_CHARS, checked_tags
from server_stub.desk.reactions import moved
from server_stub.desk.scheduled import check_moment
from server_stub.desk.speaking import check_none_open, note, say
from server_stub.desk.transaction import Transaction
from server_stub.desk.visitor_side import check_text
from server_stub.protocol import Author, ChangeDialog, DialogMerged, DialogSummary, Holder, Preset
from server_stub.work import (
    OperatorChangesDialog,
    OperatorMergesDialogs,
    OperatorRunsMacro,
    OperatorStartsDialog,
    Rejected,
)


def changes_dialog(tx: Transaction, work: OperatorChangesDialog) -> DialogSummary:
    author = tx.author_of(work.operator)
    return change(tx, tx.known_dialog(work.dialog), work.request, author, work.at)


def starts_dialog(tx: Transaction, work: OperatorStartsDialog) -> DialogSummary:
    """His open dialog, taken from the bot and out of its snooze; else a new one."""
    author = tx.author_of(work.operator)
    person = tx.known_person(work.visitor)
    dialog = conversations.open_dialog_of(tx, person)
    if dialog is None:
        dialog = conversations.open_dialog(tx, person, author, "people", work.at)
    dialog = conversations.change(
        tx, dialog, author, work.at, status="open", holder="people", assignee=dialog.assignee or author.id
    )
    moved(tx, dialog, work.at)
    return tx.known_dialog(dialog.id)


def runs_macro(tx: Transaction, work: OperatorRunsMacro) -> DialogSummary:
    """Says what the operator has seen of it, then changes the dialog: both, or nothing."""
    request = work.request
    author = tx.author_of(work.operator)
    key = client_key(work.operator, request.client_id)
    dialog = tx.known_dialog(work.dialog)
    if tx.seen(key) is not None:
        return dialog
    if not request.client_id:
        raise Rejected("missing", "A macro needs a client_id.", field="client_id")
    macro = _macro(tx, request.macro, author)
    if request.text.strip():
        check_text(request.text, ())
        say(tx, dialog, author, work.at, request.text, client_id=request.client_id)
    if macro.change is not None:
        change(tx, tx.known_dialog(dialog.id), macro.change, author, work.at)
    tx.remember(key, dialog.id)
    return tx.known_dialog(dialog.id)


def _macro(tx: Transaction, macro: str, author: Author) -> Preset:
    found = tx.preset(macro)
    if found is None or found.kind != "macro" or found.owner not in ("", author.id):
        raise Rejected("not_found", f"There is no macro {macro[:80]!r}.", status=404, field="macro")
    return found


# --- One change --------------------------------------------------------------------------------------


def change(
    tx: Transaction, dialog: DialogSummary, request: ChangeDialog, author: Author, at: int
) -> DialogSummary:
    """All that the request says, then its note, then the question to the visitor. Raises Rejected."""
    assignee = _assignee(tx, request, author)
    _check(tx, dialog, request, at)
    added = checked_tags(request.add_tags, "add_tags")
    left = [tag for tag in dialog.tags if tag not in request.remove_tags]
    if added and len({*left, *added}) > conversations.MAX_TAGS:
        raise Rejected("too_many", f"A dialog has at most {conversations.MAX_TAGS} tags.", field="add_tags")
    reason = request.reason[:MAX_PROPERTY_CHARS]
    changed = conversations.change(
        tx,
        dialog,
        author,
        at,
        status=request.status,
        holder=_holder(dialog, request, assignee),
        assignee=assignee,
        team="" if request.holder == "bot" else UNSET,
        tags_added=added,
        tags_removed=request.remove_tags,
        reason=reason,
        snoozed_until=request.snooze_until,
        priority=request.priority,
    )
    moved(tx, changed, at, reason)
    if request.note:
        _write_note(tx, changed, request, author, at)
    can_answer = not tx.known_person(dialog.visitor).blocked
    if request.ask_rating and dialog.status != "closed" and can_answer:
        ratings.ask(tx, tx.known_dialog(dialog.id), at)
    return tx.known_dialog(dialog.id)


def _assignee(tx: Transaction, request: ChangeDialog, author: Author) -> str | UnsetType:
    """Whose it will be. What is handed back to a bot is nobody's."""
    if request.holder == "bot":
        if request.assignee:
            raise Rejected("invalid", "What a bot leads is nobody's.", field="assignee")
        return ""
    assignee = author.id if request.assignee == "me" else request.assignee
    if assignee and tx.operator(assignee) is None:
        raise Rejected("invalid", "There is no such operator.", field="assignee")
    return assignee


def _holder(dialog: DialogSummary, request: ChangeDialog, assignee: str | UnsetType) -> Holder | UnsetType:
    """Whoever opens a dialog again, or gives it to somebody, takes it to people."""
    if request.holder is not UNSET:
        return request.holder
    reopened = dialog.status == "closed" and request.status in ("open", "snoozed")
    return "people" if reopened or assignee else UNSET


def _check(tx: Transaction, dialog: DialogSummary, request: ChangeDialog, at: int) -> None:
    """Raises Rejected for what cannot be, whole."""
    status = dialog.status if request.status is UNSET else request.status
    if dialog.status == "closed" and status != "closed":
        check_none_open(tx, dialog)
    if request.holder == "bot" and status == "closed":
        raise Rejected("conflict", "A closed dialog is in nobody's hands.", status=409, field="holder")
    if request.snooze_until is not UNSET and request.snooze_until:
        if status != "snoozed":
            raise Rejected("invalid", "Only a snoozed dialog comes back.", field="snooze_until")
        check_moment(request.snooze_until, at, "snooze_until")
        if request.snooze_until <= at:
            raise Rejected("invalid", "This moment has passed.", field="snooze_until")
    if request.ask_rating and request.status != "closed":
        raise Rejected("invalid", "The visitor is asked when a dialog is closed.", field="ask_rating")
    if request.note:
        check_text(request.note, ())


def _write_note(
    tx: Transaction, dialog: DialogSummary, request: ChangeDialog, author: Author, at: int
) -> None:
    """A word for whoever gets the dialog: where that is somebody else, it calls him. The same `client_id` again (its
    note was written) writes none."""
    key = _note_key(author.id, request.client_id, dialog.id)
    if request.client_id and tx.seen(key) is not None:
        return
    given = request.assignee is not UNSET and dialog.assignee not in ("", author.id)
    mentions = (dialog.assignee,) if given else ()
    written = note(tx, dialog, author, at, request.note, mentions=mentions, client_id=request.client_id)
    if request.client_id:
        tx.remember(key, written.id)


def _note_key(operator: str, client_id: str, dialog: str) -> str:
    """One change may be asked of many dialogs: each has its note."""
    return f"{client_key(operator, client_id)}:{dialog}"


def note_keys(work: OperatorChangesDialog) -> set[str]:
    """The id by which a repeat of the work's note is known, if it has one."""
    client_id = work.request.client_id
    return {_note_key(work.operator, client_id, work.dialog)} if client_id else set()


# --- Two become one ----------------------------------------------------------------------------------


def merges(tx: Transaction, work: OperatorMergesDialogs) -> DialogSummary:
    """`gone` becomes a part of the dialog, which goes on as the one of the two that was not closed."""
    author = tx.author_of(work.operator)
    dialog, gone = tx.known_dialog(work.dialog), tx.known_dialog(work.gone)
    if dialog.id == gone.id:
        raise Rejected("invalid", "A dialog cannot become a part of itself.", field="gone")
    if dialog.visitor != gone.visitor:
        hint = "Merge the visitors first, if they are one person."
        raise Rejected("conflict", "These are dialogs of two visitors.", status=409, field="gone", hint=hint)
    if dialog.status == "closed" and gone.status != "closed":
        dialog = conversations.change(
            tx,
            dialog,
            author,
            work.at,
            status=gone.status,
            holder=gone.holder,
            assignee=gone.assignee,
            team=gone.team,
            snoozed_until=gone.snoozed_until,
        )
    _move_alarms(tx, gone, dialog)
    tx.record(DialogMerged(author, gone.id), work.at, dialog.visitor, dialog.id)
    for changes in (tx.kept, tx.mine):
        for message in list(changes.messages.values()):
            if message.dialog == gone.id:
                tx.mine.messages[message.id] = replace(message, dialog=dialog.id)
    moved(tx, tx.known_dialog(dialog.id), work.at)
    return tx.known_dialog(dialog.id)


def _move_alarms(tx: Transaction, gone: DialogSummary, dialog: DialogSummary) -> None:
    """What was to be said there will be said here; a snooze is the row's, which goes."""
    for alarm in tx.alarms_of(gone.id):
        moved_alarm = None
        if alarm.message is not None:
            message = replace(alarm.message, dialog=dialog.id)
            moved_alarm = replace(alarm, dialog=dialog.id, message=message)
        tx.mine.alarms[alarm.id] = moved_alarm
