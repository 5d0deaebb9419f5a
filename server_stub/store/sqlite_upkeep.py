"""What SQLite's store does behind the commits: messages become searchable, and words of erased people go.

Each piece of work is small and in a transaction of its own: commits wait for one of them, never for all.
"""

from __future__ import annotations

import sqlite3

from server_stub.store.sqlite_erasing import ERASING

SEARCH_CHUNK = 200
"""Messages that are made searchable in one go: commits wait for that long, about 10 ms."""
MERGED_PAGES = 16
"""Pages of the full-text index that are merged in one go: about 4 ms."""


def make_some_searchable(connection: sqlite3.Connection) -> bool:
    """Take a chunk of messages into the full-text index. Returns whether there may be more."""
    done = int(connection.execute("SELECT value FROM meta WHERE key = 'searchable_up_to'").fetchone()[0])
    found = connection.execute(
        "SELECT seq, text FROM messages WHERE seq > ? ORDER BY seq LIMIT ?", (done, SEARCH_CHUNK)
    ).fetchall()
    if found:
        connection.executemany("INSERT INTO messages_search (rowid, text) VALUES (?, ?)", found)
        connection.execute("UPDATE meta SET value = ? WHERE key = 'searchable_up_to'", (str(found[-1][0]),))
    return len(found) == SEARCH_CHUNK


def is_erasing(connection: sqlite3.Connection) -> bool:
    """Whether words of somebody who was erased may still lie in the index or the log."""
    return connection.execute("SELECT 1 FROM meta WHERE key = ?", (ERASING,)).fetchone() is not None


def forget_some_words(connection: sqlite3.Connection, *, begin: bool) -> bool:
    """Merge a part of the full-text index, which drops what was taken out of it. Returns whether there may be more.

    `begin`: everything that the index holds by now is to be merged, not only what it would merge by itself.
    """
    before = connection.total_changes
    connection.execute(
        "INSERT INTO messages_search (messages_search, rank) VALUES ('merge', ?)",
        (-MERGED_PAGES if begin else MERGED_PAGES,),
    )
    # The command itself counts as one change: https://www.sqlite.org/fts5.html#the_merge_command
    return connection.total_changes - before >= 2


def erased(connection: sqlite3.Connection) -> None:
    """Nothing is left of anybody who was erased."""
    connection.execute("DELETE FROM meta WHERE key = ?", (ERASING,))
