"""Pictures of the player, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from operator_console.designer.play.app import PlayApp
from operator_console.designer.play.screen import Draft
from operator_console.translation import speak
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library
from scenarios_yaml.tools.testing.cases import Case

TEXTS = {item.slug: item.text for item in library()}


@pytest.fixture
def picture(snap_compare: Any) -> Any:
    """Takes a picture of the player over a scenario of the library, after some lines and keys."""

    def take(
        slug: str, *lines: str, keys: Sequence[str] = (), size: tuple[int, int], theme: str = "desk-dark"
    ) -> Any:
        async def read() -> Draft:
            return Draft(scenario=read_scenario(TEXTS[slug]).scenario)

        async def keep(case: Case) -> str:
            return case.name

        app = PlayApp(read, keep, theme=theme)

        async def run_before(pilot: Any) -> None:
            for _ in range(1000):
                if app.player.is_mounted and app.player.query("PlayPane") and app.player.pane.session:
                    break
                await pilot.pause(0.01)
            app.player.pane.line.cursor_blink = False
            for line in lines:
                app.player.pane.line.value = line
                await pilot.press("enter")
                await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfThePlayer:
    def test_a_chat_dark(self, picture: Any) -> None:
        assert picture("delivery_and_orders_bot", "", "", "1", "2", size=(110, 44))

    def test_a_pop_up_and_where_it_stands_light(self, picture: Any) -> None:
        keys = ("tab", "p", "t")
        assert picture("first_visit_bonus_popup", "", keys=keys, size=(120, 46), theme="desk-light")

    def test_a_letter_and_what_came_of_it(self, picture: Any) -> None:
        lines = (":as email=ann@shop.example name=Ann", ":start", "", ":open")
        assert picture("abandoned_cart_series", *lines, size=(120, 50))

    def test_a_small_terminal(self, picture: Any) -> None:
        assert picture("exit_promo_popup", "", size=(80, 24))

    def test_one_who_is_not_let_in_light(self, picture: Any) -> None:
        assert picture("warm_up_series", "", ":advance soon", size=(100, 24), theme="desk-light")

    def test_in_russian(self, picture: Any) -> None:
        speak("ru")
        try:
            assert picture("help_choosing_bot", "", "", ":help", size=(120, 46))
        finally:
            speak("en")
