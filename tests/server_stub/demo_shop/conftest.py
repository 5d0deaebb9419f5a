"""The demo shop on a port of its own, and a Chromium whose desk is a socket in the test's hand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Route, WebSocketRoute

from server_stub import protocol
from server_stub.demo_shop.pages import App, demo_shop
from tests.server_stub.serving import served, until

WIDGET = Path(protocol.__file__).parent / "widget" / "widget.js"
DESK = "http://127.0.0.1:9"
"""Nothing listens there: the browser's requests to it are answered by the test."""


class Told:
    """What the shop's pages have told the desk, in order."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []

    def events(self, name: str) -> list[dict[str, Any]]:
        """Properties of the events of that name."""
        return [frame["properties"] for frame in self.frames if frame.get("name") == name]

    async def event(self, name: str) -> dict[str, Any]:
        """The properties of the last event of that name, waited for."""
        found: list[dict[str, Any]] = await until(lambda: self.events(name))
        return found[-1]

    async def follow(self, context: BrowserContext) -> None:
        """Be the desk of every page: serve the widget's script, welcome it, acknowledge what it says."""
        await context.route(f"{DESK}/widget.js", self._script)
        await context.route_web_socket(f"{DESK.replace('http', 'ws')}/v1/widget", self._socket)

    async def _script(self, route: Route) -> None:
        await route.fulfill(body=WIDGET.read_text(encoding="utf-8"), content_type="text/javascript")

    def _socket(self, connection: WebSocketRoute) -> None:
        def take(text: str | bytes) -> None:
            frame = json.loads(text)
            reply: dict[str, Any] = {"type": "ack", "id": frame.get("id", "")}
            if frame["type"] == "hello":
                reply = {"type": "welcome", "token": "v1.s", "locale": "en", "look": {}, "online": True}
            else:
                self.frames.append(frame)
            connection.send(json.dumps(reply))

        connection.on_message(take)


@pytest_asyncio.fixture(loop_scope="session")
async def shop_url() -> AsyncIterator[str]:
    """The shop at the root of its own port, its desk on another."""
    async with served(demo_shop("write-key", DESK)) as url:
        yield url


@pytest.fixture
def told() -> Told:
    """The desk's end of the widget's socket."""
    return Told()


@pytest.fixture
def complaints() -> list[str]:
    """Errors and warnings of the browser's console."""
    return []


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, told: Told, complaints: list[str]) -> AsyncIterator[Page]:
    """A visitor's tab in a profile of its own."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860}, reduced_motion="reduce")
    await told.follow(context)
    tab = await context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    yield tab
    await context.close()


@pytest.fixture
def ask() -> Callable[..., httpx.Response]:
    """Ask the application without a network: `ask(app, path, **options)`."""

    def send(app: App, path: str, **options: Any) -> httpx.Response:
        async def exchange() -> httpx.Response:
            root = options.pop("root_path", "")
            transport = httpx.ASGITransport(app=app, root_path=root)  # type: ignore[arg-type]
            method = options.pop("method", "GET")
            async with httpx.AsyncClient(transport=transport, base_url="http://shop.example") as client:
                return await client.request(method, path, **options)

        return asyncio.run(exchange())

    return send
