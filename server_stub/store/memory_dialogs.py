"""Dialogs, their messages and their feeds, read from memory."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from server_stub.protocol import DialogSummary, Entry, Message, MessageSent
from server_stub.store.base import AlarmRow
from server_stub.store.codec import kind_of
from server_stub.store.cursors import make_cursor, read_cursor
from server_stub.store.memory_tables import MemoryTables

_FEED = {
    "message",
    "message_changed",
    "dialog_opened",
    "dialog",
    "dialog_merged",
    "rated",
    "receipt",
    "popup",
    "popup_ended",
}
_EVENTS = {"event", "run", "popup", "popup_ended"}


class MemoryDialogs(MemoryTables):
    """Dialogs and messages never change: a later one takes the place of an earlier one."""

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]:
        return {key: self._dialogs[key] for key in ids if key in self._dialogs}

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        wanted = set(visitors)
        found = [
            row for row in list(self._dialogs.values()) if row.visitor in wanted and row.status != "closed"
        ]
        return {row.visitor: row for row in sorted(found, key=lambda row: row.opened_at)}

    def messages(self, ids: list[str]) -> dict[str, Message]:
        return {key: self._messages[key] for key in ids if key in self._messages}

    def visitor_messages_after(self, dialog: str, seq: int) -> list[int]:
        return sorted(
            message.seq
            for message in list(self._messages.values())
            if message.dialog == dialog and message.author.kind == "visitor" and message.seq > seq
        )

    def spoken_between(self, dialog: str, after: int, up_to: int) -> list[Message]:
        found = [
            message
            for message in list(self._messages.values())
            if message.dialog == dialog and message.origin is not None and after < message.seq <= up_to
        ]
        return sorted(found, key=lambda message: message.seq)

    def answered_after(self, dialog: str, seq: int, but: str) -> str:
        found = [
            message
            for message in list(self._messages.values())
            if message.dialog == dialog
            and message.seq > seq
            and message.author.kind == "operator"
            and message.author.id != but
            and not message.note
        ]
        return min(found, key=lambda message: message.seq).author.id if found else ""

    def open_counts(self) -> dict[str, int]:
        rows = list(self._dialogs.values())
        return dict(Counter(row.assignee for row in rows if row.assignee and row.status == "open"))

    def alarms(self) -> list[AlarmRow]:
        return sorted(self._alarms.values(), key=lambda row: (row.due_at, row.id))

    def alarms_of(self, dialog: str) -> list[AlarmRow]:
        return [row for row in self.alarms() if row.dialog == dialog]

    # --- Lists -----------------------------------------------------------------------------------

    def dialog_page(
        self, *, status: str, assignee: str | None, tag: str, visitor: str, cursor: str, limit: int
    ) -> tuple[list[DialogSummary], str, int]:
        """Raises ValueError where the cursor is none of ours."""
        found = [
            row
            for row in list(self._dialogs.values())
            if _has_status(row, status)
            and (assignee is None or row.assignee == assignee)
            and (not tag or tag in row.tags)
            and (not visitor or row.visitor == visitor)
        ]
        begin = read_cursor(cursor)
        page = [row for row in newest_first(found) if (row.last_at, row.id) < begin]
        more = len(page) > limit > 0
        return (
            page[:limit],
            make_cursor(page[limit - 1].last_at, page[limit - 1].id) if more else "",
            len(found),
        )

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        person = {visitor, *self.merged(visitor)} if visitor else set()
        found = [
            entry
            for entry in self._before(before)
            if (
                self._dialog_of(entry) == dialog
                if dialog
                else entry.visitor in person and kind_of(entry) in _FEED
            )
        ]
        return [self._as_it_is_now(entry) for entry in found[-limit:]]

    def visitor_events(self, visitor: str, before: int, limit: int) -> list[Entry]:
        person = {visitor, *self.merged(visitor)}
        found = [
            entry for entry in self._before(before) if entry.visitor in person and kind_of(entry) in _EVENTS
        ]
        return found[: -limit - 1 : -1]

    def visitor_messages(
        self, visitor: str, after: int, limit: int, *, deleted: bool = False
    ) -> list[Message]:
        found = sorted(
            (
                message
                for message in list(self._messages.values())
                if message.visitor == visitor
                and message.seq > after
                and not message.note
                and (deleted or not message.deleted)
            ),
            key=lambda message: message.seq,
        )
        return found[-limit:]

    def visitor_dialogs(self, visitor: str) -> list[str]:
        found = [row for row in list(self._dialogs.values()) if row.visitor == visitor]
        return [row.id for row in sorted(found, key=lambda row: (row.opened_at, row.id), reverse=True)]

    def _before(self, before: int) -> list[Entry]:
        return self._entries[: before - 1] if before else list(self._entries)

    def _as_it_is_now(self, entry: Entry) -> Entry:
        entry = replace(entry, dialog=self._dialog_of(entry))
        if not isinstance(entry.what, MessageSent):
            return entry
        return replace(entry, what=MessageSent(self._messages[entry.what.message.id]))


def newest_first(dialogs: list[DialogSummary]) -> list[DialogSummary]:
    return sorted(dialogs, key=lambda row: (row.last_at, row.id), reverse=True)


def _has_status(dialog: DialogSummary, status: str) -> bool:
    return not status or dialog.status == status or (status == "active" and dialog.status != "closed")
