"""The journal as it grows: one WebSocket that comes back by itself and never shows an entry twice.

The stream yields what the server sends, and `Connected` and `Lost` between, so that a screen can say how
things stand. After a break it goes on behind the last entry it has seen.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from operator_console.errors import Refused, SignedOut
from operator_console.server_words import from_server
from operator_console.translation import _
from server_stub.protocol import (
    CaughtUp,
    Entries,
    FiguresChanged,
    Lookers,
    Looking,
    Problem,
    StartOver,
    StreamFrame,
    Typing,
    VisitorPresence,
    Watching,
)

MAX_FRAME_BYTES = 64 * 1024 * 1024
"""A backlog of a weekend comes in large frames; this only stops a runaway server."""

_decode_frame = msgspec.json.Decoder(StreamFrame).decode
_decode_problem = msgspec.json.Decoder(Problem).decode


@dataclass(frozen=True, slots=True)
class Connected:
    """The stream is open: what was missed comes next, then `CaughtUp`."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The stream broke, or could not be opened. The next try is in `retry_in` seconds."""

    reason: str
    retry_in: float


StreamEvent: TypeAlias = (
    Connected | Lost | Entries | CaughtUp | StartOver | Typing | VisitorPresence | Lookers | FiguresChanged
)


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next try, in seconds: doubling from `first` to `cap`, with jitter.

    The jitter spreads the consoles of a shop whose server has just come back.
    """

    first: float = 0.25
    cap: float = 10.0
    jitter: random.Random = field(default_factory=random.Random)
    tries: int = 0

    def next(self) -> float:
        """Return the next delay: between half of the doubled one and all of it."""
        whole: float = min(self.cap, self.first * 2 ** min(self.tries, 30))
        self.tries += 1
        return whole * (0.5 + self.jitter.random() / 2)

    def reset(self) -> None:
        """Start from the shortest delay again: the server has answered."""
        self.tries = 0


class LiveStream:
    """One console's stream from `url` (ws or wss, without query). Iterate with `events`.

    `ping_every` and `silence_after` are seconds. A link without any frame for `silence_after` counts as
    dead: the server says `CaughtUp` every 15 s when nothing else happens.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        backoff: Backoff,
        ping_every: float,
        silence_after: float,
        is_near: bool,
    ) -> None:
        self._url = url
        self._token = token
        self._backoff = backoff
        self._ping_every = ping_every
        self._silence_after = silence_after
        self._is_near = is_near
        self._socket: ClientConnection | None = None
        self._try_now = asyncio.Event()
        self._looking = ""
        self._watching = Watching()

    async def events(self, after: int) -> AsyncIterator[StreamEvent]:
        """Yield the stream behind entry `after`, for as long as it is read, over any number of connections.

        Ends after `StartOver`: load a snapshot and begin a new stream after its seq. Raises `SignedOut` or
        `Refused` where trying again is no use.
        """
        seen = after
        while True:
            try:
                async with self._connection(seen) as socket:
                    self._socket = socket
                    if self._looking:
                        await socket.send(msgspec.json.encode(Looking(self._looking)).decode())
                    if self._watching.scenario:
                        await socket.send(msgspec.json.encode(self._watching).decode())
                    yield Connected()
                    while True:
                        frame = await self._receive(socket)
                        self._backoff.reset()
                        if isinstance(frame, Entries):
                            frame, seen = _only_new(frame, seen)
                            if not frame.entries:
                                continue
                        yield frame
                        if isinstance(frame, StartOver):
                            return
            except InvalidStatus as refusal:
                reason = _refusal(refusal)
            except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake, msgspec.DecodeError) as error:
                reason = _reason(error)
            finally:
                self._socket = None
            delay = self._backoff.next()
            yield Lost(reason, delay)
            await self._pause(delay)

    def try_now(self) -> None:
        """Cut the wait before the next try short: the person at the keyboard asked for it."""
        self._try_now.set()

    async def say_typing(self, dialog: str) -> None:
        """Tell the visitor that somebody is writing. Without a connection it is not worth keeping."""
        if self._socket is None:
            return
        try:
            await self._socket.send(msgspec.json.encode(Typing(dialog=dialog)).decode())
        except ConnectionClosed:
            return  # `events` notices the same break and reports it

    async def say_looking(self, dialog: str) -> None:
        """Tell which dialog this console shows (empty: none), now and after each reconnection."""
        self._looking = dialog
        if self._socket is not None:
            with suppress(ConnectionClosed):  # `events` notices the same break and reports it
                await self._socket.send(msgspec.json.encode(Looking(dialog)).decode())

    async def say_watching(self, watching: Watching) -> None:
        """Tell whose figures this console shows, now and after each reconnection."""
        self._watching = watching
        if self._socket is not None:
            with suppress(ConnectionClosed):  # `events` notices the same break and reports it
                await self._socket.send(msgspec.json.encode(watching).decode())

    async def close(self) -> None:
        """Close the open connection, if any."""
        if self._socket is not None:
            await self._socket.close()

    def _connection(self, seen: int) -> connect:
        # On this machine a proxy from the environment would be a detour, and compressing costs more
        # than it saves.
        return connect(
            f"{self._url}?after={seen}",
            additional_headers={"Authorization": f"Bearer {self._token}"},
            ping_interval=self._ping_every,
            ping_timeout=self._ping_every,
            close_timeout=1,
            open_timeout=10,
            max_size=MAX_FRAME_BYTES,
            compression=None if self._is_near else "deflate",
            proxy=None if self._is_near else True,
        )

    async def _receive(self, socket: ClientConnection) -> StreamFrame:
        async with asyncio.timeout(self._silence_after):
            frame: StreamFrame = _decode_frame(await socket.recv())
        return frame

    async def _pause(self, delay: float) -> None:
        self._try_now.clear()
        try:
            await asyncio.wait_for(self._try_now.wait(), delay)
        except TimeoutError:
            return


def _only_new(frame: Entries, seen: int) -> tuple[Entries, int]:
    """Return the frame without the entries up to `seen`, and the last seq seen now."""
    entries = frame.entries
    if entries and entries[0].seq <= seen:
        entries = tuple(entry for entry in entries if entry.seq > seen)
        frame = Entries(entries)
    return frame, entries[-1].seq if entries else seen


def _refusal(error: InvalidStatus) -> str:
    """Return why the handshake failed; raise where the same handshake would fail again."""
    status = error.response.status_code
    try:
        problem = _decode_problem(error.response.body or b"")
    except msgspec.DecodeError:
        problem = Problem(
            "refused", _("The server refused the stream with status {status}.").format(status=status)
        )
    if status == 401:
        raise SignedOut(problem, status) from error
    if 400 <= status < 500 and status not in (408, 429):
        raise Refused(problem, status) from error
    return from_server(problem.detail)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return _("The server has gone quiet.")
    if isinstance(error, ConnectionClosed):
        return _("The connection was closed.")
    if isinstance(error, msgspec.DecodeError):
        return _("The server sent something unreadable.")
    if isinstance(error, OSError):
        return _("The server cannot be reached.")
    return _("The server did not accept the connection.")
