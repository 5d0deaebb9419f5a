"""Events: counted once, kept as they came, and what is derived from them."""

from __future__ import annotations

import asyncio

import pytest

from server_stub.protocol import EventHappened, VisitorChanged

MINUTE = 60_000
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1"


class TestOnce:
    async def test_an_event_sent_twice_counts_once(self, shop) -> None:
        for _ in range(2):
            await shop.track("Order Completed", message_id="same", properties={"total": 10})
        assert shop.events().count("Order Completed") == 1
        assert shop.card().revenue == 10

    async def test_twice_within_one_commit_counts_once(self, shop) -> None:
        event = shop.event("Order Completed", message_id="same")
        await asyncio.gather(*[shop.desk.submit(event) for _ in range(10)])
        assert shop.events().count("Order Completed") == 1

    async def test_events_without_an_id_all_count(self, shop) -> None:
        for _ in range(2):
            await shop.track("Product Viewed", message_id="")
        assert shop.events().count("Product Viewed") == 2


class TestWhatIsKept:
    async def test_an_event_keeps_its_properties_and_both_times(self, shop) -> None:
        properties = {"product_id": "p1", "price": 9.5, "nested": {"list": [1, None, "x"]}}
        shop.now += MINUTE
        await shop.track(
            "Product Viewed",
            properties=properties,
            message_id="m1",
            happened_at=shop.now - 5000,
            source="server",
        )
        (entry,) = shop.journal()
        assert entry.at == shop.now - 5000
        assert entry.what == EventHappened("Product Viewed", properties, "m1", shop.now)

    async def test_the_cart_is_on_the_card_as_it_happens(self, shop) -> None:
        lamp = {"product_id": "p1", "name": "Lamp", "price": 12.5, "quantity": 2}
        await shop.track("Product Added", properties=lamp)
        assert (shop.card().cart.items[0].name, shop.card().cart.total) == ("Lamp", 25)

    async def test_an_email_typed_anywhere_lands_on_the_card_and_is_told(self, shop) -> None:
        await shop.track("Email Captured", properties={"email": "ann@shop.example"})
        assert shop.card().email == "ann@shop.example"
        assert shop.last(VisitorChanged).changes == {"email": "ann@shop.example"}
        await shop.track("Email Captured", properties={"email": "other@shop.example"})
        assert shop.card().email == "ann@shop.example"

    async def test_traits_that_are_known_already_are_not_told_again(self, shop) -> None:
        await shop.identify("a1", "u1", plan="gold")
        await shop.identify("a1", "u1", plan="gold")
        assert len(shop.all(VisitorChanged)) == 1


class TestVisits:
    async def test_the_first_page_begins_a_visit_before_it_is_taken_in(self, shop) -> None:
        await shop.page("/")
        assert shop.events() == ["Session Started", "Page Viewed"]
        assert shop.all(EventHappened)[0].properties["first"] is True
        assert shop.card().visits == 1

    async def test_a_visit_goes_on_for_half_an_hour_after_the_last_sign_of_life(self, shop) -> None:
        await shop.page("/")
        for _ in range(3):
            shop.now += 29 * MINUTE
            await shop.track("Page Scrolled")
        assert shop.events().count("Session Started") == 1
        shop.now += 31 * MINUTE
        await shop.page("/cart")
        assert shop.events().count("Session Started") == 2
        assert shop.last(EventHappened).name == "Section Viewed"
        assert shop.card().visits == 2

    async def test_a_late_event_of_an_old_page_begins_no_visit(self, shop) -> None:
        await shop.page("/")
        await shop.track("Page Scrolled", happened_at=shop.now - 90 * MINUTE)
        assert shop.card().visits == 1

    async def test_a_back_end_begins_no_visit(self, shop) -> None:
        await shop.track("Order Completed", "", user="u1", source="server")
        assert shop.events() == ["Order Completed"]

    async def test_a_page_view_of_segments_browser_library_does(self, shop) -> None:
        context = {"page": {"url": "https://shop.example/", "referrer": ""}, "userAgent": PHONE}
        await shop.page("/", source="server", context=context)
        assert shop.events() == ["Session Started", "Page Viewed"]

    async def test_the_first_touch_stays_the_last_one_changes(self, shop) -> None:
        first = {"url": "https://shop.example/?utm_source=mail&utm_medium=email", "referrer": ""}
        await shop.track("Page Viewed", properties=first)
        shop.now += 60 * MINUTE
        second = {"url": "https://shop.example/", "referrer": "https://www.google.com/"}
        await shop.track("Page Viewed", properties=second)
        card = shop.card()
        assert (card.first_touch.channel, card.last_touch.channel) == ("email", "search")
        assert card.first_touch.utm == {"source": "mail", "medium": "email"}
        assert card.last_touch.referrer == "https://www.google.com/"

    async def test_device_and_language_are_learned_from_the_browser(self, shop) -> None:
        await shop.page("/", context={"userAgent": PHONE, "locale": "ru-RU", "timezone": "Europe/Moscow"})
        card = shop.card()
        assert card.device == "mobile · Safari, iOS"
        assert (card.locale, card.timezone) == ("ru-RU", "Europe/Moscow")


class TestSections:
    async def test_entering_a_section_is_an_event_staying_is_not(self, shop) -> None:
        for path in (
            "/",
            "/catalog/dresses",
            "/catalog/dresses/12",
            "/catalog/lamps",
            "/about",
            "/catalog/lamps",
        ):
            await shop.page(path)
        viewed = [what.properties for what in shop.all(EventHappened) if what.name == "Section Viewed"]
        assert viewed == [
            {"section": "dresses", "path": "/catalog/dresses"},
            {"section": "lamps", "path": "/catalog/lamps"},
            {"section": "lamps", "path": "/catalog/lamps"},
        ]
        assert shop.card().page.section == "lamps"

    @pytest.mark.parametrize("url", ["", 7, None, "https://[broken", "javascript:alert(1)", "\x00"])
    async def test_a_page_with_an_odd_address_is_taken_as_it_is(self, shop, url: object) -> None:
        await shop.track("Page Viewed", properties={"url": url, "referrer": url})
        assert shop.events() == ["Session Started", "Page Viewed"]
