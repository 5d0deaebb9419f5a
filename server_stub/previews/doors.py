"""/previews/<token>/…: the page of a preview and what it loads, and the socket of the widget that it shows.

The widget is the real one; behind its socket there is nobody but the preview: whatever is done in it changes nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Callable
from urllib.parse import parse_qs

import msgspec
from msgspec.structs import replace

from server_stub.api.http import (
    NO_SNIFF,
    Handler,
    Header,
    Receive,
    Scope,
    Send,
    not_allowed,
    problem_guard,
    respond,
    respond_in_lines,
)
from server_stub.api.sockets import Outlet, received_text, refuse_handshake
from server_stub.api.static import HTML
from server_stub.api.widget_work import frame_id, read_frame
from server_stub.previews.page import POLICY, SCRIPT, page_of
from server_stub.previews.shelf import Preview, Previews
from server_stub.protocol import (
    Ack,
    Author,
    ChooseFrame,
    Hello,
    Message,
    OptionTaken,
    Welcome,
    WidgetLook,
    WidgetReply,
    WriteFrame,
)
from server_stub.work import Rejected

PREFIX = "/previews/"
OUTLET_BYTES = 1024 * 1024
_SCRIPT_TYPE: Header = (b"content-type", b"text/javascript; charset=utf-8")
_EVENTS: Header = (b"content-type", b"text/event-stream")
_ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    NO_SNIFF,
)
_PAGE: tuple[Header, ...] = (HTML, (b"content-security-policy", POLICY.encode()), *_ALWAYS)
_LETTER: tuple[Header, ...] = (
    HTML,
    (
        b"content-security-policy",
        b"sandbox allow-popups; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'",
    ),
    *_ALWAYS,
)


class PreviewDoors:
    """`look()` is how the shop's widget looks now; `script` the handler that serves it."""

    def __init__(self, previews: Previews, look: Callable[[], WidgetLook], script: Handler) -> None:
        self._previews = previews
        self._look = look
        self._script = script
        self._numbers = itertools.count(1)
        self.handle = problem_guard(self._handle)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise not_allowed(scope["method"], "GET")
        token, _, name = scope["path"].removeprefix(PREFIX).partition("/")
        preview = self._previews.get(token)
        match name:
            case "" if scope["path"].endswith("/"):
                await respond(send, 200, page_of(preview).encode(), _PAGE)
            case "page.js":
                await respond(send, 200, SCRIPT, (_SCRIPT_TYPE, *_ALWAYS))
            case "letter":
                await respond(send, 200, str(preview.shown.content.get("html", "")).encode(), _LETTER)
            case "changes":
                known = parse_qs(scope["query_string"].decode("latin-1")).get("revision", [""])[0]
                lines = _changes(preview, int(known) if known.isdigit() else 0)
                await respond_in_lines(receive, send, lines, (_EVENTS, *_ALWAYS))
            case "widget.js":
                await self._script(scope, receive, send)
            case _:
                raise Rejected("not_found", "The preview has no such part.", status=404)

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The widget of the page speaks; it is answered as by a desk with nobody else in it."""
        await receive()  # websocket.connect
        token, _, name = scope["path"].removeprefix(PREFIX).partition("/")
        try:
            preview = self._previews.get(token)
            if name != "v1/widget":
                raise Rejected("not_found", "The preview has no such socket.", status=404)
        except Rejected as rejected:
            await refuse_handshake(send, rejected)
            return
        await send({"type": "websocket.accept"})
        outlet = Outlet(scope, send, OUTLET_BYTES)
        outlet.start()
        try:
            while (text := await received_text(receive)) is not None:
                for reply in self._answers(preview, text):
                    outlet.put(msgspec.json.encode(reply))
        finally:
            await outlet.finish()

    def _answers(self, preview: Preview, text: str | bytes) -> list[WidgetReply]:
        try:
            frame = read_frame(text)
        except Rejected:
            return []
        if isinstance(frame, Hello):
            return [self._welcome(preview)]
        id_ = frame_id(frame)
        if isinstance(frame, WriteFrame):
            said = Message(
                id_, "preview", "preview", Author("visitor"), 0, seq=2, text=frame.text, client_id=id_
            )
            return [Ack(id_, said)]
        if isinstance(frame, ChooseFrame):
            return [Ack(id_), OptionTaken(frame.message, frame.option)]
        return [Ack(id_)] if id_ else []

    def _welcome(self, preview: Preview) -> Welcome:
        """Each showing has ids of its own: the widget shows no pop-up twice."""
        shown, number = preview.shown, next(self._numbers)
        popup = replace(shown.popup, id=f"preview-{number}") if shown.popup is not None else None
        message = shown.message
        messages = (replace(message, id=f"preview-{number}", seq=1),) if message is not None else ()
        return Welcome(
            token=f"preview-{number}.0",
            locale=shown.locale,
            look=shown.look or self._look(),
            online=True,
            messages=messages,
            popup=popup,
            dialog_status="open" if messages else "none",
        )


async def _changes(preview: Preview, known: int) -> AsyncGenerator[bytes, None]:
    """One event: the preview is another one, or over."""
    yield b": follows\n\n"
    revision = await preview.next_revision(known)
    if revision:
        yield f"event: changed\ndata: {revision}\n\n".encode()
    else:
        yield b"event: over\ndata: 0\n\n"
