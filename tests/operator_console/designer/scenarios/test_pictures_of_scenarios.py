"""Pictures of the screen of scenarios, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input

from operator_console.app import OperatorApp
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.translation import speak


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desk, snap_compare, tmp_path: Path):
    """Takes a picture of the screen after some keys."""

    def take(*keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            screen = app.screen
            await until(pilot, lambda: screen.rows.rows and not screen.rows.unread())
            await pilot.press(*keys)
            await until(pilot, lambda: screen._shown_slug == screen.listing.cursor)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfTheScenarios:
    def test_dark(self, picture) -> None:
        assert picture("j", "j", size=(160, 45))

    def test_one_with_errors_light(self, picture) -> None:
        assert picture(*"jjjjjj", size=(120, 36), theme="desk-light")

    def test_a_small_terminal(self, picture) -> None:
        assert picture("j", size=(80, 24))

    def test_the_question_before_a_launch(self, picture) -> None:
        assert picture("j", "j", "p", size=(100, 30), theme="desk-light")

    def test_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture("j", "j", size=(140, 40))
        finally:
            speak("en")
