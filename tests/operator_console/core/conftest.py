"""A tiny real server on a free port, whose answers a test decides, and helpers to wait without sleeping."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest
import uvicorn

from operator_console.client import Backoff, DeskClient
from server_stub.protocol import Entries, Entry, EventHappened


@dataclass
class Seen:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Socket:
    """The server's end of one stream connection."""

    receive: Callable[[], Awaitable[dict[str, Any]]]
    raw_send: Callable[[dict[str, Any]], Awaitable[None]]
    after: int

    async def send(self, frame: Any) -> None:
        await self.raw_send({"type": "websocket.send", "text": msgspec.json.encode(frame).decode()})

    async def send_raw(self, text: str) -> None:
        await self.raw_send({"type": "websocket.send", "text": text})

    async def hear(self) -> str:
        while True:
            message = await self.receive()
            if message["type"] == "websocket.disconnect":
                raise ConnectionResetError
            if message.get("text"):
                return str(message["text"])

    async def until_gone(self) -> None:
        while (await self.receive())["type"] != "websocket.disconnect":
            pass


Answer = tuple[int, Any]


@dataclass
class TinyDesk:
    """Answers each request from `answers` by "METHOD path"; a list is used up one by one, its last stays."""

    url: str = ""
    answers: dict[str, list[Answer] | Answer] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    on_stream: Callable[[Socket], Awaitable[None]] | None = None
    refuse_stream: Answer | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._stream(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while (part := await receive()).get("more_body") or not body:
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        path = scope["raw_path"].decode()
        self.seen.append(Seen(scope["method"], path, scope["query_string"].decode(), headers, body))
        known = self.answers.get(
            f"{scope['method']} {path}", (404, {"error": "not_found", "detail": "No such thing."})
        )
        if isinstance(known, list):
            known = known.pop(0) if len(known) > 1 else known[0]
        status, content = known
        raw = content if isinstance(content, bytes) else msgspec.json.encode(content)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"x/y")]})
        await send({"type": "http.response.body", "body": raw if status != 204 else b""})

    async def _stream(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if self.refuse_stream is not None:
            status, content = self.refuse_stream
            await send({"type": "websocket.http.response.start", "status": status, "headers": []})
            await send({"type": "websocket.http.response.body", "body": msgspec.json.encode(content)})
            return
        await send({"type": "websocket.accept"})
        after = int(scope["query_string"].decode().removeprefix("after="))
        assert self.on_stream is not None
        await self.on_stream(Socket(receive, send, after))


@asynccontextmanager
async def serving(app: Any, port: int = 0) -> AsyncIterator[str]:
    """Run an ASGI app on 127.0.0.1 and yield its address."""
    bound = socket.create_server(("127.0.0.1", port), reuse_port=False)
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        await eventually(lambda: server.started)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        bound.close()


async def eventually(condition: Callable[[], Any], seconds: float = 5.0) -> Any:
    """Wait until the condition holds and return its value; fail after the deadline."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {condition}")
        await asyncio.sleep(0.005)
    return value


@pytest.fixture
async def desk() -> AsyncIterator[TinyDesk]:
    tiny = TinyDesk()
    async with serving(tiny) as url:
        tiny.url = url
        yield tiny


@pytest.fixture
async def client(desk: TinyDesk) -> AsyncIterator[DeskClient]:
    client = DeskClient(desk.url, "t0ken", backoff=Backoff(first=0.01, cap=0.02))
    yield client
    await client.close()


@pytest.fixture
def wait_until() -> Callable[..., Awaitable[Any]]:
    return eventually


@pytest.fixture
def run_server() -> Callable[..., Any]:
    """`async with run_server(app, port=0) as url` serves any ASGI app for a while."""
    return serving


@pytest.fixture
def entries() -> Callable[..., Entries]:
    """`entries(1, 2)` is a frame with these seqs."""
    return lambda *seqs: Entries(tuple(Entry(seq, 1_000 + seq, EventHappened("Page Viewed")) for seq in seqs))


@pytest.fixture
def own_home(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A home of its own for whatever the console keeps, without any keyring."""
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return tmp_path
