"""A person is erased: nothing of him stays but the numbers of his entries, with those who became him.

The store empties entries and rows; here is what the desk itself holds of him. His files lie on the disk, where no
commit reaches: their places are remembered in the same commit, until they are really gone (see
server_stub/leftovers.py), so that a crash between the two leaves nothing behind.
"""

from __future__ import annotations

from msgspec.structs import replace

from scenarios_yaml.engine.state import VisitorState
from server_stub.desk.people import Person
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Erasure, VisitorErased
from server_stub.work import FilesRemoved, OperatorErasesVisitor

LEFTOVER = "files of an erased visitor "
"""Prefix of the desk's memory of files that are to be removed from the disk, one a line."""


def erases(tx: Transaction, work: OperatorErasesVisitor) -> Erasure:
    """What there was, and is no more. Raises Rejected."""
    author = tx.author_of(work.operator)
    person = tx.known_person(work.visitor)
    was = tx.store.erasable(person.id)
    places = _files_of(tx, person.id)
    for dialog in tx.dialogs_of(person.id):
        for alarm in tx.alarms_of(dialog.id):
            tx.mine.alarms[alarm.id] = None
        # Whoever keeps count of what is open and waits hears of it like this, before the row goes.
        tx.mine.dialogs[dialog.id] = replace(dialog, status="closed", waiting_since=0)
    # As long as the commit takes he is somebody who has nothing: no run, no timer, no pop-up.
    tx.put(Person(VisitorState(id=person.id)))
    if places:
        tx.mine.memory[LEFTOVER + tx.new_id("x")] = "\n".join(places)
    tx.record(VisitorErased(author), work.at, person.id)
    tx.mine.erased += dict.fromkeys([person.id, *tx.store.merged(person.id), *_merged_now(tx, person.id)])
    return was


def files_removed(tx: Transaction, work: FilesRemoved) -> None:
    """They are off the disk: nobody need remember them."""
    for name in work.names:
        tx.mine.memory[name] = ""


def _files_of(tx: Transaction, visitor: str) -> list[str]:
    """Where his files lie below the files folder: those that were sent, and those that wait to be."""
    rows = {row.ref.id: row for row in tx.store.files_of(visitor)}
    dialogs = {dialog.id for dialog in tx.dialogs_of(visitor)}
    waiting = [alarm.message for dialog in dialogs for alarm in tx.alarms_of(dialog) if alarm.message]
    fresh = [
        message
        for changes in (tx.kept, tx.mine)
        for message in changes.messages.values()
        if message.dialog in dialogs
    ]
    for message in (*waiting, *fresh):
        for ref in message.files:
            row = tx.file(ref.id)
            if row is not None:
                rows[ref.id] = row
    return [row.stored_as for row in rows.values()]


def _merged_now(tx: Transaction, visitor: str) -> list[str]:
    """Who became him in this very batch, of whom the store does not know it yet."""
    moved = tx.kept.moved | tx.mine.moved
    return [gone for gone, kept in moved.items() if kept == visitor]
