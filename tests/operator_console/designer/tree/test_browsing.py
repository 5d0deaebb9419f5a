"""The step under the cursor in a real browser: it shows the draft as a visitor would see it, and follows each edit."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.look.browser import step_again, text_with
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.system_open import DISPLAYS
from scenarios_yaml.language.editing.document import Document

OFFER = """\
scenario: offer
title: A small gift
trigger:
  - event: Session Started
steps:
  - id: pause
    wait: 30s
  - id: gift
    popup:
      size: large
      title: Wait!
      text: A gift for you.
      button: {label: Get it}
  - id: talk
    say: Have a look.
"""


class TestTheDraftThatIsShown:
    def test_has_what_is_typed_and_leaves_out_what_cannot_be_written_yet(self) -> None:
        typed = {
            "steps.1.popup.title": "Stay!",
            "steps.1.popup.position": None,
            "steps.1.popup.button": None,
            "steps.9.say": "nowhere",
        }
        text = text_with(OFFER, typed)
        assert text == OFFER.replace("Wait!", "Stay!").replace("      button: {label: Get it}\n", "")

    def test_the_step_is_found_again_where_it_was_moved_to(self) -> None:
        document = Document(OFFER)
        said = document.value("steps.1")
        document.move("steps.1", "steps", 2)
        assert step_again(document, "steps.1", said) == "steps.2"

    def test_a_step_that_was_changed_is_the_one_in_its_place(self) -> None:
        document = Document(OFFER)
        said = document.value("steps.1")
        document.put("steps.1.popup.title", "Stay!")
        assert step_again(document, "steps.1", said) == "steps.1"

    def test_a_step_that_is_gone_is_nowhere(self) -> None:
        document = Document(OFFER.replace("  - id: talk\n    say: Have a look.\n", ""))
        said = document.value("steps.1")
        document.drop("steps.1")
        assert step_again(document, "steps.1", said) == ""


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What this computer's program for addresses was given, a line each."""
    folder, told = tmp_path / "programs", tmp_path / "opened"
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$1" >> "{told}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return told


@pytest.fixture
async def shop(serve):
    async with serve({"offer": OFFER}) as served:
        yield served


async def tree_at(it, place: str) -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("offer")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    it.app.screen.tree_view.point_at(place)
    return it.app.screen


async def address(it, opened: Path) -> str:
    """Of the page that was opened."""
    await it.press("w")
    await it.until(lambda: opened.exists() and opened.read_text().endswith("\n"), "a page is opened")
    return opened.read_text().splitlines()[-1]


class TestInTheBrowser:
    async def test_a_row_of_which_a_visitor_sees_nothing_opens_nothing(self, shop, opened: Path) -> None:
        async with shop.console() as it:
            await tree_at(it, "steps.0")
            await it.press("w")
            await it.shows("A visitor sees nothing of this row.")
            assert not opened.exists()

    async def test_where_there_is_no_display_the_address_is_told(
        self, shop, opened: Path, monkeypatch
    ) -> None:
        for name in DISPLAYS:
            monkeypatch.delenv(name, raising=False)
        async with shop.console() as it:
            await tree_at(it, "steps.1")
            await it.press("w")
            await it.shows("Open this address in a browser")
            assert it.app.clipboard.startswith(f"{shop.url}/previews/")
            assert not opened.exists()

    @pytest.mark.slow
    async def test_the_page_follows_an_edit_of_the_tree_within_a_second(
        self, shop, opened: Path, browser
    ) -> None:
        async with shop.console() as it:
            tree = await tree_at(it, "steps.1")
            page = await browser.new_page()
            await page.goto(await address(it, opened))
            await expect(page.get_by_role("dialog").get_by_text("Wait!")).to_be_visible()
            took = []
            for number in range(3):
                started = time.monotonic()
                tree.document.put("steps.1.popup.title", f"Stay for {number}")
                tree.show_document()
                await expect_soon(it, page.get_by_role("dialog").get_by_text(f"Stay for {number}"))
                took.append(time.monotonic() - started)
            # A second on a machine that does nothing else; the best of three, and half a second for what it does.
            assert min(took) < 1.5, took
            await page.close()

    @pytest.mark.slow
    async def test_the_page_follows_what_is_typed_into_a_form_and_is_not_kept(
        self, shop, opened: Path, browser
    ) -> None:
        async with shop.console() as it:
            tree = await tree_at(it, "steps.2")
            page = await browser.new_page()
            await page.goto(await address(it, opened))
            await expect(page.get_by_text("Have a look.").first).to_be_visible()
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+end")
            await it.type("Here")
            await it.until(lambda: tree._browsed.shown.typed, "the page was told")
            await expect(page.get_by_text("Have a look.Here").first).to_be_visible()
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            await expect(page.get_by_text("Have a look.", exact=True).first).to_be_visible()
            assert tree.document.text == OFFER
            await page.close()

    @pytest.mark.slow
    async def test_the_page_follows_the_cursor_and_waits_while_the_file_has_errors(
        self, shop, opened: Path, browser
    ) -> None:
        async with shop.console() as it:
            tree = await tree_at(it, "steps.1")
            page = await browser.new_page()
            await page.goto(await address(it, opened))
            await expect(page.get_by_role("dialog")).to_be_visible()
            tree.tree_view.point_at("steps.2")
            await expect_soon(it, page.get_by_text("Have a look.").first)
            tree.document.replace(OFFER.replace("say: Have a look.", "say: Here it is.\n    colour: red"))
            tree.show_document()
            await it.shows("The page in the browser waits:")
            await expect(page.get_by_text("Have a look.").first).to_be_visible()
            tree.document.replace(OFFER.replace("Have a look.", "Here it is."))
            tree.show_document()
            await expect_soon(it, page.get_by_text("Here it is.").first)
            await page.close()


async def expect_soon(it, locator) -> None:
    """What the console makes the page show: the console's own timers run while it is waited for."""
    deadline = time.monotonic() + 15
    while not await locator.is_visible():
        assert time.monotonic() < deadline, it.text()
        await it.pilot.pause(0.02)
