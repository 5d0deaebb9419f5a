"""The visitors, read from memory."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from server_stub.protocol import VisitorNote
from server_stub.store.base import VisitorNoteRow, VisitorRow
from server_stub.store.codec import decode_runs
from server_stub.store.memory_tables import MemoryTables


class MemoryPeople(MemoryTables):
    """Visitors' rows are copied: nobody changes what has been committed."""

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]:
        return {key: replace(self._visitors[key]) for key in ids if key in self._visitors}

    def visitors_from(self, after: str, limit: int) -> list[VisitorRow]:
        ids = sorted(
            row.id for row in list(self._visitors.values()) if row.id > after and not row.merged_into
        )
        return [replace(self._visitors[key]) for key in ids[:limit]]

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        return {key: self._identities[key] for key in keys if key in self._identities}

    def wakes(self) -> list[tuple[int, str]]:
        return sorted((row.wake_at, row.id) for row in list(self._visitors.values()) if row.wake_at)

    def running(self) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for row in list(self._visitors.values()):
            if row.wake_at:
                counted.update(run.scenario for run in decode_runs(row.state).runs)
        return dict(counted)

    def standing(self, scenario: str) -> dict[tuple[str, str], int]:
        counted: Counter[tuple[str, str]] = Counter()
        for row in list(self._visitors.values()):
            if row.wake_at:
                counted.update(
                    (run.version, run.waiting.step)
                    for run in decode_runs(row.state).runs
                    if run.scenario == scenario and run.waiting is not None
                )
        return dict(sorted(counted.items()))

    def visitor_notes(self, visitor: str) -> list[VisitorNote]:
        rows = [
            row for row in list(self._visitor_notes.values()) if row.visitor == visitor and not row.removed
        ]
        return sorted((row.note for row in rows), key=lambda note: (note.at, note.id), reverse=True)

    def visitor_note(self, note: str) -> VisitorNoteRow | None:
        return self._visitor_notes.get(note)
