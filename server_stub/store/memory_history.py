"""The journal as a past, read from memory."""

from __future__ import annotations

from collections.abc import Iterator

from server_stub.protocol import Entry
from server_stub.store.codec import kind_of
from server_stub.store.memory_tables import MemoryTables


class MemoryHistory(MemoryTables):
    """Entries never change, but for those of people who were erased."""

    def house_entries(self) -> list[Entry]:
        return [entry for entry in list(self._entries) if not entry.visitor and kind_of(entry) != "erased"]

    def journal_of(self, visitors: list[str]) -> list[Entry]:
        wanted = set(visitors) - {""}
        return [entry for entry in list(self._entries) if entry.visitor in wanted]

    def journals(self, first: str, end: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        found = [
            entry
            for entry in list(self._entries)
            if entry.visitor and first <= entry.visitor and (not end or entry.visitor < end)
        ]
        for entry in sorted(found, key=lambda entry: (entry.visitor, entry.seq)):
            if kind_of(entry) in kinds:
                yield entry.visitor, self._encoded[entry.seq - 1]

    def became(self) -> dict[str, str]:
        return {row.id: row.merged_into for row in list(self._visitors.values()) if row.merged_into}

    def visitor_ranges(self, size: int) -> list[str]:
        return sorted(self._visitors)[::size]

    def visitors_called(self, name: str) -> list[str]:
        wanted = name.strip().casefold()
        found = [
            row
            for row in list(self._visitors.values())
            if wanted and not row.merged_into and wanted in (row.email.lower(), row.user_id.lower())
        ]
        return [row.id for row in sorted(found, key=lambda row: (-row.last_at, row.id))]
