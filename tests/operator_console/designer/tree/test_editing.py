"""A scenario changed by keys in its tree, and published: the file says what was meant, and nothing else has changed."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker
from server_stub.protocol import PublishScenario

BOT = """\
scenario: helper
title: Shall I help?
# Who is new.
trigger:
  - event: Product Viewed
audience:
  - email is unknown
steps:
  - id: pause
    wait: 30s  # not at once
  - id: question
    say: Shall I help?
    timeout: 1d
    options:
      - label: Of course
        steps:
          - say: With pleasure.
  - id: bye
    say: Good bye
"""


@pytest.fixture
async def shop(serve):
    async with serve({"helper": BOT}) as served:
        yield served


async def tree_of(it, slug: str = "helper") -> TreeScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to(slug)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    return it.app.screen


async def published(it, tree: TreeScreen, why: str = "") -> None:
    await it.press("P")
    await it.until(lambda: isinstance(it.app.screen, PublishSheet))
    if why:
        await it.type(why)
    await it.press("ctrl+s")
    await it.until(lambda: it.app.screen is tree and not tree.is_changed, "published")


class TestTheForm:
    async def test_changes_one_word_of_the_file_and_publishes_it(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.0")
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("2m")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            await it.shows("not published yet")
            await it.shows("after 2 min")
            assert tree.document.text == BOT.replace("30s", "2m")
            await published(it, tree, "was too soon")
            assert (await shop.owner.scenario_file("helper")).text == BOT.replace("30s", "2m")
            assert (await shop.owner.versions("helper"))[0].why == "was too soon"

    async def test_says_what_is_wrong_and_takes_nothing(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.0")
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("soon")
            await it.press("ctrl+s")
            await it.shows("duration")
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == BOT

    async def test_a_condition_is_a_line(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("audience.0")
            await it.press("e")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("cart.total > 1000")
            await it.press("enter")
            await it.until(lambda: "- cart.total > 1000" in tree.document.text)
            assert tree.document.text == BOT.replace("email is unknown", "cart.total > 1000")


class TestAdding:
    async def test_a_step_below_the_cursor_is_asked_for_at_once(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.2")
            await it.press("a")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("tag")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+a", "ctrl+k")
            await it.type("helped")
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert tree.document.text == BOT + "  - tag: helped\n"

    async def test_an_answer_of_a_question(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.1")
            await it.press("a")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("answer")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, FormSheet))
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree)
            assert len(tree.document.value("steps.1.options")) == 2
            assert tree.document.reading.scenario is not None
            await it.press("u")
            await it.until(lambda: tree.document.text == BOT)


class TestByKeys:
    async def test_move_copy_take_away_switch_off_and_every_change_undone(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.2")
            await it.press("K")
            await it.until(lambda: tree.tree_view.row.place == "steps.1")
            assert [step.id for step in tree.document.reading.scenario.steps] == ["pause", "bye", "question"]
            await it.press("o")
            await it.until(lambda: tree.tree_view.row.enabled is False)
            await it.press("c")
            await it.until(lambda: len(tree.document.value("steps")) == 4)
            await it.press("D")
            await it.until(lambda: len(tree.document.value("steps")) == 3)
            await it.press("y", "v")
            await it.until(lambda: len(tree.document.value("steps")) == 4)
            for _ in range(5):
                await it.press("u")
            await it.until(lambda: tree.document.text == BOT, "the first byte again")
            await it.press("u")
            await it.shows("There is nothing to undo.")
            await it.press("U")
            await it.until(lambda: tree.document.value("steps.1.id") == "bye")

    async def test_what_cannot_be_moved_says_so(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.0")
            await it.press("K")
            await it.shows("end of its list")
            assert tree.document.text == BOT


class TestPublishing:
    async def test_a_file_with_errors_is_not_published(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.document.replace(BOT.replace("wait:", "wiat:"))
            tree.show_document()
            await it.press("P")
            await it.shows("The file has errors")

    async def test_what_a_colleague_published_meanwhile_is_taken_in_first(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.2")
            await it.press("D")
            theirs = BOT.replace("With pleasure.", "Gladly.")
            base = (await shop.owner.scenario_file("helper")).base
            await shop.owner.publish("helper", PublishScenario(theirs, base))
            await it.press("P")
            await it.shows("A colleague's version was taken in first.")
            await it.press("escape")
            await it.until(lambda: it.app.screen is tree)
            assert (await shop.owner.scenario_file("helper")).text == theirs
            assert tree.document.text == theirs.replace("  - id: bye\n    say: Good bye\n", "")

    async def test_a_draft_is_launched_with_what_was_changed(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            await it.press("P")
            await it.shows("It lies on the desk as it is here.")
            await it.press("shift+tab", "right", "ctrl+s")
            await it.until(lambda: it.app.screen is tree and not tree.is_changed)
            file = await shop.owner.scenario_file("helper")
            assert file.status == "live"
            assert file.text == BOT.replace("# Who is new.", "status: live\n# Who is new.")
            await it.press("P")
            await it.shows("Nothing was changed.")

    async def test_leaving_asks_what_becomes_of_the_changes(self, shop) -> None:
        async with shop.console() as it:
            tree = await tree_of(it)
            tree.tree_view.point_at("steps.2")
            await it.press("D", "escape")
            await it.shows("Not published yet")
            await it.press("enter")
            await it.until(lambda: it.app.screen is tree)
            await it.press("escape")
            await it.shows("Not published yet")
            await it.press("down", "down", "enter")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            assert (await shop.owner.scenario_file("helper")).text == BOT

    async def test_an_operator_reads_only(self, shop) -> None:
        anna = await shop.operator("Anna")
        async with shop.console(anna) as it:
            tree = await tree_of(it)
            await it.press("D")
            await it.shows("Scenarios are changed by marketers and admins.")
            assert tree.document.text == BOT
