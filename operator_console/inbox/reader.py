"""The feeds that have been read lately: loaded once, kept up to date by the stream, there at once when one
comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from operator_console.inbox.desk import Desk
from operator_console.inbox.feed import Feed, FeedChange
from server_stub.protocol import Entry

FEEDS_KEPT = 24
PAGE = 100
"""Entries a page: some screens of a conversation."""


class Reader:
    """Loads feeds of one desk. Every coroutine may raise a `DeskError`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._feeds: dict[str, Feed] = {}
        self._early: dict[str, list[Entry]] = {}
        self._older: set[str] = set()

    def kept(self, dialog: str, visitor: str = "") -> Feed | None:
        """The feed, where it is here already."""
        return self._feeds.get(_key(dialog, visitor))

    async def load(self, dialog: str, visitor: str = "", *, open_one: str = "") -> Feed:
        """The newest page of a dialog, or of all dialogs of `visitor`. `open_one`: in which messages may wait."""
        key = _key(dialog, visitor)
        # What the stream brings while the page is under way belongs behind it.
        early = self._early[key] = []
        feed = Feed(dialog, visitor)
        try:
            asked = (
                self._desk.visitor_feed(visitor, limit=PAGE)
                if visitor
                else self._desk.feed(dialog, limit=PAGE)
            )
            page, scheduled = await asyncio.gather(asked, self._desk.scheduled(dialog or open_one))
        finally:
            self._early.pop(key, None)
        feed.prepend(page.entries, more=page.more)
        feed.set_scheduled(scheduled)
        feed.append(entry for entry in early if entry.seq > page.seq)
        self._feeds.pop(key, None)
        self._feeds[key] = feed
        while len(self._feeds) > FEEDS_KEPT:
            del self._feeds[next(iter(self._feeds))]
        return feed

    async def older(self, feed: Feed, *, limit: int = PAGE) -> FeedChange:
        """One page more, above. While one is under way another changes nothing."""
        key = _key(feed.dialog, feed.visitor)
        if not feed.more or key in self._older:
            return FeedChange()
        self._older.add(key)
        try:
            if feed.visitor:
                page = await self._desk.visitor_feed(feed.visitor, before=feed.first_seq, limit=limit)
            else:
                page = await self._desk.feed(feed.dialog, before=feed.first_seq, limit=limit)
        finally:
            self._older.discard(key)
        return feed.prepend(page.entries, more=page.more)

    def take(self, entries: Iterable[Entry], shown: Feed | None) -> FeedChange:
        """Give entries to the feeds that they belong to; returns what changed of the one that is shown."""
        fresh: dict[str, list[Entry]] = {}
        for entry in entries:
            for key in (_key(entry.dialog, ""), _key("", entry.visitor)):
                if key in self._early:
                    self._early[key].append(entry)
                if key in self._feeds:
                    fresh.setdefault(key, []).append(entry)
        change = FeedChange()
        for key, its in fresh.items():
            feed = self._feeds[key]
            made = feed.append(its)
            if feed is shown:
                change = made
        return change

    def forget_these(self, dialogs: Iterable[str], visitors: Iterable[str]) -> None:
        """What they hold has come to lie elsewhere."""
        for key in (*(_key(dialog, "") for dialog in dialogs), *(_key("", visitor) for visitor in visitors)):
            self._feeds.pop(key, None)

    def forget(self) -> None:
        """After a new snapshot nothing that is kept can be trusted to be complete."""
        self._feeds.clear()


def _key(dialog: str, visitor: str) -> str:
    return f"visitor {visitor}" if visitor else f"dialog {dialog}"
