"""Open pages of visitors: who is here, and what of each commit goes to which socket.

A visitor may have several pages open. A page whose visitor does not exist yet (a socket alone makes none) is
bound as soon as one of its frames has been committed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import msgspec
from msgspec import UNSET

from server_stub.api.sockets import GOING_AWAY, Outlet
from server_stub.desk.conversations import for_visitor, status_for_visitor
from server_stub.protocol import (
    DialogChanged,
    DialogOpened,
    DialogRated,
    DialogState,
    Entry,
    HidePopup,
    Message,
    MessageAgain,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageSent,
    NewMessage,
    OperatorSeen,
    OperatorTyping,
    OptionsClosed,
    OptionTaken,
    PopupEnded,
    PopupShown,
    Presence,
    QuestionClosed,
    Receipt,
    ShowPopup,
    VisitorErased,
    VisitorMerged,
    WidgetReply,
)

SWEEP_SECONDS = 1.0

_encode = msgspec.json.Encoder().encode


class KnowsVisitors(Protocol):
    def visitor_of(self, anonymous_id: str) -> str: ...


class Page:
    """One open page: its visitor's anonymous id, and the way to it."""

    def __init__(self, anonymous_id: str, outlet: Outlet) -> None:
        self.anonymous_id = anonymous_id
        self.outlet = outlet
        self.visitor = ""
        self.under_way: set[str] = set()
        """Ids of frames that the desk has and has not answered. With their commit the visitor may come to exist."""
        self._held: list[WidgetReply] | None = []

    def push(self, reply: WidgetReply, encoded: bytes) -> None:
        if isinstance(reply, NewMessage) and self._sent(reply.message):
            return  # it comes with the answer to its frame
        if self._held is None:
            self.outlet.put(encoded)
        else:
            self._held.append(reply)

    def _sent(self, message: Message) -> bool:
        """Whether this page has just sent the message itself. Frames without an id are none of messages."""
        return (
            message.author.kind == "visitor"
            and bool(message.client_id)
            and message.client_id in self.under_way
        )

    def go_live(self, welcomed: Iterable[Message]) -> None:
        """The Welcome is queued: let through what came meanwhile and was not in it."""
        known = {message.id for message in welcomed}
        held, self._held = self._held or [], None
        for reply in held:
            if not (isinstance(reply, NewMessage) and reply.message.id in known):
                self.outlet.put(_encode(reply))


class Pages:
    """All open pages. `on_presence(visitor, online)` hears of a visitor's first and last page. `messages` finds stored
    messages by their ids.

    `grace` (ms) is how long a visitor without a page is still here: he follows a link, and is back.
    """

    def __init__(
        self,
        desk: KnowsVisitors,
        grace: int,
        on_presence: Callable[[str, bool], None],
        messages: Callable[[list[str]], Mapping[str, Message]],
    ) -> None:
        self._desk = desk
        self._messages = messages
        self._grace = grace / 1000
        self._on_presence = on_presence
        self._browsers: dict[str, set[Page]] = {}
        self._unbound: set[Page] = set()
        self._pages: dict[str, set[Page]] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._next_sweep = 0.0

    def __len__(self) -> int:
        return sum(map(len, self._browsers.values()))

    @property
    def online(self) -> set[str]:
        """Ids of the visitors who are here."""
        return self._pages.keys() | self._leaving.keys()

    def add(self, page: Page) -> None:
        self._browsers.setdefault(page.anonymous_id, set()).add(page)
        self._unbound.add(page)
        self.bind(page)

    def bind(self, page: Page) -> None:
        """Look whose page it is by now: his who was made, or who has signed in on the same browser since."""
        visitor = self._desk.visitor_of(page.anonymous_id)
        if visitor == page.visitor:
            return
        for open_page in self._browsers.get(page.anonymous_id, ()):
            if open_page.visitor != visitor:
                self._part(open_page)
                self._unbound.discard(open_page)
                self._join(open_page, visitor)

    def remove(self, page: Page) -> None:
        self._unbound.discard(page)
        browser = self._browsers.get(page.anonymous_id)
        if browser is not None:
            browser.discard(page)
            if not browser:
                del self._browsers[page.anonymous_id]
        self._part(page)

    def close_all(self) -> None:
        """The server stops: the widgets reconnect by themselves."""
        for handle in self._leaving.values():
            handle.cancel()
        for page in self._all():
            page.outlet.close(GOING_AWAY, "The server restarts.")

    # --- What goes to the pages ----------------------------------------------------------------

    def route(self, entries: Iterable[Entry]) -> None:
        """Push what visitors see of a commit."""
        self._bind_new()
        for entry in entries:
            if isinstance(entry.what, VisitorMerged):
                self._merge(entry.what.gone, entry.visitor)
            elif isinstance(entry.what, VisitorErased):
                self._forget(entry.visitor)
            pages = self._pages.get(entry.visitor)
            if pages and (reply := self._reply_for(entry)) is not None:
                self._push(pages, reply)

    def _reply_for(self, entry: Entry) -> WidgetReply | None:
        """What a visitor's page is told of an entry of his; None: nothing. Notes are never told."""
        what: Any = entry.what
        if isinstance(what, MessageEdited | MessageDeleted):
            message = self._messages([what.message]).get(what.message)
            return None if message is None or message.note else MessageAgain(for_visitor(message))
        make = _REPLIES.get(type(what))
        return make(what) if make is not None else None

    def _bind_new(self) -> None:
        """Bind the pages that have just made their visitor; now and then all, for one made by a back end."""
        if not self._unbound:
            return
        now = time.monotonic()
        every = now >= self._next_sweep
        if every:
            self._next_sweep = now + SWEEP_SECONDS
        for page in tuple(self._unbound):
            if every or page.under_way:
                self.bind(page)

    def operator_types(self, visitor: str, name: str) -> None:
        self._push(self._pages.get(visitor, ()), OperatorTyping(name))

    def operators_online(self, online: bool) -> None:
        """Somebody is there to answer, or nobody is any longer."""
        self._push(self._all(), Presence(online))

    def _push(self, pages: Iterable[Page], reply: WidgetReply) -> None:
        encoded = _encode(reply)
        for page in pages:
            page.push(reply, encoded)

    def _all(self) -> list[Page]:
        return [page for pages in self._browsers.values() for page in pages]

    # --- Who is here ----------------------------------------------------------------

    def _join(self, page: Page, visitor: str) -> None:
        page.visitor = visitor
        leaving = self._leaving.pop(visitor, None)
        if leaving is not None:
            leaving.cancel()
        elif visitor not in self._pages:
            self._on_presence(visitor, True)
        self._pages.setdefault(visitor, set()).add(page)

    def _part(self, page: Page) -> None:
        """The page is no longer its visitor's; after the grace he is gone, if it was his last."""
        pages = self._pages.get(page.visitor)
        if pages is None:
            return
        pages.discard(page)
        if not pages:
            del self._pages[page.visitor]
            loop = asyncio.get_running_loop()
            self._leaving[page.visitor] = loop.call_later(self._grace, self._left, page.visitor)

    def _left(self, visitor: str) -> None:
        del self._leaving[visitor]
        self._on_presence(visitor, False)

    def _forget(self, visitor: str) -> None:
        """He was erased: his pages begin anew, as those of a stranger."""
        leaving = self._leaving.pop(visitor, None)
        if leaving is not None:
            leaving.cancel()
        pages = self._pages.pop(visitor, None)
        if leaving is not None or pages:
            self._on_presence(visitor, False)
        for page in pages or ():
            page.visitor = ""
            page.outlet.close(GOING_AWAY, "Begin anew.")

    def _merge(self, gone: str, visitor: str) -> None:
        leaving = self._leaving.pop(gone, None)
        if leaving is not None:
            leaving.cancel()
            self._on_presence(gone, False)
        pages = self._pages.pop(gone, None)
        if pages:
            self._on_presence(gone, False)
            for page in pages:
                self._join(page, visitor)


def _message(what: MessageSent) -> WidgetReply | None:
    return None if what.message.note else NewMessage(for_visitor(what.message))


def _dialog(what: DialogChanged) -> WidgetReply | None:
    return None if what.status is UNSET else DialogState(status_for_visitor(what.status))


def _receipt(what: Receipt) -> WidgetReply | None:
    return OperatorSeen(what.up_to) if what.side == "operator" and what.state == "seen" else None


_REPLIES: dict[type, Callable[[Any], WidgetReply | None]] = {
    MessageSent: _message,
    MessageChanged: lambda what: OptionTaken(what.message, what.chosen),
    DialogRated: lambda what: OptionTaken(what.message, str(what.score)),
    QuestionClosed: lambda what: OptionsClosed(what.message),
    DialogOpened: lambda _: DialogState("open"),
    DialogChanged: _dialog,
    Receipt: _receipt,
    PopupShown: lambda what: ShowPopup(what.popup),
    PopupEnded: lambda what: HidePopup(what.popup),
}
