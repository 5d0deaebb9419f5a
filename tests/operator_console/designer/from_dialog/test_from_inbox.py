"""A dialog is turned into a branch of a bot by keys: its messages, a scenario, a place in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from operator_console.designer.from_dialog.sheet import BranchSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker, Prompt
from server_stub.protocol import SendMessage

BOT = """\
scenario: helper
title: The helper
status: paused
trigger:
  - event: Chat Opened
steps:
  - id: menu
    say: How can I help?
    timeout: 1d
    options:
      # As the list has them.
      - label: Prices
        steps:
          - say: See the list.
"""


@pytest.fixture
async def shop(serve: Any) -> AsyncIterator[Any]:
    """A server with a paused bot, and a dialog in which an operator has answered."""
    async with serve({"helper": BOT}) as served:
        ann = await served.visitor("Ann")
        first = await ann.writes("Where is my order?")
        for number, (who, text) in enumerate(
            (
                ("desk", "Hello Ann! Is it to Prague?"),
                ("ann", "Yes"),
                ("desk", "It comes on Monday."),
                ("ann", "Super"),
            )
        ):
            if who == "desk":
                await served.owner.send(first.dialog, SendMessage(client_id=f"c{number}", text=text))
            else:
                await ann.writes(text)
        yield served


async def sheet_of(it: Any) -> BranchSheet:
    """Go into the dialog, and ask for a branch of it."""
    await it.until(lambda: it.inbox.mirror.rows)
    await it.press("enter")
    await it.until(lambda: it.inbox.feed_view.feed and "It comes on Monday." in it.text(), "the dialog")
    await it.press("H")
    sheet: BranchSheet = await it.until(lambda: isinstance(it.app.screen, BranchSheet) and it.app.screen)
    return sheet


class TestFromADialog:
    async def test_a_new_scenario_begins_with_what_the_visitor_wrote(self, shop: Any) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            await it.shows("“Where is my order”")
            # What he said last needs no answer of a bot.
            await it.press("end", "space", "enter")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.shows("A new scenario")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, Prompt))
            await it.press("enter")
            await it.until(
                lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.is_changed, "its tree"
            )
            tree = it.app.screen
            assert tree.slug == "where-is-my-order"
            assert tree.document.reading.problems == ()
            assert tree.document.value("trigger") == [{"keyword": ["Where is my order"]}]
            (question,) = tree.document.value("steps")
            assert question["options"] == [{"label": "Yes", "steps": [{"say": "It comes on Monday."}]}]
            assert "Ann" not in tree.document.text
            assert (await shop.owner.scenario_file("where-is-my-order")).status == "draft"
            await it.press("u")
            await it.until(lambda: not tree.is_changed, "taken out again")

    async def test_an_answer_of_a_scenario_that_is_there_and_nothing_else_of_it_changes(
        self, shop: Any
    ) -> None:
        async with shop.console() as it:
            await sheet_of(it)
            await it.press("end", "space", "enter")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("helper")
            await it.press("enter")
            await it.shows("a new answer to")
            await it.press("enter")
            await it.until(
                lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.is_changed, "its tree"
            )
            tree = it.app.screen
            assert tree.tree_view.row.place == "steps.0.options.1"
            assert tree.document.text.startswith(BOT)
            assert tree.document.value("steps.0.options.1.label") == "Where is my order?"
            assert tree.document.reading.problems == ()

    async def test_only_from_the_selected_message_on_and_only_what_is_marked(self, shop: Any) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.mirror.rows)
            await it.press("enter")
            await it.until(lambda: it.inbox.feed_view.feed and "It comes on Monday." in it.text())
            await it.press("left_square_bracket", "left_square_bracket")
            await it.until(lambda: it.inbox.feed_view.selected)
            await it.press("H")
            await it.until(lambda: isinstance(it.app.screen, BranchSheet))
            sheet = it.app.screen
            assert sheet.branch.steps[0]["say"] == "It comes on Monday."
            await it.press("a")
            assert sheet.branch.opening == "Where is my order?"
            await it.press("a")
            await it.shows("Nothing is marked")
            await it.press("enter")
            assert it.app.screen is sheet
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)

    async def test_who_may_not_change_scenarios_is_told_so(self, shop: Any) -> None:
        async with shop.console(await shop.operator("Bob")) as it:
            await it.until(lambda: it.inbox.mirror.rows)
            await it.press("enter", "H")
            await it.shows("Scenarios are changed by marketers and admins.")
