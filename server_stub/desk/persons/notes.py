"""Notes on the person: what operators keep in mind about somebody, whatever the dialog. He never sees them."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.desk.transaction import Transaction
from server_stub.protocol import MAX_MESSAGE_CHARS, VisitorNote, VisitorNoted
from server_stub.store.base import VisitorNoteRow
from server_stub.work import OperatorNotesVisitor, OperatorRemovesVisitorNote, Rejected

NOTED = "n:"
"""Prefix of the consoles' client ids of notes among the ids that count once."""
MAX_CLIENT_ID_CHARS = 200
_OVER_OTHERS = ("owner", "admin")
"""Roles that may take away what others wrote."""


def note_key(operator: str, client_id: str) -> str:
    return f"{NOTED}{operator}:{client_id}"


def writes(tx: Transaction, work: OperatorNotesVisitor) -> VisitorNote:
    """The same `client_id` again is the same note. Raises Rejected."""
    author = tx.author_of(work.operator)
    client_id, text = work.request.client_id, work.request.text.strip()
    if not 1 <= len(client_id) <= MAX_CLIENT_ID_CHARS:
        detail = f"A client_id has 1 to {MAX_CLIENT_ID_CHARS} characters."
        raise Rejected("invalid", detail, field="client_id")
    key = note_key(author.id, client_id)
    person = tx.known_person(work.visitor)
    if made := tx.seen(key):
        return _row(tx, person.id, made).note
    if not text:
        raise Rejected("empty", "The note is empty.", field="text")
    if len(text) > MAX_MESSAGE_CHARS:
        detail = f"A note has at most {MAX_MESSAGE_CHARS:,} characters."
        raise Rejected("too_long", detail, status=413, field="text")
    note = VisitorNote(tx.new_id("n"), work.at, author, text)
    tx.mine.visitor_notes[note.id] = VisitorNoteRow(person.id, note)
    tx.remember(key, note.id)
    tx.record(VisitorNoted(note), work.at, person.id)
    return note


def removes(tx: Transaction, work: OperatorRemovesVisitorNote) -> None:
    """By its author, or an admin. One that is gone already is gone. Raises Rejected."""
    author = tx.author_of(work.operator)
    person = tx.known_person(work.visitor)
    row = _row(tx, person.id, work.note)
    if row.removed:
        return
    operator = tx.operator(author.id)
    if row.note.by.id != author.id and (operator is None or operator.role not in _OVER_OTHERS):
        raise Rejected("forbidden", "Only its author or an admin can take a note away.", status=403)
    tx.mine.visitor_notes[row.note.id] = replace(row, removed=True)
    # The text is not told once more: who shows the note knows it.
    tx.record(VisitorNoted(replace(row.note, text=""), removed=True), work.at, person.id)


def _row(tx: Transaction, visitor: str, note: str) -> VisitorNoteRow:
    found = tx.mine.visitor_notes.get(note) or tx.kept.visitor_notes.get(note) or tx.store.visitor_note(note)
    owner = tx.person(found.visitor) if found is not None else None
    if found is None or owner is None or owner.id != visitor:
        raise Rejected("not_found", "There is no such note.", status=404, field="note")
    return found
