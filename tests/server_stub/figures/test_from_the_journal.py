"""The figures follow from the journal: counted anew it gives the same, and who is erased from it is in none of them."""

from __future__ import annotations

import random
from typing import Any

import pytest

from server_stub.figures.anew import NAME
from server_stub.protocol import MergeVisitors, OutboxChanged, PopupShown
from server_stub.settings import Settings, SiteSettings
from server_stub.work import FilesRemoved, OperatorErasesVisitor, OperatorMergesVisitors, RowTried

HOUR = 3_600_000
BOT = """scenario: bot
title: Bot
status: live
trigger: [{event: Go}]
reentry: {times: always}
goal: {event: Order Completed, within: 7d}
holdout: 20%
steps:
  - id: half
    split: [{name: a, weight: 1, steps: [{tag: a}]}, {name: b, weight: 1, steps: [{tag: b}]}]
  - id: menu
    say: What is it?
    timeout: 2h
    options: [{label: Delivery, id: delivery, steps: [{say: By courier}, {jump: menu}]}, {label: Nothing, id: nothing}]
    no_answer: [{tag: silent}]
"""
POPUP = """scenario: popup
title: Popup
status: live
trigger: [{event: Page Viewed}]
reentry: {times: always}
steps:
  - id: offer
    popup: {size: small, title: Hi, text: Hi, fields: [{input: email, label: Email, save_to: visitor.email}]}
    timeout: 1h
    on_close: [{id: sad, tag: sad}]
"""
LETTER = """scenario: letter
title: Letter
status: live
trigger: [{event: Product Added}]
reentry: {times: always, while_running: restart}
exit: [{event: Order Completed}]
steps: [{id: pause, wait: 3h}, {id: write, email: {subject: Hi, body: Hi}, on_error: [{tag: no-letter}]}]
"""
PEOPLE = [f"a{number}" for number in range(8)]


async def live(shop: Any, seed: int, steps: int = 120) -> None:
    """Some days of a small shop."""
    chance = random.Random(seed)
    await shop.hire()
    await shop.publish(BOT, POPUP, LETTER)
    for who in PEOPLE:
        await shop.track("Hello", who)
    for who in PEOPLE[:4]:
        await shop.identify(who, email=f"{who}@shop.example")
    for _ in range(steps):
        await _something(shop, chance, chance.choice(PEOPLE))


async def _something(shop: Any, chance: random.Random, who: str) -> None:
    match chance.choice(["event"] * 9 + ["wait", "answer", "popup", "see", "row"] * 3 + ["merge"]):
        case "event":
            await shop.track(chance.choice(["Go", "Page Viewed", "Product Added", "Order Completed"]), who)
        case "wait":
            await shop.wait(chance.choice([1_000, HOUR, 5 * HOUR, 30 * HOUR]))
        case "answer":
            await shop.write(chance.choice(["Delivery", "Nothing", "What?"]), who)
        case "popup":
            shown = [entry for entry in shop.journal() if isinstance(entry.what, PopupShown)]
            if shown:
                popup = chance.choice(shown).what.popup.id
                await shop.end_popup(
                    popup, chance.choice(["closed", "submitted"]), who, email="x@shop.example"
                )
        case "merge":
            await shop.alias(who, chance.choice(["u1", "u2"]))
        case "see":
            await shop.see(shop.store.last_seq(), chance.choice(["seen", "delivered"]), who)
        case "row":
            for planned in shop.all(OutboxChanged)[-3:]:
                status = chance.choice(["sent", "kept", "failed", "unknown"])
                await shop.desk.submit(RowTried(row=planned.id, status=status, error="no", at=shop.now))


def without_now(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures whose `seq` does not matter."""
    return {
        slug: (one.entered, one.goal, one.ended, one.days, one.steps, one.variants)
        for slug, one in figures.items()
    }


class TestCountedAnew:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    async def test_gives_the_same_figures(self, shop, counted, seed):
        await live(shop, seed)
        before = counted.everything()
        assert sum(step.reached for one in before.values() for step in one.steps) > 50
        await shop.desk.submit(_forgets(shop))
        await shop.restart()
        after = counted.everything()
        assert without_now(after) == without_now(before)

    async def test_happens_when_the_shop_moves_to_another_time_zone(self, shop, counted):
        await live(shop, 4, steps=30)
        before = counted.everything()
        shop.settings = Settings(site=SiteSettings(timezone="Pacific/Auckland"))
        await shop.restart()
        after = counted.everything()
        assert shop.store.memory()[NAME].endswith("Pacific/Auckland")
        assert {slug: one.entered for slug, one in after.items()} == {
            slug: one.entered for slug, one in before.items()
        }
        days = [[day.day for day in figures["letter"].days] for figures in (before, after)]
        assert days[0] != days[1]

    async def test_does_not_happen_at_every_start(self, shop, monkeypatch):
        await live(shop, 5, steps=10)

        def never(*_: Any) -> int:
            raise AssertionError("counted anew without need")

        monkeypatch.setattr(shop.store, "count_anew", never)
        await shop.restart()


def _forgets(shop: Any) -> Any:
    """A work after which the desk does not know any more how it has counted."""
    return FilesRemoved(names=(NAME,), at=shop.now)


class TestErased:
    async def test_takes_a_person_out_of_every_figure(self, shop, counted):
        await live(shop, 6)
        everybody = counted.everything()
        for who in PEOPLE:
            if visitor := shop.visitor(who):
                work = OperatorErasesVisitor(operator="o1", visitor=visitor, at=shop.now)
                await shop.desk.submit(work)
        nobody = counted.everything()
        assert sum(one.entered for one in everybody.values()) > 10
        assert all(not one.entered and not one.steps and not one.running for one in nobody.values())
        assert shop.store.counts()["figure_facts"] == 0

    async def test_leaves_what_others_did(self, shop, counted):
        await live(shop, 7)
        work = OperatorErasesVisitor(operator="o1", visitor=shop.visitor("a1"), at=shop.now)
        await shop.desk.submit(work)
        before = counted.everything()
        await shop.desk.submit(_forgets(shop))
        await shop.restart()
        assert without_now(counted.everything()) == without_now(before)

    async def test_with_those_who_became_him(self, shop, counted):
        await shop.publish(LETTER)
        await shop.hire()
        await shop.track("Product Added", "a1")
        await shop.track("Product Added", "a2")
        kept, gone = shop.visitor("a1"), shop.visitor("a2")
        merges = OperatorMergesVisitors(
            operator="o1", visitor=kept, request=MergeVisitors(gone=gone), at=shop.now
        )
        await shop.desk.submit(merges)
        assert counted.of("letter").entered == 2
        await shop.desk.submit(OperatorErasesVisitor(operator="o1", visitor=kept, at=shop.now))
        assert counted.of("letter").entered == 0
