"""What concerns everybody: segments and silences after a publication, reaching each visitor once."""

from __future__ import annotations

import pytest

from server_stub.desk import rounds
from server_stub.protocol import EventHappened, RunProgress, ScenarioProblem, SegmentChanged

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

BUYERS = """segment: buyers
title: {en: Buyers, ru: Покупатели}
conditions:
  - did order_completed
"""
WELCOME = """scenario: welcome-buyer
title: Welcome
status: live
trigger:
  - segment: buyers
steps:
  - tag: welcomed
"""
SILENT = """scenario: silent
title: Silent
status: live
trigger:
  - inactive: 3d
steps:
  - tag: missed
"""


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "CHUNK", 3)


async def people(shop, number: int, event: str = "Product Viewed") -> None:
    await shop.desk.submit_all([shop.event(event, f"a{who}") for who in range(number)])


class TestSegments:
    async def test_who_fulfils_the_conditions_enters_and_what_waits_for_it_begins(self, shop) -> None:
        await shop.publish(WELCOME, segments=(BUYERS,))
        await shop.track("Page Viewed")
        assert shop.card().segments == ()
        await shop.track("Order Completed")
        assert shop.card().segments == ("buyers",)
        assert shop.card().tags == ("welcomed",)
        assert "Segment Entered" in shop.events()

    async def test_who_fulfils_them_already_is_in_it_silently(self, shop, small_chunks) -> None:
        await people(shop, 10, "Order Completed")
        await shop.publish(WELCOME, segments=(BUYERS,))
        await shop.rounds()
        assert {shop.card(f"a{who}").segments for who in range(10)} == {("buyers",)}
        assert shop.all(RunProgress) == []
        assert shop.store.segment_members() == {"buyers": 10}

    async def test_a_broken_file_leaves_its_last_good_version_also_over_a_restart(self, shop) -> None:
        await shop.publish(segments=(BUYERS,))
        problems = (ScenarioProblem(2, 1, "What is this?"),)
        await shop.publish(broken_segments=(("segments/buyers.yaml", problems),))
        assert shop.last(SegmentChanged).problems == problems
        await shop.restart()
        await shop.track("Order Completed")
        assert shop.card().segments == ("buyers",)
        (status,) = shop.desk.segments()
        assert (status.slug, status.title) == ("buyers", "Buyers")

    async def test_a_file_that_is_gone_ends_the_segment(self, shop) -> None:
        await shop.publish(segments=(BUYERS,))
        await shop.track("Order Completed")
        await shop.publish()
        await shop.rounds()
        assert shop.last(SegmentChanged).removed
        assert shop.card().segments == ()
        assert shop.store.segment_members() == {}

    async def test_reading_the_same_files_again_writes_nothing(self, shop) -> None:
        await shop.publish(SILENT, segments=(BUYERS,))
        await shop.rounds()
        before = shop.store.last_seq()
        await shop.publish(SILENT, segments=(BUYERS,))
        assert shop.store.last_seq() == before
        assert not shop.desk.in_rounds

    async def test_members_of_a_visitor_who_became_another_count_once(self, shop) -> None:
        await shop.publish(segments=(BUYERS,))
        await shop.track("Order Completed", "a1")
        await shop.track("Order Completed", "a2", user="u1")
        await shop.identify("a1", "u1")
        assert shop.store.segment_members() == {"buyers": 1}


class TestRounds:
    async def test_a_round_goes_on_where_it_was_after_a_restart(self, shop, small_chunks) -> None:
        await people(shop, 20, "Order Completed")
        await shop.publish(segments=(BUYERS,))
        assert shop.desk.in_rounds
        await shop.restart()
        assert shop.desk.in_rounds
        await shop.rounds()
        assert shop.store.segment_members() == {"buyers": 20}
        assert not [name for name in shop.store.memory() if name.startswith("round")]

    async def test_to_whom_something_happens_the_round_comes_first(self, shop, small_chunks) -> None:
        await people(shop, 20, "Order Completed")
        begun = shop.now
        await shop.publish(SILENT, segments=(BUYERS,))
        shop.now += HOUR
        await shop.track("Page Viewed", "a19", source="server")
        assert shop.card("a19").segments == ("buyers",)
        row = shop.store.visitors([shop.visitor("a19")])[shop.visitor("a19")]
        assert row.told_at == shop.now > begun
        await shop.rounds()

    async def test_who_comes_later_is_not_in_it(self, shop, small_chunks) -> None:
        await people(shop, 10)
        await shop.publish(SILENT)
        await shop.track("Page Viewed", "late")
        await shop.rounds()
        await shop.wait(3 * DAY)
        assert shop.card("late").tags == ("missed",)

    async def test_chats_are_answered_while_a_round_goes_on(self, shop, small_chunks) -> None:
        await people(shop, 60)
        await shop.publish(SILENT)
        await shop.write("Hello", "a59")
        assert shop.desk.in_rounds
        await shop.rounds()

    async def test_a_second_publication_does_what_the_first_had_still_to_do(self, shop, small_chunks) -> None:
        await people(shop, 20, "Order Completed")
        await shop.publish(segments=(BUYERS,))
        await shop.publish(SILENT, segments=(BUYERS,))
        await shop.rounds()
        assert shop.store.segment_members() == {"buyers": 20}
        shop.now += 3 * DAY
        assert await shop.desk.fire_due() == 20


class TestSilence:
    async def test_who_was_here_before_the_publication_is_missed_when_his_time_comes(self, shop) -> None:
        await shop.track("Page Viewed")
        await shop.wait(2 * DAY)
        await shop.publish(SILENT)
        await shop.rounds()
        await shop.wait(DAY - 1)
        assert shop.card().tags == ()
        await shop.wait(1)
        assert shop.card().tags == ("missed",)

    async def test_over_a_restart_and_once(self, shop) -> None:
        await shop.track("Page Viewed")
        await shop.publish(SILENT)
        await shop.rounds()
        shop.now += 4 * DAY
        await shop.restart()
        await shop.desk.fire_due()
        await shop.wait(10 * DAY)
        started = [what for what in shop.all(RunProgress) if what.phase == "started"]
        assert len(started) == 1

    async def test_whose_silence_is_longer_already_is_not_written_to(self, shop) -> None:
        await shop.track("Page Viewed")
        await shop.wait(30 * DAY)
        await shop.publish(SILENT)
        await shop.rounds()
        await shop.wait(30 * DAY)
        assert shop.card().tags == ()

    async def test_a_new_visit_begins_it_anew(self, shop) -> None:
        await shop.publish(SILENT)
        await shop.track("Page Viewed")
        await shop.wait(2 * DAY)
        await shop.track("Page Viewed")
        await shop.wait(2 * DAY)
        assert shop.card().tags == ()
        await shop.wait(DAY)
        assert shop.card().tags == ("missed",)
        assert EventHappened("Session Started") not in shop.all(EventHappened)
