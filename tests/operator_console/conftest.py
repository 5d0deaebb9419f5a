"""A real server in the test's process, with its clock in the test's hands; operators, visitors and consoles at it."""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.pilot import Pilot

from operator_console.app import OperatorApp
from operator_console.client import Backoff, DeskClient
from operator_console.preferences import Preferences
from server_stub.demo_visitors.connection import Connection, opened
from server_stub.protocol import (
    Ack,
    Hello,
    IdentifyFrame,
    Message,
    NewOperator,
    OperatorToken,
    TrackFrame,
    WriteFrame,
)
from server_stub.serve import Server


@pytest.fixture(autouse=True)
def shared_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A console, and a server, keep what they have loaded from the collector for as long as the process lives. Here
    hundreds of them follow each other in one process: kept like that, none of them would ever be gone."""
    collector = SimpleNamespace(
        collect=lambda: 0,
        freeze=lambda: None,
        get_threshold=gc.get_threshold,
        set_threshold=lambda *thresholds: None,
    )
    monkeypatch.setattr("operator_console.idle_collector.gc", collector)
    monkeypatch.setattr("server_stub.serve.gc", collector)


class Clock:
    """The real one, moved forward at will. In ms."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead


class Visitor:
    """A visitor with one open page."""

    def __init__(self, page: Connection) -> None:
        self.page = page

    async def writes(self, text: str, files: tuple[str, ...] = ()) -> Message:
        answer = await self.page.ask(WriteFrame(self.page.next_id(), text, files))
        assert isinstance(answer, Ack) and answer.message is not None, answer  # noqa: PT018  one thing
        return answer.message

    async def does(self, event: str, **properties: Any) -> None:
        await self.page.ask(TrackFrame(self.page.next_id(), event, properties))

    async def views(self, path: str, title: str = "") -> None:
        await self.does("Page Viewed", url=f"https://shop.example{path}", path=path, title=title or path)

    async def tells(self, **traits: Any) -> None:
        await self.page.ask(IdentifyFrame(self.page.next_id(), traits=traits))


class RunningConsole:
    """The app over a client, with what tests ask of it."""

    def __init__(self, app: OperatorApp, pilot: Pilot[None], client: DeskClient) -> None:
        self.app = app
        self.pilot = pilot
        self.client = client
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
        await self.pilot.press(*["space" if letter == " " else letter for letter in text])

    def text(self) -> str:
        """The screen as a person reads it."""
        screen = self.app.screen
        width, height = self.app.size
        return "\n".join(
            "".join(segment.text for segment in line)[:width].rstrip()
            for line in screen._compositor.render_strips()[:height]
        )

    async def shows(self, text: str) -> None:
        await self.until(lambda: text in self.text(), f"{text!r} in\n{self.text()}")


class Served:
    """A running server. `owner` is its owner's client."""

    def __init__(self, server: Server, clock: Clock, parts: AsyncExitStack, folder: Path) -> None:
        self.server = server
        self.clock = clock
        self.url = server.url
        self._parts = parts
        self._folder = folder
        self._consoles = 0
        self.owner = self.client(server.operator_token)

    def client(self, token: str) -> DeskClient:
        client = DeskClient(self.url, token, backoff=Backoff(first=0.02, cap=0.1))
        self._parts.push_async_callback(client.close)
        return client

    async def operator(self, name: str, role: str = "operator") -> DeskClient:
        """Another operator, with his client."""
        made = await self.owner._write("POST", "/api/operators", NewOperator(name, role), OperatorToken)
        return self.client(made.token)

    async def visitor(
        self, name: str = "", *, landing: dict[str, Any] | None = None, **traits: Any
    ) -> Visitor:
        """A visitor who has the shop's page open; `landing` are properties of his first page, the home page else."""
        hello = Hello(key=self.server.write_key, locale="en", timezone="Europe/Prague")
        page = await self._parts.enter_async_context(
            opened(Connection(self.url, hello, {}, name or f"visitor{time.monotonic_ns()}"))
        )
        visitor = Visitor(page)
        if landing is None:
            await visitor.views("/", "Home")
        else:
            await visitor.does("Page Viewed", **landing)
        if name or traits:
            await visitor.tells(**({"name": name} if name else {}), **traits)
        return visitor

    async def advance(self, ms: int) -> None:
        """Let time pass, and have done what is due then."""
        self.clock.ahead += ms
        await self.server.app.desk.fire_due()

    async def goes_down(self) -> None:
        """The server ends; who was connected is not."""
        await self.server.stop()

    async def comes_back(self) -> None:
        """It is started again on the same data, at the same address."""
        port = int(self.url.rpartition(":")[2])
        self.server = Server(self._folder / "data", port=port, clock=self.clock, log_bytes=0)
        await self.server.start()
        self._parts.push_async_callback(self.server.stop)

    @asynccontextmanager
    async def console(
        self,
        client: DeskClient | None = None,
        *,
        size: tuple[int, int] = (160, 45),
        kept: Path | None = None,
        **options: Any,
    ) -> AsyncIterator[RunningConsole]:
        """The console of an operator (the owner's unless told), loaded and in front.

        `kept` is where it keeps drafts and the like: a folder of its own, unless it is one that was here before.
        """
        self._consoles += 1
        kept = kept or self._folder / f"console{self._consoles}"
        kept.mkdir(exist_ok=True)
        client = client or self.client(self.server.operator_token)
        # What is sent goes out at once, unless a test is about holding it.
        options.setdefault("preferences", Preferences(undo_seconds=0))
        app = OperatorApp(client, keep_in=lambda _: kept, now=self.clock, zone=UTC, downloads=kept, **options)
        async with app.run_test(size=size, notifications=True) as pilot:
            console = RunningConsole(app, pilot, client)
            await console.until(lambda: console.inbox.link.snapshots, "the snapshot")
            yield console


@asynccontextmanager
async def serving(folder: Path, scenarios: dict[str, str], settings: str = "") -> AsyncIterator[Served]:
    data = folder / "data"
    (data / "scenarios").mkdir(parents=True)
    if settings:
        (data / "settings.toml").write_text(settings, encoding="utf-8")
    for name, text in scenarios.items():
        path = data / "scenarios" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    clock = Clock()
    server = Server(data, port=0, clock=clock, log_bytes=0)
    await server.start()
    async with AsyncExitStack() as parts:
        parts.push_async_callback(server.stop)
        yield Served(server, clock, parts, folder)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A server without scenarios: what visitors write goes to people."""
    async with serving(tmp_path, {}) as running:
        yield running


@pytest.fixture
def settled() -> Callable[[Pilot[None]], Awaitable[None]]:
    """`await settled(pilot)`: until nothing moves any more. What rests before it is told, and heights that are known
    some frames after what they are of, would else be on a picture or not."""

    async def wait(pilot: Pilot[None]) -> None:
        seen: list[str] = []
        while len(seen) < 4 or len(set(seen[-4:])) > 1:
            await pilot.pause(0.1)
            seen.append(pilot.app.export_screenshot())

    return wait


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[dict[str, str]], Any]:
    """`async with serve({"greeting": YAML}) as served:` a server with these scenarios, and `settings` as TOML."""
    return lambda scenarios, settings="": serving(tmp_path, scenarios, settings)
