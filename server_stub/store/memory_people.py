"""The visitors, read from memory."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from server_stub.protocol import Erasure, VisitorNote
from server_stub.store.base import FileRow, VisitorNoteRow, VisitorRow
from server_stub.store.codec import decode_runs, kind_of
from server_stub.store.cursors import make_cursor, read_cursor
from server_stub.store.memory_tables import MemoryTables
from server_stub.store.rows import search_words, searched_of


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

    def identities_of(self, visitor: str) -> list[tuple[str, str]]:
        return sorted(key for key, known in list(self._identities.items()) if known == visitor)

    def wakes(self) -> list[tuple[int, str]]:
        return sorted((row.wake_at, row.id) for row in list(self._visitors.values()) if row.wake_at)

    def running(self) -> dict[tuple[str, str, str], int]:
        counted: Counter[tuple[str, str, str]] = Counter()
        for row in list(self._visitors.values()):
            if row.wake_at:
                counted.update(
                    (run.scenario, run.version, run.waiting.step if run.waiting else "")
                    for run in decode_runs(row.state).runs
                )
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

    def find_visitors(
        self,
        query: str,
        *,
        segment: str = "",
        blocked: bool = False,
        cursor: str = "",
        limit: int,
        counted: bool = True,  # noqa: ARG002 - it costs nothing here
    ) -> tuple[list[VisitorRow], str, int]:
        """Raises ValueError where the cursor is none of ours."""
        begin = read_cursor(cursor)
        words = search_words(query)
        found = [
            row
            for row in list(self._visitors.values())
            if not row.merged_into
            and (not segment or segment in row.segments)
            and (not blocked or row.blocked)
            and (bool(words) or not query.strip())
            and all(word in searched_of(row) for word in words)
        ]
        found.sort(key=lambda row: (row.last_at, row.id), reverse=True)
        page = [replace(row) for row in found if (row.last_at, row.id) < begin]
        more = len(page) > limit > 0
        return (
            page[:limit],
            make_cursor(page[limit - 1].last_at, page[limit - 1].id) if more else "",
            len(found),
        )

    # --- Before somebody is erased ---------------------------------------------------------------

    def erasable(self, visitor: str) -> Erasure:
        person = {visitor, *self.merged(visitor)}
        dialogs = self._dialogs_of(person)
        return Erasure(
            entries=sum(kind_of(entry) != "visitor_erased" for entry in self._entries_of(person)),
            messages=sum(message.dialog in dialogs for message in list(self._messages.values())),
            files=len(self.files_of(visitor)),
            dialogs=len(dialogs),
        )

    def files_of(self, visitor: str) -> list[FileRow]:
        dialogs = self._dialogs_of({visitor, *self.merged(visitor)})
        messages = {message.id for message in list(self._messages.values()) if message.dialog in dialogs}
        found = [row for row in list(self._files.values()) if row.message in messages]
        return sorted(found, key=lambda row: (row.at, row.ref.id))
