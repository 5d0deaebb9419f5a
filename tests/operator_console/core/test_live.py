"""The stream over broken connections: nothing missed, nothing twice, and the screen is told."""

import asyncio
import itertools
import random

import pytest

from operator_console.client import Backoff, Connected, DeskClient, Lost, Refused, SignedOut
from server_stub.protocol import CaughtUp, Entries, StartOver, Typing, VisitorPresence


async def take(events, count: int) -> list:
    async with asyncio.timeout(5):
        return [await anext(events) for _ in range(count)]


def seqs(events) -> list[int]:
    return [entry.seq for event in events if isinstance(event, Entries) for entry in event.entries]


class TestWhatItYields:
    async def test_every_kind_of_frame(self, desk, client, entries) -> None:
        """Entries, heartbeat, typing and presence come as their types, after `Connected`."""

        async def speak(stream) -> None:
            await stream.send(entries(6, 7))
            await stream.send(CaughtUp(7))
            await stream.send(Typing("d1", text="hel"))
            await stream.send(VisitorPresence("v1", True))
            await stream.until_gone()

        desk.on_stream = speak
        events = client.stream(5)
        got = await take(events, 5)
        await events.aclose()
        assert got[0] == Connected()
        assert seqs(got) == [6, 7]
        assert got[2:] == [CaughtUp(7), Typing("d1", text="hel"), VisitorPresence("v1", True)]

    async def test_start_over_ends_the_stream(self, desk, client) -> None:
        """The console loads a snapshot and begins anew."""

        async def speak(stream) -> None:
            await stream.send(StartOver(900))
            await stream.until_gone()

        desk.on_stream = speak
        async with asyncio.timeout(5):
            assert [event async for event in client.stream(5)] == [Connected(), StartOver(900)]


class TestBreaks:
    async def test_it_resumes_behind_what_it_has_seen(self, desk, client, entries) -> None:
        """After each break the stream asks for what comes after the last entry."""
        asked: list[int] = []

        async def speak(stream) -> None:
            asked.append(stream.after)
            await stream.send(entries(stream.after + 1, stream.after + 2))

        desk.on_stream = speak
        events = client.stream(10)
        got = await take(events, 8)
        await events.aclose()
        assert seqs(got) == [11, 12, 13, 14, 15, 16]
        assert asked[:3] == [10, 12, 14]
        assert [type(event) for event in got[:4]] == [Connected, Entries, Lost, Connected]

    async def test_entries_that_come_again_are_dropped(self, desk, client, entries) -> None:
        """A server that repeats is harmless: whole frames vanish, mixed ones keep what is new."""

        async def speak(stream) -> None:
            await stream.send(entries(1, 2, 3))
            await stream.send(entries(1, 2))
            await stream.send(entries(2, 3, 4))
            await stream.until_gone()

        desk.on_stream = speak
        events = client.stream(0)
        got = await take(events, 3)
        await events.aclose()
        assert seqs(got) == [1, 2, 3, 4]

    async def test_a_server_that_was_killed_is_found_again(self, desk, client, run_server, entries) -> None:
        """The server goes away, comes back on its port, and the stream goes on."""
        connections = itertools.count()

        async def speak(stream) -> None:
            next(connections)
            await stream.send(entries(stream.after + 1))
            await stream.until_gone()

        desk.on_stream = speak
        async with run_server(desk) as url:
            port = int(url.rpartition(":")[2])
            other = DeskClient(url, "t", backoff=Backoff(first=0.01, cap=0.05))
            events = other.stream(0)
            assert seqs(await take(events, 2)) == [1]
        lost = await take(events, 2)
        assert all(isinstance(event, Lost) for event in lost)
        async with run_server(desk, port):
            async with asyncio.timeout(5):
                async for event in events:
                    if isinstance(event, Entries):
                        break
            assert seqs([event]) == [2]
            await events.aclose()
        await other.close()

    async def test_a_link_that_went_quiet_counts_as_lost(self, desk) -> None:
        """Without the heartbeat the link is dead, even if the socket looks open."""

        async def say_nothing(stream) -> None:
            await stream.until_gone()

        desk.on_stream = say_nothing
        client = DeskClient(desk.url, "t", silence_after=0.05, backoff=Backoff(first=0.01, cap=0.01))
        events = client.stream(0)
        got = await take(events, 3)
        await events.aclose()
        await client.close()
        assert [type(event) for event in got] == [Connected, Lost, Connected]
        assert got[1].reason == "The server has gone quiet."

    async def test_what_cannot_be_read_breaks_the_link(self, desk, client) -> None:
        """Garbage is reported and the stream begins again."""

        async def speak(stream) -> None:
            await stream.send_raw("{nonsense")
            await stream.until_gone()

        desk.on_stream = speak
        events = client.stream(0)
        got = await take(events, 3)
        await events.aclose()
        assert got[1].reason == "The server sent something unreadable."

    async def test_the_person_at_the_keyboard_can_hurry_it(self, desk) -> None:
        """`try_now` ends the pause."""
        desk.refuse_stream = (503, {"error": "busy", "detail": "Starting up."})
        client = DeskClient(desk.url, "t", backoff=Backoff(first=60, cap=60))
        events = client.stream(0)
        [lost] = await take(events, 1)
        assert lost.reason == "Starting up."
        assert 30 <= lost.retry_in <= 60
        waiting = asyncio.create_task(take(events, 1))
        desk.refuse_stream = None

        async def speak(stream) -> None:
            await stream.until_gone()

        desk.on_stream = speak
        while not waiting.done():
            client.try_now()
            await asyncio.sleep(0.005)
        assert await waiting == [Connected()]
        await events.aclose()
        await client.close()


class TestGivingUp:
    @pytest.mark.parametrize(("status", "error"), [(401, SignedOut), (403, Refused), (404, Refused)])
    async def test_where_trying_again_is_no_use(self, desk, client, status, error) -> None:
        """A wrong token or address ends the stream with the server's words."""
        desk.refuse_stream = (status, {"error": "no", "detail": "Not you."})
        with pytest.raises(error, match="Not you"):
            await take(client.stream(0), 1)


class TestBackoff:
    def test_it_doubles_up_to_its_cap(self) -> None:
        """Each delay lies between half of the doubled one and all of it."""
        backoff = Backoff(first=0.25, cap=10, jitter=random.Random(1))
        delays = [backoff.next() for _ in range(12)]
        wholes = [min(10, 0.25 * 2**n) for n in range(12)]
        assert all(whole / 2 <= delay <= whole for delay, whole in zip(delays, wholes, strict=True))

    def test_it_starts_anew_after_success(self) -> None:
        """A break after a good hour is retried at once."""
        backoff = Backoff(first=1, cap=100)
        for _ in range(6):
            backoff.next()
        backoff.reset()
        assert backoff.next() <= 1
