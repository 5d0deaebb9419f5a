"""A marketer looks at a step of his draft in a browser, as his visitors will see it, and it follows while he writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from scenarios_yaml.engine.state import World
from scenarios_yaml.language import model
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.whole.walking import every_step
from scenarios_yaml.library.index import library
from server_stub.channels.letter import Letters
from server_stub.previews.shelf import LIFE, MOST, Previews
from server_stub.previews.shown import Shop, Shown, show
from server_stub.protocol import MakePreview
from server_stub.work import Rejected

from .conftest import DRAFT, NOW

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser complained of: nothing."""
    found: list[str] = []
    yield found
    assert found == []


async def opened(browser: Browser, desk: Any, preview: Any, complaints: list[str]) -> Page:
    context = await browser.new_context(viewport={"width": 1100, "height": 760})
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(desk.url + preview.url)
    return page


@pytest.mark.slow
class TestInTheBrowser:
    async def test_a_popup_is_the_widgets_own(
        self, desk: Any, browser: Browser, complaints: list[str], tmp_path: Path
    ) -> None:
        page = await opened(browser, desk, await desk.previews("offer"), complaints)
        await expect(page.get_by_role("dialog")).to_be_visible()
        await expect(page.get_by_text("Wait! 10% off")).to_be_visible()
        await expect(page.get_by_text("Ann, leave your email.")).to_be_visible()
        await expect(page.get_by_label("Email")).to_be_visible()
        picture = await page.screenshot(path=tmp_path / "popup.png")
        assert picture.startswith(b"\x89PNG")
        box = await page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert abs(box["x"] + box["width"] / 2 - 550) < 2  # a large one stands in the middle
        await page.context.close()

    async def test_it_follows_the_edit(self, desk: Any, browser: Browser, complaints: list[str]) -> None:
        preview = await desk.previews("offer")
        page = await opened(browser, desk, preview, complaints)
        await expect(page.get_by_text("Wait! 10% off")).to_be_visible()
        await desk.previews("offer", DRAFT.replace("Wait! 10% off", "Stay a moment"), preview.id)
        await expect(page.get_by_text("Stay a moment")).to_be_visible()
        await expect(page.get_by_text("Wait! 10% off")).to_have_count(0)
        await page.context.close()

    async def test_it_follows_to_another_step(
        self, desk: Any, browser: Browser, complaints: list[str]
    ) -> None:
        preview = await desk.previews("offer")
        page = await opened(browser, desk, preview, complaints)
        await expect(page.get_by_role("dialog")).to_be_visible()
        changed = await desk.previews("letter", preview=preview.id)
        assert (changed.id, changed.url, changed.kind) == (preview.id, preview.url, "email")
        await expect(page.get_by_role("heading", name="Ann, your code")).to_be_visible()
        await expect(page.frame_locator("iframe").get_by_text("FIRST10")).to_be_visible()
        await page.context.close()

    async def test_a_question_stands_in_the_open_chat_and_can_be_answered(
        self, desk: Any, browser: Browser
    ) -> None:
        page = await opened(browser, desk, await desk.previews("question"), complaints)
        await expect(page.get_by_text("What are you looking for?").first).to_be_visible()
        await page.get_by_role("button", name="Lamps").click()
        await expect(page.get_by_role("button", name="Tables")).to_have_count(0)
        await page.get_by_role("button", name="Show again").click()
        await expect(page.get_by_role("button", name="Tables")).to_be_visible()
        await page.context.close()

    async def test_what_was_closed_can_be_looked_at_again(
        self, desk: Any, browser: Browser, complaints: list[str]
    ) -> None:
        page = await opened(browser, desk, await desk.previews("offer"), complaints)
        await page.get_by_role("dialog").get_by_role("button", name="Close").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.get_by_role("button", name="Show again").click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await page.context.close()

    async def test_what_is_done_in_it_makes_no_visitor(
        self, desk: Any, browser: Browser, complaints: list[str]
    ) -> None:
        page = await opened(browser, desk, await desk.previews("offer"), complaints)
        await page.get_by_label("Email").fill("real@shop.example")
        await page.get_by_role("button", name="Get my code").click()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        found = await desk.http.get("/api/visitors", headers=desk.auth)
        assert found.json()["visitors"] == []
        await page.context.close()

    async def test_a_push_is_shown_as_the_text_that_it_is(
        self, desk: Any, browser: Browser, complaints: list[str]
    ) -> None:
        page = await opened(browser, desk, await desk.previews("note"), complaints)
        await expect(page.get_by_text("Only <b>today</b>")).to_be_visible()
        await page.context.close()

    async def test_an_open_page_is_told_that_its_preview_is_over(
        self, desk: Any, browser: Browser, complaints: list[str]
    ) -> None:
        page = await opened(browser, desk, await desk.previews("offer"), complaints)
        await expect(page.get_by_role("dialog")).to_be_visible()
        desk.now += LIFE
        await desk.previews("offer")
        await expect(page.get_by_text("This preview is over.")).to_be_visible()
        await page.context.close()


class TestTheAddress:
    async def test_it_cannot_be_guessed_and_ends_after_an_hour(self, desk: Any) -> None:
        first, second = await desk.previews("offer"), await desk.previews("offer")
        assert len(first.id) >= 43
        assert first.url != second.url
        assert (await desk.http.get(first.url)).status_code == 200
        desk.now += LIFE - 1
        await desk.previews("offer", preview=second.id)
        desk.now += 1
        assert (await desk.http.get(first.url)).status_code == 404
        assert (await desk.asks("offer", preview=first.id)).status_code == 404
        assert (await desk.http.get(second.url)).status_code == 200

    async def test_pages_carry_a_strict_policy_and_are_kept_nowhere(self, desk: Any) -> None:
        preview = await desk.previews("letter")
        page = await desk.http.get(preview.url)
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        letter = await desk.http.get(f"{preview.url}letter")
        assert letter.headers["content-security-policy"].startswith("sandbox")
        assert "FIRST10" in letter.text

    async def test_foreign_text_stays_text(self, desk: Any) -> None:
        evil = "<script>alert(1)</script>"
        text = DRAFT.replace("title: Promo code on exit", f'title: "{evil}"')
        preview = await desk.previews("note", text, locale='en"><script>')
        page = await desk.http.get(preview.url)
        assert "<script>alert" not in page.text
        assert '"><script>' not in page.text

    async def test_only_so_many_are_kept(self) -> None:
        previews = Previews(lambda: NOW)
        first = previews.add(Shown("push", "", "en"))
        waiting = asyncio.ensure_future(first.next_revision(1))
        for _ in range(MOST):
            previews.add(Shown("push", "", "en"))
        assert await asyncio.wait_for(waiting, 5) == 0
        with pytest.raises(Rejected):
            previews.get(first.token)


class TestTheSample:
    async def test_what_is_said_of_him_stands_above_what_he_has(self, desk: Any) -> None:
        given = {"properties": {"name": "Zoë"}, "run": {"code": "SPRING"}}
        preview = await desk.previews("letter", **given)
        assert "Zoë, your code" in (await desk.http.get(preview.url)).text
        assert "SPRING" in (await desk.http.get(f"{preview.url}letter")).text

    async def test_he_reads_in_his_language(self, desk: Any) -> None:
        text = DRAFT.replace("title: Sale,", "title: {en: Sale, ru: Скидки},")
        page = await desk.http.get((await desk.previews("note", text, locale="ru")).url)
        assert "Скидки" in page.text
        assert '<html lang="ru">' in page.text


def _shows(step: model.Step) -> bool:
    shows = model.Say | model.Ask | model.Popup | model.Email | model.Push | model.MessengerMessage
    return isinstance(step, shows | model.SendFile)


class TestTheLibrary:
    @pytest.mark.parametrize("slug", [item.slug for item in library()])
    async def test_every_step_that_speaks_can_be_looked_at(self, slug: str, tmp_path: Path) -> None:
        text = next(item.text for item in library() if item.slug == slug)
        scenario = read_scenario(text).scenario
        assert scenario is not None
        world = World(locale="en", currency="EUR", site={"name": "Shop", "url": "https://shop.example"})
        shop = Shop(world, Letters(tmp_path, "Shop"), bot="Assistant")
        for step in filter(_shows, every_step(scenario)):
            shown = show(MakePreview(text, step.key), shop, NOW)
            assert shown.message or shown.popup or shown.content, step.path


class TestBadRequests:
    async def test_a_text_with_errors_tells_them_all(self, desk: Any) -> None:
        answer = await desk.asks("offer", DRAFT.replace("size: large", "size: huge"))
        assert answer.status_code == 422
        assert [one["line"] for one in answer.json()["problems"]] == [10]

    @pytest.mark.parametrize("step", ["nowhere", "pause", "code"])
    async def test_a_step_at_which_nothing_is_to_be_seen_is_refused(self, desk: Any, step: str) -> None:
        answer = await desk.asks(step)
        assert (answer.status_code, answer.json()["field"]) == (422, "step")

    async def test_a_letter_that_cannot_be_made_says_why(self, desk: Any) -> None:
        text = DRAFT.replace('body: "It is **{{ run.code }}**."', "template: missing")
        answer = await desk.asks("letter", text)
        assert answer.status_code == 422
        assert "templates/missing.md" in answer.json()["detail"]

    async def test_operators_may_not(self, desk: Any) -> None:
        added = await desk.http.post("/api/operators", json={"name": "Ann"}, headers=desk.auth)
        auth = {"Authorization": f"Bearer {added.json()['token']}"}
        body = {"text": DRAFT, "step": "offer"}
        answer = await desk.http.post("/api/previews", json=body, headers=auth)
        assert answer.status_code == 403

    @pytest.mark.parametrize("path", ["", "nothing", "v1/widget", "../healthz"])
    async def test_what_is_no_part_of_a_preview_is_not_found(self, desk: Any, path: str) -> None:
        preview = await desk.previews("offer")
        address = f"{preview.url}{path}" if path else preview.url.rstrip("/")
        assert (await desk.http.get(address)).status_code == 404
