"""What both kinds of WebSocket share: a bounded way out that joins and never blocks the rest of the server.

Frames are put without waiting. A reader who is too slow is closed with 1013; clients resume where they were.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from server_stub.api.http import Receive, Scope, Send, problem_body
from server_stub.work import Rejected

TRY_AGAIN_LATER = 1013
GOING_AWAY = 1012
POLICY = 1008
UNAUTHORIZED = 4401

JOINED_BYTES = 256 * 1024
"""Entries that wait together leave in one frame of about this size at most."""

CLOSE_SECONDS = 2.0
"""How long a close frame may wait for a reader who does not read."""

ABORT = "desk.abort"
"""ASGI extension of our server: drops the connection without waiting for its buffers."""

_PREFIX = b'{"type":"entries","entries":['
_SUFFIX = b"]}"


def entries_frame(bodies: list[bytes]) -> bytes:
    """One `entries` frame out of comma-joined runs of encoded entries."""
    return _PREFIX + b",".join(bodies) + _SUFFIX


class Outlet:
    """Frames on their way to one socket, at most `limit` bytes of them.

    `idle` makes a frame whenever nothing was sent for `idle_seconds`.
    """

    def __init__(
        self,
        scope: Scope,
        send: Send,
        limit: int,
        *,
        idle: Callable[[], bytes] | None = None,
        idle_seconds: float = 15.0,
    ) -> None:
        self._send = send
        self._limit = limit
        self._idle = idle
        self._idle_seconds = idle_seconds
        self._abort: Callable[[], None] | None = scope.get("extensions", {}).get(ABORT)
        self._queue: deque[tuple[bool, bytes]] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._closing: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None
        self._end: asyncio.Task[None] | None = None

    @property
    def is_closing(self) -> bool:
        return self._closing is not None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def put(self, frame: bytes) -> None:
        """Queue a complete frame."""
        self._put(False, frame)

    def put_entries(self, body: bytes) -> None:
        """Queue comma-joined encoded entries; neighbours leave in one frame."""
        self._put(True, body)

    def close(self, code: int, reason: str = "") -> None:
        """Close once what is queued has been sent."""
        if self._closing is None:
            self._closing = (code, _short(reason))
            self._wake.set()

    async def finish(self) -> None:
        """The socket is done: stop sending. Call it when the handler ends."""
        for task in (self._task, self._end):
            if task is not None:
                task.cancel()
        await asyncio.gather(*(t for t in (self._task, self._end) if t is not None), return_exceptions=True)

    def _put(self, joins: bool, data: bytes) -> None:
        if self._closing is not None:
            return
        self._queue.append((joins, data))
        self._size += len(data)
        if self._size > self._limit:
            self._overflow()
        self._wake.set()

    def _overflow(self) -> None:
        """Drop what waits: the client asks for it again after it has reconnected."""
        self._queue.clear()
        self._size = 0
        self._closing = (TRY_AGAIN_LATER, "You read too slowly; reconnect and resume.")
        self._end = asyncio.create_task(self._close_or_abort())

    async def _close_or_abort(self) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send_close()
                return
        except TimeoutError:
            if self._abort is not None:
                self._abort()

    async def _send_close(self) -> None:
        if self._closing is not None:
            code, reason = self._closing
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def _run(self) -> None:
        while self._end is None:
            if not self._queue:
                if self._closing is not None:
                    await self._send_close()
                    return
                await self._wait()
                continue
            await self._send({"type": "websocket.send", "text": self._next().decode()})

    async def _wait(self) -> None:
        self._wake.clear()
        if self._idle is None:
            await self._wake.wait()
            return
        try:
            async with asyncio.timeout(self._idle_seconds):
                await self._wake.wait()
        except TimeoutError:
            self.put(self._idle())

    def _next(self) -> bytes:
        joins, data = self._queue.popleft()
        self._size -= len(data)
        if not joins:
            return data
        bodies, size = [data], len(data)
        while self._queue and self._queue[0][0] and size < JOINED_BYTES:
            body = self._queue.popleft()[1]
            self._size -= len(body)
            size += len(body)
            bodies.append(body)
        return entries_frame(bodies)


def _short(reason: str) -> str:
    """A close reason has at most 123 bytes."""
    return reason.encode()[:120].decode(errors="ignore")


async def refuse_handshake(send: Send, rejected: Rejected) -> None:
    """Answer a WebSocket handshake with an HTTP status and a Problem."""
    headers = [(b"content-type", b"application/json")]
    await send({"type": "websocket.http.response.start", "status": rejected.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": problem_body(rejected)})


async def received_text(receive: Receive) -> str | bytes | None:
    """The next message; None when the socket has been closed by either side."""
    message = await receive()
    if message["type"] != "websocket.receive":
        return None
    text = message.get("text")
    if text is not None:
        return str(text)
    data: bytes = message.get("bytes") or b""
    return data
