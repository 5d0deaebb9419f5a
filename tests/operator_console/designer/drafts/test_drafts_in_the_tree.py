"""What is changed in a tree is on disk within a second, is offered after a crash, and is gone when it is published."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from operator_console.designer.drafts.kept import ScenarioDrafts
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.inbox.sheets import Picker
from server_stub.protocol import PublishScenario

HELPER = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Product Viewed
steps:
  - id: pause
    wait: 30s
  - id: bye
    say: Good bye
"""
WITHOUT_BYE = HELPER[: HELPER.index("  - id: bye")]


@pytest.fixture
async def shop(serve):
    async with serve({"helper": HELPER}) as served:
        yield served


async def scenarios_of(it) -> ScenariosScreen:
    await it.press("d")
    await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
    screen = it.app.screen
    await it.until(lambda: screen.rows.rows and not screen.rows.unread())
    screen.listing.point_to("helper")
    return screen


async def tree_of(it) -> TreeScreen:
    await scenarios_of(it)
    await it.press("enter")
    await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row is not None)
    return it.app.screen


async def take_bye_away(it, tree: TreeScreen) -> None:
    tree.tree_view.point_at("steps.1")
    await it.press("D")
    await it.until(lambda: tree.is_changed)


def kept_in(folder: Path) -> ScenarioDrafts:
    return ScenarioDrafts(folder / "scenarios")


class TestADraft:
    async def test_is_on_disk_within_a_second(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            began = time.monotonic()
            await take_bye_away(it, tree)
            await it.until(lambda: kept_in(kept).slugs)
            assert time.monotonic() - began < 1.5  # a second, and what the machine is busy with
            draft = kept_in(kept).get("helper")
            assert (draft.text, draft.began, draft.base) == (WITHOUT_BYE, HELPER, tree.base)

    async def test_ends_when_every_change_is_undone(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            await take_bye_away(it, tree)
            await it.until(lambda: kept_in(kept).slugs)
            await it.press("u")
            await it.until(lambda: not kept_in(kept).slugs)

    async def test_ends_when_it_is_published(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            await take_bye_away(it, tree)
            await it.until(lambda: kept_in(kept).slugs)
            await it.press("P")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree and not tree.is_changed)
            await it.until(lambda: not kept_in(kept).slugs)

    async def test_ends_when_it_is_thrown_away_on_leaving(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            await take_bye_away(it, tree)
            await it.press("escape")
            await it.shows("Not published yet")
            await it.type("throw")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            assert not kept_in(kept).slugs
            assert "changes not published" not in it.text()

    async def test_stays_where_the_console_is_closed_without_a_word(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            await take_bye_away(it, tree)
            await it.press("ctrl+q")
        assert kept_in(kept).get("helper").text == WITHOUT_BYE

    async def test_is_kept_by_nobody_who_only_reads(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        async with shop.console(kept=kept, read_only=True) as it:
            await tree_of(it)
        assert not (kept / "scenarios").exists()


class TestAnEarlierDraft:
    @pytest.fixture
    async def kept(self, shop, tmp_path):
        """A console went away in the middle of an edit."""
        folder = tmp_path / "kept"
        async with shop.console(kept=folder) as it:
            await take_bye_away(it, await tree_of(it))
        assert kept_in(folder).slugs
        return folder

    async def test_is_marked_in_the_list_and_offered_when_it_is_opened(self, shop, kept) -> None:
        async with shop.console(kept=kept) as it:
            await scenarios_of(it)
            await it.shows("✎ changes not published")
            await it.press("enter")
            await it.shows("Changes of yours that are not published")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))
            tree = it.app.screen
            await it.shows("not published yet")
            assert tree.document.text == WITHOUT_BYE
            await it.press("u")
            await it.until(lambda: tree.document.text == HELPER)
            await it.until(lambda: not kept_in(kept).slugs)

    async def test_is_thrown_away_where_nobody_wants_it(self, shop, kept) -> None:
        async with shop.console(kept=kept) as it:
            await scenarios_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.type("throw")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))
            assert it.app.screen.document.text == HELPER
            assert not kept_in(kept).slugs

    async def test_waits_on_where_the_question_is_left_open(self, shop, kept) -> None:
        async with shop.console(kept=kept) as it:
            screen = await scenarios_of(it)
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, Picker))
            await it.press("escape")
            await it.until(lambda: it.app.screen is screen)
            assert kept_in(kept).get("helper").text == WITHOUT_BYE

    async def test_that_somebody_has_published_since_is_not_offered(self, shop, kept) -> None:
        base = (await shop.owner.scenario_file("helper")).base
        await shop.owner.publish("helper", PublishScenario(WITHOUT_BYE, base))
        async with shop.console(kept=kept) as it:
            tree = await tree_of(it)
            await it.until(lambda: not kept_in(kept).slugs)
            assert it.app.screen is tree


CONSOLE = """
import asyncio, sys
from pathlib import Path
from operator_console.app import OperatorApp
from operator_console.client import DeskClient
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.screen import TreeScreen

async def main():
    url, token, folder = sys.argv[1:]
    app = OperatorApp(DeskClient(url, token), keep_in=lambda me: Path(folder))
    async with app.run_test(size=(120, 40)) as pilot:
        async def until(condition):
            while not condition():
                await pilot.pause(0.02)
        await until(lambda: app.inbox.link.snapshots)
        await pilot.press("d")
        await until(lambda: isinstance(app.screen, ScenariosScreen) and app.screen.rows.rows)
        await until(lambda: not app.screen.rows.unread())
        app.screen.listing.point_to("helper")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, TreeScreen) and app.screen.tree_view.row is not None)
        app.screen.tree_view.point_at("steps.1")
        await pilot.press("D")
        await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.slow
class TestAfterAKill:
    async def test_what_was_being_edited_is_offered_again(self, shop, tmp_path) -> None:
        kept = tmp_path / "kept"
        kept.mkdir()
        console = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            CONSOLE,
            shop.url,
            shop.server.operator_token,
            str(kept),
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])},
        )
        try:
            deadline = time.monotonic() + 60
            while not kept_in(kept).slugs:
                assert console.returncode is None
                assert time.monotonic() < deadline, "nothing was kept"
                await asyncio.sleep(0.05)
        finally:
            if console.returncode is None:
                console.send_signal(signal.SIGKILL)
            await console.wait()
        async with shop.console(kept=kept) as it:
            await scenarios_of(it)
            await it.shows("✎ changes not published")
            await it.press("enter")
            await it.shows("Changes of yours that are not published")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen))
            assert it.app.screen.document.text == WITHOUT_BYE
