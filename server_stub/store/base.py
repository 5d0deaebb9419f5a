"""The one interface behind which everything is kept. SQLite and the in-memory store pass the same contract tests.

Writing is one call: `commit(batch)`, all or nothing. Reading sees only what has been committed. Calls are synchronous;
the desk commits from a thread of its own and reads by primary key from the event loop; list and search queries are run
in threads by the API (`asyncio.to_thread`), so a store must allow reads from any thread.
"""

from __future__ import annotations

from typing import Any, Protocol

from msgspec import Struct, field

from server_stub.protocol import DialogSummary, Entry, FileRef, Message, OutboxItem


class VisitorRow(Struct):
    """A visitor: `state` is the engine's VisitorState as JSON; the other fields are what lists and cards need."""

    id: str
    shard: int
    state: bytes
    wake_at: int = 0
    """When time alone moves one of his runs; 0: never. The index on it is the timer wheel's memory."""
    name: str = ""
    email: str = ""
    phone: str = ""
    user_id: str = ""
    last_at: int = 0
    merged_into: str = ""


class IdentityRow(Struct, frozen=True):
    """`kind` is anonymous or user. The pair is unique; a merge moves rows."""

    kind: str
    value: str
    visitor: str


class OutboxRow(Struct, frozen=True):
    """Something to be sent. `id` is the idempotency key: the same id is never a second row."""

    item: OutboxItem
    shard: int
    due_at: int = 0


class OperatorRow(Struct, frozen=True):
    """`token_hash` is the SHA-256 of the bearer token in hex; the token itself is nowhere."""

    id: str
    name: str
    role: str
    token_hash: str
    created_at: int
    removed: bool = False


class ScenarioRow(Struct, frozen=True):
    """A version that has been live. `text` is the file as it was."""

    slug: str
    version: str
    text: str
    published_at: int
    live: bool


class FileRow(Struct, frozen=True):
    ref: FileRef
    stored_as: str
    token: str
    at: int


class Batch(Struct):
    """One transaction. Entries carry their final numbers; rows replace those of the same id."""

    entries: list[Entry] = field(default_factory=list)
    visitors: dict[str, VisitorRow] = field(default_factory=dict)
    identities: dict[tuple[str, str], IdentityRow] = field(default_factory=dict)
    dialogs: dict[str, DialogSummary] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    operators: dict[str, OperatorRow] = field(default_factory=dict)
    scenarios: dict[tuple[str, str], ScenarioRow] = field(default_factory=dict)
    files: dict[str, FileRow] = field(default_factory=dict)
    seen_ids: dict[str, str] = field(default_factory=dict)
    """Client-made ids (messageId, client_id, frame ids, with their scope as prefix) to what they made, for repeats."""
    moved_visitors: dict[str, str] = field(default_factory=dict)
    """Merged visitor → the one who now has his dialogs and messages."""


class Store(Protocol):
    """All methods raise `StoreError` where the database does not answer as it should (disk full, file locked …)."""

    def close(self) -> None: ...

    def commit(self, batch: Batch) -> None:
        """Write all of the batch durably, or nothing."""

    # --- what the desk reads, by key -----------------------------------------------------------------------------

    def last_seq(self) -> int: ...

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]: ...

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """(kind, value) → visitor id, of those that exist."""

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]: ...

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        """Visitor → his open dialog."""

    def messages(self, ids: list[str]) -> dict[str, Message]: ...

    def seen(self, ids: list[str]) -> dict[str, str]:
        """Of these client-made ids, those known, with what they made."""

    def wakes(self) -> list[tuple[int, str]]:
        """(wake_at, visitor) of everyone who waits for time."""

    def operators(self) -> list[OperatorRow]: ...

    def scenarios(self) -> list[ScenarioRow]: ...

    def files(self, ids: list[str]) -> dict[str, FileRow]: ...

    def file_by_token(self, token: str) -> FileRow | None: ...

    # --- what the API lists --------------------------------------------------------------------------------------

    def entries(self, after: int, limit: int) -> list[Entry]:
        """Entries with `seq > after`, rising."""

    def dialog_page(
        self, *, status: str, assignee: str | None, tag: str, visitor: str, cursor: str, limit: int
    ) -> tuple[list[DialogSummary], str, int]:
        """Newest first by last_at: (dialogs, next cursor, total). `assignee` None: any; "": nobody."""

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        """A dialog's (or a visitor's) feed, the newest `limit` entries with `seq < before` (0: the end), oldest first."""

    def visitor_events(self, visitor: str, before: int, limit: int) -> list[Entry]: ...

    def visitor_messages(self, visitor: str, after: int, limit: int) -> list[Message]:
        """Without notes, oldest first, `seq > after`; of more than `limit`, the newest."""

    def visitor_dialogs(self, visitor: str) -> list[str]: ...

    def merged(self, visitor: str) -> list[str]: ...

    def search_dialogs(self, query: str, limit: int) -> list[DialogSummary]:
        """Full text over messages, and names, emails, phones and tags. Any text is a valid query."""

    def outbox(self, limit: int) -> list[OutboxItem]: ...

    def counts(self) -> dict[str, Any]:
        """For /metrics and doctor: rows by table, bytes of the file."""
