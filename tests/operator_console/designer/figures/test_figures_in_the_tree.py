"""Figures at the rows of a tree: they come live, stay with their steps, and are counted only where somebody looks."""

from __future__ import annotations

from typing import Any

import pytest

from operator_console.designer.figures.behind_screen import BehindScreen
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from server_stub.protocol import PublishScenario

GREETING = """\
scenario: greeting
title: A greeting
status: live
trigger:
  - event: Lamp Broken
steps:
  - say: What happened?
    options:
      - label: It fell
        id: fell
        steps:
          - say: A pity.
      - label: It burnt
        id: burnt
        steps:
          - say: Oh.
  - say: Thank you.
    id: thanks
"""


@pytest.fixture
async def shop(serve):
    async with serve({"greeting": GREETING}) as served:
        yield served


async def tree_of(it: Any) -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("greeting")
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.query("TreeView"))
    await it.until(lambda: it.app.screen.tree_view.row is not None)
    return it.app.screen


async def breaks_a_lamp(shop: Any) -> Any:
    visitor = await shop.visitor()
    await visitor.does("Lamp Broken")
    return visitor


def count_at(tree: TreeScreen, place: str) -> tuple[int, int] | None:
    node = tree.tree_view.figures_at(place)
    return (node.count, node.waiting) if node is not None else None


def line_of(it: Any, words: str) -> str:
    return next(line for line in it.text().split("\n") if words in line)


class TestLive:
    async def test_a_visitor_who_begins_now_stands_at_his_step(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            await breaks_a_lamp(shop)
            await it.until(lambda: count_at(tree, "steps.0") == (1, 1))
            await it.until(lambda: "● 1" in line_of(it, "What happened?"))
            visitor = await breaks_a_lamp(shop)
            await it.until(lambda: count_at(tree, "steps.0") == (2, 2))
            await visitor.writes("It burnt")
            await it.until(lambda: count_at(tree, "steps.0") == (2, 1))
            await it.until(lambda: "50 %" in line_of(it, "It burnt"))
            assert count_at(tree, "steps.0.options.1") == (1, 0)

    async def test_figures_that_come_before_the_tree_stands_or_after_it_are_no_error(self, shop) -> None:
        await breaks_a_lamp(shop)
        figures = await shop.owner.figures("greeting")
        async with shop.console() as it:
            tree = await tree_of(it)
            file = await shop.owner.scenario_file("greeting")
            other = TreeScreen(tree.desk, it.inbox.me, file, "A greeting", around=tree.around)
            other.take_figures(figures)
            await it.app.push_screen(other)
            other.take_figures(figures)
            await it.until(lambda: count_at(other, "steps.0") == (1, 1))
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            other.take_figures(figures)
            await it.press("j")
            assert it.app.screen is tree

    async def test_the_row_under_the_cursor_is_told_in_words(self, shop) -> None:
        await breaks_a_lamp(shop)
        async with shop.console(size=(80, 24)) as it:
            tree = await tree_of(it)
            await it.until(lambda: count_at(tree, "steps.0"))
            tree.tree_view.point_at("steps.0")
            await it.shows("1 came here · 1 waits here now")


class TestWhoCameHere:
    async def test_one_key_shows_who_stands_behind_the_number_of_a_row(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            await it.press("W")
            await it.until(lambda: any("Nobody came here" in one.message for one in it.app._notifications))
            visitor = await shop.visitor("Anna Petrova")
            await visitor.does("Lamp Broken")
            await visitor.writes("It burnt")
            await it.until(lambda: count_at(tree, "steps.0.options.1") == (1, 0))
            tree.tree_view.point_at("steps.0.options.1")
            await it.press("W")
            await it.until(
                lambda: isinstance(it.app.screen, BehindScreen) and it.app.screen.listing.count == 1
            )
            await it.shows("Anna Petrova")
            await it.shows("Went this way 1 · burnt")


class TestWhereNobodyLooks:
    async def test_nothing_is_counted_for_this_console(self, shop) -> None:
        watchers = shop.server.app.watchers
        async with shop.console() as it:
            tree = await tree_of(it)
            await breaks_a_lamp(shop)
            await it.until(lambda: count_at(tree, "steps.0"))
            assert len(watchers) == 1
            await it.press("i")
            await it.until(lambda: not len(watchers))
            assert "● 1" not in it.text()
            await it.press("i")
            await it.until(lambda: "● 1" in it.text())
            await it.press("escape")
            await it.until(lambda: not len(watchers))


class TestWhileItIsEdited:
    async def test_figures_go_along_with_a_step_that_has_no_id(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            await breaks_a_lamp(shop)
            await it.until(lambda: count_at(tree, "steps.0") == (1, 1))
            tree.document.insert("steps", 0, {"wait": "5s"})
            tree.show_document()
            await it.until(lambda: count_at(tree, "steps.1") == (1, 1))
            assert count_at(tree, "steps.0") is None, "a step that is new has no figures of another one"
            await it.press("u")
            await it.until(lambda: count_at(tree, "steps.0") == (1, 1))

    async def test_a_version_that_was_published_before_is_followed_too(self, shop) -> None:
        await breaks_a_lamp(shop)
        file = await shop.owner.scenario_file("greeting")
        text = file.text.replace("steps:\n  - say: What", "steps:\n  - tag: broken\n  - say: What", 1)
        await shop.owner.publish("greeting", PublishScenario(text=text, base=file.base))
        await breaks_a_lamp(shop)
        async with shop.console() as it:
            tree = await tree_of(it)
            await it.until(lambda: count_at(tree, "steps.1") == (2, 2))
            assert count_at(tree, "steps.0") == (1, 0)
