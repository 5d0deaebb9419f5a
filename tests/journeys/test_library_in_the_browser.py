"""The library's scenarios as a visitor meets them: the demo shop in Chromium, one of each kind, days in a moment."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import FrameLocator, expect

from scenarios_yaml.library.index import read_file
from server_stub.demo_shop.catalog import PRODUCTS
from tests.conftest import until
from tests.server_stub.serving import served

pytestmark = pytest.mark.slow


class TestAPopUpWithAField:
    """One asks for the email, the next one shows the code, and the letter brings it."""

    async def test_of_the_site_gives_its_code_in_a_mini_pop_up_and_in_a_letter(
        self, open_shop: Any, somebody: Any
    ) -> None:
        shop = await open_shop("site_bonus_popup")
        await somebody.page.goto(shop.url)
        await shop.started()
        await expect(somebody.popup).to_have_count(0)
        await shop.forward(seconds=10)
        await expect(somebody.popup.get_by_role("heading")).to_have_text("A small welcome: 10% off")
        await somebody.picture("site-bonus-offer")
        await somebody.page.get_by_label("Your email").fill("ann@shop.example")
        await somebody.page.get_by_role("button", name="Get my code").click()
        await expect(somebody.popup.get_by_role("heading")).to_have_text("Your code: BONUS")
        await expect(somebody.popup).to_have_class(re.compile(r"\bmini\b"))
        await somebody.picture("site-bonus-code")

        letter = await shop.letter()
        assert letter.to == "ann@shop.example"
        assert letter.content["subject"] == "Your promo code: BONUS"
        assert letter.content["to"] == "ann@shop.example"
        assert f'href="{shop.url}/catalog"' in letter.content["html"]
        assert "{{" not in letter.content["html"] + letter.content["text"]
        assert (await shop.visitor()).email == "ann@shop.example"

    async def test_comes_when_the_mouse_leaves_the_page(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("exit_promo_popup")
        await somebody.page.goto(f"{shop.url}/catalog/dresses")
        await shop.event("Page Viewed")
        await somebody.leave_by_the_top()
        await expect(somebody.popup.get_by_role("heading")).to_contain_text("10% off is inside")
        await somebody.picture("exit-promo-offer")
        await somebody.page.get_by_label("Your email").fill("ann@shop.example")
        await somebody.page.get_by_role("button", name="Open", exact=True).click()
        await expect(somebody.popup.get_by_role("heading")).to_have_text("Your code: FIRST10")


class TestAChatMessage:
    """The widget shows it beside its button, without being opened."""

    async def test_appears_by_itself_and_is_answered(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("browsing_help_chat")
        await somebody.page.goto(f"{shop.url}/product/vesper")
        await shop.started()
        await shop.forward(seconds=30)
        teaser = somebody.page.locator(".teaser")
        await expect(teaser).to_contain_text("I see “Vesper slip dress” has caught your eye.")
        await expect(somebody.page.get_by_role("button", name="Open chat, unread: 1")).to_be_visible()
        await somebody.picture("browsing-help-teaser")

        await somebody.page.get_by_role("button", name="Open chat").click()
        await somebody.write("Is it long enough for 1.80 m?")
        await expect(somebody.said.last).to_contain_text("Leave your email")
        await somebody.picture("browsing-help-email")
        await somebody.page.get_by_role("textbox", name="Your email").fill("ann@shop.example")
        await somebody.page.keyboard.press("Enter")
        await until(lambda: shop.progress()[-1].step == "meeting", what="the run that waits for a meeting")
        notes = [message.text for message in shop.messages() if message.note]
        assert "Asked while looking at Vesper slip dress: Is it long enough" in notes[0]

        await somebody.page.goto(f"{shop.url}/booking")
        await somebody.page.get_by_role("button", name="Book").click()
        await shop.ended()
        assert (await shop.visitor()).tags == ("meeting",)

    async def test_greets_after_half_a_minute(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("write_us_chat")
        await somebody.page.goto(f"{shop.url}/?lang=ru")
        await shop.started()
        await shop.forward(seconds=29)
        assert shop.messages() == []
        await shop.forward(seconds=1)
        await expect(somebody.page.locator(".teaser")).to_contain_text("пишите прямо сюда")
        await somebody.picture("write-us")


class TestABotTree:
    """Questions with answers to press, three levels deep and one more."""

    async def test_is_walked_down_to_the_size_chart_which_can_be_loaded(
        self, open_shop: Any, somebody: Any
    ) -> None:
        shop = await open_shop("category_bot")
        await somebody.page.goto(f"{shop.url}/catalog/dresses")
        await shop.started()
        await shop.forward(seconds=30)
        await expect(somebody.page.locator(".teaser")).to_contain_text("Looking for a dress?")
        await somebody.picture("category-question")
        for label, next_question in (
            ("Yes, please", "What is the occasion?"),
            ("An evening dress", "at what is reduced?"),
            ("The new collection", "begin with your size?"),
        ):
            await somebody.answer(label)
            await expect(somebody.feed).to_contain_text(next_question)
        await somebody.picture("category-three-levels")
        await somebody.answer("Find my size")

        chart = somebody.feed.get_by_role("link", name="size_chart.txt")
        await expect(chart).to_be_visible()
        await somebody.picture("category-file")
        address = await chart.get_attribute("href")
        answer = await somebody.page.request.get(address or "")
        assert answer.ok
        assert answer.headers["content-type"].startswith("text/plain")
        assert await answer.body() == read_file("size_chart.txt")

        everything = somebody.feed.get_by_role("link", name="See the new collection")
        await everything.click()
        await somebody.page.wait_for_url("**/catalog/dresses/new")
        assert "looks-for:evening" in (await shop.visitor()).tags
        assert await shop.ended() == "closed: shown the new collection"


async def put_into_cart(somebody: Any, shop: Any, *products: str) -> None:
    """Add each of them, and look at the cart."""
    for number, product in enumerate(products, 1):
        await somebody.page.goto(f"{shop.url}/product/{product}")
        await somebody.page.get_by_role("button", name="Add to cart").click()
        await shop.event("Product Added", number)
    await somebody.page.goto(f"{shop.url}/cart")
    await shop.event("Cart Viewed")


async def check_out(somebody: Any, shop: Any) -> str:
    """Order what is in the cart; answers with the order's number."""
    await somebody.page.goto(f"{shop.url}/checkout")
    await somebody.page.get_by_label("Name").fill("Ann")
    await somebody.page.locator("main").get_by_label("Email").fill("ann@shop.example")
    await somebody.page.get_by_label("Phone").fill("+420 777 123 456")
    await somebody.page.get_by_label("Address").fill("Long street 1")
    await somebody.page.get_by_role("button", name="Place order").click()
    await somebody.page.wait_for_url("**/thanks")
    return str((await shop.event("Order Completed"))["order_id"])


class TestAnEmailAfterAPopUp:
    """He asks for his cart, and that is what he gets."""

    async def test_holds_exactly_the_products_of_the_cart(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("save_cart_popup")
        # What he only looked at is no part of it.
        await somebody.page.goto(f"{shop.url}/product/clara")
        await shop.event("Product Viewed")
        await put_into_cart(somebody, shop, "vesper", "halo")
        await somebody.leave_by_the_top()
        await expect(somebody.popup.get_by_role("heading")).to_have_text("Shall we send you your cart?")
        await somebody.picture("save-cart-offer")
        await somebody.page.get_by_label("Your email").fill("ann@shop.example")
        await somebody.page.get_by_role("button", name="Send me my cart").click()
        await expect(somebody.popup).to_contain_text("We have sent it to ann@shop.example.")
        await somebody.picture("save-cart-done")

        letter = await shop.letter()
        assert (letter.to, letter.content["subject"]) == ("ann@shop.example", "Your cart, as you left it")
        told = letter.content["text"]
        assert {item.id for item in PRODUCTS if item.name.to("en") in told} == {"vesper", "halo"}
        assert "6100 CZK" in told
        frame = await open_letter(somebody, shop, letter)
        links = set(re.findall(r'href="([^"]*/product/[^"]*)"', letter.content["html"]))
        assert links == {f"{shop.url}/product/vesper", f"{shop.url}/product/halo"}
        await somebody.follow(frame.get_by_role("link", name="my cart"))
        await expect(somebody.page.get_by_text("Halo table lamp")).to_be_visible()


async def open_letter(somebody: Any, shop: Any, letter: Any) -> FrameLocator:
    """Go to the demo's mailbox and open a letter there."""
    await somebody.page.goto(f"{shop.url}/mailbox")
    await somebody.page.get_by_role("link", name=letter.summary).click()
    frame = somebody.page.frame_locator("iframe")
    await expect(frame.get_by_text("Alder & Thread").first).to_be_visible()
    await somebody.picture(f"letter-{shop.slug}")
    return frame


class TestASeries:
    """Letters over days, until the order comes."""

    async def test_stops_on_the_order(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("abandoned_cart_series")
        await somebody.page.goto(f"{shop.url}/catalog/shoes")
        # An email typed into any field of the shop is known from there on.
        await somebody.page.get_by_label("Letters from the workshop").fill("ann@shop.example")
        await somebody.page.keyboard.press("Tab")
        await shop.event("Email Captured")
        await put_into_cart(somebody, shop, "vesper")
        await shop.started()
        await shop.forward(days=2, hours=23)
        assert await shop.outbox() == []
        await shop.forward(hours=1, minutes=5)
        letter = await shop.letter()
        assert letter.content["subject"] == "Your cart is waiting for you"
        assert "Vesper slip dress" in letter.content["text"]
        assert "Total: 4900 CZK" in letter.content["text"]

        frame = await open_letter(somebody, shop, letter)
        await somebody.follow(frame.get_by_role("link", name="Go to the cart"))
        await somebody.page.wait_for_url("**/cart")
        await check_out(somebody, shop)
        assert "Order Completed" in await shop.ended()
        await shop.forward(days=10)
        assert [item.summary for item in await shop.outbox()] == ["Your cart is waiting for you"]

    async def test_brings_a_code_where_no_order_comes(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("abandoned_cart_series")
        await put_into_cart(somebody, shop, "vesper", "halo")
        await somebody.page.get_by_label("Letters from the workshop").fill("ann@shop.example")
        await somebody.page.keyboard.press("Tab")
        await shop.event("Email Captured")
        await shop.forward(days=3, minutes=1)
        await shop.letter()
        await shop.forward(days=3)
        reminder = await shop.letter(2)
        assert reminder.content["subject"] == "5% off what is in your cart"
        assert "CART5" in reminder.content["text"]
        await open_letter(somebody, shop, reminder)


class TestWhatTheShopAsks:
    """Notifications, a score by a link of a letter, an order in the chat."""

    async def test_notifications_are_offered_allowed_and_remembered_by_a_tag(
        self, open_shop: Any, somebody: Any
    ) -> None:
        shop = await open_shop("offers_push_popup")
        await somebody.page.goto(shop.url)
        await expect(somebody.popup.get_by_role("heading")).to_have_text("Want to hear of offers first?")
        await somebody.picture("offers-push")
        await somebody.answer("Notify me")
        await expect(somebody.popup).to_have_count(0)
        assert (await shop.visitor()).tags == ()
        # What the browser would ask for is a switch in the demo shop.
        await somebody.page.get_by_role("button", name="Allow notifications").click()
        await shop.ended()
        card = await shop.visitor()
        assert card.tags == ("push:offers",)

        await somebody.page.goto(f"{shop.url}/catalog")
        await shop.forward(days=31)
        await somebody.page.goto(shop.url)
        await shop.event("Session Started", 2)
        await expect(somebody.page.get_by_role("button", name="Notifications are on")).to_be_visible()
        assert len(shop.progress("started")) == 1

    async def test_a_score_is_given_by_the_link_of_the_letter(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("review_request_email")
        await put_into_cart(somebody, shop, "halo")
        order = await check_out(somebody, shop)
        await shop.started()
        await shop.forward(days=1)
        letter = await shop.letter()
        assert order in letter.content["text"]
        frame = await open_letter(somebody, shop, letter)
        await somebody.follow(frame.get_by_role("link", name="5 · Wonderful"))
        review = await shop.event("Product Reviewed")
        assert (review["order_id"], review["rating"]) == (order, 5)
        await expect(somebody.popup.get_by_role("heading")).to_have_text("Thank you!")
        await expect(somebody.page.get_by_text("your score has reached us")).to_be_visible()
        await somebody.picture("review-thanks")

    async def test_a_low_score_is_asked_about_in_the_chat(self, open_shop: Any, somebody: Any) -> None:
        shop = await open_shop("review_request_email")
        await put_into_cart(somebody, shop, "halo")
        await check_out(somebody, shop)
        await shop.started()
        await shop.forward(days=1)
        frame = await open_letter(somebody, shop, await shop.letter())
        await somebody.follow(frame.get_by_role("link", name="2 · Not good"))
        await expect(somebody.page.locator(".teaser")).to_contain_text("Thank you for being honest")
        await somebody.picture("review-sorry")
        assert (await shop.visitor()).tags == ("review:unhappy",)

    async def test_an_order_in_the_chat_is_registered_by_a_webhook(
        self, open_shop: Any, somebody: Any
    ) -> None:
        async with OrderSystem().listening() as orders:
            changed = {"https://shop.example/api/orders": f"{orders.url}/api/orders"}
            shop = await open_shop("order_registration_bot", changed)
            await somebody.page.goto(shop.url)
            await somebody.page.get_by_role("button", name="Open chat").click()
            for text, answer in (
                ("I want to order", "What is your name?"),
                ("Ann", "On which number may we call you, Ann?"),
                ("+420 777 123 456", "What would you like to order?"),
                ("Halo table lamp, one", "Your order has the number A-17."),
            ):
                await somebody.write(text)
                await expect(somebody.feed).to_contain_text(answer)
            await expect(somebody.feed).to_contain_text("To pay by bank transfer")
            await expect(somebody.said.last).to_have_text("The sum is 1500 CZK.")
            await somebody.picture("order-in-chat")
        [(headers, order)] = orders.taken
        assert order["name"] == "Ann"
        assert order["phone"] == "+420777123456"
        assert order["product"] == "Halo table lamp, one"
        assert headers["idempotency-key"]
        assert headers["x-signature"].startswith("t=")


class OrderSystem:
    """The shop's own system, which takes orders over HTTP and gives them numbers."""

    def __init__(self) -> None:
        self.url = ""
        self.taken: list[tuple[dict[str, str], dict[str, Any]]] = []
        """Headers and body of each order."""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[OrderSystem]:
        async with served(self) as self.url:
            yield self

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.taken.append((headers, json.loads(body)))
        reply = json.dumps({"order_id": "A-17", "total": 1500}).encode()
        kind = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 201, "headers": kind})
        await send({"type": "http.response.body", "body": reply})
