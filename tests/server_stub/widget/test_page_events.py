"""What the widget tells the server of a page, by itself: views, scrolling, leaving, emails."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page

from server_stub import protocol as wire

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

TALL = "<h1>A long page</h1>" + "<p>A paragraph of a landing page.</p>" * 200


async def pause(page: Page, milliseconds: int = 400) -> None:
    """Time for something to happen that must not happen."""
    await page.wait_for_timeout(milliseconds)


class TestAStrictPage:
    """A shop whose policy forbids inline styles and scripts, and every origin but the desk's."""

    async def test_shows_the_launcher_and_the_browser_has_nothing_to_complain_of(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        """Styles come from a constructable sheet: they are in force, and no rule of the policy was broken."""
        await page.goto(shop.url)
        await desk.ask("Shall I help?", "Yes", "No")
        await page.get_by_role("button", name="Yes").click()
        await desk.show(size="large", fields=(wire.PopupField("visitor.email", "email", "Email"),))
        await page.get_by_role("dialog", name="A gift").wait_for()
        launcher = page.locator(".launcher")
        assert await launcher.evaluate("element => getComputedStyle(element).position") == "fixed"
        assert complaints == []

    async def test_is_not_moved_by_the_widget(self, shop: Any, desk: Any, page: Page) -> None:
        """The widget takes no room on the page."""
        shop.pages["/"] = TALL
        await page.goto(shop.url)
        height = "document.documentElement.scrollHeight"
        await desk.connected()
        with_widget = await page.evaluate(height)
        await page.evaluate("document.querySelector('desk-widget').remove()")
        assert await page.evaluate(height) == with_widget


class TestPageViews:
    """Page Viewed, once for each page that the visitor sees."""

    async def test_tells_the_page_by_segments_property_names(self, desk: Any, shop: Any, page: Page) -> None:
        await page.goto(f"{shop.url}/catalog/dresses?size=m")
        viewed = await desk.event("Page Viewed")
        assert viewed == {
            "url": f"{shop.url}/catalog/dresses?size=m",
            "path": "/catalog/dresses",
            "title": "Page /catalog/dresses",
            "referrer": "",
            "search": "?size=m",
        }

    async def test_of_the_next_page_tells_where_from_and_how_long(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """`previous_seconds` is the time for which the page before was looked at."""
        shop.pages["/"] = '<a href="/cart">Cart</a>'
        await page.goto(shop.url)
        await desk.event("Page Viewed")
        await pause(page, 1100)
        await page.get_by_role("link", name="Cart").click()
        await desk.connected(2)
        await desk.frame(wire.TrackFrame)
        second = (await desk.until(lambda: desk.events("Page Viewed")[1:]))[0]
        assert second["path"] == "/cart"
        assert second["referrer"] == f"{shop.url}/"
        assert 1 <= second["previous_seconds"] <= 5

    async def test_come_from_a_single_page_shop_with_the_new_title(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """pushState, a replaced path and the back button are page views; a replaced query is not."""
        await page.goto(shop.url)
        await desk.event("Page Viewed")
        await page.evaluate("history.pushState({}, '', '/product/lamp'); document.title = 'Lamp'")
        await desk.until(lambda: len(desk.events("Page Viewed")) == 2)
        await page.evaluate("history.replaceState({}, '', '/product/lamp?colour=red')")
        await pause(page)
        await page.evaluate("history.replaceState({}, '', '/product/vase'); document.title = 'Vase'")
        await desk.until(lambda: len(desk.events("Page Viewed")) == 3)
        await page.go_back()
        await desk.until(lambda: len(desk.events("Page Viewed")) == 4)
        seen = [(view["path"], view["title"]) for view in desk.events("Page Viewed")]
        assert seen == [("/", "Page /"), ("/product/lamp", "Lamp"), ("/product/vase", "Vase"), ("/", "Vase")]
        assert desk.events("Page Viewed")[1]["referrer"] == f"{shop.url}/"


class TestScrolling:
    """Page Scrolled at 25, 50, 75 and 100 percent, once each on a page."""

    async def test_tells_each_depth_once(self, desk: Any, shop: Any, page: Page) -> None:
        shop.pages["/"] = TALL
        await page.goto(shop.url)
        await desk.connected()
        end = "scrollTo(0, document.documentElement.scrollHeight)"
        await page.evaluate("scrollTo(0, document.documentElement.scrollHeight * .3)")
        await desk.until(lambda: desk.events("Page Scrolled"))
        await page.evaluate(end)
        await desk.until(lambda: len(desk.events("Page Scrolled")) == 4)
        await page.evaluate("scrollTo(0, 0)")
        await pause(page)
        await page.evaluate(end)
        await pause(page)
        assert [event["depth"] for event in desk.events("Page Scrolled")] == [25, 50, 75, 100]
        assert desk.events("Page Scrolled")[0]["path"] == "/"

    async def test_of_a_page_that_does_not_scroll_is_silent(self, desk: Any, shop: Any, page: Page) -> None:
        """A short page is not "read to the end" the moment it opens."""
        await page.goto(shop.url)
        await desk.event("Page Viewed")
        await pause(page)
        assert desk.events("Page Scrolled") == []


class TestExitIntent:
    """Exit Intent, once a page."""

    async def test_comes_when_the_mouse_leaves_through_the_top(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(f"{shop.url}/cart")
        await desk.connected()
        leave = "y => document.documentElement.dispatchEvent(new MouseEvent('mouseleave', {clientY: y}))"
        await page.evaluate(leave, 400)
        await page.evaluate(leave, -5)
        await page.evaluate(leave, -5)
        await desk.event("Exit Intent")
        await pause(page)
        assert [(event["path"], event["how"]) for event in desk.events("Exit Intent")] == [("/cart", "mouse")]

    async def test_comes_on_a_telephone_with_a_fast_scroll_up(
        self, desk: Any, shop: Any, browser: Any
    ) -> None:
        shop.pages["/"] = TALL
        context = await browser.new_context(
            viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True
        )
        page = await context.new_page()
        await page.goto(shop.url)
        await desk.connected()
        await page.evaluate("scrollTo(0, 3000)")
        await desk.event("Page Scrolled")
        await page.evaluate("scrollTo(0, 2900)")
        await pause(page)
        assert desk.events("Exit Intent") == []
        await page.evaluate("setTimeout(() => scrollTo(0, 2800)); setTimeout(() => scrollTo(0, 500), 60)")
        assert (await desk.event("Exit Intent"))["how"] == "scrolled_up"
        await context.close()


FIELDS = """
<input name="newsletter" aria-label="newsletter">
<textarea name="comment" aria-label="comment"></textarea>
<input name="login" type="password" aria-label="password">
<input name="card_number" aria-label="card">
<input name="holder" autocomplete="cc-name" aria-label="holder">
<input name="code" autocomplete="one-time-code" aria-label="code">
<div data-desk-ignore><input name="private" aria-label="private"></div>
<input name="quiet" data-desk-ignore aria-label="quiet">
<button>Elsewhere</button>
"""


class TestEmails:
    """Email Captured: an address typed into any field, except where it is nobody's business."""

    async def leave(self, page: Page, label: str, text: str) -> None:
        """Type into a field and leave it."""
        await page.get_by_label(label, exact=True).fill(text)
        await page.get_by_role("button", name="Elsewhere").focus()

    async def test_of_any_field_is_told_with_the_fields_name(self, desk: Any, shop: Any, page: Page) -> None:
        shop.pages["/"] = FIELDS
        await page.goto(shop.url)
        await self.leave(page, "newsletter", " ann@shop.example ")
        assert await desk.event("Email Captured") == {"email": "ann@shop.example", "field": "newsletter"}

    async def test_in_a_text_area_counts_and_the_same_address_only_once(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        shop.pages["/"] = FIELDS
        await page.goto(shop.url)
        await self.leave(page, "comment", "ann@shop.example")
        await self.leave(page, "newsletter", "ann@shop.example")
        await self.leave(page, "newsletter", "bob@shop.example")
        await desk.until(lambda: len(desk.events("Email Captured")) == 2)
        assert [event["email"] for event in desk.events("Email Captured")] == [
            "ann@shop.example",
            "bob@shop.example",
        ]

    @pytest.mark.parametrize(
        "text", ["ann", "ann@shop", "ann@@shop.example", "two words@shop.example", "a@b,c.example"]
    )
    async def test_that_is_no_address_is_not_told(self, desk: Any, shop: Any, page: Page, text: str) -> None:
        shop.pages["/"] = FIELDS
        await page.goto(shop.url)
        await self.leave(page, "newsletter", text)
        await self.leave(page, "newsletter", "end@shop.example")
        assert (await desk.event("Email Captured"))["email"] == "end@shop.example"
        assert len(desk.events("Email Captured")) == 1

    @pytest.mark.parametrize("label", ["password", "card", "holder", "code", "private", "quiet"])
    async def test_in_a_secret_field_or_one_that_opts_out_is_never_told(
        self, desk: Any, shop: Any, page: Page, label: str
    ) -> None:
        shop.pages["/"] = FIELDS
        await page.goto(shop.url)
        await self.leave(page, label, "secret@shop.example")
        await self.leave(page, "newsletter", "end@shop.example")
        await desk.event("Email Captured")
        assert [event["email"] for event in desk.events("Email Captured")] == ["end@shop.example"]

    async def test_in_a_password_that_is_shown_stays_secret(self, desk: Any, shop: Any, page: Page) -> None:
        """The eye beside a password turns it into a text field."""
        shop.pages["/"] = FIELDS
        await page.goto(shop.url)
        await desk.connected()
        field = page.get_by_label("password", exact=True)
        await field.focus()
        await field.evaluate("element => element.type = 'text'")
        await self.leave(page, "password", "secret@shop.example")
        await self.leave(page, "newsletter", "end@shop.example")
        await desk.event("Email Captured")
        assert [event["email"] for event in desk.events("Email Captured")] == ["end@shop.example"]


class TestTwoTabs:
    """Tabs share the visitor and nothing else."""

    async def test_are_the_same_visitor_and_tell_their_own_pages(
        self, desk: Any, shop: Any, page: Page, visitor: BrowserContext
    ) -> None:
        await page.goto(f"{shop.url}/one")
        await desk.connected()
        other = await visitor.new_page()
        await other.goto(f"{shop.url}/two")
        await desk.connected(2)
        await desk.until(lambda: len(desk.events("Page Viewed")) == 2)
        assert desk.hellos[0].token == ""
        assert desk.hellos[1].token == "visitor.1.signature"
        ids = [frame.id for frame in desk.of(wire.TrackFrame)]
        assert len(set(ids)) == len(ids) == 2
