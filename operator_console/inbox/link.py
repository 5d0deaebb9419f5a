"""Keeps the mirror up to date: snapshot, then the stream, then again where the server says so.

Runs as one worker. What comes in changes the mirror at once; what that changed is gathered until the screen
asks for it, 15 times a second, so that a thousand entries a second cost as much painting as fifteen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from operator_console.errors import DeskError, Refused
from operator_console.inbox.desk import Desk
from operator_console.live import Backoff, Connected, Lost
from operator_console.mirror import Changes, Mirror
from server_stub.protocol import (
    CaughtUp,
    Entries,
    FiguresChanged,
    Lookers,
    StartOver,
    Typing,
    VisitorPresence,
)

PAGE = 500
"""Dialogs a page of the snapshot."""


@dataclass(frozen=True, slots=True)
class LinkState:
    """How things stand. `retry_in` is in seconds; `reason` may quote the server and is raw."""

    kind: Literal["loading", "live", "catching_up", "lost", "ended"]
    reason: str = ""
    retry_in: float = 0.0


class Link:
    """One console's connection. `on_state` and `on_typing` are called on the event loop and must not
    block.
    """

    def __init__(
        self,
        desk: Desk,
        mirror: Mirror,
        *,
        on_state: Callable[[LinkState], None],
        on_typing: Callable[[Typing], None],
        on_loaded: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._mirror = mirror
        self._on_state = on_state
        self._on_typing = on_typing
        self._on_loaded = on_loaded
        self._changes = Changes()
        self.snapshots = 0
        """How many snapshots have been taken: each is a new beginning for what is shown."""
        self._more: asyncio.Task[None] | None = None
        self._try_now = asyncio.Event()

    def changes(self) -> Changes:
        """What has changed since the last call."""
        gathered, self._changes = self._changes, Changes()
        return gathered

    def try_now(self) -> None:
        """Do not wait for the next try."""
        self._try_now.set()
        self._desk.try_now()

    async def run(self) -> None:
        """Load and follow until the worker is cancelled, or the server says that trying again is no use."""
        backoff = Backoff()
        try:
            while True:
                try:
                    self._on_state(LinkState("loading"))
                    await self._load()
                    backoff.reset()
                    await self._follow()
                except Refused as error:
                    self._on_state(LinkState("ended", error.message))
                    return
                except DeskError as error:
                    delay = backoff.next()
                    self._on_state(LinkState("lost", error.message, delay))
                    await self.pause(delay)
        finally:
            if self._more is not None:
                self._more.cancel()

    async def pause(self, delay: float) -> None:
        """Wait `delay` seconds, or until `try_now`."""
        self._try_now.clear()
        try:
            await asyncio.wait_for(self._try_now.wait(), delay)
        except TimeoutError:
            return

    async def _load(self) -> None:
        """The newest page of open and snoozed dialogs now, the rest while one already works with it."""
        if self._more is not None:
            self._more.cancel()
        first = await self._desk.dialogs(status="active", limit=PAGE)
        operators = await self._desk.operators()
        scenarios = await self._desk.scenarios()
        presets = await self._desk.presets()
        self._mirror.start_over()
        self._changes.add(self._mirror.load(first, more=True))
        self._mirror.load_operators(operators)
        self._mirror.load_presets(presets)
        self._mirror.load_scenarios(scenarios)
        self._changes.operators = self._changes.scenarios = self._changes.presets = True
        self.snapshots += 1
        self._more = asyncio.create_task(self._load_rest(first.cursor), name="rest of the snapshot")

    async def _load_rest(self, cursor: str) -> None:
        """The other pages: open and snoozed dialogs, then closed ones. A broken connection is waited out."""
        status = "active" if cursor else "closed"
        backoff = Backoff()
        while True:
            try:
                page = await self._desk.dialogs(status=status, cursor=cursor, limit=PAGE)
            except DeskError:
                # The stream reports the same break; here it only costs time.
                await asyncio.sleep(backoff.next())
                continue
            backoff.reset()
            cursor = page.cursor
            is_last = not cursor and status == "closed"
            self._changes.add(self._mirror.load(page, more=not is_last))
            if is_last:
                self._on_loaded()
                return
            if not cursor:
                status = "closed"
            await asyncio.sleep(0)

    async def _follow(self) -> None:
        """The stream, until the server asks to start over."""
        async for event in self._desk.stream(self._mirror.seq):
            if isinstance(event, Entries):
                await self._take(event)
            elif isinstance(event, VisitorPresence):
                self._changes.visitors.add(event.visitor)
                self._changes.dialogs |= self._mirror.presence(event.visitor, event.online)
            elif isinstance(event, Lookers):
                self._mirror.looked_at(event)
                self._changes.dialogs.add(event.dialog)
            elif isinstance(event, FiguresChanged):
                self._mirror.figures_changed(event)
                self._changes.figures = True
            elif isinstance(event, Typing):
                self._on_typing(event)
            elif isinstance(event, Lost):
                self._on_state(LinkState("lost", event.reason, event.retry_in))
            elif isinstance(event, Connected):
                # Who looks at what is told anew.
                self._mirror.lookers.clear()
                self._on_state(LinkState("catching_up"))
            elif isinstance(event, CaughtUp):
                self._on_state(LinkState("live"))
            elif isinstance(event, StartOver):
                return

    async def _take(self, entries: Entries) -> None:
        changes = self._mirror.reduce_all(entries.entries)
        self._changes.add(changes)
        for visitor in changes.unsure:
            page = await self._desk.dialogs(visitor=visitor)
            self._changes.add(self._mirror.correct(page.dialogs))
