"""The marketer's day: a scenario of the library launched by four key presses, and a bot that is built from nothing and
met as soon as it is published."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from operator_console.app import OperatorApp
from operator_console.client import DeskClient
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.launch.conditions import ConditionsScreen
from operator_console.designer.launch.messages import MessagesScreen
from operator_console.designer.launch.sheet import LaunchSheet
from operator_console.designer.library.screen import LibraryScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.designer.tree.view import TreeView
from operator_console.inbox.sheets import Picker, Prompt
from scenarios_yaml.library.index import library

pytestmark = pytest.mark.slow

SLUG = "size-helper"
BOT = """\
scenario: size-helper
title: Size helper
status: draft
trigger:
  - event: Size Wanted
steps:
  - say: Which size shall it be?
    options:
      - label: Small
        steps:
          - say: Small ones are on the left.
      - label: I do not know
        steps:
          - say: What do you know?
            options:
              - label: My height
                steps:
                  - say: Tall or not?
                    options:
                      - label: Tall
                        steps:
                          - say: Then take a large one.
                      - label: Not so
              - label: Nothing
"""


class Keyboard:
    """Real key presses in the real app, and what comes of them."""

    def __init__(self, app: OperatorApp, pilot: Any, until: Callable[..., Any]) -> None:
        self.app = app
        self._pilot = pilot
        self._until = until
        self.decisions = 0
        """How often Enter was pressed on something."""

    async def press(self, *keys: str) -> None:
        self.decisions += keys.count("enter")
        await self._pilot.press(*keys)

    async def write(self, text: str) -> None:
        names = {" ": "space", "?": "question_mark", ".": "full_stop", "!": "exclamation_mark", "\n": "enter"}
        await self._pilot.press(*(names.get(letter, letter) for letter in text))

    async def on(self, screen: type[Any]) -> Any:
        """The screen, once it is there."""
        await self._until(lambda: isinstance(self.app.screen, screen), what=f"{screen.__name__}")
        return self.app.screen

    async def holds(self, condition: Callable[[], object], what: str) -> None:
        await self._until(condition, what=what)


@pytest.fixture
def desk(make_server: Callable[..., Any], free_ports: list[int]) -> Any:
    """The demo shop; nothing of its own is live, so that whatever a visitor meets was launched here."""
    server = make_server(shop_port=free_ports[0])
    server.start()
    for file in (server.data / "scenarios").glob("*.yaml"):
        text = file.read_text()
        if "status: live" in text:
            file.write_text(text.replace("status: live", "status: paused", 1))
    return server


@pytest.fixture
async def keyboard(desk: Any, until: Callable[..., Any], tmp_path: Path) -> AsyncIterator[Keyboard]:
    app = OperatorApp(DeskClient(desk.url, desk.token), keep_in=lambda me: tmp_path / me.id)
    async with app.run_test(size=(150, 44)) as pilot:
        await pilot.pause()
        yield Keyboard(app, pilot, until)


@pytest.fixture
async def page(browser: Any) -> AsyncIterator[Any]:
    """A visitor's tab; the test fails where its console showed an error."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    tab = await context.new_page()
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    yield tab
    await context.close()
    assert errors == []


def checked(folder: Path) -> str:
    """What the real command says of a folder of scenarios."""
    command = [sys.executable, "-m", "operator_console.cli", "scenarios", "check", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


async def scenarios_screen(keyboard: Keyboard) -> Any:
    await keyboard.press("d")
    screen = await keyboard.on(ScenariosScreen)
    await keyboard.holds(lambda: screen.rows.rows and not screen.rows.unread(), "all scenarios")
    return screen


class TestFromTheLibrary:
    async def test_four_decisions_launch_a_scenario(self, keyboard: Keyboard, desk: Any) -> None:
        await scenarios_screen(keyboard)
        await keyboard.press("n")
        shown = await keyboard.on(LibraryScreen)
        await keyboard.press("slash")
        await keyboard.write("delivery")
        await keyboard.holds(lambda: shown.listing.text == "delivery" and shown._shown_slug, "what was found")
        await keyboard.press("enter")
        slug = shown.listing.cursor
        keyboard.decisions = 0
        await keyboard.press("enter")
        await keyboard.on(ConditionsScreen)
        await keyboard.press("enter")
        await keyboard.on(MessagesScreen)
        await keyboard.press("enter")
        await keyboard.on(LaunchSheet)
        await keyboard.press("enter")
        screen = await keyboard.on(ScenariosScreen)
        assert keyboard.decisions == 4
        launched = await self._launched(keyboard, screen, desk, slug)
        text = next(item.text for item in library() if item.slug == slug)
        changed = re.sub(r"^status: draft", "status: live", text, count=1, flags=re.MULTILINE)
        assert self._without_names(launched) == self._without_names(changed)

    async def _launched(self, keyboard: Keyboard, screen: Any, desk: Any, slug: str) -> str:
        """The text on the disk, once it is live."""
        folder = desk.data / "scenarios"
        before = {item.slug for item in library()}

        def live() -> str:
            texts = [file.read_text() for file in folder.glob(f"{slug}*.yaml")]
            return next((text for text in texts if "\nstatus: live" in text), "")

        assert slug in before
        await keyboard.holds(live, "the file on the disk")
        return live()

    @staticmethod
    def _without_names(text: str) -> str:
        """A desk that has it already gives it a number: its name and its title."""
        return re.sub(r"^(scenario|title|  en|  ru):.*\n", "", text, flags=re.MULTILINE)


class TestFromNothing:
    async def test_a_bot_of_three_levels_is_built_without_touching_yaml_and_met_at_once(
        self, keyboard: Keyboard, desk: Any, page: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        await page.goto(desk.shop_url)
        await scenarios_screen(keyboard)
        await keyboard.press("N")
        await keyboard.on(Prompt)
        await keyboard.write("Size helper")
        await keyboard.press("enter")
        tree = await self._tree(keyboard)
        folder = desk.data / "scenarios"
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        await self._build(keyboard, tree)
        assert tree.document.text == BOT

        await self._publish(keyboard, tree, "The first version")
        assert (folder / f"{SLUG}.yaml").read_text() == BOT
        assert "0 errors" in checked(folder)
        self._commit(folder)

        await self._publish(keyboard, tree, "Ready", launch=True)
        assert self._difference(folder) == ["-status: draft", "+status: live"]

        begun = time.perf_counter()
        await page.evaluate("window.desk.track('Size Wanted')")
        await page.get_by_text("Which size shall it be?").first.wait_for(timeout=10_000)
        with capsys.disabled():
            print(f"\nmet {(time.perf_counter() - begun) * 1000:.0f} ms after the event")
        for answer in ("I do not know", "My height", "Tall"):
            await page.get_by_role("button", name=answer, exact=True).first.click(timeout=10_000)
        await expect(page.get_by_text("Then take a large one.").first).to_be_visible(timeout=10_000)

        # A change of what is live reaches who comes now, and the difference is what was meant.
        self._commit(folder)
        await self._point(keyboard, tree, "steps.0.options.0.steps.0")
        await self._fill(keyboard, "Small ones are upstairs.")
        await self._publish(keyboard, tree, "They have moved")
        assert self._difference(folder) == [
            "-          - say: Small ones are on the left.",
            "+          - say: Small ones are upstairs.",
        ]

    # --- The tree ---

    async def _build(self, keyboard: Keyboard, tree: Any) -> None:
        await self._point(keyboard, tree, "trigger.0")
        await self._fill(keyboard, "Size Wanted")
        await self._point(keyboard, tree, "steps.0")
        await self._fill(keyboard, "Which size shall it be?", "Small\nI do not know")
        await self._say(keyboard, tree, "steps.0.options.0", "Small ones are on the left.")
        await self._say(keyboard, tree, "steps.0.options.1", "What do you know?", "My height\nNothing")
        inner = "steps.0.options.1.steps.0.options.0"
        await self._say(keyboard, tree, inner, "Tall or not?", "Tall\nNot so")
        await self._say(keyboard, tree, f"{inner}.steps.0.options.0", "Then take a large one.")

    async def _say(self, keyboard: Keyboard, tree: Any, place: str, text: str, answers: str = "") -> None:
        """A chat message into an answer."""
        await self._point(keyboard, tree, place)
        await keyboard.press("a")
        await keyboard.on(Picker)
        await keyboard.write("chat message")
        await keyboard.press("enter")
        await keyboard.on(FormSheet)
        await self._type_over(keyboard, text, answers)

    async def _fill(self, keyboard: Keyboard, text: str, answers: str = "") -> None:
        await keyboard.press("e")
        await keyboard.on(FormSheet)
        await self._type_over(keyboard, text, answers)

    async def _type_over(self, keyboard: Keyboard, text: str, answers: str) -> None:
        """The first field anew, and the second where there is something for it; kept."""
        await keyboard.press("end", "ctrl+u")
        await keyboard.write(text)
        if answers:
            await keyboard.press("tab")
            await keyboard.write(answers)
        await keyboard.press("ctrl+s")
        await keyboard.on(TreeScreen)

    async def _point(self, keyboard: Keyboard, tree: Any, place: str) -> None:
        """To a row, by the keys that lead there."""
        wanted = next(at for at, row in enumerate(tree.tree_view.rows) if row.place == place)
        await keyboard.press("g")
        await keyboard.press(*["j"] * wanted)
        await keyboard.holds(lambda: tree.tree_view.row.place == place, f"the row {place}")

    async def _publish(self, keyboard: Keyboard, tree: Any, why: str, *, launch: bool = False) -> None:
        await keyboard.press("P")
        await keyboard.on(PublishSheet)
        if launch:
            await keyboard.press("shift+tab", "right", "tab")
        await keyboard.write(why)
        await keyboard.press("enter")
        await keyboard.on(TreeScreen)
        await keyboard.holds(lambda: not tree.is_changed, "the publication")

    async def _tree(self, keyboard: Keyboard) -> Any:
        tree = await keyboard.on(TreeScreen)
        await keyboard.holds(lambda: tree.is_mounted and tree.query(TreeView), "the tree")
        await keyboard.holds(lambda: tree.tree_view.row, "its rows")
        return tree

    # --- What lies on the disk ---

    def _commit(self, folder: Path) -> None:
        subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
        who = ["-c", "user.name=Shop", "-c", "user.email=shop@shop.example"]
        subprocess.run(["git", *who, "commit", "-qm", "As it is"], cwd=folder, check=True)

    def _difference(self, folder: Path) -> list[str]:
        done = subprocess.run(["git", "diff", "-U0"], cwd=folder, capture_output=True, text=True, check=True)
        lines = done.stdout.splitlines()
        return [one for one in lines if one[:1] in "+-" and not one.startswith(("+++", "---"))]
