"""The visitor card: what is known, what happens, and what the operator corrects."""

from __future__ import annotations

from typing import Any

import pytest

from operator_console.inbox.event_words import key_properties, told
from operator_console.inbox.value_words import money
from operator_console.inbox.visitor_card import problem_with
from server_stub.protocol import Entry, EntryBody, EventHappened, Popup, PopupShown, RunProgress


class TestWhatItShows:
    async def test_who_he_is_his_cart_and_where_he_came_from(self, desks, console) -> None:
        async with console(desks.lively(), size=(160, 70)) as it:
            await it.open("Anna Petrova")
            await it.sees(
                "anna.petrova@mail.example",
                "Returning",
                "118.50 EUR",
                "2 × Bulb E27, warm",
                "2 orders before",
            )
            await it.sees(
                "search · www.google.com", "autumn", "social · www.instagram.com", "16:00 at his place"
            )
            await it.sees("Tartu", "on the site now", "linen shade")

    async def test_events_come_as_they_happen(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk, size=(160, 70)) as it:
            await it.open("Anna Petrova")
            await it.sees("Cart Viewed")
            desk.happen("v_anna", "Checkout Started", total=118.5, currency="EUR")
            await it.sees("Checkout Started", "118.50 EUR")


class TestEditing:
    async def test_an_email_is_corrected_in_place(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("e")
            await it.type("sofia@mail.example")
            await it.press("enter")
            await it.until(lambda: desk.cards["v_sofia"].email == "sofia@mail.example")
            await it.sees("sofia@mail.example")

    async def test_what_is_no_email_is_not_kept_and_says_why(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("e")
            await it.type("sofia")
            await it.press("enter")
            await it.sees("An email looks like anna@shop.example.")
            await it.press("escape")
            await it.misses("An email looks like")
            assert desk.cards["v_sofia"].email == ""

    async def test_a_new_name_shows_in_the_list(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Visitor from Riga")
            it.inbox.card_pane.query_one("#card-name").focus()
            await it.until(lambda: it.app.focused is it.inbox.card_pane.query_one("#card-name"))
            it.inbox.card_pane.query_one("#card-name").value = "Inga Ozola"
            await it.press("enter")
            await it.until(
                lambda: any(row.visitor_name == "Inga Ozola" for row in it.inbox.mirror.rows.values())
            )

    async def test_a_property_is_set(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("p")
            await it.type("size")
            await it.press("enter")
            await it.type("M")
            await it.press("enter")
            await it.until(lambda: desk.cards["v_sofia"].properties == {"size": "M"})

    @pytest.mark.parametrize(
        ("field", "value", "is_good"),
        [
            ("email", "a@b.example", True),
            ("email", "", True),
            ("email", "a b@c.example", False),
            ("email", "a@b", False),
            ("phone", "+372 (55) 501-99", True),
            ("phone", "12", False),
            ("phone", "call me", False),
            ("name", "x" * 201, False),
        ],
    )
    def test_what_is_accepted(self, field: str, value: str, is_good: bool) -> None:
        assert (problem_with(field, value) == "") is is_good


class TestWhatHeDid:
    """The list of events as words: newest first, as the card shows it."""

    def test_scrolling_is_told_once_a_page_under_its_view_by_the_deepest_place(self) -> None:
        lines = told(
            journal(
                event("Page Viewed", title="Delivery", path="/delivery"),
                event("Page Scrolled", path="/delivery", depth=25),
                PopupShown(Popup("p", "s", "small", "10 % off", "", 0)),
                event("Page Scrolled", path="/delivery", depth=75),
                event("Page Scrolled", path="/delivery", depth=50),
                event("Page Viewed", title="Shoes", path="/shoes"),
            )
        )
        assert [(line.name, line.detail, line.under) for line in lines] == [
            ("Page Viewed", "Shoes", ""),
            ("Pop-up shown", "10 % off", ""),
            ("Page Viewed", "Delivery", "read to 75 %"),
        ]

    def test_a_pages_title_goes_without_the_shops_name(self) -> None:
        entries = journal(
            event("Page Viewed", title="Shoes · Lamp & Linen"),
            event("Page Viewed", title="Lamp & Linen | Shoes"),
            event("Page Viewed", title="Lamp & Linen", path="/"),
        )
        assert [line.detail for line in told(entries, "Lamp & Linen")] == ["Lamp & Linen", "Shoes", "Shoes"]

    def test_scrolling_without_its_page_view_is_one_line_and_each_visit_counts_alone(self) -> None:
        lines = told(
            journal(
                event("Page Scrolled", path="/shoes", depth=25),
                event("Page Scrolled", path="/shoes", depth=50),
                event("Session Started", channel="direct"),
                event("Page Scrolled", path="/shoes", depth=10),
            )
        )
        assert [(line.name, line.detail, line.under) for line in lines] == [
            ("Page Scrolled", "/shoes", "read to 10 %"),
            ("Session Started", "direct", ""),
            ("Page Scrolled", "/shoes", "read to 50 %"),
        ]

    @pytest.mark.parametrize(
        ("name", "properties", "detail"),
        [
            ("Product List Viewed", {"category": "dresses/new", "products": [{}, {}]}, "dresses › new"),
            ("Product Viewed", {"sku": "x", "name": "Lamp", "price": 89.0, "url": "/p/1"}, "Lamp · 89"),
            (
                "product_added",
                {"name": "Bulb", "price": 5, "quantity": 2, "currency": "EUR"},
                "2 × Bulb · 5 EUR",
            ),
            (
                "Session Started",
                {"channel": "referral", "referrer": "https://weddings.example/a?b", "session_id": "s_1"},
                "referral · weddings.example",
            ),
            ("Exit Intent", {"path": "/checkout", "how": "mouse"}, ""),
            (
                "Checkout Started",
                {"cart_id": "c", "value": 3990.0, "products": [{}, {}]},
                "2 products · 3,990",
            ),
            (
                "Order Completed",
                {"order_id": "A17", "total": 12.5, "products": [{}]},
                "A17 · 1 product · 12.50",
            ),
            ("Products Searched", {"query": "red"}, "“red”"),
            ("Payment Info Entered", {"cart_id": "c", "payment_method": "card"}, "card"),
            ("Wheel Turned", {"prize_won": True}, "prize won yes"),
            ("Page Viewed", {"url": "https://shop.example/p/1?x=2"}, "/p/1?x=2"),
            ("Product Viewed", {"name": ["no text"], "price": 10**400, "quantity": float("inf")}, ""),
        ],
    )
    def test_an_event_is_told_by_what_matters_of_it(self, name: str, properties: dict, detail: str) -> None:
        assert [line.detail for line in told(journal(event(name, **properties)))] == [detail]

    @pytest.mark.parametrize(
        ("result", "words"),
        [
            ("done", "ended: it went through all its steps"),
            ("pop-up closed", "ended: the pop-up was closed"),
            ("dropped: busy with people who hold the dialog", "said nothing: people have the dialog"),
            ("dropped: still busy with the question of help_bot", "said nothing: help_bot was asking"),
            (
                'audience: email is unknown ("ann@shop.example")',
                "ended: no longer true that email is unknown",
            ),
            ("exit: Order Completed", "ended early: Order Completed"),
            ("closed: wants no help", "closed the dialog: wants no help"),
            ("something \x1b[2J new", "ended: something \ufffd new"),
        ],
    )
    def test_what_became_of_a_scenario_is_told_in_words(self, result: str, words: str) -> None:
        assert [line.detail for line in told(journal(run("r1", "ended", result)))] == [words]

    def test_a_run_that_gave_way_or_began_anew_is_told_once(self) -> None:
        lines = told(
            journal(
                run("r1", "started", "on Page Viewed"),
                run("r1", "ended", "restarted"),
                run("r2", "started", "on Product Viewed"),
                run("r3", "started", "on Exit Intent"),
                run("r3", "ended", "dropped: busy with people who hold the dialog"),
                event("Exit Intent"),
                run("r4", "ended", "dropped: busy with people who hold the dialog"),
            )
        )
        assert [line.detail for line in lines] == [
            "said nothing: people have the dialog (2 times)",
            "",
            "started on Product Viewed",
        ]


def event(name: str, /, **properties: Any) -> EntryBody:
    return EventHappened(name, properties)


def run(number: str, phase: Any, result: str) -> EntryBody:
    return RunProgress(number, "site_bonus_popup", "v1", phase, result=result)


def journal(*bodies: EntryBody) -> list[Entry]:
    """Entries newest first, of things told oldest first."""
    return [Entry(number + 1, number, body, "v") for number, body in enumerate(bodies)][::-1]


class TestWords:
    def test_the_telling_properties_come_first(self) -> None:
        assert (
            key_properties({"sku": "x", "name": "Lamp", "price": 89.0, "currency": "EUR"}) == "Lamp · 89 EUR"
        )
        assert key_properties({"url": "https://shop.example/p/1?x=2"}) == "/p/1?x=2"

    def test_money(self) -> None:
        assert money(1200.0, "EUR") == "1,200 EUR"
        assert money(19.5) == "19.50"
        assert money(19.0, cents=True) == "19.00"
