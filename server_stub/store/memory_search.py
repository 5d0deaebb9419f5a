"""Search in memory: every text is looked at."""

from __future__ import annotations

from server_stub.protocol import DialogSummary, FoundMessage
from server_stub.store.memory_dialogs import newest_first
from server_stub.store.memory_tables import MemoryTables
from server_stub.store.rows import search_words
from server_stub.store.words import found_message, holds, words_of


class MemorySearch(MemoryTables):
    """The words are compared as SQLite's full-text index does it."""

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
