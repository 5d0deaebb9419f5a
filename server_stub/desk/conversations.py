"""Dialogs open, change and close: the entries of it. The scenarios are told by `reactions`.

A visitor has at most one dialog that is not closed. His message within a day after the last one of his closed dialog
opens that one again; later it begins a new one. A snoozed dialog is his open one in all respects: only the operators
have put it off, until its moment, his next message, or until a scenario hands it over to them.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from server_stub.desk.people import Person
from server_stub.desk.transaction import Transaction
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogOpened,
    DialogStatus,
    DialogSummary,
    Holder,
    Message,
    Priority,
)
from server_stub.store.base import AlarmRow

T = TypeVar("T")

REOPEN_WITHIN = 24 * 60 * 60 * 1000
"""Milliseconds after its last message for which a closed dialog is taken up again."""
MAX_TAGS = 50
MAX_TAG_CHARS = 100
SNOOZE = "snooze:"
"""Before the dialog's id: the name of the alarm that ends its snooze."""


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
    snoozed_until: int | UnsetType = UNSET,
    priority: Priority | UnsetType = UNSET,
) -> DialogSummary:
    """Record what really changes; where nothing does, nothing is recorded. Times are ms.

    `snoozed_until` is heeded only of a dialog that is, or becomes, snoozed; its alarm is set or taken back with it.
    """
    if by.kind != "operator" and holder == "people" != dialog.holder and dialog.status == "snoozed":
        status = "open" if status is UNSET else status
    what = DialogChanged(
        by,
        status=_if_new(status, dialog.status),
        holder=_if_new(holder, dialog.holder),
        assignee=_if_new(assignee, dialog.assignee),
        team=_if_new(team, dialog.team),
        tags_added=tuple(tag for tag in dict.fromkeys(tags_added) if tag not in dialog.tags),
        tags_removed=tuple(tag for tag in dict.fromkeys(tags_removed) if tag in dialog.tags),
        reason=reason,
        snoozed_until=_snooze(dialog, status, snoozed_until),
        priority=_if_new(priority, dialog.priority),
    )
    if what == DialogChanged(by, reason=reason):
        return dialog
    tx.record(what, at, dialog.visitor, dialog.id)
    changed = tx.known_dialog(dialog.id)
    _set_alarm(tx, dialog, changed)
    return changed


def _snooze(
    dialog: DialogSummary, status: DialogStatus | UnsetType, until: int | UnsetType
) -> int | UnsetType:
    becomes = dialog.status if status is UNSET else status
    return _if_new(until, dialog.snoozed_until) if becomes == "snoozed" else UNSET


def _set_alarm(tx: Transaction, before: DialogSummary, now: DialogSummary) -> None:
    """The end of a snooze is waited for exactly as long as the dialog is snoozed until then."""
    if now.snoozed_until != before.snoozed_until:
        alarm = AlarmRow(SNOOZE + now.id, now.id, now.snoozed_until)
        tx.mine.alarms[alarm.id] = alarm if now.snoozed_until else None


def open_dialog_of(tx: Transaction, person: Person) -> DialogSummary | None:
    """The one that is not closed: open or snoozed."""
    dialog = tx.dialog(person.state.dialog.id) if person.state.dialog.id else None
    return dialog if dialog is not None and dialog.status != "closed" else None


def last_dialog_of(tx: Transaction, person: Person) -> DialogSummary | None:
    """The open one, else the one that was opened last."""
    dialog = open_dialog_of(tx, person)
    if dialog is None:
        dialogs = tx.dialogs_of(person.id)
        dialog = dialogs[-1] if dialogs else None
    return dialog


def status_for_visitor(status: DialogStatus) -> DialogStatus:
    """That operators have put his dialog off is no concern of his."""
    return "open" if status == "snoozed" else status


def for_visitor(message: Message) -> Message:
    """The message as his page gets it: of which scenario's step it comes is no concern of his."""
    return message if message.origin is None else replace(message, origin=None)


def can_be_taken_up(dialog: DialogSummary | None, at: int) -> bool:
    """Whether a message of the visitor at that moment belongs to this closed dialog."""
    return dialog is not None and dialog.status == "closed" and at - dialog.last_at <= REOPEN_WITHIN


def _if_new(value: T | UnsetType, known: T) -> T | UnsetType:
    return UNSET if value == known else value
