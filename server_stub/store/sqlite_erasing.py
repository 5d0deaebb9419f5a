"""A person is erased from SQLite: rows, journal and full-text index.

What a row held is overwritten with zeros when it goes (secure_delete). A full-text index keeps the words of what was
taken out of it until its segments have been merged, and the write-ahead log keeps pages as they were: `SqliteStore`
sees to both behind the commit, as `ERASING` reminds it of, also after a restart.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from server_stub.protocol import Erasure
from server_stub.store import seen_keys
from server_stub.store.base import FileRow
from server_stub.store.sqlite_figures import take_back_facts
from server_stub.store.sqlite_house import FILES, OF, WITH_MERGED, file_of, keys
from server_stub.store.sqlite_pool import ReadingPool

ERASING = "erasing"
"""The key in `meta`: somebody was erased, and the index and the log may still hold words of his."""

_ENTRIES = (
    f"kind NOT IN ('erased','visitor_erased') AND (visitor_id {OF} AND visitor_id <> '' "
    f"OR dialog_id {OF} AND dialog_id <> '')"
)
_MESSAGES = f"messages WHERE dialog_id {OF}"


class ErasingReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def erasable(self, visitor: str) -> Erasure:
        with self._reading() as connection:
            person = _person(connection, visitor)
            dialogs = _dialogs(connection, person)
            count = "SELECT count(*) FROM"
            return Erasure(
                entries=_first(connection, f"{count} journal WHERE {_ENTRIES}", person, dialogs),
                messages=_first(connection, f"{count} {_MESSAGES}", dialogs),
                files=_first(
                    connection, f"{count} files WHERE message IN (SELECT id FROM {_MESSAGES})", dialogs
                ),
                dialogs=_first(connection, f"{count} json_each(?)", dialogs),
            )

    def files_of(self, visitor: str) -> list[FileRow]:
        with self._reading() as connection:
            dialogs = _dialogs(connection, _person(connection, visitor))
            found = connection.execute(
                f"{FILES} WHERE message <> '' AND message IN (SELECT id FROM {_MESSAGES}) ORDER BY at, id",
                (dialogs,),
            ).fetchall()
        return [file_of(row) for row in found]


def erase(connection: sqlite3.Connection, visitor: str) -> None:
    """Of him, and of those who became him, nothing stays but the numbers and moments of his entries."""
    person = _person(connection, visitor)
    dialogs = _dialogs(connection, person)
    _forget_seen(connection, person)
    take_back_facts(connection, _ENTRIES, person, dialogs)
    connection.execute(
        "UPDATE journal SET kind = 'erased', visitor_id = '', dialog_id = '', shard = 0, "
        """body = '{"seq":' || seq || ',"at":' || at || ',"what":{"kind":"erased"}}' """
        f"WHERE {_ENTRIES}",
        (person, dialogs),
    )
    for sql, ids in (
        (f"files WHERE message <> '' AND message IN (SELECT id FROM {_MESSAGES})", dialogs),
        (_MESSAGES, dialogs),
        (f"alarms WHERE dialog_id {OF}", dialogs),
        (f"dialog_tags WHERE dialog_id {OF}", dialogs),
        (f"dialogs WHERE id {OF}", dialogs),
        (f"outbox WHERE visitor_id {OF} AND visitor_id <> ''", person),
        (f"visitor_notes WHERE visitor_id {OF}", person),
        (f"identities WHERE visitor_id {OF}", person),
        (f"visitors WHERE id {OF}", person),
    ):
        connection.execute(f"DELETE FROM {sql}", (ids,))
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (ERASING,))


def _forget_seen(connection: sqlite3.Connection, person: str) -> None:
    events = connection.execute(
        f"SELECT json_extract(body, '$.what.message_id') FROM journal WHERE visitor_id {OF} AND visitor_id <> '' "
        "AND kind = 'event'",
        (person,),
    ).fetchall()
    known = keys(sorted(seen_keys.of_events(row[0] for row in events)))
    connection.execute(f"DELETE FROM seen_ids WHERE id {OF}", (known,))
    browsers = connection.execute(
        f"SELECT value FROM identities WHERE visitor_id {OF} AND kind = 'anonymous'", (person,)
    ).fetchall()
    for (browser,) in browsers:
        connection.execute("DELETE FROM seen_ids WHERE id >= ? AND id < ?", seen_keys.of_browser(browser))


def _person(connection: sqlite3.Connection, visitor: str) -> str:
    """His ids as JSON: his own, and those of everybody who became him."""
    return str(_first(connection, f"{WITH_MERGED} SELECT json_group_array(id) FROM person", visitor))


def _dialogs(connection: sqlite3.Connection, person: str) -> str:
    return str(_first(connection, f"SELECT json_group_array(id) FROM dialogs WHERE visitor_id {OF}", person))


def _first(connection: sqlite3.Connection, sql: str, *values: str) -> Any:
    return connection.execute(sql, values).fetchone()[0]
