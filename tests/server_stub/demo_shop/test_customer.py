"""What a customer does around his orders, in a real browser, and what the desk is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.server_stub.serving import until

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def order_a_lamp(page: Page, shop_url: str, told: Any) -> dict[str, Any]:
    """Buys the table lamp; answers with the order as the desk was told of it."""
    await page.goto(f"{shop_url}/product/halo")
    await page.get_by_role("button", name="Add to cart").click()
    await page.goto(f"{shop_url}/checkout")
    await page.get_by_label("Name").fill("Ann")
    await page.get_by_label("Email").fill("ann@shop.example")
    await page.get_by_label("Phone").fill("+420 777 123 456")
    await page.get_by_label("Address").fill("Long street 1")
    await page.get_by_role("button", name="Place order").click()
    await page.wait_for_url("**/thanks")
    order: dict[str, Any] = await told.event("Order Completed")
    return order


class TestTheReview:
    """The page to which the scores of a letter lead."""

    async def test_takes_the_score_of_the_link_at_once_and_thanks(
        self, shop_url: str, page: Page, told: Any, complaints: list[str]
    ) -> None:
        order = await order_a_lamp(page, shop_url, told)
        await page.goto(f"{shop_url}/review?order={order['order_id']}&score=5")
        review = await told.event("Product Reviewed")
        assert review == {
            "review_id": f"review_{order['order_id']}",
            "order_id": order["order_id"],
            "rating": 5,
            "product_id": "halo",
            "product_ids": ["halo"],
        }
        await expect(page.get_by_label("5", exact=True)).to_be_checked()
        await expect(page.get_by_text("Thank you, your score has reached us.")).to_be_visible()
        await expect(page.get_by_text(order["order_id"])).to_be_visible()
        assert complaints == []

    async def test_is_counted_once_however_often_the_page_is_loaded(
        self, shop_url: str, page: Page, told: Any
    ) -> None:
        for _ in range(2):
            await page.goto(f"{shop_url}/review?order=A-17&score=2")
            await expect(page.get_by_label("2", exact=True)).to_be_checked()
        await page.goto(f"{shop_url}/review?order=A-17&score=4")
        await expect(page.get_by_label("4", exact=True)).to_be_checked()
        assert (await told.event("Product Reviewed"))["order_id"] == "A-17"
        await page.goto(f"{shop_url}/orders")
        await expect(page.get_by_text("You have not ordered anything")).to_be_visible()
        # What was not acknowledged before the page went is said again under its id, and counts once.
        reviews = {frame["id"]: frame for frame in told.frames if frame.get("name") == "Product Reviewed"}
        assert [frame["properties"]["rating"] for frame in reviews.values()] == [2, 4]

    async def test_takes_words_and_another_score(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(f"{shop_url}/review?order=A-17&score=5")
        await told.event("Product Reviewed")
        await page.get_by_label("3", exact=True).check()
        await page.get_by_label("What was good").fill("The cable is short.")
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("your score has reached us")).to_be_visible()
        assert told.events("Product Reviewed")[-1] == {
            "review_id": "review_A-17",
            "order_id": "A-17",
            "rating": 3,
            "review_body": "The cable is short.",
        }

    @pytest.mark.parametrize("query", ["", "?order=A-17", "?order=A-17&score=9", "?score=five"])
    async def test_waits_for_a_score_where_the_link_has_none(
        self, shop_url: str, page: Page, told: Any, query: str
    ) -> None:
        await page.goto(f"{shop_url}/review{query}")
        await told.event("Page Viewed")
        await expect(page.locator("input[name=score]:checked")).to_have_count(0)
        await page.get_by_role("button", name="Send").click()
        await expect(page.get_by_text("your score has reached us")).to_be_hidden()
        assert told.events("Product Reviewed") == []


class TestTheOrders:
    """What became of an order, which the customer of the demo decides himself."""

    async def test_are_sent_and_given_back(self, shop_url: str, page: Page, told: Any) -> None:
        order = await order_a_lamp(page, shop_url, told)
        number = order["order_id"]
        await page.goto(f"{shop_url}/orders?order={number}")
        await expect(page.locator(".asked")).to_contain_text("1,500\u00a0Kč")
        await page.get_by_role("button", name=f"Send it off: {number}").click()
        await expect(page.get_by_text("On its way")).to_be_visible()
        assert await told.event("Order Updated") == {"order_id": number, "total": 1500, "status": "sent"}
        await page.reload()
        await page.get_by_role("button", name=f"Give it back: {number}").click()
        await expect(page.get_by_text("Given back")).to_be_visible()
        assert await told.event("Order Refunded") == {"order_id": number, "total": 1500}
        await expect(page.locator(".moves button")).to_have_count(0)

    async def test_are_cancelled(self, shop_url: str, page: Page, told: Any) -> None:
        order = await order_a_lamp(page, shop_url, told)
        await page.goto(f"{shop_url}/orders")
        await page.get_by_role("button", name="Cancel it").click()
        await expect(page.get_by_text("Cancelled")).to_be_visible()
        assert await told.event("Order Cancelled") == {"order_id": order["order_id"], "total": 1500}


class TestTheFoot:
    """Newsletter and notifications, on every page."""

    async def test_has_a_newsletter(
        self, shop_url: str, page: Page, told: Any, complaints: list[str]
    ) -> None:
        await page.goto(shop_url)
        await page.get_by_label("Letters from the workshop").fill("ann@shop.example")
        await page.get_by_role("button", name="Subscribe").click()
        assert await told.event("Subscribed") == {"list": "newsletter", "email": "ann@shop.example"}
        await expect(page.get_by_text("You are on the list")).to_be_visible()
        assert complaints == []

    async def test_has_a_switch_for_notifications_that_stays_on(
        self, shop_url: str, page: Page, told: Any
    ) -> None:
        await page.goto(f"{shop_url}/blog")
        await page.get_by_role("button", name="Allow notifications").click()
        await told.event("Push Subscribed")
        await page.goto(f"{shop_url}/cart")
        await expect(page.get_by_role("button", name="Notifications are on")).to_be_disabled()
        assert len({frame["id"] for frame in told.frames if frame.get("name") == "Push Subscribed"}) == 1


class TestTheOtherPages:
    """The account, a meeting, the back stage, and the page for other shops."""

    async def test_account_tells_city_and_birthday(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(f"{shop_url}/account")
        await page.get_by_label("City").fill("Prague")
        await page.get_by_label("Birthday").fill("1990-03-15")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_text("Saved, thank you.")).to_be_visible()
        await told.event("Page Viewed")
        identified = [frame["traits"] for frame in told.frames if frame["type"] == "identify"]
        assert identified == [{"city": "Prague", "birthday": "1990-03-15"}]

    async def test_a_meeting_is_booked(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(shop_url)
        await page.get_by_role("link", name="Book a video meeting").click()
        await page.locator(".slots label").nth(1).click()
        await page.get_by_role("button", name="Book", exact=True).click()
        await expect(page.get_by_text("We look forward to seeing you!")).to_be_visible()
        meeting = await told.event("Meeting Booked")
        assert meeting["kind"] == "video"
        assert datetime.fromisoformat(meeting["starts_at"]) > datetime.now(UTC)

    async def test_an_article_is_published_back_stage(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(f"{shop_url}/backstage")
        await page.get_by_role("button", name="Publish a new article").click()
        article = await told.event("Article Published")
        assert article["url"] == f"{shop_url}/blog/how-to-choose-an-evening-dress"
        assert article["title"] == "How to choose an evening dress and enjoy it"

    async def test_wholesale_can_be_scrolled_to_its_end(self, shop_url: str, page: Page, told: Any) -> None:
        await page.goto(f"{shop_url}/wholesale")
        await told.event("Page Viewed")
        await page.mouse.wheel(0, 10_000)
        await until(lambda: 100 in [seen["depth"] for seen in told.events("Page Scrolled")])
