"""Events grouped by visit: when it was, how long, from where he came."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from operator_console.inbox.event_words import told
from operator_console.inbox.visit_words import Visit, by_visit
from server_stub.protocol import Entry, EntryBody, EventHappened, RunProgress

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOON = 1_767_268_800_000  # 1 January 2026, 12:00


def event(name: str, /, **properties: Any) -> EntryBody:
    return EventHappened(name, properties)


def visits_of(*happened: tuple[int, EntryBody], visits: int, seen: int = 1_000) -> list[Visit]:
    """Of (moment, what happened), oldest first."""
    entries = [Entry(number + 1, at, body, "v") for number, (at, body) in enumerate(happened)]
    return by_visit(told(entries[::-1]), visits, seen)


class TestVisits:
    def test_each_has_its_number_moment_length_and_source(self) -> None:
        utm = {"source": "google", "medium": "cpc", "campaign": "autumn"}
        last, first = visits_of(
            (NOON - DAY, event("Session Started", channel="direct")),
            (NOON - DAY, event("Page Viewed", title="Home")),
            (NOON - DAY + 6 * MINUTE, event("Page Viewed", title="Shoes")),
            (NOON, event("Session Started", channel="paid", utm=utm)),
            (NOON, event("Page Viewed", title="Sale")),
            visits=3,
        )
        assert (first.title(), first.when(NOON, UTC)) == ("Visit 2", "yesterday 12:00 · 6m")
        assert (last.title(), last.when(NOON, UTC), last.source) == (
            "Visit 3",
            "today 12:00",
            "google / cpc · autumn",
        )
        assert [line.detail for line in first.lines] == ["Shoes", "Home"]

    def test_a_visit_that_the_card_does_not_count_yet_has_the_next_number(self) -> None:
        last, first = visits_of(
            (NOON - DAY, event("Session Started")), (NOON, event("Session Started")), visits=1, seen=1
        )
        assert (first.number, last.number) == (1, 2)

    def test_what_comes_after_half_an_hour_belongs_to_no_visit(self) -> None:
        between, visit = visits_of(
            (NOON - 2 * DAY, event("Session Started")),
            (NOON - 2 * DAY, event("Page Viewed", title="Home")),
            (NOON - DAY, RunProgress("r", "cart_letter", "v1", "ended", result="done")),
            (NOON - DAY + HOUR, event("Order Refunded", order_id="A1")),
            visits=1,
        )
        assert visit.number == 1
        assert between.when(NOON, UTC) == "Yesterday, between visits"
        assert len(between.lines) == 2

    def test_reading_a_page_for_long_keeps_the_visit_together(self) -> None:
        [visit] = visits_of(
            (NOON, event("Session Started")),
            (NOON, event("Page Viewed", title="Guide", path="/guide")),
            (NOON + 25 * MINUTE, event("Page Scrolled", path="/guide", depth=90)),
            (NOON + 50 * MINUTE, event("Page Viewed", title="Cart")),
            visits=1,
        )
        assert visit.when(NOON + HOUR, UTC) == "today 12:00 · 50m"

    def test_what_is_older_than_the_first_loaded_beginning_stands_under_its_day(self) -> None:
        last, rest = visits_of(
            (NOON - DAY, event("Page Viewed", title="Home")), (NOON, event("Session Started")), visits=4
        )
        assert (rest.title(), rest.when(NOON, UTC)) == ("", "Yesterday")
        assert last.number == 4


class TestProductsOfAnOrder:
    def test_each_is_told_with_what_it_costs_in_all(self) -> None:
        products = [
            {"name": "Bulb", "price": 4.5, "quantity": 3},
            {"sku": "x-1"},
            "no product",
            {"name": ["no", "text"], "price": 10**400, "quantity": "many"},
        ]
        [line] = told([Entry(1, 0, event("Order Completed", products=products, currency="EUR"), "v")])
        assert line.goods == (("3 × Bulb", "13.50 EUR"), ("x-1", ""), ("—", ""))
        assert line.is_order

    def test_what_is_no_list_tells_of_no_products(self) -> None:
        [line] = told([Entry(1, 0, event("Cart Viewed", products={"name": "Bulb"}), "v")])
        assert line.goods == ()
