"""The widget by keyboard alone, and as a screen reader hears it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from server_stub import protocol as wire

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

UNNAMED = """
() => {
  const names = element => element.getAttribute('aria-label') || element.textContent.trim()
    || [...(element.labels || [])].map(label => label.textContent).join('')
    || element.getAttribute('aria-labelledby');
  const shadow = document.querySelector('desk-widget').shadowRoot;
  const shown = [...shadow.querySelectorAll('button, a, input, textarea, [role=dialog], [role=log]')]
    .filter(element => element.checkVisibility());
  return shown.filter(element => !names(element)).map(element => element.outerHTML);
}
"""
FOCUS = "() => document.querySelector('desk-widget').shadowRoot.activeElement?.getAttribute('aria-label')"


class TestTheKeyboard:
    """Nothing needs a mouse."""

    async def test_opens_the_chat_writes_and_closes_it(self, desk: Any, shop: Any, page: Page) -> None:
        """Tab to the launcher, Enter, type, Enter, Esc; the focus returns to the launcher."""
        await page.goto(shop.url)
        await desk.connected()
        await page.keyboard.press("Tab")
        assert await page.evaluate(FOCUS) == "Open chat"
        await page.keyboard.press("Enter")
        assert await page.evaluate(FOCUS) == "Write a message…"
        await page.keyboard.type("hello")
        await page.keyboard.press("Enter")
        assert (await desk.frame(wire.WriteFrame)).text == "hello"
        await page.keyboard.press("Escape")
        assert await page.evaluate(FOCUS) == "Open chat"
        await expect(page.locator("section[role=dialog]")).to_be_hidden()

    async def test_answers_a_question_and_keeps_the_focus_in_the_chat(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Open chat").click()
        await desk.ask("Shall I help?", "Yes", "No")
        await page.get_by_role("button", name="Yes").focus()
        await page.keyboard.press("Enter")
        await desk.frame(wire.ChooseFrame)
        assert await page.evaluate(FOCUS) == "Write a message…"

    async def test_stays_in_a_large_popup_and_returns_after_it(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        """The first field has the focus; Tab never reaches the page; Esc closes; the focus goes back."""
        shop.pages["/"] = "<button id=one>One</button><button>Two</button>"
        await page.goto(shop.url)
        await desk.connected()
        await page.locator("#one").focus()
        fields = (
            wire.PopupField("visitor.email", "email", "Email"),
            wire.PopupField("visitor.style", "choice", "Style", choices=("Classic", "Boho")),
        )
        await desk.show(size="large", fields=fields, button=wire.Button("Send", ""))
        await expect(page.get_by_label("Email")).to_be_focused()
        for _ in range(8):
            await page.keyboard.press("Tab")
            assert await page.evaluate("!document.activeElement.matches('button')")
        await page.get_by_label("Email").focus()
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowDown")
        await expect(page.get_by_role("radio", name="Boho")).to_be_checked()
        await page.keyboard.press("Escape")
        assert (await desk.frame(wire.PopupFrame)).outcome == "closed"
        await expect(page.locator("#one")).to_be_focused()

    async def test_is_left_alone_by_a_small_popup(self, desk: Any, shop: Any, page: Page) -> None:
        """It takes no focus from somebody who is typing on the page, and is heard all the same."""
        shop.pages["/"] = "<input aria-label=search>"
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_label("search").focus()
        await desk.show(size="small", title="A gift", text="For you.")
        await expect(page.get_by_role("dialog", name="A gift")).to_be_visible()
        await expect(page.get_by_label("search")).to_be_focused()
        await expect(page.get_by_role("status").filter(has_text="A gift. For you.")).to_have_count(1)

    async def test_shortcuts_of_the_shop_do_not_fire_while_one_writes(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        shop.scripts["/shop.js"] = (
            "window.keys = 0; document.addEventListener('keydown', () => { keys += 1; });"
        )
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Open chat").click()
        await page.keyboard.type("/s")
        assert await page.evaluate("keys") == 0


class TestAScreenReader:
    """Names and roles."""

    async def test_finds_a_name_on_everything_that_can_be_used(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Open chat").click()
        await desk.ask("Shall I help?", "Yes", "No")
        await desk.say("Where to?", input="email")
        await desk.show(size="small", fields=(wire.PopupField("visitor.phone", "phone", "Phone"),))
        await expect(page.get_by_role("dialog", name="A gift")).to_be_visible()
        assert await page.evaluate(UNNAMED) == []

    async def test_hears_messages_in_a_log_with_who_wrote_them(
        self, desk: Any, shop: Any, page: Page
    ) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Open chat").click()
        log = page.get_by_role("log", name="Alder & Thread")
        await expect(log).to_have_attribute("aria-live", "polite")
        await desk.say("Hello")
        await page.locator(".composer textarea").fill("Hi")
        await page.keyboard.press("Enter")
        await desk.frame(wire.WriteFrame)
        await expect(log).to_contain_text("Lily")
        await expect(log).to_contain_text("You")

    async def test_is_told_the_launchers_state(self, desk: Any, shop: Any, page: Page) -> None:
        await page.goto(shop.url)
        await desk.connected()
        launcher = page.locator(".launcher")
        await expect(launcher).to_have_attribute("aria-expanded", "false")
        await launcher.click()
        await expect(launcher).to_have_attribute("aria-expanded", "true")
        await expect(launcher).to_have_attribute("aria-label", "Close chat")

    async def test_user_who_wants_no_motion_gets_none(self, desk: Any, shop: Any, page: Page) -> None:
        await page.goto(shop.url)
        await desk.connected()
        await page.get_by_role("button", name="Open chat").click()
        running = "document.querySelector('desk-widget').shadowRoot.getAnimations().length"
        assert await page.evaluate(running) == 0
