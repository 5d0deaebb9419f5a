"""The store on SQLite: what is written, and how it is made safe.

One connection writes, under one lock; readings have connections of their own (`SqliteReadings`). Every commit is
synced to the disk (synchronous=FULL): with many works a commit that costs nothing, see limits.md. Full-text search is
filled behind the commits, by the thread that also empties the write-ahead log, and brought up to date by each search.
That thread also takes the words of erased people out of the index and the log (see sqlite_erasing).
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

from server_stub.figures.facts import Fact
from server_stub.protocol import Entry, FoundMessage
from server_stub.store import rows
from server_stub.store.base import Batch, StoreError
from server_stub.store.checkpoint import Checkpointer
from server_stub.store.lock import FolderLock
from server_stub.store.schema import bring_up_to_date
from server_stub.store.sqlite_errors import as_store_error
from server_stub.store.sqlite_figures import count_all
from server_stub.store.sqlite_readings import SqliteReadings
from server_stub.store.sqlite_upkeep import (
    MERGED_PAGES,
    erased,
    forget_some_words,
    is_erasing,
    make_some_searchable,
)
from server_stub.store.sqlite_writing import write

CACHE_SIZE = -32_000
"""Of each connection, in SQLite's unit: minus kibibytes."""
BUSY_TIMEOUT = 5000
"""Milliseconds for which SQLite waits for a lock. Nobody else writes, so that only a foreign tool is waited for."""
LOG_BYTES = 32_000_000
"""To what the log's file is made on start: a sync of a file that does not grow takes half the time."""
PAGE = 4096
"""Bytes of a page, as SQLite makes it."""
PAGES_A_COMMIT = 3
PAGES_AN_ENTRY = 4
"""About how many pages change: the table's and two indexes' of the journal, and the visitor's."""
PAGES_A_MERGE = 3 * MERGED_PAGES
"""About how many pages a merge of the full-text index changes."""
CHUNKS_A_SEARCH = 5
"""Chunks of messages that a search makes searchable before it looks."""
EMPTYING_TIMEOUT = 50
"""Milliseconds for which emptying the log waits for readings; commits wait as well."""


class SqliteStore(SqliteReadings):
    """Opens or makes the database file `path`. Raises StoreError where it cannot be used (see `Store`)."""

    def __init__(self, path: Path, *, log_bytes: int = LOG_BYTES) -> None:
        self.path = path
        self._log_bytes = log_bytes
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(path.with_name(path.name + ".lock"))
        except OSError as error:
            raise StoreError(
                f"The data folder {path.parent} cannot be written to: {error.strerror}."
            ) from error
        self._writing = threading.Lock()
        try:
            self._connection = self._prepare()
        except BaseException:
            self._lock.release()
            raise
        self._erasing: Literal["begun", "merging"] | None = "begun" if is_erasing(self._connection) else None
        super().__init__(self._connect_for_reading)
        self._checkpointer: Checkpointer | None = None
        self._checkpointer = Checkpointer(self._connect, self._writing, self._tidy)

    def close(self) -> None:
        """Leave one file behind, without a log. Closing twice is allowed."""
        if self._checkpointer is None:
            return
        self._checkpointer.stop()
        self._checkpointer = None
        self.close_readings()
        with self._writing, contextlib.suppress(sqlite3.Error):
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        self._connection.close()
        self._lock.release()

    def commit(self, batch: Batch) -> None:
        """Write all of the batch durably, or nothing. Raises StoreError."""
        with self._transaction() as connection:
            write(connection, batch)
            if batch.erased_visitors:
                self._erasing = "begun"
        if self._checkpointer is not None:
            self._checkpointer.wrote(_pages_of(batch))

    def count_anew(self, count: Callable[[Entry], list[Fact]], name: str, text: str) -> int:
        """Raises StoreError."""
        with self._transaction() as connection:
            counted = count_all(connection, count)
            rows.MEMORY.run(connection, [(name, text)])
        return counted

    def find_messages(self, query: str, limit: int) -> list[FoundMessage]:
        """Raises StoreError. What was committed before the call is found."""
        self._make_searchable()
        return super().find_messages(query, limit)

    # --- Connections -----------------------------------------------------------------------------

    def _by_key(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """By the connection that writes, where it is free: each commit empties the caches of all the others."""
        if self._checkpointer is None or not self._writing.acquire(blocking=False):
            return super()._by_key(sql, *values)
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise as_store_error(error, self.path) from error
        finally:
            self._writing.release()

    def _prepare(self) -> sqlite3.Connection:
        try:
            connection = self._connect()
        except sqlite3.Error as error:
            raise as_store_error(error, self.path) from error
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            # The first commit afterwards syncs these, too: a new file does not wait for the disk eight times.
            connection.execute("PRAGMA synchronous = NORMAL")
            bring_up_to_date(connection)
            _make_log(connection, self._log_bytes)
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            connection.close()
            raise as_store_error(error, self.path) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT}",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "wal_autocheckpoint = 0",
            "temp_store = MEMORY",
            f"cache_size = {CACHE_SIZE}",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchone()
        return connection

    def _connect_for_reading(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute("PRAGMA query_only = ON").fetchone()
        return connection

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writing:
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.Error as error:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise as_store_error(error, self.path) from error
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    # --- Behind the commits ----------------------------------------------------------------------

    def _make_searchable(self) -> None:
        """What has just been committed; of a whole database that is being made searchable, not all."""
        for _ in range(CHUNKS_A_SEARCH):
            if not self._index_some():
                break

    def _index_some(self) -> bool:
        if not self.has_unsearchable():
            return False
        with self._transaction() as connection:
            return make_some_searchable(connection)

    def _tidy(self) -> bool:
        """A piece of what there is to do. Returns whether there is more."""
        if self._index_some():
            return True
        if self._erasing is None:
            return False
        with self._transaction() as connection:
            begin, self._erasing = self._erasing == "begun", "merging"
            more = forget_some_words(connection, begin=begin)
        if self._checkpointer is not None:
            self._checkpointer.wrote(PAGES_A_MERGE)
        if more:
            return True
        self._empty_log()
        return False

    def _empty_log(self) -> None:
        """The log keeps pages as they were: begin a new one. Where a reading is in the way, later."""
        with self._writing:
            if self._erasing == "begun":
                return
            connection = self._connection
            connection.execute(f"PRAGMA busy_timeout = {EMPTYING_TIMEOUT}").fetchone()
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}").fetchone()
            if busy:
                return
            erased(connection)
            _make_log(connection, self._log_bytes)
            self._erasing = None


def _pages_of(batch: Batch) -> int:
    """About how many pages a commit has added to the log."""
    size = sum(map(len, batch.encoded)) + sum(len(row.state) for row in batch.visitors.values())
    return PAGES_A_COMMIT + PAGES_AN_ENTRY * len(batch.entries) + size // PAGE


def _make_log(connection: sqlite3.Connection, size: int) -> None:
    """Let the log's file have its size: what overflows the cache is written to the log, and then taken back."""
    connection.execute("PRAGMA cache_size = 10").fetchone()
    connection.execute("BEGIN IMMEDIATE")
    for _ in range(size // 1_000_000):
        connection.execute("INSERT INTO meta VALUES (hex(randomblob(8)), zeroblob(1000000))")
    connection.execute("ROLLBACK")
    connection.execute(f"PRAGMA cache_size = {CACHE_SIZE}").fetchone()
