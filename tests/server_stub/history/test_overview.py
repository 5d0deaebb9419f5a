"""Which scenarios were considered for a visitor, and what came of each the last time."""

from __future__ import annotations

import pytest

from server_stub.history.answers import NoVisitorError
from server_stub.history.overview import why_overview
from server_stub.protocol import WhyOverview

HOUR = 3_600_000

LETTER = """scenario: letter
title: A letter
status: live
trigger:
  - event: Product Added
audience:
  - email is known
steps:
  - email: {subject: Your cart, body: Hello}
"""
WELCOME = """scenario: welcome
title: Welcome
status: live
trigger:
  - event: Page Viewed
steps:
  - wait: 10d
  - say: Hello
"""


def overview(shop, name: str = "") -> WhyOverview:
    return why_overview(shop.past(), name or shop.desk.visitor_of("a1"), shop.now + 1)


class TestTheOverview:
    async def test_has_each_scenario_once_with_its_last_outcome(self, shop) -> None:
        await shop.publish(LETTER, WELCOME)
        await shop.page("/")
        await shop.wait(1000)
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        letter, welcome = overview(shop).scenarios
        assert (letter.scenario, letter.outcome, letter.kind, letter.line) == (
            "letter",
            "refused",
            "audience",
            7,
        )
        assert (letter.condition, letter.saw) == ("email is known", "unknown")
        assert (welcome.scenario, welcome.outcome, welcome.ended) == ("welcome", "entered", "")

    async def test_counts_how_often_and_tells_how_the_last_run_ended(self, shop) -> None:
        await shop.publish(LETTER)
        await shop.page("/")
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        await shop.identify("a1", user="u1", email="ann@shop.example", name="Ann")
        await shop.wait(HOUR)
        await shop.track("Product Added", properties={"product_id": "p1", "price": 5})
        found = overview(shop)
        (letter,) = found.scenarios
        assert (letter.outcome, letter.entered, letter.refused, letter.ended) == ("entered", 1, 1, "done")
        assert found.called == "Ann"
        assert overview(shop, "ann@shop.example") == found

    async def test_of_nobody_is_an_error_in_words(self, shop) -> None:
        with pytest.raises(NoVisitorError, match="There is no visitor 'nobody'"):
            overview(shop, "nobody")

    async def test_is_empty_where_nothing_happened_that_one_listens_to(self, shop) -> None:
        await shop.identify("a1", name="Ann")
        found = overview(shop)
        assert found.scenarios == ()
        assert found.unknown == ()
