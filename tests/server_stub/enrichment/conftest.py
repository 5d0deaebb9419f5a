"""A real HTTP server in Gravatar's place, and a desk with an enricher beside it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from server_stub.desk.desk import Desk
from server_stub.enrichment.gravatar import hash_of
from server_stub.enrichment.worker import Enricher
from server_stub.protocol import Entry, VisitorFound
from server_stub.store.sqlite import SqliteStore
from server_stub.work import AddOperator, IdentifyVisitor, Identity

NOON = 1_772_452_800_000
CLARA = "clara@shop.example"
PROFILE = {
    "hash": hash_of(CLARA),
    "display_name": "Clara K.",
    "profile_url": "https://gravatar.com/clara",
    "avatar_url": "https://0.gravatar.com/avatar/abc",
    "location": "Brno",
    "description": "Restores old lamps.",
    "job_title": "Restorer",
    "company": "Lamps & Co",
    "verified_accounts": [
        {"service_label": "Mastodon", "url": "https://social.example/@clara", "is_hidden": False},
        {"service_label": "Secret", "url": "https://hidden.example", "is_hidden": True},
    ],
}


class FakeGravatar:
    """Answers by the hash in the path; who is not among `people` is 404. `before` are answers that come first."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.people: dict[str, Any] = {hash_of(CLARA): PROFILE}
        self.before: list[tuple[int, dict[str, str]]] = []
        self.hangs = asyncio.Event()
        self.hangs.set()
        self.url = ""
        self.tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError), contextlib.closing(writer):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ")[1]
                self.asked.append(path)
                await self.hangs.wait()
                status, headers, body = self._answer(path)
                lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(body)}"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
                await writer.drain()

    def _answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        if self.before:
            status, headers = self.before.pop(0)
            return status, headers, b"{}"
        said = self.people.get(path.rpartition("/")[2])
        if said is None:
            return 404, {}, b'{"error":"Profile not found"}'
        return 200, {}, said if isinstance(said, bytes) else json.dumps(said).encode()


class House:
    """A desk; what it has found out; and short words for what visitors do."""

    def __init__(self, folder: Path) -> None:
        self.store = SqliteStore(folder / "desk.db", log_bytes=0)
        self.now = NOON
        self.desk = Desk(self.store, clock=lambda: self.now)
        self.found: list[Entry] = []

    async def open(self) -> House:
        await self.desk.start()
        self.desk.subscribe(
            lambda published: self.found.extend(
                entry for entry in published.entries if isinstance(entry.what, VisitorFound)
            )
        )
        await self.desk.submit(
            AddOperator(operator="o1", name="Ann", role="admin", token_hash="o1", at=self.now)
        )
        return self

    async def identify(self, user: str, **traits: Any) -> str:
        """The visitor's id."""
        await self.desk.submit(
            IdentifyVisitor(
                who=Identity(user_id=user), traits=traits, happened_at=self.now, received_at=self.now
            )
        )
        return self.store.identities([("user", user)])[("user", user)]


async def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 15
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)
    return value


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any]], Any]:
    return until


@pytest.fixture
async def gravatar() -> AsyncIterator[FakeGravatar]:
    fake = FakeGravatar()
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v3/profiles/"
    yield fake
    server.close()
    for task in fake.tasks:
        task.cancel()
    await asyncio.gather(*fake.tasks, return_exceptions=True)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path).open()
    yield house
    await house.desk.stop()
    house.store.close()


@pytest.fixture
async def enricher(house: House, gravatar: FakeGravatar) -> AsyncIterator[Enricher]:
    enricher = Enricher(house.desk, gravatar.url, lambda: house.now, first_wait=0.01, quiet=0.01)
    enricher.start()
    yield enricher
    await enricher.stop()


@pytest.fixture
def profile() -> dict[str, Any]:
    return dict(PROFILE)
