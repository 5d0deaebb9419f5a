"""The tree of a scenario over a desk in memory, as an app that is pressed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from operator_console.app import OperatorApp
from operator_console.designer.tree.screen import TreeScreen
from server_stub.protocol import Me, ScenarioFile


async def until_with(pilot: Pilot[None], condition: Callable[[], Any], what: str | Callable[[], str]) -> None:
    """Waits for a condition with a deadline."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError(f"waited in vain: {what if isinstance(what, str) else what()}")


class OpenedTree:
    """A tree on the screen, with what tests ask of it."""

    def __init__(self, app: OperatorApp, pilot: Pilot[None], screen: TreeScreen) -> None:
        self.app, self.pilot, self.screen = app, pilot, screen
        self.text, self.tree = screen.text_view, screen.tree_view

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Waits for a condition with a deadline."""
        await until_with(self.pilot, condition, lambda: f"{what}\n{self.shown()}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        named = {" ": "space", "\n": "enter"}
        await self.pilot.press(*[named.get(letter, letter) for letter in text])

    async def rest(self) -> None:
        """Until the tree has followed what was typed."""
        await self.until(
            lambda: self.screen.document.is_read and self.screen._rest is None, "a rest of typing"
        )
        await self.pilot.pause()

    def shown(self) -> str:
        """The screen as a person reads it."""
        width, height = self.app.size
        return "\n".join(
            "".join(segment.text for segment in line)[:width].rstrip()
            for line in self.app.screen._compositor.render_strips()[:height]
        )

    def at(self) -> str:
        """The line in which the text's cursor stands."""
        return self.text.document[self.text.cursor_location[0]]


@pytest.fixture
def opened(desk: Any, tmp_path: Path) -> Callable[..., Any]:
    """`async with opened(text) as it`: the tree of that text."""

    @asynccontextmanager
    async def open_tree(
        text: str, *, role: str = "owner", size: tuple[int, int] = (140, 40), read_only: bool = False
    ) -> AsyncIterator[OpenedTree]:
        app = OperatorApp(desk, keep_in=lambda me: tmp_path, now=desk.clock, zone=UTC)
        async with app.run_test(size=size) as pilot:
            file = ScenarioFile("shop", "shop.yaml", text, "b1", "v1", "draft")
            screen = TreeScreen(
                app.inbox.desk, Me("op", "Op", role, "", ""), file, "A shop", read_only=read_only
            )
            await until_with(pilot, lambda: app.inbox._shown_snapshot, "the inbox")
            await app.push_screen(screen)
            it = OpenedTree(app, pilot, screen)
            await it.until(lambda: screen.tree_view.row is not None, "the tree")
            await pilot.pause()
            yield it

    return open_tree
