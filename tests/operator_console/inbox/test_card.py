"""The visitor card: what is known, what happens, and what the operator corrects."""

from __future__ import annotations

import pytest

from operator_console.inbox.card_lines import key_properties, money
from operator_console.inbox.visitor_card import problem_with


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
                "search · www.google.com", "autumn", "social · www.instagram.com", "16:00 · Europe/Tallinn"
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
