"""The versions of a scenario by keys: who, when, why; what differs; the way back."""

from __future__ import annotations

import pytest

from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.designer.versions.screen import VersionsScreen
from server_stub.protocol import ChangeScenario, PublishScenario

FIRST = """\
scenario: helper
title: Shall I help?
status: live
trigger:
  - event: Product Viewed
steps:
  - id: pause
    wait: 30s
  - id: bye
    say: Good bye
"""
SECOND = FIRST.replace("30s", "2m")
THIRD = SECOND.replace("Good bye", "See you")


@pytest.fixture
async def shop(serve):
    async with serve({"helper": FIRST}) as served:
        for text, why in ((SECOND, "Give him time"), (THIRD, "Friendlier")):
            base = (await served.owner.scenario_file("helper")).base
            await served.owner.publish("helper", PublishScenario(text, base, why=why))
        yield served


async def scenarios_of(it) -> ScenariosScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("helper")
    return screen


async def versions_of(it) -> VersionsScreen:
    await scenarios_of(it)
    await it.press("V")
    await it.until(lambda: isinstance(it.app.screen, VersionsScreen) and it.app.screen.shown)
    return it.app.screen


class TestTheVersions:
    async def test_tell_who_when_and_why_and_what_differs_from_the_one_before(self, shop) -> None:
        async with shop.console() as it:
            screen = await versions_of(it)
            await it.shows("3 versions")
            await it.shows("Today")
            await it.shows("Give him time")
            await it.shows("it is now")
            await it.shows("Friendlier")
            await it.shows("+ See you")
            await it.press("j")
            await it.shows("+ 2m")
            await it.press("j")
            await it.shows("nothing: it is the first version")
            assert screen.row.version.by == ""

    async def test_are_compared_with_the_marked_one(self, shop) -> None:
        async with shop.console() as it:
            await versions_of(it)
            await it.press("j", "j", "space")
            await it.shows("compared with")
            await it.press("g")
            await it.shows("+ See you")
            await it.shows("+ 2m")
            await it.press("j", "j", "space")
            await it.until(lambda: not it.app.screen.rows.marked)

    async def test_are_read_whole(self, shop) -> None:
        async with shop.console() as it:
            screen = await versions_of(it)
            await it.press("j", "enter")
            await it.shows("8       wait: 2m")
            await it.shows("scenario: helper")
            await it.press("escape")
            await it.until(lambda: screen.listing.has_focus)
            await it.shows("In meaning")
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))

    async def test_come_by_themselves(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            await versions_of(it)
            base = (await maria.scenario_file("helper")).base
            await maria.publish("helper", PublishScenario(FIRST, base, why="As it was"))
            await it.shows("Maria")
            await it.shows("As it was")
            await it.shows("4 versions")

    async def test_open_from_the_tree(self, shop) -> None:
        async with shop.console() as it:
            await scenarios_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))
            await it.press("V")
            await it.shows("Give him time")
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))


class TestGoingBack:
    async def test_publishes_the_earlier_text_with_a_reason(self, shop) -> None:
        async with shop.console() as it:
            screen = await versions_of(it)
            await it.press("j", "j", "b")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.shows("Back to the version of Today")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is screen)
            await it.shows("4 versions")
            file = await shop.owner.scenario_file("helper")
            assert file.text == FIRST
            assert file.why.startswith("Back to the version of Today")

    async def test_keeps_todays_status(self, shop) -> None:
        await shop.owner.change_scenario("helper", ChangeScenario("paused"))
        async with shop.console() as it:
            screen = await versions_of(it)
            await it.press("G", "b")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is screen)
            await it.shows("5 versions")
            file = await shop.owner.scenario_file("helper")
            assert file.text == FIRST.replace("status: live", "status: paused")

    async def test_is_seen_by_the_tree_from_which_it_was_done(self, shop) -> None:
        async with shop.console() as it:
            await scenarios_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))
            tree = it.app.screen
            await it.press("V")
            await it.until(lambda: isinstance(it.app.screen, VersionsScreen) and it.app.screen.shown)
            await it.press("j", "b")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.press("ctrl+s")
            await it.until(lambda: isinstance(it.app.screen, VersionsScreen))
            await it.shows("4 versions")
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree and tree.document.text == SECOND)
            assert not tree.is_changed

    async def test_to_the_one_that_is_there_says_so(self, shop) -> None:
        async with shop.console() as it:
            await versions_of(it)
            await it.press("b")
            await it.shows("This version is the one that lies on the desk now.")

    async def test_is_not_for_operators(self, shop) -> None:
        anna = await shop.operator("Anna")
        async with shop.console(anna) as it:
            await versions_of(it)
            await it.press("j", "b")
            await it.shows("Scenarios are changed by marketers and admins.")
            assert (await shop.owner.scenario_file("helper")).text == THIRD
