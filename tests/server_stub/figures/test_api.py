"""The figures of a scenario as they are asked for, and as they come to a console that watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server_stub.protocol import (
    CaughtUp,
    Entries,
    FiguresChanged,
    FigureVisitors,
    ScenarioFigures,
    ScenarioStatus,
    ShowPopup,
    StepFigures,
    Watching,
)

SECONDS = 10.0
BONUS = """scenario: bonus
title: Bonus
status: live
trigger: [{event: Bonus Wanted}]
goal: {event: Order Completed, within: 7d}
steps:
  - id: offer
    popup: {size: small, title: A bonus, text: Leave your email., button: {label: Get it}}
    timeout: 30m
    on_click: [{id: thanks, tag: thanked}]
"""


class Figures:
    """A running server, and short words for what happens in its shop."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self._count = 0

    async def track(self, name: str, who: str) -> None:
        self._count += 1
        body = {"event": name, "anonymousId": who, "messageId": f"m{self._count}"}
        assert (await self.desk.call("track", body)).status_code == 200

    async def identify(self, who: str, **traits: Any) -> None:
        await self.desk.call("identify", {"anonymousId": who, "traits": traits})

    async def get(self, answer: Any, path: str = "/api/scenarios/bonus/figures", **params: Any) -> Any:
        return msgspec.convert(await self.desk.get(path, **params), answer)

    async def behind(self, figure: str, **params: Any) -> FigureVisitors:
        found = await self.get(FigureVisitors, "/api/scenarios/bonus/visitors", figure=figure, **params)
        assert isinstance(found, FigureVisitors)
        return found

    async def refused(self, path: str, **params: Any) -> int:
        answer = await self.desk.http.get(path, params=params, headers=self.desk.auth)
        return int(answer.status_code)


def step(figures: ScenarioFigures, key: str) -> StepFigures:
    (found,) = [one for one in figures.steps if one.step == key]
    return found


@pytest.fixture
async def shop(tmp_path: Path, start_desk: Callable[..., Any]) -> AsyncIterator[Figures]:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "bonus.yaml").write_text(BONUS)
    async with start_desk(tmp_path) as desk:
        yield Figures(desk)


class TestFigures:
    async def test_tell_what_happened_at_each_step(self, shop):
        await shop.track("Bonus Wanted", "a1")
        await shop.track("Bonus Wanted", "a2")
        await shop.track("Order Completed", "a2")
        figures = await shop.get(ScenarioFigures)
        assert (figures.entered, figures.goal, figures.running) == (2, 1, 2)
        offer = step(figures, "offer")
        assert (offer.reached, offer.delivered, offer.waiting) == (2, 2, 2)
        assert figures.seq == await shop.desk.last_seq()

    async def test_of_another_period_are_empty_but_for_those_who_are_there_now(self, shop):
        await shop.track("Bonus Wanted", "a1")
        figures = await shop.get(ScenarioFigures, since=86_400_000, until=2 * 86_400_000)
        assert (figures.entered, figures.running, step(figures, "offer").waiting) == (0, 1, 1)

    async def test_in_a_list_are_totals_of_the_last_days(self, shop):
        await shop.track("Bonus Wanted", "a1")
        (status,) = await shop.get(list[ScenarioStatus], "/api/scenarios", days=30)
        assert (status.totals.entered, len(status.totals.days)) == (1, 30)
        assert status.totals.days[-1].entered == 1
        (status,) = await shop.get(list[ScenarioStatus], "/api/scenarios")
        assert status.totals is None

    async def test_are_refused_where_the_question_is_wrong(self, shop):
        path = "/api/scenarios/bonus"
        assert await shop.refused("/api/scenarios/nobody/figures") == 404
        assert await shop.refused("/api/scenarios", days=0) == 400
        assert await shop.refused(f"{path}/figures", since=5, until=4) == 400
        assert await shop.refused(f"{path}/figures", since=10**17) == 400
        assert await shop.refused(f"{path}/visitors", figure="money") == 400
        assert await shop.refused(f"{path}/visitors", figure="reached", before="1.2") == 400
        assert await shop.refused(f"{path}/visitors", figure="reached", before="1.2.²") == 400


class TestVisitorsBehindAFigure:
    async def test_come_newest_first_page_by_page(self, shop):
        for number in range(5):
            await shop.identify(f"a{number}", name=f"Visitor {number}")
            await shop.track("Bonus Wanted", f"a{number}")
        first = await shop.behind("reached", step="offer", limit=3)
        second = await shop.behind("reached", step="offer", limit=3, before=first.cursor)
        names = [one.called for one in (*first.visitors, *second.visitors)]
        assert names == [f"Visitor {number}" for number in (4, 3, 2, 1, 0)]
        assert second.cursor == ""
        assert all(one.run and one.step == "offer" for one in first.visitors)

    async def test_are_whom_they_have_become(self, shop):
        await shop.track("Bonus Wanted", "a1")
        await shop.desk.call("identify", {"userId": "u1", "traits": {"name": "Ann"}})
        await shop.desk.call("identify", {"anonymousId": "a1", "userId": "u1"})
        (behind,) = (await shop.behind("entered")).visitors
        card = await shop.desk.get(f"/api/visitors/{behind.visitor}")
        assert (behind.called, card["id"]) == ("Ann", behind.visitor)

    async def test_are_found_by_the_way_that_they_took(self, shop):
        async with shop.desk.widget() as page:
            await page.say("track", name="Bonus Wanted")
            shown = await page.until(ShowPopup)
            await page.say("popup_outcome", popup=shown.popup.id, outcome="clicked")
            await shop.track("Bonus Wanted", "a2")
            await _until(lambda: shop.behind("clicked", step="offer"))
        assert len((await shop.behind("reached", step="offer")).visitors) == 2
        assert len((await shop.behind("ended", branch="done")).visitors) == 1
        assert (await shop.behind("ended", branch="tired")).visitors == ()


async def _until(ask: Callable[[], Any]) -> None:
    async with asyncio.timeout(SECONDS):
        while not (await ask()).visitors:
            await asyncio.sleep(0.02)


class TestWatching:
    async def watch(self, stream: Any, scenario: str = "bonus", **more: Any) -> None:
        await stream.socket.send(msgspec.json.encode(Watching(scenario, **more)).decode())

    async def test_begins_with_the_whole_and_goes_on_with_what_changed(self, shop):
        await shop.track("Bonus Wanted", "a1")
        async with shop.desk.stream() as stream:
            await self.watch(stream)
            whole = await stream.until(FiguresChanged)
            assert (whole.whole, whole.figures.entered, step(whole.figures, "offer").waiting) == (True, 1, 1)
            await shop.track("Bonus Wanted", "a2")
            changed = await stream.until(FiguresChanged)
            assert (changed.whole, changed.figures.entered) == (False, 2)
            assert [one.step for one in changed.figures.steps] == ["offer"]
            assert changed.figures.steps[0].reached == 2
            assert changed.figures.days[-1].entered == 2

    async def test_never_misses_what_happens_while_the_figures_are_read(self, shop):
        async with shop.desk.stream() as stream:
            await stream.until(CaughtUp)
            tracking = asyncio.gather(*(shop.track("Bonus Wanted", f"a{number}") for number in range(60)))
            await self.watch(stream)
            known: dict[str, StepFigures] = {}
            while "offer" not in known or known["offer"].reached < 60:
                changed = await stream.until(FiguresChanged)
                known |= {one.step: one for one in changed.figures.steps}
            await tracking
            assert known["offer"] == step(await shop.get(ScenarioFigures), "offer")

    async def test_comes_at_most_ten_times_a_second(self, shop):
        async with shop.desk.stream() as stream:
            await self.watch(stream)
            begun = asyncio.get_running_loop().time()
            frames, entered = 0, 0
            tracking = asyncio.gather(*(shop.track("Bonus Wanted", f"a{number}") for number in range(200)))
            while entered < 200:
                changed = await stream.until(FiguresChanged)
                frames, entered = frames + 1, changed.figures.entered
            await tracking
            assert frames <= 3 + 10 * (asyncio.get_running_loop().time() - begun)

    async def test_is_of_one_scenario_and_ends_when_the_console_says_so(self, shop, until):
        async with shop.desk.stream() as stream:
            await self.watch(stream)
            await stream.until(FiguresChanged)
            await self.watch(stream, "other")
            other = await stream.until(FiguresChanged)
            assert other.watching == Watching("other")
            await shop.track("Bonus Wanted", "a1")
            frame = None
            while not (isinstance(frame, Entries) and frame.entries[-1].seq == await shop.desk.last_seq()):
                frame = await stream.next()
                assert not isinstance(frame, FiguresChanged)
            await self.watch(stream, "")
            watchers = shop.desk.server.app.watchers
            await until(lambda: not len(watchers), what="nothing is watched any more")

    async def test_two_consoles_are_told_the_same(self, shop):
        async with shop.desk.stream() as first, shop.desk.stream() as second:
            await self.watch(first)
            await first.until(FiguresChanged)
            await shop.track("Bonus Wanted", "a1")
            await self.watch(second)
            whole = await second.until(FiguresChanged)
            assert whole.whole
            await shop.track("Bonus Wanted", "a2")
            for stream in (first, second):
                while (await stream.until(FiguresChanged)).figures.entered < 2:
                    pass

    async def test_a_bad_frame_is_no_reason_to_go(self, shop):
        async with shop.desk.stream() as stream:
            await stream.socket.send('{"type":"watching","scenario":"bonus","since":-1}')
            await stream.socket.send('{"type":"watching","scenario":"bonus","since":99999999999999999999}')
            await self.watch(stream, "x" * 300)
            await self.watch(stream)
            assert (await stream.until(FiguresChanged)).whole

    async def test_nothing_is_kept_for_who_has_gone(self, shop, until):
        async with shop.desk.stream() as stream:
            await self.watch(stream)
            await stream.until(FiguresChanged)
        watchers = shop.desk.server.app.watchers
        await until(lambda: not len(watchers), what="the console that has gone is forgotten")
