"""A visitor's open page: the widget's socket, spoken as the widget speaks it.

Frames with an id are repeated after a break until they are answered; what the server says waits in `heard`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from server_stub.protocol import (
    Ack,
    ChooseFrame,
    Hello,
    IdentifyFrame,
    NewMessage,
    PopupFrame,
    Refused,
    SeenFrame,
    TrackFrame,
    VisitorTyping,
    Welcome,
    WidgetReply,
    WriteFrame,
)

AnsweredFrame: TypeAlias = TrackFrame | IdentifyFrame | WriteFrame | ChooseFrame | PopupFrame

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
"""Seconds between two attempts to connect."""

_decode = msgspec.json.Decoder(WidgetReply).decode


class RefusedAtTheDoorError(Exception):
    """The server does not take the write key: no use to try again."""


class Connection:
    """One page of one visitor. Use `opened`."""

    def __init__(self, url: str, hello: Hello, headers: dict[str, str], name: str) -> None:
        self._address = f"ws{url.removeprefix('http').rstrip('/')}/v1/widget"
        self._hello = hello
        self._headers = headers
        self._ids = (f"{name}-{number}" for number in itertools.count(1))
        self._unanswered: dict[str, tuple[AnsweredFrame, asyncio.Future[Ack | Refused]]] = {}
        self._socket: ClientConnection | None = None
        self._welcomed = asyncio.Event()
        self.heard: asyncio.Queue[WidgetReply] = asyncio.Queue()
        self.token = hello.token

    @property
    def anonymous_id(self) -> str:
        """The id by which a back end may name this visitor."""
        return self.token.rpartition(".")[0]

    def next_id(self) -> str:
        """An id for the next frame; it counts once, however often it is sent."""
        return next(self._ids)

    async def ask(self, frame: AnsweredFrame) -> Ack | Refused:
        """Send a frame and return the server's answer, over as many connections as it takes."""
        answer: asyncio.Future[Ack | Refused] = asyncio.get_running_loop().create_future()
        self._unanswered[frame.id] = (frame, answer)
        try:
            await self._say(frame)
            return await answer
        finally:
            self._unanswered.pop(frame.id, None)

    async def mention(self, frame: SeenFrame | VisitorTyping) -> None:
        """Send a frame that nobody answers; without a connection it is forgotten."""
        await self._say(frame)

    async def welcomed(self) -> None:
        """Return when the server has said welcome."""
        await self._welcomed.wait()

    async def run(self) -> None:
        """Connect, and connect again, until cancelled. Raises `RefusedAtTheDoorError`."""
        pause = FIRST_PAUSE
        while True:
            try:
                async with connect(
                    self._address, additional_headers=self._headers, proxy=None, close_timeout=1
                ) as socket:
                    await self._greet(socket)
                    pause = FIRST_PAUSE
                    await self._listen(socket)
            except (OSError, TimeoutError, ConnectionClosed, InvalidHandshake):
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                self._socket = None
                self._welcomed.clear()

    async def _greet(self, socket: ClientConnection) -> None:
        await socket.send(_encoded(msgspec.structs.replace(self._hello, token=self.token)))
        reply = _decode(await socket.recv())
        while not isinstance(reply, Welcome):
            if isinstance(reply, Refused):
                if not self.token:
                    raise RefusedAtTheDoorError(reply.problem.detail)
                self.token = ""  # a database that was thrown away knows him no more: he comes as somebody new
                return
            reply = _decode(await socket.recv())
        self.token = reply.token
        self._heard_up_to(0, *(message.seq for message in reply.messages))
        self._socket = socket
        self._welcomed.set()
        self.heard.put_nowait(reply)
        for frame, _ in list(self._unanswered.values()):
            await socket.send(_encoded(frame))

    async def _listen(self, socket: ClientConnection) -> None:
        if self._socket is None:
            return
        async for text in socket:
            reply = _decode(text)
            if isinstance(reply, Ack | Refused):
                _, answer = self._unanswered.get(reply.id, (None, None))
                if answer is not None and not answer.done():
                    answer.set_result(reply)
            else:
                if isinstance(reply, NewMessage):
                    self._heard_up_to(reply.message.seq)
                self.heard.put_nowait(reply)

    def _heard_up_to(self, *seqs: int) -> None:
        self._hello = msgspec.structs.replace(self._hello, after=max(self._hello.after, *seqs))

    async def _say(self, frame: AnsweredFrame | SeenFrame | VisitorTyping) -> None:
        if self._socket is None:
            return
        try:
            await self._socket.send(_encoded(frame))
        except ConnectionClosed:
            return  # `run` repeats what needs an answer


@asynccontextmanager
async def opened(connection: Connection) -> AsyncIterator[Connection]:
    """Keep the page connected within the block."""
    runner = asyncio.create_task(connection.run())
    welcome = asyncio.create_task(connection.welcomed())
    try:
        await asyncio.wait([runner, welcome], return_when=asyncio.FIRST_COMPLETED)
        if runner.done():
            runner.result()
        yield connection
    finally:
        for task in (welcome, runner):
            task.cancel()
        await asyncio.gather(welcome, runner, return_exceptions=True)


def _encoded(frame: msgspec.Struct) -> str:
    return msgspec.json.encode(frame).decode()
