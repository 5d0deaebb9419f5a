"""The figures of a scenario on their screen: by keys from number to number, to the visitors behind it and why."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from operator_console.app import OperatorApp
from operator_console.designer.figures.behind_screen import BehindScreen
from operator_console.designer.figures.screen import FiguresScreen
from operator_console.designer.figures.view import FiguresView
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.person.screen import PersonScreen
from operator_console.why.screen import WhyScreen

GREETING = """\
scenario: greeting
title: A greeting
status: live
trigger:
  - event: Lamp Broken
goal: {event: Order Completed, within: 3d}
steps:
  - say: What happened?
    id: what
    options:
      - {label: It fell, id: fell}
      - {label: It burnt, id: burnt}
  - say: Thank you.
    id: thanks
"""


@pytest.fixture
async def shop(serve):
    async with serve({"greeting": GREETING}) as served:
        yield served


async def figures_of(it: Any, slug: str = "greeting") -> FiguresScreen:
    """By the keys that a marketer presses."""
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to(slug)
    await it.press("s")
    await it.until(lambda: isinstance(it.app.screen, FiguresScreen))
    return it.app.screen


async def breaks_a_lamp(shop: Any, name: str = "") -> Any:
    visitor = await shop.visitor(name)
    await visitor.does("Lamp Broken")
    return visitor


class TestAgainstTheServer:
    async def test_figures_come_live_and_lead_to_the_visitor_and_to_why(self, shop) -> None:
        anna = await breaks_a_lamp(shop, "Anna Petrova")
        async with shop.console() as it:
            screen = await figures_of(it)
            await it.until(lambda: screen.body.chosen is not None)
            assert screen.body.chosen.count == 1
            await breaks_a_lamp(shop, "Mihkel Saar")
            await it.until(lambda: screen.body.chosen.count == 2)
            await anna.writes("It burnt")
            await it.until(lambda: "answered 1 50 %" in it.text())
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, BehindScreen))
            await it.shows("Mihkel Saar")
            await it.shows("Anna Petrova")
            behind = it.app.screen
            await it.press("j")
            await it.until(lambda: behind._row is not None and behind._row.called == "Anna Petrova")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, WhyScreen))
            await it.shows("A greeting")
            await it.press("escape", "escape")
            await it.until(lambda: it.app.screen is screen)
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            await it.until(lambda: not len(shop.server.app.watchers))

    async def test_who_answered_is_found_behind_his_answer(self, shop) -> None:
        anna = await breaks_a_lamp(shop, "Anna Petrova")
        await breaks_a_lamp(shop, "Mihkel Saar")
        await anna.writes("It fell")
        async with shop.console() as it:
            screen = await figures_of(it)
            await it.until(lambda: "answered 1 50 %" in it.text())
            while screen.body.chosen.figure != "answered":
                before = screen.body.chosen
                await it.press("j" if screen.body.chosen.figure in ("entered", "goal") else "l")
                assert screen.body.chosen != before, "no way to the answer"
            await it.press("enter")
            await it.shows("Anna Petrova")
            assert "Mihkel Saar" not in it.text()
            await it.press("c")
            await it.until(lambda: isinstance(it.app.screen, PersonScreen))

    async def test_from_the_tree_too(self, shop) -> None:
        await breaks_a_lamp(shop)
        async with shop.console() as it:
            await it.press("d")
            await it.until(
                lambda: isinstance(it.app.screen, ScenariosScreen) and it.app.screen.listing.cursor
            )
            await it.press("enter")
            await it.shows("What happens")
            await it.press("s")
            await it.until(lambda: isinstance(it.app.screen, FiguresScreen))
            await it.shows("Nobody is held out")


@pytest.fixture
def over_memory(figured, tmp_path: Path):
    """The screen over a desk in memory: `async with over_memory() as (screen, pilot)`."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (140, 40)):
        app = OperatorApp(figured, keep_in=lambda me: tmp_path, now=figured.clock, zone=UTC)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: app.inbox._shown_snapshot)
            app.inbox.show_figures_of("come_back", "Come back with an offer")
            await until(
                pilot, lambda: isinstance(app.screen, FiguresScreen) and app.screen.query(FiguresView)
            )
            await until(pilot, lambda: app.screen.body.chosen)
            yield app.screen, pilot

    return opened


async def until(pilot: Any, condition: Any) -> None:
    """Waits for a condition, at most ten seconds."""
    for _ in range(1000):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("waited in vain")


class TestWhichFigures:
    async def test_keys_choose_the_days_and_the_desk_is_asked_for_them(self, over_memory, figured) -> None:
        async with over_memory() as (_, pilot):
            for key, days in (("1", 7), ("3", 90), ("4", 365), ("2", 30)):
                await pilot.press(key)
                since = figured.now - (days - 1) * 86_400_000
                await until(pilot, lambda since=since: figured.asked[-1] == ("come_back", since, ""))
                assert figured.watched[-1].since == since
            await pilot.press("5")
            await until(pilot, lambda: figured.asked[-1] == ("come_back", 0, ""))

    async def test_one_key_leaves_only_the_version_that_is_live(self, over_memory, figured) -> None:
        async with over_memory() as (screen, pilot):
            await pilot.press("v")
            await until(pilot, lambda: figured.asked[-1][2] == figured.version)
            assert screen.header.is_this_version
            await pilot.press("v")
            await until(pilot, lambda: figured.asked[-1][2] == "")


class TestNumbers:
    async def test_every_number_can_be_reached_by_keys_and_asks_for_its_own(
        self, over_memory, figured
    ) -> None:
        async with over_memory() as (screen, pilot):
            asked, before = set(), None
            while screen.body.chosen != before:
                for key in "lh":
                    beside = None
                    while screen.body.chosen != beside:
                        beside = screen.body.chosen
                        asked.add((beside.figure, beside.branch))
                        await pilot.press(key)
                before = screen.body.chosen
                await pilot.press("j")
            assert asked >= {
                ("entered", ""), ("goal", ""), ("held_out", ""), ("held_out_goal", ""), ("variant", "plain"),
                ("variant_goal", "discount"), ("clicked", ""), ("submitted", ""), ("answered", ""),
                ("ended", "pop-up closed"), ("suppressed", "unsubscribed"), ("failed", "could not be sent"),
            }  # fmt: skip

    async def test_more_visitors_are_read_as_the_reader_comes_near_the_end(
        self, over_memory, figured
    ) -> None:
        async with over_memory() as (_, pilot):
            await pilot.press("enter")
            await until(
                pilot, lambda: isinstance(pilot.app.screen, BehindScreen) and pilot.app.screen.listing.count
            )
            behind = pilot.app.screen
            assert behind.listing.count == 100
            for _page in range(8):
                await pilot.press("pagedown")
            await until(pilot, lambda: behind.listing.count > 100)
            await pilot.press("G")
            await until(pilot, lambda: behind.listing.count == 250)

    async def test_a_click_chooses_and_another_opens(self, over_memory) -> None:
        async with over_memory() as (screen, pilot):
            at = next(
                (y, one.start)
                for y, line in enumerate(screen.body._lines)
                for one in line.numbers
                if one.behind.figure == "held_out"
            )
            await pilot.click(screen.body, offset=(at[1] + 1, at[0]))
            await until(pilot, lambda: screen.body.chosen.figure == "held_out")
            await pilot.click(screen.body, offset=(at[1] + 1, at[0]))
            await until(pilot, lambda: isinstance(pilot.app.screen, BehindScreen))
