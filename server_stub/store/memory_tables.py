"""The tables of the store in memory, which its readings share."""

from __future__ import annotations

import threading

from server_stub.figures.facts import Fact
from server_stub.protocol import DialogSummary, Entry, Message, Preset
from server_stub.store.base import (
    AlarmRow,
    FileRow,
    OperatorRow,
    OutboxRow,
    ScenarioRow,
    SegmentRow,
    TextRow,
    VisitorNoteRow,
    VisitorRow,
)


class MemoryTables:
    """Rows by their id. A reading takes a list of them first: another thread may be writing."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._entries: list[Entry] = []
        self._encoded: list[bytes] = []
        self._visitors: dict[str, VisitorRow] = {}
        self._identities: dict[tuple[str, str], str] = {}
        self._dialogs: dict[str, DialogSummary] = {}
        self._parts: dict[str, str] = {}
        """Merged dialog → the one that has its entries now."""
        self._messages: dict[str, Message] = {}
        self._outbox: dict[str, OutboxRow] = {}
        self._operators: dict[str, OperatorRow] = {}
        self._scenarios: dict[tuple[str, str], ScenarioRow] = {}
        self._segments: dict[tuple[str, str], SegmentRow] = {}
        self._texts: dict[tuple[str, str, int], TextRow] = {}
        self._files: dict[str, FileRow] = {}
        self._memory: dict[str, str] = {}
        self._seen: dict[str, str] = {}
        self._presets: dict[str, Preset] = {}
        self._alarms: dict[str, AlarmRow] = {}
        self._visitor_notes: dict[str, VisitorNoteRow] = {}
        self._facts: list[Fact] = []

    def merged(self, visitor: str) -> list[str]:
        found: set[str] = set()
        while True:
            more = {
                row.id for row in list(self._visitors.values()) if row.merged_into in found | {visitor}
            } - found
            if not more:
                return sorted(found)
            found |= more

    def _dialog_of(self, entry: Entry) -> str:
        """The dialog to which an entry belongs now."""
        dialog = entry.dialog
        while dialog in self._parts:
            dialog = self._parts[dialog]
        return dialog

    def _dialogs_of(self, person: set[str]) -> set[str]:
        return {row.id for row in list(self._dialogs.values()) if row.visitor in person}

    def _entries_of(self, person: set[str]) -> list[Entry]:
        """What concerns these visitors or their dialogs."""
        dialogs = self._dialogs_of(person)
        return [
            entry
            for entry in list(self._entries)
            if entry.visitor in person or (entry.dialog and self._dialog_of(entry) in dialogs)
        ]
