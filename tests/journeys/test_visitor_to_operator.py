"""The main job, end to end: a visitor in Chromium, the bot, the hand-over, an operator in the real console."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from operator_console.app import OperatorApp
from operator_console.client import DeskClient
from server_stub.protocol import DialogPage, FeedPage, MessageSent

pytestmark = pytest.mark.slow

T = TypeVar("T")


async def ask_until(ask: Callable[[], Awaitable[T]], good: Callable[[T], object], what: str) -> T:
    """The first answer that is good."""
    for _ in range(300):
        answer = await ask()
        if good(answer):
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


def somebody_waits(page: DialogPage) -> bool:
    return any(dialog.waiting_since for dialog in page.dialogs)


def texts(feed: FeedPage) -> list[str]:
    return [entry.what.message.text for entry in feed.entries if isinstance(entry.what, MessageSent)]


@pytest.fixture
def desk(make_server: Callable[..., Any], free_ports: list[int]) -> Any:
    """The demo server, with the help bot in a hurry: it asks after one second instead of three minutes."""
    server = make_server(shop_port=free_ports[0])
    server.start()
    bot = next((server.data / "scenarios").glob("*help_choosing_bot.yaml"))
    text = bot.read_text()
    hurried = re.sub(r"wait: \S+", "wait: 1s", text, count=1)
    assert hurried != text
    bot.write_text(hurried)
    for other in (server.data / "scenarios").glob("*_popup.yaml"):
        other.write_text(other.read_text().replace("status: live", "status: paused"))
    return server


@pytest.fixture
async def page(browser: Any) -> AsyncIterator[Any]:
    """A browser tab; the test fails where its console showed an error."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    tab = await context.new_page()
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    await context.close()
    assert errors == []


async def test_a_visitor_is_asked_by_the_bot_and_answered_from_the_terminal(
    desk: Any, page: Any, until: Callable[..., Any], tmp_path: Path
) -> None:
    client = DeskClient(desk.url, desk.token)
    app = OperatorApp(DeskClient(desk.url, desk.token), keep_in=lambda me: tmp_path / me.id)
    async with app.run_test(size=(150, 44)) as pilot:
        await page.goto(f"{desk.shop_url}/catalog/dresses")
        await page.get_by_role("button", name="Yes").first.click(timeout=15_000)

        listed = await ask_until(client.dialogs, somebody_waits, "the hand-over")
        dialog = listed.dialogs[0]
        assert dialog.holder == "people"
        await until(lambda: dialog.id in app.inbox.mirror.rows, what="the dialog in the console's list")
        await pilot.press("u", "r")
        await pilot.press(*"Good evening! Which size?", "enter")
        await page.get_by_text("Good evening! Which size?").wait_for(timeout=10_000)

        await page.get_by_role("textbox").last.fill("Size M, please")
        await page.keyboard.press("Enter")
        await ask_until(
            lambda: client.feed(dialog.id), lambda feed: "Size M, please" in texts(feed), "his answer"
        )
        await until(
            lambda: app.inbox.mirror.rows[dialog.id].last_text == "Size M, please", what="it in the console"
        )

    feed = await client.feed(dialog.id)
    assert texts(feed)[-2:] == ["Good evening! Which size?", "Size M, please"]
    assert (await client.dialogs()).dialogs[0].assignee, "who answers first has the dialog"
    await client.close()
