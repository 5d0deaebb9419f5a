"""Rows added, indented and noted by keys: what is new stands there once its form is kept, and not before."""

from __future__ import annotations

from typing import Any

import pytest

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.editing import branch_of, holder_of
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker, Prompt
from scenarios_yaml.language.reader import read_scenario

BOT = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Product Viewed
audience:
  - any:
      - email is unknown
  - visits > 1
steps:
  - id: question
    say: Shall I help?
    options:
      - label: Of course
        steps:
          - say: With pleasure.
          # To be said last.
          - say: Bye
  - id: bye
    say: Good bye
"""


@pytest.fixture
async def shop(serve: Any) -> Any:
    async with serve({"helper": BOT}) as served:
        yield served


async def tree_of(it: Any, place: str = "steps.0") -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("helper")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    it.app.screen.tree_view.point_at(place)
    return it.app.screen


async def add(it: Any, name: str) -> FormSheet:
    await it.press("a")
    await it.until(lambda: isinstance(it.app.screen, Picker))
    await it.type(name)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, FormSheet))
    return it.app.screen


async def kept(it: Any, tree: TreeScreen) -> None:
    await it.press("ctrl+s")
    await it.until(lambda: it.app.screen is tree)


class TestAdding:
    async def test_a_form_that_is_left_leaves_nothing_behind(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await add(it, "pop-up")
            assert "popup" in tree.document.text
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == BOT
            await it.press("u")
            await it.shows("There is nothing to undo.")

    async def test_what_is_added_and_filled_in_is_one_step_of_undo(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await add(it, "tag")
            await it.type("vip")
            await kept(it, tree)
            assert tree.document.text == BOT + "  - tag: vip\n"
            await it.press("u")
            await it.until(lambda: tree.document.text == BOT)

    async def test_nothing_can_be_gone_through_before_there_is_a_block(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await it.press("a")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("go through")
            await it.press("enter")
            await it.shows("There is no block of steps yet")
            assert tree.document.text == BOT

    async def test_a_block_is_asked_for_its_name_and_may_get_another(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "")
            await it.press("a")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("block")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, Prompt))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("helped")
            await it.press("enter")
            await it.until(lambda: it.app.screen is tree and "helped:" in tree.document.text)
            tree.tree_view.point_at("blocks.helped")
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, Prompt))
            await it.type("solved")
            await it.press("enter")
            await it.until(lambda: "solved:" in tree.document.text)
            assert tree.document.reading.scenario is not None

    async def test_names_come_from_the_desk(self, shop: Any) -> None:
        async with shop.console() as it:
            await tree_of(it, "trigger.0")
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            sheet = it.app.screen
            await it.until(
                lambda: any(one.name == "Product Viewed" for one in sheet.sources.known.names.events)
            )
            assert "helper" in sheet.sources.known.scenarios()

    async def test_a_bot_of_three_levels_is_built_by_keys(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await add(it, "chat message")
            await it.type("What is it about?")
            await it.press("tab")
            await it.type("Delivery")
            await it.press("enter")
            await it.type("Prices")
            await kept(it, tree)
            tree.tree_view.point_at("steps.2.options.0")
            await add(it, "chat message")
            await it.type("By courier or by post?")
            await it.press("tab")
            await it.type("Courier")
            await it.press("enter")
            await it.type("Post")
            await kept(it, tree)
            tree.tree_view.point_at("steps.2.options.0.steps.0.options.1")
            await add(it, "chat message")
            await it.type("Two days.")
            await kept(it, tree)
            built = """\
  - say: What is it about?
    options:
      - label: Delivery
        steps:
          - say: By courier or by post?
            options:
              - label: Courier
              - label: Post
                steps:
                  - say: Two days.
      - label: Prices
"""
            assert tree.document.text == BOT + built
            assert read_scenario(tree.document.text, "helper.yaml").scenario is not None


class TestInAndOut:
    async def test_a_step_goes_into_the_branch_above_it_and_out_again(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await it.press(">")
            await it.until(lambda: tree.tree_view.row.place == "steps.0.options.0.steps.2")
            assert tree.document.value("steps.0.options.0.steps.2.id") == "bye"
            await it.press("<")
            await it.until(lambda: tree.tree_view.row.place == "steps.1")
            assert tree.document.text == BOT

    async def test_its_comments_go_along(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.0.options.0.steps.1")
            await it.press("<")
            await it.until(lambda: tree.tree_view.row.place == "steps.1")
            assert "  # To be said last.\n  - say: Bye\n  - id: bye\n" in tree.document.text

    async def test_a_condition_goes_into_the_group_above_it(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "audience.1")
            await it.press(">")
            await it.until(lambda: tree.tree_view.row.place == "audience.0.any.1")
            await it.press("<")
            await it.until(lambda: tree.document.text == BOT)

    async def test_what_has_nowhere_to_go_says_so(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.0")
            await it.press(">")
            await it.shows("has no branch that it could")
            await it.press("<")
            await it.shows("in no branch that it could")
            assert tree.document.text == BOT


class TestANote:
    async def test_stands_at_its_step_and_is_taken_away(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "steps.1")
            await it.press("m")
            await it.until(lambda: isinstance(it.app.screen, Prompt))
            await it.type("Ask Anna first")
            await it.press("enter")
            await it.until(lambda: tree.tree_view.row.comment == "Ask Anna first")
            assert tree.document.value("steps.1.comment") == "Ask Anna first"
            await it.press("m")
            await it.until(lambda: isinstance(it.app.screen, Prompt))
            await it.press("ctrl+u", "enter")
            await it.until(lambda: tree.document.text == BOT)


class TestWhereAPlaceIs:
    def test_of_a_row_that_is_not_there_is_nowhere(self) -> None:
        assert branch_of((), "steps.0", "step") == ""
        assert holder_of((), "steps.0.options.0.steps", "step") == ""
