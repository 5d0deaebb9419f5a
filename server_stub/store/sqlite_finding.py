"""Visitors by what they are called, read from SQLite: who was here last comes first.

A few that match are sorted. Of many, the newest are looked for from the last one backwards, by `lately`, whose rows say
in which stretch of time somebody was here last: an index by the moment itself would be written with every event.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from server_stub.store.base import VisitorRow
from server_stub.store.cursors import make_cursor, read_cursor
from server_stub.store.rows import search_words
from server_stub.store.schema import LATELY_SLOT
from server_stub.store.sqlite_house import OF, keys
from server_stub.store.sqlite_people import VISITOR_COLUMNS, visitor_of
from server_stub.store.sqlite_pool import ReadingPool

_COMMON = 1000
"""Visitors from which on it is quicker to go backwards in time than to sort."""
_LAST = 5000
"""Visitors among whom those are looked for first, of whom there are many."""


class _Narrowing(NamedTuple):
    """Rows `n` of a table, whose column `visitor` is the id of one that matches."""

    table: str
    visitor: str
    where: str
    values: list[str]

    def of_lately(self) -> str:
        return f"EXISTS (SELECT 1 FROM {self.table} n WHERE n.{self.visitor} = l.id AND {self.where})"


class FindingReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def find_visitors(
        self,
        query: str,
        *,
        segment: str = "",
        blocked: bool = False,
        cursor: str = "",
        limit: int,
        counted: bool = True,
    ) -> tuple[list[VisitorRow], str, int]:
        """Raises ValueError where the cursor is none of ours."""
        begin = read_cursor(cursor)
        words = search_words(query)
        if query.strip() and not words:
            return [], "", 0
        narrowings = _narrowings(words, segment, blocked)
        with self._reading() as connection:
            connection.execute("BEGIN")
            try:
                few = _few(connection, narrowings)
                if few is not None:
                    total, found = len(few), _sorted(connection, OF, [keys(few)], begin, limit + 1)
                else:
                    total = _count(connection, narrowings) if counted else 0
                    found = _newest(connection, narrowings, begin, limit + 1)
            finally:
                connection.execute("COMMIT")
        more = len(found) > limit > 0
        return (
            found[:limit],
            make_cursor(found[limit - 1].last_at, found[limit - 1].id) if more else "",
            total,
        )


def _narrowings(words: list[str], segment: str, blocked: bool) -> list[_Narrowing]:
    found = []
    if words:
        found.append(
            _Narrowing(
                "known", "id", " AND ".join("n.search GLOB ?" for _ in words), [f"*{word}*" for word in words]
            )
        )
    if blocked:
        found.append(_Narrowing("visitors", "id", "n.blocked = 1", []))
    if segment:
        found.append(_Narrowing("segment_members", "visitor_id", "n.segment = ?", [segment]))
    return found


def _ids(narrowings: list[_Narrowing]) -> tuple[str, list[str]]:
    """SQL of the rows of `lately` that match, from FROM on, and its values."""
    if not narrowings:
        return "FROM lately l", []
    first, *others = narrowings
    where = " AND ".join([first.where, *(other.of_lately() for other in others)])
    values = [value for narrowing in narrowings for value in narrowing.values]
    return f"FROM {first.table} n CROSS JOIN lately l ON l.id = n.{first.visitor} WHERE {where}", values


def _few(connection: sqlite3.Connection, narrowings: list[_Narrowing]) -> list[str] | None:
    """The ids of all that match; None where those are many."""
    if not narrowings:
        return None
    source, values = _ids(narrowings)
    found = connection.execute(f"SELECT l.id {source} LIMIT ?", (*values, _COMMON + 1)).fetchall()
    return [row[0] for row in found] if len(found) <= _COMMON else None


def _count(connection: sqlite3.Connection, narrowings: list[_Narrowing]) -> int:
    source, values = _ids(narrowings)
    return int(connection.execute(f"SELECT count(*) {source}", values).fetchone()[0])


def _newest(
    connection: sqlite3.Connection, narrowings: list[_Narrowing], begin: tuple[int, str], limit: int
) -> list[VisitorRow]:
    """Backwards in time, where so many match that they are among the last ones; else all are sorted."""
    slot = begin[0] // LATELY_SLOT
    oldest = connection.execute(
        "SELECT slot FROM lately WHERE slot <= ? ORDER BY slot DESC LIMIT 1 OFFSET ?", (slot, _LAST)
    ).fetchone()
    if not narrowings or oldest is None:
        return _backwards(connection, narrowings, begin, limit)
    found = _backwards(connection, narrowings, begin, limit, after=oldest[0])
    if len(found) == limit:
        return found
    source, values = _ids(narrowings)
    return _sorted(connection, f"IN (SELECT l.id {source})", values, begin, limit)


def _sorted(
    connection: sqlite3.Connection, of: str, values: list[str], begin: tuple[int, str], limit: int
) -> list[VisitorRow]:
    """The ids are sorted first: a visitor's row is long."""
    newest = "ORDER BY last_at DESC, id DESC LIMIT ?"
    found = connection.execute(
        f"SELECT {VISITOR_COLUMNS} FROM visitors WHERE id IN "
        f"(SELECT id FROM visitors WHERE id {of} AND (last_at, id) < (?, ?) {newest}) {newest}",
        (*values, *begin, limit, limit),
    )
    return [visitor_of(row) for row in found]


def _backwards(
    connection: sqlite3.Connection,
    narrowings: list[_Narrowing],
    begin: tuple[int, str],
    limit: int,
    after: int = -1,
) -> list[VisitorRow]:
    """Those who were here last after the slot `after`."""
    columns = ", ".join(f"v.{column}" for column in VISITOR_COLUMNS.split(", "))
    where = " ".join(f"AND {narrowing.of_lately()}" for narrowing in narrowings)
    values = [value for narrowing in narrowings for value in narrowing.values]
    found = connection.execute(
        f"SELECT {columns} FROM lately l INDEXED BY lately_slot CROSS JOIN visitors v ON v.id = l.id "
        f"WHERE l.slot <= ? AND l.slot > ? AND (v.last_at, v.id) < (?, ?) {where} "
        "ORDER BY l.slot DESC, v.last_at DESC, v.id DESC LIMIT ?",
        (begin[0] // LATELY_SLOT, after, *begin, *values, limit),
    )
    return [visitor_of(row) for row in found]
