"""Why a scenario reached a visitor, or did not: from the journal, with the line and the value that it saw."""

from __future__ import annotations

import pytest

from server_stub.history.answers import EARLIER, NEVER, NOTHING, NoVisitorError, why_report
from server_stub.protocol import WhyReport

MINUTE, HOUR = 60_000, 3_600_000

LETTER = """scenario: letter
title: A letter
status: live
trigger:
  - event: Product Added
    where:
      - event.price > 10
audience:
  - email is known
  - visits >= 1
holdout: 0%
reentry: {times: once}
steps:
  - wait: 10m
  - id: mail
    email: {subject: Your cart, body: Hello}
"""


async def added(shop, price: float) -> None:
    await shop.track("Product Added", properties={"product_id": "p1", "price": price})


def why(shop, name: str = "", scenario: str = "letter", limit: int = 100) -> WhyReport:
    return why_report(shop.past(), scenario, name or shop.desk.visitor_of("a1"), shop.now + 1, limit)


class TestWhy:
    async def test_each_time_it_was_considered_with_the_line_that_decided(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        await added(shop, 5)
        await added(shop, 20)
        await shop.identify("a1", user="u1", email="ann@shop.example", name="Ann")
        await added(shop, 30)
        await shop.wait(HOUR)
        await added(shop, 40)
        report = why(shop)
        cheap, nameless, entered, again = report.considered
        assert (cheap.outcome, cheap.kind, cheap.event) == ("refused", "trigger", "Product Added")
        assert [(seen.line, seen.condition, seen.saw) for seen in cheap.conditions] == [
            (7, "event.price > 10", "5")
        ]
        assert (nameless.kind, nameless.conditions[0].line) == ("audience", 9)
        assert (nameless.conditions[0].condition, nameless.conditions[0].saw) == ("email is known", "unknown")
        assert entered.outcome == "entered"
        assert [(seen.line, seen.saw) for seen in entered.conditions] == [
            (7, "30"),
            (9, '"ann@shop.example"'),
            (10, "1"),
        ]
        assert (again.kind, again.conditions[0].condition) == ("re-entry", "1 times already")
        assert report.called == "Ann"

    async def test_the_steps_since_come_with_their_line_and_its_text(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        await shop.identify("a1", email="ann@shop.example")
        await added(shop, 30)
        await shop.wait(HOUR)
        (entered,) = why(shop).considered
        waits, ended = entered.steps[0], entered.steps[-1]
        mail = next(step for step in entered.steps if step.step == "mail")
        assert (waits.phase, waits.line, waits.text) == ("step", 14, "- wait: 10m")
        assert (mail.step, mail.result, mail.at) == (
            "mail",
            "email to ann@shop.example: Your cart",
            shop.now - HOUR + 10 * MINUTE,
        )
        assert (ended.phase, ended.result) == ("ended", "done")

    async def test_it_speaks_of_the_version_that_was_live_then(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        await added(shop, 30)
        await shop.publish(
            "\n".join(line for line in LETTER.splitlines() if "email is known" not in line) + "\n"
        )
        await added(shop, 30)
        first, second = why(shop).considered
        assert (first.outcome, second.outcome) == ("refused", "entered")
        assert first.version != second.version

    @pytest.mark.parametrize("name", ["u1", "ANN@shop.example", "U1"])
    async def test_a_visitor_is_found_by_his_email_and_his_user_id(self, shop, name) -> None:
        await shop.identify("a1", user="u1", email="ann@shop.example")
        assert why(shop, name).visitor == shop.desk.visitor_of("a1")

    async def test_one_who_became_another_is_asked_for_by_either_id(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/", "laptop")
        laptop = shop.desk.visitor_of("laptop")
        await shop.track("Product Added", "laptop", properties={"product_id": "p1", "price": 20})
        await shop.identify("phone", user="u1")
        await shop.identify("laptop", user="u1")
        assert why(shop, laptop).visitor == shop.desk.visitor_of("phone") != laptop
        assert len(why(shop, laptop).considered) == 1

    async def test_nobody_is_nobody(self, shop) -> None:
        with pytest.raises(NoVisitorError):
            why(shop, "nobody@shop.example")

    async def test_what_is_not_known_is_said(self, shop) -> None:
        await shop.identify("a1", user="u1")
        report = why(shop, scenario="letter")
        assert report.considered == ()
        assert NEVER.format("letter") in report.unknown
        assert NOTHING in report.unknown
        assert EARLIER not in report.unknown

    async def test_only_the_newest_are_told(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        for price in range(5):
            await added(shop, price)
        report = why(shop, limit=2)
        assert [one.conditions[0].saw for one in report.considered] == ["3", "4"]
        assert report.more

    async def test_the_journal_and_the_replay_agree(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        await shop.identify("a1", email="ann@shop.example")
        await added(shop, 30)
        await shop.wait(HOUR)
        await shop.tried("sent", channel="email")
        assert not any("journal" in sentence for sentence in why(shop).unknown)
