"""Search in memory: every text is looked at."""

from __future__ import annotations

from server_stub.protocol import DialogSummary, FoundMessage
from server_stub.store.memory_dialogs import newest_first
from server_stub.store.memory_tables import MemoryTables
from server_stub.store.rows import search_words, searched_of
from server_stub.store.words import found_message, holds, words_of


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
        known = searched_of(self._visitors[row.visitor])
        if any(all(word in field for word in words) for field in (known, *map(str.casefold, row.tags))):
            return True
        return any(
            all(any(part.startswith(word) for part in search_words(text)) for word in words) for text in texts
        )

    def find_messages(self, query: str, limit: int) -> list[FoundMessage]:
        words = words_of(query)
        found: dict[str, FoundMessage] = {}
        for message in sorted(self._messages.values(), key=lambda message: -message.seq):
            if words and message.dialog not in found and holds(message.text, words):
                found[message.dialog] = found_message(message, words)
        return list(found.values())[:limit]

    def dialogs_tagged(self, query: str, limit: int) -> list[DialogSummary]:
        words = search_words(query)
        found = [
            row
            for row in list(self._dialogs.values())
            if words and any(all(word in tag.casefold() for word in words) for tag in row.tags)
        ]
        return newest_first(found)[:limit]
