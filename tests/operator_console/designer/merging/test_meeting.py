"""A colleague publishes while somebody edits: it is said at once, and both their changes are there in the end."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.merging.sheet import MergeSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from server_stub.protocol import PublishScenario

HELPER = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Product Viewed
audience:
  - email is unknown
steps:
  - id: pause
    wait: 30s
  - id: bye
    say: Good bye
"""


@pytest.fixture
async def shop(serve):
    async with serve({"helper": HELPER}) as served:
        yield served


async def tree_of(it) -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("helper")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    return it.app.screen


async def publishes(client, *edits: tuple[str, str]) -> str:
    """A colleague publishes what lies on the desk, with these edits."""
    file = await client.scenario_file("helper")
    text = file.text
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    await client.publish("helper", PublishScenario(text, file.base))
    return text


async def asks_for(it, tree: TreeScreen, condition: str) -> None:
    """The condition of the audience is changed by keys."""
    tree.tree_view.point_at("audience.0")
    await it.press("e")
    await it.until(lambda: isinstance(it.app.screen, FormSheet))
    await it.press("ctrl+a", "ctrl+k")
    await it.type(condition)
    await it.press("ctrl+s")
    await it.until(lambda: it.app.screen is tree and condition in tree.document.text)


class TestAColleagueWhoPublishes:
    async def test_is_said_above_the_tree_at_once(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            await publishes(maria, ("Good bye", "See you"))
            await it.shows("Maria has published another version at")
            assert "Good bye" in tree.document.text

    async def test_is_shown_at_once_where_nothing_was_changed_here(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            theirs = await publishes(maria, ("Good bye", "See you"))
            await it.shows("Maria has published this scenario: this is it now.")
            assert tree.document.text == theirs
            await it.shows("See you")
            assert not tree.is_changed

    async def test_who_changed_something_else_is_taken_in_by_a_key_and_out_by_another(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            mine = tree.document.text
            await publishes(maria, ("Good bye", "See you"))
            await it.until(lambda: tree.theirs is not None)
            await it.press("M")
            await it.until(lambda: tree.theirs is None)
            assert tree.document.text == mine.replace("Good bye", "See you")
            assert "has published another version" not in it.text()
            await it.press("u")
            await it.until(lambda: tree.document.text == mine)
            await it.press("U")
            await it.until(lambda: tree.document.text == mine.replace("Good bye", "See you"))

    async def test_with_both_changes_published_in_the_end(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            await publishes(maria, ("Good bye", "See you"))
            await it.press("P")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.shows("A colleague's version was taken in first.")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree and not tree.is_changed)
            there = (await shop.owner.scenario_file("helper")).text
            assert there == HELPER.replace("Good bye", "See you").replace(
                "email is unknown", "cart.total > 1000"
            )

    async def test_the_same_thing_is_met_by_a_choice(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            await publishes(maria, ("email is unknown", "email is known"), ("Good bye", "See you"))
            await it.press("P")
            await it.until(lambda: isinstance(it.app.screen, MergeSheet))
            await it.shows("1 thing was changed by both of you: choose.")
            await it.shows("before  “email is unknown”")
            await it.shows("yours   “cart.total > 1000”")
            await it.shows("Maria   “email is known”")
            await it.press("right")
            await it.shows("take that of Maria")
            await it.press("enter")
            await it.until(lambda: tree.theirs is None)
            assert tree.document.text == HELPER.replace("Good bye", "See you").replace(
                "email is unknown", "email is known"
            )
            await it.shows("Nothing was changed.")

    async def test_is_not_taken_in_where_the_choice_is_left(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            mine = tree.document.text
            await publishes(maria, ("email is unknown", "email is known"))
            await it.until(lambda: tree.theirs is not None)
            await it.press("M")
            await it.until(lambda: isinstance(it.app.screen, MergeSheet))
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == mine
            assert tree.theirs is not None

    async def test_twice_is_met_twice(self, shop) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            for old, new in (("Good bye", "See you"), ("See you", "Farewell")):
                await publishes(maria, (old, new))
                await it.until(lambda new=new: tree.theirs is not None and new in tree.theirs.text)
                await it.press("M")
                await it.until(lambda new=new: tree.theirs is None and new in tree.document.text)

    async def test_nobody_who_did_says_so(self, shop) -> None:
        async with shop.console() as it:
            await tree_of(it)
            await it.press("M")
            await it.shows("Nobody else has published this scenario meanwhile.")

    async def test_by_the_folder_is_met_like_anybody(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            await asks_for(it, tree, "cart.total > 1000")
            path = shop._folder / "data" / "scenarios" / "helper.yaml"
            path.write_text(HELPER.replace("Good bye", "See you"))
            await it.shows("Somebody in the server's folder has published another version at")


class TestAKeptDraft:
    async def test_of_a_text_that_was_published_over_is_merged(self, shop, tmp_path) -> None:
        maria = await shop.operator("Maria", "marketer")
        async with shop.console(kept=tmp_path / "kept") as it:
            await asks_for(it, await tree_of(it), "cart.total > 1000")
        await publishes(maria, ("Good bye", "See you"))
        async with shop.console(kept=tmp_path / "kept") as it:
            await it.press("d")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            screen = it.app.screen
            await it.until(lambda: screen.rows.rows and not screen.rows.unread())
            screen.listing.point_to("helper")
            await it.press("enter")
            await it.shows("Changes of yours that are not published")
            await it.press("enter")
            await it.shows("Maria has published another version at")
            tree = it.app.screen
            await it.press("M")
            await it.until(lambda: tree.theirs is None)
            assert tree.document.text == HELPER.replace("Good bye", "See you").replace(
                "email is unknown", "cart.total > 1000"
            )
