"""The journal as a past, read from SQLite: visitor by visitor, and what concerned all of them.

A reading that walks through many visitors takes them range by range, so that no transaction stays open for long: while
one does, the write-ahead log of a running server cannot be emptied.
"""

from __future__ import annotations

from collections.abc import Iterator

from server_stub.protocol import Entry
from server_stub.store.codec import decode_entry
from server_stub.store.sqlite_house import OF, keys
from server_stub.store.sqlite_pool import ReadingPool

_ROWS = 500
"""Rows that are fetched at a time."""


class HistoryReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def house_entries(self) -> list[Entry]:
        found = self._all("SELECT body FROM journal WHERE visitor_id = '' AND kind <> 'erased' ORDER BY seq")
        return [decode_entry(row[0]) for row in found]

    def journal_of(self, visitors: list[str]) -> list[Entry]:
        found = self._all(
            f"SELECT body FROM journal WHERE visitor_id {OF} AND visitor_id <> '' ORDER BY seq",
            keys(visitors),
        )
        return [decode_entry(row[0]) for row in found]

    def journals(self, first: str, end: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        until = "AND visitor_id < ?" if end else ""
        wanted = ", ".join(f"'{kind}'" for kind in kinds)
        with self._reading() as connection:
            cursor = connection.execute(
                "SELECT visitor_id, CAST(body AS BLOB) FROM journal WHERE visitor_id <> '' AND visitor_id >= ? "
                f"{until} AND kind IN ({wanted}) ORDER BY visitor_id, seq",
                (first, end) if end else (first,),
            )
            while rows := cursor.fetchmany(_ROWS):
                yield from rows

    def became(self) -> dict[str, str]:
        return dict(self._all("SELECT id, merged_into FROM visitors WHERE merged_into <> ''"))

    def visitor_ranges(self, size: int) -> list[str]:
        found = self._all(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM visitors) "
            "WHERE place % ?1 = 1 OR ?1 = 1 ORDER BY id",
            size,
        )
        return [row[0] for row in found]

    def visitors_called(self, name: str) -> list[str]:
        wanted = name.strip().casefold()
        if not wanted:
            return []
        found = self._all(
            "SELECT v.id FROM known k JOIN visitors v ON v.id = k.id WHERE instr(k.search, ?1) > 0 "
            "AND v.merged_into = '' AND ?1 IN (lower(v.email), lower(v.user_id)) ORDER BY v.last_at DESC, v.id",
            wanted,
        )
        return [row[0] for row in found]
