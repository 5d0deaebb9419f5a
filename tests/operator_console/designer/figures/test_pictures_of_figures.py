"""Pictures of figures, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from operator_console.app import OperatorApp
from operator_console.designer.figures.behind_screen import BehindScreen
from operator_console.designer.figures.screen import FiguresScreen
from operator_console.designer.figures.view import FiguresView
from operator_console.designer.tree.screen import TreeScreen
from operator_console.translation import speak
from server_stub.protocol import FiguresChanged, Me, ScenarioFile


async def until(pilot: Any, condition: Any) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(figured, snap_compare, tmp_path: Path):
    """Takes a picture of the figures after some keys."""

    def take(*keys: str, size: tuple[int, int], theme: str = "desk-dark", behind: bool = False) -> bool:
        app = OperatorApp(figured, keep_in=lambda me: tmp_path, now=figured.clock, zone=UTC, theme=theme)

        async def run_before(pilot: Any) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            app.inbox.show_figures_of("come_back", "Come back with an offer")
            await until(
                pilot, lambda: isinstance(app.screen, FiguresScreen) and app.screen.query(FiguresView)
            )
            await until(pilot, lambda: app.screen.body.chosen)
            await pilot.press(*keys)
            if behind:
                await until(pilot, lambda: isinstance(app.screen, BehindScreen) and app.screen.listing.count)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


@pytest.fixture
def tree_picture(figured, snap_compare, tmp_path: Path):
    """Takes a picture of a tree with figures at its rows."""

    def take(*keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(figured, keep_in=lambda me: tmp_path, now=figured.clock, zone=UTC, theme=theme)

        async def run_before(pilot: Any) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            file: ScenarioFile = await figured.scenario_file("come_back")
            app.push_screen(TreeScreen(figured, Me("o", "Owner", "owner", "", ""), file, "Come back"))
            await until(pilot, lambda: figured.watched and figured.watched[-1].scenario == "come_back")
            figures = await figured.figures("come_back")
            figured._tell(FiguresChanged(figured.watched[-1], figures, whole=True))
            await until(pilot, lambda: app.screen.tree_view.figures_at("steps.1"))
            await pilot.press(*keys)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfTheFigures:
    def test_dark(self, picture) -> None:
        assert picture("j", size=(160, 45))

    def test_light_further_down(self, picture) -> None:
        assert picture("G", size=(120, 36), theme="desk-light")

    def test_a_small_terminal(self, picture) -> None:
        assert picture("j", "j", size=(80, 24))

    def test_who_stands_behind_a_number(self, picture) -> None:
        assert picture("enter", size=(120, 36), theme="desk-light", behind=True)

    def test_who_stands_behind_a_number_in_a_small_terminal(self, picture) -> None:
        assert picture("enter", "j", size=(80, 24), behind=True)

    def test_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture(size=(140, 40))
        finally:
            speak("en")


class TestPicturesOfTheTree:
    def test_dark(self, tree_picture) -> None:
        assert tree_picture("G", size=(160, 40))

    def test_light_where_there_is_little_room(self, tree_picture) -> None:
        assert tree_picture("G", size=(80, 24), theme="desk-light")
