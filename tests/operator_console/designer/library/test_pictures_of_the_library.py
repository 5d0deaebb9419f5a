"""Pictures of the library, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input

from operator_console.app import OperatorApp
from operator_console.designer.library.screen import LibraryScreen
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
    """Takes a picture of the scenario of that name, after some keys more."""

    def take(slug: str, *keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, ScenariosScreen))
            scenarios = app.screen
            await until(pilot, lambda: scenarios.rows.rows and not scenarios.rows.unread())
            await pilot.press("n")
            await until(pilot, lambda: isinstance(app.screen, LibraryScreen) and app.screen._shown_slug)
            app.screen.listing.point_to(slug)
            await until(pilot, lambda: app.screen._shown_slug == slug)
            await pilot.press(*keys)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfTheLibrary:
    def test_a_pop_up_dark(self, picture) -> None:
        assert picture("blog_digest_popup", size=(160, 45))

    def test_a_bot_light(self, picture) -> None:
        assert picture("wholesale_bot", size=(140, 50), theme="desk-light")

    def test_a_letter_further_down(self, picture) -> None:
        assert picture("come_back_offer_email", "tab", "pagedown", size=(140, 40))

    def test_a_push_in_russian(self, picture) -> None:
        speak("ru")
        try:
            assert picture("come_back_push", size=(140, 36), theme="desk-light")
        finally:
            speak("en")

    def test_the_list_in_a_small_terminal(self, picture) -> None:
        assert picture("site_bonus_popup", size=(80, 24))

    def test_a_pop_up_in_a_small_terminal(self, picture) -> None:
        assert picture("site_bonus_popup", "enter", "pagedown", size=(80, 24), theme="desk-light")
