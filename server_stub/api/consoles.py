"""Connected consoles: every commit to each of them, without gap or double, and what is not kept beside it.

Entries leave as they were encoded for the store; a commit is joined once for all consoles.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

import msgspec

from server_stub.api.lookers import Looks
from server_stub.api.private_entries import Readable, any_private
from server_stub.api.sockets import GOING_AWAY, TRY_AGAIN_LATER, UNAUTHORIZED, Outlet
from server_stub.protocol import (
    Author,
    CaughtUp,
    Entry,
    FiguresChanged,
    Lookers,
    StreamFrame,
    Typing,
    VisitorPresence,
)

OPERATOR_GRACE = 3.0
"""Seconds after an operator's last console until he counts as gone: consoles reconnect in less."""

_encode = msgspec.json.Encoder().encode


class Commit(Protocol):
    """What the desk publishes: entries in rising order, and each of them as JSON."""

    @property
    def entries(self) -> Sequence[Entry]: ...

    @property
    def encoded(self) -> Sequence[bytes]: ...


class Console:
    """One console. Until it is live, commits are kept for it; from then on they go out as they come."""

    def __init__(self, operator: str, outlet: Outlet, held_limit: int) -> None:
        self.operator = operator
        self.outlet = outlet
        self.sent = 0
        """The last seq that is on its way."""
        self._held: list[Commit] | None = []
        self._room = held_limit

    @property
    def is_live(self) -> bool:
        return self._held is None

    def give(self, commit: Commit, body: bytes) -> None:
        """`body` is the whole commit, joined."""
        if self._held is None:
            self._send(commit, body)
            return
        self._room -= len(body)
        self._held.append(commit)
        if self._room < 0:
            self.outlet.close(TRY_AGAIN_LATER, "Too much happened during the backlog; resume.")
            self._held.clear()

    def go_live(self, sent: int) -> None:
        """The backlog up to `sent` is out: go on behind it."""
        self.sent = sent
        held, self._held = self._held or [], None
        for commit in held:
            self._send(commit, b",".join(commit.encoded))

    def _send(self, commit: Commit, body: bytes) -> None:
        first, last = commit.entries[0].seq, commit.entries[-1].seq
        if last <= self.sent:
            return
        if first > self.sent + 1:
            self.outlet.close(TRY_AGAIN_LATER, "Entries are missing here; resume.")
            return
        if first <= self.sent:
            body = b",".join(commit.encoded[self.sent + 1 - first :])
        self.sent = last
        self.outlet.put_entries(body)


class Consoles:
    """All consoles. `on_presence(operator, online)` hears of an operator's first and last console."""

    def __init__(
        self,
        on_presence: Callable[[str, bool], Coroutine[Any, Any, None]],
        *,
        grace: float = OPERATOR_GRACE,
    ) -> None:
        self._on_presence = on_presence
        self._grace = grace
        self._consoles: set[Console] = set()
        self._count: Counter[str] = Counter()
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._looks: Looks[Console] = Looks(lambda console: console.operator, self._tell_live)
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._consoles)

    def is_online(self, operator: str) -> bool:
        return self._count[operator] > 0 or operator in self._leaving

    def add(self, console: Console) -> None:
        self._consoles.add(console)
        self._count[console.operator] += 1
        leaving = self._leaving.pop(console.operator, None)
        if leaving is not None:
            leaving.cancel()
        elif self._count[console.operator] == 1:
            self._tell(console.operator, True)

    def remove(self, console: Console) -> None:
        if console not in self._consoles:
            return
        self._consoles.discard(console)
        self._looks.looks(console, "")
        operator = console.operator
        self._count[operator] -= 1
        if not self._count[operator]:
            loop = asyncio.get_running_loop()
            self._leaving[operator] = loop.call_later(self._grace, self._left, operator)

    def sign_out(self, operator: str) -> None:
        """His token is no longer good."""
        for console in tuple(self._consoles):
            if console.operator == operator:
                console.outlet.close(UNAUTHORIZED, "You have been removed from this desk.")

    async def close_all(self) -> None:
        """The server stops. Who is online now is so no longer, and that is written, too."""
        for handle in self._leaving.values():
            handle.cancel()
        for operator in {*self._leaving, *(+self._count)}:
            self._tell(operator, False)
        self._leaving.clear()
        self._count.clear()
        for console in tuple(self._consoles):
            console.outlet.close(GOING_AWAY, "The server restarts.")
            self._looks.looks(console, "")
        self._consoles.clear()
        await asyncio.gather(*self._tasks)

    # --- What goes to the consoles ----------------------------------------------------------------

    def publish(self, commit: Commit) -> None:
        if not self._consoles or not commit.entries:
            return
        if any_private(commit.entries):
            for console in self._consoles:
                own = Readable(console.operator, commit.entries, commit.encoded)
                console.give(own, b",".join(own.encoded))
            return
        body = b",".join(commit.encoded)
        for console in self._consoles:
            console.give(commit, body)

    def typing(self, dialog: str, who: Author, text: str = "", but: Console | None = None) -> None:
        """Somebody is typing in the dialog; the console he types at need not be told."""
        self._tell_live(Typing(dialog, who, text), but)

    def presence(self, visitor: str, online: bool) -> None:
        self._tell_live(VisitorPresence(visitor, online))

    def looks(self, console: Console, dialog: str) -> None:
        """The console shows that dialog from now on; empty: none."""
        if console in self._consoles:
            self._looks.looks(console, dialog)

    def lookers(self) -> list[Lookers]:
        """Who looks at which dialog, for a console that has just come."""
        return self._looks.all()

    def _tell_live(self, frame: StreamFrame, but: Console | None = None) -> None:
        encoded = _encode(frame)
        for console in self._consoles:
            if console.is_live and console is not but:
                console.outlet.put(encoded)

    # --- Who is here ----------------------------------------------------------------

    def _left(self, operator: str) -> None:
        del self._leaving[operator]
        self._tell(operator, False)

    def _tell(self, operator: str, online: bool) -> None:
        task = asyncio.create_task(self._on_presence(operator, online))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def caught_up(seq: int) -> bytes:
    return _encode(CaughtUp(seq))


def tell_figures(console: Console, frame: FiguresChanged) -> None:
    """To the one console, in the order of what else it is sent."""
    console.outlet.put(_encode(frame))


def try_again(console: Console) -> None:
    """What it asked for cannot be had just now: let it come back."""
    console.outlet.close(TRY_AGAIN_LATER, "The figures cannot be read; resume.")
