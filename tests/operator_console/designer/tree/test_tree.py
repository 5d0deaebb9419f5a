"""A scenario as a tree, with its file beside it: read, folded, searched, followed."""

from __future__ import annotations

import pytest

from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen
from scenarios_yaml.library.index import library

BOT = next(item.text for item in library() if item.slug == "delivery_and_orders_bot")
BROKEN = """\
scenario: broken
title: A broken one
trigger:
  - event: Session Started
steps:
  - say: Hello
  - wiat: 3d
  - jump: nowhere
"""


@pytest.fixture
async def shop(serve):
    """A server with a large bot, and a file with two errors."""
    async with serve({"delivery_and_orders_bot": BOT, "broken": BROKEN}) as served:
        yield served


async def tree_of(it, slug: str) -> TreeScreen:
    """Open the tree of a scenario by the keys that an operator presses."""
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to(slug)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    return it.app.screen


def lines_marked(tree: TreeScreen) -> str:
    lines = tree.document.text.split("\n")
    return "\n".join(lines[number - 1] for number in tree.text_view.marked)


class TestReading:
    async def test_it_says_in_words_when_for_whom_and_what(self, shop) -> None:
        async with shop.console() as it:
            await tree_of(it, "delivery_and_orders_bot")
            await it.shows("Page Viewed")
            await it.shows("Questions about delivery and orders")
            await it.shows("after 15 s")

    async def test_the_file_beside_it_is_at_the_same_place(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            tree.tree_view.point_at("steps.0")
            await it.until(lambda: lines_marked(tree).strip() == "- wait: 15s")
            row = tree.tree_view.row
            assert row is not None
            assert row.place == "steps.0"

    async def test_a_click_in_the_file_finds_the_row(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            line = tree.document.line("steps.0")
            await it.pilot.click(tree.text_view, offset=(10, line - 1 - tree.text_view.scroll_offset.y))
            await it.until(lambda: tree.tree_view.row.place == "steps.0")

    async def test_in_a_small_terminal_tab_shows_the_file(self, shop) -> None:
        async with shop.console(size=(80, 24)) as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            assert not tree.text_view.region
            await it.press("tab")
            await it.until(lambda: tree.text_view.region and not tree.tree_view.region)
            await it.press("escape")
            await it.until(lambda: tree.tree_view.has_focus)
            await it.press("escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))


class TestFolding:
    async def test_space_folds_what_stands_below_and_says_how_much(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            tree.tree_view.point_at("steps.1")
            await it.press("space")
            await it.until(lambda: "▸" in it.text())
            await it.press("j")
            await it.until(lambda: not tree.tree_view.row.place.startswith("steps.1."))
            await it.press("k", "space")
            await it.until(lambda: "▸" not in it.text())

    async def test_all_branches_at_once_and_the_cursor_stays_near(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            tree.tree_view.point_at("steps.1.options.0")
            await it.press("z")
            await it.until(lambda: tree.tree_view.row.place == "steps.1")
            await it.press("z")
            await it.until(lambda: "▸" not in it.text())


class TestFinding:
    async def test_as_one_types_what_is_folded_too(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            await it.press("z", "slash")
            await it.type("courier")
            await it.until(lambda: "courier" in tree.tree_view.row.text.casefold())
            await it.press("enter")
            await it.until(lambda: tree.tree_view.has_focus)
            first = tree.tree_view.row.place
            await it.press("n")
            await it.until(lambda: tree.tree_view.row.place != first)
            await it.press("N")
            await it.until(lambda: tree.tree_view.row.place == first)

    async def test_a_jump_is_followed_and_one_comes_back(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "delivery_and_orders_bot")
            jump = next(row for row in tree.tree_view.rows if row.target)
            tree.tree_view.point_at(jump.place)
            await it.press("f")
            await it.until(lambda: tree.tree_view.row.place == jump.target)
            await it.press("b")
            await it.until(lambda: tree.tree_view.row.place == jump.place)


class TestAFileWithErrors:
    async def test_each_error_stands_at_its_row_and_a_key_goes_from_one_to_the_next(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it, "broken")
            await it.shows("✗ 2 errors")
            await it.press("exclamation_mark")
            await it.until(lambda: tree.tree_view.row.problems)
            await it.shows("wiat")
            first = tree.tree_view.row.place
            await it.press("exclamation_mark")
            await it.until(lambda: tree.tree_view.row.problems and tree.tree_view.row.place != first)
            await it.shows("nowhere")
