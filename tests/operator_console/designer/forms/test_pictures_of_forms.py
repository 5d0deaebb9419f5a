"""How forms look: dark, light and in a small terminal, with what is offered and told below their fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from operator_console.themes import DARK, LIGHT

BOT = """\
scenario: helper
title: Shall I help?
parameters:
  gift: {type: text, default: a lamp}
trigger:
  - event: Lamp Tried
    where:
      - event.minutes > 5
audience:
  - cart.total > 1000
steps:
  - wait: {at: 10:00, weekdays: [mon, tue], within: 1d12h}
  - set: {visitor.plan: gold, visitor.size: "42"}
"""


async def settle(pilot: Any, *keys: str) -> None:
    """Presses keys, and takes the picture when all is told."""
    await pilot.pause()
    for key in keys:
        await pilot.press(key)
        while pilot.app._mark is not None:  # a command comes after the one before it
            await pilot.pause(0.01)
    await pilot.pause()
    pilot.app.screen.look()
    await pilot.pause()
    for field in pilot.app.screen.query("Input, TextArea"):
        field.cursor_blink = False
    await pilot.pause()


CASES = [
    ("trigger", "trigger.0", ["ctrl+u", *"ord"]),
    ("condition", "audience.0", ["ctrl+u", *"email"]),
    ("wait", "steps.0", []),
    ("values", "steps.1", []),
]


class TestPicturesOfForms:
    @pytest.mark.parametrize(("name", "place", "keys"), CASES, ids=[case[0] for case in CASES])
    def test_dark(
        self, snap_compare: Any, form_app: Callable[..., Any], name: str, place: str, keys: list[str]
    ) -> None:
        app = form_app(BOT, place, title=name.capitalize())
        assert snap_compare(app, terminal_size=(120, 36), run_before=lambda pilot: settle(pilot, *keys))

    def test_light(self, snap_compare: Any, form_app: Callable[..., Any]) -> None:
        app = form_app(BOT, "trigger.0", LIGHT.name, title="Trigger")
        assert snap_compare(
            app, terminal_size=(120, 36), run_before=lambda pilot: settle(pilot, "ctrl+u", *"ord")
        )

    def test_small(self, snap_compare: Any, form_app: Callable[..., Any]) -> None:
        app = form_app(BOT, "steps.0", DARK.name, title="Wait")
        assert snap_compare(
            app,
            terminal_size=(80, 24),
            run_before=lambda pilot: settle(pilot, "ctrl+u", "tab", "tab", "tab", *"soon"),
        )
