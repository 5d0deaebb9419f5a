"""The player in a real application, over a scenario that a test may rewrite."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from operator_console.designer.play.app import PlayApp
from operator_console.designer.play.pane import PlayPane
from operator_console.designer.play.screen import Draft
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing.cases import Case

BOT = """
scenario: bot
title: {en: A bot, ru: Бот}
trigger:
  - {event: Page Viewed, where: [page.path starts with "/help"]}
audience: [email is known]
exit: [{event: Order Completed}]
steps:
  - id: pause
    wait: 15s
  - id: menu
    say: {en: How can I help?, ru: Чем помочь?}
    options:
      - {label: {en: Prices, ru: Цены}, steps: [{say: {en: Cheap., ru: Дёшево.}}]}
      - {label: {en: A form, ru: Форма}, jump: to-form}
blocks:
  to-form:
    - id: form
      popup:
        size: large
        title: Where do you live?
        text: Fill in.
        fields: [{input: text, label: Town, save_to: visitor.city, required: true}]
        button: {label: Send}
      timeout: 1h
    - id: letter
      email: {subject: "Hello {{ visitor.city }}", body: "**Welcome**.\\n\\n[Go](/shop)"}
"""


class Played:
    """A player that runs: its file, its keys, what it shows."""

    def __init__(self, text: str) -> None:
        self.file = text
        self.kept: list[Case] = []
        self.keeps = True
        self.app = PlayApp(self._read, self._keep)
        self.moves: list[Any] = []
        self.pilot: Pilot[None]

    async def _read(self) -> Draft:
        read = read_scenario(self.file)
        return Draft(scenario=read.scenario, trouble=str(read.errors[0]) if read.errors else "")

    async def _keep(self, case: Case) -> str:
        if not self.keeps:
            raise CannotError("the disk is full")
        self.kept.append(case)
        return f"Kept {case.name}"

    @property
    def pane(self) -> PlayPane:
        return self.app.player.pane

    def heard(self, message: Any) -> None:
        if isinstance(message, PlayPane.Moved):
            self.moves.append(message.session)

    async def until(self, condition: Callable[[], Any], what: str = "") -> None:
        """Waits for a condition with a deadline."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if condition():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"waited in vain: {what}\n{self.text()}")

    async def shows(self, *texts: str) -> None:
        for text in texts:
            await self.until(lambda text=text: text in self.text(), repr(text))  # type: ignore[misc]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def enter(self, *lines: str) -> None:
        """Type lines, each with Enter behind it."""
        for line in lines:
            keys = {" ": "space"}
            await self.pilot.press(*[keys.get(letter, letter) for letter in line], "enter")
            await self.pilot.pause()

    def text(self) -> str:
        """The screen as a person reads it."""
        screen = self.app.screen
        width, height = self.app.size
        return "\n".join(
            "".join(segment.text for segment in line)[:width].rstrip()
            for line in screen._compositor.render_strips()[:height]
        )


@pytest.fixture
def played() -> Callable[..., AbstractAsyncContextManager[Played]]:
    @asynccontextmanager
    async def run(text: str = BOT, size: tuple[int, int] = (110, 40)) -> AsyncIterator[Played]:
        it = Played(text)
        async with it.app.run_test(size=size, notifications=True, message_hook=it.heard) as it.pilot:
            await it.until(lambda: it.app.player.is_mounted and it.pane.query("PlayLine"), "the player")
            await it.pilot.pause()
            await it.until(lambda: it.pane.session or it.pane.story.line_count, "the draft")
            yield it

    return run
