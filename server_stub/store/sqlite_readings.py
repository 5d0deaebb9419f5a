"""What is read from SQLite, from any thread: each reading takes a connection from a small pool."""

from __future__ import annotations

from typing import Any

from server_stub.protocol import Entry
from server_stub.store.codec import decode_entry
from server_stub.store.sqlite_dialogs import DialogReadings
from server_stub.store.sqlite_erasing import ErasingReadings
from server_stub.store.sqlite_figures import FigureReadings
from server_stub.store.sqlite_finding import FindingReadings
from server_stub.store.sqlite_history import HistoryReadings
from server_stub.store.sqlite_house import OF, HouseReadings, keys
from server_stub.store.sqlite_people import PeopleReadings
from server_stub.store.sqlite_search import SearchReadings

_TABLES = (
    "visitors",
    "identities",
    "dialogs",
    "messages",
    "outbox",
    "operators",
    "scenarios",
    "segments",
    "published_texts",
    "files",
    "seen_ids",
    "presets",
    "alarms",
    "visitor_notes",
    "figure_facts",
)


class SqliteReadings(
    DialogReadings,
    PeopleReadings,
    HouseReadings,
    HistoryReadings,
    SearchReadings,
    FindingReadings,
    ErasingReadings,
    FigureReadings,
):
    """Every method raises StoreError where the database does not answer."""

    def last_seq(self) -> int:
        return int(self._one("SELECT max(seq) FROM journal") or 0)

    def first_seq(self) -> int:
        return int(self._one("SELECT min(seq) FROM journal") or 0)

    def entries(self, after: int, limit: int) -> list[Entry]:
        found = self._all("SELECT body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return [decode_entry(row[0]) for row in found]

    def encoded_entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        sql = "SELECT seq, CAST(body AS BLOB) FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
        return self._all(sql, after, limit)

    def seen(self, ids: list[str]) -> dict[str, str]:
        if len(ids) == 1:
            return dict(self._by_key("SELECT id, made FROM seen_ids WHERE id = ?", ids[0]))
        return dict(self._by_key(f"SELECT id, made FROM seen_ids WHERE id {OF}", keys(ids)))

    def counts(self) -> dict[str, Any]:
        # The journal has no gaps: its count is a subtraction, where counting would read all of it.
        counted: dict[str, Any] = {"journal": self.last_seq() - self.first_seq() + bool(self.last_seq())}
        for table in _TABLES:
            counted[table] = self._one(f"SELECT count(*) FROM {table}")
        counted["bytes"] = sum(
            file.stat().st_size
            for file in (self.path, self.path.with_name(self.path.name + "-wal"))
            if file.exists()
        )
        return counted
