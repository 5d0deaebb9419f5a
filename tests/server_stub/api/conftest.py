"""A real server on a port of the system's choice, and clients for each of its doors."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server_stub.protocol import (
    CaughtUp,
    Entries,
    Entry,
    EventHappened,
    Problem,
    StreamFrame,
    Welcome,
    WidgetReply,
)
from server_stub.serve import Server

SECONDS = 10.0
"""How long a test waits for what must come."""

BOT = """\
scenario: greeting
title: Greeting
status: live
trigger:
  - event: Help Wanted
steps:
  - id: question
    say: Can I help you?
    timeout: 1h
    options:
      - label: "Yes"
        steps:
          - say: One moment.
          - handoff: {note: wants help}
      - label: "No"
        steps:
          - close: declined
"""

POPUP = """\
scenario: bonus
title: Bonus
status: live
trigger:
  - event: Bonus Wanted
steps:
  - id: offer
    popup:
      size: small
      title: A bonus
      text: Leave your email.
      fields:
        - {input: email, label: Email, save_to: visitor.email, required: true}
      button: {label: Get it}
    timeout: 30m
"""


class WidgetClient:
    """One open page, speaking frames."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.token = ""
        self.welcome: Any = None
        self._count = 0

    async def say(self, type_: str, **fields: Any) -> str:
        """Send a frame and return its id."""
        self._count += 1
        frame = {"type": type_, **fields}
        if type_ not in ("hello", "seen", "typing"):
            frame.setdefault("id", f"{id(self)}-{self._count}")
        await self.socket.send(json.dumps(frame))
        return str(frame.get("id", ""))

    async def next(self) -> Any:
        async with asyncio.timeout(SECONDS):
            return msgspec.json.decode(await self.socket.recv(), type=WidgetReply)

    async def until(self, kind: type, **fields: Any) -> Any:
        """The next reply of that kind whose fields are these; others are passed over."""
        while True:
            reply = await self.next()
            if isinstance(reply, kind) and all(getattr(reply, k) == v for k, v in fields.items()):
                return reply

    async def closed(self) -> int:
        """The code with which the server closes."""
        async with asyncio.timeout(SECONDS):
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        return self.socket.close_code or 0


class StreamClient:
    """One console's stream."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.entries: list[Entry] = []

    async def next(self) -> Any:
        async with asyncio.timeout(SECONDS):
            frame = msgspec.json.decode(await self.socket.recv(), type=StreamFrame)
        if isinstance(frame, Entries):
            self.entries += frame.entries
        return frame

    async def until(self, kind: type, **fields: Any) -> Any:
        while True:
            frame = await self.next()
            if isinstance(frame, kind) and all(getattr(frame, k) == v for k, v in fields.items()):
                return frame

    async def until_entry(self, matches: Callable[[Entry], bool]) -> Entry:
        looked_at = 0
        while True:
            for entry in self.entries[looked_at:]:
                if matches(entry):
                    return entry
            looked_at = len(self.entries)
            await self.next()


class RunningDesk:
    """A server with its key and token, and ways in."""

    def __init__(self, server: Server, data: Path, http: httpx.AsyncClient) -> None:
        self.server = server
        self.data = data
        self.http = http
        self.url = server.url
        self.key = server.write_key
        self.token = server.operator_token
        self.auth = {"Authorization": f"Bearer {self.token}"}

    async def call(self, kind: str, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(f"/v1/{kind}", json=body, auth=(self.key, ""))

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(path, params=params, headers=self.auth)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def last_seq(self) -> int:
        return int((await self.get("/api/dialogs", limit=1))["seq"])

    async def entries(self, after: int = 0) -> list[Entry]:
        """The journal behind `after`, as a console reads it."""
        async with self.stream(after) as stream:
            await stream.until(CaughtUp)
            return stream.entries

    async def events(self, name: str) -> list[tuple[Entry, EventHappened]]:
        return [
            (entry, entry.what)
            for entry in await self.entries()
            if isinstance(entry.what, EventHappened) and entry.what.name == name
        ]

    @asynccontextmanager
    async def stream(self, after: int | None = None, token: str = "") -> AsyncIterator[StreamClient]:
        query = "" if after is None else f"?after={after}"
        headers = {"Authorization": f"Bearer {token or self.token}"}
        address = f"ws{self.url.removeprefix('http')}/api/stream{query}"
        async with connect(address, additional_headers=headers, max_size=None, proxy=None) as socket:
            yield StreamClient(socket)

    @asynccontextmanager
    async def silent_widget(self, **options: Any) -> AsyncIterator[WidgetClient]:
        """A page that has not said hello."""
        address = f"ws{self.url.removeprefix('http')}/v1/widget"
        async with connect(address, proxy=None, **options) as socket:
            yield WidgetClient(socket)

    @asynccontextmanager
    async def widget(self, token: str = "", **hello: Any) -> AsyncIterator[WidgetClient]:
        """A page that has been welcomed; the Welcome is in `welcome`."""
        async with self.silent_widget() as widget:
            await widget.say("hello", key=self.key, **({"token": token} if token else {}), **hello)
            welcome = await widget.until(Welcome)
            widget.token = welcome.token
            widget.welcome = welcome
            yield widget


def problem(answer: httpx.Response) -> Problem:
    return msgspec.json.decode(answer.content, type=Problem, strict=True)


@pytest.fixture(name="problem")
def problem_fixture() -> Callable[[httpx.Response], Problem]:
    return problem


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a bot and a pop-up."""
    folder = tmp_path / "data"
    scenarios = folder / "scenarios"
    scenarios.mkdir(parents=True)
    (scenarios / "greeting.yaml").write_text(BOT)
    (scenarios / "bonus.yaml").write_text(POPUP)
    return folder


@asynccontextmanager
async def running(data: Path, **options: Any) -> AsyncIterator[RunningDesk]:
    server = Server(data, port=0, log_bytes=0, **options)
    await server.start()
    try:
        async with httpx.AsyncClient(
            base_url=server.url, timeout=SECONDS, trust_env=False, verify=False
        ) as http:
            yield RunningDesk(server, data, http)
    finally:
        await server.stop()


@pytest.fixture
async def desk(data: Path) -> AsyncIterator[RunningDesk]:
    async with running(data) as desk:
        yield desk


@pytest.fixture
def start_desk() -> Callable[..., Any]:
    """`async with start_desk(data)`: a server on that folder."""
    return running
