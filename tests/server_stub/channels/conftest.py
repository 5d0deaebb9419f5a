"""A real HTTP server that webhooks are sent to, and a worker on a desk of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from server_stub.channels.letter import Letters
from server_stub.channels.worker import OutboxWorker
from server_stub.desk.desk import Desk
from server_stub.protocol import OutboxItem
from server_stub.store.base import Store
from server_stub.store.sqlite import SqliteStore
from server_stub.work import Identity, ScenariosRead, TrackEvent

SECRET = "a secret"
NOON = 1_772_452_800_000


class Call(Struct):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Shelf:
    """Answers each request with the next of `answers` (status, body, headers; or a callable), the last one for ever."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[Any] = [(200, b"{}", {})]
        self.url = ""
        self.tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tasks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            headers = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.calls.append(Call(method, path, headers, body))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if callable(answer):
                await answer(writer)
            else:
                status, content, more = answer
                lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(content)}", "Connection: close"]
                lines += [f"{name}: {value}" for name, value in more.items()]
                writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + content)
                await writer.drain()
            writer.close()
            await writer.wait_closed()


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    shelf = Shelf()
    server = await asyncio.start_server(shelf.serve, "127.0.0.1", 0)
    shelf.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield shelf
    server.close()
    for task in shelf.tasks:
        task.cancel()
    await asyncio.gather(*shelf.tasks, return_exceptions=True)


class Post:
    """A desk with scenarios, a worker beside it, and a clock that is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOON
        self.store: Store
        self.desk: Desk
        self.worker: OutboxWorker
        self.count = 0

    async def open(self) -> Post:
        self.store = SqliteStore(self.folder / "desk.db", log_bytes=0)
        self.desk = Desk(self.store, clock=lambda: self.now)
        await self.desk.start()
        letters = Letters(self.folder / "templates", "Rosa", site="https://shop.example")
        self.worker = OutboxWorker(self.desk, self.store, letters, SECRET, lambda: self.now)
        self.worker.start()
        return self

    async def close(self) -> None:
        await self.worker.stop()
        await self.desk.stop()
        self.store.close()

    async def publish(self, *texts: str) -> None:
        good = tuple((text.split()[1] + ".yaml", text) for text in texts)
        await self.desk.submit(ScenariosRead(good=good, at=self.now))

    async def track(self, name: str, who: str = "a1", **properties: Any) -> None:
        self.count += 1
        await self.desk.submit(
            TrackEvent(
                who=Identity(who),
                name=name,
                properties=properties,
                message_id=f"e{self.count}",
                happened_at=self.now,
                received_at=self.now,
            )
        )

    def rows(self, **wanted: str) -> list[OutboxItem]:
        return self.store.outbox(100, **wanted)

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until it is true; the clock goes on, so that repeats come soon."""
        end = asyncio.get_running_loop().time() + 15
        while not (value := condition()):
            assert asyncio.get_running_loop().time() < end, "it did not happen in time"
            self.now += 1000
            await asyncio.sleep(0.02)
        return value

    async def row(self) -> OutboxItem:
        """The only row, when it waits no more."""
        await self.until(lambda: self.rows() and self.rows()[0].status != "waiting")
        (item,) = self.rows()
        return item


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    post = await Post(tmp_path).open()
    yield post
    await post.close()


@pytest.fixture
def hang() -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    async def answer(writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(30)
        finally:
            writer.transport.abort()

    return answer
