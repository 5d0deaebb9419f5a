"""WebSocket /api/stream?after=<seq>: the journal from a number on, first what was missed, then as it happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qs

import msgspec

from server_stub.api.auth import OperatorDirectory
from server_stub.api.consoles import Console, Consoles, caught_up
from server_stub.api.http import UNREADABLE, Receive, Scope, Send, header, readable_error
from server_stub.api.private_entries import readable_by
from server_stub.api.sockets import (
    POLICY,
    TRY_AGAIN_LATER,
    Outlet,
    entries_frame,
    received_text,
    refuse_handshake,
)
from server_stub.api.watchers import Watchers
from server_stub.figures.days import LATEST
from server_stub.protocol import (
    Author,
    ConsoleFrame,
    Entry,
    Looking,
    StartOver,
    VisitorPresence,
    Watching,
)
from server_stub.store.base import OperatorRow, StoreError
from server_stub.work import Rejected

MAX_BACKLOG = 50_000
"""Entries. Whoever has missed more is faster with a snapshot."""
CHUNK = 1_000
"""Entries of the backlog in one frame."""
OUTLET_BYTES = 8 * 1024 * 1024
HELD_BYTES = 8 * 1024 * 1024
MAX_FRAME_CHARS = 64 * 1024
MAX_BAD_FRAMES = 50
MAX_ID_CHARS = 200
"""Of a dialog's id, which is passed on to every console."""
CAUGHT_UP_SECONDS = 15.0

log = logging.getLogger("server_stub.api")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(ConsoleFrame).decode


class Journal(Protocol):
    def entries(self, after: int, limit: int) -> list[Entry]: ...


class StreamSocket:
    """The ASGI handler.

    `last_seq()` is the journal's end, `online()` the visitors who are here, `on_typing(dialog, operator)` tells
    the visitor that an operator is writing, `watchers` tell who watches a scenario's figures.
    """

    def __init__(
        self,
        journal: Journal,
        consoles: Consoles,
        operators: OperatorDirectory,
        last_seq: Callable[[], int],
        online: Callable[[], set[str]],
        on_typing: Callable[[str, OperatorRow], None],
        watchers: Watchers[Console],
    ) -> None:
        self._journal = journal
        self._consoles = consoles
        self._operators = operators
        self._last_seq = last_seq
        self._online = online
        self._on_typing = on_typing
        self._watchers = watchers

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        try:
            operator = self._operators.by_authorization(header(scope, b"authorization"))
            after = _after(scope)
        except Rejected as rejected:
            await refuse_handshake(send, rejected)
            return
        await send({"type": "websocket.accept"})
        console: Console | None = None

        def idle() -> bytes:
            return caught_up(console.sent if console is not None else 0)

        outlet = Outlet(scope, send, OUTLET_BYTES, idle=idle, idle_seconds=CAUGHT_UP_SECONDS)
        console = Console(operator.id, outlet, HELD_BYTES)
        self._consoles.add(console)
        backlog = asyncio.create_task(self._begin(console, after, send))
        try:
            await self._listen(receive, console, operator)
        finally:
            self._consoles.remove(console)
            self._watchers.leaves(console)
            backlog.cancel()
            await asyncio.gather(backlog, return_exceptions=True)
            await outlet.finish()

    async def _begin(self, console: Console, after: int | None, send: Send) -> None:
        try:
            await self._start(console, after, send)
        except StoreError:
            log.exception("the backlog could not be read")
            console.outlet.close(TRY_AGAIN_LATER, "The journal cannot be read right now; resume.")
            console.outlet.start()

    async def _start(self, console: Console, after: int | None, send: Send) -> None:
        """Send the backlog, then let the outlet go on. Commits since `add` are kept by the console."""
        last = self._last_seq()
        after = last if after is None else after
        sent = (
            await self._send_backlog(console, send, after, last) if 0 <= last - after <= MAX_BACKLOG else None
        )
        if sent is None:
            console.outlet.put(_encode(StartOver(last)))
            console.outlet.close(1000, "Load a snapshot and connect after its seq.")
            console.outlet.start()
            return
        console.go_live(sent)
        console.outlet.put(caught_up(console.sent))
        for visitor in self._online():
            console.outlet.put(_encode(VisitorPresence(visitor, True)))
        for lookers in self._consoles.lookers():
            console.outlet.put(_encode(lookers))
        console.outlet.start()

    async def _send_backlog(self, console: Console, send: Send, after: int, last: int) -> int | None:
        """Send what is behind `after` up to `last` at least; the last seq sent, None where the start is gone."""
        sent = after
        while sent < last:
            chunk = await asyncio.to_thread(self._chunk, console.operator, sent)
            if chunk is None:
                return None
            body, first, sent_now = chunk
            if first != sent + 1:
                return None
            sent = sent_now
            await send({"type": "websocket.send", "text": entries_frame([body]).decode()})
        return sent

    def _chunk(self, operator: str, after: int) -> tuple[bytes, int, int] | None:
        """Runs in a thread: the next entries as JSON, with the first and the last seq."""
        entries = [readable_by(operator, entry) for entry in self._journal.entries(after, CHUNK)]
        if not entries:
            return None
        return _encode(entries)[1:-1], entries[0].seq, entries[-1].seq

    async def _listen(self, receive: Receive, console: Console, operator: OperatorRow) -> None:
        bad_frames = 0
        while (text := await received_text(receive)) is not None:
            try:
                frame = _read(text)
            except Rejected as rejected:
                bad_frames += 1
                if bad_frames >= MAX_BAD_FRAMES:
                    console.outlet.close(POLICY, rejected.detail)
                continue
            if isinstance(frame, Watching):
                self._watchers.watches(console, frame)
                continue
            if isinstance(frame, Looking):
                self._consoles.looks(console, frame.dialog)
                continue
            who = Author("operator", operator.id, operator.name)
            self._consoles.typing(frame.dialog, who, but=console)
            self._on_typing(frame.dialog, operator)


def _read(text: str | bytes) -> ConsoleFrame:
    body = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(body) > MAX_FRAME_CHARS:
        raise Rejected("too_large", "The frame is too large.", status=413)
    try:
        frame: ConsoleFrame = _decode(body)
    except UNREADABLE as error:
        raise readable_error(error, body) from error
    if isinstance(frame, Watching):
        if max(len(frame.scenario), len(frame.version)) > MAX_ID_CHARS or not 0 <= frame.since < LATEST:
            raise Rejected("invalid", "There is no such scenario.", field="scenario")
    elif len(frame.dialog) > MAX_ID_CHARS:
        raise Rejected("invalid", "There is no such dialog.", field="dialog")
    return frame


def _after(scope: Scope) -> int | None:
    """The query's `after`; None where there is none. Raises Rejected for anything but a number from 0 on."""
    values = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get("after")
    if not values:
        return None
    text = values[-1]
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Rejected("invalid", "`after` is the number of an entry, from 0 on.", field="after")
    return int(text)
