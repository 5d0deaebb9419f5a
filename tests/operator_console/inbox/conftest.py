"""The console over a desk in memory, with its clock and its network in the test's hands."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from textual.pilot import Pilot

from operator_console.app import OperatorApp
from operator_console.preferences import Preferences


def _memory_desk() -> ModuleType:
    """The module beside this file: with `importmode=importlib` there is no package to import it from."""
    name = "console_memory_desk"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("memory_desk.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def desks() -> ModuleType:
    """`desks.MemoryDesk()` is an empty desk, `desks.lively()` a shop in the afternoon."""
    return _memory_desk()


class Console:
    """The running app with what tests ask of it."""

    def __init__(self, app: OperatorApp, pilot: Pilot[None], desk: Any) -> None:
        self.app = app
        self.pilot = pilot
        self.desk = desk
        self.inbox = app.inbox

    async def until(self, condition: Callable[[], Any], what: str = "") -> Any:
        """Waits for a condition with a deadline."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if value := condition():
                return value
            await self.pilot.pause(0.01)
        raise AssertionError(f"waited in vain: {what or self.text()}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        await self.pilot.press(*["space" if char == " " else char for char in text])

    async def sees(self, *texts: str) -> None:
        """Waits until all of the texts are on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.text(), f"{text!r} in:\n{self.text()}")

    async def misses(self, text: str) -> None:
        """Waits until the text is not on the screen."""
        await self.until(lambda: text not in self.text(), f"{text!r} still in:\n{self.text()}")

    def lines(self) -> list[str]:
        """The screen as its lines of text, as the terminal would get it."""
        screen = self.app.screen
        return ["".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()]

    def text(self) -> str:
        return "\n".join(self.lines())

    def notifications(self) -> list[str]:
        return [notification.message for notification in self.app._notifications]

    async def open(self, name: str) -> None:
        """Put the cursor on the dialog of that name and wait for its conversation."""
        dialog = next(
            row.id
            for row in self.inbox.mirror.rows.values()
            if row.visitor_name == name and row.status == "open"
        )
        self.inbox.dialogs.point_to(dialog)
        await self.until(
            lambda: self.inbox._opened == dialog and self.inbox.feed is not None, f"{name} is open"
        )
        await self.until(lambda: self.inbox._card is not None, f"the card of {name}")


@pytest.fixture
def console(tmp_path: Path) -> Callable[..., Any]:
    """`async with console(desk, size=(160, 45)) as it:` runs the real app; `it` is a `Console`."""

    @asynccontextmanager
    async def run(
        desk: Any, *, size: tuple[int, int] = (160, 45), theme: str = "desk-dark", **options: Any
    ) -> AsyncIterator[Console]:
        # What is sent goes out at once, unless a test is about holding it.
        options.setdefault("preferences", Preferences(undo_seconds=0))
        app = OperatorApp(
            desk,
            keep_in=lambda me: tmp_path / me.id,
            now=desk.clock,
            zone=UTC,
            theme=theme,
            downloads=tmp_path / "downloads",
            **options,
        )
        async with app.run_test(size=size, notifications=True) as pilot:
            it = Console(app, pilot, desk)
            await it.until(lambda: app.inbox._shown_snapshot or app.inbox._lost, "the first paint")
            yield it

    return run


@pytest.fixture
def loop_settles() -> Callable[[], Any]:
    """`await loop_settles()`: everything that is ready has run."""

    async def settle() -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    return settle
