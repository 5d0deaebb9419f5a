"""People of a shop over a real server, and pictures over a real web server."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from PIL import Image


@pytest.fixture
def card_of() -> Callable[..., Any]:
    """`await card_of(served, "Anna")` reads the card of the visitor whom the search finds."""

    async def read(served: Any, query: str) -> Any:
        [brief] = (await served.owner.visitors(query=query)).visitors
        return await served.owner.visitor(brief.id)

    return read


@pytest.fixture
def full_card() -> Callable[..., Any]:
    """`await full_card(it, "Anna")` opens the full card of whoever wrote, and gives its screen."""

    async def opened(it: Any, name: str) -> Any:
        row = await it.until(
            lambda: next((one for one in it.inbox.mirror.rows.values() if one.visitor_name == name), None)
        )
        it.inbox.go_to(row.id)
        await it.until(lambda: it.inbox.shown_card is not None and it.inbox.shown_card.id == row.visitor)
        await it.press("V")
        await it.until(lambda: it.app.screen is not it.inbox)
        screen = it.app.screen
        await it.until(lambda: screen.shown_card is not None and screen._has_story)
        return screen

    return opened


class Web:
    """A web server on this machine. `pages` are answers by path: bytes, a number, or where it leads."""

    def __init__(self, url: str, pages: dict[str, bytes | int | str], asked: list[dict[str, str]]) -> None:
        self.url = url
        self.pages = pages
        self.asked = asked


@pytest.fixture
def web() -> Iterator[Web]:
    pages: dict[str, bytes | int | str] = {}
    asked: list[dict[str, str]] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append({"path": self.path, **{key.lower(): value for key, value in self.headers.items()}})
            page = pages.get(self.path, 404)
            self.send_response(page if isinstance(page, int) else 302 if isinstance(page, str) else 200)
            if isinstance(page, str):
                self.send_header("Location", page)
            self.end_headers()
            if isinstance(page, bytes):
                self.wfile.write(page)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the base class names it
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Web(f"http://127.0.0.1:{server.server_address[1]}", pages, asked)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def png() -> bytes:
    """A red picture of 40 × 40 pixels."""
    held = io.BytesIO()
    Image.new("RGB", (40, 40), "#c03020").save(held, "PNG")
    return held.getvalue()
