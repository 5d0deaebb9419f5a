"""The client, the stream and the queue against the real server, which is killed in between."""

import asyncio
import itertools
import time
from pathlib import Path
from random import Random

import pytest

from operator_console.client import Backoff, DeskClient, Refused, SignedOut
from operator_console.outgoing import Outgoing
from server_stub.demo_visitors.backend import BackEnd
from server_stub.demo_visitors.connection import Connection, opened
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import new_person
from server_stub.demo_visitors.visit import Visit
from server_stub.protocol import (
    CaughtUp,
    ChangeDialog,
    ChangeVisitor,
    Entries,
    Hello,
    MessageSent,
    NewMessage,
    SendMessage,
    TrackFrame,
    WriteFrame,
)

pytestmark = pytest.mark.slow


@pytest.fixture
async def served(make_server, free_ports):
    server = make_server(shop_port=free_ports[1])
    await asyncio.to_thread(server.start)
    return server


@pytest.fixture
async def operator(served):
    client = DeskClient(served.url, served.token, backoff=Backoff(first=0.02, cap=0.1))
    yield client
    await client.close()


def page_of(served, name: str) -> Connection:
    return Connection(
        served.url, Hello(key=served.write_key, locale="en", timezone="Europe/London"), {}, name
    )


class TestTheWholeInterface:
    async def test_a_dialog_from_both_sides(self, served, operator, tmp_path: Path) -> None:
        """Every call of the client, on a dialog with a visitor who is really there."""
        async with opened(page_of(served, "one")) as page:
            await page.ask(
                TrackFrame("t1", "Page Viewed", {"url": f"{served.shop_url}/", "path": "/", "title": "Home"})
            )
            await page.ask(WriteFrame("w1", "Is the vase \x1b[31mred\x1b[0m?"))
            [dialog] = (await operator.dialogs(status="open")).dialogs
            assert dialog.last_text == "Is the vase \x1b[31mred\x1b[0m?"  # stored raw

            attached = tmp_path / "size chart.txt"
            attached.write_bytes(b"S M L")
            ref = await operator.upload(attached)
            saved = await operator.download(ref, tmp_path / "in")
            assert (saved.name, saved.read_bytes()) == ("size chart.txt", b"S M L")

            await operator.change_dialog(dialog.id, ChangeDialog(assignee="me", add_tags=("vip",)))
            changed = await operator.change_visitor(
                dialog.visitor, ChangeVisitor({"name": "Ann", "email": "a@x.example"})
            )
            assert (changed.name, changed.email) == ("Ann", "a@x.example")
            assert (await operator.visitor(dialog.visitor)).online

            sent = await operator.send(dialog.id, _message("c1", "No, grey.", ref.id))
            again = await operator.send(dialog.id, _message("c1", "No, grey.", ref.id))
            assert sent.id == again.id
            assert (await self.heard(page)).text == "No, grey."
            await operator.mark_seen(dialog.id, sent.seq)

            feed = await operator.feed(dialog.id)
            texts = [entry.what.message.text for entry in feed.entries if isinstance(entry.what, MessageSent)]
            assert texts[0].startswith("Is the vase")
            assert texts.count("No, grey.") == 1
            assert (await operator.visitor_feed(dialog.visitor)).entries
            assert (await operator.events(dialog.visitor)).entries
            assert [found.dialog for found in (await operator.find("grey")).messages] == [dialog.id]
            assert (await operator.start_dialog(dialog.visitor)).id == dialog.id
            closed = await operator.change_dialog(dialog.id, ChangeDialog(status="closed"))
            assert (closed.status, closed.tags) == ("closed", ("vip",))
            assert (await operator.dialogs(status="open")).total == 0

    async def test_it_is_refused_in_words(self, served, operator) -> None:
        """A wrong token, an unknown dialog, an empty message."""
        stranger = DeskClient(served.url, "wrong")
        with pytest.raises(SignedOut):
            await stranger.me()
        with pytest.raises(SignedOut):
            await anext(stranger.stream(0))
        await stranger.close()
        with pytest.raises(Refused) as missing:
            await operator.feed("d_none")
        assert missing.value.status == 404
        assert missing.value.message

    async def heard(self, page: Connection):
        async with asyncio.timeout(5):
            while True:
                reply = await page.heard.get()
                if isinstance(reply, NewMessage) and reply.message.author.kind == "operator":
                    return reply.message


class TestKilledInBetween:
    async def test_nothing_is_lost_or_doubled(self, served, operator, tmp_path: Path, until) -> None:
        """Killed five times while operator and visitor write: each message is there once, in order."""
        async with opened(page_of(served, "two")) as page:
            await page.ask(WriteFrame("hello", "Hello"))
            [dialog] = (await operator.dialogs()).dialogs
            queue = Outgoing(
                operator.send,
                tmp_path / "outgoing",
                clock=lambda: time.time_ns() // 1_000_000,
                on_change=lambda *_: None,
                backoff=lambda: Backoff(first=0.02, cap=0.1),
            )
            seen: list[tuple[int, str]] = []
            reading = asyncio.create_task(self.read(operator, seen))
            numbers = itertools.count()
            for _ in range(5):
                for number in itertools.islice(numbers, 10):
                    queue.add(dialog.id, f"operator {number}")
                writing = asyncio.gather(*(self.write(page, next(numbers)) for _ in range(3)))
                await asyncio.sleep(0)
                await asyncio.to_thread(served.kill)
                await asyncio.to_thread(served.start)
                await asyncio.wait_for(writing, 20)
            await until(lambda: not queue.waiting(), 20, "the queue to be delivered")
            feed = await operator.feed(dialog.id, limit=500)
            stored = [
                entry.what.message.text for entry in feed.entries if isinstance(entry.what, MessageSent)
            ]
            assert len(stored) == len(set(stored))
            ours = [int(text.split()[1]) for text in stored if text.startswith("operator")]
            assert ours == sorted(ours)
            assert len(ours) == 50
            assert sum(text.startswith("visitor") for text in stored) == 15
            await until(lambda: len(seen) >= len(stored), 20, "the stream to have caught up")
            reading.cancel()
            assert [seq for seq, _ in seen] == sorted({seq for seq, _ in seen})
            assert [text for _, text in seen] == stored

    async def write(self, page: Connection, number: int) -> None:
        await page.ask(WriteFrame(page.next_id(), f"visitor {number}"))

    async def read(self, operator: DeskClient, seen: list[tuple[int, str]]) -> None:
        async for event in operator.stream(0):
            if isinstance(event, Entries):
                seen += [
                    (e.seq, e.what.message.text) for e in event.entries if isinstance(e.what, MessageSent)
                ]


class TestSimulatedVisitors:
    async def test_they_come_to_life_on_the_desk(self, served, operator) -> None:
        """A buyer's order and cart, his name and his way are on his card."""
        person = new_person(Random(3), 1, "buyer")
        back_end = BackEnd(served.url, served.write_key)
        life = Life(Random(3), pace=400)
        await Visit(served.url, served.write_key, served.shop_url, person, back_end, life).run()
        await back_end.close()
        entries = [event async for event in self.backlog(operator)]
        visitor = next(entry.visitor for entry in entries if entry.visitor)
        card = await operator.visitor(visitor)
        assert (card.name, card.email, card.orders) == (person.name, person.email, 1)
        assert card.revenue > 0
        assert card.cart.items == ()
        assert card.user_id == person.customer

    async def backlog(self, operator: DeskClient):
        async for event in operator.stream(0):
            if isinstance(event, CaughtUp):
                return
            if isinstance(event, Entries):
                for entry in event.entries:
                    yield entry


def _message(client_id: str, text: str, *files: str):
    return SendMessage(client_id, text, files=files)
