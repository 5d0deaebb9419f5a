"""The visitors, read from SQLite."""

from __future__ import annotations

from typing import Any

from server_stub.protocol import VisitorNote
from server_stub.store.base import VisitorNoteRow, VisitorRow
from server_stub.store.codec import decode_names, decode_visitor_note, encode
from server_stub.store.sqlite_house import OF, WITH_MERGED, keys
from server_stub.store.sqlite_pool import ReadingPool

VISITOR_COLUMNS = (
    "id, shard, state, wake_at, name, email, phone, user_id, last_at, merged_into, popup, told_at, caught_up, "
    "segments, blocked, details"
)


def visitor_of(row: tuple[Any, ...]) -> VisitorRow:
    segments: str = row[-3]
    values: list[Any] = [
        *row[:-3],
        () if segments == "[]" else decode_names(segments),
        bool(row[-2]),
        row[-1],
    ]
    return VisitorRow(*values)


class PeopleReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]:
        found = self._by_key(f"SELECT {VISITOR_COLUMNS} FROM visitors WHERE id {OF}", keys(ids))
        return {row[0]: visitor_of(row) for row in found}

    def visitors_from(self, after: str, limit: int) -> list[VisitorRow]:
        found = self._all(
            f"SELECT {VISITOR_COLUMNS} FROM visitors WHERE id > ? AND merged_into = '' ORDER BY id LIMIT ?",
            after,
            limit,
        )
        return [visitor_of(row) for row in found]

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        found = self._by_key(
            "SELECT i.kind, i.value, i.visitor_id FROM json_each(?) k JOIN identities i "
            "ON i.kind = json_extract(k.value, '$[0]') AND i.value = json_extract(k.value, '$[1]')",
            encode(keys).decode(),
        )
        return {(kind, value): visitor for kind, value, visitor in found}

    def identities_of(self, visitor: str) -> list[tuple[str, str]]:
        found = self._all(
            "SELECT kind, value FROM identities WHERE visitor_id = ? ORDER BY kind, value", visitor
        )
        return [(kind, value) for kind, value in found]

    def wakes(self) -> list[tuple[int, str]]:
        return self._all("SELECT wake_at, id FROM wakes ORDER BY wake_at, id")

    def running(self) -> dict[tuple[str, str, str], int]:
        found = self._all(
            "SELECT json_extract(run.value, '$.scenario'), coalesce(json_extract(run.value, '$.version'), ''), "
            "coalesce(json_extract(run.value, '$.waiting.step'), ''), count(*) FROM wakes w "
            "JOIN visitors v ON v.id = w.id, json_each(CAST(v.state AS TEXT), '$.runs') run GROUP BY 1, 2, 3"
        )
        return {(scenario, version, step): count for scenario, version, step, count in found}

    def standing(self, scenario: str) -> dict[tuple[str, str], int]:
        found = self._all(
            "SELECT json_extract(run.value, '$.version'), json_extract(run.value, '$.waiting.step'), count(*) "
            "FROM wakes w JOIN visitors v ON v.id = w.id, json_each(CAST(v.state AS TEXT), '$.runs') run "
            "WHERE json_extract(run.value, '$.scenario') = ? "
            "AND json_extract(run.value, '$.waiting.step') IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
            scenario,
        )
        return {(version, step): count for version, step, count in found}

    def merged(self, visitor: str) -> list[str]:
        found = self._all(f"{WITH_MERGED} SELECT id FROM person WHERE id <> ? ORDER BY id", visitor, visitor)
        return [row[0] for row in found]

    def visitor_notes(self, visitor: str) -> list[VisitorNote]:
        found = self._by_key(
            "SELECT note FROM visitor_notes WHERE visitor_id = ? AND removed = 0 ORDER BY at DESC, id DESC",
            visitor,
        )
        return [decode_visitor_note(row[0]) for row in found]

    def visitor_note(self, note: str) -> VisitorNoteRow | None:
        found = self._by_key("SELECT visitor_id, note, removed FROM visitor_notes WHERE id = ?", note)
        rows = [VisitorNoteRow(row[0], decode_visitor_note(row[1]), bool(row[2])) for row in found]
        return rows[0] if rows else None
