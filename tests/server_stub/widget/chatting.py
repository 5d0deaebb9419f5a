"""Where things are in the chat's window, for tests that look at it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page


def composer(page: Page) -> Locator:
    """Where the visitor writes."""
    return page.locator(".composer textarea")


def window(page: Page) -> Locator:
    """The chat's window."""
    return page.locator("section[role=dialog]")


def feed(page: Page) -> Locator:
    """The messages."""
    return page.get_by_role("log")


async def open_chat(page: Page, address: str, desk: Any) -> None:
    """Load a page, and open its chat."""
    await page.goto(address)
    await desk.connected()
    await page.get_by_role("button", name="Open chat").click()
