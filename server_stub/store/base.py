"""The one interface behind which everything is kept. SQLite and the in-memory store pass the same contract tests.

Writing is one call: `commit(batch)`, all or nothing. Reading sees only what has been committed. Calls are synchronous;
the desk commits from a thread of its own and reads by primary key from the event loop; list and search queries are run
in threads by the API (`asyncio.to_thread`), so a store must allow reads from any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from msgspec import Struct, field

from server_stub.figures.facts import Fact
from server_stub.figures.summed import Count
from server_stub.protocol import (
    DialogSummary,
    Entry,
    Erasure,
    FileRef,
    FoundMessage,
    Message,
    OutboxItem,
    Preset,
    VisitorNote,
)


class StoreError(Exception):
    """The database does not do what it should; the text says what happened and what to do about it."""


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
    popup: bytes = b""
    """The pop-up on his screen as protocol.Popup in JSON; empty where there is none."""
    told_at: int = 0
    """The latest moment that the engine was told for him: it never goes back."""
    caught_up: int = 0
    """The seq of the last round (see desk/rounds.py) that has reached him."""
    segments: tuple[str, ...] = ()
    """In which he is, for counting their members."""
    blocked: bool = False
    """No scenario speaks to him, and nothing that he writes is taken."""
    details: bytes = b""
    """What the desk keeps of him beside the engine's state (see desk/people.py: Details), as JSON; empty: nothing."""


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
    online: bool = False
    """A console of his is connected; after a crash this may be untrue until the desk starts."""
    away: bool = False

    @property
    def is_there(self) -> bool:
        """Whether somebody who is handed over to people would find him."""
        return self.online and not self.away and not self.removed


class ScenarioRow(Struct, frozen=True):
    """A version that has been live. `text` is the file as it was."""

    slug: str
    version: str
    text: str
    published_at: int
    live: bool


class SegmentRow(Struct, frozen=True):
    """A version of a segment that has been live. `text` is the file as it was."""

    slug: str
    version: str
    text: str
    published_at: int
    live: bool


class TextRow(Struct, frozen=True):
    """A text of a scenario or segment as it was published, with the entry `seq`; nothing of it changes any more.

    `base` names the text. With status "removed" the file was taken away, and there is neither. `by` is the operator's
    id, empty where the file was changed in the folder.
    """

    kind: str
    slug: str
    seq: int
    base: str
    version: str
    status: str
    at: int
    by: str = ""
    why: str = ""
    text: str = ""


class FileRow(Struct, frozen=True):
    """A stored file. `by` is the kind of its author, `message` the message that carries it: a file is sent once."""

    ref: FileRef
    stored_as: str
    token: str
    at: int
    by: str = ""
    message: str = ""


class AlarmRow(Struct, frozen=True):
    """Something of a dialog that is due at `due_at` (ms): the end of its snooze, or a scheduled message.

    `id` is "snooze:" + the dialog's id, or the message's id; `message` is empty for a snooze.
    """

    id: str
    dialog: str
    due_at: int
    message: Message | None = None


class VisitorNoteRow(Struct, frozen=True):
    visitor: str
    note: VisitorNote
    removed: bool = False


class Behind(Struct, frozen=True):
    """One of those behind a figure: `visitor` is who he was then."""

    fact: Fact
    visitor: str


class Batch(Struct):
    """One transaction. Entries carry their final numbers; rows replace those of the same id."""

    entries: list[Entry] = field(default_factory=list)
    encoded: list[bytes] = field(default_factory=list)
    """The entries as JSON, one for one, where the caller has them already; else the store encodes them."""
    visitors: dict[str, VisitorRow] = field(default_factory=dict)
    identities: dict[tuple[str, str], IdentityRow] = field(default_factory=dict)
    dialogs: dict[str, DialogSummary] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    outbox: dict[str, OutboxRow] = field(default_factory=dict)
    operators: dict[str, OperatorRow] = field(default_factory=dict)
    scenarios: dict[tuple[str, str], ScenarioRow] = field(default_factory=dict)
    segments: dict[tuple[str, str], SegmentRow] = field(default_factory=dict)
    texts: dict[tuple[str, str, int], TextRow] = field(default_factory=dict)
    """By kind, slug and seq."""
    files: dict[str, FileRow] = field(default_factory=dict)
    memory: dict[str, str] = field(default_factory=dict)
    """Small things that the desk remembers by name, such as its rounds; an empty text is forgotten."""
    seen_ids: dict[str, str] = field(default_factory=dict)
    """Client-made ids (messageId, client_id, frame ids, with their scope as prefix) to what they made, for repeats."""
    presets: dict[str, Preset | None] = field(default_factory=dict)
    """By id; None: it is taken away."""
    alarms: dict[str, AlarmRow | None] = field(default_factory=dict)
    """By id; None: it is not waited for any more."""
    visitor_notes: dict[str, VisitorNoteRow] = field(default_factory=dict)
    """By the note's id; a merge moves them."""
    moved_dialogs: dict[str, str] = field(default_factory=dict)
    """Merged dialog → the one whose part it is now: its row and its snooze go; its entries are in the other's feed (the
    journal itself stays as it was), its messages and what waits to be sent are the other's. After the rows."""
    erased_visitors: list[str] = field(default_factory=list)
    """Visitors of whom nothing stays but the numbers of their entries, which become `Erased`. After all the rest: also
    the entries of this batch are emptied, except for VisitorErased."""
    facts: list[Fact] = field(default_factory=list)
    """What the entries count."""
    moved_visitors: dict[str, str] = field(default_factory=dict)
    """Merged visitor → the one who now has his identities, dialogs and messages. Done after the rows, in order."""

    def is_empty(self) -> bool:
        return not (
            self.entries
            or self.visitors
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
            or self.seen_ids
            or self.moved_visitors
            or self.presets
            or self.alarms
            or self.visitor_notes
            or self.moved_dialogs
            or self.erased_visitors
        )


class Store(Protocol):
    """All methods raise `StoreError` where the database does not answer as it should (disk full, file locked …)."""

    def close(self) -> None: ...

    def commit(self, batch: Batch) -> None:
        """Write all of the batch durably, or nothing."""

    # --- what the desk reads, by key -------------------------------------------------------------

    def last_seq(self) -> int: ...

    def first_seq(self) -> int:
        """The oldest number that can still be read; 0 where the journal is empty."""

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]: ...

    def identities(self, keys: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """(kind, value) → visitor id, of those that exist."""

    def identities_of(self, visitor: str) -> list[tuple[str, str]]:
        """(kind, value) of all that lead to the visitor."""

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]: ...

    def open_dialogs(self, visitors: list[str]) -> dict[str, DialogSummary]:
        """Visitor → his dialog that is open or snoozed."""

    def messages(self, ids: list[str]) -> dict[str, Message]: ...

    def visitor_messages_after(self, dialog: str, seq: int) -> list[int]:
        """The seqs, rising, of the visitor's own messages in the dialog that came after `seq`: what is unread."""

    def seen(self, ids: list[str]) -> dict[str, str]:
        """Of these client-made ids, those known, with what they made."""

    def wakes(self) -> list[tuple[int, str]]:
        """(wake_at, visitor) of everyone who waits for time."""

    def running(self) -> dict[tuple[str, str, str], int]:
        """(scenario, version, key of the step) → how many runs wait there for something that time ends, as nearly all
        do."""

    def standing(self, scenario: str) -> dict[tuple[str, str], int]:
        """(version, key of the step) → how many visitors stand there in a run of the scenario, as far as `running`."""

    def presets(self) -> list[Preset]:
        """All, by folder and name."""

    def alarms(self) -> list[AlarmRow]:
        """All that is waited for, the earliest first."""

    def alarms_of(self, dialog: str) -> list[AlarmRow]: ...

    def visitor_notes(self, visitor: str) -> list[VisitorNote]:
        """Those that were not removed, the newest first."""

    def visitor_note(self, note: str) -> VisitorNoteRow | None: ...

    def spoken_between(self, dialog: str, after: int, up_to: int) -> list[Message]:
        """The scenarios' messages of the dialog with `after < seq <= up_to`, oldest first."""

    def answered_after(self, dialog: str, seq: int, but: str) -> str:
        """The id of an operator other than `but` who wrote to the visitor after message `seq`; empty: nobody did."""

    def open_counts(self) -> dict[str, int]:
        """Operator → how many open dialogs are his."""

    def erasable(self, visitor: str) -> Erasure:
        """What erasing him, and those who became him, would take away."""

    def files_of(self, visitor: str) -> list[FileRow]:
        """The files of his dialogs' messages, whoever sent them."""

    def operators(self) -> list[OperatorRow]: ...

    def scenarios(self) -> list[ScenarioRow]: ...

    def segments(self) -> list[SegmentRow]: ...

    def texts_of(self, kind: str, slug: str, before: int, limit: int) -> list[TextRow]:
        """What was published under the slug, the newest first, with `seq < before` (0: the end), without the texts."""

    def published_text(self, kind: str, slug: str, base: str) -> TextRow | None:
        """The text of that name, as it was published last."""

    def segment_members(self) -> dict[str, int]:
        """Segment → how many visitors are in it."""

    def memory(self) -> dict[str, str]:
        """All that the desk remembers by name."""

    def visitors_from(self, after: str, limit: int) -> list[VisitorRow]:
        """Those who have not become another, by id, with `id > after`."""

    def files(self, ids: list[str]) -> dict[str, FileRow]: ...

    def file_by_token(self, token: str) -> FileRow | None: ...

    # --- the past, for server_stub/history -------------------------------------------------------

    def house_entries(self) -> list[Entry]:
        """The entries that concern no visitor, rising: operators, scenarios, segments, broadcasts."""

    def journal_of(self, visitors: list[str]) -> list[Entry]:
        """All entries of these visitors, rising; what each did before he became another is his own."""

    def journals(self, first: str, end: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
        """(visitor, JSON of the entry) of these kinds, by visitor and seq: `first <= visitor < end`, "" for no end."""

    def became(self) -> dict[str, str]:
        """Visitors who have become another, each with whom he became at that time."""

    def visitor_ranges(self, size: int) -> list[str]:
        """Ids of visitors at which ranges of about `size` visitors begin, rising."""

    def visitors_called(self, name: str) -> list[str]:
        """Those whose email or user id it is, ignoring case; who was here last comes first."""

    # --- figures ---------------------------------------------------------------------------------

    def figure_counts(
        self, scenario: str, first_day: int, last_day: int, version: str = ""
    ) -> tuple[int, list[Count]]:
        """The journal's end and what had been counted by then, from the first to the last day (see figures/days.py).

        Without a `version`: of all versions. What was counted at steps is told for all of the days together, as of day
        0.
        """

    def figure_totals(
        self, figures: tuple[str, ...], first_day: int, last_day: int
    ) -> list[tuple[str, int, str, int]]:
        """(scenario, day, figure, times) of whole scenarios, not of their steps."""

    def behind_figure(
        self,
        scenario: str,
        figure: str,
        *,
        step: str | None,
        branch: str | None,
        version: str,
        since: int,
        until: int,
        before: tuple[int, int, int] | None,
        limit: int,
    ) -> list[Behind]:
        """Newest first, `since <= at < until` (0: without that bound), behind (at, seq, part). None and "": any."""

    def count_anew(self, count: Callable[[Entry], list[Fact]], name: str, text: str) -> int:
        """Forget what was counted, and count the whole journal; how many facts it was. In the same transaction the desk
        remembers `text` under `name`."""

    # --- what the API lists ----------------------------------------------------------------------

    def entries(self, after: int, limit: int) -> list[Entry]:
        """Entries with `seq > after`, rising."""

    def encoded_entries(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """(seq, JSON of the entry) with `seq > after`, rising: a backlog that is sent on as it lies there."""

    def dialog_page(
        self, *, status: str, assignee: str | None, tag: str, visitor: str, cursor: str, limit: int
    ) -> tuple[list[DialogSummary], str, int]:
        """Newest first by last_at: (dialogs, next cursor, total). `assignee` None: any; "": nobody.

        `status` "active" is open and snoozed together, "" any.
        """

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]:
        """A dialog's (or visitor's) feed: the newest `limit` entries with `seq < before` (0: the end), oldest first."""

    def visitor_events(self, visitor: str, before: int, limit: int) -> list[Entry]: ...

    def visitor_messages(
        self, visitor: str, after: int, limit: int, *, deleted: bool = False
    ) -> list[Message]:
        """Without notes, oldest first, `seq > after`; of more than `limit`, the newest. `deleted`: also those that were
        taken away."""

    def visitor_dialogs(self, visitor: str) -> list[str]:
        """His dialogs' ids, the newest first by the moment when they were opened."""

    def merged(self, visitor: str) -> list[str]:
        """Ids of the visitors who became this one, directly or through another."""

    def find_messages(self, query: str, limit: int) -> list[FoundMessage]:
        """The newest messages that hold all words of the query, one a dialog; of its last word the beginning is enough.

        Any text is a valid query. Within 50 ms over a million messages.
        """

    def find_visitors(
        self,
        query: str,
        *,
        segment: str = "",
        blocked: bool = False,
        cursor: str = "",
        limit: int,
        counted: bool = True,
    ) -> tuple[list[VisitorRow], str, int]:
        """(visitors, next cursor, total): name, email, phone or user id hold all words; who was here last is first.

        Without `counted` the total of many is not worked out, and is 0.
        """

    def dialogs_tagged(self, query: str, limit: int) -> list[DialogSummary]:
        """Dialogs with a tag that holds all words of the query, the newest first."""

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
        """Newest first; `before` is the id of a row: those behind it. What is empty is not asked for."""

    def outbox_rows(self, ids: list[str]) -> dict[str, OutboxRow]: ...

    def outbox_due(self, channels: tuple[str, ...], now: int, limit: int) -> list[OutboxRow]:
        """Rows of these channels that wait and may be sent at `now` (ms), the earliest first."""

    def outbox_next(self, channels: tuple[str, ...]) -> int:
        """When the first of the rows that wait is due; 0 where none waits."""

    def counts(self) -> dict[str, Any]:
        """For /metrics and doctor: rows by table, bytes of the file."""
