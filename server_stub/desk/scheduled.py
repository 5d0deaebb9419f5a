"""Messages that wait to be sent: an alarm each, which holds the message, until its moment or until it is cancelled.

They are in the journal (MessageScheduled), and no messages yet: neither the visitor nor the dialog's row knows of them.
"""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from server_stub.desk import conversations
from server_stub.desk.attachments import attach, release
from server_stub.desk.speaking import say
from server_stub.desk.telling import SYSTEM
from server_stub.desk.transaction import Transaction
from server_stub.desk.visitor_side import check_text
from server_stub.protocol import (
    Author,
    DialogSummary,
    EditMessage,
    Message,
    MessageScheduled,
    ScheduleCancelled,
    SendMessage,
)
from server_stub.store.base import AlarmRow
from server_stub.work import Rejected

FURTHEST = 366 * 24 * 60 * 60 * 1000
"""How far ahead (ms) something may be put off."""
MOST = 100
"""Messages that may wait in one dialog."""
AUTHOR_IS_GONE = "its author is gone"
"""Why a message is not sent after all."""


def check_moment(moment: int, at: int, field: str = "send_at") -> None:
    """Raises Rejected for what is no moment, or too far away. What is past is the caller's."""
    if moment < 0 or moment - at > FURTHEST:
        raise Rejected("invalid", "This must be a moment within a year.", field=field)


def put(tx: Transaction, dialog: DialogSummary, author: Author, request: SendMessage, at: int) -> Message:
    """A message that is sent at `request.send_at`."""
    if sum(row.message is not None for row in tx.alarms_of(dialog.id)) >= MOST:
        detail = f"{MOST} messages wait in this dialog already."
        raise Rejected("too_many", detail, status=409, field="send_at")
    message_id = tx.new_id("m")
    message = Message(
        id=message_id,
        dialog=dialog.id,
        visitor=dialog.visitor,
        author=author,
        at=at,
        text=request.text,
        files=attach(tx, request.files, "operator", message_id),
        client_id=request.client_id,
        send_at=request.send_at,
    )
    return _wait(tx, message, at)


def _wait(tx: Transaction, message: Message, at: int) -> Message:
    tx.mine.alarms[message.id] = AlarmRow(message.id, message.dialog, message.send_at, message)
    tx.record(MessageScheduled(message), at, message.visitor, message.dialog)
    return message


def own(tx: Transaction, message: str, author: Author) -> AlarmRow | None:
    """The alarm of a message that waits; None where none of this id does. Raises Rejected where it is another's."""
    alarm = tx.alarm(message)
    if alarm is None or alarm.message is None:
        return None
    if alarm.message.author.id != author.id:
        raise Rejected("forbidden", "This message is not yours.", status=403)
    return alarm


def edit(tx: Transaction, alarm: AlarmRow, author: Author, request: EditMessage, at: int) -> Message:
    """Another text, another moment, or both; a moment that is past sends it now."""
    waiting = _message_of(tx, alarm)
    if request.mentions:
        raise Rejected("invalid", "Only a note calls operators.", field="mentions")
    check_text(request.text, tuple(file.id for file in waiting.files))
    send_at = waiting.send_at if request.send_at is UNSET else request.send_at
    check_moment(send_at, at)
    edited = replace(waiting, text=request.text, send_at=send_at)
    if request.send_at is not UNSET and send_at <= at:
        return _send(tx, replace(alarm, message=edited), author, at)
    return waiting if edited == waiting else _wait(tx, edited, at)


def cancel(tx: Transaction, alarm: AlarmRow, by: Author, at: int, reason: str = "") -> None:
    """It will not be sent. Its files are free again."""
    message = _message_of(tx, alarm)
    tx.mine.alarms[alarm.id] = None
    release(tx, message.files)
    tx.record(ScheduleCancelled(by, message.id, reason), at, message.visitor, message.dialog)


def deliver(tx: Transaction, alarm: AlarmRow, at: int) -> bool:
    """Its moment has come. Whether it was sent: an operator who has left says nothing any more."""
    author = _message_of(tx, alarm).author
    row = tx.operator(author.id)
    if row is None:
        cancel(tx, alarm, SYSTEM, at, AUTHOR_IS_GONE)
        return False
    _send(tx, alarm, replace(author, name=row.name), at)
    return True


def _send(tx: Transaction, alarm: AlarmRow, author: Author, at: int) -> Message:
    message = _message_of(tx, alarm)
    tx.mine.alarms[alarm.id] = None
    return say(
        tx,
        _dialog_for(tx, message),
        author,
        at,
        message.text,
        files=message.files,
        client_id=message.client_id,
        message_id=message.id,
    )


def _dialog_for(tx: Transaction, message: Message) -> DialogSummary:
    """Its own; where that is closed and the visitor has begun another one, the one in which he is now."""
    dialog = tx.known_dialog(message.dialog)
    if dialog.status == "closed":
        return conversations.open_dialog_of(tx, tx.known_person(dialog.visitor)) or dialog
    return dialog


def _message_of(tx: Transaction, alarm: AlarmRow) -> Message:
    """As it waits; the visitor may have become another since it was written. Raises Rejected: the dialog is gone."""
    if alarm.message is None:
        raise RuntimeError(f"alarm {alarm.id} holds no message")
    return replace(alarm.message, dialog=alarm.dialog, visitor=tx.known_dialog(alarm.dialog).visitor)
