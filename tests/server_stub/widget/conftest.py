"""A small desk that speaks the widget's socket by the real wire types, a shop that embeds it, and a Chromium.

The desk answers as the protocol says (Welcome to Hello, Ack to every frame with an id) unless a test tells it
to stay silent, to refuse, or to hang up. It reads frames strictly: one that the protocol does not know fails
the test.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page

from server_stub import protocol as wire
from tests.server_stub.serving import served, until

WIDGET = Path(wire.__file__).parent / "widget" / "widget.js"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

decode = msgspec.json.Decoder(wire.WidgetFrame).decode
encode = msgspec.json.Encoder().encode


async def respond(send: Send, body: bytes, media_type: str, status: int = 200, **headers: str) -> None:
    """Send one whole HTTP answer. Names of headers come with underscores."""
    named = {"content-type": media_type, "access-control-allow-origin": "*", **headers}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


class SmallDesk:
    """The server's side of the socket, in the hand of a test."""

    def __init__(self) -> None:
        self.url = ""
        self.frames: list[Any] = []
        self.hellos: list[wire.Hello] = []
        self.misread: list[str] = []
        """Frames that are not of the protocol."""
        self.uploads: list[tuple[str, str, bytes]] = []
        self.look = wire.WidgetLook(title="Alder & Thread")
        self.messages: list[wire.Message] = []
        self.popup: wire.Popup | None = None
        self.online = True
        self.silent = False
        """Take frames, answer none of those with an id."""
        self.away = False
        """Accept no connection."""
        self.identity = ""
        """The token that every visitor is given; empty: his own, or a new one."""
        self.greeting: wire.Refused | None = None
        """What Hello is answered with instead of Welcome; the connection ends after it."""
        self.refusals: dict[type, wire.Problem] = {}
        self._connections: set[Send] = set()
        self._seq = 0
        self._answered: set[str] = set()

    # What a test does.

    async def send(self, frame: wire.WidgetReply) -> None:
        """To every open page."""
        for connection in tuple(self._connections):
            await connection({"type": "websocket.send", "text": encode(frame).decode()})

    async def say(
        self, text: str = "", kind: wire.AuthorKind = "bot", name: str = "Lily", **more: Any
    ) -> wire.Message:
        """A message of the bot or an operator."""
        message = self._keep(wire.Author(kind, "a1", name), text, **more)
        await self.send(wire.NewMessage(message))
        return message

    async def ask(self, text: str, *labels: str) -> wire.Message:
        """A bot's question with answer buttons o1, o2 …"""
        options = tuple(wire.Option(f"o{number}", label) for number, label in enumerate(labels, 1))
        return await self.say(text, options=options)

    async def show(self, popup_id: str = "p1", **more: Any) -> wire.Popup:
        """A pop-up; small unless told."""
        content = {"size": "small", "title": "A gift", "text": "For you.", **more}
        self.popup = wire.Popup(popup_id, "site_bonus_popup", at=_now(), **content)
        await self.send(wire.ShowPopup(self.popup))
        return self.popup

    async def hang_up(self) -> None:
        """Close every connection, as a server does that is restarted."""
        for connection in tuple(self._connections):
            self._connections.discard(connection)
            await connection({"type": "websocket.close", "code": 1012})

    def of(self, kind: type[Any], **fields: Any) -> list[Any]:
        """Frames of a kind with these fields, in the order of arrival."""
        return [
            frame
            for frame in self.frames
            if isinstance(frame, kind)
            and all(getattr(frame, name) == value for name, value in fields.items())
        ]

    def events(self, name: str) -> list[dict[str, Any]]:
        """Properties of the events of that name that came."""
        return [frame.properties for frame in self.of(wire.TrackFrame, name=name)]

    async def until(self, read: Callable[[], Any]) -> Any:
        """Wait until `read()` is truthy, and give it back."""
        return await until(read)

    async def frame(self, kind: type[Any], **fields: Any) -> Any:
        """The first such frame, waited for."""
        return (await until(lambda: self.of(kind, **fields)))[0]

    async def event(self, name: str) -> dict[str, Any]:
        """The properties of the first event of that name, waited for."""
        return (await until(lambda: self.events(name)))[0]

    async def connected(self, times: int = 1) -> None:
        """Until that many pages or reconnections have said hello."""
        await until(lambda: len(self.hellos) >= times)

    # What a page does.

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(receive, send)
        elif scope["path"] == "/widget.js":
            await respond(send, WIDGET.read_bytes(), "text/javascript; charset=utf-8")
        elif scope["path"] == "/v1/widget/files":
            await self._upload(scope, receive, send)
        elif scope["path"].startswith("/files/"):
            await respond(send, PIXEL, "image/png")
        else:
            await respond(send, b"no such page", "text/plain", 404)

    async def _socket(self, receive: Receive, send: Send) -> None:
        await receive()
        if self.away:
            await send({"type": "websocket.close", "code": 1013})
            return
        await send({"type": "websocket.accept"})
        while (event := await receive())["type"] == "websocket.receive":
            try:
                frame = decode(event["text"])
            except msgspec.ValidationError as error:
                self.misread.append(f"{error}: {event['text']}")
                continue
            if isinstance(frame, wire.Hello):
                self.hellos.append(frame)
                if self.greeting is not None:
                    await self._answer(send, self.greeting)
                    await send({"type": "websocket.close", "code": 1008})
                    return
                self._connections.add(send)
                await self._answer(send, self._welcome(frame))
            else:
                self.frames.append(frame)
                await self._take(frame, send)
        self._connections.discard(send)

    async def _take(self, frame: Any, send: Send) -> None:
        if self.silent or not hasattr(frame, "id"):
            return
        problem = self.refusals.get(type(frame))
        reply: wire.WidgetReply = wire.Ack(frame.id)
        if problem is not None:
            reply = wire.Refused(frame.id, problem)
        elif isinstance(frame, wire.WriteFrame) and frame.id not in self._answered:
            files = tuple(_file(number) for number in frame.files)
            author = wire.Author("visitor", "v1")
            reply = wire.Ack(frame.id, self._keep(author, frame.text, client_id=frame.id, files=files))
        self._answered.add(frame.id)
        await self._answer(send, reply)

    async def _answer(self, send: Send, reply: wire.WidgetReply) -> None:
        await send({"type": "websocket.send", "text": encode(reply).decode()})

    def _welcome(self, hello: wire.Hello) -> wire.Welcome:
        missed = tuple(message for message in self.messages if message.seq > hello.after)
        locale = hello.locale[:2] or "en"
        token = self.identity or hello.token or f"visitor.{len(self.hellos)}.signature"
        return wire.Welcome(token, locale, self.look, self.online, messages=missed, popup=self.popup)

    def _keep(self, author: wire.Author, text: str, **more: Any) -> wire.Message:
        self._seq += 1
        message = wire.Message(f"m{self._seq}", "d1", "v1", author, _now(), seq=self._seq, text=text, **more)
        self.messages.append(message)
        return message

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = {"access_control_allow_headers": "authorization, content-type"}
        if scope["method"] == "OPTIONS":
            await respond(send, b"", "text/plain", 204, **allowed)
            return
        body, more = b"", True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        headers = dict(scope["headers"])
        self.uploads.append((scope["query_string"].decode(), headers[b"authorization"].decode(), body))
        await respond(send, encode(_file("f1")), "application/json", 201)


def _file(number: str) -> wire.FileRef:
    return wire.FileRef(number, "photo.png", "image/png", len(PIXEL), f"/files/{number}.png")


def _now() -> int:
    return int(time.time() * 1000)


class Shop:
    """A shop's pages on another origin than the desk's, under the strictest policy that allows the widget."""

    def __init__(self, desk: SmallDesk) -> None:
        self.desk = desk
        self.url = ""
        self.pages: dict[str, str] = {}
        self.scripts: dict[str, str] = {}
        self.language = "en"

    @property
    def policy(self) -> str:
        origin, sockets = self.desk.url, self.desk.url.replace("http", "ws")
        return (
            f"default-src 'none'; script-src {origin} 'self'; connect-src {origin} {sockets}; "
            f"img-src {origin}; style-src 'none'; base-uri 'none'; form-action 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path in self.scripts:
            await respond(send, self.scripts[path].encode(), "text/javascript")
        elif path == "/favicon.ico":
            await respond(send, b"", "image/x-icon")
        else:
            html = self._page(path).encode()
            await respond(send, html, "text/html; charset=utf-8", content_security_policy=self.policy)

    def _page(self, path: str) -> str:
        before = "".join(f'<script src="{name}"></script>' for name in self.scripts)
        return (
            f'<!doctype html><html lang="{self.language}"><head><title>Page {path}</title>{before}'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<script async src="{self.desk.url}/widget.js" data-key="write-key"></script></head>'
            f"<body>{self.pages.get(path, '<h1>A shop</h1>')}</body></html>"
        )


@pytest_asyncio.fixture(loop_scope="session")
async def desk() -> AsyncIterator[SmallDesk]:
    """The desk, listening."""
    app = SmallDesk()
    async with served(app) as app.url:
        yield app
    assert app.misread == []


@pytest_asyncio.fixture(loop_scope="session")
async def shop(desk: SmallDesk) -> AsyncIterator[Shop]:
    """A shop that embeds the desk's widget, listening on an origin of its own."""
    app = Shop(desk)
    async with served(app) as app.url:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visitor's browser profile: storage of its own."""
    context = await browser.new_context(viewport={"width": 1200, "height": 800}, reduced_motion="reduce")
    yield context
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(visitor: BrowserContext, complaints: list[str]) -> Page:
    """A tab whose console is listened to."""
    return await watched(visitor, complaints)


async def watched(context: BrowserContext, complaints: list[str]) -> Page:
    """A new tab; what goes wrong on it is added to the complaints."""
    tab = await context.new_page()
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    return tab


@pytest.fixture
def complaints() -> list[str]:
    """Errors and warnings of the browser's console."""
    return []
