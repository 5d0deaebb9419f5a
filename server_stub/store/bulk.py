"""Many rows in one statement.

Python's sqlite3 gives up the interpreter lock at every step of a statement and has to win it back from the event loop
afterwards, so a hundred rows by `executemany` are a hundred such waits. A statement with many rows is one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

SIZES = (128, 32, 8, 2, 1)
"""Rows a statement. A fixed ladder keeps the prepared statements few, so that they stay in the connection's cache."""


class Upsert:
    """`INSERT INTO table (columns) VALUES …`, with `otherwise` (such as ON CONFLICT …) behind it."""

    def __init__(self, table: str, columns: Sequence[str], otherwise: str = "") -> None:
        self.name = table
        names = ", ".join(columns)
        one = f"({', '.join('?' * len(columns))})"
        self._statements = {
            size: f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * size)} {otherwise}"
            for size in SIZES
        }

    @classmethod
    def replacing(
        cls, table: str, key: Sequence[str], columns: Sequence[str], fixed: Sequence[str] = ()
    ) -> Upsert:
        """Inserts a row, or sets the columns of the one with the same key, but for the `fixed` ones.

        SQLite writes the indexes of every column that is set, and looks its foreign key up, also where the value is the
        same as before: what never changes is better not set.
        """
        changes = ", ".join(f"{column} = excluded.{column}" for column in columns)
        return cls(table, [*key, *fixed, *columns], f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}")

    def run(self, connection: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
        """Raises sqlite3.Error; the caller's transaction holds all of the rows or none."""
        left = list(rows)
        begin = 0
        while begin < len(left):
            size = next(size for size in SIZES if size <= len(left) - begin)
            connection.execute(self._statements[size], tuple(chain.from_iterable(left[begin : begin + size])))
            begin += size
