"""The widget's look is tried out in a browser before it is set, and once it is set, visitors have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page, expect

from server_stub.serve import Server

from .conftest import DRAFT

pytestmark = pytest.mark.asyncio(loop_scope="session")

GREEN = {"title": "Ask us", "colour": "#2b8a3e", "side": "left", "greeting": "What can we find for you?"}


async def asks(desk: Any, look: dict[str, str], step: str = "", preview: str = "") -> httpx.Response:
    body = {"text": DRAFT if step else "", "step": step, "look": look}
    method, path = ("PUT", f"/api/previews/{preview}") if preview else ("POST", "/api/previews")
    answer: httpx.Response = await desk.http.request(method, path, json=body, headers=desk.auth)
    return answer


async def shop_page(shop: str, browser: Browser) -> Page:
    """A visitor on a page of the shop, its chat opened."""
    context = await browser.new_context(viewport={"width": 1100, "height": 760})
    page = await context.new_page()
    await page.goto(shop)
    await page.locator(".launcher").click()
    return page


async def background(page: Page) -> str:
    return str(await page.locator(".launcher").evaluate("it => getComputedStyle(it).backgroundColor"))


@pytest.mark.slow
class TestInTheBrowser:
    async def test_what_is_set_is_on_the_next_page(self, tmp_path: Path, browser: Browser) -> None:
        server = Server(tmp_path / "data", port=0, shop_port=0, log_bytes=0)
        await server.start()
        page = await shop_page(str(server.shop_url), browser)
        await expect(page.get_by_role("heading", name="My shop")).to_be_visible()
        assert await background(page) == "rgb(59, 91, 219)"
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, verify=False) as http:
            auth = {"Authorization": f"Bearer {server.operator_token}"}
            assert (await http.put("/api/look", json=GREEN, headers=auth)).status_code == 200
        again = await shop_page(str(server.shop_url), browser)
        await expect(again.get_by_role("heading", name="Ask us")).to_be_visible()
        await expect(again.get_by_text("What can we find for you?").first).to_be_visible()
        assert await background(again) == "rgb(43, 138, 62)"
        await page.context.close()
        await again.context.close()
        await server.stop()

    async def test_the_preview_shows_the_open_chat_and_follows(self, desk: Any, browser: Browser) -> None:
        made = (await asks(desk, GREEN)).json()
        context = await browser.new_context(viewport={"width": 1100, "height": 760})
        page = await context.new_page()
        await page.goto(desk.url + made["url"])
        window = page.get_by_role("dialog")
        await expect(window).to_be_visible()
        await expect(page.get_by_text("Ask us").first).to_be_visible()
        await expect(page.get_by_text("What can we find for you?").first).to_be_visible()
        box = await window.bounding_box()
        assert box is not None
        assert box["x"] == 24  # at the left, as it is told
        changed = await asks(desk, {**GREEN, "title": "Lamps & more", "side": "right"}, preview=made["id"])
        assert changed.json()["url"] == made["url"]
        await expect(page.get_by_text("Lamps & more").first).to_be_visible()
        await expect(page.get_by_text("Ask us")).to_have_count(0)
        box = await window.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] == 1100 - 24
        await context.close()


class TestAPreview:
    async def test_of_a_look_is_a_chat_and_sets_nothing(self, desk: Any) -> None:
        answer = await asks(desk, GREEN)
        assert (answer.status_code, answer.json()["kind"]) == (201, "chat")
        page = await desk.http.get(answer.json()["url"])
        assert "Ask us · widget" in page.text
        assert "title" not in (await desk.http.get("/api/look", headers=desk.auth)).json()

    async def test_of_a_step_takes_the_look_along(self, desk: Any) -> None:
        answer = await asks(desk, GREEN, "offer")
        assert answer.json()["kind"] == "popup"

    async def test_without_a_title_has_the_shops_name(self, desk: Any) -> None:
        answer = await asks(desk, {**GREEN, "title": ""})
        assert "My shop · widget" in (await desk.http.get(answer.json()["url"])).text

    async def test_of_a_look_that_cannot_be_is_refused(self, desk: Any) -> None:
        answer = await asks(desk, {**GREEN, "colour": "green"})
        assert (answer.status_code, answer.json()["field"]) == (422, "colour")

    async def test_without_a_look_needs_a_step(self, desk: Any) -> None:
        assert (await desk.asks("")).status_code == 422
