"""Connections for reading: each reading takes one from a small pool, from any thread."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from server_stub.store.base import StoreError
from server_stub.store.sqlite_errors import as_store_error


class ReadingPool:
    """Every method raises StoreError where the database does not answer."""

    path: Path

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect_reader = connect
        self._free: deque[sqlite3.Connection] = deque()
        self._readings_closed = False

    def close_readings(self) -> None:
        self._readings_closed = True
        while self._free:
            self._free.pop().close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._readings_closed:
            raise StoreError(f"{self.path}: the store has been closed.")
        try:
            connection = self._free.pop()
        except IndexError:
            connection = self._connect_reader()
        try:
            yield connection
        except sqlite3.Error as error:
            raise as_store_error(error, self.path) from error
        finally:
            if self._readings_closed:
                connection.close()
            else:
                self._free.append(connection)

    def _by_key(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """A short reading, such as the writer makes between two commits."""
        return self._all(sql, *values)

    def _all(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._reading() as connection:
            return connection.execute(sql, values).fetchall()

    def _one(self, sql: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        found = self._all(sql, *values)
        return found[0][0] if found else None
