"""A dialog's line in the list: what each journal entry makes of it, and nothing else.

The console's mirror folds the same entries by the same rules (protocol.DialogSummary); what is here follows from the
journal alone, so a summary can be recomputed from it at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

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
    Priority,
    Receipt,
    VisitorChanged,
    VisitorMerged,
)

_RANKS = {name: rank for rank, name in enumerate(get_args(Priority))}


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
    """The dialog after an entry that concerns it. `left_unread`: for an operator's receipt, what came after it.

    Of DialogMerged, which concerns two, see `merged`.
    """
    what = entry.what
    match what:
        case MessageSent():
            return _messaged(dialog, entry, what.message)
        case MessageChanged():
            return replace(dialog, seq=entry.seq, answered=True)
        case MessageEdited() | MessageDeleted():
            return _rewritten(dialog, entry, what)
        case DialogChanged():
            return _changed(dialog, entry, what)
        case DialogRated():
            return replace(dialog, seq=entry.seq, rating=what.score)
        case Receipt():
            return _received(dialog, entry, what, left_unread)
        case VisitorChanged() if what.called is not UNSET:
            return replace(dialog, seq=entry.seq, visitor_name=what.called)
        case VisitorMerged():
            return replace(dialog, seq=entry.seq, visitor=entry.visitor)
    return dialog


def merged(dialog: DialogSummary, gone: DialogSummary, entry: Entry) -> DialogSummary:
    """The dialog after DialogMerged, with all of `gone` in it. Its status, holder and assignee are its own."""
    last = max(dialog, gone, key=lambda one: one.last_at)
    waits = [one.waiting_since for one in (dialog, gone) if one.waiting_since]
    waited_for = dialog.status != "closed" and dialog.holder == "people"
    return replace(
        dialog,
        seq=entry.seq,
        opened_at=min(dialog.opened_at, gone.opened_at),
        last_at=last.last_at,
        last_text=last.last_text,
        last_author=last.last_author,
        last_author_name=last.last_author_name,
        last_message=last.last_message,
        tags=_with(dialog.tags, gone.tags),
        unread=dialog.unread + gone.unread,
        waiting_since=min(waits, default=0) if waited_for else 0,
        delivered_up_to=max(dialog.delivered_up_to, gone.delivered_up_to),
        seen_up_to=max(dialog.seen_up_to, gone.seen_up_to),
        answered=dialog.answered or gone.answered,
        priority=max(dialog.priority, gone.priority, key=_RANKS.__getitem__),
        mentioned=_with(dialog.mentioned, gone.mentioned),
        rating=last.rating or dialog.rating or gone.rating,
    )


def last_text(message: Message) -> str:
    """What the list shows of a message: its text, or the names of its files."""
    return message.text or ", ".join(file.name for file in message.files)


def _messaged(dialog: DialogSummary, entry: Entry, message: Message) -> DialogSummary:
    if message.note:
        return replace(dialog, seq=entry.seq, mentioned=_with(dialog.mentioned, message.mentions))
    fields: dict[str, Any] = {
        "seq": entry.seq,
        "last_at": entry.at,
        "last_text": last_text(message),
        "last_author": message.author.kind,
        "last_author_name": message.author.name,
        "last_message": message.id,
    }
    if message.author.kind == "visitor":
        fields["unread"] = dialog.unread + 1
        fields["answered"] = True
        if dialog.holder == "people" and not dialog.waiting_since:
            fields["waiting_since"] = entry.at
    elif message.author.kind == "operator":
        fields["waiting_since"] = 0
    return replace(dialog, **fields)


def _rewritten(dialog: DialogSummary, entry: Entry, what: MessageEdited | MessageDeleted) -> DialogSummary:
    text = what.text if isinstance(what, MessageEdited) else ""
    called = what.mentions if isinstance(what, MessageEdited) else ()
    return replace(
        dialog,
        seq=entry.seq,
        last_text=text if what.message == dialog.last_message else dialog.last_text,
        mentioned=_with(dialog.mentioned, called),
    )


def _received(dialog: DialogSummary, entry: Entry, what: Receipt, left_unread: int) -> DialogSummary:
    if what.side == "operator":
        # One who looks late has not seen what a colleague has seen already: that is read all the same.
        unread = min(dialog.unread, left_unread)
        mentioned = tuple(operator for operator in dialog.mentioned if operator != what.by)
        return replace(dialog, seq=entry.seq, unread=unread, mentioned=mentioned)
    delivered = max(dialog.delivered_up_to, what.up_to)
    seen = max(dialog.seen_up_to, what.up_to) if what.state == "seen" else dialog.seen_up_to
    return replace(dialog, seq=entry.seq, delivered_up_to=delivered, seen_up_to=seen)


def _changed(dialog: DialogSummary, entry: Entry, what: DialogChanged) -> DialogSummary:
    fields: dict[str, Any] = {"seq": entry.seq}
    for name in ("status", "holder", "assignee", "team", "snoozed_until", "priority"):
        value = getattr(what, name)
        if value is not UNSET:
            fields[name] = value
    if what.status is not UNSET and what.snoozed_until is UNSET:
        fields["snoozed_until"] = 0
    if what.tags_added or what.tags_removed:
        kept = tuple(tag for tag in dialog.tags if tag not in what.tags_removed)
        fields["tags"] = _with(kept, what.tags_added)
    # Who is put off by a snooze still waits: when it ends, the list says since when.
    if what.status == "closed" or what.holder == "bot":
        fields["waiting_since"] = 0
    elif what.holder == "people" and what.by.kind != "operator" and not dialog.waiting_since:
        fields["waiting_since"] = entry.at
    return replace(dialog, **fields)


def _with(known: tuple[str, ...], added: Iterable[str]) -> tuple[str, ...]:
    """Both, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*known, *added)))
