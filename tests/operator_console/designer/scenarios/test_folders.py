"""Export and import of a folder: a sheet says what will happen, and nothing is overwritten unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from operator_console.designer.scenarios.folder_sheets import PlanSheet
from operator_console.designer.scenarios.folders import export, exports, import_, imports
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.errors import FileProblem
from server_stub.protocol import PublishScenario

HELLO = """\
scenario: hello
title: Hello
status: live
trigger:
  - event: Session Started
# Kept.
steps:
  - id: pause
    wait: 3d
  - say: Hello!
"""
BYE = HELLO.replace("hello", "bye").replace("Hello", "Bye")


@pytest.fixture
async def shop(serve):
    """A server with two scenarios."""
    async with serve({"hello": HELLO, "bye": BYE}) as served:
        yield served


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copy"


async def exported(shop, folder: Path) -> None:
    await export(shop.owner, folder, await exports(shop.owner, folder))


async def what(shop, folder: Path) -> dict[str, str]:
    return {one.local.slug: one.what for one in await imports(shop.owner, folder)}


class TestExport:
    async def test_it_writes_every_file_as_it_lies_there(self, shop, folder) -> None:
        planned = await exports(shop.owner, folder)
        assert [(one.path.name, one.what) for one in planned] == [("bye.yaml", "new"), ("hello.yaml", "new")]
        assert not folder.exists(), "planning writes nothing"
        await export(shop.owner, folder, planned)
        assert (folder / "hello.yaml").read_text() == HELLO

    async def test_what_was_changed_here_stays(self, shop, folder) -> None:
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO + "# mine\n")
        assert {one.path.name: one.what for one in await exports(shop.owner, folder)} == {
            "bye.yaml": "same",
            "hello.yaml": "ours",
        }
        await exported(shop, folder)
        assert (folder / "hello.yaml").read_text() == HELLO + "# mine\n"

    async def test_what_was_changed_on_both_sides_lies_beside(self, shop, folder) -> None:
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO + "# mine\n")
        file = await shop.owner.scenario_file("hello")
        theirs = HELLO.replace("Hello!", "Good morning!")
        await shop.owner.publish("hello", PublishScenario(text=theirs, base=file.base))
        await exported(shop, folder)
        assert (folder / "hello.yaml").read_text() == HELLO + "# mine\n"
        assert (folder / "hello.yaml.theirs").read_text() == theirs

    async def test_a_folder_of_another_server_is_refused(self, shop, folder) -> None:
        folder.mkdir()
        (folder / ".desk.json").write_text('{"version": 1, "url": "https://other.example", "files": {}}')
        with pytest.raises(FileProblem):
            await exports(shop.owner, folder)


class TestImport:
    async def test_it_publishes_what_has_changed_and_what_is_new(self, shop, folder) -> None:
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO.replace("Hello!", "Good morning!"))
        (folder / "thanks.yaml").write_text(HELLO.replace("hello", "thanks"))
        assert await what(shop, folder) == {"hello": "changed", "thanks": "new", "bye": "same"}
        assert "Hello!" in (await shop.owner.scenario_file("hello")).text, "planning publishes nothing"
        assert await import_(shop.owner, folder, await imports(shop.owner, folder)) == []
        assert "Good morning!" in (await shop.owner.scenario_file("hello")).text
        assert {one.slug for one in await shop.owner.scenarios()} == {"hello", "bye", "thanks"}
        assert set((await what(shop, folder)).values()) == {"same"}

    async def test_one_with_errors_stays_out_with_its_first_error(self, shop, folder) -> None:
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO.replace("event:", "evnt:"))
        [broken] = [one for one in await imports(shop.owner, folder) if one.what == "errors"]
        assert broken.problem.problems[0].line == 5

    async def test_what_somebody_else_has_published_meanwhile_is_not_overwritten(self, shop, folder) -> None:
        await exported(shop, folder)
        file = await shop.owner.scenario_file("hello")
        theirs = HELLO.replace("Hello!", "Good morning!")
        await shop.owner.publish("hello", PublishScenario(text=theirs, base=file.base))
        (folder / "hello.yaml").write_text(HELLO + "# mine\n")
        assert (await what(shop, folder))["hello"] == "elsewhere"
        await import_(shop.owner, folder, await imports(shop.owner, folder))
        assert (await shop.owner.scenario_file("hello")).text == theirs

    async def test_one_that_the_server_has_and_nobody_here_has_seen_stays_out(self, shop, folder) -> None:
        folder.mkdir()
        (folder / "hello.yaml").write_text(HELLO + "# mine\n")
        assert await what(shop, folder) == {"hello": "unseen"}

    async def test_where_visitors_stand_at_a_step_that_is_gone_it_stays_out(self, shop, folder) -> None:
        await shop.visitor("Anna")
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO.replace("  - id: pause\n    wait: 3d\n", ""))
        assert (await what(shop, folder))["hello"] == "undecided"


class TestTheSheets:
    async def opened(self, it) -> ScenariosScreen:
        await it.press("d")
        await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
        screen = it.app.screen
        await it.until(lambda: screen.rows.rows and not screen.rows.unread())
        return screen

    async def type_folder(self, it, folder: Path) -> None:
        await it.until(lambda: it.app.focused is not None and it.app.focused.id == "value-0")
        it.app.focused.value = str(folder)
        await it.press("enter")

    async def test_an_export_says_what_it_will_write_and_writes_at_enter(self, shop, folder) -> None:
        async with shop.console() as it:
            screen = await self.opened(it)
            await it.press("e")
            await self.type_folder(it, folder)
            await it.shows("will be written · 2")
            assert isinstance(it.app.screen, PlanSheet)
            assert not folder.exists()
            await it.press("enter")
            await it.until(lambda: (folder / "hello.yaml").exists() and it.app.screen is screen)

    async def test_an_import_says_what_it_will_publish_and_escape_leaves_all_as_it_was(
        self, shop, folder
    ) -> None:
        await exported(shop, folder)
        (folder / "hello.yaml").write_text(HELLO.replace("Hello!", "Good morning!"))
        async with shop.console() as it:
            screen = await self.opened(it)
            await it.press("i")
            await self.type_folder(it, folder)
            await it.shows("hello.yaml · 1 difference")
            await it.press("escape")
            await it.until(lambda: it.app.screen is screen)
            assert (await shop.owner.scenario_file("hello")).text == HELLO
            await it.press("i")
            await self.type_folder(it, folder)
            await it.shows("will be published · 1")
            await it.press("enter")
            await it.until(lambda: it.app.screen is screen)
            await it.until(lambda: "file is published" in it.text())
            assert "Good morning!" in (await shop.owner.scenario_file("hello")).text

    async def test_a_folder_that_is_not_there_is_not_imported(self, shop, folder) -> None:
        async with shop.console() as it:
            await self.opened(it)
            await it.press("i")
            await self.type_folder(it, folder)
            await it.shows("There is no such folder.")

    async def test_an_operator_may_export_but_not_import(self, shop, folder) -> None:
        operator = await shop.operator("Ben")
        async with shop.console(operator) as it:
            screen = await self.opened(it)
            await it.press("i")
            await it.shows("marketers")
            assert it.app.screen is screen
            await it.press("e")
            await self.type_folder(it, folder)
            await it.shows("will be written · 2")
