"""What belongs to the desk as a whole, read from SQLite: operators, scenarios, segments, files, the outbox."""

from __future__ import annotations

from typing import Any

import msgspec

from server_stub.protocol import FileRef, OutboxItem, Preset
from server_stub.store.base import FileRow, OperatorRow, OutboxRow, ScenarioRow, SegmentRow, TextRow
from server_stub.store.codec import decode_outbox_item, decode_preset, encode
from server_stub.store.sqlite_pool import ReadingPool

OF = "IN (SELECT value FROM json_each(?))"
"""One of the keys that `keys` has encoded."""
WITH_MERGED = (
    "WITH RECURSIVE person (id) AS (SELECT ? UNION SELECT v.id FROM visitors v, person p "
    "WHERE v.merged_into = p.id AND v.merged_into <> '')"
)
"""A visitor, and all who have become him."""

decode_ref = msgspec.json.Decoder(FileRef).decode


FILES = 'SELECT ref, stored_as, token, at, "by", message FROM files'


_OF_TEXTS = 'kind, slug, seq, base, version, status, at, "by", why'


def file_of(row: tuple[Any, ...]) -> FileRow:
    return FileRow(decode_ref(row[0]), *row[1:])


def keys(ids: list[str]) -> str:
    return encode(ids).decode()


class HouseReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def operators(self) -> list[OperatorRow]:
        found = self._all(
            "SELECT id, name, role, token_hash, created_at, removed, online, away "
            "FROM operators ORDER BY created_at, id"
        )
        return [OperatorRow(*row[:5], *map(bool, row[5:])) for row in found]

    def scenarios(self) -> list[ScenarioRow]:
        found = self._all(
            "SELECT slug, version, text, published_at, live FROM scenarios ORDER BY published_at, slug"
        )
        return [ScenarioRow(*row[:-1], bool(row[-1])) for row in found]  # type: ignore[call-arg]

    def files(self, ids: list[str]) -> dict[str, FileRow]:
        files = self._files(f"id {OF}", keys(ids))
        return {file.ref.id: file for file in files}

    def file_by_token(self, token: str) -> FileRow | None:
        files = self._files("token = ?", token)
        return files[0] if files else None

    def _files(self, where: str, value: str) -> list[FileRow]:
        return [file_of(row) for row in self._by_key(f"{FILES} WHERE {where}", value)]

    def segments(self) -> list[SegmentRow]:
        found = self._all(
            "SELECT slug, version, text, published_at, live FROM segments ORDER BY published_at, slug"
        )
        return [SegmentRow(*row[:-1], bool(row[-1])) for row in found]  # type: ignore[call-arg]

    def texts_of(self, kind: str, slug: str, before: int, limit: int) -> list[TextRow]:
        found = self._all(
            f"SELECT {_OF_TEXTS} FROM published_texts WHERE kind = ? AND slug = ? AND (seq < ?3 OR ?3 = 0) "
            "ORDER BY seq DESC LIMIT ?",
            kind,
            slug,
            before,
            limit,
        )
        return [TextRow(*row) for row in found]

    def published_text(self, kind: str, slug: str, base: str) -> TextRow | None:
        found = self._all(
            f"SELECT {_OF_TEXTS}, text FROM published_texts WHERE kind = ? AND slug = ? AND base = ? "
            "ORDER BY seq DESC LIMIT 1",
            kind,
            slug,
            base,
        )
        return TextRow(*found[0]) if found else None

    def segment_members(self) -> dict[str, int]:
        return dict(self._all("SELECT segment, count(*) FROM segment_members GROUP BY segment"))

    def memory(self) -> dict[str, str]:
        return dict(self._all("SELECT name, value FROM desk_memory"))

    def presets(self) -> list[Preset]:
        found = [decode_preset(row[0]) for row in self._all("SELECT preset FROM presets")]
        return sorted(found, key=lambda preset: (preset.folder, preset.name, preset.id))

    # --- The outbox ------------------------------------------------------------------------------

    def outbox(
        self,
        limit: int,
        *,
        status: str = "",
        channel: str = "",
        scenario: str = "",
        visitor: str = "",
        before: str = "",
    ) -> list[OutboxItem]:
        wanted = {"status": status, "channel": channel, "json_extract(item, '$.scenario')": scenario}
        where = [f"{column} = ?" for column, value in wanted.items() if value]
        values: list[Any] = [value for value in wanted.values() if value]
        if visitor:
            where.append("visitor_id IN (SELECT id FROM person) AND visitor_id <> ''")
        if before:
            where.append("(at, id) < (SELECT at, id FROM outbox WHERE id = ?)")
            values.append(before)
        found = self._all(
            f"{WITH_MERGED} SELECT item FROM outbox WHERE {' AND '.join(where) or '1'} "
            "ORDER BY at DESC, id DESC LIMIT ?",
            visitor,
            *values,
            limit,
        )
        return [decode_outbox_item(row[0]) for row in found]

    def outbox_rows(self, ids: list[str]) -> dict[str, OutboxRow]:
        found = self._by_key(f"SELECT item, shard, due_at FROM outbox WHERE id {OF}", keys(ids))
        rows = [OutboxRow(decode_outbox_item(row[0]), *row[1:]) for row in found]
        return {row.item.id: row for row in rows}

    def outbox_due(self, channels: tuple[str, ...], now: int, limit: int) -> list[OutboxRow]:
        found = self._all(
            "SELECT item, shard, due_at FROM outbox WHERE status = 'waiting' AND due_at <= ? "
            f"AND channel {OF} ORDER BY due_at LIMIT ?",
            now,
            keys(list(channels)),
            limit,
        )
        return [OutboxRow(decode_outbox_item(row[0]), *row[1:]) for row in found]

    def outbox_next(self, channels: tuple[str, ...]) -> int:
        found = self._one(
            f"SELECT min(due_at) FROM outbox WHERE status = 'waiting' AND channel {OF}", keys(list(channels))
        )
        return int(found or 0)
