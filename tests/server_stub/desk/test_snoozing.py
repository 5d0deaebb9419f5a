"""Snoozing: a dialog is put off until a moment or the visitor's next message, and comes back by itself."""

from __future__ import annotations

from typing import Any

import pytest

from server_stub.protocol import DialogChanged, RunProgress
from server_stub.work import AlarmsDue, Rejected

MINUTE = 60_000
HOUR = 60 * MINUTE

BOT = """scenario: helper
title: Helper
status: live
trigger:
  - keyword: [help]
steps:
  - id: menu
    say: What is it?
    timeout: 2h
    options:
      - label: A person
        steps: [{handoff: {team: sales}}]
    no_answer:
      - handoff: {team: sales}
"""


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")


async def snoozed(shop: Any, until: int = 0) -> Any:
    """A dialog in which the visitor waits, put off."""
    await shop.write("Hello")
    return await shop.change(shop.dialog.id, status="snoozed", snooze_until=until)


class TestUntilAMoment:
    async def test_it_comes_back_then_and_says_so(self, shop: Any) -> None:
        until = shop.now + HOUR
        dialog = await snoozed(shop, until)
        assert (dialog.status, dialog.snoozed_until) == ("snoozed", until)
        await shop.wait(HOUR - 1)
        assert shop.dialogs("open") == []
        await shop.wait(1)
        assert (shop.dialog.id, shop.dialog.snoozed_until) == (dialog.id, 0)
        told = shop.last(DialogChanged)
        assert (told.by.kind, told.status, told.reason) == ("system", "open", "snooze ended")

    async def test_who_waited_has_waited_all_the_time(self, shop: Any) -> None:
        begun = shop.now
        await snoozed(shop, shop.now + HOUR)
        await shop.wait(HOUR)
        assert shop.dialog.waiting_since == begun

    async def test_another_moment_takes_its_place(self, shop: Any) -> None:
        dialog = await snoozed(shop, shop.now + HOUR)
        await shop.change(dialog.id, snooze_until=shop.now + 3 * HOUR)
        await shop.wait(2 * HOUR)
        assert shop.dialogs("open") == []
        await shop.wait(HOUR)
        assert shop.dialog.id == dialog.id

    async def test_what_opened_before_its_time_is_not_woken_again(self, shop: Any) -> None:
        dialog = await snoozed(shop, shop.now + HOUR)
        await shop.change(dialog.id, status="open")
        await shop.change(dialog.id, status="snoozed")
        await shop.wait(2 * HOUR)
        assert shop.dialogs("open") == []
        assert shop.store.alarms() == []

    async def test_a_server_that_was_down_makes_up_for_it_once(self, shop: Any) -> None:
        dialog = await snoozed(shop, shop.now + HOUR)
        shop.now += 5 * HOUR
        await shop.restart()
        await shop.desk.fire_due()
        assert shop.dialog.id == dialog.id
        told = len(shop.all(DialogChanged))
        await shop.desk.submit(AlarmsDue(alarms=(f"snooze:{dialog.id}",), at=shop.now))
        await shop.restart()
        await shop.desk.fire_due()
        assert len(shop.all(DialogChanged)) == told

    async def test_a_closed_dialog_does_not_come_back(self, shop: Any) -> None:
        dialog = await snoozed(shop, shop.now + HOUR)
        closed = await shop.change(dialog.id, status="closed")
        assert closed.snoozed_until == 0
        await shop.wait(2 * HOUR)
        assert shop.dialogs("open") == []

    @pytest.mark.parametrize(
        "changes",
        [
            {"status": "snoozed", "snooze_until": 1},
            {"status": "snoozed", "snooze_until": 10**14},
            {"status": "closed", "snooze_until": 2 * 10**12},
            {"snooze_until": 2 * 10**12},
        ],
    )
    async def test_a_moment_that_makes_no_sense_is_refused(self, shop: Any, changes: Any) -> None:
        await shop.write("Hello")
        with pytest.raises(Rejected) as refused:
            await shop.change(shop.dialog.id, **changes)
        assert refused.value.field == "snooze_until"
        assert shop.dialog.status == "open"


class TestUntilTheNextMessage:
    @pytest.mark.parametrize("until", [0, 1_772_452_800_000 + HOUR])
    async def test_his_message_brings_it_back_whatever_was_set(self, shop: Any, until: int) -> None:
        dialog = await snoozed(shop, until)
        await shop.wait(MINUTE)
        await shop.write("Hello?")
        assert (shop.dialog.id, shop.dialog.status, shop.dialog.snoozed_until) == (dialog.id, "open", 0)
        assert shop.store.alarms() == []
        told = shop.last(DialogChanged)
        assert (told.by.kind, told.status) == ("visitor", "open")

    async def test_nothing_else_does(self, shop: Any) -> None:
        await snoozed(shop)
        await shop.wait(30 * 24 * HOUR)
        assert shop.dialogs("open") == []

    async def test_an_operators_last_word_leaves_it_put_off(self, shop: Any) -> None:
        dialog = await snoozed(shop)
        await shop.send(dialog.id, "We will look into it")
        (row,) = shop.dialogs("snoozed")
        assert (row.last_text, row.waiting_since) == ("We will look into it", 0)

    async def test_whoever_starts_a_dialog_with_him_gets_this_one_open(self, shop: Any) -> None:
        dialog = await snoozed(shop)
        started = await shop.start_dialog(shop.visitor())
        assert (started.id, started.status) == (dialog.id, "open")


class TestForEverybodyElseItIsOpen:
    async def test_the_visitor_is_told_nothing_of_it(self, shop: Any) -> None:
        await snoozed(shop)
        assert (await shop.greet()).dialog_status == "open"

    async def test_there_is_no_other_open_dialog_beside_it(self, shop: Any) -> None:
        await shop.write("Hello")
        old = shop.dialog.id
        await shop.change(old, status="closed")
        shop.now += 25 * HOUR
        await snoozed(shop)
        with pytest.raises(Rejected) as refused:
            await shop.change(old, status="snoozed")
        assert refused.value.error == "conflict"

    async def test_a_closed_one_may_be_put_off_and_is_taken_up_with_it(self, shop: Any) -> None:
        await shop.write("Hello")
        await shop.change(shop.dialog.id, status="closed")
        (closed,) = shop.dialogs("closed")
        row = await shop.change(closed.id, status="snoozed", snooze_until=shop.now + HOUR)
        assert (row.status, row.holder) == ("snoozed", "people")
        await shop.wait(HOUR)
        assert shop.dialog.id == closed.id

    async def test_the_scenarios_see_no_difference(self, shop: Any) -> None:
        await shop.publish(BOT)
        await shop.write("help")
        lines = len(shop.all(RunProgress))
        await shop.change(shop.dialog.id, status="snoozed", snooze_until=shop.now + HOUR)
        await shop.wait(HOUR)
        assert len(shop.all(RunProgress)) == lines
        assert shop.dialog.holder == "bot"
        await shop.choose(shop.last_question().id, "a-person")
        assert (shop.dialog.holder, shop.dialog.team) == ("people", "sales")

    async def test_an_answer_by_button_brings_it_back(self, shop: Any) -> None:
        await shop.publish(BOT)
        await shop.write("help")
        await shop.change(shop.dialog.id, status="snoozed")
        await shop.choose(shop.last_question().id, "a-person")
        assert (shop.dialog.status, shop.dialog.waiting_since) == ("open", shop.now)

    async def test_what_a_bot_hands_over_is_not_left_put_off(self, shop: Any) -> None:
        await shop.publish(BOT)
        await shop.write("help")
        await shop.change(shop.dialog.id, status="snoozed")
        await shop.wait(2 * HOUR)
        assert (shop.dialog.holder, shop.dialog.waiting_since) == ("people", shop.now)


class TestOperatorsWhoLeave:
    async def test_their_snoozed_dialogs_are_nobodys_either(self, shop: Any) -> None:
        dialog = await snoozed(shop)
        await shop.change(dialog.id, "o2", assignee="me")
        await shop.dismiss("o2")
        (row,) = shop.dialogs("snoozed")
        assert row.assignee == ""
