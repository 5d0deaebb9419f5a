"""One journal, one replay: whoever tells the engine what the journal holds, at the moments that it holds, sees the
same trace again."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.stimuli import DialogMoved, Happened, PropertiesChanged, TimePassed, Wrote
from scenarios_yaml.language.reader import read_scenario
from server_stub.protocol import DialogOpened, Entry, EventHappened, MessageSent, RunProgress, VisitorChanged

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

CART = """scenario: cart
title: Cart
status: live
trigger:
  - event: Product Added
reentry: {times: always, while_running: parallel}
steps:
  - wait: 10m
  - emit: {event: Reminded, properties: {n: 1}}
  - wait: 1h
  - tag: reminded
"""
ON_EMIT = """scenario: reminded
title: Reminded
status: live
trigger:
  - event: Reminded
  - keyword: [hello]
audience:
  - did product_added >= 1 times in 2h
reentry: {times: always, while_running: parallel}
steps:
  - wait: 5m
  - set: {visitor.seen: "yes"}
"""


class Replay:
    """What README.md says, in as few lines as it takes."""

    def __init__(self, shop, visitor: str) -> None:
        self.catalog = Catalog.of([read_scenario(text).scenario for text in (CART, ON_EMIT)])
        self.state = VisitorState(visitor)
        self.world = shop.desk.world()
        self.told_at = 0
        self.trace: list[tuple] = []

    def tell(self, stimulus, at: int) -> None:
        self.told_at = max(self.told_at, at)
        outcome = advance(self.state, self.catalog, stimulus, self.told_at, self.world)
        self.state = outcome.state
        self.trace += [
            (line.at, line.scenario, line.run, line.phase, line.step, line.result, line.line)
            for line in outcome.trace
            if line.phase != "refused"
        ]

    def run(self, journal: list[Entry]) -> Replay:
        for entry in journal:
            match entry.what:
                case EventHappened(scenario="") as event:
                    at = event.received_at or entry.at
                    self.tell(Happened(event.name, event.properties, entry.at), at)
                case DialogOpened(by, holder) if by.kind != "bot":
                    self.tell(DialogMoved(entry.dialog, holder), entry.at)
                case MessageSent(message) if message.author.kind == "visitor":
                    self.tell(Wrote(message.text, message.id), entry.at)
                case VisitorChanged(by, changes) if by.kind != "bot":
                    self.tell(PropertiesChanged(changes), entry.at)
                case RunProgress():
                    self.tell(TimePassed(), entry.at)
        return self


def lived(journal: list[Entry]) -> list[tuple]:
    """The trace as the journal has it."""
    return [
        (what.due or entry.at, what.scenario, what.run, what.phase, what.step, what.result, what.line)
        for entry in journal
        if isinstance(what := entry.what, RunProgress)
    ]


class TestOneJournalOneReplay:
    @pytest.fixture(autouse=True)
    async def scenarios(self, shop) -> None:
        await shop.publish(CART, ON_EMIT)

    async def check(self, shop) -> None:
        await shop.track("Last")
        journal = [entry for entry in shop.journal() if entry.visitor == shop.visitor()]
        again = Replay(shop, shop.visitor()).run(journal)
        assert again.trace == lived(journal)
        assert len(again.trace) > 3

    async def test_events_timers_and_what_scenarios_emit(self, shop) -> None:
        await shop.track("Product Added", source="server")
        await shop.wait(10 * MINUTE)
        await shop.wait(2 * HOUR)
        emitted = next(event for event in shop.all(EventHappened) if event.name == "Reminded")
        assert emitted.scenario == "cart"
        await self.check(shop)

    async def test_a_desk_that_was_down_names_the_moments_at_which_it_was_due(self, shop) -> None:
        await shop.track("Product Added", source="server")
        shop.now += 7 * DAY
        await shop.restart()
        await shop.desk.fire_due()
        late = [
            (entry.at, what.due) for entry in shop.journal() if isinstance(what := entry.what, RunProgress)
        ]
        assert (shop.now, shop.now - 7 * DAY + 10 * MINUTE) in late
        await self.check(shop)

    async def test_an_event_that_comes_late_is_told_when_it_was_received(self, shop) -> None:
        await shop.track("Product Added", source="server", happened_at=shop.now - HOUR)
        assert shop.last(RunProgress).phase == "step"
        assert shop.last(RunProgress).due == 0
        await shop.wait(9 * MINUTE)
        assert "Reminded" not in shop.events()
        await shop.wait(MINUTE)
        assert "Reminded" in shop.events()
        await self.check(shop)

    async def test_a_clock_that_is_set_back_does_not_take_a_visitor_back(self, shop) -> None:
        await shop.track("Product Added", source="server")
        await shop.wait(10 * MINUTE)
        at = shop.now
        shop.now -= HOUR
        await shop.restart()
        await shop.track("Product Added", source="server")
        await shop.write("hello")
        assert [entry.at for entry in shop.journal() if isinstance(entry.what, RunProgress)][-1] == at
        shop.now += 3 * HOUR
        await shop.desk.fire_due()
        await self.check(shop)

    async def test_a_commit_that_waited_long_tells_the_moments_of_its_works(self, shop) -> None:
        first = shop.event("Product Added", source="server")
        shop.now += HOUR
        await shop.desk.submit_all([first, shop.event("Product Added", source="server")])
        await shop.desk.fire_due()
        await self.check(shop)
