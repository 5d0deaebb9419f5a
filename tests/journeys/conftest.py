"""A shop with one ready-made scenario live, on a clock that a test moves, and a visitor's browser in it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import msgspec
import pytest
from playwright.async_api import Browser, Locator, Page

from operator_console.client import DeskClient
from scenarios_yaml.language.editing.status import set_status
from scenarios_yaml.library.index import file_names, library, read_file, segments
from server_stub.desk.jobs import Published
from server_stub.protocol import (
    Entry,
    EventHappened,
    Message,
    MessageSent,
    OutboxItem,
    RunProgress,
    VisitorCard,
)
from server_stub.serve import Server, now
from tests.conftest import until

SECONDS = 15.0
"""How long a journey waits for what must come."""


class MovedClock:
    """The server's clock: it goes as it always does, and jumps where the test says so."""

    def __init__(self) -> None:
        self._ahead = 0

    def __call__(self) -> int:
        return now() + self._ahead

    def skip(self, milliseconds: int) -> None:
        self._ahead += milliseconds


class LiveShop:
    """The demo shop and its desk, as the journeys see them: what was told, what ran, what lies in the outbox."""

    def __init__(self, server: Server, clock: MovedClock, slug: str) -> None:
        self.server = server
        self.slug = slug
        self.url = server.shop_url or ""
        self.entries: list[Entry] = []
        """Everything that was committed since the shop was opened."""
        self._clock = clock
        self._client = DeskClient(server.url, server.operator_token)
        server.app.desk.subscribe(self._hear)

    def _hear(self, commit: Published) -> None:
        self.entries += commit.entries

    async def close(self) -> None:
        await self._client.close()
        await self.server.stop()

    async def forward(self, **time_: float) -> None:
        """Let that much time pass (as for timedelta), and do what has become due in it."""
        self._clock.skip(int(timedelta(**time_) / timedelta(milliseconds=1)))
        await self.server.app.desk.fire_due()

    # --- What was told ---

    def events(self, name: str) -> list[Mapping[str, Any]]:
        """Properties of the events of that name."""
        told = (entry.what for entry in self.entries)
        return [what.properties for what in told if isinstance(what, EventHappened) and what.name == name]

    async def event(self, name: str, times: int = 1) -> Mapping[str, Any]:
        """The properties of the last event of that name, once there are so many."""
        await until(lambda: len(self.events(name)) >= times, SECONDS, f"the event {name}")
        return self.events(name)[-1]

    # --- What ran ---

    def progress(self, phase: str = "") -> list[RunProgress]:
        """Lines of the scenario's traces."""
        told = (entry.what for entry in self.entries)
        runs = [what for what in told if isinstance(what, RunProgress) and what.scenario == self.slug]
        return [run for run in runs if phase in ("", run.phase)]

    async def started(self, times: int = 1) -> None:
        """Until that many visitors have been let in."""
        await until(lambda: len(self.progress("started")) >= times, SECONDS, f"a run of {self.slug}")

    async def ended(self) -> str:
        """Why the last run ended, once no run is on its way any more."""

        def ends() -> list[RunProgress]:
            found = self.progress("ended")
            return found if len(found) == len(self.progress("started")) else []

        return str((await until(ends, SECONDS, f"the end of {self.slug}"))[-1].result)

    def messages(self) -> list[Message]:
        """What stands in dialogs, notes too."""
        told = (entry.what for entry in self.entries)
        return [what.message for what in told if isinstance(what, MessageSent)]

    async def visitor(self) -> VisitorCard:
        """The card of whoever did something last."""
        return await self._client.visitor(next(one.visitor for one in reversed(self.entries) if one.visitor))

    # --- What lies in the outbox ---

    async def letters(self, status: str = "kept") -> list[OutboxItem]:
        """The emails, complete as they would go out, the oldest first."""
        return [item for item in await self.outbox() if (item.channel, item.status) == ("email", status)]

    async def letter(self, number: int = 1) -> OutboxItem:
        """The first (second …) letter, waited for."""
        for _ in range(int(SECONDS / 0.05)):
            found = await self.letters()
            if len(found) >= number:
                return found[number - 1]
            await asyncio.sleep(0.05)
        raise AssertionError(f"letter {number} did not come; in the outbox: {await self.outbox()}")

    async def outbox(self) -> list[OutboxItem]:
        """All rows with their content, the oldest first."""
        headers = {"authorization": f"Bearer {self.server.operator_token}"}
        async with httpx.AsyncClient(base_url=self.server.url, headers=headers) as http:
            rows = [row.id for row in await self._client.outbox()]
            answers = [await http.get(f"/api/outbox/{row}") for row in reversed(rows)]
        return [msgspec.json.decode(answer.content, type=OutboxItem) for answer in answers]


Open: TypeAlias = Callable[..., Awaitable[LiveShop]]


def live_alone(folder: Path, slug: str, changed: Mapping[str, str]) -> None:
    """The scenarios folder in which only that scenario of the library is live; texts in it may be replaced."""
    item = next(item for item in library() if item.slug == slug)
    text = set_status(item.text, "live")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    (folder / "segments").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / f"{slug}.yaml").write_text(text, encoding="utf-8")
    for segment in segments():
        (folder / "segments" / f"{segment.slug}.yaml").write_text(segment.text, encoding="utf-8")
    for name in file_names():
        (folder / "files" / name).write_bytes(read_file(name))


@pytest.fixture
async def open_shop(tmp_path: Path) -> AsyncIterator[Open]:
    """`await open_shop(slug, changed={old: new})`: the demo shop with that scenario of the library, live and alone."""
    async with AsyncExitStack() as open_shops:

        async def open_(slug: str, changed: Mapping[str, str] | None = None) -> LiveShop:
            clock = MovedClock()
            live_alone(tmp_path / "data" / "scenarios", slug, changed or {})
            server = Server(tmp_path / "data", port=0, demo=True, shop_port=0, clock=clock)
            await server.start()
            shop = LiveShop(server, clock, slug)
            open_shops.push_async_callback(shop.close)
            return shop

        yield open_


class Visitor:
    """Somebody in the shop: his tab, and the widget in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def popup(self) -> Locator:
        """The pop-up that is shown."""
        return self.page.locator("dialog.card")

    @property
    def feed(self) -> Locator:
        """The messages of the chat."""
        return self.page.get_by_role("log")

    @property
    def said(self) -> Locator:
        """The texts of the chat, of both sides."""
        return self.feed.locator(".bubble")

    async def answer(self, label: str) -> None:
        """Press an answer button of the bot."""
        await self.page.get_by_role("button", name=label, exact=True).click()

    async def write(self, text: str) -> None:
        """Write in the chat, which is open."""
        await self.page.locator(".composer textarea").fill(text)
        await self.page.keyboard.press("Enter")

    async def follow(self, link: Locator) -> None:
        """Press a link that opens a tab, as those of letters do, and go on there."""
        async with self.page.context.expect_page() as opened:
            await link.click()
        self.page = await opened.value

    async def leave_by_the_top(self) -> None:
        """Move the mouse into the page, and out of it towards the tabs."""
        await self.page.mouse.move(300, 200)
        await self.page.mouse.move(300, 5)
        await self.page.mouse.move(300, -20)

    async def picture(self, name: str) -> None:
        """Keep what is seen, where the environment names a folder for it."""
        if folder := os.environ.get("JOURNEY_PICTURES"):
            await self.page.screenshot(path=Path(folder) / f"{name}-{time.time_ns() // 1_000_000}.png")


@pytest.fixture
async def somebody(browser: Browser) -> AsyncIterator[Visitor]:
    """A visitor who was never here; the test fails where the browser's console showed an error."""
    context = await browser.new_context(
        locale="en-GB", viewport={"width": 1280, "height": 800}, reduced_motion="reduce"
    )
    errors: list[str] = []
    context.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield Visitor(await context.new_page())
    await context.close()
    assert errors == []
