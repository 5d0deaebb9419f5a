"""A desk on either store with a clock that stands still, and short words for what people do at it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server_stub.desk.desk import Desk, Published
from server_stub.protocol import (
    ChangeDialog,
    ChangeVisitor,
    DialogSummary,
    EditMessage,
    Entry,
    EventHappened,
    Message,
    MessageSent,
    Preset,
    RunMacro,
    SendMessage,
    VisitorCard,
    Welcome,
    WritePreset,
)
from server_stub.settings import Settings
from server_stub.store.base import Store
from server_stub.store.memory import MemoryStore
from server_stub.store.sqlite import SqliteStore
from server_stub.work import (
    AddFile,
    AddOperator,
    AliasVisitor,
    GreetVisitor,
    IdentifyVisitor,
    Identity,
    OperatorChangesDialog,
    OperatorChangesVisitor,
    OperatorDeletesMessage,
    OperatorEditsMessage,
    OperatorMergesDialogs,
    OperatorPresence,
    OperatorRunsMacro,
    OperatorSees,
    OperatorSends,
    OperatorStartsDialog,
    OperatorWritesPreset,
    RemoveOperator,
    ScenariosRead,
    TrackEvent,
    VisitorChooses,
    VisitorEndsPopup,
    VisitorSees,
    VisitorWrites,
)

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
MONDAY_NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""


class Shop:
    """A desk, its store, and everything that it has published."""

    def __init__(self, store: Store, settings: Settings | None = None) -> None:
        self.store = store
        self.settings = settings
        self.now = MONDAY_NOON
        self.published: list[Entry] = []
        self.commits: list[int] = []
        """How many entries each had."""
        self.count = 0
        self.desk = Desk(store, clock=lambda: self.now, settings=settings)

    async def open(self) -> Shop:
        self.desk.subscribe(self._take)
        await self.desk.start()
        return self

    def _take(self, published: Published) -> None:
        self.published += published.entries
        self.commits.append(len(published.entries))

    async def restart(self) -> None:
        """Another desk on the same store, as after the end of the process."""
        await self.desk.stop()
        self.desk = Desk(self.store, clock=lambda: self.now, settings=self.settings)
        await self.open()

    def fresh(self, prefix: str = "id") -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    async def wait(self, milliseconds: int) -> int:
        """Time passes, and those whose moment has come are woken."""
        self.now += milliseconds
        return await self.desk.fire_due()

    # --- Visitors ---

    async def track(self, name: str, who: str = "a1", *, user: str = "", **more: Any) -> None:
        await self.desk.submit(self.event(name, who, user=user, **more))

    def event(self, name: str, who: str = "a1", *, user: str = "", **more: Any) -> TrackEvent:
        defaults: dict[str, Any] = {
            "message_id": self.fresh("e"),
            "happened_at": self.now,
            "received_at": self.now,
            "source": "widget",
        }
        return TrackEvent(who=Identity(who, user), name=name, **defaults | more)

    async def page(self, path: str, who: str = "a1", **more: Any) -> None:
        await self.track("Page Viewed", who, properties={"url": f"https://shop.example{path}"}, **more)

    async def identify(self, who: str = "", user: str = "", **traits: Any) -> None:
        await self.desk.submit(
            IdentifyVisitor(
                who=Identity(who, user), traits=traits, happened_at=self.now, received_at=self.now
            )
        )

    async def alias(self, previous: str, user: str) -> None:
        await self.desk.submit(
            AliasVisitor(
                who=Identity(user_id=user), previous=previous, happened_at=self.now, received_at=self.now
            )
        )

    async def write(
        self, text: str, who: str = "a1", *, frame: str = "", files: tuple[str, ...] = ()
    ) -> Message:
        work = VisitorWrites(
            anonymous_id=who, text=text, files=files, frame=frame or self.fresh("w"), at=self.now
        )
        return await self.desk.submit(work)

    async def choose(self, message: str, option: str, who: str = "a1", *, frame: str = "") -> None:
        frame = frame or self.fresh("c")
        work = VisitorChooses(anonymous_id=who, message=message, option=option, frame=frame, at=self.now)
        await self.desk.submit(work)

    async def end_popup(self, popup: str, outcome: Any = "closed", who: str = "a1", **fields: Any) -> None:
        frame = self.fresh("p")
        await self.desk.submit(
            VisitorEndsPopup(
                anonymous_id=who, popup=popup, outcome=outcome, fields=fields, frame=frame, at=self.now
            )
        )

    async def see(self, up_to: int, state: Any = "seen", who: str = "a1") -> None:
        await self.desk.submit(VisitorSees(anonymous_id=who, up_to=up_to, state=state, at=self.now))

    async def greet(self, who: str = "a1", after: int = 0) -> Welcome:
        return await self.desk.submit(GreetVisitor(anonymous_id=who, after=after))

    # --- Operators ---

    async def hire(self, operator: str = "o1", name: str = "Ann") -> None:
        work = AddOperator(operator=operator, name=name, role="admin", token_hash=operator, at=self.now)
        await self.desk.submit(work)

    async def come(self, operator: str = "o1", *, online: bool = True) -> None:
        await self.desk.submit(OperatorPresence(operator=operator, online=online, at=self.now))

    async def dismiss(self, operator: str) -> None:
        await self.desk.submit(RemoveOperator(operator=operator, at=self.now))

    def sending(self, dialog: str, text: str, operator: str = "o1", **more: Any) -> OperatorSends:
        request = SendMessage(more.pop("client_id", "") or self.fresh("c"), text, **more)
        return OperatorSends(operator=operator, dialog=dialog, request=request, at=self.now)

    async def send(self, dialog: str, text: str, operator: str = "o1", **more: Any) -> Message:
        return await self.desk.submit(self.sending(dialog, text, operator, **more))

    async def change(self, dialog: str, operator: str = "o1", **changes: Any) -> DialogSummary:
        request = ChangeDialog(**changes)
        return await self.desk.submit(
            OperatorChangesDialog(operator=operator, dialog=dialog, request=request, at=self.now)
        )

    async def rewrite(self, message: str, text: str, operator: str = "o1", **more: Any) -> Message:
        request = EditMessage(text, **more)
        return await self.desk.submit(
            OperatorEditsMessage(operator=operator, message=message, request=request, at=self.now)
        )

    async def take_away(self, message: str, operator: str = "o1") -> None:
        await self.desk.submit(OperatorDeletesMessage(operator=operator, message=message, at=self.now))

    async def merge_dialogs(self, dialog: str, gone: str, operator: str = "o1") -> DialogSummary:
        return await self.desk.submit(
            OperatorMergesDialogs(operator=operator, dialog=dialog, gone=gone, at=self.now)
        )

    async def macro(self, dialog: str, macro: str, text: str = "", operator: str = "o1", **more: Any) -> Any:
        request = RunMacro(more.pop("client_id", "") or self.fresh("c"), macro, text)
        return await self.desk.submit(
            OperatorRunsMacro(operator=operator, dialog=dialog, request=request, at=self.now)
        )

    async def preset(self, preset: str, kind: Any, operator: str = "o1", **more: Any) -> Preset:
        request = WritePreset(kind=kind, name=more.pop("name", preset), **more)
        return await self.desk.submit(
            OperatorWritesPreset(operator=operator, preset=preset, request=request, at=self.now)
        )

    async def edit(self, visitor: str, operator: str = "o1", **changes: Any) -> VisitorCard:
        request = ChangeVisitor(**changes)
        return await self.desk.submit(
            OperatorChangesVisitor(operator=operator, visitor=visitor, request=request, at=self.now)
        )

    async def operator_sees(self, dialog: str, up_to: int, operator: str = "o1") -> None:
        await self.desk.submit(OperatorSees(operator=operator, dialog=dialog, up_to=up_to, at=self.now))

    async def start_dialog(self, visitor: str, operator: str = "o1") -> DialogSummary:
        return await self.desk.submit(OperatorStartsDialog(operator=operator, visitor=visitor, at=self.now))

    async def upload(self, name: str = "a.png", by: Any = "visitor") -> str:
        work = AddFile(
            by=by,
            name=name,
            media_type="image/png",
            size=3,
            stored_as="x",
            token=self.fresh("t"),
            at=self.now,
        )
        return (await self.desk.submit(work)).id

    async def publish(
        self, *texts: str, broken: Any = (), segments: tuple[str, ...] = (), broken_segments: Any = ()
    ) -> None:
        """Files of scenarios and segments, each named by its first line."""
        good = tuple((text.split()[1] + ".yaml", text) for text in texts)
        named = tuple((f"segments/{text.split()[1]}.yaml", text) for text in segments)
        await self.desk.submit(
            ScenariosRead(
                good=good, broken=broken, segments=named, broken_segments=broken_segments, at=self.now
            )
        )

    async def rounds(self) -> None:
        """What concerns everybody has come to everybody."""
        deadline = time.monotonic() + 20
        while self.desk.in_rounds:
            assert time.monotonic() < deadline, "a round does not come to its end"
            await asyncio.sleep(0.005)

    # --- What came of it ---

    def visitor(self, who: str = "a1") -> str:
        return self.desk.visitor_of(who)

    def card(self, who: str = "a1") -> VisitorCard:
        return self.desk.card(self.visitor(who))

    def dialogs(self, status: str = "") -> list[DialogSummary]:
        """Newest first."""
        return self.store.dialog_page(
            status=status, assignee=None, tag="", visitor="", cursor="", limit=1000
        )[0]

    @property
    def dialog(self) -> DialogSummary:
        """The one open dialog."""
        (dialog,) = self.dialogs("open")
        return dialog

    def journal(self) -> list[Entry]:
        return self.store.entries(0, 1_000_000)

    def events(self, who: str = "") -> list[str]:
        """Names of events, oldest first."""
        visitor = self.visitor(who) if who else ""
        return [
            entry.what.name
            for entry in self.journal()
            if isinstance(entry.what, EventHappened) and (not visitor or entry.visitor == visitor)
        ]

    def said(self, who: str = "a1") -> list[str]:
        """What stands in the visitor's chat."""
        return [message.text for message in self.store.visitor_messages(self.visitor(who), 0, 1000)]

    def last_question(self) -> Message:
        """The latest message with options."""
        asked = [what.message for what in self.all(MessageSent) if what.message.options]
        return asked[-1]

    def last(self, kind: type) -> Any:
        """The latest entry of a kind."""
        return next(entry.what for entry in reversed(self.journal()) if isinstance(entry.what, kind))

    def all(self, kind: type) -> list[Any]:
        return [entry.what for entry in self.journal() if isinstance(entry.what, kind)]


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    opened: Store = (
        MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "desk.db", log_bytes=0)
    )
    yield opened
    opened.close()


@pytest.fixture
async def shop(store: Store) -> AsyncIterator[Shop]:
    shop = await Shop(store).open()
    yield shop
    await shop.desk.stop()


@pytest.fixture
def make_shop() -> type[Shop]:
    return Shop


@pytest.fixture
def eventually() -> Any:
    """`await eventually(condition)`: it comes true in time."""

    async def wait(condition: Any) -> None:
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            await asyncio.sleep(0.005)

    return wait
