"""Three operators, three hundred dialogs, a bad line and a server that is restarted: nobody notices, and all agree.

The real console application three times, typed at like a person types, over a real server in a process of its own. One
console's line goes through a proxy that is cut; the server is killed and started again in the middle of the work.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual import events
from textual.pilot import Pilot

from operator_console.app import OperatorApp
from operator_console.client import Backoff, DeskClient
from operator_console.mirror import Filter, Mirror
from operator_console.preferences import Preferences
from server_stub.demo_visitors.connection import Connection, opened
from server_stub.protocol import (
    Hello,
    MessageSent,
    NewMessage,
    NewOperator,
    OperatorToken,
    TrackFrame,
    Welcome,
    WriteFrame,
)

pytestmark = pytest.mark.slow

DIALOGS = 300
OPERATORS = ("Ann", "Ben", "Cleo")
PATIENCE = 60.0
"""Seconds for what must come in the end."""


class Line:
    """A line to the server that can be cut: what goes through it goes to `port` of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def open(self) -> None:
        port = int(self.url.rpartition(":")[2]) if self.url else 0
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except OSError:
            pass  # either end is gone: the other one is told below
        finally:
            sink.transport.abort()
            self._writers.discard(sink)


class Visitor:
    """One of three hundred. What he wrote and what he heard, in order."""

    def __init__(self, page: Connection, name: str) -> None:
        self.page = page
        self.name = name
        self.wrote: list[str] = []

    async def writes(self, text: str) -> None:
        answer = await self.page.ask(WriteFrame(self.page.next_id(), text))
        assert answer.message is not None, answer
        self.wrote.append(text)

    def heard(self) -> list[tuple[int, str]]:
        """(seq, text) of what operators answered, in the order in which it came to his page."""
        found: list[tuple[int, str]] = []
        for reply in list(self.page.heard._queue):  # type: ignore[attr-defined]
            messages = reply.messages if isinstance(reply, Welcome) else ()
            if isinstance(reply, NewMessage):
                messages = (reply.message,)
            found += [(one.seq, one.text) for one in messages if one.author.kind == "operator"]
        return found


class Desk:
    """An operator at his console."""

    def __init__(self, name: str, app: OperatorApp, pilot: Pilot[None], client: DeskClient) -> None:
        self.name = name
        self.app = app
        self.pilot = pilot
        self.client = client
        self.inbox = app.inbox
        self.mirror = app.inbox.mirror
        self.sent: dict[str, list[str]] = defaultdict(list)
        """Dialog → what was typed into it, in order."""
        self.stopped = False

    async def until(self, condition: Callable[[], Any], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{self.name} waited in vain: {what}"
            await asyncio.sleep(0.02)

    async def opens(self, dialog: str) -> None:
        """Goes to a dialog as a click on its row would."""
        self.inbox.dialogs.point_to(dialog)
        await self.until(lambda: self.inbox._opened == dialog, "the dialog opens")

    async def answers(self, text: str) -> None:
        """Writes an answer into the open dialog and sends it: every tenth typed key by key, the others pasted."""
        dialog = self.inbox._opened
        await self.pilot.press("r")
        if len(self.sent) % 10:
            self.app.post_message(events.Paste(text))
            await self.until(lambda: self.inbox.composer.text == text, "the text is pasted")
        else:
            await self.pilot.press(*text)
        await self.pilot.press("enter")
        self.sent[dialog].append(text)
        await self.until(lambda: not self.inbox.composer.text, "the composer is empty")
        await self.pilot.press("escape")

    async def works(self, share: list[str]) -> None:
        """Answers one dialog after the other, and closes every fourth."""
        for number, dialog in enumerate(share):
            await self.opens(dialog)
            await self.answers(f"{self.name}{number}")
            if number % 4 == 3:
                await self.pilot.press("c")

    def unsent(self) -> int:
        return len(self.inbox.outgoing.waiting()) if self.inbox.outgoing else 0


async def operators_of(server: Any) -> dict[str, str]:
    """Name → token of two more operators; the owner is the first."""
    owner = DeskClient(server.url, server.token)
    tokens = {OPERATORS[0]: server.token}
    for name in OPERATORS[1:]:
        body = NewOperator(name)
        made = await owner._write("POST", "/api/operators", body, OperatorToken)
        tokens[name] = made.token
    await owner.close()
    return tokens


async def seat(name: str, url: str, token: str, folder: Path, parts: AsyncExitStack) -> Desk:
    client = DeskClient(url, token, backoff=Backoff(first=0.1, cap=0.5))
    app = OperatorApp(
        client,
        keep_in=lambda _: folder / name,
        zone=UTC,
        downloads=folder / name,
        preferences=Preferences(undo_seconds=0),
    )
    pilot = await parts.enter_async_context(app.run_test(size=(100, 30)))
    desk = Desk(name, app, pilot, client)
    await desk.until(lambda: desk.inbox.link.snapshots, "the first snapshot")
    return desk


async def came(server: Any, number: int, parts: AsyncExitStack) -> Visitor:
    name = f"Visitor {number:03d}"
    hello = Hello(key=server.write_key, locale="en", timezone="Europe/Prague", traits={"name": name})
    page = await parts.enter_async_context(opened(Connection(server.url, hello, {}, f"v{number}")))
    await page.ask(TrackFrame(page.next_id(), "Page Viewed", {"url": "https://shop.example/", "path": "/"}))
    return Visitor(page, name)


async def snapshot_of(client: DeskClient) -> Mirror:
    """What a console that opens now would see."""
    mirror = Mirror()
    for status in ("active", "closed"):
        cursor = ""
        while True:
            page = await client.dialogs(status=status, cursor=cursor)
            mirror.load(page, more=True)
            cursor = page.cursor
            if not cursor:
                break
    return mirror


async def feed_of(client: DeskClient, dialog: str) -> list[MessageSent]:
    entries: list[Any] = []
    before = 0
    while True:
        page = await client.feed(dialog, before=before, limit=200)
        entries = [*page.entries, *entries]
        if not page.more:
            return [entry.what for entry in entries if isinstance(entry.what, MessageSent)]
        before = entries[0].seq


class TestAWholeDay:
    async def test_three_operators_work_off_three_hundred_dialogs_over_a_bad_line(
        self, make_server: Any, free_ports: list[int], tmp_path: Path
    ) -> None:
        """No message is lost, doubled or out of order, and three consoles and the database agree in the end."""
        server = make_server(port=free_ports[0])
        await asyncio.to_thread(server.start)
        line = Line(server.port)
        await line.open()
        async with AsyncExitStack() as parts:
            tokens = await operators_of(server)
            addresses = {"Ann": server.url, "Ben": line.url, "Cleo": server.url}
            desks = [
                await seat(name, addresses[name], token, tmp_path, parts) for name, token in tokens.items()
            ]
            visitors = [await came(server, number, parts) for number in range(DIALOGS)]
            await asyncio.gather(*(visitor.writes(f"question of {visitor.name}") for visitor in visitors))
            for desk in desks:
                await desk.until(lambda desk=desk: len(desk.mirror.rows) == DIALOGS, "all dialogs are there")
            await self._work(server, line, desks, visitors)
            await self._all_is_quiet(desks)
            await self._nothing_is_lost(server, desks, visitors)
            await self._all_agree(server, desks)
        await line.cut()
        assert await asyncio.to_thread(server.stop) == 0

    async def _work(self, server: Any, line: Line, desks: list[Desk], visitors: list[Visitor]) -> None:
        dialogs = sorted(desks[0].mirror.rows)
        shares = [dialogs[at :: len(desks)] for at in range(len(desks))]
        async with asyncio.TaskGroup() as day:
            day.create_task(self._accidents(server, line, desks))
            day.create_task(self._chatter(visitors))
            for desk, share in zip(desks, shares, strict=True):
                day.create_task(desk.works(share))
        await self._two_at_one_dialog(desks, dialogs[0])

    async def _accidents(self, server: Any, line: Line, desks: list[Desk]) -> None:
        """A third of the way Ben's line is cut for a while, half way the server is killed."""

        async def written(number: int) -> None:
            while sum(len(texts) for desk in desks for texts in desk.sent.values()) < number:
                await asyncio.sleep(0.02)

        await written(DIALOGS // 3)
        await line.cut()
        await written(DIALOGS // 3 + 15)
        await line.open()
        await written(DIALOGS // 2)
        await asyncio.to_thread(server.kill)
        await written(DIALOGS // 2 + 6)
        await asyncio.to_thread(server.start)

    async def _chatter(self, visitors: list[Visitor]) -> None:
        """Visitors go on writing meanwhile, each one thing after the other."""
        chance = random.Random(4)
        for number in range(150):
            await chance.choice(visitors).writes(f"and {number}")

    async def _two_at_one_dialog(self, desks: list[Desk], dialog: str) -> None:
        """Two consoles on one dialog: what one of them says, the other one sees, in the same order."""
        ann, _, cleo = desks
        for desk in (ann, cleo):
            desk.inbox.set_filter(Filter(status=""))
            await desk.opens(dialog)
        for number in range(3):
            await ann.answers(f"a{number}")
            await cleo.until(lambda number=number: _shows(cleo, f"a{number}"), "Cleo sees what Ann wrote")
            await cleo.answers(f"c{number}")
            await ann.until(lambda number=number: _shows(ann, f"c{number}"), "Ann sees what Cleo wrote")

    async def _all_is_quiet(self, desks: list[Desk]) -> None:
        for desk in desks:
            await desk.until(lambda desk=desk: not desk.unsent(), f"{desk.unsent()} messages go out")
        last = 0
        while True:
            page = await desks[0].client.dialogs(limit=1)
            for desk in desks:
                await desk.until(
                    lambda desk=desk, page=page: desk.mirror.seq >= page.seq, "the stream is through"
                )
            if page.seq == last:
                return
            last = page.seq
            await asyncio.sleep(0.5)

    async def _nothing_is_lost(self, server: Any, desks: list[Desk], visitors: list[Visitor]) -> None:
        client = desks[0].client
        visitor_of = {row.visitor_name: dialog for dialog, row in desks[0].mirror.rows.items()}
        for visitor in visitors:
            dialog = visitor_of[visitor.name]
            messages = [sent.message for sent in await feed_of(client, dialog)]
            assert [one.text for one in messages if one.author.kind == "visitor"] == visitor.wrote
            for desk in desks:
                mine = [one.text for one in messages if one.author.name in (desk.name, *_owner(desk))]
                assert mine == desk.sent[dialog], f"{desk.name} in {dialog}"
            answers = [(one.seq, one.text) for one in messages if one.author.kind == "operator"]
            assert sorted(answers) == answers
            await desks[0].until(
                lambda v=visitor, a=answers: v.heard() == a, f"{visitor.name} heard {answers}"
            )

    async def _all_agree(self, server: Any, desks: list[Desk]) -> None:
        fresh = await snapshot_of(desks[0].client)
        for desk in desks:
            assert desk.mirror.rows == fresh.rows, desk.name
        with closing(sqlite3.connect(server.data / "desk.sqlite")) as database:
            stored = dict(database.execute("SELECT id, summary FROM dialogs"))
            doubled = database.execute(
                "SELECT body FROM messages GROUP BY dialog_id, text, author HAVING count(*) > 1"
            ).fetchall()
            numbers = database.execute("SELECT count(*), max(seq) FROM journal").fetchone()
        assert {key: msgspec.json.encode(row) for key, row in fresh.rows.items()} == {
            key: text.encode() for key, text in stored.items()
        }
        assert doubled == []
        assert numbers[0] == numbers[1], "the journal has a gap"


def _owner(desk: Desk) -> tuple[str, ...]:
    return ("Owner",) if desk.name == OPERATORS[0] else ()


def _shows(desk: Desk, text: str) -> bool:
    feed = desk.inbox.feed
    return feed is not None and any(
        getattr(getattr(item, "message", None), "text", "") == text for item in feed.items
    )
