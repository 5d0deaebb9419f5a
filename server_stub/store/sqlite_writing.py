"""A batch, written to SQLite within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from server_stub.store import rows
from server_stub.store.base import Batch
from server_stub.store.bulk import Upsert
from server_stub.store.sqlite_erasing import erase
from server_stub.store.sqlite_figures import put_facts

_Row = TypeVar("_Row")


def write(connection: sqlite3.Connection, batch: Batch) -> None:
    """All rows of a batch, within the caller's transaction; parents before what refers to them."""
    encoded = rows.encoded_entries(batch)
    rows.JOURNAL.run(connection, map(rows.journal_row, batch.entries, encoded))
    for table, values, row in (
        (rows.VISITORS, batch.visitors, rows.visitor_row),
        (rows.IDENTITIES, batch.identities, rows.identity_row),
        (rows.DIALOGS, batch.dialogs, rows.dialog_row),
        (rows.MESSAGES, batch.messages, rows.message_row),
        (rows.OUTBOX, batch.outbox, rows.outbox_row),
        (rows.OPERATORS, batch.operators, rows.operator_row),
        (rows.SCENARIOS, batch.scenarios, rows.scenario_row),
        (rows.SEGMENTS, batch.segments, rows.segment_row),
        (rows.TEXTS, batch.texts, rows.text_row),
        (rows.FILES, batch.files, rows.file_row),
        (rows.VISITOR_NOTES, batch.visitor_notes, rows.visitor_note_row),
    ):
        if values:
            table.run(connection, map(row, values.values()))  # type: ignore[arg-type]
    if batch.seen_ids:
        rows.SEEN_IDS.run(connection, batch.seen_ids.items())
    if batch.memory:
        rows.MEMORY.run(connection, batch.memory.items())
        connection.execute("DELETE FROM desk_memory WHERE value = ''")
    if batch.presets:
        _put(connection, rows.PRESETS, batch.presets, rows.preset_row)
    if batch.alarms:
        _put(connection, rows.ALARMS, batch.alarms, rows.alarm_row)
    for gone, kept in batch.moved_visitors.items():
        _move(connection, gone, kept)
    for gone, kept in batch.moved_dialogs.items():
        _move_dialog(connection, gone, kept)
    if batch.facts:
        put_facts(connection, batch.facts)
    for visitor in batch.erased_visitors:
        erase(connection, visitor)


def _move_dialog(connection: sqlite3.Connection, gone: str, kept: str) -> None:
    """Its entries and messages are the other's from now on. What is written in the journal stays as it was: only the
    column by which a dialog's entries are found changes."""
    connection.execute(
        "UPDATE messages SET dialog_id = ?1, body = json_set(body, '$.dialog', ?1) WHERE dialog_id = ?2",
        (kept, gone),
    )
    connection.execute(
        "UPDATE journal SET dialog_id = ? WHERE dialog_id = ? AND dialog_id <> ''", (kept, gone)
    )
    connection.execute("DELETE FROM alarms WHERE id = 'snooze:' || ?", (gone,))
    connection.execute(
        "UPDATE alarms SET dialog_id = ?1, message = iif(message = '', '', json_set(message, '$.dialog', ?1)) "
        "WHERE dialog_id = ?2",
        (kept, gone),
    )
    connection.execute("DELETE FROM dialog_tags WHERE dialog_id = ?", (gone,))
    connection.execute("DELETE FROM dialogs WHERE id = ?", (gone,))


def _move(connection: sqlite3.Connection, gone: str, kept: str) -> None:
    """Everything that refers to the merged visitor now refers to the other; the journal stays as it was."""
    connection.execute("UPDATE identities SET visitor_id = ? WHERE visitor_id = ?", (kept, gone))
    connection.execute(
        "UPDATE dialogs SET visitor_id = ?1, summary = json_set(summary, '$.visitor', ?1) WHERE visitor_id = ?2",
        (kept, gone),
    )
    connection.execute(
        "UPDATE messages SET visitor_id = ?1, body = json_set(body, '$.visitor', ?1) WHERE dialog_id IN "
        "(SELECT id FROM dialogs WHERE visitor_id = ?1) AND visitor_id = ?2",
        (kept, gone),
    )
    connection.execute("UPDATE visitor_notes SET visitor_id = ? WHERE visitor_id = ?", (kept, gone))
    connection.execute(
        "UPDATE alarms SET message = json_set(message, '$.visitor', ?1) WHERE message <> '' "
        "AND json_extract(message, '$.visitor') = ?2",
        (kept, gone),
    )


def _put(
    connection: sqlite3.Connection,
    table: Upsert,
    changes: Mapping[str, _Row | None],
    row: Callable[[_Row], tuple[Any, ...]],
) -> None:
    """Write the rows of a table, and take away those that are None."""
    table.run(connection, [row(value) for value in changes.values() if value is not None])
    for key in [key for key, value in changes.items() if value is None]:
        connection.execute(f"DELETE FROM {table.name} WHERE id = ?", (key,))
