"""What an operator has sent, until the server has it: each message goes out once, in the order of its dialog.

A message gets its `client_id` when the operator sends it and keeps it over every repeat, so that a repeat of
what did arrive is the same message. It lies in a small file of its own until it is answered: a crash loses
nothing, and two consoles on one machine do not overwrite each other.

It may be held for some seconds first, in which its author can take it back. What is written behind it in the same
dialog waits with it, for the order of a dialog is that in which its messages were written.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from operator_console.errors import DeskError, Refused, SignedOut
from operator_console.live import Backoff
from operator_console.own_files import read_own, write_own
from server_stub.protocol import Message, Problem, SendMessage

State: TypeAlias = Literal["held", "pending", "sent", "refused"]
Send: TypeAlias = Callable[[str, SendMessage], Awaitable[Message]]

OVERTAKEN = "overtaken"
"""The error of a refusal because a colleague has answered in between."""
LONGEST_HOLD = 60_000
"""In ms: what an earlier console held is kept no longer, whatever the clock has done since."""

_TRY_AGAIN = (408, 425, 429)
"""Statuses of 4xx that mean "later", not "no"."""


class OutgoingMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message on its way. Times are ms since the epoch; `problem` says why it was refused.

    `mentions`, `send_at` and `read_up_to` are those of `SendMessage`.
    """

    client_id: str
    dialog: str
    text: str
    at: int
    note: bool = False
    files: tuple[str, ...] = ()
    state: State = "pending"
    problem: Problem | None = None
    attempts: int = 0
    mentions: tuple[str, ...] = ()
    send_at: int = 0
    read_up_to: int = 0
    held_until: int = 0

    @property
    def was_overtaken(self) -> bool:
        """Whether it was refused since a colleague had answered the visitor in between."""
        return self.problem is not None and self.problem.error == OVERTAKEN

    def body(self) -> SendMessage:
        """What the server is sent."""
        return SendMessage(
            client_id=self.client_id,
            text=self.text,
            note=self.note,
            files=self.files,
            mentions=self.mentions,
            send_at=self.send_at,
            read_up_to=self.read_up_to,
        )


Changed: TypeAlias = Callable[[OutgoingMessage, Message | None], None]
"""Called at each change of state, on the event loop; with the server's message once it is sent."""


class Outgoing:
    """The queue of one operator at one server, kept in `folder`. Use from one event loop.

    `send` makes one attempt (`DeskClient.send`); `clock` returns ms since the epoch.
    """

    def __init__(
        self,
        send: Send,
        folder: Path,
        *,
        clock: Callable[[], int],
        on_change: Changed,
        backoff: Callable[[], Backoff] = Backoff,
    ) -> None:
        self._send = send
        self._folder = folder
        self._clock = clock
        self._on_change = on_change
        self._make_backoff = backoff
        self._items: dict[str, OutgoingMessage] = {}
        self._couriers: dict[str, asyncio.Task[None]] = {}
        self._connected = asyncio.Event()
        self._moved = asyncio.Event()
        """Set, and made anew, whenever something was tried, let go or taken back."""
        self._deadlines: dict[str, float] = {}
        """Of what is held: when it goes out, by the event loop's clock."""
        self._inherited: set[str] = set()
        """What an earlier console left, and was not tried by this one."""
        self._count = 0
        self._failures = 0
        self.set_aside: tuple[Path, ...] = ()
        """Files that could not be read at the start, under their new names."""

    def start(self) -> tuple[OutgoingMessage, ...]:
        """Take up what an earlier console left, and deliver it. Returns it, oldest first. Raises OSError."""
        aside: list[Path] = []
        for path in sorted(self._folder.glob("*.json")):
            kept = read_own(path, OutgoingMessage)
            if kept.set_aside is not None:
                aside.append(kept.set_aside)
            if kept.content is not None:
                # The other console may have got it through just before it ended.
                item = msgspec.structs.replace(kept.content, attempts=1)
                self._items[item.client_id] = item
                self._inherited.add(item.client_id)
                if item.state == "held":
                    self._hold(item, min(item.held_until - self._clock(), LONGEST_HOLD))
        self.set_aside = tuple(aside)
        for item in self._items.values():
            self._see_to(item.dialog)
        return tuple(self._items.values())

    def add(
        self,
        dialog: str,
        text: str,
        *,
        note: bool = False,
        files: tuple[str, ...] = (),
        mentions: tuple[str, ...] = (),
        send_at: int = 0,
        read_up_to: int = 0,
        hold: int = 0,
    ) -> OutgoingMessage:
        """Queue a message, which is held for `hold` ms first. It is on disk when this returns.

        Raises OSError, and queues nothing, where it cannot be written.
        """
        now = self._clock()
        item = OutgoingMessage(
            self._new_id(),
            dialog,
            text,
            now,
            note,
            files,
            "held" if hold > 0 else "pending",
            mentions=mentions,
            send_at=send_at,
            read_up_to=read_up_to,
            held_until=now + hold if hold > 0 else 0,
        )
        self._queue(item)
        return item

    def _new_id(self) -> str:
        self._count += 1
        return f"{self._clock():013d}-{self._count:04d}-{uuid.uuid4().hex}"

    def _queue(self, item: OutgoingMessage) -> None:
        write_own(self._path(item.client_id), item)
        self._items[item.client_id] = item
        if item.state == "held":
            self._hold(item, item.held_until - item.at)
        self._on_change(item, None)
        self._see_to(item.dialog)

    def waiting(self, dialog: str = "") -> tuple[OutgoingMessage, ...]:
        """What is held, pending or refused, in order; of one dialog or of all."""
        return tuple(item for item in self._items.values() if dialog in ("", item.dialog))

    def again(self, client_id: str) -> None:
        """Try a refused message once more."""
        item = self._items.get(client_id)
        if item is not None and item.state == "refused":
            self._set(msgspec.structs.replace(item, state="pending", problem=None))
            self._see_to(item.dialog)

    def send_anyway(self, client_id: str) -> OutgoingMessage | None:
        """Send a refused message as a new one, whoever has answered in between. Returns it, else None.

        Raises OSError, and leaves all as it is, where it cannot be written.
        """
        refused = self._items.get(client_id)
        if refused is None or refused.state != "refused":
            return None
        item = msgspec.structs.replace(
            refused,
            client_id=self._new_id(),
            at=self._clock(),
            state="pending",
            problem=None,
            attempts=0,
            read_up_to=0,
        )
        self._queue(item)
        self._forget(refused)
        return item

    def take_back(self, client_id: str) -> OutgoingMessage | None:
        """Remove a message that surely has not arrived: refused, or never tried. Returns it, else None."""
        item = self._items.get(client_id)
        if item is None or (item.state != "refused" and item.attempts):
            return None
        self._forget(item)
        self._tell_moved()
        return item

    def held(self, dialog: str = "") -> OutgoingMessage | None:
        """The newest message that is held and can be taken back; of one dialog or of all."""
        mine = [item for item in self.waiting(dialog) if item.state == "held" and not item.attempts]
        return mine[-1] if mine else None

    def release(self, dialog: str = "") -> bool:
        """Hold nothing any longer, in one dialog or in all. Says whether there was anything."""
        held = [item for item in self.waiting(dialog) if item.state == "held"]
        for item in held:
            self._let_out(item)
        self._tell_moved()
        return bool(held)

    async def let_go(self, dialog: str = "", timeout: float = 3.0) -> bool:
        """Send what is held now, and wait until nothing is on its way any more.

        False after `timeout` seconds, or as soon as the server does not answer.
        """
        self.release(dialog)
        self.wake()
        failures = self._failures
        try:
            async with asyncio.timeout(timeout):
                while any(item.state == "pending" for item in self.waiting(dialog)):
                    await self._moved.wait()
                    if self._failures != failures:
                        return False
        except TimeoutError:
            return False
        return True

    def wake(self) -> None:
        """Try again at once: the connection is back."""
        self._connected.set()
        self._connected = asyncio.Event()

    async def close(self) -> None:
        """Stop delivering; what is not answered stays on disk for the next console."""
        couriers = list(self._couriers.values())
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        self._couriers.clear()

    def _see_to(self, dialog: str) -> None:
        if dialog not in self._couriers:
            self._couriers[dialog] = asyncio.create_task(self._deliver(dialog), name=f"outgoing {dialog}")

    async def _deliver(self, dialog: str) -> None:
        """Send the dialog's messages one after the other until none is pending."""
        backoff = self._make_backoff()
        try:
            while (item := self._next(dialog)) is not None:
                if item.state == "held":
                    await self._wait_out(item)
                elif self._is_gone(item):
                    # Another console has sent it, or its author has taken it back there.
                    self._items.pop(item.client_id)
                    self._on_change(msgspec.structs.replace(item, state="sent"), None)
                else:
                    await self._attempt(item, backoff)
                self._tell_moved()
        finally:
            # No await since the last look: what is added from now on gets a new courier.
            self._couriers.pop(dialog, None)

    def _hold(self, item: OutgoingMessage, ms: int) -> None:
        self._deadlines[item.client_id] = asyncio.get_running_loop().time() + max(ms, 0) / 1000

    async def _wait_out(self, item: OutgoingMessage) -> None:
        """Wait until the message need not be held any more, or something has happened to it."""
        left = self._deadlines[item.client_id] - asyncio.get_running_loop().time()
        if left <= 0:
            self._let_out(item)
            return
        try:
            await asyncio.wait_for(self._moved.wait(), left)
        except TimeoutError:
            return  # the next look lets it out

    def _let_out(self, item: OutgoingMessage) -> None:
        self._deadlines.pop(item.client_id, None)
        released = msgspec.structs.replace(item, state="pending", held_until=0)
        if item.client_id in self._inherited:
            # Its file may be gone, since another console has seen to it: it is not to come back.
            self._items[item.client_id] = released
            self._on_change(released, None)
        else:
            self._set(released)

    def _is_gone(self, item: OutgoingMessage) -> bool:
        if item.client_id not in self._inherited:
            return False
        self._inherited.discard(item.client_id)
        return not self._path(item.client_id).exists()

    def _tell_moved(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _attempt(self, item: OutgoingMessage, backoff: Backoff) -> None:
        item = msgspec.structs.replace(item, attempts=item.attempts + 1)
        self._items[item.client_id] = item
        try:
            message = await self._send(item.dialog, item.body())
        except DeskError as error:
            if _is_final(error):
                self._set(msgspec.structs.replace(item, state="refused", problem=error.problem))
            else:
                self._failures += 1
                self._tell_moved()
                await self._pause(backoff.next())
        else:
            backoff.reset()
            self._forget(item)
            self._on_change(msgspec.structs.replace(item, state="sent"), message)

    async def _pause(self, delay: float) -> None:
        try:
            await asyncio.wait_for(self._connected.wait(), delay)
        except TimeoutError:
            return

    def _next(self, dialog: str) -> OutgoingMessage | None:
        mine = (item for item in self.waiting(dialog) if item.state in ("held", "pending"))
        return next(mine, None)

    def _set(self, item: OutgoingMessage) -> None:
        self._items[item.client_id] = item
        # Where this fails, the older file stays: one more try after a restart, with the same answer.
        with suppress(OSError):
            write_own(self._path(item.client_id), item)
        self._on_change(item, None)

    def _forget(self, item: OutgoingMessage) -> None:
        del self._items[item.client_id]
        self._deadlines.pop(item.client_id, None)
        with suppress(OSError):
            self._path(item.client_id).unlink(missing_ok=True)

    def _path(self, client_id: str) -> Path:
        return self._folder / f"{client_id}.json"


def _is_final(error: DeskError) -> bool:
    """Whether the server said no for good; without a token the message waits for the next sign-in."""
    return isinstance(error, Refused) and not isinstance(error, SignedOut) and error.status not in _TRY_AGAIN
