"""What the visitor's card says beside what scenarios know: his devices and his place."""

from __future__ import annotations

from typing import Any

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit Version/17.0 Mobile Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0"
HOUR = 3_600_000


class TestDevices:
    async def test_all_that_he_came_with_the_last_one_first(self, shop: Any) -> None:
        for agent in (DESK, PHONE, DESK):
            await shop.page("/", context={"userAgent": agent})
            shop.now += HOUR
        card = shop.card()
        assert card.devices == ("desktop · Firefox, Linux", "mobile · Safari, iOS")
        assert card.device == card.devices[0]

    async def test_they_are_known_after_a_restart(self, shop: Any) -> None:
        await shop.page("/", context={"userAgent": PHONE})
        await shop.restart()
        assert shop.card().devices == ("mobile · Safari, iOS",)

    async def test_those_of_two_who_are_one_person_come_together(self, shop: Any) -> None:
        await shop.page("/", context={"userAgent": PHONE}, user="u1")
        await shop.page("/", "a2", context={"userAgent": DESK})
        await shop.identify("a2", "u1")
        assert set(shop.card().devices) == {"mobile · Safari, iOS", "desktop · Firefox, Linux"}


class TestPlace:
    async def test_the_context_of_his_visit_tells_it(self, shop: Any) -> None:
        await shop.page("/", context={"location": {"city": "Brno", "country": "Czechia"}})
        assert shop.card().place == "Brno, Czechia"
        await shop.restart()
        assert shop.card().place == "Brno, Czechia"

    async def test_what_the_shop_says_goes_before_it(self, shop: Any) -> None:
        await shop.page("/", context={"location": {"city": "Brno"}})
        await shop.identify("a1", address={"city": "Praha", "country": "Czechia"})
        assert shop.card().place == "Praha, Czechia"
        await shop.identify("a1", city="Plzeň")
        assert shop.card().place == "Plzeň"

    async def test_what_is_no_place_is_none(self, shop: Any) -> None:
        await shop.page("/", context={"location": ["Brno"]})
        await shop.identify("a1", city=None, address="somewhere")
        assert shop.card().place == ""
