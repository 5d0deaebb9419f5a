"""A dialog's line in the list: what each journal entry makes of it, and nothing else.

The console's mirror folds the same entries by the same rules (protocol.DialogSummary); what is here follows from the
journal alone, so a summary can be recomputed from it at any time.
"""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from server_stub.protocol import (
    DialogChanged,
    DialogOpened,
    DialogSummary,
    Entry,
    Message,
    MessageChanged,
    MessageSent,
    Receipt,
    VisitorChanged,
    VisitorMerged,
)


def opened(entry: Entry, what: DialogOpened) -> DialogSummary:
    return DialogSummary(
        id=entry.dialog,
        visitor=entry.visitor,
        seq=entry.seq,
        opened_at=entry.at,
        last_at=entry.at,
        visitor_name=what.visitor_name,
        holder=what.holder,
        channel=what.channel,
    )


def folded(dialog: DialogSummary, entry: Entry, left_unread: int = 0) -> DialogSummary:
    """The dialog after an entry that concerns it. `left_unread`: for an operator's receipt, what came after it."""
    what = entry.what
    match what:
        case MessageSent():
            return _messaged(dialog, entry, what.message)
        case MessageChanged():
            return replace(dialog, seq=entry.seq, answered=True)
        case DialogChanged():
            return _changed(dialog, entry, what)
        case Receipt(side="operator"):
            return replace(dialog, seq=entry.seq, unread=left_unread)
        case Receipt():
            delivered = max(dialog.delivered_up_to, what.up_to)
            seen = max(dialog.seen_up_to, what.up_to) if what.state == "seen" else dialog.seen_up_to
            return replace(dialog, seq=entry.seq, delivered_up_to=delivered, seen_up_to=seen)
        case VisitorChanged() if what.called is not UNSET:
            return replace(dialog, seq=entry.seq, visitor_name=what.called)
        case VisitorMerged():
            return replace(dialog, seq=entry.seq, visitor=entry.visitor)
    return dialog


def last_text(message: Message) -> str:
    """What the list shows of a message: its text, or the names of its files."""
    return message.text or ", ".join(file.name for file in message.files)


def _messaged(dialog: DialogSummary, entry: Entry, message: Message) -> DialogSummary:
    if message.note:
        return replace(dialog, seq=entry.seq)
    fields: dict[str, Any] = {
        "seq": entry.seq,
        "last_at": entry.at,
        "last_text": last_text(message),
        "last_author": message.author.kind,
        "last_author_name": message.author.name,
    }
    if message.author.kind == "visitor":
        fields["unread"] = dialog.unread + 1
        fields["answered"] = True
        if dialog.holder == "people" and not dialog.waiting_since:
            fields["waiting_since"] = entry.at
    elif message.author.kind == "operator":
        fields["waiting_since"] = 0
    return replace(dialog, **fields)


def _changed(dialog: DialogSummary, entry: Entry, what: DialogChanged) -> DialogSummary:
    fields: dict[str, Any] = {"seq": entry.seq}
    for name in ("status", "holder", "assignee", "team"):
        value = getattr(what, name)
        if value is not UNSET:
            fields[name] = value
    if what.tags_added or what.tags_removed:
        kept = [tag for tag in dialog.tags if tag not in what.tags_removed]
        fields["tags"] = tuple(kept + [tag for tag in what.tags_added if tag not in kept])
    if what.status == "closed" or what.holder == "bot":
        fields["waiting_since"] = 0
    elif what.holder == "people" and what.by.kind != "operator" and not dialog.waiting_since:
        fields["waiting_since"] = entry.at
    return replace(dialog, **fields)
