"""A small real server that takes the widget's frames and Segment's calls, and says what a test wants said."""

import asyncio
import base64
import json
import socket
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec
import pytest
import uvicorn

from server_stub.demo_visitors.backend import BackEnd
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import Person, new_person
from server_stub.demo_visitors.visit import Visit
from server_stub.protocol import (
    Ack,
    Author,
    Hello,
    Message,
    NewMessage,
    Problem,
    Refused,
    SeenFrame,
    VisitorTyping,
    Welcome,
    WidgetFrame,
    WidgetLook,
)

KEY = "wk"
_decode = msgspec.json.Decoder(WidgetFrame).decode


@dataclass
class Desk:
    """What the visitors did, in order, and a way to speak to them."""

    url: str = ""
    frames: list[Any] = field(default_factory=list)
    hellos: list[tuple[Hello, dict[str, str]]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    on_frame: Callable[[Any], list[Any]] = lambda frame: []
    welcome_with: list[Any] = field(default_factory=list)
    drop_after: int = 0
    taken: set[str] = field(default_factory=set)
    seq: int = 0
    writers: list[Any] = field(default_factory=list)

    def message(self, text: str, kind: str = "operator", **more: Any) -> NewMessage:
        self.seq += 1
        return NewMessage(Message(f"m{self.seq}", "d1", "v1", Author(kind), 1, self.seq, text, **more))

    def named(self, name: str) -> list[dict[str, Any]]:
        """Properties of the events of that name."""
        return [frame.properties for frame in self.frames if getattr(frame, "name", "") == name]

    def of(self, kind: type) -> list[Any]:
        return [frame for frame in self.frames if isinstance(frame, kind)]

    async def say(self, reply: Any) -> None:
        for send in self.writers:
            await send({"type": "websocket.send", "text": msgspec.json.encode(reply).decode()})

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _socket(self, scope: Any, receive: Any, send: Any) -> None:
        async def speak(reply: Any) -> None:
            await send({"type": "websocket.send", "text": msgspec.json.encode(reply).decode()})

        await receive()
        await send({"type": "websocket.accept"})
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        count = 0
        while (incoming := await receive())["type"] == "websocket.receive":
            frame = _decode(incoming["text"])
            if isinstance(frame, Hello):
                self.hellos.append((frame, headers))
                if frame.key != KEY or frame.token.startswith("unknown"):
                    await speak(
                        Refused("", Problem("token" if frame.token else "wrong_key", "Not this one."))
                    )
                    await send({"type": "websocket.close", "code": 4401})
                    return
                await speak(Welcome(frame.token or f"anon{len(self.hellos)}.sig", "en", WidgetLook(), True))
                self.writers.append(send)
                for reply in self.welcome_with:
                    await speak(reply)
                continue
            count += 1
            if self.drop_after and count > self.drop_after:
                self.writers.remove(send)
                await send({"type": "websocket.close", "code": 1012})
                return
            answered = not isinstance(frame, SeenFrame | VisitorTyping)
            if not answered or frame.id not in self.taken:
                self.frames.append(frame)
                self.taken.add(getattr(frame, "id", ""))
                replies = self.on_frame(frame)
            if answered:
                await speak(Ack(frame.id))
            for reply in replies:
                await speak(reply)
        self.writers.remove(send)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = dict(scope["headers"])
        assert base64.b64decode(headers[b"authorization"].removeprefix(b"Basic ")) == f"{KEY}:".encode()
        self.calls.append((scope["path"], json.loads(body)))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"success":true}'})


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    app = Desk()
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[bound]))
    while not server.started:
        await asyncio.sleep(0.005)
    app.url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    yield app
    server.should_exit = True
    await task
    bound.close()


@pytest.fixture
async def back_end(desk: Desk) -> AsyncIterator[BackEnd]:
    caller = BackEnd(desk.url, KEY)
    yield caller
    await caller.close()


@pytest.fixture
def make_visit(desk: Desk, back_end: BackEnd) -> Callable[..., Visit]:
    """A visit at a pace at which a minute passes in a few hundredths of a second."""

    def make(
        character: str = "browser",
        seed: int = 1,
        *,
        person: Person | None = None,
        pace: float = 2_000,
        **known: Any,
    ) -> Visit:
        rng = Random(seed)
        person = person or new_person(rng, 1, character)  # type: ignore[arg-type]
        for name, value in known.items():
            setattr(person, name, value)
        return Visit(desk.url, KEY, "http://shop.example", person, back_end, Life(rng, pace))

    return make


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    async def wait(condition: Callable[[], Any], seconds: float = 8) -> Any:
        deadline = time.monotonic() + seconds
        while not (value := condition()):
            if time.monotonic() > deadline:
                raise AssertionError("waited in vain")
            await asyncio.sleep(0.005)
        return value

    return wait
