"""Broadcasts: once to everybody whom the audience matches, at their moment and never twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from server_stub.desk import rounds
from server_stub.protocol import BroadcastBegan, BroadcastEnded, EventHappened, RunProgress
from server_stub.settings import Settings, SiteSettings
from server_stub.store.sqlite import SqliteStore

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

DAILY = """scenario: daily
title: Daily
status: live
trigger:
  - schedule: "0 18 * * *"
audience:
  - tagged fan
reentry: {times: always}
steps:
  - emit: {event: Reached}
"""
ONCE = DAILY.replace("daily", "once").replace('schedule: "0 18 * * *"', 'at: "2026-03-02 18:00"')


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "CHUNK", 3)


async def fans(shop, number: int) -> None:
    """Visitors, each second of whom is a fan."""
    await shop.hire()
    await shop.desk.submit_all([shop.event("Page Viewed", f"a{who}") for who in range(number)])
    for who in range(0, number, 2):
        await shop.edit(shop.visitor(f"a{who}"), add_tags=("fan",))


def reached(shop) -> int:
    return shop.events().count("Reached")


class TestBroadcast:
    async def test_it_comes_at_its_moment_to_whom_the_audience_matches(self, shop) -> None:
        await fans(shop, 20)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR - 1)
        assert shop.all(BroadcastBegan) == []
        due = shop.now + 1
        await shop.wait(1)
        assert shop.last(BroadcastBegan).due == due
        await shop.rounds()
        assert shop.last(BroadcastEnded) == BroadcastEnded("daily", due, 20, 10)
        assert reached(shop) == 10
        await shop.wait(DAY)
        await shop.rounds()
        assert reached(shop) == 20

    async def test_nobody_is_asked_twice_over_a_restart_in_the_middle(self, shop) -> None:
        await fans(shop, 30)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        for _ in range(3):
            assert shop.desk.in_rounds
            await shop.restart()
        await shop.rounds()
        assert reached(shop) == 15
        ended = shop.last(BroadcastEnded)
        assert (ended.asked, ended.entered) == (30, 15)

    async def test_whoever_does_something_meanwhile_is_asked_first_as_he_was(self, shop) -> None:
        await fans(shop, 30)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.edit(shop.visitor("a28"), remove_tags=("fan",))
        await shop.edit(shop.visitor("a29"), add_tags=("fan",))
        await shop.rounds()
        assert "Reached" in shop.events("a28")
        assert "Reached" not in shop.events("a29")
        ended = shop.last(BroadcastEnded)
        assert (ended.asked, ended.entered) == (30, 15)

    async def test_one_who_becomes_another_meanwhile_is_asked_no_more_than_once(self, shop) -> None:
        await fans(shop, 30)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.identify("a28", "u1")
        await shop.identify("a26", "u1")
        await shop.rounds()
        assert reached(shop) == 15

    async def test_who_comes_after_its_moment_is_not_asked(self, shop) -> None:
        await fans(shop, 10)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.track("Page Viewed", "new")
        await shop.edit(shop.visitor("new"), add_tags=("fan",))
        await shop.rounds()
        assert "Reached" not in shop.events("new")
        assert shop.last(BroadcastEnded).asked == 10

    async def test_who_pauses_it_stops_it(self, shop) -> None:
        await fans(shop, 30)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.publish(DAILY.replace("live", "paused"))
        assert not shop.desk.in_rounds
        assert shop.last(BroadcastEnded).asked < 30
        await shop.publish(DAILY)
        await shop.rounds()
        assert len(shop.all(BroadcastBegan)) == 1

    async def test_two_at_once_reach_everybody_both(self, shop) -> None:
        await fans(shop, 10)
        await shop.publish(DAILY, ONCE)
        await shop.wait(6 * HOUR)
        await shop.track("Page Viewed", "a8")
        await shop.rounds()
        assert reached(shop) == 10
        assert [(end.asked, end.entered) for end in shop.all(BroadcastEnded)] == [(10, 5), (10, 5)]

    async def test_it_happens_in_the_shops_time_zone(self, store, make_shop) -> None:
        settings = Settings(site=SiteSettings(timezone="Europe/Prague"))
        shop = await make_shop(store, settings).open()
        await fans(shop, 2)
        await shop.publish(DAILY)
        await shop.wait(5 * HOUR)
        assert len(shop.all(BroadcastBegan)) == 1
        await shop.desk.stop()


KILLED = """
import asyncio, os, sys
from pathlib import Path
from server_stub.desk import rounds
from server_stub.desk.desk import Desk
from server_stub.store.sqlite import SqliteStore

rounds.CHUNK = 3

async def main():
    desk = Desk(SqliteStore(Path(sys.argv[1]), log_bytes=0), clock=lambda: int(sys.argv[2]))
    commits = 0
    def die(published):
        nonlocal commits
        commits += 1
        if commits == 4:
            os.kill(os.getpid(), 9)
    desk.subscribe(die)
    await desk.start()
    await desk.fire_due()
    await asyncio.sleep(30)

asyncio.run(main())
"""


class TestCrash:
    async def test_killed_in_the_middle_it_goes_on_and_reaches_everybody_once(
        self, tmp_path: Path, make_shop
    ) -> None:
        file = tmp_path / "desk.db"
        store = SqliteStore(file, log_bytes=0)
        shop = await make_shop(store).open()
        await fans(shop, 40)
        await shop.publish(DAILY)
        await shop.desk.stop()
        store.close()
        due = shop.now + 6 * HOUR
        killed = subprocess.run([sys.executable, "-c", KILLED, str(file), str(due)], timeout=60)
        assert killed.returncode == -9

        store = SqliteStore(file, log_bytes=0)
        shop = make_shop(store)
        shop.now = due + MINUTE
        await shop.open()
        assert 0 < reached(shop) < 20
        assert shop.desk.in_rounds
        await shop.rounds()
        assert reached(shop) == 20
        assert shop.all(BroadcastEnded) == [BroadcastEnded("daily", due, 40, 20)]
        assert len({entry.visitor for entry in shop.journal() if isinstance(entry.what, RunProgress)}) == 20
        await shop.desk.stop()
        store.close()


class TestMoments:
    async def test_one_that_was_slept_through_is_made_up_for(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(ONCE)
        await shop.desk.stop()
        shop.now += 10 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        await shop.rounds()
        assert reached(shop) == 2

    async def test_one_too_long_ago_is_missed_and_said_so(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(ONCE)
        due = shop.now + 6 * HOUR
        await shop.desk.stop()
        shop.now += 20 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        await shop.restart()
        await shop.desk.fire_due()
        assert shop.all(BroadcastEnded) == [BroadcastEnded("once", due, 0, 0, missed=True)]
        assert reached(shop) == 0

    async def test_of_several_only_the_last_is_made_up_for(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(DAILY)
        await shop.desk.stop()
        shop.now += 5 * DAY + 7 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        await shop.rounds()
        missed, ended = shop.all(BroadcastEnded)
        assert (missed.missed, ended.missed) == (True, False)
        assert ended.due == shop.now - HOUR
        assert reached(shop) == 2

    async def test_none_fires_again_when_the_clock_is_set_back(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.rounds()
        shop.now -= 2 * HOUR
        await shop.restart()
        await shop.wait(2 * HOUR)
        await shop.rounds()
        assert reached(shop) == 2

    async def test_a_moment_before_the_publication_never_fires(self, shop) -> None:
        await fans(shop, 4)
        await shop.wait(7 * HOUR)
        await shop.publish(ONCE)
        await shop.wait(DAY)
        assert shop.all(BroadcastBegan) == shop.all(BroadcastEnded) == []

    async def test_another_schedule_begins_with_its_publication(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(DAILY)
        await shop.wait(HOUR)
        await shop.publish(DAILY.replace("0 18", "30 12"))
        await shop.wait(6 * HOUR)
        assert shop.all(BroadcastBegan) == []
        await shop.wait(DAY)
        await shop.rounds()
        assert reached(shop) == 2

    async def test_another_text_changes_nothing_of_its_moment(self, shop) -> None:
        await fans(shop, 4)
        await shop.publish(DAILY)
        await shop.wait(HOUR)
        await shop.publish(DAILY.replace("title: Daily", "title: Every day"))
        await shop.wait(5 * HOUR)
        assert len(shop.all(BroadcastBegan)) == 1

    async def test_what_it_made_is_told_in_the_journal(self, shop) -> None:
        await fans(shop, 2)
        await shop.publish(DAILY)
        await shop.wait(6 * HOUR)
        await shop.rounds()
        (event,) = [what for what in shop.all(EventHappened) if what.name == "Reached"]
        assert event.scenario == "daily"
        assert [what.phase for what in shop.all(RunProgress)] == ["started", "step", "ended"]
