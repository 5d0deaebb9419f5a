"""Pictures of the console in Russian, whose words are longer. `--snapshot-update` takes new ones; look at them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from operator_console.app import OperatorApp
from operator_console.preferences import Preferences
from operator_console.translation import speak
from tests.operator_console.inbox.test_pictures import show, show_outbox, show_why, until

ROOMY = (160, 45)
SMALL = (80, 24)


@pytest.fixture
def picture(desks, snap_compare, tmp_path: Path) -> Iterator:
    """Takes a picture of the app in Russian after `act(pilot, inbox, desk)`."""

    def take(act, *, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        desk = desks.lively()
        app = OperatorApp(
            desk,
            keep_in=lambda me: tmp_path,
            now=desk.clock,
            zone=UTC,
            theme=theme,
            preferences=Preferences(undo_seconds=0),
        )

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox.feed is not None and len(app.inbox.mirror.rows) == 10)
            await act(pilot, app.inbox, desk)
            for field in (*app.inbox.query(TextArea), *app.screen.query(Input)):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    speak("ru")
    yield take
    speak("en")


async def show_anna(pilot, inbox, desk) -> None:
    await show(pilot, inbox, "Anna Petrova")


async def show_help(pilot, inbox, desk) -> None:
    await pilot.press("question_mark")


async def show_palette(pilot, inbox, desk) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: pilot.app.screen.query("CommandList").first().option_count > 20)


async def show_snooze(pilot, inbox, desk) -> None:
    await show(pilot, inbox, "Anna Petrova")
    await pilot.press("z")


async def show_lost(pilot, inbox, desk) -> None:
    await show(pilot, inbox, "Mihkel Saar")
    desk.cut()
    await until(pilot, lambda: inbox._lost is not None)


class TestPicturesInRussian:
    @pytest.mark.parametrize("size", [ROOMY, SMALL])
    def test_the_panes(self, picture, size) -> None:
        assert picture(show_anna, size=size)

    def test_the_panes_light(self, picture) -> None:
        assert picture(show_anna, size=(120, 36), theme="desk-light")

    @pytest.mark.parametrize("size", [ROOMY, SMALL])
    def test_the_outbox(self, picture, size) -> None:
        assert picture(show_outbox, size=size)

    @pytest.mark.parametrize("size", [ROOMY, SMALL])
    def test_why(self, picture, size) -> None:
        assert picture(show_why, size=size)

    @pytest.mark.parametrize("size", [ROOMY, SMALL])
    def test_the_help(self, picture, size) -> None:
        assert picture(show_help, size=size)

    def test_the_palette(self, picture) -> None:
        assert picture(show_palette, size=SMALL)

    def test_a_sheet(self, picture) -> None:
        assert picture(show_snooze, size=SMALL)

    def test_a_lost_connection(self, picture) -> None:
        assert picture(show_lost, size=SMALL)
