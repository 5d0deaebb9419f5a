"""Keys that come at once, as over a slow line, mean what they would have meant one by one."""

from __future__ import annotations

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
