"""The store in memory, for tests and trials: the same answers as SQLite's, gone with the process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec.structs import replace

from server_stub.protocol import Entry, Erased, EventHappened, VisitorErased
from server_stub.store import seen_keys
from server_stub.store.base import Batch, StoreError
from server_stub.store.codec import encode
from server_stub.store.memory_dialogs import MemoryDialogs
from server_stub.store.memory_figures import MemoryFigures
from server_stub.store.memory_history import MemoryHistory
from server_stub.store.memory_house import MemoryHouse
from server_stub.store.memory_people import MemoryPeople
from server_stub.store.memory_search import MemorySearch
from server_stub.store.rows import encoded_entries

_Row = TypeVar("_Row")


class MemoryStore(MemoryDialogs, MemoryPeople, MemoryHouse, MemoryHistory, MemorySearch, MemoryFigures):
    """Implements `Store`. Rows are copied in and out, so that nobody changes what has been committed."""

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
            self._texts |= batch.texts
            self._files |= batch.files
            self._memory = {name: text for name, text in (self._memory | batch.memory).items() if text}
            self._seen |= batch.seen_ids
            self._presets = _put(self._presets, batch.presets)
            self._alarms = _put(self._alarms, batch.alarms)
            self._visitor_notes |= batch.visitor_notes
            self._facts += batch.facts
            for gone, kept in batch.moved_visitors.items():
                self._move(gone, kept)
            for gone, kept in batch.moved_dialogs.items():
                self._move_dialog(gone, kept)
            for visitor in batch.erased_visitors:
                self._erase(visitor)

    def _move(self, gone: str, kept: str) -> None:
        self._identities = {key: kept if who == gone else who for key, who in self._identities.items()}
        for dialog in self._dialogs.values():
            if dialog.visitor == gone:
                self._dialogs[dialog.id] = replace(dialog, visitor=kept)
        for message in self._messages.values():
            if message.visitor == gone:
                self._messages[message.id] = replace(message, visitor=kept)
        for alarm in self._alarms.values():
            if alarm.message is not None and alarm.message.visitor == gone:
                self._alarms[alarm.id] = replace(alarm, message=replace(alarm.message, visitor=kept))
        for key, row in self._visitor_notes.items():
            if row.visitor == gone:
                self._visitor_notes[key] = replace(row, visitor=kept)

    def _move_dialog(self, gone: str, kept: str) -> None:
        self._dialogs.pop(gone, None)
        self._parts[gone] = kept
        for message in self._messages.values():
            if message.dialog == gone:
                self._messages[message.id] = replace(message, dialog=kept)
        self._alarms.pop(f"snooze:{gone}", None)
        for alarm in self._alarms.values():
            if alarm.dialog == gone:
                waiting = replace(alarm.message, dialog=kept) if alarm.message is not None else None
                self._alarms[alarm.id] = replace(alarm, dialog=kept, message=waiting)

    def _erase(self, visitor: str) -> None:
        person = {visitor, *self.merged(visitor)}
        dialogs = self._dialogs_of(person)
        messages = {
            key for key, row in self._messages.items() if row.dialog in dialogs or row.visitor in person
        }
        self._forget_seen(person)
        gone = {entry.seq for entry in self._entries_of(person)}
        self._facts = [fact for fact in self._facts if fact.seq not in gone]
        for entry in self._entries_of(person):
            if not isinstance(entry.what, VisitorErased):
                self._entries[entry.seq - 1] = emptied = Entry(entry.seq, entry.at, Erased())
                self._encoded[entry.seq - 1] = encode(emptied)
        self._visitors = {key: row for key, row in self._visitors.items() if key not in person}
        self._identities = {key: who for key, who in self._identities.items() if who not in person}
        self._dialogs = {key: row for key, row in self._dialogs.items() if key not in dialogs}
        self._messages = {key: row for key, row in self._messages.items() if key not in messages}
        self._files = {key: row for key, row in self._files.items() if row.message not in messages}
        self._alarms = {key: row for key, row in self._alarms.items() if row.dialog not in dialogs}
        self._outbox = {key: row for key, row in self._outbox.items() if row.item.visitor not in person}
        self._visitor_notes = {
            key: row for key, row in self._visitor_notes.items() if row.visitor not in person
        }

    def _forget_seen(self, person: set[str]) -> None:
        entries = [entry.what for entry in self._entries_of(person)]
        events = seen_keys.of_events(what.message_id for what in entries if isinstance(what, EventHappened))
        browsers = [
            seen_keys.of_browser(value)
            for (kind, value), who in self._identities.items()
            if who in person and kind == "anonymous"
        ]
        self._seen = {
            key: made
            for key, made in self._seen.items()
            if key not in events and not any(first <= key < end for first, end in browsers)
        }

    # --- The journal -----------------------------------------------------------------------------

    def last_seq(self) -> int:
        return self._entries[-1].seq if self._entries else 0

    def first_seq(self) -> int:
        return self._entries[0].seq if self._entries else 0

    def entries(self, after: int, limit: int) -> list[Entry]:
        begin = max(0, after)
        return self._entries[begin : begin + limit]

    def encoded_entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        with self._lock:
            entries = self.entries(after, limit)
            return [(entry.seq, self._encoded[entry.seq - 1]) for entry in entries]

    def seen(self, ids: list[str]) -> dict[str, str]:
        return {key: self._seen[key] for key in ids if key in self._seen}

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
            "published_texts": len(self._texts),
            "files": len(self._files),
            "seen_ids": len(self._seen),
            "presets": len(self._presets),
            "alarms": len(self._alarms),
            "visitor_notes": len(self._visitor_notes),
            "figure_facts": len(self._facts),
            "bytes": 0,
        }


def _put(rows: Mapping[str, _Row], changes: Mapping[str, _Row | None]) -> dict[str, _Row]:
    """The rows after the changes: None takes one away."""
    return {key: row for key, row in {**rows, **changes}.items() if row is not None}
