"""What events say about a visitor; and that no site can make his state grow without end."""

from __future__ import annotations

import msgspec
import pytest

from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import (
    CART_LIMIT,
    NAMES_LIMIT,
    PROPERTIES_LIMIT,
    RECENT_LIMIT,
    VIEWED_LIMIT,
    CartItem,
)
from scenarios_yaml.engine.stimuli import Happened, PropertiesChanged

NOTHING = "steps: [{set: {run.a: b}}]\ntrigger: [{event: Never}]"


@pytest.fixture
def visitor(play):
    return play(NOTHING)


KEYS = (
    "product_id", "name", "price", "quantity", "products", "cart_id", "order_id", "total", "revenue", "url",
    "path", "utm", "email", "list", "segment", "scenario", "step", "referrer", "channel", "currency",
)  # fmt: skip
FOLDED = (
    "Page Viewed", "Session Started", "Product Viewed", "Product Added", "Product Removed", "Cart Viewed",
    "Order Completed", "Order Refunded", "Email Captured", "Subscribed", "Segment Entered", "Email Opened",
)  # fmt: skip
JUNK = (
    None, 5, -1e308, float("inf"), float("nan"), 10**400, "x" * 100_000, [], {}, [[[[[[[[1]]]]]]]], True,
    {"a": {"b": {}}}, "\ud800", "\x00", {1: 2}, object(),
)  # fmt: skip


class TestVisits:
    def test_a_session_counts_as_a_visit_and_keeps_where_it_came_from(self, visitor):
        visitor.event("Session Started", session_id="s1", channel="search", referrer="https://s.example")
        visitor.now += 86_400_000
        visitor.event("Session Started", session_id="s2", channel="email", utm={"campaign": "spring"})
        state = visitor.state
        assert (state.visits, state.session.id) == (2, "s2")
        assert (state.first_touch.channel, state.session.touch.channel) == ("search", "email")
        assert state.session.touch.utm == {"campaign": "spring"}
        assert (state.first_visit, state.last_visit) == (visitor.now - 86_400_000, visitor.now)

    def test_a_page_is_where_he_is_now(self, visitor):
        visitor.event("Session Started")
        visitor.event("Page Viewed", url="https://shop.example/sale/red?x=1#top", title="Red")
        visitor.event("Section Viewed", section="sale")
        page = visitor.state.page
        assert (page.path, page.title, page.section, page.at) == ("/sale/red", "Red", "sale", visitor.now)
        assert visitor.state.session.pages == 1

    def test_what_a_back_end_sends_is_no_visit(self, visitor):
        visitor.event("Email Opened")
        visitor.event("Order Completed", total=5)
        assert visitor.state.last_visit == 0


class TestCart:
    def test_is_filled_changed_and_emptied(self, visitor):
        visitor.event("Product Added", product_id="p1", name="Lamp", price=100, quantity=2, currency="EUR")
        visitor.event("Product Added", product_id="p1", price=100)
        visitor.event("Product Added", sku="p2", name="Chair", price="50")
        assert [(item.product_id, item.quantity) for item in visitor.state.cart.items] == [
            ("p1", 3),
            ("p2", 1),
        ]
        assert (visitor.state.cart.total, visitor.state.cart.currency) == (350, "EUR")
        visitor.event("Product Removed", product_id="p1", quantity=1)
        assert visitor.state.cart.total == 250
        visitor.event("Product Removed", product_id="p1")
        assert visitor.state.cart.total == 50
        visitor.event("Order Completed", order_id="o1", total=55)
        assert visitor.state.cart.items == []

    def test_is_what_cart_viewed_says(self, visitor):
        visitor.event("Product Added", product_id="old", price=1)
        visitor.event(
            "Cart Viewed", cart_id="c7", products=[{"product_id": "a", "price": 3}, {"name": "B"}, 5]
        )
        assert visitor.state.cart.items == [CartItem("a", price=3), CartItem("B", "B")]
        assert visitor.state.cart.id == "c7"

    def test_an_order_counts_once_however_often_it_is_told(self, visitor):
        for total in (100, 100):
            visitor.event("Order Completed", order_id="o1", total=total)
        visitor.event("Order Updated", order_id="o1", total=120)
        visitor.event("Order Completed", order_id="o2", revenue="30")
        assert (visitor.state.orders, visitor.state.revenue, visitor.state.order.id) == (2, 150, "o2")
        visitor.event("Order Refunded", order_id="o2")
        assert visitor.state.revenue == 120

    def test_an_order_without_lines_is_the_cart_that_it_empties(self, visitor):
        visitor.event("Product Added", product_id="p1", price=10)
        visitor.event("Order Completed", order_id="o1")
        assert visitor.state.order.total == 10
        assert visitor.state.order.products[0]["product_id"] == "p1"

    def test_viewed_products_newest_first_each_once(self, visitor):
        for product in ("a", "b", "a"):
            visitor.event("Product Viewed", product_id=product)
        assert [item.product_id for item in visitor.state.viewed] == ["a", "b"]


class TestAddresses:
    def test_a_captured_email_is_taken_where_none_is_known(self, visitor):
        visitor.event("Email Captured", email="one@shop.example")
        visitor.event("Email Captured", email="two@shop.example")
        assert visitor.state.properties["email"] == "one@shop.example"

    def test_lists_come_and_go(self, visitor):
        visitor.event("Subscribed", list="news")
        visitor.event("Unsubscribed", list="news")
        assert (visitor.state.lists, visitor.state.unsubscribed) == ([], ["news"])
        visitor.event("Subscribed", list="news")
        assert (visitor.state.lists, visitor.state.unsubscribed) == (["news"], [])

    def test_properties_come_and_go(self, visitor):
        visitor.change(plan="gold", note="x")
        visitor.change(plan=None)
        assert visitor.state.properties == {"note": "x"}

    def test_a_foreign_name_with_a_dot_is_one_name(self, visitor):
        visitor.change(**{"plan": "gold", "plan.name": "Gold"})
        assert visitor.state.properties == {"plan": "gold", "plan.name": "Gold"}
        visitor.change(**{"plan.name": None})
        assert visitor.state.properties == {"plan": "gold"}


class TestHostileSites:
    @pytest.mark.parametrize("name", FOLDED)
    @pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
    def test_no_value_raises(self, visitor, name, junk):
        visitor.event("Product Added", product_id="p", price=1)
        visitor.tell(Happened(name, dict.fromkeys(KEYS, junk)))
        lines = [junk, {"product_id": junk, "price": junk}]
        visitor.tell(Happened(name, {"products": lines, "utm": {"a": junk}}))

    def test_properties_that_are_no_mapping_are_none(self, visitor):
        visitor.tell(Happened("Page Viewed", [1, 2]))  # type: ignore[arg-type]
        assert visitor.state.history["pageviewed"].last == {}

    def test_the_state_has_an_upper_size(self, visitor):
        state = visitor.state
        for number in range(600):
            big = {f"k{n}": "x" * 5_000 for n in range(50)}
            for stimulus in (
                Happened(f"Event {number}", big),
                Happened("Product Added", {"product_id": f"p{number}", "price": 1, "name": "x" * 5_000}),
                Happened("Product Viewed", {"product_id": f"p{number}", "name": "x" * 5_000}),
                Happened("Email Opened", {"scenario": f"s{number}", "step": "x"}),
                Happened("Subscribed", {"list": f"l{number}"}),
                Happened("Segment Entered", {"segment": f"g{number}"}),
                PropertiesChanged({f"p{number}": "x" * 5_000}, (f"t{number}",)),
            ):
                state = advance(state, visitor.catalog, stimulus, visitor.now, visitor.world).state
        assert len(state.history) <= NAMES_LIMIT
        assert all(len(history.recent) <= RECENT_LIMIT for history in state.history.values())
        assert len(state.properties) <= PROPERTIES_LIMIT
        assert (len(state.cart.items), len(state.viewed)) == (CART_LIMIT, VIEWED_LIMIT)
        assert len(msgspec.json.encode(state)) < 1_000_000
