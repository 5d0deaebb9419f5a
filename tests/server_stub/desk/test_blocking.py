"""A visitor whom operators have blocked: no scenario goes on with him or takes him in, until he is unblocked."""

from __future__ import annotations

from typing import Any

from server_stub.protocol import MessageSent, PopupShown, QuestionClosed, RunProgress, VisitorChanged

BOT = """scenario: bot
title: Bot
status: live
trigger: [{event: Chat Opened}]
reentry: {while_running: parallel}
steps:
  - id: menu
    say: What is it?
    timeout: 1d
    options: [{label: Delivery, steps: [{say: By courier.}]}]
"""
SERIES = """scenario: series
title: Series
status: live
trigger: [{event: Product Added}]
reentry: {while_running: parallel}
steps: [{wait: 10m}, {popup: {size: small, title: Hi, text: There, button: {label: Go}}, timeout: 1h}]
"""
MINUTE = 60_000


class TestBlocking:
    async def test_it_ends_what_is_on_its_way_and_takes_the_question_from_his_screen(self, shop: Any) -> None:
        await shop.hire()
        await shop.publish(BOT, SERIES)
        await shop.track("Chat Opened")
        await shop.track("Product Added")
        card = await shop.edit(shop.visitor(), blocked=True)
        assert card.blocked
        assert [p.result for p in shop.all(RunProgress) if p.phase == "ended"] == ["blocked", "blocked"]
        assert len(shop.all(QuestionClosed)) == 1
        assert await shop.wait(11 * MINUTE) == 0
        assert not shop.all(PopupShown)

    async def test_the_journal_says_who_did_it_and_says_it_once(self, shop: Any) -> None:
        await shop.hire()
        await shop.track("Chat Opened")
        for _ in range(2):
            await shop.edit(shop.visitor(), blocked=True)
        changes = [what for what in shop.all(VisitorChanged) if what.by.id == "o1"]
        assert [what.blocked for what in changes] == [True]

    async def test_no_scenario_takes_him_in_while_what_he_does_is_still_counted(self, shop: Any) -> None:
        await shop.hire()
        await shop.publish(BOT)
        await shop.page("/")
        await shop.edit(shop.visitor(), blocked=True)
        await shop.track("Chat Opened")
        assert not shop.all(MessageSent)
        assert "Chat Opened" in shop.events("a1")

    async def test_after_a_restart_he_is_still_blocked(self, shop: Any) -> None:
        await shop.hire()
        await shop.publish(BOT)
        await shop.page("/")
        await shop.edit(shop.visitor(), blocked=True)
        await shop.restart()
        assert shop.card().blocked
        await shop.track("Chat Opened")
        assert not shop.all(MessageSent)

    async def test_who_is_unblocked_is_spoken_to_again(self, shop: Any) -> None:
        await shop.hire()
        await shop.publish(BOT)
        await shop.page("/")
        await shop.edit(shop.visitor(), blocked=True)
        card = await shop.edit(shop.visitor(), blocked=False)
        assert not card.blocked
        await shop.track("Chat Opened")
        assert shop.said() == ["What is it?"]

    async def test_it_stays_with_the_person_when_his_browser_turns_out_to_be_a_known_one(
        self, shop: Any
    ) -> None:
        await shop.hire()
        await shop.publish(BOT)
        await shop.identify(user="u1", name="Ann")
        await shop.track("Chat Opened")
        await shop.edit(shop.visitor(), blocked=True)
        await shop.identify("a1", "u1")
        assert shop.card().blocked
        await shop.track("Chat Opened")
        assert shop.said() == ["What is it?"]
        assert [p.phase for p in shop.all(RunProgress)].count("started") == 1
