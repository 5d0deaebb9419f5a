"""One real Chromium for the widget and the demo shop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, async_playwright


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser(browser_options: dict[str, Any]) -> AsyncIterator[Browser]:
    """Started once; each test opens a profile of its own."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(**browser_options)
        yield chromium
        await chromium.close()
