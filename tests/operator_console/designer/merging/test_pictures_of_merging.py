"""Pictures of the choice between two people's changes, frozen. `pytest --snapshot-update` takes new ones."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from msgspec.structs import replace

from operator_console.app import OperatorApp
from operator_console.designer.merging.sheet import MergeSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from operator_console.translation import speak
from scenarios_yaml.language.editing.document import Document

SLUG = "help_choosing_bot"


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


def mine_and_theirs(text: str) -> tuple[str, str]:
    """What two people have made of it."""
    mine, theirs = Document(text), Document(text)
    mine.put("steps.1.timeout", "3d")
    theirs.put("steps.1.timeout", "2d")
    mine.put("steps.1.options.1.steps.0.say", "Let us find it together: what is it for?")
    theirs.drop("steps.1.options.1.steps.0")
    mine.insert("steps", len(mine.value("steps")), {"tag": "asked"})
    theirs.insert("steps", len(theirs.value("steps")), {"note": "Asked and answered"})
    theirs.put("title", {"en": "A helping hand", "ru": "Рука помощи"})
    return mine.text, theirs.text


@pytest.fixture
def picture(desk, snap_compare, tmp_path: Path):
    """Takes a picture of the tree after a colleague has published, and some keys."""

    def take(*keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            scenarios = app.screen
            await until(pilot, lambda: scenarios.rows.rows and not scenarios.rows.unread())
            scenarios.listing.point_to(SLUG)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, TreeScreen) and app.screen.tree_view.row)
            tree = app.screen
            file = await desk.scenario_file(SLUG)
            mine, theirs = mine_and_theirs(file.text)
            tree.take_text(mine)
            tree.show_document()
            tree.meet(replace(file, text=theirs, base="b2", by="Maria"))
            await pilot.press(*keys)
            await until(pilot, lambda: not keys or isinstance(app.screen, MergeSheet))
            await until(pilot, lambda: tree.document.is_read)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfMerging:
    def test_the_choice_dark(self, picture) -> None:
        assert picture("M", size=(160, 45))

    def test_the_choice_light(self, picture) -> None:
        assert picture("M", size=(120, 36), theme="desk-light")

    def test_the_choice_in_a_small_terminal(self, picture) -> None:
        assert picture("M", size=(80, 24))

    def test_the_choice_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture("M", size=(120, 36))
        finally:
            speak("en")
