"""The store in memory, for tests and trials: the same answers as SQLite's, gone with the process."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from server_stub.protocol import DialogSummary, Entry, Message, MessageSent, OutboxItem
from server_stub.store.base import (
    Batch,
    FileRow,
    OperatorRow,
    OutboxRow,
    ScenarioRow,
    SegmentRow,
    StoreError,
    VisitorRow,
)
from server_stub.store.codec import decode_runs, kind_of
from server_stub.store.rows import encoded_entries, search_words, searched
from server_stub.store.sqlite_readings import make_cursor, read_cursor

_FEED = {"message", "message_changed", "dialog_opened", "dialog", "receipt", "popup", "popup_ended", "erased"}
_EVENTS = {"event", "run", "popup", "popup_ended"}


class MemoryStore:
    """Implements `Store`. Rows are copied in and out, so that nobody changes what has been committed."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._entries: list[Entry] = []
        self._encoded: list[bytes] = []
        self._visitors: dict[str, VisitorRow] = {}
        self._identities: dict[tuple[str, str], str] = {}
        self._dialogs: dict[str, DialogSummary] = {}
        self._messages: dict[str, Message] = {}
        self._outbox: dict[str, OutboxRow] = {}
        self._operators: dict[str, OperatorRow] = {}
        self._scenarios: dict[tuple[str, str], ScenarioRow] = {}
        self._segments: dict[tuple[str, str], SegmentRow] = {}
        self._files: dict[str, FileRow] = {}
        self._memory: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def close(self) -> None:
        """Nothing to let go of; what was committed can be read on."""

    def commit(self, batch: Batch) -> None:
        with self._lock:
            expected = self.last_seq() + 1
            if [entry.seq for entry in batch.entries] != list(range(expected, expected + len(batch.entries))):
                raise StoreError(f"the journal goes on at {expected}.")
            self._entries += batch.entries
            self._encoded += encoded_entries(batch)
            self._visitors |= {row.id: replace(row) for row in batch.visitors.values()}
            self._identities |= {key: row.visitor for key, row in batch.identities.items()}
            self._dialogs |= batch.dialogs
            self._messages |= batch.messages
            self._outbox |= batch.outbox
            self._operators |= batch.operators
            self._scenarios |= batch.scenarios
            self._segments |= batch.segments
            self._files |= batch.files
            self._memory = {name: text for name, text in (self._memory | batch.memory).items() if text}
            self._seen |= batch.seen_ids
            for gone, kept in batch.moved_visitors.items():
                self._move(gone, kept)

    def _move(self, gone: str, kept: str) -> None:
        self._identities = {key: kept if who == gone else who for key, who in self._identities.items()}
        for dialog in self._dialogs.values():
            if dialog.visitor == gone:
                self._dialogs[dialog.id] = replace(dialog, visitor=kept)
        for message in self._messages.values():
            if message.visitor == gone:
                self._messages[message.id] = replace(message, visitor=kept)

    # --- By key ----------------------------------------------------------------------------------

    def last_seq(self) -> int:
        return self._entries[-1].seq if self._entries else 0

    def first_seq(self) -> int:
        return self._entries[0].seq if self._entries else 0

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]:
        return {key: replace(self._visitors[key]) for key in ids if key in self._visitors}

    def visitors_from(self, after: str, limit: int) -> list[VisitorRow]:
        ids = sorted(
            row.id for row in list(self._visitors.values()) if row.id > after and not row.merged_into
        )
        return [replace(self._visitors[key]) for key in ids[:limit]]

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        return {key: self._identities[key] for key in keys if key in self._identities}

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]:
        return {key: self._dialogs[key] for key in ids if key in self._dialogs}

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        wanted = set(visitors)
        found = [
            row for row in list(self._dialogs.values()) if row.visitor in wanted and row.status == "open"
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

    def seen(self, ids: list[str]) -> dict[str, str]:
        return {key: self._seen[key] for key in ids if key in self._seen}

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

    def operators(self) -> list[OperatorRow]:
        return sorted(self._operators.values(), key=lambda row: (row.created_at, row.id))

    def scenarios(self) -> list[ScenarioRow]:
        return sorted(self._scenarios.values(), key=lambda row: (row.published_at, row.slug))

    def segments(self) -> list[SegmentRow]:
        return sorted(self._segments.values(), key=lambda row: (row.published_at, row.slug))

    def segment_members(self) -> dict[str, int]:
        rows = list(self._visitors.values())
        return dict(Counter(segment for row in rows for segment in row.segments))

    def memory(self) -> dict[str, str]:
        return dict(self._memory)

    def files(self, ids: list[str]) -> dict[str, FileRow]:
        return {key: self._files[key] for key in ids if key in self._files}

    def file_by_token(self, token: str) -> FileRow | None:
        return next((row for row in list(self._files.values()) if row.token == token), None)

    # --- Lists -----------------------------------------------------------------------------------

    def entries(self, after: int, limit: int) -> list[Entry]:
        begin = max(0, after)
        return self._entries[begin : begin + limit]

    def encoded_entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        with self._lock:
            entries = self.entries(after, limit)
            return [(entry.seq, self._encoded[entry.seq - 1]) for entry in entries]

    def dialog_page(
        self, *, status: str, assignee: str | None, tag: str, visitor: str, cursor: str, limit: int
    ) -> tuple[list[DialogSummary], str, int]:
        """Raises ValueError where the cursor is none of ours."""
        found = [
            row
            for row in list(self._dialogs.values())
            if (not status or row.status == status)
            and (assignee is None or row.assignee == assignee)
            and (not tag or tag in row.tags)
            and (not visitor or row.visitor == visitor)
        ]
        begin = read_cursor(cursor)
        page = [row for row in _newest_first(found) if (row.last_at, row.id) < begin]
        more = len(page) > limit > 0
        return page[:limit], make_cursor(page[limit - 1]) if more else "", len(found)

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        person = {visitor, *self.merged(visitor)} if visitor else set()
        found = [
            entry
            for entry in self._before(before)
            if (entry.dialog == dialog if dialog else entry.visitor in person and kind_of(entry) in _FEED)
        ]
        return [self._as_it_is_now(entry) for entry in found[-limit:]]

    def visitor_events(self, visitor: str, before: int, limit: int) -> list[Entry]:
        person = {visitor, *self.merged(visitor)}
        found = [
            entry for entry in self._before(before) if entry.visitor in person and kind_of(entry) in _EVENTS
        ]
        return found[: -limit - 1 : -1]

    def visitor_messages(self, visitor: str, after: int, limit: int) -> list[Message]:
        found = sorted(
            (
                message
                for message in list(self._messages.values())
                if message.visitor == visitor and not message.note and message.seq > after
            ),
            key=lambda message: message.seq,
        )
        return found[-limit:]

    def visitor_dialogs(self, visitor: str) -> list[str]:
        found = [row for row in list(self._dialogs.values()) if row.visitor == visitor]
        return [row.id for row in sorted(found, key=lambda row: (row.opened_at, row.id), reverse=True)]

    def merged(self, visitor: str) -> list[str]:
        found: set[str] = set()
        while True:
            more = {
                row.id for row in list(self._visitors.values()) if row.merged_into in found | {visitor}
            } - found
            if not more:
                return sorted(found)
            found |= more

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
        return _newest_first(found)[:limit]

    def _matches(self, row: DialogSummary, texts: list[str], words: list[str]) -> bool:
        visitor = self._visitors[row.visitor]
        digits = "".join(sign for sign in visitor.phone if sign.isdigit())
        known = searched(visitor.name, visitor.email, visitor.phone, digits, visitor.user_id)
        if any(all(word in field for word in words) for field in (known, *map(str.casefold, row.tags))):
            return True
        return any(
            all(any(part.startswith(word) for part in search_words(text)) for word in words) for text in texts
        )

    def outbox(
        self,
        limit: int,
        *,
        status: str = "",
        channel: str = "",
        scenario: str = "",
        visitor: str = "",
        before: str = "",
    ) -> list[OutboxItem]:
        person = {visitor, *self.merged(visitor)}
        end = self._outbox.get(before)
        items = [
            row.item
            for row in list(self._outbox.values())
            if (not status or row.item.status == status)
            and (not channel or row.item.channel == channel)
            and (not scenario or row.item.scenario == scenario)
            and (not visitor or row.item.visitor in person)
            and (not before or (end and (row.item.at, row.item.id) < (end.item.at, end.item.id)))
        ]
        return sorted(items, key=lambda item: (item.at, item.id), reverse=True)[:limit]

    def outbox_rows(self, ids: list[str]) -> dict[str, OutboxRow]:
        return {key: self._outbox[key] for key in ids if key in self._outbox}

    def outbox_due(self, channels: tuple[str, ...], now: int, limit: int) -> list[OutboxRow]:
        found = [row for row in self._waiting(channels) if row.due_at <= now]
        return sorted(found, key=lambda row: row.due_at)[:limit]

    def outbox_next(self, channels: tuple[str, ...]) -> int:
        return min((row.due_at for row in self._waiting(channels)), default=0)

    def _waiting(self, channels: tuple[str, ...]) -> list[OutboxRow]:
        rows = list(self._outbox.values())
        return [row for row in rows if row.item.status == "waiting" and row.item.channel in channels]

    def counts(self) -> dict[str, Any]:
        return {
            "journal": len(self._entries),
            "visitors": len(self._visitors),
            "identities": len(self._identities),
            "dialogs": len(self._dialogs),
            "messages": len(self._messages),
            "outbox": len(self._outbox),
            "operators": len(self._operators),
            "scenarios": len(self._scenarios),
            "segments": len(self._segments),
            "files": len(self._files),
            "seen_ids": len(self._seen),
            "bytes": 0,
        }

    # --- The past --------------------------------------------------------------------------------

    def house_entries(self) -> list[Entry]:
        return [entry for entry in list(self._entries) if not entry.visitor]

    def journal_of(self, visitors: list[str]) -> list[Entry]:
        wanted = set(visitors) - {""}
        return [entry for entry in list(self._entries) if entry.visitor in wanted]

    def journals(self, first: str, end: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        found = [
            entry
            for entry in list(self._entries)
            if entry.visitor and first <= entry.visitor and (not end or entry.visitor < end)
        ]
        for entry in sorted(found, key=lambda entry: (entry.visitor, entry.seq)):
            if kind_of(entry) in kinds:
                yield entry.visitor, self._encoded[entry.seq - 1]

    def became(self) -> dict[str, str]:
        return {row.id: row.merged_into for row in list(self._visitors.values()) if row.merged_into}

    def visitor_ranges(self, size: int) -> list[str]:
        return sorted(self._visitors)[::size]

    def visitors_called(self, name: str) -> list[str]:
        wanted = name.strip().casefold()
        found = [
            row
            for row in list(self._visitors.values())
            if wanted and not row.merged_into and wanted in (row.email.lower(), row.user_id.lower())
        ]
        return [row.id for row in sorted(found, key=lambda row: (-row.last_at, row.id))]

    def _before(self, before: int) -> list[Entry]:
        return self._entries[: before - 1] if before else list(self._entries)

    def _as_it_is_now(self, entry: Entry) -> Entry:
        if not isinstance(entry.what, MessageSent):
            return entry
        return replace(entry, what=MessageSent(self._messages[entry.what.message.id]))


def _newest_first(dialogs: list[DialogSummary]) -> list[DialogSummary]:
    return sorted(dialogs, key=lambda row: (row.last_at, row.id), reverse=True)
