"""What one work, or a batch of them, is about to change. Nothing of it is true before its commit."""

from __future__ import annotations

from server_stub.desk.people import Person, row_of
from server_stub.figures.days import Days
from server_stub.figures.facts import counted
from server_stub.protocol import DialogSummary, Entry, Message, Preset
from server_stub.store.base import (
    AlarmRow,
    Batch,
    FileRow,
    IdentityRow,
    OperatorRow,
    OutboxRow,
    ScenarioRow,
    SegmentRow,
    TextRow,
    VisitorNoteRow,
)
from server_stub.store.codec import encode

_RARE = (
    "identities", "dialogs", "messages", "outbox", "operators", "scenarios", "segments", "files", "memory", "moved",
    "presets", "alarms", "visitor_notes", "moved_dialogs", "texts",
)  # fmt: skip
"""What most works do not change."""


class Changes:
    """Values by id; a later one replaces an earlier one."""

    __slots__ = (
        "alarms",
        "dialogs",
        "entries",
        "erased",
        "files",
        "identities",
        "memory",
        "messages",
        "moved",
        "moved_dialogs",
        "operators",
        "outbox",
        "people",
        "presets",
        "scenarios",
        "seen",
        "segments",
        "texts",
        "visitor_notes",
    )

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.people: dict[str, Person] = {}
        self.identities: dict[tuple[str, str], str] = {}
        self.dialogs: dict[str, DialogSummary] = {}
        self.messages: dict[str, Message] = {}
        self.outbox: dict[str, OutboxRow] = {}
        self.operators: dict[str, OperatorRow] = {}
        self.scenarios: dict[tuple[str, str], ScenarioRow] = {}
        self.segments: dict[tuple[str, str], SegmentRow] = {}
        self.texts: dict[tuple[str, str, int], TextRow] = {}
        self.files: dict[str, FileRow] = {}
        self.memory: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.presets: dict[str, Preset | None] = {}
        self.alarms: dict[str, AlarmRow | None] = {}
        self.visitor_notes: dict[str, VisitorNoteRow] = {}
        self.moved_dialogs: dict[str, str] = {}
        self.erased: list[str] = []

    def take(self, later: Changes) -> None:
        """Add what a work changed."""
        self.entries += later.entries
        self.people.update(later.people)
        self.seen.update(later.seen)
        self.erased += later.erased
        for name in _RARE:
            if changed := getattr(later, name):
                getattr(self, name).update(changed)

    def as_batch(self, days: Days) -> Batch:
        """For the store, everything encoded and counted. The values do not change any more, so a thread may do it."""
        return Batch(
            facts=counted(self.entries, days.of),
            entries=self.entries,
            encoded=[encode(entry) for entry in self.entries],
            visitors={key: row_of(person) for key, person in self.people.items()},
            identities={key: IdentityRow(*key, visitor) for key, visitor in self.identities.items()},
            dialogs=self.dialogs,
            messages=self.messages,
            outbox=self.outbox,
            operators=self.operators,
            scenarios=self.scenarios,
            segments=self.segments,
            texts=self.texts,
            files=self.files,
            memory=self.memory,
            seen_ids=self.seen,
            moved_visitors=self.moved,
            presets=self.presets,
            alarms=self.alarms,
            visitor_notes=self.visitor_notes,
            moved_dialogs=self.moved_dialogs,
            erased_visitors=self.erased,
        )

    def __bool__(self) -> bool:
        return bool(
            self.entries
            or self.people
            or self.identities
            or self.dialogs
            or self.messages
            or self.outbox
            or self.operators
            or self.scenarios
            or self.segments
            or self.texts
            or self.files
            or self.memory
            or self.seen
            or self.moved
            or self.presets
            or self.alarms
            or self.visitor_notes
            or self.moved_dialogs
            or self.erased
        )
