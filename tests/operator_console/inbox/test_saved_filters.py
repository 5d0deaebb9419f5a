"""Saved filters: shown, kept under a name for oneself or for everybody, taken away; lists by their address."""

from __future__ import annotations

import pytest

from operator_console.mirror import Filter
from server_stub.protocol import WritePreset


@pytest.fixture
async def shop(served):
    """One visitor has written, and everybody has a saved filter."""
    visitor = await served.visitor("Anna")
    await visitor.writes("Hello?")
    preset = WritePreset(kind="filter", name="VIPs who wait", text="open/all?tag=vip&waiting=yes")
    await served.owner.write_preset("vips", preset)
    return served


class TestSavedFilters:
    async def test_s_shows_one_by_its_name(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 1)
            await it.press("s")
            await it.shows("open/all?tag=vip&waiting=yes · shared")
            await it.type("vips")
            await it.press("enter")
            await it.until(lambda: it.inbox._filter == Filter(tag="vip", waiting=True))

    async def test_the_list_that_is_shown_is_kept_under_a_name_for_oneself(self, shop) -> None:
        tom = await shop.operator("Tom Berg")
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 1)
            await it.press("2", "S", "s")
            await it.type("save")
            await it.press("enter")
            await it.type("Nobodys")
            await it.press("enter")
            await it.shows("Only for me")
            await it.press("enter")
            await it.until(
                lambda: [one.name for one in it.inbox.saved_filters()] == ["Nobodys", "VIPs who wait"]
            )
            assert it.inbox.saved_filters()[0].text == "open/unassigned?sort=waiting"
            assert [one.name for one in await tom.presets("filter")] == ["VIPs who wait"]

    async def test_the_same_name_again_takes_its_place(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.saved_filters())
            it.inbox._save_filter("VIPs who wait", "open/mine", is_shared=True)
            await it.until(lambda: [one.text for one in it.inbox.saved_filters()] == ["open/mine"])

    async def test_delete_pressed_twice_takes_one_away(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.dialogs.count == 1)
            await it.press("s", "delete")
            await it.shows("Del once more takes it away")
            assert it.inbox.saved_filters()
            await it.press("delete")
            await it.until(lambda: not it.inbox.saved_filters())

    async def test_the_list_of_all_open_dialogs_needs_no_saving(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.saved_filters())
            await it.press("s")
            await it.shows("VIPs who wait")
            assert "Save the list" not in it.text()

    async def test_an_address_that_a_newer_console_has_kept_is_told(self, shop) -> None:
        async with shop.console() as it:
            await shop.owner.write_preset(
                "odd", WritePreset(kind="filter", name="Odd", text="open/all?moon=full")
            )
            await it.until(lambda: len(it.inbox.saved_filters()) == 2)
            await it.press("s")
            await it.type("odd")
            await it.press("enter")
            await it.shows("'moon' is not something to ask for")
            assert it.inbox._filter == Filter()


class TestThePalette:
    async def test_it_goes_to_saved_filters_and_to_addresses(self, shop) -> None:
        async with shop.console() as it:
            await it.until(lambda: it.inbox.saved_filters())
            await it.press("ctrl+p")
            await it.type("list: vips")
            await it.shows("list: VIPs who wait")
            await it.press("escape", "ctrl+p")
            await it.type("closed/mine?tag=vip")
            await it.shows("list: go to closed/mine?tag=vip")
            await it.press("down", "enter")
            await it.until(lambda: it.inbox._filter == Filter("closed", "mine", tag="vip"))


class TestOpenAtAnAddress:
    async def test_the_console_begins_with_that_list(self, shop) -> None:
        me = await shop.owner.me()
        async with shop.console(at=Filter(status="", operator=me.id)) as it:
            await it.shows(f"all/all?operator={me.id[:8]}")
            await it.shows(f"@{me.name}")
            await it.shows("No dialog fits this filter")

    def test_a_bad_address_is_wrong_use(self) -> None:
        from typer.testing import CliRunner

        from operator_console.cli import app

        done = CliRunner().invoke(app, ["open", "--at", "opne/mine"])
        assert done.exit_code == 2
        assert "did you mean open?" in " ".join(done.output.replace("│", " ").split())
