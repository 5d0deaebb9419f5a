"""What a shop's own script can do: the stub before the widget has loaded, and `window.desk` after."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from server_stub import protocol as wire

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

STUB = """
window.desk = window.desk || [];
for (const name of ['track', 'identify', 'page', 'open', 'close', 'on', 'reset']) {
  window.desk[name] = window.desk[name] || ((...values) => window.desk.push([name, ...values]));
}
"""


async def comes_true(page: Page, expression: str) -> None:
    """Wait for it. (Playwright's own wait needs `eval`, which the shop's policy forbids.)"""
    for _ in range(100):
        if await page.evaluate(expression):
            return
        await page.wait_for_timeout(50)
    raise AssertionError(f"it never came true: {expression}")


class TestTheStub:
    """Calls made before the widget has loaded."""

    async def test_are_replayed_in_order_after_the_page_view(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        shop.scripts["/shop.js"] = (
            STUB + "window.desk.track('Product Viewed', {product_id: 'lamp', price: 1200});"
            "window.desk.push(['track', 'Product Added', {product_id: 'lamp'}], ['open']);"
            "window.desk.on('ready', () => { window.isReady = true; });"
        )
        await page.goto(shop.url)
        await desk.event("Chat Opened")
        names = [frame.name for frame in desk.of(wire.TrackFrame)]
        assert names == ["Page Viewed", "Product Viewed", "Product Added", "Chat Opened"]
        assert desk.events("Product Viewed") == [{"product_id": "lamp", "price": 1200}]
        await comes_true(page, "window.isReady")
        assert complaints == []

    async def test_ignore_what_is_no_call(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        shop.scripts["/shop.js"] = (
            STUB + "window.desk.push(['constructor'], ['nothing', 1], ['push', ['open']], ['track', 'Fine']);"
        )
        await page.goto(shop.url)
        assert await desk.event("Fine") == {}
        assert complaints == []


class TestWindowDesk:
    """The calls of the loaded widget."""

    async def test_identifies_with_id_traits_and_hash_or_with_traits_alone(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.evaluate("desk.identify('u1', {name: 'Ann'}, 'a1b2')")
        await page.evaluate("desk.identify({city: 'Brno'})")
        await desk.until(lambda: len(desk.of(wire.IdentifyFrame)) == 2)
        first, second = desk.of(wire.IdentifyFrame)
        assert (first.user_id, first.traits, first.user_hash) == ("u1", {"name": "Ann"}, "a1b2")
        assert (second.user_id, second.traits, second.user_hash) == ("", {"city": "Brno"}, "")

    async def test_tells_a_page_view_by_hand_with_more_properties(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.event("Page Viewed")
        await page.evaluate("desk.page({category: 'Lamps'})")
        await desk.until(lambda: len(desk.events("Page Viewed")) == 2)
        assert desk.events("Page Viewed")[1]["category"] == "Lamps"

    async def test_opens_closes_and_calls_back(self, desk: Any, shop: Any, page: Page) -> None:
        """Events: ready, open, close, message, popup. A callback that fails harms no other."""
        await page.goto(shop.url)
        await desk.connected()
        await page.evaluate(
            "window.heard = [];"
            "desk.on('open', () => { throw new Error('the shop has a bug'); });"
            "desk.on('open', () => heard.push('open'));"
            "desk.on('close', () => heard.push('close'));"
            "desk.on('message', message => heard.push(message.text));"
            "desk.on('popup', popup => heard.push(popup.title));"
            "desk.open(); desk.close();"
        )
        await desk.say("Hello")
        await desk.show(title="A gift")
        await comes_true(page, "heard.length === 4")
        assert await page.evaluate("heard") == ["open", "close", "Hello", "A gift"]

    async def test_forgets_the_visitor(self, desk: Any, shop: Any, page: Page) -> None:
        """Nothing of the visitor is left: not his token, his messages, nor his half-typed text."""
        await page.goto(shop.url)
        await desk.connected()
        await desk.say("A secret of this visitor")
        await page.get_by_role("button", name="Open chat").click()
        await page.locator(".composer textarea").fill("half a sent")
        desk.messages.clear()
        await page.evaluate("desk.reset()")
        await desk.connected(2)
        assert (desk.hellos[1].token, desk.hellos[1].after) == ("", 0)
        await page.get_by_role("button", name="Open chat").click()
        await expect(page.get_by_role("log").locator(".bubble")).to_have_count(0)
        await expect(page.locator(".composer textarea")).to_have_value("")
        stored = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
        assert "secret" not in stored

    async def test_starts_once_where_the_script_is_there_twice(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        shop.pages["/"] = f'<script async src="{desk.url}/widget.js" data-key="write-key"></script>'
        await page.goto(shop.url)
        await desk.event("Page Viewed")
        await page.wait_for_timeout(400)
        assert len(desk.hellos) == 1
        await expect(page.locator("desk-widget")).to_have_count(1)


class TestAnEventThatCannotBeSent:
    """A mistake of the shop's script does not stand in the way of what comes after it."""

    @pytest.mark.parametrize(
        "properties",
        ["{big: 'x'.repeat(40000)}", "{amount: 10n}", "(() => { const a = {}; a.a = a; return a; })()"],
    )
    async def test_is_left_out_with_a_word_in_the_console(
        self, desk: Any, shop: Any, page: Page, complaints: list[str], properties: str
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.evaluate(f"desk.track('Wrong', {properties})")
        await page.evaluate("desk.track('Right')")
        await desk.event("Right")
        assert desk.events("Wrong") == []
        assert [text.startswith("desk: Wrong") for text in complaints] == [True]

    async def test_in_the_stub_does_not_keep_the_widget_from_starting(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        shop.scripts["/shop.js"] = STUB + "window.desk.push(null, 7, ['track', 'Right'], ['on']);"
        await page.goto(shop.url)
        await desk.event("Right")
        await expect(page.locator(".launcher")).to_be_visible()


class TestARefusedHello:
    """What the widget does where the server does not take it."""

    async def test_for_a_foreign_token_begins_as_a_new_visitor(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        desk.greeting = wire.Refused("", wire.Problem("foreign_token", "Not ours.", field="token"))
        await page.reload()
        await desk.connected(2)
        desk.greeting = None
        await desk.connected(3)
        assert [hello.token for hello in desk.hellos] == ["", "visitor.1.signature", ""]

    async def test_for_a_wrong_key_is_not_repeated(self, desk: Any, shop: Any, page: Page) -> None:
        desk.greeting = wire.Refused("", wire.Problem("wrong_key", "Not the shop's key.", field="key"))
        await page.goto(shop.url)
        await desk.connected()
        await page.wait_for_timeout(1500)
        assert len(desk.hellos) == 1
