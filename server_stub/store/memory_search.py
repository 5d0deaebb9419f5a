"""Search in memory: every text is looked at."""

from __future__ import annotations

from server_stub.protocol import DialogSummary
from server_stub.store.memory_dialogs import newest_first
from server_stub.store.memory_tables import MemoryTables
from server_stub.store.rows import search_words, searched


class MemorySearch(MemoryTables):
    """The words are compared as SQLite's full-text index does it."""

    def search_dialogs(self, query: str, limit: int) -> list[DialogSummary]:
        words = search_words(query)
        if not words:
            return []
        texts: dict[str, list[str]] = {}
        for message in list(self._messages.values()):
            texts.setdefault(message.dialog, []).append(message.text)
        found = [
            row for row in list(self._dialogs.values()) if self._matches(row, texts.get(row.id, []), words)
        ]
        return newest_first(found)[:limit]

    def _matches(self, row: DialogSummary, texts: list[str], words: list[str]) -> bool:
        visitor = self._visitors[row.visitor]
        digits = "".join(sign for sign in visitor.phone if sign.isdigit())
        known = searched(visitor.name, visitor.email, visitor.phone, digits, visitor.user_id)
        if any(all(word in field for word in words) for field in (known, *map(str.casefold, row.tags))):
            return True
        return any(
            all(any(part.startswith(word) for part in search_words(text)) for word in words) for text in texts
        )
