"""The cart with pictures: half blocks in the full card, fetched from the web with care."""

from __future__ import annotations

import pytest

from operator_console.person import fetching
from operator_console.person.fetching import NotFetched, fetch_picture
from operator_console.person.thumbnails import Thumbnails
from operator_console.preferences import Preferences
from server_stub.protocol import Cart, CartItem, VisitorCard


class TestWhatIsFetched:
    async def test_a_picture_of_the_shops_own_host(self, web, png) -> None:
        web.pages["/lamp.png"] = png
        assert await fetch_picture(f"{web.url}/lamp.png", "127.0.0.1") == png
        assert "cookie" not in web.asked[0]
        assert web.asked[0]["host"] == web.url.removeprefix("http://")

    async def test_a_strangers_address_inside_of_this_house_is_not_asked(self, web, png) -> None:
        web.pages["/lamp.png"] = png
        for url in (f"{web.url}/lamp.png", web.url.replace("127.0.0.1", "localhost") + "/lamp.png"):
            with pytest.raises(NotFetched, match="public web"):
                await fetch_picture(url, "shop.example")
        assert web.asked == []

    async def test_nor_where_the_shops_host_leads_to_one(self, web) -> None:
        web.pages["/away"] = web.url.replace("127.0.0.1", "localhost") + "/lamp.png"
        with pytest.raises(NotFetched, match="public web"):
            await fetch_picture(f"{web.url}/away", "127.0.0.1")
        assert [one["path"] for one in web.asked] == ["/away"]

    @pytest.mark.parametrize(
        "url",
        [
            "file:///etc/passwd",
            "ftp://a.example/x.png",
            "http://",
            "http://u:p@127.0.0.1/",
            "http://[::1",
            "x" * 3000,
        ],
    )
    async def test_only_addresses_of_the_web(self, url) -> None:
        with pytest.raises(NotFetched):
            await fetch_picture(url, "127.0.0.1")

    async def test_what_is_missing_too_large_or_goes_round_in_circles(self, web, monkeypatch) -> None:
        monkeypatch.setattr(fetching, "MAX_BYTES", 1_000)
        web.pages |= {"/large.png": b"x" * 1_001, "/round": "/round"}
        for path in ("/none.png", "/large.png", "/round"):
            with pytest.raises(NotFetched):
                await fetch_picture(web.url + path, "127.0.0.1")


class TestThumbnails:
    def card(self, *urls: str) -> VisitorCard:
        items = tuple(CartItem(f"p{number}", image_url=url) for number, url in enumerate(urls))
        return VisitorCard("v", 1, cart=Cart(items))

    async def test_each_is_asked_for_once_and_a_broken_one_keeps_no_other_back(self, web, png) -> None:
        web.pages |= {"/a.png": png, "/b.png": b"\x89PNG but broken"}
        card = self.card(f"{web.url}/a.png", f"{web.url}/b.png", f"{web.url}/a.png")
        arrived: list[bool] = []
        pictures = Thumbnails(lambda: arrived.append(True))
        await pictures.load(pictures.wanted(card), "#101010", web.url)
        assert pictures.wanted(card) == []
        assert len(arrived) == 1
        assert len(pictures.of(f"{web.url}/a.png").lines) == 5
        assert pictures.of(f"{web.url}/b.png") is None
        assert sorted(one["path"] for one in web.asked) == ["/a.png", "/b.png"]


class TestTheCartWithPictures:
    async def visitor_with_cart(self, served, url: str) -> None:
        anna = await served.visitor("Anna")
        await anna.does(
            "Product Added", product_id="L1", name="Lamp Fjord", price=89, currency="EUR", image_url=url
        )
        await anna.writes("Hello")

    async def test_pictures_stand_beside_the_products_and_i_hides_them(
        self, served, full_card, web, png, monkeypatch
    ) -> None:
        web.pages["/lamp.png"] = png
        await self.visitor_with_cart(served, f"{web.url}/lamp.png")
        async with served.console() as it:
            it.inbox.me = _at(it.inbox.me, web.url)
            await full_card(it, "Anna")
            await it.shows("▀▀▀")
            await it.press("i")
            await it.until(lambda: "▀▀▀" not in it.text() and "Lamp Fjord" in it.text())

    async def test_where_the_setting_says_so_nothing_is_fetched(self, served, full_card, web, png) -> None:
        web.pages["/lamp.png"] = png
        await self.visitor_with_cart(served, f"{web.url}/lamp.png")
        async with served.console(preferences=Preferences(pictures=False)) as it:
            it.inbox.me = _at(it.inbox.me, web.url)
            await full_card(it, "Anna")
            await it.shows("Lamp Fjord")
        assert web.asked == []


def _at(me, url: str):
    import msgspec

    return msgspec.structs.replace(me, site_url=url)
