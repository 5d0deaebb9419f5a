"""The server is killed in the middle of everything, again and again; nothing that was acknowledged is lost."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing, closing, suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import websockets

from operator_console.client import Backoff, DeskClient
from operator_console.live import Connected
from operator_console.mirror import Mirror
from server_stub.protocol import Entries, Entry, EventHappened, Message, MessageSent, StartOver

KILLS = 20

REMINDER = """\
scenario: reminder
title: A reminder a moment after each order
trigger:
  - event: Order Completed
reentry: {times: once}
steps:
  - id: moment
    wait: 2s
  - id: reminded
    set: {visitor.reminded: "yes"}
  - id: thanks
    say: Thank you for your order!
"""


class Shop:
    """A shop's back end, and visitors in the chat, who try again until they are answered."""

    def __init__(self, url: str, write_key: str) -> None:
        self.url = url
        self.write_key = write_key
        self.running = True
        self.events: set[str] = set()
        self.messages: set[str] = set()
        self.buyers: set[str] = set()

    async def sends_events(self, name: str) -> None:
        """Each event until it is acknowledged, with the same messageId."""
        async with httpx.AsyncClient(base_url=self.url, auth=(self.write_key, ""), timeout=5) as http:
            number = 0
            while self.running:
                number += 1
                order = number % 5 == 0
                visitor = f"{name}-{number // 10}"
                event = {
                    "messageId": f"{name}:{number}",
                    "anonymousId": visitor,
                    "event": "Order Completed" if order else "Product Viewed",
                    "properties": {"product_id": "p1", "order_id": f"{name}-{number}", "total": 10},
                }
                if await self._until_taken(http, event):
                    self.events.add(event["messageId"])
                    if order:
                        self.buyers.add(visitor)

    async def _until_taken(self, http: httpx.AsyncClient, event: dict[str, Any]) -> bool:
        while True:
            with suppress(httpx.TransportError):
                answer = await http.post("/v1/track", json=event)
                if answer.status_code == 200:
                    return True
                assert answer.status_code == 503, answer.text
            if not self.running:
                return False
            await asyncio.sleep(0.03)

    async def chats(self, name: str) -> None:
        """A visitor who writes message after message, and repeats the last one where no answer came."""
        token, number, acknowledged = "", 0, True
        address = self.url.replace("http", "ws") + "/v1/widget"
        while self.running:
            with suppress(OSError, websockets.WebSocketException, TimeoutError):
                async with websockets.connect(address) as socket:
                    hello = {"type": "hello", "key": self.write_key}
                    await socket.send(json.dumps(hello | ({"token": token} if token else {})))
                    token = (await self._frame(socket, "welcome"))["token"]
                    while self.running:
                        number += acknowledged
                        acknowledged = False
                        text = f"{name} says {number}"
                        await socket.send(
                            json.dumps({"type": "write", "id": f"{name}-{number}", "text": text})
                        )
                        answer = await self._frame(socket, "ack")
                        assert answer["id"] == f"{name}-{number}"
                        acknowledged = True
                        self.messages.add(text)
                        await asyncio.sleep(0.01)
            await asyncio.sleep(0.03)

    async def _frame(self, socket: websockets.ClientConnection, kind: str) -> dict[str, Any]:
        while True:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
            assert frame["type"] != "refused", frame
            if frame["type"] == kind:
                return dict(frame)


class Console:
    """A console without a screen: the client and the mirror, as the application uses them."""

    def __init__(self, url: str, token: str) -> None:
        self.client = DeskClient(url, token, backoff=Backoff(first=0.05, cap=0.3))
        self.mirror = Mirror()
        self.connections = 0
        self.started_over = 0

    async def load(self) -> None:
        cursor = ""
        while True:
            page = await self.client.dialogs(cursor=cursor)
            self.mirror.load(page, more=bool(page.cursor))
            cursor = page.cursor
            if not cursor:
                return

    async def follow(self) -> None:
        async with aclosing(self.client.stream(self.mirror.seq)) as stream:
            async for event in stream:
                if isinstance(event, Connected):
                    self.connections += 1
                elif isinstance(event, StartOver):
                    self.started_over += 1
                elif isinstance(event, Entries):
                    for entry in event.entries:
                        self.mirror.reduce(entry)


def journal(data: Path) -> list[Entry]:
    """The entries as they lie in the database, read behind the server's back."""
    with closing(sqlite3.connect(data / "desk.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT seq, body FROM journal ORDER BY seq").fetchall()
    entries = [msgspec.json.decode(body, type=Entry) for _, body in rows]
    assert [entry.seq for entry in entries] == [seq for seq, _ in rows]
    return entries


def messages_by(kind: str, entries: list[Entry]) -> list[Message]:
    sent = [entry.what.message for entry in entries if isinstance(entry.what, MessageSent)]
    return [message for message in sent if message.author.kind == kind]


@pytest.mark.slow
async def test_twenty_power_cuts_lose_nothing_and_double_nothing(
    make_server: Callable[..., Any], until: Callable[..., Any]
) -> None:
    server = make_server()
    (server.data / "scenarios").mkdir(parents=True)
    (server.data / "scenarios" / "reminder.yaml").write_text(
        REMINDER.replace("title:", "status: live\ntitle:")
    )
    server.start()
    shop = Shop(server.url, server.write_key)
    console = Console(server.url, server.token)
    await console.load()
    following = asyncio.create_task(console.follow())
    traffic = [asyncio.create_task(shop.sends_events(f"till-{n}")) for n in range(3)]
    traffic += [asyncio.create_task(shop.chats(f"visitor-{n}")) for n in range(3)]

    rhythm = random.Random(20)
    for _ in range(KILLS):
        await asyncio.sleep(rhythm.uniform(0.3, 1.2))
        before = len(shop.events)
        await asyncio.to_thread(server.kill)
        await asyncio.to_thread(server.start)
        await until(lambda seen=before: len(shop.events) > seen + 5, 20, "traffic after the restart")
    shop.running = False
    await asyncio.gather(*traffic)

    thanked: Counter[str] = Counter()

    def all_thanked() -> bool:
        thanked.clear()
        thanked.update(message.visitor for message in messages_by("bot", journal(server.data)))
        return len(thanked) >= len(shop.buyers)

    await until(all_thanked, 20, "each buyer's reminder")
    entries = journal(server.data)

    numbers = [entry.seq for entry in entries]
    assert numbers == list(range(1, len(entries) + 1)), "numbers rise by one, without a gap"
    events = [entry.what for entry in entries if isinstance(entry.what, EventHappened)]
    tracked = Counter(event.message_id for event in events if event.message_id)
    missing = shop.events - tracked.keys()
    assert not missing, f"{len(missing)} acknowledged events are gone"
    assert max(tracked.values()) == 1, "a repeated event counts once"
    written = Counter(message.text for message in messages_by("visitor", entries))
    assert not shop.messages - written.keys(), "acknowledged messages are gone"
    assert max(written.values()) == 1, "a repeated message is the same message"
    assert set(thanked.values()) == {1}, "each timer fired once"
    assert len(thanked) == len(shop.buyers)

    await until(lambda: console.mirror.seq >= len(entries), 15, "the console to catch up")
    assert console.connections > KILLS / 2, "the console came back by itself"
    assert console.started_over == 0
    following.cancel()
    fresh = Console(server.url, server.token)
    await fresh.load()
    assert console.mirror.rows == fresh.mirror.rows, "the console that stayed sees what a fresh one sees"
    await console.client.close()
    await fresh.client.close()
