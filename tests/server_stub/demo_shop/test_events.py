"""A visitor's way through the demo shop in a real browser, and what the desk is told of it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


class TestAPurchase:
    """From the first page to the order."""

    async def test_is_told_by_segments_names_and_properties(
        self, shop_url: str, page: Page, told: Any, complaints: list[str]
    ) -> None:
        await page.goto(f"{shop_url}/catalog/dresses/evening")
        listed = await told.event("Product List Viewed")
        assert (listed["list_id"], listed["category"]) == ("dresses-evening", "dresses/evening")
        assert [item["position"] for item in listed["products"]] == [1, 2, 3, 4]

        await page.get_by_role("link", name="Vesper slip dress").click()
        viewed = await told.event("Product Viewed")
        assert viewed == {
            "product_id": "vesper",
            "sku": "AT-VESPER",
            "category": "dresses/evening",
            "name": "Vesper slip dress",
            "brand": "Alder & Thread",
            "variant": "Ink blue",
            "price": 4900,
            "currency": "CZK",
            "quantity": 1,
            "value": 4900,
            "url": f"{shop_url}/product/vesper",
            "image_url": f"{shop_url}/pictures/vesper.svg",
        }

        await page.get_by_role("button", name="Add to cart").click()
        added = await told.event("Product Added")
        assert (added["product_id"], added["quantity"], added["price"]) == ("vesper", 1, 4900)
        await page.get_by_role("link", name="Open the cart").click()
        cart = await told.event("Cart Viewed")
        assert cart["cart_id"] == added["cart_id"]
        assert [(item["product_id"], item["quantity"]) for item in cart["products"]] == [("vesper", 1)]

        await page.get_by_role("link", name="To the checkout").click()
        started = await told.event("Checkout Started")
        await page.get_by_label("Name").fill("Ann")
        await page.get_by_label("Email").fill("ann@shop.example")
        await page.get_by_label("Phone").fill("+420 777 123 456")
        await page.get_by_label("Address").fill("Long street 1")
        await page.get_by_role("button", name="Place order").click()
        await page.wait_for_url("**/thanks")
        order = await told.event("Order Completed")
        assert order["order_id"] == started["order_id"]
        assert (order["total"], order["revenue"], order["shipping"], order["currency"]) == (
            4900,
            4900,
            0,
            "CZK",
        )
        assert order["products"][0]["product_id"] == "vesper"
        assert (await told.event("Email Captured"))["email"] == "ann@shop.example"
        identified = [frame for frame in told.frames if frame["type"] == "identify"]
        assert identified[0]["traits"]["email"] == "ann@shop.example"
        await expect(page.get_by_text(order["order_id"])).to_be_visible()
        await expect(page.locator(".count")).to_be_hidden()
        paths = [view["path"] for view in told.events("Page Viewed")]
        assert paths == ["/catalog/dresses/evening", "/product/vesper", "/cart", "/checkout", "/thanks"]
        assert complaints == []

    async def test_comes_in_the_order_in_which_it_happened(
        self, shop_url: str, page: Page, told: Any
    ) -> None:
        """The page first, then what is on it."""
        await page.goto(f"{shop_url}/product/halo")
        await told.event("Product Viewed")
        assert [frame["name"] for frame in told.frames] == ["Page Viewed", "Product Viewed"]


class TestTheCart:
    """Quantities, sums, and the way to free delivery."""

    async def test_counts_up_and_down_and_tells_each_change(
        self, shop_url: str, page: Page, told: Any
    ) -> None:
        await page.goto(f"{shop_url}/product/halo")
        await page.get_by_role("button", name="Add to cart").click()
        await expect(page.locator(".count")).to_have_text("1")
        await page.goto(f"{shop_url}/cart")
        await expect(page.locator("[data-total]")).to_have_text("1,500\u00a0Kč")
        await expect(page.locator("[data-until]")).to_contain_text("1,800\u00a0Kč")
        for _ in range(2):
            await page.get_by_role("button", name="One more: Halo table lamp").click()
        await expect(page.locator("[data-total]")).to_have_text("3,600\u00a0Kč")
        await expect(page.locator("[data-shipping]")).to_have_text("free")
        await page.get_by_role("button", name="One less: Halo table lamp").click()
        await page.get_by_role("button", name="Remove: Halo table lamp").click()
        await expect(page.get_by_text("Your cart is empty.")).to_be_visible()
        removed = await told.event("Product Removed")
        assert (removed["product_id"], removed["quantity"]) == ("halo", 2)
        assert [event["quantity"] for event in told.events("Product Added")] == [1, 1, 1]
        assert [event["quantity"] for event in told.events("Product Removed")] == [1, 2]
        assert len({event["cart_id"] for event in told.events("Product Added")}) == 1

    async def test_that_is_empty_starts_no_checkout(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(f"{shop_url}/checkout")
        await told.event("Page Viewed")
        await expect(page.get_by_text("Your cart is empty.")).to_be_visible()
        await expect(page.get_by_role("button", name="Place order")).to_be_hidden()
        assert told.events("Checkout Started") == []


class TestTheSearch:
    """Products Searched."""

    async def test_is_told_with_its_words(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(shop_url)
        await page.get_by_role("searchbox").fill("linen dress")
        await page.keyboard.press("Enter")
        assert (await told.event("Products Searched"))["query"] == "linen dress"
        assert (await told.event("Product List Viewed"))["list_id"] == "search"


class TestRussian:
    """The shop and the widget speak the same language."""

    async def test_is_spoken_by_shop_and_widget_on_every_page(
        self, shop_url: str, page: Page, told: Any, complaints: list[str]
    ) -> None:
        await page.goto(shop_url)
        await page.get_by_role("link", name="Русский").click()
        await page.get_by_role("link", name="Смотреть платья").click()
        await expect(page.get_by_role("heading", name="Платья")).to_be_visible()
        await expect(page.get_by_role("button", name="Открыть чат")).to_be_visible()
        assert complaints == []
