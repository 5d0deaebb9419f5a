"""What an operator has sent, until the server has it: each message goes out once, in the order of its dialog.

A message gets its `client_id` when the operator sends it and keeps it over every repeat, so that a repeat of
what did arrive is the same message. It lies in a small file of its own until it is answered: a crash loses
nothing, and two consoles on one machine do not overwrite each other.
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

State: TypeAlias = Literal["pending", "sent", "refused"]
Send: TypeAlias = Callable[[str, SendMessage], Awaitable[Message]]

_TRY_AGAIN = (408, 425, 429)
"""Statuses of 4xx that mean "later", not "no"."""


class OutgoingMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message on its way. `at` is ms since the epoch; `problem` says why it was refused."""

    client_id: str
    dialog: str
    text: str
    at: int
    note: bool = False
    files: tuple[str, ...] = ()
    state: State = "pending"
    problem: Problem | None = None
    attempts: int = 0


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
        self._count = 0
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
        self.set_aside = tuple(aside)
        for item in self._items.values():
            self._see_to(item.dialog)
        return tuple(self._items.values())

    def add(
        self, dialog: str, text: str, *, note: bool = False, files: tuple[str, ...] = ()
    ) -> OutgoingMessage:
        """Queue a message. It is on disk when this returns.

        Raises OSError, and queues nothing, where it cannot be written.
        """
        self._count += 1
        client_id = f"{self._clock():013d}-{self._count:04d}-{uuid.uuid4().hex}"
        item = OutgoingMessage(client_id, dialog, text, self._clock(), note, files)
        write_own(self._path(client_id), item)
        self._items[client_id] = item
        self._on_change(item, None)
        self._see_to(dialog)
        return item

    def waiting(self, dialog: str = "") -> tuple[OutgoingMessage, ...]:
        """What is pending or refused, in order; of one dialog or of all."""
        return tuple(item for item in self._items.values() if dialog in ("", item.dialog))

    def again(self, client_id: str) -> None:
        """Try a refused message once more."""
        item = self._items.get(client_id)
        if item is not None and item.state == "refused":
            self._set(msgspec.structs.replace(item, state="pending", problem=None))
            self._see_to(item.dialog)

    def take_back(self, client_id: str) -> OutgoingMessage | None:
        """Remove a message that surely has not arrived: refused, or never tried. Returns it, else None."""
        item = self._items.get(client_id)
        if item is None or (item.state == "pending" and item.attempts):
            return None
        self._forget(item)
        return item

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
                await self._attempt(item, backoff)
        finally:
            # No await since the last look: what is added from now on gets a new courier.
            self._couriers.pop(dialog, None)

    async def _attempt(self, item: OutgoingMessage, backoff: Backoff) -> None:
        item = msgspec.structs.replace(item, attempts=item.attempts + 1)
        self._items[item.client_id] = item
        try:
            body = SendMessage(client_id=item.client_id, text=item.text, note=item.note, files=item.files)
            message = await self._send(item.dialog, body)
        except DeskError as error:
            if _is_final(error):
                self._set(msgspec.structs.replace(item, state="refused", problem=error.problem))
            else:
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
        mine = (item for item in self._items.values() if item.dialog == dialog and item.state == "pending")
        return next(mine, None)

    def _set(self, item: OutgoingMessage) -> None:
        self._items[item.client_id] = item
        # Where this fails, the older file stays: one more try after a restart, with the same answer.
        with suppress(OSError):
            write_own(self._path(item.client_id), item)
        self._on_change(item, None)

    def _forget(self, item: OutgoingMessage) -> None:
        del self._items[item.client_id]
        with suppress(OSError):
            self._path(item.client_id).unlink(missing_ok=True)

    def _path(self, client_id: str) -> Path:
        return self._folder / f"{client_id}.json"


def _is_final(error: DeskError) -> bool:
    """Whether the server said no for good; without a token the message waits for the next sign-in."""
    return isinstance(error, Refused) and not isinstance(error, SignedOut) and error.status not in _TRY_AGAIN
