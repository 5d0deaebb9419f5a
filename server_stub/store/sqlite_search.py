"""Search in SQLite: full text over messages, and what visitors and tags are called."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from server_stub.protocol import DialogSummary, FoundMessage
from server_stub.store.codec import decode_dialog, decode_message, encode
from server_stub.store.rows import search_words
from server_stub.store.sqlite_house import OF, keys
from server_stub.store.sqlite_pool import ReadingPool
from server_stub.store.words import found_message, holds, words_of

LONGEST_BEGINNING = 3
"""Characters of the longest beginning of a word that the full-text index has a list of (see schema.py)."""
_CANDIDATES = 400
"""Messages of which the words are compared here; it takes about 5 µs each."""
_MOST_HITS = 5000
"""Messages that are looked at until there are enough dialogs: one dialog may be full of a word."""
_COMMON = 1000
"""Dialogs with a tag from which on it is quicker to go from the newest backwards, than to sort."""


class SearchReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def find_messages(self, query: str, limit: int) -> list[FoundMessage]:
        words = words_of(query)
        if not words:
            return []
        with self._reading() as connection:
            connection.execute("BEGIN")
            try:
                seqs = _newest_that_begin_alike(connection, words, limit)
                if seqs is None:
                    seqs = _newest_of_all(connection, words, limit)
                found = connection.execute(
                    f"SELECT body FROM messages WHERE seq {OF} ORDER BY seq DESC", (encode(seqs).decode(),)
                ).fetchall()
            finally:
                connection.execute("COMMIT")
        return [found_message(decode_message(row[0]), words) for row in found]

    def dialogs_tagged(self, query: str, limit: int) -> list[DialogSummary]:
        words = search_words(query)
        tags = [tag for tag in self._tags() if all(word in tag.casefold() for word in words)]
        if not words or not tags:
            return []
        tagged = f"SELECT dialog_id FROM dialog_tags WHERE tag {OF}"
        common = self._one(f"SELECT count(*) FROM ({tagged} LIMIT ?)", keys(tags), _COMMON) == _COMMON
        found = self._all(
            f"SELECT d.summary FROM dialogs d INDEXED BY dialogs_newest WHERE EXISTS (SELECT 1 FROM dialog_tags t "
            f"WHERE t.tag {OF} AND t.dialog_id = d.id) ORDER BY d.last_at DESC, d.id DESC LIMIT ?"
            if common
            else f"SELECT summary FROM dialogs WHERE id IN ({tagged}) ORDER BY last_at DESC, id DESC LIMIT ?",
            keys(tags),
            limit,
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


def _newest_that_begin_alike(
    connection: sqlite3.Connection, words: list[str], limit: int
) -> list[int] | None:
    """By the index of beginnings, which lists messages newest first without a look at all that match; what goes on
    otherwise than the last word is left out here. None: there are too many of those."""
    *whole, begin = words
    if len(begin) <= LONGEST_BEGINNING:
        return None
    found: dict[str, int] = {}
    looked_at = 0
    for seq, dialog, text in _matches(connection, [*whole, begin[:LONGEST_BEGINNING]], _CANDIDATES):
        looked_at += 1
        if dialog not in found and holds(text, words):
            found[dialog] = seq
            if len(found) == limit:
                return list(found.values())
    return list(found.values()) if looked_at < _CANDIDATES else None


def _newest_of_all(connection: sqlite3.Connection, words: list[str], limit: int) -> list[int]:
    """Exactly, where a short beginning has a list of its own, or where few of many candidates match."""
    found: dict[str, int] = {}
    for seq, dialog, _ in _matches(connection, words, _MOST_HITS):
        found.setdefault(dialog, seq)
        if len(found) == limit:
            break
    return list(found.values())


def _matches(connection: sqlite3.Connection, words: list[str], most: int) -> Iterator[tuple[int, str, str]]:
    """(seq, dialog, text) of messages, newest first, read from the database as they are asked for."""
    *whole, begin = words
    match = " ".join([f'"{word}"' for word in whole] + [f'"{begin}"*'])
    return connection.execute(
        "SELECT m.seq, m.dialog_id, m.text FROM messages_search s CROSS JOIN messages m ON m.seq = s.rowid "
        "WHERE messages_search MATCH ? ORDER BY s.rowid DESC LIMIT ?",
        (match, most),
    )
