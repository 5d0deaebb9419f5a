"""Search in SQLite: full text over messages, and what visitors and tags are called."""

from __future__ import annotations

from server_stub.protocol import DialogSummary
from server_stub.store.codec import decode_dialog
from server_stub.store.rows import search_words
from server_stub.store.sqlite_house import OF, keys
from server_stub.store.sqlite_pool import ReadingPool

_HITS_PER_DIALOG = 20
"""A word that a dialog is full of must not crowd out the others."""


class SearchReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def search_dialogs(self, query: str, limit: int) -> list[DialogSummary]:
        words = search_words(query)
        if not words:
            return []
        most = limit * _HITS_PER_DIALOG
        match = " ".join(f'"{word}"*' for word in words)
        known = " AND ".join("instr(k.search, ?) > 0" for _ in words)
        tags = [tag for tag in self._tags() if all(word in tag.casefold() for word in words)]
        found = self._all(
            "WITH hits (id) AS ("
            "SELECT dialog_id FROM (SELECT m.dialog_id, m.seq FROM messages_search s JOIN messages m "
            "ON m.seq = s.rowid WHERE messages_search MATCH ? ORDER BY s.rowid DESC LIMIT ?) "
            f"UNION SELECT d.id FROM known k JOIN dialogs d ON d.visitor_id = k.id WHERE {known} "
            "UNION SELECT dialog_id FROM (SELECT dialog_id FROM dialog_tags "
            f"WHERE tag {OF} ORDER BY dialog_id DESC LIMIT ?)) "
            "SELECT summary FROM dialogs WHERE id IN (SELECT id FROM hits) "
            "ORDER BY last_at DESC, id DESC LIMIT ?",
            *(match, most, *words, keys(tags), most, limit),
        )
        return [decode_dialog(row[0]) for row in found]

    def _tags(self) -> list[str]:
        """Every tag that a dialog has; from one to the next, without a look at all that have it."""
        found = self._all(
            "WITH RECURSIVE t (tag) AS (SELECT min(tag) FROM dialog_tags UNION ALL "
            "SELECT (SELECT min(tag) FROM dialog_tags WHERE tag > t.tag) FROM t WHERE t.tag IS NOT NULL) "
            "SELECT tag FROM t WHERE tag IS NOT NULL"
        )
        return [row[0] for row in found]

    def has_unsearchable(self) -> bool:
        """Whether messages were committed that the full-text index does not hold yet."""
        sql = "SELECT max(seq) > (SELECT CAST(value AS INT) FROM meta WHERE key = 'searchable_up_to') FROM messages"
        return bool(self._one(sql))
