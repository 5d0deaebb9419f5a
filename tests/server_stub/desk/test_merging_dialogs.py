"""Two dialogs of one visitor become one."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server_stub.protocol import DialogMerged
from server_stub.work import Rejected

HOUR = 3_600_000

BOT = """scenario: helper
title: Helper
status: live
trigger:
  - keyword: [help]
steps:
  - id: menu
    say: What is it?
    options:
      - label: A person
        steps: [{handoff: {}}]
"""


@pytest.fixture(autouse=True)
async def operators(shop: Any) -> None:
    await shop.hire("o1", "Ann")
    await shop.hire("o2", "Bob")


async def two(shop: Any, second: str = "Second") -> tuple[str, str]:
    """An older closed dialog and an open one."""
    await shop.write("First")
    old = shop.dialog.id
    await shop.send(old, "Answer")
    await shop.change(old, status="closed", add_tags=("vip",), priority="high")
    shop.now += 25 * HOUR
    await shop.write(second)
    return old, shop.dialog.id


class TestIntoTheOlder:
    async def test_it_goes_on_as_the_open_one_did(self, shop: Any) -> None:
        old, new = await two(shop)
        await shop.change(new, "o2", assignee="me", add_tags=("refund",))
        row = await shop.merge_dialogs(old, new)
        assert (row.id, row.status, row.holder, row.assignee) == (old, "open", "people", "o2")
        assert (row.tags, row.priority) == (("vip", "refund"), "high")
        assert (row.last_text, row.last_author, row.unread, row.waiting_since) == (
            "Second",
            "visitor",
            1,
            shop.now,
        )
        assert shop.dialogs() == [row]

    async def test_its_messages_move_and_a_new_one_goes_there(self, shop: Any) -> None:
        old, new = await two(shop)
        await shop.merge_dialogs(old, new)
        assert (await shop.write("Third")).dialog == old
        feed = [
            entry.what.message.text
            for entry in shop.store.feed(dialog=old, before=0, limit=100)
            if hasattr(entry.what, "message") and hasattr(entry.what.message, "text")
        ]
        assert feed == ["First", "Answer", "Second", "Third"]
        assert shop.said() == ["First", "Answer", "Second", "Third"]

    async def test_the_journal_says_who_did_it(self, shop: Any) -> None:
        old, new = await two(shop)
        await shop.merge_dialogs(old, new)
        entry = next(entry for entry in shop.journal() if isinstance(entry.what, DialogMerged))
        assert (entry.dialog, entry.what.gone, entry.what.by.name) == (old, new, "Ann")

    async def test_what_has_become_a_part_is_not_there_any_more(self, shop: Any) -> None:
        old, new = await two(shop)
        await shop.merge_dialogs(old, new)
        for attempt in (
            shop.send(new, "Hi"),
            shop.change(new, status="closed"),
            shop.merge_dialogs(old, new),
        ):
            with pytest.raises(Rejected) as refused:
                await attempt
            assert refused.value.status == 404

    async def test_everything_is_the_same_after_a_restart(self, shop: Any) -> None:
        old, new = await two(shop)
        row = await shop.merge_dialogs(old, new)
        await shop.restart()
        assert shop.dialogs() == [row]
        assert (await shop.write("Third")).dialog == old

    async def test_a_bots_question_is_still_answered(self, shop: Any) -> None:
        await shop.publish(BOT)
        old, new = await two(shop, "help")
        row = await shop.merge_dialogs(old, new)
        assert (row.holder, row.waiting_since) == ("bot", 0)
        await shop.choose(shop.last_question().id, "a-person")
        assert (shop.dialog.id, shop.dialog.holder) == (old, "people")


class TestIntoTheOpenOne:
    async def test_it_takes_the_past_in(self, shop: Any) -> None:
        old, new = await two(shop)
        row = await shop.merge_dialogs(new, old)
        assert (row.id, row.status, row.last_text, row.tags) == (new, "open", "Second", ("vip",))
        assert row.opened_at < row.last_at

    async def test_what_is_to_be_said_there_is_said_here(self, shop: Any) -> None:
        old, new = await two(shop)
        waiting = await shop.send(old, "Later", send_at=shop.now + HOUR)
        await shop.merge_dialogs(new, old)
        assert [row.dialog for row in shop.store.alarms()] == [new]
        await shop.wait(HOUR)
        assert shop.store.messages([waiting.id])[waiting.id].dialog == new
        assert shop.dialog.last_text == "Later"

    async def test_a_snooze_is_taken_over_with_the_rest(self, shop: Any) -> None:
        old, new = await two(shop)
        await shop.change(new, status="snoozed", snooze_until=shop.now + HOUR)
        row = await shop.merge_dialogs(old, new)
        assert (row.status, row.snoozed_until) == ("snoozed", shop.now + HOUR)
        assert [row.id for row in shop.store.alarms()] == [f"snooze:{old}"]
        await shop.wait(HOUR)
        assert shop.dialog.id == old


class TestInOneCommit:
    async def test_with_what_is_written_before_and_after(self, shop: Any) -> None:
        old, new = await two(shop)
        await asyncio.gather(
            shop.write("Before"), shop.merge_dialogs(old, new), shop.write("After"), shop.send(old, "Hi")
        )
        assert shop.said() == ["First", "Answer", "Second", "Before", "After", "Hi"]
        messages = shop.store.visitor_messages(shop.visitor(), 0, 100)
        assert {message.dialog for message in messages} == {old}
        assert [row.id for row in shop.dialogs()] == [old]


class TestWhatIsRefused:
    async def test_of_two_visitors_of_itself_and_of_what_is_not_there(self, shop: Any) -> None:
        await shop.write("Hello", "a1")
        await shop.write("Hello", "a2")
        first, second = (row.id for row in shop.dialogs())
        for dialog, gone, error in (
            (first, second, "conflict"),
            (first, first, "invalid"),
            (first, "d_none", "not_found"),
            ("d_none", first, "not_found"),
        ):
            with pytest.raises(Rejected) as refused:
                await shop.merge_dialogs(dialog, gone)
            assert refused.value.error == error
        assert len(shop.dialogs("open")) == 2
