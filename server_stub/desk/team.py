"""The operators themselves: they are added and removed, come and go, and say that they take no new dialogs."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.desk import conversations, presets
from server_stub.desk.reactions import moved
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, Operator, OperatorChanged
from server_stub.store.base import OperatorRow
from server_stub.work import AddOperator, OperatorIsAway, OperatorPresence, Rejected, RemoveOperator


def add(tx: Transaction, work: AddOperator) -> Operator:
    name = work.name.strip()
    if not name:
        raise Rejected("invalid", "An operator needs a name.", field="name")
    if any(row.name.casefold() == name.casefold() for row in tx.operators()):
        raise Rejected("conflict", "There is an operator of that name.", status=409, field="name")
    _put(tx, OperatorRow(work.operator, name, work.role, work.token_hash, work.at), work.at)
    return Operator(work.operator, name, work.role)


def remove(tx: Transaction, work: RemoveOperator) -> None:
    """His token ends, his open dialogs are nobody's, and what only he could see is taken away."""
    row = _known(tx, work.operator)
    _put(tx, replace(row, removed=True, online=False, away=False), work.at)
    release(tx, row.id, work.at)


def release(tx: Transaction, operator: str, at: int) -> None:
    """What he leaves behind when he is removed. Where nothing is left, nothing is recorded."""
    presets.remove_own(tx, operator, at)
    for dialog in tx.open_dialogs_of_operator(operator):
        changed = conversations.change(tx, dialog, Author("system"), at, assignee="")
        moved(tx, changed, at)


def comes_or_goes(tx: Transaction, work: OperatorPresence) -> None:
    """His first console has come, or his last one has gone. Whether he is away stays: a connection that was cut gives
    him no dialogs behind his back."""
    row = _known(tx, work.operator)
    if row.online != work.online:
        _put(tx, replace(row, online=work.online), work.at)


def is_away(tx: Transaction, work: OperatorIsAway) -> None:
    row = _known(tx, work.operator)
    if row.away != work.away:
        _put(tx, replace(row, away=work.away), work.at)


def _known(tx: Transaction, operator: str) -> OperatorRow:
    row = tx.operator(operator)
    if row is None:
        raise Rejected("not_found", "There is no such operator.", status=404)
    return row


def _put(tx: Transaction, row: OperatorRow, at: int) -> None:
    """The row and its entry in the journal."""
    tx.put_operator(row)
    tx.record(changed(row), at)


def changed(row: OperatorRow) -> OperatorChanged:
    """What the journal says of an operator as he is now."""
    return OperatorChanged(
        row.id, row.name, row.role, online=row.online, removed=row.removed, away=row.away and not row.removed
    )
