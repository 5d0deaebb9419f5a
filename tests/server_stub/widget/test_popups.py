"""Pop-ups: large, small and mini, their fields, and what the server is told of their end."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from server_stub import protocol as wire

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

EMAIL = wire.PopupField("visitor.email", "email", "Your email", required=True)
STYLE = wire.PopupField(
    "visitor.style", "choice", "What do you like?", required=True, choices=("Classic", "Boho")
)
CODE = wire.Button("Get my code", "")
HOSTILE = '<img src=x onerror="window.hacked=1">'


def card(page: Page) -> Locator:
    """The pop-up that is shown."""
    return page.locator("dialog.card")


async def load(page: Page, shop: Any, desk: Any) -> None:
    """Open the shop and wait until the widget has said hello."""
    await page.goto(shop.url)
    await desk.connected()


class TestFields:
    """What a pop-up asks for."""

    async def test_that_are_required_are_checked_before_anything_is_sent(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """What is wrong stands below its field, and the first wrong field has the focus."""
        await load(page, shop, desk)
        await desk.show(size="large", fields=(EMAIL, STYLE), button=CODE)
        await page.get_by_role("button", name="Get my code").click()
        field = page.get_by_label("Your email")
        await expect(card(page).get_by_role("alert").filter(has_text="This is needed")).to_have_count(2)
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("aria-invalid", "true")
        await field.fill("ann")
        await page.get_by_role("button", name="Get my code").click()
        await expect(card(page).get_by_text("Please check this")).to_be_visible()
        assert desk.of(wire.PopupFrame) == []
        await field.fill("ann@shop.example")
        await page.get_by_text("Boho").click()
        await page.get_by_role("button", name="Get my code").click()
        frame = await desk.frame(wire.PopupFrame)
        assert (frame.popup, frame.outcome) == ("p1", "submitted")
        assert frame.fields == {"visitor.email": "ann@shop.example", "visitor.style": "Boho"}
        await expect(card(page)).to_have_count(0)

    @pytest.mark.parametrize(
        ("kind", "wrong", "right"),
        [
            ("phone", "call me", "+420 777 123 456"),
            ("number", "ten", "12,5"),
            ("email", "a@b", "a@b.example"),
        ],
    )
    async def test_of_a_kind_are_checked_by_that_kind(
        self, desk: Any, shop: Any, page: Page, kind: str, wrong: str, right: str
    ) -> None:
        await load(page, shop, desk)
        await desk.show(fields=(wire.PopupField("visitor.it", kind, "Tell us"),), button=CODE)
        await page.get_by_label("Tell us").fill(wrong)
        await page.get_by_role("button", name="Get my code").click()
        await expect(card(page).get_by_text("Please check this")).to_be_visible()
        await page.get_by_label("Tell us").fill(right)
        await page.get_by_role("button", name="Get my code").click()
        assert (await desk.frame(wire.PopupFrame)).fields == {"visitor.it": right}

    async def test_that_the_server_refuses_say_why_and_may_be_sent_again(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        desk.refusals[wire.PopupFrame] = wire.Problem("invalid", "We cannot write to this address.")
        await load(page, shop, desk)
        await desk.show(fields=(EMAIL,), button=CODE)
        await page.get_by_label("Your email").fill("ann@shop.example")
        await page.get_by_role("button", name="Get my code").click()
        await expect(card(page).get_by_text("We cannot write to this address.")).to_be_visible()
        desk.refusals.clear()
        await page.get_by_role("button", name="Get my code").click()
        await expect(card(page)).to_have_count(0)
        assert len({frame.id for frame in desk.of(wire.PopupFrame)}) == 2

    async def test_keep_what_was_typed_over_a_page_change(self, desk: Any, shop: Any, page: Page) -> None:
        await load(page, shop, desk)
        await desk.show(fields=(EMAIL,), button=CODE)
        await page.get_by_label("Your email").fill("ann@sh")
        await page.reload()
        await expect(page.get_by_label("Your email")).to_have_value("ann@sh")

    async def test_are_not_told_as_an_email_typed_on_the_page(self, desk: Any, shop: Any, page: Page) -> None:
        """What is typed into a pop-up counts when it is sent."""
        shop.pages["/"] = "<button>Elsewhere</button>"
        await load(page, shop, desk)
        await desk.show(fields=(EMAIL,), button=CODE)
        await page.get_by_label("Your email").fill("ann@shop.example")
        await page.get_by_role("button", name="Elsewhere").focus()
        await page.get_by_role("button", name="Close", exact=True).click()
        await desk.frame(wire.PopupFrame, outcome="closed")
        assert desk.events("Email Captured") == []


class TestTheEnd:
    """How a pop-up ends."""

    async def test_by_its_link_is_clicked_and_goes_there(self, desk: Any, shop: Any, page: Page) -> None:
        await load(page, shop, desk)
        await desk.show(button=wire.Button("To the dresses", "/catalog/dresses"))
        await page.get_by_role("link", name="To the dresses").click()
        await page.wait_for_url("**/catalog/dresses")
        assert (await desk.frame(wire.PopupFrame)).outcome == "clicked"
        await desk.connected(2)
        await expect(card(page)).to_have_count(0)

    async def test_by_a_button_without_link_and_fields_is_clicked(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await load(page, shop, desk)
        await desk.show(button=wire.Button("Fine", ""))
        await page.get_by_role("button", name="Fine").click()
        frame = await desk.frame(wire.PopupFrame)
        assert (frame.outcome, frame.fields) == ("clicked", {})

    @pytest.mark.parametrize("size", ["large", "small", "mini"])
    async def test_by_the_cross_is_closed_and_it_does_not_come_back(
        self, desk: Any, shop: Any, page: Page, size: str
    ) -> None:
        """Not even where the server, which has not heard of it yet, welcomes the next page with it."""
        await load(page, shop, desk)
        await desk.show(size=size)
        desk.silent = True
        await page.get_by_role("button", name="Close", exact=True).click()
        assert (await desk.frame(wire.PopupFrame)).outcome == "closed"
        await page.reload()
        await desk.connected(2)
        await expect(page.locator(".launcher")).to_be_visible()
        await expect(card(page)).to_have_count(0)

    async def test_by_the_server_takes_it_away(self, desk: Any, shop: Any, page: Page) -> None:
        await load(page, shop, desk)
        await desk.show()
        await expect(card(page)).to_be_visible()
        await desk.send(wire.HidePopup("p1"))
        await expect(card(page)).to_have_count(0)
        assert desk.of(wire.PopupFrame) == []

    async def test_lets_the_next_one_come(self, desk: Any, shop: Any, page: Page) -> None:
        """Two at a time would be a market; none is lost."""
        await load(page, shop, desk)
        await desk.show("p1", title="First")
        await desk.show("p2", title="Second")
        await expect(card(page).get_by_role("heading")).to_have_text("First")
        await page.get_by_role("button", name="Close", exact=True).click()
        await expect(card(page).get_by_role("heading")).to_have_text("Second")

    async def test_waits_in_the_queue_while_there_is_no_connection(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await load(page, shop, desk)
        await desk.show(fields=(EMAIL,), button=CODE)
        desk.away = True
        await desk.hang_up()
        await page.get_by_label("Your email").fill("ann@shop.example")
        await page.get_by_role("button", name="Get my code").click()
        await expect(card(page)).to_have_count(0)
        desk.away = False
        assert (await desk.frame(wire.PopupFrame)).fields == {"visitor.email": "ann@shop.example"}


class TestHostileText:
    """A pop-up's texts are text."""

    async def test_stays_text_everywhere(
        self, desk: Any, shop: Any, page: Page, complaints: list[str]
    ) -> None:
        await load(page, shop, desk)
        field = wire.PopupField(HOSTILE, "choice", HOSTILE, choices=(HOSTILE,))
        await desk.show(
            size="large", title=HOSTILE, text=HOSTILE, fields=(field,), button=wire.Button(HOSTILE, "")
        )
        await expect(card(page).get_by_role("heading")).to_have_text(HOSTILE)
        await expect(card(page).get_by_role("radio", name=HOSTILE)).to_have_count(1)
        await expect(card(page).locator("img, script")).to_have_count(0)
        assert await page.evaluate("window.hacked") is None
        assert complaints == []

    async def test_link_that_is_code_cannot_be_pressed(self, desk: Any, shop: Any, page: Page) -> None:
        await load(page, shop, desk)
        await desk.show(button=wire.Button("Press me", "javascript:window.hacked=1"), image="javascript:1")
        await expect(card(page).get_by_text("Press me")).to_be_visible()
        await expect(card(page).locator("a, img, form")).to_have_count(0)
