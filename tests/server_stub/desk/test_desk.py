"""The writer itself: one commit for many, nothing before its commit, nothing half-done, and a restart that is none."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_stub.desk import tracking, works
from server_stub.desk.desk import Desk, Published
from server_stub.protocol import Entry, EventHappened, OperatorChanged
from server_stub.store.base import Batch, StoreError
from server_stub.store.memory import MemoryStore
from server_stub.store.sqlite import SqliteStore
from server_stub.work import Identity, Rejected, TrackEvent


class FailingStore(MemoryStore):
    """Refuses commits while `broken`, and counts those that it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.broken = False
        self.commits = 0

    def commit(self, batch: Batch) -> None:
        if self.broken:
            raise StoreError("the disk is full.")
        super().commit(batch)
        self.commits += 1


class TestGroups:
    async def test_what_is_submitted_together_is_one_commit(self, make_shop) -> None:
        store = FailingStore()
        shop = await make_shop(store).open()
        await asyncio.gather(*[shop.track("Product Viewed", f"a{number}") for number in range(50)])
        assert store.commits == 1
        assert store.counts()["visitors"] == 50
        await shop.desk.stop()

    async def test_what_comes_during_a_commit_is_the_next_one(self, make_shop) -> None:
        store = FailingStore()
        shop = await make_shop(store).open()
        first = asyncio.ensure_future(shop.track("Product Viewed"))
        while not shop.desk._busy:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        rest = [asyncio.ensure_future(shop.track("Product Viewed")) for _ in range(20)]
        await asyncio.gather(first, *rest)
        assert store.commits == 2
        await shop.desk.stop()

    async def test_more_than_a_batch_holds_becomes_several(self, make_shop) -> None:
        store = FailingStore()
        shop = await make_shop(store).open()
        await shop.desk.submit_all([shop.event("Product Viewed", source="server") for _ in range(1200)])
        assert store.commits == 3
        assert shop.desk.last_seq == 1200
        await shop.desk.stop()

    async def test_each_of_several_works_stands_or_falls_alone(self, shop) -> None:
        works = [shop.event("Product Viewed", who) for who in ("a1", "", "a2")]
        results = await shop.desk.submit_all(works)
        assert [type(result) for result in results] == [type(None), Rejected, type(None)]
        assert shop.events() == ["Session Started", "Product Viewed"] * 2
        assert await shop.desk.submit_all([]) == []


class TestPublishing:
    async def test_entries_are_published_in_order_once_after_they_can_be_read(self, shop) -> None:
        readable: list[bool] = []
        end = shop.desk.subscribe(
            lambda published: readable.append(shop.store.last_seq() >= published.entries[-1].seq)
        )
        for number in range(5):
            await shop.track(f"Event {number}")
        end()
        end()
        await shop.track("unheard")
        assert readable == [True] * 5
        assert shop.published == shop.journal()

    async def test_the_json_that_is_published_is_what_the_store_keeps(self, shop) -> None:
        encoded: list[bytes] = []
        shop.desk.subscribe(lambda published: encoded.extend(published.encoded))
        await shop.write("Zoë 🎉")
        assert [body for _, body in shop.store.encoded_entries(0, 100)] == encoded
        assert [msgspec.json.decode(body, type=Entry) for body in encoded] == shop.published

    async def test_whoever_is_answered_has_been_published(self, shop) -> None:
        message = await shop.write("Hello")
        assert shop.published[-1].seq == message.seq == shop.desk.last_seq

    async def test_a_subscriber_that_fails_hinders_nobody(self, shop, caplog) -> None:
        def fails(_: Published) -> None:
            raise ValueError("no")

        shop.desk.subscribe(fails)
        await shop.write("Hello")
        assert len(shop.published) == 2
        assert "a subscriber failed" in caplog.text


class TestFailing:
    async def test_a_commit_that_fails_is_told_to_all_and_leaves_nothing(self, make_shop) -> None:
        store = FailingStore()
        shop = await make_shop(store).open()
        await shop.page("/")
        seq, entries = shop.desk.last_seq, shop.journal()
        store.broken = True
        results = await asyncio.gather(
            shop.page("/cart"), shop.write("Hello"), shop.page("/", "a2"), return_exceptions=True
        )
        assert [type(result) for result in results] == [StoreError] * 3
        assert (shop.desk.last_seq, shop.journal(), shop.visitor("a2")) == (seq, entries, "")
        assert shop.published == entries
        store.broken = False
        assert (await shop.write("Hello")).seq == seq + 2
        assert shop.card().page.section == ""
        await shop.desk.stop()

    async def test_timers_whose_commit_failed_fire_later(self, make_shop) -> None:
        store = FailingStore()
        shop = await make_shop(store).open()
        await shop.publish(WAITING)
        await shop.page("/")
        store.broken = True
        with pytest.raises(StoreError):
            await shop.wait(30_000)
        store.broken = False
        assert await shop.wait(1000) == 1
        assert shop.said() == ["Hello"]
        await shop.desk.stop()

    async def test_a_work_that_goes_wrong_inside_leaves_the_others_alone(
        self, shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def explodes(tx: Any, work: TrackEvent) -> None:
            tracking.track(tx, work)
            if work.name == "Bomb":
                raise ZeroDivisionError

        monkeypatch.setitem(works._APPLY, TrackEvent, explodes)
        results = await asyncio.gather(
            shop.track("One"), shop.track("Bomb", "a2"), shop.track("Two"), return_exceptions=True
        )
        assert [type(result) for result in results] == [type(None), ZeroDivisionError, type(None)]
        assert shop.events() == ["Session Started", "One", "Two"]
        assert [entry.seq for entry in shop.journal()] == [1, 2, 3]
        assert "Bomb" not in str(shop.journal())

    async def test_a_caller_who_has_gone_hinders_nobody(self, shop) -> None:
        gone = asyncio.ensure_future(shop.track("One"))
        await asyncio.sleep(0)
        gone.cancel()
        await shop.track("Two")
        assert shop.events() == ["Session Started", "One", "Two"]


WAITING = """scenario: greeter
title: Greeter
status: live
trigger:
  - event: Page Viewed
reentry: {times: once}
steps:
  - wait: 30s
  - say: Hello
"""


class TestBeginningAndEnd:
    async def test_stopping_answers_what_was_submitted_and_takes_no_more(self, shop) -> None:
        waiting = [asyncio.ensure_future(shop.track(f"Event {number}")) for number in range(5)]
        await asyncio.sleep(0)
        await shop.desk.stop()
        assert all(work.done() and work.exception() is None for work in waiting)
        with pytest.raises(Rejected) as refused:
            await shop.track("too late")
        assert refused.value.status == 503
        await shop.desk.stop()

    async def test_a_desk_that_was_not_started_says_so(self, store) -> None:
        with pytest.raises(RuntimeError, match="not been started"):
            await Desk(store, clock=lambda: 0).submit(None)  # type: ignore[arg-type]

    async def test_nobody_is_online_after_a_restart(self, shop) -> None:
        await shop.hire()
        await shop.come()
        await shop.restart()
        assert shop.desk.world().operators_online == 0
        assert shop.last(OperatorChanged).online is False

    async def test_a_restart_at_any_moment_changes_nothing(self, make_shop) -> None:
        """The same works, once in one go and once with a new desk after each of them, give the same entries."""
        journals = []
        for restarts in (False, True):
            shop = await make_shop(MemoryStore()).open()
            for step in story(shop):
                await step()
                if restarts:
                    await shop.restart()
            journals.append([(entry.at, _without_ids(entry.what)) for entry in shop.journal()])
            await shop.desk.stop()
        assert journals[0] == journals[1]
        assert len(journals[0]) > 20


def story(shop: Any) -> list[Any]:
    """A day at the shop."""
    return [
        lambda: shop.hire(),
        lambda: shop.publish(WAITING),
        lambda: shop.page("/catalog/lamps"),
        lambda: shop.track("Product Added", properties={"product_id": "p1", "price": 5, "quantity": 1}),
        lambda: shop.wait(30_000),
        lambda: shop.write("How much is it?"),
        lambda: shop.send(shop.dialog.id, "Five", client_id="c-1"),
        lambda: shop.send(shop.dialog.id, "Five", client_id="c-1"),
        lambda: shop.identify("a1", "u1", name="Ann"),
        lambda: shop.page("/", "a2"),
        lambda: shop.identify("a2", "u1"),
        lambda: shop.write("Thanks", "a2"),
        lambda: shop.wait(30_000),
        lambda: shop.change(shop.dialog.id, status="closed"),
        lambda: shop.wait(40 * 60_000),
        lambda: shop.page("/", "a2"),
    ]


def _without_ids(what: Any) -> str:
    """The entry's text with everything that is made anew in each run (ids with random bits) taken out."""
    text = msgspec.json.encode(what).decode()
    return re.sub(r"[a-z]_[0-9a-f]{21}", "ID", text)


class TestCache:
    async def test_visitors_who_were_forgotten_are_read_again(
        self, store, make_shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("server_stub.desk.desk.VISITORS_KEPT", 3)
        shop = await make_shop(store).open()
        for _ in range(2):
            for number in range(10):
                await shop.track("Product Viewed", f"a{number}")
        assert [shop.card(f"a{number}").visits for number in range(10)] == [1] * 10
        assert shop.events().count("Product Viewed") == 20
        await shop.desk.stop()


KILLED = """
import asyncio, sys, time
from pathlib import Path
from server_stub.desk.desk import Desk
from server_stub.store.sqlite import SqliteStore
from server_stub.work import Identity, TrackEvent, VisitorWrites

def now():
    return time.time_ns() // 1_000_000

async def main():
    desk = Desk(SqliteStore(Path(sys.argv[1])), clock=now)
    await desk.start()
    async def shopper(number):
        count = 0
        while True:
            count += 1
            name = f"{sys.argv[2]}-{number}-{count}"
            if count % 5:
                await desk.submit(TrackEvent(who=Identity(f"a{number}"), name="Product Viewed", message_id=name,
                                             happened_at=now(), received_at=now(), source="widget"))
                print(f"e {name}", flush=True)
            else:
                message = await desk.submit(
                    VisitorWrites(anonymous_id=f"a{number}", text=name, frame=name, at=now()))
                print(f"m {message.id}", flush=True)
    await asyncio.gather(*[shopper(number) for number in range(8)])

asyncio.run(main())
"""


class TestCrashes:
    async def test_every_acknowledged_event_and_message_survives_a_kill(self, tmp_path: Path) -> None:
        path = tmp_path / "desk.db"
        for round_ in range(3):
            process = subprocess.Popen(
                [sys.executable, "-c", KILLED, str(path), str(round_)], stdout=subprocess.PIPE, text=True
            )
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(150)]
            process.kill()
            lines += [line for line in process.stdout.readlines() if line.endswith("\n")]
            process.wait()
            process.stdout.close()
            store = SqliteStore(path)
            events = {
                entry.what.message_id
                for entry in store.entries(0, 10**6)
                if type(entry.what) is EventHappened
            }
            acknowledged = [line.split() for line in lines]
            assert {name for kind, name in acknowledged if kind == "e"} <= events
            messages = [name for kind, name in acknowledged if kind == "m"]
            assert set(store.messages(messages)) == set(messages)
            seqs = [entry.seq for entry in store.entries(0, 10**6)]
            assert seqs == list(range(1, len(seqs) + 1))
            await self._goes_on(store)
            store.close()

    async def _goes_on(self, store: SqliteStore) -> None:
        desk = Desk(store, clock=lambda: 2_000_000_000_000)
        await desk.start()
        await desk.submit(
            TrackEvent(
                who=Identity("a0"), name="Back", happened_at=2_000_000_000_000, received_at=0, source="server"
            )
        )
        assert store.last_seq() == desk.last_seq
        await desk.stop()
