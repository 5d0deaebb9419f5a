"""Pictures of a scenario's file beside its tree, frozen. `pytest --snapshot-update` takes new ones; look first."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from operator_console.app import OperatorApp
from operator_console.designer.tree.screen import TreeScreen
from scenarios_yaml.library.index import library
from server_stub.protocol import Me, ScenarioFile

SLUG = "delivery_and_orders_bot"
BOT = next(item.text for item in library() if item.slug == SLUG)
BROKEN = BOT.replace("- wait: 15s", '- wait: "15s').replace(
    "Hello! How can I help?", "{{ visitor.name }}, hello! # first"
)


async def until(pilot, condition) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("the picture's scene did not come up")


@pytest.fixture
def picture(desk, snap_compare, tmp_path: Path):
    """Takes a picture of the tree of a text after some keys, when it has followed them."""

    def take(text: str, place: str, *keys: str, size: tuple[int, int], theme: str = "desk-dark") -> bool:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC, theme=theme)

        async def run_before(pilot) -> None:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            file = ScenarioFile(SLUG, f"{SLUG}.yaml", text, "b1", "v1", "draft")
            screen = TreeScreen(
                app.inbox.desk, Me("op", "Op", "owner", "", ""), file, "Questions about delivery"
            )
            await app.push_screen(screen)
            await until(pilot, lambda: screen.tree_view.row is not None)
            if place:
                screen.tree_view.point_at(place)
                await pilot.pause()
            await pilot.press(*keys)
            await until(
                pilot, lambda: screen._rest is None and screen.document.is_read and not screen._is_reading
            )
            await pilot.pause()
            await pilot.pause()

        return snap_compare(app, terminal_size=size, run_before=run_before)

    return take


class TestPicturesOfTheFile:
    def test_typed_into_with_what_is_wrong_dark(self, picture) -> None:
        keys = ("tab", "end", "backspace", *"oon", "down", "down", "shift+down", "up", "up", "up")
        assert picture(BOT, "steps.0", *keys, size=(150, 40))

    def test_one_that_cannot_be_parsed_light(self, picture) -> None:
        assert picture(BROKEN, "", size=(120, 36), theme="desk-light")

    def test_a_small_terminal(self, picture) -> None:
        assert picture(BOT, "steps.1", "tab", "shift+down", "shift+down", size=(80, 24))
