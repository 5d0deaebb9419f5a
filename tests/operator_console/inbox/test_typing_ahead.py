"""Keys that come at once, as over a slow line, mean what they would have meant one by one."""

from __future__ import annotations

import time

import pytest
from textual import events


def all_at_once(it, keys: str) -> None:
    for key in keys:
        it.app.post_message(events.Key("slash" if key == "/" else key, key))


class TestTypingAhead:
    @pytest.mark.parametrize("command", ["r", "n"])
    async def test_what_is_typed_right_after_the_command_to_write_is_text(
        self, desks, console, command
    ) -> None:
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            await it.press("escape")
            all_at_once(it, command + "candoutx")
            await it.until(lambda: it.inbox.composer.text == "candoutx", "the text in the composer")
            assert it.inbox.row.status == "open"
            assert it.inbox.composer.is_note == (command == "n")

    async def test_a_search_typed_and_entered_at_once_is_searched_whole(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.until(lambda: len(it.inbox.dialogs.order()) > 2)
            all_at_once(it, "/Tartu")
            it.app.post_message(events.Key("enter", "\r"))
            await it.until(lambda: it.inbox.feed_view.selected is not None, "the message that the desk found")
            assert "Tartu" in it.inbox.feed_view.selected.message.text
            assert it.inbox.row.status == "closed", "it is an old message of a closed dialog"

    async def test_movements_and_commands_keep_their_order(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.until(lambda: len(it.inbox.dialogs.order()) > 2)
            it.inbox.dialogs.focus()
            await it.press("g")
            all_at_once(it, "jjr?")
            await it.until(lambda: it.inbox.composer.text == "?", "the question mark in the composer")
            assert it.inbox.dialogs.cursor == it.inbox.dialogs.order()[2]

    async def test_a_command_right_after_a_movement_is_for_the_dialog_under_the_cursor(
        self, desks, console
    ) -> None:
        """Though the conversation is drawn a moment later, so that a cursor that runs loads nothing."""
        desk = desks.lively()
        async with console(desk) as it:
            await it.until(lambda: len(it.inbox.dialogs.order()) > 2)
            first, second, third, *_ = it.inbox.dialogs.order()
            await it.open(it.inbox.mirror.rows[first].visitor_name)
            await it.press("escape")
            it.inbox.dialogs.focus()
            all_at_once(it, "jjc")
            await it.until(lambda: it.inbox.mirror.rows[third].status == "closed", "the third is closed")
            assert {it.inbox.mirror.rows[one].status for one in (first, second)} == {"open"}

    async def test_a_key_that_was_nobodys_is_not_the_composers_later(self, desks, console) -> None:
        """It comes back from the screen when the words behind it are half written."""
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            it.inbox.set_focus(None)
            it.app.post_message(events.Key("enter", "\r"))
            all_at_once(it, "r" + "can" * 20)
            await it.until(lambda: it.inbox.composer.text == "can" * 20, "the whole text in the composer")

    async def test_the_first_keys_of_a_window_that_comes_to_the_front(self, desks, console) -> None:
        """A browser's tab hands them over before it says that it is in front."""
        async with console(desks.lively()) as it:
            await it.until(lambda: len(it.inbox.dialogs.order()) > 2)
            it.inbox.dialogs.focus()
            await it.press("g")
            it.app.post_message(events.AppBlur())
            await it.until(lambda: it.inbox.focused is None, "the window is behind")
            it.app.post_message(events.Key("enter", "\r"))
            all_at_once(it, "rcan")
            await it.until(lambda: it.inbox.composer.text == "can", "the text in the composer")

    async def test_what_is_typed_behind_the_key_that_sends_is_the_next_message(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            all_at_once(it, "rYes.")
            it.app.post_message(events.Key("enter", "\r"))
            all_at_once(it, "Three")
            await it.until(lambda: it.inbox.composer.text == "Three", "the next message in the composer")
            await it.until(lambda: "Yes." in it.text(), "the message before it")

    async def test_what_is_typed_behind_the_key_that_opens_a_dialog_is_for_the_dialog(
        self, desks, console
    ) -> None:
        async with console(desks.lively()) as it:
            await it.until(lambda: len(it.inbox.dialogs.order()) > 2)
            it.inbox.dialogs.focus()
            await it.press("g")
            it.app.post_message(events.Key("enter", "\r"))
            all_at_once(it, "j")
            await it.until(lambda: it.inbox.feed_view.has_focus, "in the conversation")
            await it.pilot.pause(0.1)
            assert it.inbox.dialogs.cursor == it.inbox.dialogs.order()[0]

    async def test_keys_behind_one_that_closes_a_sheet_do_not_wait(self, desks, console, monkeypatch) -> None:
        """What would have told that the command is done goes with the sheet."""
        monkeypatch.setattr("operator_console.key_order.PATIENCE", 60.0)
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            await it.press("escape")
            await it.press("t")
            await it.until(lambda: it.app.screen is not it.inbox, "the sheet")
            it.app.post_message(events.Key("escape", None))
            all_at_once(it, "rcan")
            await it.until(lambda: it.inbox.composer.text == "can", "the text in the composer")


class TestTheListWhileOneWrites:
    async def test_it_holds_still_and_moves_on_at_the_next_pause(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Anna Petrova")
            await it.press("r")
            await it.until(lambda: it.inbox.composer.text_area.has_focus)
            before = list(it.inbox.dialogs.order())
            moved = before[-1]
            it.inbox.dialogs.hold_still()
            it.inbox.dialogs.take({moved}, reordered=True)
            assert it.inbox.dialogs.is_frozen
            assert it.inbox.dialogs.order() == before
            await it.until(lambda: not it.inbox.dialogs.is_frozen, "the pause")
            await it.until(lambda: not it.inbox.dialogs._has_missed, "what came meanwhile is shown")

    async def test_it_does_not_hold_for_ever(self, desks, console, monkeypatch) -> None:
        monkeypatch.setattr("operator_console.inbox.dialog_list.LONGEST_HOLD", 0.5)
        async with console(desks.lively()) as it:
            await it.open("Anna Petrova")
            await it.press("r")
            dialogs = it.inbox.dialogs
            dialogs.hold_still()
            assert dialogs.is_frozen
            dialogs.take({dialogs.order()[-1]}, reordered=True)

            def typing_on() -> bool:
                dialogs._typed_at = time.monotonic()
                return not dialogs._has_missed

            await it.until(typing_on, "the list has moved on although letters were typed all the time")
