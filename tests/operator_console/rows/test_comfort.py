"""What makes a day at the console comfortable, one class for each: keys, mouse, themes, languages, every terminal."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from textual.strip import Strip

from operator_console.actions import ACTIONS, use_keys
from operator_console.keymap import read_keymap
from operator_console.themes import DARK, LIGHT
from operator_console.translation import speak


async def wrote(served, name: str, text: str = "Hello?"):
    """A visitor who has written."""
    visitor = await served.visitor(name)
    await visitor.writes(text)
    return visitor


def cells(it, selector: str) -> list[str]:
    """The lines of a part of the inbox, cut out of the screen by cells and not by characters."""
    region = it.inbox.query_one(selector).region
    lines = it.app.screen._compositor.render_strips()[region.y : region.bottom]
    return [Strip(line).crop(region.x, region.right).text for line in lines]


class TestCommandPaletteWithEverything:
    """command palette with everything"""

    @pytest.mark.slow
    async def test_a_command_is_found_by_its_words_and_run(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("ctrl+p")
            await it.until(lambda: it.app.screen is not it.inbox)
            await it.type("put the dialog off")
            await it.sees("dialog: snooze")
            await it.press("enter")
            await it.sees("Snooze until")
            await it.press("escape")
            await it.press("ctrl+p")
            await it.until(lambda: it.app.screen is not it.inbox)
            await it.type("all/all?q=hello")
            await it.sees("list: go to")


class TestEveryActionHasAKeyShownWhereItApplies:
    """every action has a key, shown where it applies"""

    async def test_the_footer_follows_the_focus_and_the_help_has_all_keys(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.to_list()
            assert "⏎ open" in it.pane("#hints")[0]
            await it.opens("Anna")
            await it.until(lambda: "⏎ write" in it.pane("#hints")[0])
            await it.press("r")
            await it.until(lambda: "⏎ send" in it.pane("#hints")[0])
            assert "c close" not in it.pane("#hints")[0], "a letter that is written closes nothing"
            await it.press("escape", "question_mark")
            await it.sees("Keys", "Write to the visitor")
        assert all(action.keys for action in ACTIONS)


class TestAKeyMapFileToChangeThem:
    """a key map file to change them"""

    async def test_another_key_works_and_is_the_one_that_is_shown(self, served, seat, tmp_path) -> None:
        (tmp_path / "keys.toml").write_text('[keys]\n"dialog.close" = "ctrl+k"\n')
        await wrote(served, "Anna")
        try:
            async with seat(served, keymap=read_keymap(tmp_path / "keys.toml")) as it:
                await it.opens("Anna")
                await it.until(lambda: "^K close" in it.pane("#hints")[0])
                await it.press("ctrl+k")
                await it.sees("Closed · You")
        finally:
            use_keys({})


class TestMouse:
    """mouse"""

    async def test_rows_tabs_and_keys_of_the_footer_are_clicked(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna")
        await served.advance(1000)
        await wrote(served, "Boris")
        async with seat(served) as it:
            await it.lists("Boris", "Anna")
            await it.pilot.click("DialogList", offset=(4, 2))
            await it.until(lambda: it.inbox.row and it.inbox.row.visitor_name == "Anna")
            await it.pilot.click("#hints", offset=(it.pane("#hints")[0].index("take"), 0))
            await it.sees("Taken · You")
            assert (await dialog_of(served, "Anna")).assignee
            header = it.pane("ListHeader")[0]
            await it.pilot.click("ListHeader", offset=(header.index("Mine"), 0))
            await it.lists("Anna", of=("Anna", "Boris"))


class TestThemes:
    """themes"""

    async def test_ctrl_l_changes_between_dark_and_light(self, served, seat) -> None:
        async with seat(served) as it:
            assert it.app.theme == DARK.name
            await it.press("ctrl+l")
            await it.until(lambda: it.app.theme == LIGHT.name)
            strip = it.app.screen._compositor.render_strips()[0]
            grounds = {segment.style.bgcolor.name for segment in strip if segment.style}
            assert LIGHT.raised in grounds
            await it.press("ctrl+l")
            await it.until(lambda: it.app.theme == DARK.name)


class TestEnglishAndRussianInterface:
    """English and Russian interface (gettext)"""

    async def test_the_same_screens_in_both(self, served, seat) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.sees("Unassigned 1", "Dialog opened by the visitor")
        speak("ru")
        try:
            async with seat(served) as it:
                await it.opens("Anna")
                text = it.text()
                assert "Unassigned" not in text
                assert "opened by" not in text
                assert sum("а" <= letter <= "я" for letter in text) > 100
        finally:
            speak("en")


class TestWorksIn80x24:
    """works in 80×24"""

    async def test_one_pane_at_a_time_and_everything_can_be_reached(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna", "Is it oak?")
        async with seat(served, size=(80, 24)) as it:
            await it.lists("Anna")
            await it.press("enter")
            await it.sees("Is it oak?", "Write to the visitor")
            await it.writes("It is walnut.")
            await page_hears(anna, "It is walnut.")
            await it.press("escape", "escape")
            await it.row_shows("Anna", "It is walnut.")
            await it.press("V")
            await it.sees("Anna", "local time")
            await it.press("escape", "question_mark")
            await it.sees("Keys")


class TestWideCharactersAndEmojiKeepTheBordersStraight:
    """wide characters and emoji keep the borders straight"""

    @pytest.mark.parametrize("name", ["李小龙 様", "👩‍👩‍👧 Ann 🎉", "Zoë́ नमस्ते", "مرحبا"])
    async def test_every_line_is_as_wide_as_the_screen_and_panes_begin_in_one_column(
        self, served, seat, name
    ) -> None:
        anna = await wrote(served, name, f"{name} 🏳️‍🌈 日本語 {name}")
        async with seat(served) as it:
            await it.press("enter")
            await it.until(lambda: it.inbox.feed is not None and it.inbox.shown_card is not None)
            await anna.writes("Here I am 🙋🏽")
            await it.sees("Here I am")
            await it.press("r")
            await it.until(lambda: it.inbox.composer.text_area.has_focus)
            it.inbox.composer.put(f"{name} 🎉 日本")
            await it.pilot.pause()
            for line in it.app.screen._compositor.render_strips():
                assert Segment.get_line_length(list(line)) == 160
            box = cells(it, "Composer")
            frame = [line for line in box if line[:1] in "╭│╰"]
            assert len(frame) >= 3
            assert all(line.rstrip()[-1] in "╮│╯" for line in frame)


class TestReadOnlyForAWallScreen:
    """`operator-console open --read-only` for a wall screen"""

    async def test_it_shows_all_and_changes_nothing(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna")
        async with seat(served, read_only=True) as it:
            await it.press("enter")
            await it.sees("Hello?", "Opened for reading only.")
            before = await dialog_of(served, "Anna")
            for key in ("r", "n", "c", "a", "A", "t", "z", "exclamation_mark", "B", "M", "full_stop"):
                await it.press(key)
                assert it.app.screen is it.inbox, key
            await it.sees("This console was opened for reading only.")
            assert await dialog_of(served, "Anna") == before
            await wrote(served, "Boris")
            await it.until(lambda: it.row("Boris"), "it goes on by itself")
