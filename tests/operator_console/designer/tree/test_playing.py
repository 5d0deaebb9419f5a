"""The draft played beside its tree: what runs is marked there, and what is edited is played at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.play.screen_view import screen_view
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.designer.tree.view import TreeView

BOT = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Product Viewed
steps:
  - id: pause
    wait: 30s
  - id: question
    say: Shall I help?
    timeout: 1d
    options:
      - label: Of course
        steps:
          - id: glad
            say: With pleasure.
      - label: Another time
  - id: bye
    say: Good bye
"""


@pytest.fixture
async def shop(serve: Any) -> AsyncIterator[Any]:
    async with serve({"helper": BOT}) as served:
        yield served


async def tree_of(it: Any) -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    tree: TreeScreen = it.app.screen
    return tree


async def playing(it: Any) -> TreeScreen:
    """The tree, with the player beside it, begun and waiting."""
    tree = await tree_of(it)
    await it.press("t")
    await it.until(lambda: tree.plays and tree.pane.session and tree.pane.line.has_focus, "the player")
    await it.press("enter")
    await it.shows("stands at pause")
    return tree


def marked(it: Any, sign: str) -> list[str]:
    """The rows that bear a sign in their first cell."""
    return [line[1:].strip() for line in it.text().split("\n") if line.startswith(sign)]


class TestPlayingBesideTheTree:
    async def test_what_runs_is_marked_and_what_was_walked_too(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            assert "after 30 s" in marked(it, "▶")[0]
            await it.press("enter")
            await it.until(lambda: "Shall I help?" in "".join(marked(it, "▶")), "the question runs")
            assert "after 30 s" in marked(it, "·")[0]
            assert tree.tree_view.row.place == "steps.1"
            await it.press("1", "enter")
            await it.shows("With pleasure.")
            await it.until(lambda: not marked(it, "▶"), "it is over")
            assert len(marked(it, "·")) == 5
            assert "Another time" not in "".join(marked(it, "·"))

    async def test_an_edit_is_played_again_with_what_was_done(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            await it.press("enter", "1", "enter")
            await it.shows("With pleasure.")
            tree.tree_view.point_at("steps.1.options.0.steps.0")
            await it.press("ctrl+g")
            await it.shows("stands nowhere")
            await it.press("tab", "tab")
            await it.until(lambda: tree.tree_view.has_focus)
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("Gladly.")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            await it.until(lambda: it.text().count("Gladly.") == 2, "in the tree and in the story")
            assert "With pleasure." not in it.text()

    async def test_a_large_draft_is_played_again_without_a_pause_for_the_keys(self, serve: Any) -> None:
        more = "".join(
            f"  - id: more{number}\n    say: More of it, number {number}\n" for number in range(600)
        )
        async with serve({"helper": BOT + more}) as shop, shop.console() as it:
            tree = await playing(it)
            await it.press("enter", "1", "enter")
            await it.shows("100 steps without a pause")
            before = tree.pane.session
            tree.document.put("steps.1.options.0.steps.0.say", "Gladly.")
            tree.show_document()
            await it.until(lambda: tree.pane.session is not before, "played again")
            assert len(tree.pane.session.turns) == 3
            assert "Gladly." in [look.text for look in screen_view(tree.pane.session).chat]

    async def test_keys_lead_round_and_to_the_node_that_runs_and_out(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            await it.press("tab")
            await it.until(lambda: tree.pane.story.has_focus)
            await it.press("tab")
            await it.until(lambda: tree.tree_view.has_focus)
            await it.press("G", "ctrl+g")
            await it.until(lambda: tree.tree_view.row.place == "steps.0")
            await it.press("tab", "ctrl+g")
            await it.until(lambda: tree.tree_view.has_focus)
            await it.press("escape")
            await it.until(lambda: not tree.plays)
            assert tree.text_view.display
            assert not marked(it, "▶")
            await it.press("t")
            await it.shows("stands at pause")
            await it.press("escape", "escape", "escape")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))

    async def test_keys_that_change_the_tree_do_nothing_in_the_story(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            tree.tree_view.point_at("steps.2")
            await it.press("tab")
            await it.until(lambda: tree.pane.story.has_focus)
            await it.press("D", "x", "c", "o", "K")
            assert tree.document.text == BOT
            await it.press("n")
            await it.shows("Shall I help?")

    async def test_a_draft_with_errors_is_played_on_as_it_was(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            tree.document.replace(BOT.replace("30s", "soon"))
            tree.show_document()
            await it.until(lambda: tree.pane.query_one("ClockLine").trouble, "the reason")
            assert len(tree.pane.session.scenario.steps) == 3
            await it.press("enter")
            await it.shows("number, an answer, or anything else")

    async def test_in_a_narrow_terminal_the_player_takes_the_screen(self, shop: Any) -> None:
        async with shop.console(size=(80, 24)) as it:
            tree = await playing(it)
            assert not it.app.screen.query_one(TreeView).region.width
            assert tree.pane.region.width == 80
            await it.press("escape")
            await it.until(lambda: tree.tree_view.has_focus and tree.tree_view.region.width > 70)
            assert marked(it, "▶")
            await it.press("tab")
            await it.until(lambda: tree.pane.line.has_focus and tree.pane.region.width == 80)

    async def test_a_visitor_whom_the_desk_knows_plays(self, shop: Any) -> None:
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

    async def test_a_recorded_test_is_run_before_the_draft_is_published(self, shop: Any) -> None:
        async with shop.console() as it:
            tree = await playing(it)
            await it.press("enter", "1", "enter")
            await it.shows("With pleasure.")
            await it.press("tab")
            await it.until(lambda: tree.pane.story.has_focus)
            await it.press("R")
            await it.shows("What does it show?")
            await it.type("helps whoever wants it")
            await it.press("enter")
            await it.shows("Kept in helper.test.yaml")
            tree.document.put("steps.1.options.0.steps.0.say", "Gladly.")
            tree.show_document()
            await it.press("P")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.shows("1 test fails of 1")
            await it.shows("helps whoever wants it")
