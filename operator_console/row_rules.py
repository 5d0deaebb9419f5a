"""What an entry of the journal makes of a dialog's row: the rules of `protocol.DialogSummary`, as pure functions.

The server has the same rules for the rows that it stores (server_stub/desk/dialogs.py); a test holds the two together
over every kind of entry. What depends on more than the row (unread messages) is the mirror's.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from server_stub.protocol import (
    DialogChanged,
    DialogOpened,
    DialogRated,
    DialogSummary,
    Entry,
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    Receipt,
)


def opened(entry: Entry, body: DialogOpened) -> DialogSummary:
    """The row of a new dialog."""
    return DialogSummary(
        id=entry.dialog,
        visitor=entry.visitor,
        seq=entry.seq,
        opened_at=entry.at,
        last_at=entry.at,
        visitor_name=body.visitor_name,
        holder=body.holder,
        channel=body.channel,
    )


def folded(row: DialogSummary, entry: Entry) -> DialogSummary:
    """The row after an entry of its dialog. After an operator's receipt, `unread` is the caller's to count."""
    body = entry.what
    match body:
        case MessageSent():
            return _messaged(row, entry, body.message)
        case MessageChanged():
            return replace(row, seq=entry.seq, answered=True)
        case MessageEdited():
            text = body.text if body.message == row.last_message else row.last_text
            return replace(row, seq=entry.seq, last_text=text, mentioned=_with(row.mentioned, body.mentions))
        case MessageDeleted():
            text = "" if body.message == row.last_message else row.last_text
            return replace(row, seq=entry.seq, last_text=text)
        case DialogChanged():
            return _changed(row, entry, body)
        case DialogRated():
            return replace(row, seq=entry.seq, rating=body.score)
        case Receipt(side="operator"):
            mentioned = tuple(one for one in row.mentioned if one != body.by)
            return replace(row, seq=entry.seq, mentioned=mentioned)
        case Receipt():
            delivered = max(row.delivered_up_to, body.up_to)
            seen = max(row.seen_up_to, body.up_to) if body.state == "seen" else row.seen_up_to
            return replace(row, seq=entry.seq, delivered_up_to=delivered, seen_up_to=seen)
    return row


def last_text(message: Message) -> str:
    """What the list shows of a message: its text, or the names of its files."""
    return message.text or ", ".join(file.name for file in message.files)


def _messaged(row: DialogSummary, entry: Entry, message: Message) -> DialogSummary:
    if message.note:
        return replace(row, seq=entry.seq, mentioned=_with(row.mentioned, message.mentions))
    fields: dict[str, Any] = {
        "seq": entry.seq,
        "last_at": entry.at,
        "last_text": last_text(message),
        "last_author": message.author.kind,
        "last_author_name": message.author.name,
        "last_message": message.id,
    }
    if message.author.kind == "visitor":
        fields |= {"unread": row.unread + 1, "answered": True}
        if row.holder == "people" and not row.waiting_since:
            fields["waiting_since"] = entry.at
    elif message.author.kind == "operator":
        fields["waiting_since"] = 0
    return replace(row, **fields)


def _with(known: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """Both, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*known, *added)))


def _changed(row: DialogSummary, entry: Entry, body: DialogChanged) -> DialogSummary:
    fields: dict[str, Any] = {"seq": entry.seq}
    for name in ("status", "holder", "assignee", "team", "priority"):
        if (value := getattr(body, name)) is not UNSET:
            fields[name] = value
    if body.status is not UNSET:
        fields["snoozed_until"] = 0 if body.snoozed_until is UNSET else body.snoozed_until
    elif body.snoozed_until is not UNSET:
        fields["snoozed_until"] = body.snoozed_until
    if body.tags_added or body.tags_removed:
        kept = tuple(tag for tag in row.tags if tag not in body.tags_removed)
        fields["tags"] = _with(kept, body.tags_added)
    # Who is put off by a snooze still waits: when it ends, the list says since when.
    if body.status == "closed" or body.holder == "bot":
        fields["waiting_since"] = 0
    elif body.holder == "people" and body.by.kind != "operator" and not row.waiting_since:
        fields["waiting_since"] = entry.at
    return replace(row, **fields)
