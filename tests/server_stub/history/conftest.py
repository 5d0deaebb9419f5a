"""A desk on a real SQLite file with a clock that stands still, and the past that is read from that file beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.log import VisitorLog
from scenarios_yaml.tools.past.replay import Replay
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from server_stub.desk.desk import Desk
from server_stub.history.journal import JournalPast, ReadOnlyStore
from server_stub.protocol import (
    ChangeDialog,
    ChangeVisitor,
    MergeVisitors,
    Message,
    MessageSent,
    RunProgress,
    SendMessage,
)
from server_stub.settings import Settings
from server_stub.store.sqlite import SqliteStore
from server_stub.work import (
    AddOperator,
    IdentifyVisitor,
    Identity,
    OperatorChangesDialog,
    OperatorChangesVisitor,
    OperatorMergesDialogs,
    OperatorMergesVisitors,
    OperatorPresence,
    OperatorSends,
    OperatorStartsDialog,
    RowTried,
    ScenariosRead,
    TrackEvent,
    VisitorChooses,
    VisitorEndsPopup,
    VisitorSees,
    VisitorWrites,
)

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
MONDAY_NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC."""


class Hearing:
    """A listener that keeps every line."""

    def __init__(self) -> None:
        self.trace: list[TraceLine] = []

    def heard(self, state: Any, stimulus: Any, outcome: Any, now: int) -> None:
        self.trace += outcome.trace

    def left_open(self, run: Any, now: int) -> None:
        raise AssertionError("nothing was tried out")


class Shop:
    """Short words for what people do. `a1` is the browser of the first visitor."""

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self.path = path
        self.now = MONDAY_NOON
        self.count = 0
        self.settings = settings or Settings()

    async def open(self) -> Shop:
        self.store = SqliteStore(self.path, log_bytes=0)
        self.desk = Desk(self.store, clock=lambda: self.now, settings=self.settings)
        await self.desk.start()
        return self

    async def close(self) -> None:
        await self.desk.stop()
        self.store.close()

    async def restart(self) -> None:
        await self.close()
        await self.open()
        await self.desk.fire_due()

    def fresh(self, prefix: str = "id") -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    async def wait(self, milliseconds: int) -> None:
        self.now += milliseconds
        await self.desk.fire_due()

    async def settle(self) -> None:
        """Until broadcasts and publications have come to everybody."""
        deadline = asyncio.get_running_loop().time() + 10
        await self.desk.fire_due()
        while self.desk.in_rounds:
            assert asyncio.get_running_loop().time() < deadline, "waited in vain"
            await asyncio.sleep(0)

    # --- What happens ---

    async def publish(
        self, *texts: str, segments: tuple[str, ...] = (), choices: dict[str, dict[str, str]] | None = None
    ) -> None:
        for text in texts:
            assert not read_scenario(text).errors
        good = tuple((text.split()[1] + ".yaml", text) for text in texts)
        found = tuple((text.split()[1] + ".yaml", text) for text in segments)
        await self.desk.submit(ScenariosRead(good=good, segments=found, choices=choices or {}, at=self.now))

    async def track(self, name: str, who: str = "a1", *, user: str = "", **more: Any) -> None:
        properties = more.pop("properties", {})
        defaults = {"happened_at": self.now, "received_at": self.now, "source": "widget"}
        await self.desk.submit(
            TrackEvent(
                who=Identity(who, user),
                name=name,
                properties=properties,
                message_id=self.fresh("e"),
                **defaults | more,
            )
        )

    async def page(self, path: str, who: str = "a1", **more: Any) -> None:
        await self.track("Page Viewed", who, properties={"url": f"https://shop.example{path}"}, **more)

    async def identify(self, who: str = "", user: str = "", **traits: Any) -> None:
        await self.desk.submit(
            IdentifyVisitor(
                who=Identity(who, user), traits=traits, happened_at=self.now, received_at=self.now
            )
        )

    async def write(self, text: str, who: str = "a1") -> Message:
        return await self.desk.submit(
            VisitorWrites(anonymous_id=who, text=text, frame=self.fresh("w"), at=self.now)
        )

    async def choose(self, option: str, who: str = "a1") -> None:
        """Of the bot's last question."""
        question = self.last_message(lambda message: bool(message.options))
        await self.desk.submit(
            VisitorChooses(
                anonymous_id=who, message=question.id, option=option, frame=self.fresh("c"), at=self.now
            )
        )

    async def end_popup(self, outcome: Any = "closed", who: str = "a1", **fields: Any) -> None:
        popup = self.store.visitors([self.desk.visitor_of(who)])[self.desk.visitor_of(who)].popup
        shown = msgspec.json.decode(popup)["id"]
        await self.desk.submit(
            VisitorEndsPopup(
                anonymous_id=who,
                popup=shown,
                outcome=outcome,
                fields=fields,
                frame=self.fresh("p"),
                at=self.now,
            )
        )

    async def see(self, who: str = "a1") -> None:
        await self.desk.submit(
            VisitorSees(anonymous_id=who, up_to=self.desk.last_seq, state="seen", at=self.now)
        )

    async def hire(self, operator: str = "o1", name: str = "Ann") -> None:
        await self.desk.submit(
            AddOperator(operator=operator, name=name, role="admin", token_hash=operator, at=self.now)
        )
        await self.come(operator)

    async def come(self, operator: str = "o1", *, online: bool = True) -> None:
        await self.desk.submit(OperatorPresence(operator=operator, online=online, at=self.now))

    async def merge_visitors(self, kept: str, gone: str, operator: str = "o1") -> None:
        """Both are named by their browsers."""
        visitor, request = self.desk.visitor_of(kept), MergeVisitors(self.desk.visitor_of(gone))
        await self.desk.submit(
            OperatorMergesVisitors(operator=operator, visitor=visitor, request=request, at=self.now)
        )

    async def merge_dialogs(self, dialog: str, gone: str, operator: str = "o1") -> None:
        await self.desk.submit(
            OperatorMergesDialogs(operator=operator, dialog=dialog, gone=gone, at=self.now)
        )

    async def send(self, text: str, operator: str = "o1", send_at: int = 0) -> None:
        request = SendMessage(self.fresh("c"), text, send_at=send_at)
        await self.desk.submit(
            OperatorSends(operator=operator, dialog=self.dialog(), request=request, at=self.now)
        )

    async def change(self, operator: str = "o1", **changes: Any) -> None:
        await self.desk.submit(
            OperatorChangesDialog(
                operator=operator, dialog=self.dialog(), request=ChangeDialog(**changes), at=self.now
            )
        )

    async def start_dialog(self, who: str = "a1", operator: str = "o1") -> None:
        await self.desk.submit(
            OperatorStartsDialog(operator=operator, visitor=self.desk.visitor_of(who), at=self.now)
        )

    async def edit(self, who: str = "a1", operator: str = "o1", **changes: Any) -> None:
        await self.desk.submit(
            OperatorChangesVisitor(
                operator=operator,
                visitor=self.desk.visitor_of(who),
                request=ChangeVisitor(**changes),
                at=self.now,
            )
        )

    async def tried(self, status: Any = "sent", *, channel: str, reply: Any = None, error: str = "") -> None:
        """What came of the last outbox row of the channel."""
        row = next(item for item in self.store.outbox(100) if item.channel == channel)
        await self.desk.submit(RowTried(row=row.id, status=status, reply=reply, error=error, at=self.now))

    # --- What came of it ---

    def dialog(self) -> str:
        return self.store.dialog_page(status="", assignee=None, tag="", visitor="", cursor="", limit=1)[0][
            0
        ].id

    def last_message(self, wanted: Any = bool) -> Message:
        found = [
            entry.what.message
            for entry in self.store.entries(0, 100_000)
            if isinstance(entry.what, MessageSent)
        ]
        return next(message for message in reversed(found) if wanted(message))

    def lived(self, who: str = "a1") -> list[tuple[Any, ...]]:
        """The trace of the visitor's runs as the journal has it."""
        visitor = self.desk.visitor_of(who)
        mine = {visitor, *self.store.merged(visitor)}
        return [
            (
                what.due or entry.at,
                what.scenario,
                what.version,
                what.run,
                what.phase,
                what.step,
                what.result,
                what.line,
            )
            for entry in self.store.entries(0, 100_000)
            if isinstance(what := entry.what, RunProgress) and entry.visitor in mine
        ]

    def past(self) -> JournalPast:
        return JournalPast(ReadOnlyStore(self.path), self.settings)

    def log(self, who: str = "a1", scenario: str = "") -> VisitorLog:
        return self.past().log(self.desk.visitor_of(who), scenario)

    def replayed(self, who: str = "a1", trial: Trial | None = None) -> list[tuple[Any, ...]]:
        """The same from a replay of the journal's file, while the desk still runs on it."""
        hearing = Hearing()
        Replay(Surroundings(self.past().around(), trial), hearing).play(self.log(who), self.now + 1)
        return [
            (line.at, line.scenario, line.version, line.run, line.phase, line.step, line.result, line.line)
            for line in hearing.trace
            if line.phase != "refused"
        ]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    shop = await Shop(tmp_path / "desk.sqlite").open()
    yield shop
    await shop.close()


@pytest.fixture
def make_shop() -> type[Shop]:
    return Shop
