"""Dialogs, their messages and their feeds, read from SQLite."""

from __future__ import annotations

import sqlite3
from typing import Any

from msgspec.structs import replace

from server_stub.protocol import DialogSummary, Entry, Message, MessageSent
from server_stub.store.base import AlarmRow
from server_stub.store.codec import decode_dialog, decode_entry, decode_message
from server_stub.store.cursors import END, make_cursor, read_cursor
from server_stub.store.schema import EVENT_KINDS, FEED_KINDS
from server_stub.store.sqlite_house import OF, WITH_MERGED, keys
from server_stub.store.sqlite_pool import ReadingPool

_FEED = "SELECT j.body, j.dialog_id, m.body FROM journal j LEFT JOIN messages m ON m.seq = j.seq AND j.kind = 'message'"
_COMMON = 1000
"""Dialogs with a tag from which on it is a common one."""

_ACTIVE = ("open", "snoozed", "active")


class DialogReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]:
        found = self._by_key(f"SELECT summary FROM dialogs WHERE id {OF}", keys(ids))
        return {dialog.id: dialog for dialog in _dialogs(found)}

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        found = self._by_key(
            f"SELECT summary FROM dialogs WHERE visitor_id {OF} AND status <> 'closed' ORDER BY opened_at",
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

    def spoken_between(self, dialog: str, after: int, up_to: int) -> list[Message]:
        found = self._by_key(
            "SELECT body FROM messages WHERE dialog_id = ? AND author = 'bot' AND seq > ? AND seq <= ? ORDER BY seq",
            dialog,
            after,
            up_to,
        )
        messages = [decode_message(row[0]) for row in found]
        return [message for message in messages if message.origin is not None]

    def answered_after(self, dialog: str, seq: int, but: str) -> str:
        found = self._by_key(
            "SELECT json_extract(body, '$.author.id') FROM messages WHERE dialog_id = ? AND author = 'operator' "
            "AND seq > ? AND note = 0 AND json_extract(body, '$.author.id') <> ? ORDER BY seq LIMIT 1",
            dialog,
            seq,
            but,
        )
        return str(found[0][0]) if found else ""

    def open_counts(self) -> dict[str, int]:
        return dict(self._by_key("SELECT operator, open FROM open_dialogs WHERE open > 0"))

    def alarms(self) -> list[AlarmRow]:
        return _alarms(self._all("SELECT id, dialog_id, due_at, message FROM alarms ORDER BY due_at, id"))

    def alarms_of(self, dialog: str) -> list[AlarmRow]:
        found = self._by_key(
            "SELECT id, dialog_id, due_at, message FROM alarms WHERE dialog_id = ? ORDER BY due_at, id",
            dialog,
        )
        return _alarms(found)

    # --- Lists -----------------------------------------------------------------------------------

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
        return dialogs, make_cursor(dialogs[-1].last_at, dialogs[-1].id) if more else "", total

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        end = before or END
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
            before or END,
            limit,
        )
        return [decode_entry(row[0]) for row in found]

    def visitor_messages(
        self, visitor: str, after: int, limit: int, *, deleted: bool = False
    ) -> list[Message]:
        found = self._all(
            "SELECT body FROM messages WHERE visitor_id = ? AND note = 0 AND seq > ? "
            "AND (? OR json_extract(body, '$.deleted') IS NULL) ORDER BY seq DESC LIMIT ?",
            visitor,
            after,
            int(deleted),
            limit,
        )
        return _messages(found[::-1])

    def visitor_dialogs(self, visitor: str) -> list[str]:
        found = self._all(
            "SELECT id FROM dialogs WHERE visitor_id = ? ORDER BY opened_at DESC, id DESC", visitor
        )
        return [row[0] for row in found]


def _is_common(connection: sqlite3.Connection, tag: str) -> bool:
    counted = "SELECT count(*) FROM (SELECT 1 FROM dialog_tags WHERE tag = ? LIMIT ?)"
    return bool(connection.execute(counted, (tag, _COMMON)).fetchone()[0] == _COMMON)


def _source(status: str, visitor: str, *, rare_tag: bool) -> str:
    """The table, with the index that is the shortest way: SQLite does not know how few dialogs are not closed. For
    a visitor and for a rare tag the few dialogs are sorted; else they are looked for from the newest on."""
    if visitor or rare_tag or status not in ("", *_ACTIVE):
        return "dialogs d"
    return f"dialogs d INDEXED BY {'dialogs_active' if status else 'dialogs_newest'}"


def _filter(
    status: str, assignee: str | None, tag: str, visitor: str, *, common_tag: bool
) -> tuple[str, tuple[Any, ...]]:
    """SQL and its values. The status is spelled out, so that the index of those that are not closed can be used."""
    parts: list[str] = ["1"]
    values: list[Any] = []
    if status in _ACTIVE:
        parts.append("d.status <> 'closed'")
    if status in ("open", "snoozed", "closed"):
        parts.append(f"d.status = '{status}'")
    elif status and status != "active":
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


def _as_it_is_now(body: str, dialog: str, message_body: str | None) -> Entry:
    """A dialog that was merged has its entries elsewhere, and a message may have been edited."""
    entry = decode_entry(body)
    if entry.dialog != dialog:
        entry = replace(entry, dialog=dialog)
    if message_body is None:
        return entry
    return replace(entry, what=MessageSent(decode_message(message_body)))


def _alarms(found: list[tuple[Any, ...]]) -> list[AlarmRow]:
    return [
        AlarmRow(alarm, dialog, due_at, decode_message(message) if message else None)
        for alarm, dialog, due_at, message in found
    ]
