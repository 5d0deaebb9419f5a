"""What is read from SQLite, from any thread: each reading takes a connection from a small pool."""

from __future__ import annotations

import sqlite3
from typing import Any

from msgspec.structs import replace

from server_stub.protocol import DialogSummary, Entry, Message, MessageSent
from server_stub.store.base import VisitorRow
from server_stub.store.codec import decode_dialog, decode_entry, decode_message, decode_names, encode
from server_stub.store.rows import search_words
from server_stub.store.schema import EVENT_KINDS, FEED_KINDS
from server_stub.store.sqlite_history import HistoryReadings
from server_stub.store.sqlite_house import OF, WITH_MERGED, HouseReadings, keys

_VISITOR_COLUMNS = (
    "id, shard, state, wake_at, name, email, phone, user_id, last_at, merged_into, popup, told_at, caught_up, "
    "segments"
)
_FEED = "SELECT j.body, m.body FROM journal j LEFT JOIN messages m ON m.seq = j.seq AND j.kind = 'message'"
_TABLES = (
    "visitors",
    "identities",
    "dialogs",
    "messages",
    "outbox",
    "operators",
    "scenarios",
    "segments",
    "files",
    "seen_ids",
)


def visitor_of(row: tuple[Any, ...]) -> VisitorRow:
    segments: str = row[-1]
    values: list[Any] = [*row[:-1], () if segments == "[]" else decode_names(segments)]
    return VisitorRow(*values)


class SqliteReadings(HistoryReadings, HouseReadings):
    """Every method raises StoreError where the database does not answer."""

    # --- By key ----------------------------------------------------------------------------------

    def last_seq(self) -> int:
        return int(self._one("SELECT max(seq) FROM journal") or 0)

    def first_seq(self) -> int:
        return int(self._one("SELECT min(seq) FROM journal") or 0)

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]:
        found = self._by_key(f"SELECT {_VISITOR_COLUMNS} FROM visitors WHERE id {OF}", keys(ids))
        return {row[0]: visitor_of(row) for row in found}

    def visitors_from(self, after: str, limit: int) -> list[VisitorRow]:
        found = self._all(
            f"SELECT {_VISITOR_COLUMNS} FROM visitors WHERE id > ? AND merged_into = '' ORDER BY id LIMIT ?",
            after,
            limit,
        )
        return [visitor_of(row) for row in found]

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        found = self._by_key(
            "SELECT i.kind, i.value, i.visitor_id FROM json_each(?) k JOIN identities i "
            "ON i.kind = json_extract(k.value, '$[0]') AND i.value = json_extract(k.value, '$[1]')",
            encode(keys).decode(),
        )
        return {(kind, value): visitor for kind, value, visitor in found}

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]:
        found = self._by_key(f"SELECT summary FROM dialogs WHERE id {OF}", keys(ids))
        return {dialog.id: dialog for dialog in _dialogs(found)}

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        found = self._by_key(
            f"SELECT summary FROM dialogs WHERE visitor_id {OF} AND status = 'open' ORDER BY opened_at",
            keys(visitors),
        )
        return {dialog.visitor: dialog for dialog in _dialogs(found)}

    def messages(self, ids: list[str]) -> dict[str, Message]:
        found = self._by_key(f"SELECT body FROM messages WHERE id {OF}", keys(ids))
        return {message.id: message for message in _messages(found)}

    def visitor_messages_after(self, dialog: str, seq: int) -> list[int]:
        found = self._by_key(
            "SELECT seq FROM messages WHERE dialog_id = ? AND author = 'visitor' AND seq > ? ORDER BY seq",
            dialog,
            seq,
        )
        return [row[0] for row in found]

    def seen(self, ids: list[str]) -> dict[str, str]:
        if len(ids) == 1:
            return dict(self._by_key("SELECT id, made FROM seen_ids WHERE id = ?", ids[0]))
        return dict(self._by_key(f"SELECT id, made FROM seen_ids WHERE id {OF}", keys(ids)))

    def wakes(self) -> list[tuple[int, str]]:
        return self._all("SELECT wake_at, id FROM wakes ORDER BY wake_at, id")

    def running(self) -> dict[str, int]:
        found = self._all(
            "SELECT json_extract(run.value, '$.scenario'), count(*) FROM wakes w JOIN visitors v ON v.id = w.id, "
            "json_each(CAST(v.state AS TEXT), '$.runs') run GROUP BY 1"
        )
        return dict(found)

    def standing(self, scenario: str) -> dict[tuple[str, str], int]:
        found = self._all(
            "SELECT json_extract(run.value, '$.version'), json_extract(run.value, '$.waiting.step'), count(*) "
            "FROM wakes w JOIN visitors v ON v.id = w.id, json_each(CAST(v.state AS TEXT), '$.runs') run "
            "WHERE json_extract(run.value, '$.scenario') = ? "
            "AND json_extract(run.value, '$.waiting.step') IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
            scenario,
        )
        return {(version, step): count for version, step, count in found}

    # --- Lists -----------------------------------------------------------------------------------

    def entries(self, after: int, limit: int) -> list[Entry]:
        found = self._all("SELECT body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", after, limit)
        return [decode_entry(row[0]) for row in found]

    def encoded_entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        sql = "SELECT seq, CAST(body AS BLOB) FROM journal WHERE seq > ? ORDER BY seq LIMIT ?"
        return self._all(sql, after, limit)

    def dialog_page(
        self, *, status: str, assignee: str | None, tag: str, visitor: str, cursor: str, limit: int
    ) -> tuple[list[DialogSummary], str, int]:
        """Raises ValueError where the cursor is none of ours."""
        with self._reading() as connection:
            connection.execute("BEGIN")
            try:
                common = bool(tag) and _is_common(connection, tag)
                source = _source(status, visitor, rare_tag=bool(tag) and not common)
                where, values = _filter(status, assignee, tag, visitor, common_tag=common)
                total = connection.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchone()[
                    0
                ]
                found = connection.execute(
                    f"SELECT d.summary FROM {source} WHERE {where} AND (d.last_at, d.id) < (?, ?) "
                    "ORDER BY d.last_at DESC, d.id DESC LIMIT ?",
                    (*values, *read_cursor(cursor), limit + 1),
                ).fetchall()
            finally:
                connection.execute("COMMIT")
        dialogs = _dialogs(found[:limit])
        more = len(found) > limit and dialogs
        return dialogs, make_cursor(dialogs[-1]) if more else "", total

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        end = before or _END
        if dialog:
            found = self._all(
                f"{_FEED} WHERE j.dialog_id = ? AND j.dialog_id <> '' AND j.seq < ? ORDER BY j.seq DESC LIMIT ?",
                dialog,
                end,
                limit,
            )
        else:
            found = self._all(
                f"{WITH_MERGED} {_FEED} WHERE j.visitor_id IN (SELECT id FROM person) AND j.visitor_id <> '' "
                f"AND j.{FEED_KINDS} AND j.seq < ? ORDER BY j.seq DESC LIMIT ?",
                visitor,
                end,
                limit,
            )
        return [_as_it_is_now(*row) for row in reversed(found)]

    def visitor_events(self, visitor: str, before: int, limit: int) -> list[Entry]:
        found = self._all(
            f"{WITH_MERGED} SELECT body FROM journal WHERE visitor_id IN (SELECT id FROM person) "
            f"AND visitor_id <> '' AND {EVENT_KINDS} AND seq < ? ORDER BY seq DESC LIMIT ?",
            visitor,
            before or _END,
            limit,
        )
        return [decode_entry(row[0]) for row in found]

    def visitor_messages(self, visitor: str, after: int, limit: int) -> list[Message]:
        found = self._all(
            "SELECT body FROM messages WHERE visitor_id = ? AND note = 0 AND seq > ? ORDER BY seq DESC LIMIT ?",
            visitor,
            after,
            limit,
        )
        return _messages(found[::-1])

    def visitor_dialogs(self, visitor: str) -> list[str]:
        found = self._all(
            "SELECT id FROM dialogs WHERE visitor_id = ? ORDER BY opened_at DESC, id DESC", visitor
        )
        return [row[0] for row in found]

    def merged(self, visitor: str) -> list[str]:
        found = self._all(f"{WITH_MERGED} SELECT id FROM person WHERE id <> ? ORDER BY id", visitor, visitor)
        return [row[0] for row in found]

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
        return _dialogs(found)

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

    def counts(self) -> dict[str, Any]:
        # The journal has no gaps: its count is a subtraction, where counting would read all of it.
        counted: dict[str, Any] = {"journal": self.last_seq() - self.first_seq() + bool(self.last_seq())}
        for table in _TABLES:
            counted[table] = self._one(f"SELECT count(*) FROM {table}")
        counted["bytes"] = sum(
            file.stat().st_size
            for file in (self.path, self.path.with_name(self.path.name + "-wal"))
            if file.exists()
        )
        return counted


_END = 2**62
_COMMON = 1000
"""Dialogs with a tag from which on it is a common one."""
_HITS_PER_DIALOG = 20
"""A word that a dialog is full of must not crowd out the others."""


def make_cursor(last: DialogSummary) -> str:
    return f"{last.last_at}_{last.id}"


def read_cursor(cursor: str) -> tuple[int, str]:
    """Where a page begins. Raises ValueError where it was not made by `make_cursor`."""
    if not cursor:
        return _END, ""
    moment, _, dialog = cursor.partition("_")
    if not (moment.isascii() and moment.isdigit() and dialog and len(moment) < 19):
        raise ValueError("cursor: not one that a page ended with")
    return int(moment), dialog


def _is_common(connection: sqlite3.Connection, tag: str) -> bool:
    counted = "SELECT count(*) FROM (SELECT 1 FROM dialog_tags WHERE tag = ? LIMIT ?)"
    return bool(connection.execute(counted, (tag, _COMMON)).fetchone()[0] == _COMMON)


def _source(status: str, visitor: str, *, rare_tag: bool) -> str:
    """The table, with the index that is the shortest way: SQLite does not know how few open dialogs there are. For
    a visitor and for a rare tag the few dialogs are sorted; else they are looked for from the newest on."""
    if visitor or rare_tag or status not in ("", "open"):
        return "dialogs d"
    return f"dialogs d INDEXED BY {'dialogs_open' if status == 'open' else 'dialogs_newest'}"


def _filter(
    status: str, assignee: str | None, tag: str, visitor: str, *, common_tag: bool
) -> tuple[str, tuple[Any, ...]]:
    """SQL and its values. The status is spelled out, so that the index of the open dialogs can be used."""
    parts: list[str] = ["1"]
    values: list[Any] = []
    if status in ("open", "closed"):
        parts.append(f"d.status = '{status}'")
    elif status:
        parts.append("0")
    tagged = "d.id IN (SELECT dialog_id FROM dialog_tags WHERE tag = ?)"
    if common_tag:
        tagged = "EXISTS (SELECT 1 FROM dialog_tags t WHERE t.tag = ? AND t.dialog_id = d.id)"
    for sql, value in (
        ("d.assignee = ?", assignee),
        (tagged, tag or None),
        ("d.visitor_id = ?", visitor or None),
    ):
        if value is not None:
            parts.append(sql)
            values.append(value)
    return " AND ".join(parts), tuple(values)


def _dialogs(found: list[tuple[Any, ...]]) -> list[DialogSummary]:
    return [decode_dialog(row[0]) for row in found]


def _messages(found: list[tuple[Any, ...]]) -> list[Message]:
    return [decode_message(row[0]) for row in found]


def _as_it_is_now(entry_body: str, message_body: str | None) -> Entry:
    entry = decode_entry(entry_body)
    if message_body is None:
        return entry
    return replace(entry, what=MessageSent(decode_message(message_body)))
