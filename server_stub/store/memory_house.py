"""What belongs to the desk as a whole, read from memory: operators, scenarios, presets, files, the outbox."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from server_stub.protocol import OutboxItem, Preset
from server_stub.store.base import FileRow, OperatorRow, OutboxRow, ScenarioRow, SegmentRow, TextRow
from server_stub.store.memory_tables import MemoryTables


class MemoryHouse(MemoryTables):
    """Rows that never change are given out as they are."""

    def operators(self) -> list[OperatorRow]:
        return sorted(self._operators.values(), key=lambda row: (row.created_at, row.id))

    def scenarios(self) -> list[ScenarioRow]:
        return sorted(self._scenarios.values(), key=lambda row: (row.published_at, row.slug))

    def segments(self) -> list[SegmentRow]:
        return sorted(self._segments.values(), key=lambda row: (row.published_at, row.slug))

    def texts_of(self, kind: str, slug: str, before: int, limit: int) -> list[TextRow]:
        found = [row for row in self._published(kind, slug) if not before or row.seq < before]
        return [replace(row, text="") for row in found[:limit]]

    def published_text(self, kind: str, slug: str, base: str) -> TextRow | None:
        return next((row for row in self._published(kind, slug) if row.base == base), None)

    def _published(self, kind: str, slug: str) -> list[TextRow]:
        """The newest first."""
        rows = [row for row in list(self._texts.values()) if (row.kind, row.slug) == (kind, slug)]
        return sorted(rows, key=lambda row: row.seq, reverse=True)

    def segment_members(self) -> dict[str, int]:
        rows = list(self._visitors.values())
        return dict(Counter(segment for row in rows for segment in row.segments))

    def memory(self) -> dict[str, str]:
        return dict(self._memory)

    def presets(self) -> list[Preset]:
        return sorted(self._presets.values(), key=lambda preset: (preset.folder, preset.name, preset.id))

    def files(self, ids: list[str]) -> dict[str, FileRow]:
        return {key: self._files[key] for key in ids if key in self._files}

    def file_by_token(self, token: str) -> FileRow | None:
        return next((row for row in list(self._files.values()) if row.token == token), None)

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
        person = {visitor, *self.merged(visitor)}
        end = self._outbox.get(before)
        items = [
            row.item
            for row in list(self._outbox.values())
            if (not status or row.item.status == status)
            and (not channel or row.item.channel == channel)
            and (not scenario or row.item.scenario == scenario)
            and (not visitor or row.item.visitor in person)
            and (not before or (end and (row.item.at, row.item.id) < (end.item.at, end.item.id)))
        ]
        return sorted(items, key=lambda item: (item.at, item.id), reverse=True)[:limit]

    def outbox_rows(self, ids: list[str]) -> dict[str, OutboxRow]:
        return {key: self._outbox[key] for key in ids if key in self._outbox}

    def outbox_due(self, channels: tuple[str, ...], now: int, limit: int) -> list[OutboxRow]:
        found = [row for row in self._waiting(channels) if row.due_at <= now]
        return sorted(found, key=lambda row: row.due_at)[:limit]

    def outbox_next(self, channels: tuple[str, ...]) -> int:
        return min((row.due_at for row in self._waiting(channels)), default=0)

    def _waiting(self, channels: tuple[str, ...]) -> list[OutboxRow]:
        rows = list(self._outbox.values())
        return [row for row in rows if row.item.status == "waiting" and row.item.channel in channels]
