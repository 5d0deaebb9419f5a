"""A scenario of the desk is played from the list, over a real server, also as a visitor whom the desk knows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from operator_console.designer.play.screen import PlayScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.cases import Case

BONUS = """\
scenario: bonus
title: A bonus for an email
status: live
trigger:
  - event: Session Started
audience:
  - email is known
steps:
  - say: Hello {{ visitor.name }}, here is your bonus!
"""


@pytest.fixture
async def shop(serve: Any) -> AsyncIterator[Any]:
    """A server with one scenario, and one visitor whose email is known."""
    async with serve({"bonus": BONUS}) as served:
        yield served


async def playing(it: Any) -> PlayScreen:
    """Open the list, and the player over its only scenario."""
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    await it.press("t")
    await it.until(lambda: isinstance(it.app.screen, PlayScreen))
    player: PlayScreen = it.app.screen
    await it.until(lambda: player.pane.session)
    return player


def cases_in(shop: Any) -> Sequence[Case]:
    file = shop._folder / "data" / "scenarios" / "bonus.test.yaml"
    return read_tests(file.read_text()).cases if file.exists() else ()


class TestPlayingFromTheList:
    async def test_it_plays_the_text_that_lies_at_the_desk(self, shop: Any) -> None:
        async with shop.console() as it:
            player = await playing(it)
            await it.shows("A bonus for an email")
            await it.press("enter")
            await it.shows("not let in")
            await it.press("escape", "escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            assert not player.is_attached

    async def test_a_recorded_test_is_kept_beside_the_scenario(self, shop: Any) -> None:
        async with shop.console() as it:
            await playing(it)
            await it.press("enter")
            await it.shows("not let in")
            for name in ("keeps out whoever is unknown", "says nothing to him"):
                await it.type(f":record {name}")
                await it.press("enter")
                await it.shows("Kept in bonus.test.yaml")
            await it.until(lambda: len(cases_in(shop)) == 2, "both are kept")
            cases = cases_in(shop)
            assert [case.name for case in cases] == ["keeps out whoever is unknown", "says nothing to him"]

    async def test_who_may_not_write_tests_gets_one_into_the_clipboard(self, shop: Any) -> None:
        async with shop.console(await shop.operator("Bob")) as it:
            await playing(it)
            await it.press("enter")
            await it.shows("not let in")
            await it.type(":record keeps out whoever is unknown")
            await it.press("enter")
            await it.shows("Copied: put it at the end of bonus.test.yaml")
            (case,) = read_tests(it.app.clipboard).cases
            assert case.name == "keeps out whoever is unknown"
            assert (await shop.owner.scenario_tests("bonus")).text == ""

    async def test_it_is_played_in_the_hours_of_the_shop(self, shop: Any) -> None:
        async with shop.console() as it:
            player = await playing(it)
            await it.until(lambda: player.pane.session.setting.business_hours == ("09:00", "18:00"))

    async def test_a_visitor_whom_the_desk_knows_takes_the_place_of_the_sample(self, shop: Any) -> None:
        await shop.visitor("Ann", email="ann@shop.example")
        async with shop.console() as it:
            await playing(it)
            await it.press("tab", "v", "up", "enter")
            await it.shows("name, email, phone or the shop's id")
            await it.type("ann@shop")
            await it.press("enter")
            await it.shows("ann@shop.example")
            await it.press("enter")
            await it.shows("Ann · en")
            await it.press("s")
            await it.shows("Hello Ann, here is your bonus!")
