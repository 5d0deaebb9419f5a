"""What operators do in a dialog: write, assign, close, tag."""

from __future__ import annotations

from msgspec import UNSET

from scenarios_yaml.engine import stimuli
from server_stub.desk import conversations
from server_stub.desk.persons.fields import MAX_PROPERTY_CHARS, checked_tags
from server_stub.desk.reactions import moved, tell
from server_stub.desk.transaction import Transaction
from server_stub.desk.visitor_side import check_text
from server_stub.protocol import (
    Author,
    DialogSummary,
    Message,
    Receipt,
)
from server_stub.work import (
    OperatorChangesDialog,
    OperatorSees,
    OperatorSends,
    OperatorStartsDialog,
    Rejected,
)

CLIENT = "o:"
"""Prefix of the consoles' client ids among the ids that count once."""


def sends(tx: Transaction, work: OperatorSends) -> Message:
    request = work.request
    author = tx.author_of(work.operator)
    key = f"{CLIENT}{work.operator}:{request.client_id}"
    if made := tx.seen(key):
        stored = tx.message(made)
        if stored is None or stored.dialog != work.dialog:
            raise Rejected("conflict", "This client_id was used elsewhere.", status=409, field="client_id")
        return stored
    if not request.client_id:
        raise Rejected("missing", "A message needs a client_id.", field="client_id")
    check_text(request.text, request.files)
    dialog = tx.known_dialog(work.dialog)
    if not request.note:
        dialog = _take(tx, dialog, author, work.at)
    message_id = tx.new_id("m")
    message = tx.send(
        Message(
            id=message_id,
            dialog=dialog.id,
            visitor=dialog.visitor,
            author=author,
            at=work.at,
            text=request.text,
            note=request.note,
            files=tx.attach(request.files, "operator", message_id),
            client_id=request.client_id,
        )
    )
    tx.remember(key, message.id)
    if not request.note:
        _see(tx, tx.known_dialog(dialog.id), author, message.seq, work.at)
        tell(tx, dialog.visitor, stimuli.OperatorWrote(author.id, work.at), work.at)
        sent = {"dialog_id": dialog.id, "operator": author.name, "channel": "chat"}
        tell(tx, dialog.visitor, stimuli.Happened("Message Sent", sent, work.at), work.at)
    return message


def _take(tx: Transaction, dialog: DialogSummary, author: Author, at: int) -> DialogSummary:
    """An operator's answer opens a closed dialog again, takes it from the bot, and makes it his if it is nobody's."""
    if dialog.status == "closed":
        _check_none_open(tx, dialog)
    changed = conversations.change(
        tx, dialog, author, at, status="open", holder="people", assignee=dialog.assignee or author.id
    )
    moved(tx, changed, at)
    return tx.known_dialog(dialog.id)


def _check_none_open(tx: Transaction, dialog: DialogSummary) -> None:
    other = conversations.open_dialog_of(tx, tx.known_person(dialog.visitor))
    if other is not None and other.id != dialog.id:
        raise Rejected(
            "conflict",
            "The visitor has another open dialog.",
            status=409,
            hint=f"Go on in dialog {other.id}.",
        )


def _see(tx: Transaction, dialog: DialogSummary, author: Author, up_to: int, at: int) -> None:
    """Whoever answers, or says so, has seen everything up to there. Only what changes is recorded."""
    if dialog.unread and len(tx.unread_after(dialog.id, up_to)) < dialog.unread:
        tx.record(Receipt("operator", "seen", up_to, author.id), at, dialog.visitor, dialog.id)


def sees(tx: Transaction, work: OperatorSees) -> None:
    author = tx.author_of(work.operator)
    _see(tx, tx.known_dialog(work.dialog), author, min(work.up_to, tx.last_seq), work.at)


def changes_dialog(tx: Transaction, work: OperatorChangesDialog) -> DialogSummary:
    request = work.request
    author = tx.author_of(work.operator)
    dialog = tx.known_dialog(work.dialog)
    assignee = request.assignee
    if assignee == "me":
        assignee = author.id
    if assignee and tx.operator(assignee) is None:
        raise Rejected("invalid", "There is no such operator.", field="assignee")
    if request.status == "open" and dialog.status == "closed":
        _check_none_open(tx, dialog)
    added = checked_tags(request.add_tags, "add_tags")
    left = [tag for tag in dialog.tags if tag not in request.remove_tags]
    if added and len({*left, *added}) > conversations.MAX_TAGS:
        raise Rejected("too_many", f"A dialog has at most {conversations.MAX_TAGS} tags.", field="add_tags")
    reopened = request.status == "open" and dialog.status == "closed"
    changed = conversations.change(
        tx,
        dialog,
        author,
        work.at,
        status=request.status,
        holder="people" if reopened or assignee else UNSET,
        assignee=assignee,
        tags_added=added,
        tags_removed=request.remove_tags,
        reason=request.reason[:MAX_PROPERTY_CHARS],
    )
    moved(tx, changed, work.at, request.reason[:MAX_PROPERTY_CHARS])
    return tx.known_dialog(dialog.id)


def starts_dialog(tx: Transaction, work: OperatorStartsDialog) -> DialogSummary:
    """His open dialog, taken from the bot; else a new one."""
    author = tx.author_of(work.operator)
    person = tx.known_person(work.visitor)
    dialog = conversations.open_dialog_of(tx, person)
    if dialog is None:
        dialog = conversations.open_dialog(tx, person, author, "people", work.at)
    dialog = conversations.change(
        tx, dialog, author, work.at, holder="people", assignee=dialog.assignee or author.id
    )
    moved(tx, dialog, work.at)
    return tx.known_dialog(dialog.id)
