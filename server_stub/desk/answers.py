"""What operators write: answers and notes, at once or later; and what of it they change or take away again."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from server_stub.desk import scheduled
from server_stub.desk.attachments import attach, withdraw
from server_stub.desk.speaking import checked_mentions, note, say, see
from server_stub.desk.transaction import Transaction
from server_stub.desk.visitor_side import check_text
from server_stub.protocol import (
    Author,
    DialogSummary,
    EditMessage,
    Message,
    MessageDeleted,
    MessageEdited,
    SendMessage,
)
from server_stub.work import (
    OperatorDeletesMessage,
    OperatorEditsMessage,
    OperatorSees,
    OperatorSends,
    Rejected,
)

CLIENT = "o:"
"""Prefix of the consoles' client ids among the ids that count once."""
EDIT_WITHIN = 24 * 60 * 60 * 1000
"""Milliseconds for which an operator may change, or take away, what he has written."""


def client_key(operator: str, client_id: str) -> str:
    return f"{CLIENT}{operator}:{client_id}"


def sends(tx: Transaction, work: OperatorSends) -> Message:
    """Answers with the message; of one that is to be sent later, as it waits."""
    request = work.request
    author = tx.author_of(work.operator)
    key = client_key(work.operator, request.client_id)
    if made := tx.seen(key):
        return _made_before(tx, made, work.dialog)
    if not request.client_id:
        raise Rejected("missing", "A message needs a client_id.", field="client_id")
    check_text(request.text, request.files)
    _check_kind(request, work.at)
    dialog = tx.known_dialog(work.dialog)
    if request.note:
        message = note(
            tx,
            dialog,
            author,
            work.at,
            request.text,
            mentions=checked_mentions(tx, author, request.mentions),
            files=request.files,
            client_id=request.client_id,
        )
    else:
        _check_not_overtaken(tx, dialog, author, request.read_up_to)
        if request.send_at > work.at:
            message = scheduled.put(tx, dialog, author, request, work.at)
        else:
            message = _say_now(tx, dialog, author, request, work.at)
    tx.remember(key, message.id)
    return message


def _made_before(tx: Transaction, made: str, dialog: str) -> Message:
    """What a repeated `client_id` has made. A dialog that is part of another one since is no other dialog."""
    alarm = tx.alarm(made)
    found = tx.message(made) or (alarm.message if alarm is not None else None)
    if found is None:
        raise Rejected("conflict", "The message with this client_id was cancelled.", status=409)
    if found.dialog != dialog and tx.dialog(dialog) is not None:
        raise Rejected("conflict", "This client_id was used elsewhere.", status=409, field="client_id")
    return found


def _check_kind(request: SendMessage, at: int) -> None:
    if request.note and request.send_at:
        raise Rejected("invalid", "A note is written at once.", field="send_at")
    if request.mentions and not request.note:
        raise Rejected("invalid", "Only a note calls operators.", field="mentions")
    scheduled.check_moment(request.send_at, at)


def _check_not_overtaken(tx: Transaction, dialog: DialogSummary, author: Author, read_up_to: int) -> None:
    """Raises Rejected where a colleague has answered behind what the author had on his screen."""
    if not read_up_to:
        return
    other = tx.store.answered_after(dialog.id, read_up_to, author.id)
    for changes in (tx.kept, tx.mine):
        for message in changes.messages.values():
            if (
                message.dialog == dialog.id
                and message.seq > read_up_to
                and message.author.kind == "operator"
                and message.author.id != author.id
                and not message.note
            ):
                other = message.author.id
    if other:
        row = tx.operator(other)
        name = row.name if row is not None else "Another operator"
        hint = "Read it; without read_up_to the message is sent all the same."
        raise Rejected(
            "overtaken", f"{name} has answered meanwhile.", status=409, field="read_up_to", hint=hint
        )


# --- Writing -----------------------------------------------------------------------------------------


def _say_now(
    tx: Transaction, dialog: DialogSummary, author: Author, request: SendMessage, at: int
) -> Message:
    message_id = tx.new_id("m")
    files = attach(tx, request.files, "operator", message_id)
    message = say(
        tx, dialog, author, at, request.text, files=files, client_id=request.client_id, message_id=message_id
    )
    see(tx, tx.known_dialog(dialog.id), author, message.seq, at)
    return message


# --- Looking -----------------------------------------------------------------------------------------


def sees(tx: Transaction, work: OperatorSees) -> None:
    author = tx.author_of(work.operator)
    see(tx, tx.known_dialog(work.dialog), author, min(work.up_to, tx.last_seq), work.at)


# --- Changing what has been written ------------------------------------------------------------------


def edits(tx: Transaction, work: OperatorEditsMessage) -> Message:
    request = work.request
    author = tx.author_of(work.operator)
    alarm = scheduled.own(tx, work.message, author)
    if alarm is not None:
        return scheduled.edit(tx, alarm, author, request, work.at)
    message = _own(tx, work.message, author, work.at)
    _check_edit(message, request)
    mentions = checked_mentions(tx, author, request.mentions)
    if (request.text, mentions) == (message.text, message.mentions):
        return message
    edited = replace(message, text=request.text, mentions=mentions, edited_at=work.at)
    tx.mine.messages[message.id] = edited
    what = MessageEdited(author, message.id, request.text, mentions)
    tx.record(what, work.at, message.visitor, message.dialog)
    return edited


def _check_edit(message: Message, request: EditMessage) -> None:
    if request.send_at is not UNSET:
        raise Rejected("conflict", "The message has been sent already.", status=409, field="send_at")
    if request.mentions and not message.note:
        raise Rejected("invalid", "Only a note calls operators.", field="mentions")
    check_text(request.text, tuple(file.id for file in message.files))


def deletes(tx: Transaction, work: OperatorDeletesMessage) -> None:
    """Of the message nothing stays but its place, and its files can be fetched no more."""
    author = tx.author_of(work.operator)
    alarm = scheduled.own(tx, work.message, author)
    if alarm is not None:
        scheduled.cancel(tx, alarm, author, work.at)
        return
    known = tx.message(work.message)
    if known is not None and known.deleted and known.author.id == author.id:
        return
    message = _own(tx, work.message, author, work.at)
    withdraw(tx, message.files)
    tx.mine.messages[message.id] = replace(message, text="", files=(), mentions=(), deleted=True)
    tx.record(MessageDeleted(author, message.id), work.at, message.visitor, message.dialog)


def _own(tx: Transaction, message: str, author: Author, at: int) -> Message:
    """Raises Rejected where it is not there, another's, or too old."""
    found = tx.message(message)
    if found is None or found.deleted:
        raise Rejected("not_found", "There is no such message.", status=404)
    if (found.author.kind, found.author.id) != ("operator", author.id):
        raise Rejected("forbidden", "This message is not yours.", status=403)
    if at - found.at > EDIT_WITHIN:
        raise Rejected("too_late", "A message can be changed for 24 hours.", status=409)
    return found
