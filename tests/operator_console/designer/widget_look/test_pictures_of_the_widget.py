"""Pictures of the widget's look, frozen. `pytest --snapshot-update` takes new ones; look at them first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from textual.widgets import Input

from operator_console.app import OperatorApp
from operator_console.designer.widget_look.screen import WidgetLookScreen
from operator_console.translation import speak
from server_stub.protocol import Me, WidgetLook

RIGHT = WidgetLook("", "#b5533c", "light", "right", "How can we help?")
LEFT = WidgetLook("Lamps and linen", "#0f766e", "dark", "left", "Ask us anything.")


@pytest.fixture
def picture(desk, snap_compare, tmp_path: Path):
    """Takes a picture of a look, after some keys."""

    def take(look: WidgetLook, *keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            while not app.inbox._shown_snapshot:
                await pilot.pause(0.01)
            me = Me("op_1", "Maria Lind", "owner", "Lamp & Linen", "https://shop.example")
            await app.push_screen(WidgetLookScreen(desk, me, look))
            await pilot.press(*keys)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfTheWidget:
    def test_dark(self, picture) -> None:
        assert picture(RIGHT, size=(150, 42))

    def test_a_dark_widget_at_the_left_light(self, picture) -> None:
        assert picture(LEFT, "x", size=(150, 42), theme="desk-light")

    def test_a_small_terminal(self, picture) -> None:
        assert picture(RIGHT, size=(80, 24))

    def test_in_russian(self, picture) -> None:
        try:
            speak("ru")
            assert picture(RIGHT, "tab", size=(120, 36))
        finally:
            speak("en")
