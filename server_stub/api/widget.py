"""The visitor's socket, /v1/widget: frames in, answered after their commit; what concerns him out.

A bad frame is Refused, the socket stays. Frames of one page reach the desk in the order in which they came.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from msgspec import structs

from server_stub.api.http import Receive, Scope, Send, header, internal, problem_of, unavailable
from server_stub.api.pages import Page, Pages
from server_stub.api.sockets import (
    GOING_AWAY,
    POLICY,
    TRY_AGAIN_LATER,
    UNAUTHORIZED,
    Outlet,
    received_text,
    refuse_handshake,
)
from server_stub.api.tokens import VisitorTokens
from server_stub.api.tracking import foreign_origin
from server_stub.api.widget_work import Speaker, frame_id, identify, read_frame, work_for
from server_stub.protocol import (
    Ack,
    Hello,
    Message,
    MessageAgain,
    Refused,
    VisitorTyping,
    Welcome,
    WidgetFrame,
    WidgetLook,
)
from server_stub.settings import Settings
from server_stub.store.base import StoreError
from server_stub.work import AnyWork, GreetVisitor, IdentifyVisitor, Rejected, TrackEvent

HELLO_SECONDS = 10.0
MAX_BAD_FRAMES = 50
MAX_UNDER_WAY = 32
"""Frames of one page that wait for their commit; more are not read yet."""
BURST_SECONDS = 20
OUTLET_BYTES = 1024 * 1024
TYPING_SECONDS = 1.0
"""Signs of typing that come faster are dropped: each is relayed to every console."""

_encode = msgspec.json.Encoder().encode
log = logging.getLogger("server_stub.api")


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...


class WidgetSocket:
    """The ASGI handler. `look()` is how the widget looks now; `on_typing(anonymous_id, text)` passes a sign of typing
    on to the consoles."""

    def __init__(
        self,
        desk: Desk,
        pages: Pages,
        tokens: VisitorTokens,
        settings: Settings,
        write_key: str,
        now: Callable[[], int],
        look: Callable[[], WidgetLook],
        on_typing: Callable[[str, str], None],
        *,
        hello_seconds: float = HELLO_SECONDS,
    ) -> None:
        self.desk = desk
        self.pages = pages
        self.tokens = tokens
        self.now = now
        self.on_typing = on_typing
        self.frames_a_second = settings.limits.widget_frames
        self._hello_seconds = hello_seconds
        self._site = settings.site
        self._origins = frozenset(settings.site.allowed_origins)
        self._key = write_key.encode()
        self._look = look

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        origin = header(scope, b"origin")
        if self._origins and origin not in self._origins:
            await refuse_handshake(send, foreign_origin(origin))
            return
        await send({"type": "websocket.accept"})
        outlet = Outlet(scope, send, OUTLET_BYTES)
        outlet.start()
        try:
            await self._talk(scope, receive, outlet)
        finally:
            await outlet.finish()

    async def _talk(self, scope: Scope, receive: Receive, outlet: Outlet) -> None:
        try:
            hello = await self._hello(receive)
            if hello is None:
                return
            anonymous_id = self.tokens.anonymous_id(hello.token) if hello.token else self.tokens.new_id()
        except Rejected as rejected:
            outlet.put(_encode(Refused("", problem_of(rejected))))
            outlet.close(UNAUTHORIZED if rejected.status == 401 else POLICY, rejected.detail)
            await _until_closed(receive)
            return
        speaker = Speaker(anonymous_id, _context(scope, hello))
        page = Page(anonymous_id, outlet)
        try:
            await self._welcome(hello, page, speaker)
            await Conversation(self, page, speaker).run(receive)
        finally:
            self.pages.remove(page)

    async def _hello(self, receive: Receive) -> Hello | None:
        """The first frame; None where the socket closed before. Raises Rejected for anything but a good Hello."""
        try:
            async with asyncio.timeout(self._hello_seconds):
                text = await received_text(receive)
        except TimeoutError:
            raise Rejected("no_hello", "The widget said nothing.", status=408) from None
        if text is None:
            return None
        frame = read_frame(text)
        if not isinstance(frame, Hello):
            raise Rejected("no_hello", "The first frame must be hello.", field="type")
        if not hmac.compare_digest(frame.key.encode(), self._key):
            hint = "Take the snippet that the server prints."
            raise Rejected(
                "wrong_key", "This is not the shop's write key.", status=401, field="key", hint=hint
            )
        return frame

    async def _welcome(self, hello: Hello, page: Page, speaker: Speaker) -> None:
        """Listen first, then read what he missed: nothing falls between."""
        self.pages.add(page)
        if hello.user_id or hello.traits:
            await self._identify(hello, page, speaker)
        welcome: Welcome = await self.desk.submit(
            GreetVisitor(anonymous_id=page.anonymous_id, after=max(0, hello.after))
        )
        missed = tuple(message for message in welcome.messages if message.seq > hello.after)
        again = (message for message in welcome.messages if message.seq <= hello.after)
        token = self.tokens.sign(page.anonymous_id)
        page.outlet.put(_encode(structs.replace(welcome, token=token, look=self._look(), messages=missed)))
        for message in again:
            page.outlet.put(_encode(MessageAgain(message)))
        page.go_live(missed)

    async def _identify(self, hello: Hello, page: Page, speaker: Speaker) -> None:
        """An unproven user id is refused; the visitor stays who he is and may chat."""
        try:
            work = identify(
                hello.user_id,
                hello.user_hash,
                hello.traits,
                speaker,
                self.tokens,
                message_id="",
                now=self.now(),
            )
            await self.desk.submit(work)
            self.pages.bind(page)
        except Rejected as rejected:
            page.outlet.put(_encode(Refused("", problem_of(rejected))))


class Conversation:
    """One page after its Welcome: reads frames, hands them on in order, answers each when it is committed."""

    def __init__(self, socket: WidgetSocket, page: Page, speaker: Speaker) -> None:
        self._socket = socket
        self._page = page
        self._speaker = speaker
        self._bad_frames = 0
        self._room = asyncio.Semaphore(MAX_UNDER_WAY)
        self._tasks: set[asyncio.Task[None]] = set()
        self._allowance = float(socket.frames_a_second * BURST_SECONDS)
        self._counted_at = time.monotonic()
        self._typed_at = 0.0

    async def run(self, receive: Receive) -> None:
        while (text := await received_text(receive)) is not None:
            await self._pace()
            frame: WidgetFrame | None = None
            try:
                frame = read_frame(text)
                await self._take(frame)
            except Rejected as rejected:
                self._refuse(frame_id(frame) if frame is not None else "", rejected)
        # What the desk already has is committed and counts, though nobody waits for the answer.
        await asyncio.gather(*self._tasks)

    async def _take(self, frame: WidgetFrame) -> None:
        if isinstance(frame, VisitorTyping):
            self._pass_typing(frame)
            return
        socket = self._socket
        work = work_for(frame, self._speaker, socket.tokens, socket.now())
        await self._room.acquire()
        id_ = frame_id(frame)
        self._page.under_way.add(id_)
        # Tasks start in the order in which they are made: so do their works.
        task = asyncio.create_task(self._finish(id_, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, id_: str, work: AnyWork) -> None:
        try:
            result = await self._socket.desk.submit(work)
        except Rejected as rejected:
            if rejected.status == 503:  # the server is stopping
                self._page.outlet.close(GOING_AWAY, rejected.detail)
            else:
                self._refuse(id_, rejected)
        except StoreError:
            log.exception("a frame could not be stored")
            # No answer: the widget repeats the frame after it has reconnected.
            self._page.outlet.close(TRY_AGAIN_LATER, unavailable().detail)
        except Exception:
            log.exception("a frame failed")
            self._refuse(id_, internal())
        else:
            if id_:
                self._page.outlet.put(_encode(Ack(id_, result if isinstance(result, Message) else None)))
        finally:
            self._page.under_way.discard(id_)
            self._room.release()
            if not self._page.visitor or isinstance(work, (TrackEvent, IdentifyVisitor)):
                self._socket.pages.bind(self._page)

    def _refuse(self, id_: str, rejected: Rejected) -> None:
        self._page.outlet.put(_encode(Refused(id_, problem_of(rejected))))
        self._bad_frames += 1
        if self._bad_frames >= MAX_BAD_FRAMES:
            self._page.outlet.close(POLICY, "Too many frames that cannot be taken.")

    def _pass_typing(self, frame: VisitorTyping) -> None:
        now = time.monotonic()
        if now - self._typed_at >= TYPING_SECONDS:
            self._typed_at = now
            self._socket.on_typing(self._speaker.anonymous_id, frame.text[:1000])

    async def _pace(self) -> None:
        """Read no faster than the limit. The visitor's frames wait in his browser; none is lost."""
        rate = self._socket.frames_a_second
        now = time.monotonic()
        self._allowance = min(rate * BURST_SECONDS, self._allowance + (now - self._counted_at) * rate)
        self._counted_at = now
        self._allowance -= 1
        if self._allowance < 0:
            await asyncio.sleep(-self._allowance / rate)


async def _until_closed(receive: Receive) -> None:
    """Let the close frame get through before the handler, and with it the connection, ends."""
    while await received_text(receive) is not None:
        continue


def _context(scope: Scope, hello: Hello) -> dict[str, Any]:
    """What every event of this page carries, in Segment's words."""
    said = {
        "userAgent": header(scope, b"user-agent")[:500],
        "locale": hello.locale[:35],
        "timezone": hello.timezone[:64],
    }
    return {"library": {"name": "widget"}, **{key: value for key, value in said.items() if value}}
