"""All that is known of a person, in one document, for him to have (GDPR, article 15 and 20).

It holds what an operator's card shows, every message as it is now, and his part of the journal as it was written: each
event, step of a scenario and change with its moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from msgspec.structs import replace

from server_stub.protocol import (
    DialogSummary,
    Entry,
    EventHappened,
    FileRef,
    Message,
    MessageSent,
    OutboxItem,
    PopupEnded,
    PopupShown,
    RunProgress,
    VisitorCard,
    Wire,
)
from server_stub.store.base import OutboxRow

_PAGE = 1000
"""Entries and rows that are read at a time."""


class VisitorExport(Wire, frozen=True):
    """GET /api/visitors/{id}/export. Times are ms since the epoch; notes of operators are among `card` and `messages`.

    `files` can be fetched by their `url`, which begins with the desk's address. `changes` is all of the journal that is
    neither an event, nor a scenario's step, nor a message.
    """

    made_at: int
    site: str
    card: VisitorCard
    ids: tuple[tuple[str, str], ...] = ()
    """By what he is recognised: ("user", the shop's id of him) and ("anonymous", that of a browser)."""
    dialogs: tuple[DialogSummary, ...] = ()
    messages: tuple[Message, ...] = ()
    files: tuple[FileRef, ...] = ()
    letters: tuple[OutboxItem, ...] = ()
    """What was planned or sent to him beside the chat, with its content."""
    events: tuple[Entry, ...] = ()
    scenarios: tuple[Entry, ...] = ()
    changes: tuple[Entry, ...] = ()


class Readable(Protocol):
    """What of the store is read here."""

    def identities_of(self, visitor: str) -> list[tuple[str, str]]: ...

    def dialogs(self, ids: list[str]) -> dict[str, DialogSummary]: ...

    def feed(self, *, dialog: str = "", visitor: str = "", before: int, limit: int) -> list[Entry]: ...

    def journal_of(self, visitors: list[str]) -> list[Entry]: ...

    def outbox(self, limit: int, *, visitor: str = "", before: str = "") -> list[OutboxItem]: ...

    def outbox_rows(self, ids: list[str]) -> dict[str, OutboxRow]: ...


def export_of(store: Readable, card: VisitorCard, *, site: str, desk_url: str, now: int) -> VisitorExport:
    """`card` is his. Reads all of him: run it in a thread. Raises StoreError."""
    journal = store.journal_of([card.id, *card.merged])
    summaries = store.dialogs(list(card.dialogs))
    messages = tuple(_messages(store, card.id, desk_url))
    return VisitorExport(
        made_at=now,
        site=site,
        card=card,
        ids=tuple(store.identities_of(card.id)),
        dialogs=tuple(summaries[dialog] for dialog in card.dialogs if dialog in summaries),
        messages=messages,
        files=tuple({ref.id: ref for message in messages for ref in message.files}.values()),
        letters=tuple(_letters(store, [card.id, *card.merged])),
        events=tuple(_of(journal, EventHappened)),
        scenarios=tuple(_of(journal, RunProgress | PopupShown | PopupEnded)),
        changes=tuple(
            entry
            for entry in journal
            if not isinstance(entry.what, EventHappened | RunProgress | PopupShown | PopupEnded | MessageSent)
        ),
    )


def _of(journal: Iterable[Entry], kinds: Any) -> Iterator[Entry]:
    return (entry for entry in journal if isinstance(entry.what, kinds))


def _messages(store: Readable, visitor: str, desk_url: str) -> list[Message]:
    """Of all his dialogs, oldest first, with links that work from anywhere."""
    messages: list[Message] = []
    before = 0
    while True:
        page = store.feed(visitor=visitor, before=before, limit=_PAGE)
        messages[:0] = [
            _reachable(entry.what.message, desk_url) for entry in page if isinstance(entry.what, MessageSent)
        ]
        if len(page) < _PAGE:
            return messages
        before = page[0].seq


def _reachable(message: Message, desk_url: str) -> Message:
    files = tuple(
        replace(ref, url=desk_url + ref.url) if ref.url.startswith("/") else ref for ref in message.files
    )
    return replace(message, files=files) if files else message


def _letters(store: Readable, visitors: list[str]) -> Iterator[OutboxItem]:
    """Oldest first, each with its content."""
    items: list[OutboxItem] = []
    for visitor in visitors:
        before = ""
        while page := store.outbox(_PAGE, visitor=visitor, before=before):
            items += page
            before = page[-1].id
    items.sort(key=lambda item: (item.at, item.id))
    for begin in range(0, len(items), _PAGE):
        chunk = items[begin : begin + _PAGE]
        rows = store.outbox_rows([item.id for item in chunk])
        yield from (rows[item.id].item for item in chunk if item.id in rows)
