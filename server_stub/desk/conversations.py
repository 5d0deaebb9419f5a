"""Dialogs open, change and close: the entries of it. The scenarios are told by `reactions`.

A visitor has at most one open dialog. His message within a day after the last one of his closed dialog opens that one
again; later it begins a new one.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from server_stub.desk.people import Person
from server_stub.desk.transaction import Transaction
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogOpened,
    DialogStatus,
    DialogSummary,
    Holder,
)

REOPEN_WITHIN = 24 * 60 * 60 * 1000
"""Milliseconds after its last message for which a closed dialog is taken up again."""
MAX_TAGS = 50
MAX_TAG_CHARS = 100


def open_dialog(tx: Transaction, person: Person, by: Author, holder: Holder, at: int) -> DialogSummary:
    """A new dialog of a visitor who has none open."""
    dialog = tx.new_id("d")
    what = DialogOpened(by, holder, visitor_name=person.called)
    tx.record(what, at, person.id, dialog)
    return tx.known_dialog(dialog)


def change(
    tx: Transaction,
    dialog: DialogSummary,
    by: Author,
    at: int,
    *,
    status: DialogStatus | UnsetType = UNSET,
    holder: Holder | UnsetType = UNSET,
    assignee: str | UnsetType = UNSET,
    team: str | UnsetType = UNSET,
    tags_added: tuple[str, ...] = (),
    tags_removed: tuple[str, ...] = (),
    reason: str = "",
) -> DialogSummary:
    """Record what really changes; where nothing does, nothing is recorded."""
    tags_added = tuple(tag for tag in dict.fromkeys(tags_added) if tag not in dialog.tags)
    tags_removed = tuple(tag for tag in dict.fromkeys(tags_removed) if tag in dialog.tags)
    what = DialogChanged(
        by,
        status=_if_new(status, dialog.status),
        holder=_if_new(holder, dialog.holder),
        assignee=_if_new(assignee, dialog.assignee),
        team=_if_new(team, dialog.team),
        tags_added=tags_added,
        tags_removed=tags_removed,
        reason=reason,
    )
    if (what.status, what.holder, what.assignee, what.team) == (UNSET,) * 4 and not (
        tags_added or tags_removed
    ):
        return dialog
    tx.record(what, at, dialog.visitor, dialog.id)
    return tx.known_dialog(dialog.id)


def open_dialog_of(tx: Transaction, person: Person) -> DialogSummary | None:
    dialog = tx.dialog(person.state.dialog.id) if person.state.dialog.id else None
    return dialog if dialog is not None and dialog.status == "open" else None


def last_dialog_of(tx: Transaction, person: Person) -> DialogSummary | None:
    """The open one, else the one that was opened last."""
    dialog = open_dialog_of(tx, person)
    if dialog is None:
        dialogs = tx.dialogs_of(person.id)
        dialog = dialogs[-1] if dialogs else None
    return dialog


def can_be_taken_up(dialog: DialogSummary | None, at: int) -> bool:
    """Whether a message of the visitor at that moment belongs to this closed dialog."""
    return dialog is not None and dialog.status == "closed" and at - dialog.last_at <= REOPEN_WITHIN


def _if_new(value: str | UnsetType, known: str) -> UnsetType:
    return UNSET if value is UNSET or value == known else value  # type: ignore[return-value]
