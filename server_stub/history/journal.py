"""The past of a data folder: its database opened for reading only, also while a server runs on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from scenarios_yaml.tools.past.log import Around, VisitorLog
from server_stub.history.around import Keeps, around_of
from server_stub.history.journal_log import KINDS, JournalLog, log_of
from server_stub.settings import Settings
from server_stub.store.base import StoreError
from server_stub.store.codec import decode_entry
from server_stub.store.sqlite_errors import as_store_error
from server_stub.store.sqlite_readings import SqliteReadings

BUSY_TIMEOUT = 5000
"""Milliseconds for which SQLite waits for a lock."""
CACHE_SIZE = -64_000
"""In SQLite's unit: minus kibibytes."""


class ReadOnlyStore(SqliteReadings):
    """The readings of a database that another process may be writing. Raises StoreError where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise StoreError(f"There is no database {path}: no server has run with this folder.")
        super().__init__(self._connect)
        self.last_seq()

    def _connect(self) -> sqlite3.Connection:
        uri = f"{path_uri(self.path)}?mode=ro"
        try:
            connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT}").fetchone()
            connection.execute(f"PRAGMA cache_size = {CACHE_SIZE}").fetchone()
        except sqlite3.Error as error:
            raise as_store_error(error, self.path) from error
        return connection

    def close(self) -> None:
        self.close_readings()


def path_uri(path: Path) -> str:
    return path.resolve().as_uri()


class JournalPast:
    """A store's past, person by person."""

    def __init__(self, store: Keeps, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._became = store.became()
        self._parts: dict[str, list[str]] = {}
        for gone in self._became:
            self._parts.setdefault(self._root(gone), []).append(gone)

    def close(self) -> None:
        """The store as well: nothing is read from it any more."""
        self._store.close()

    def around(self) -> Around:
        return around_of(self._store, self._settings)

    def ranges(self, size: int) -> list[tuple[str, str]]:
        """Ranges of about `size` visitors each, for `logs`; together they are everybody."""
        begins = self._store.visitor_ranges(size)
        return list(zip(begins, [*begins[1:], ""][: len(begins)], strict=True))

    def logs(self, first: str, end: str, scenario: str = "") -> Iterator[VisitorLog]:
        """The logs of the persons in the range; one who was several visitors is whom he has become in the end."""
        journal: JournalLog | None = None
        current = ""
        for visitor, body in self._store.journals(first, end, KINDS):
            if visitor != current:
                if journal is not None:
                    yield journal.log
                current, journal = visitor, None
                if visitor in self._parts:
                    yield self.log(visitor, scenario)
                elif visitor not in self._became:
                    journal = JournalLog(visitor, scenario)
            if journal is not None:
                journal.take(decode_entry(body))
        if journal is not None:
            yield journal.log

    def log(self, visitor: str, scenario: str = "") -> VisitorLog:
        """One person's log."""
        visitor = self._root(visitor)
        entries = self._store.journal_of([visitor, *self._parts.get(visitor, [])])
        return log_of(visitor, entries, scenario)

    def find(self, name: str) -> list[str]:
        """The persons whose id, email or user id it is; the one who was here last first."""
        if self._store.visitors([name]):
            return [self._root(name)]
        return self._store.visitors_called(name)

    def called(self, visitor: str) -> str:
        """His name, else his email."""
        row = self._store.visitors([visitor]).get(visitor)
        return (row.name or row.email) if row is not None else ""

    @property
    def begins_late(self) -> bool:
        """Whether the journal's first entries are gone."""
        return self._store.first_seq() > 1

    def _root(self, visitor: str) -> str:
        for _ in range(len(self._became) + 1):
            if visitor not in self._became:
                break
            visitor = self._became[visitor]
        return visitor
