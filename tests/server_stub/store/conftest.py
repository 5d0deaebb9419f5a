"""Both stores, and small batches to put into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server_stub.ids import shard_of
from server_stub.protocol import (
    Author,
    DialogOpened,
    DialogSummary,
    Entry,
    EntryBody,
    EventHappened,
    Message,
    MessageSent,
)
from server_stub.store.base import Batch, IdentityRow, Store, VisitorRow
from server_stub.store.memory import MemoryStore
from server_stub.store.sqlite import SqliteStore


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Any second store runs the same tests: add its name here."""
    opened: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "desk.db", log_bytes=0)
    )
    yield opened
    opened.close()


class Writer:
    """Commits small batches with rising numbers, as the desk would."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.batch = Batch()

    @property
    def next_seq(self) -> int:
        return self.store.last_seq() + len(self.batch.entries) + 1

    def entry(self, what: EntryBody, visitor: str = "", dialog: str = "", at: int = 1000) -> Entry:
        entry = Entry(self.next_seq, at, what, visitor, dialog)
        self.batch.entries.append(entry)
        return entry

    def visitor(self, visitor: str, **more: object) -> None:
        self.batch.visitors[visitor] = VisitorRow(visitor, shard_of(visitor), b'{"id":"x"}', **more)

    def identity(self, kind: str, value: str, visitor: str) -> None:
        self.batch.identities[(kind, value)] = IdentityRow(kind, value, visitor)

    def dialog(self, dialog: str, visitor: str, **more: object) -> DialogSummary:
        fields = {"opened_at": 1000, "last_at": 1000, **more}
        seq = self.entry(DialogOpened(Author("system"), "bot"), visitor, dialog).seq
        summary = DialogSummary(dialog, visitor, seq, **fields)
        self.batch.dialogs[dialog] = summary
        return summary

    def message(self, message: str, dialog: str, visitor: str, text: str = "hi", **more: object) -> Message:
        author = more.pop("author", Author("visitor", visitor))
        value = Message(message, dialog, visitor, author, 1000, seq=self.next_seq, text=text, **more)
        self.entry(MessageSent(value), visitor, dialog)
        self.batch.messages[message] = value
        return value

    def event(self, visitor: str, name: str = "Page Viewed") -> Entry:
        return self.entry(EventHappened(name, {"path": "/"}), visitor)

    def commit(self) -> Batch:
        batch, self.batch = self.batch, Batch()
        self.store.commit(batch)
        return batch


@pytest.fixture
def write(store: Store) -> Writer:
    return Writer(store)


@pytest.fixture
def make_writer() -> Callable[[Store], Writer]:
    return Writer
