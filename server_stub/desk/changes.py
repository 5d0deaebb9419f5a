"""What one work, or a batch of them, is about to change. Nothing of it is true before its commit."""

from __future__ import annotations

from server_stub.desk.people import Person, row_of
from server_stub.protocol import DialogSummary, Entry, Message
from server_stub.store.base import (
    Batch,
    FileRow,
    IdentityRow,
    OperatorRow,
    OutboxRow,
    ScenarioRow,
    SegmentRow,
)
from server_stub.store.codec import encode


class Changes:
    """Values by id; a later one replaces an earlier one."""

    __slots__ = (
        "dialogs",
        "entries",
        "files",
        "identities",
        "memory",
        "messages",
        "moved",
        "operators",
        "outbox",
        "people",
        "scenarios",
        "seen",
        "segments",
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
        self.files: dict[str, FileRow] = {}
        self.memory: dict[str, str] = {}
        self.seen: dict[str, str] = {}
        self.moved: dict[str, str] = {}

    def take(self, later: Changes) -> None:
        """Add what a work changed."""
        self.entries += later.entries
        self.people.update(later.people)
        self.seen.update(later.seen)
        if later.identities:
            self.identities.update(later.identities)
        if later.dialogs:
            self.dialogs.update(later.dialogs)
        if later.messages:
            self.messages.update(later.messages)
        if later.outbox:
            self.outbox.update(later.outbox)
        if later.operators:
            self.operators.update(later.operators)
        if later.scenarios:
            self.scenarios.update(later.scenarios)
        if later.segments:
            self.segments.update(later.segments)
        if later.files:
            self.files.update(later.files)
        if later.memory:
            self.memory.update(later.memory)
        if later.moved:
            self.moved.update(later.moved)

    def as_batch(self) -> Batch:
        """For the store, everything encoded. The values do not change any more, so a thread may do it."""
        return Batch(
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
            files=self.files,
            memory=self.memory,
            seen_ids=self.seen,
            moved_visitors=self.moved,
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
            or self.files
            or self.memory
            or self.seen
            or self.moved
        )
