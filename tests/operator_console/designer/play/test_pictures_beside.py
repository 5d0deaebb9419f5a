"""Pictures of what is played beside a tree, of the word before it is published, and of a branch from a dialog, frozen.

`pytest --snapshot-update` takes new ones; look at them first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from operator_console.app import OperatorApp
from operator_console.designer.from_dialog.sheet import BranchSheet
from operator_console.designer.play.checks_view import ChecksView
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.translation import speak
from scenarios_yaml.library.index import library
from server_stub.protocol import (
    Author,
    FileRef,
    Me,
    Message,
    Publication,
    ScenarioDifference,
    ScenarioFile,
    ScenarioTests,
    VisitorsStanding,
)

ITEM = next(item for item in library() if item.slug == "delivery_and_orders_bot")
OWNER = Me("op", "Owner", "owner", "Lamps", "1")
DIFFERENT = Publication(
    "delivery_and_orders_bot",
    published=False,
    base="b1",
    version="v2",
    differences=(
        ScenarioDifference("changed", "menu", "text", "Hello! How can I help?", "Hello! What is it about?"),
        ScenarioDifference("added", "about-delivery", "option", "", "Do you pack presents?"),
    ),
    standing=(VisitorsStanding("menu", "menu", 3, "stays"),),
)
TOLD = (
    ("visitor", "Where is my order?"),
    ("operator", "Hello, Ann! I will have a look. Which email did you order with?"),
    ("visitor", "ann@shop.example"),
    (
        "operator",
        "It is on its way to Prague. Shall a courier bring it, or will you fetch it from the point?",
    ),
    ("visitor", "By courier"),
    ("operator", "He comes on Monday between ten and two."),
    ("visitor", "Thank you!"),
)


async def until(pilot: Any, condition: Callable[[], Any]) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desk: Any, snap_compare: Any, tmp_path: Path) -> Any:
    """Takes a picture of a screen over the inbox, after `scene` has prepared it."""

    def take(screen: Any, scene: Any, size: tuple[int, int], theme: str = "desk-dark") -> Any:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot: Any) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            shown = screen(app)
            await app.push_screen(shown)
            await scene(pilot, shown)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfPlayingBeside:
    @pytest.fixture
    def playing(self, picture: Any) -> Any:
        async def scene(pilot: Any, tree: TreeScreen) -> None:
            await until(pilot, lambda: tree.tree_view.row is not None)
            await pilot.press("t")
            await until(pilot, lambda: tree.plays and tree.pane.session and tree.pane.line.has_focus)
            await until(pilot, lambda: tree.pane.session.setting.business_hours)
            for _ in range(2):
                await pilot.press("enter")
                await pilot.pause()
            await pilot.press("1", "enter")
            await until(pilot, lambda: len(tree.pane.session.turns) == 3)
            tree.pane.line.cursor_blink = False
            await pilot.pause()

        def screen(app: OperatorApp) -> TreeScreen:
            file = ScenarioFile(ITEM.slug, f"{ITEM.slug}.yaml", ITEM.text, "b1", "v1", "live")
            return TreeScreen(app.inbox.desk, OWNER, file, "Questions about delivery and orders")

        return lambda size, theme="desk-dark": picture(screen, scene, size, theme)

    def test_dark(self, playing: Any) -> None:
        assert playing((160, 45))

    def test_light(self, playing: Any) -> None:
        assert playing((120, 36), "desk-light")

    def test_a_small_terminal(self, playing: Any) -> None:
        assert playing((80, 24))


class TestPicturesOfTheTestsBeforePublishing:
    @pytest.fixture
    def publishing(self, picture: Any, desk: Any) -> Any:
        def take(text: str, size: tuple[int, int], theme: str = "desk-dark") -> Any:
            async def scenario_tests(slug: str) -> ScenarioTests:
                return ScenarioTests(slug, f"{slug}.test.yaml", ITEM.test, "b1")

            desk.scenario_tests = scenario_tests

            def screen(app: OperatorApp) -> PublishSheet:
                checks = ChecksView(app.inbox.desk, ITEM.slug, text, id="publish-tests")
                return PublishSheet("Questions about delivery", DIFFERENT, [], checks=checks)

            async def scene(pilot: Any, sheet: PublishSheet) -> None:
                await until(pilot, lambda: sheet.query(ChecksView))
                view = sheet.query_one(ChecksView)
                await until(pilot, lambda: view.checked is not None and view.checked.is_over)

            return picture(screen, scene, size, theme)

        return take

    def test_all_pass_light(self, publishing: Any) -> None:
        assert publishing(ITEM.text, (110, 30), "desk-light")

    def test_some_fail_dark(self, publishing: Any) -> None:
        assert publishing(ITEM.text.replace("How can I help?", "What is it about?"), (110, 30))

    def test_some_fail_in_a_small_terminal(self, publishing: Any) -> None:
        assert publishing(ITEM.text.replace("How can I help?", "What is it about?"), (80, 24))


class TestPicturesOfABranchFromADialog:
    @pytest.fixture
    def choosing(self, picture: Any) -> Any:
        file = FileRef(id="f", name="map.pdf", media_type="application/pdf", size=1, url="/f")
        messages = [
            Message(f"m{number}", "d", "v", Author(kind), number, seq=number, text=text)  # type: ignore[arg-type]
            for number, (kind, text) in enumerate(TOLD)
        ]
        messages.insert(-1, Message("m9", "d", "v", Author("operator"), 5, seq=5, files=(file,)))

        async def scene(pilot: Any, sheet: BranchSheet) -> None:
            await until(pilot, lambda: sheet.query("#branch-messages") and sheet.focused)
            await pilot.press("end", "space")
            await pilot.pause()

        def screen(app: OperatorApp) -> BranchSheet:
            return BranchSheet(messages, "Ann Lee", frozenset(one.id for one in messages))

        return lambda size, theme="desk-dark": picture(screen, scene, size, theme)

    def test_dark(self, choosing: Any) -> None:
        assert choosing((140, 36))

    def test_light_in_russian(self, choosing: Any) -> None:
        speak("ru")
        try:
            assert choosing((140, 36), "desk-light")
        finally:
            speak("en")

    def test_a_small_terminal(self, choosing: Any) -> None:
        assert choosing((80, 24))
