"""The file beside the tree: typed into, each follows the other, with one undo for both."""

from __future__ import annotations

import pytest
from textual import events

from operator_console.designer.outline.rows import outline
from operator_console.designer.scenarios.screen import ScenariosScreen
from operator_console.designer.tree.publish_sheet import PublishSheet
from operator_console.designer.tree.screen import TreeScreen
from operator_console.translation import spoken
from scenarios_yaml.language.editing.document import Document

SHOP = """\
scenario: shop
title: A shop
# Who comes in.
trigger:
  - event: Chat Opened
steps:
  - id: first
    say: Hello
  - wait: 30s
  - id: last
    say: Good bye
"""
BROKEN = SHOP.replace("say: Hello", 'say: "Hello')


class TestTyping:
    async def test_is_in_the_document_at_once_and_in_the_tree_after_a_rest(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.1")
            await it.press("tab", "end", "backspace")
            await it.type("0m")
            assert it.screen.document.text == SHOP.replace("30s", "300m")
            await it.until(lambda: "after 5 h" in it.shown())
            assert it.tree.row.place == "steps.1"

    async def test_letters_are_text_and_no_keys_of_the_tree(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.0")
            await it.press("tab", "down", "end")
            await it.type(" uaDxv!/")
            assert "say: Hello uaDxv!/\n" in it.screen.document.text
            assert it.app.screen is it.screen

    async def test_one_undo_takes_back_typing_and_then_what_the_tree_did(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.1")
            await it.press("c")
            copied = it.screen.document.text
            assert copied.count("wait: 30s") == 2
            await it.press("tab", "end")
            await it.type("1")
            await it.press("escape", "u")
            assert it.screen.document.text == copied == it.text.text
            await it.press("tab", "ctrl+z")
            assert it.screen.document.text == SHOP == it.text.text
            await it.press("ctrl+y", "ctrl+y")
            await it.until(lambda: "wait: 30s1" in it.text.text)

    async def test_undo_puts_the_cursor_where_the_text_has_changed(self, opened) -> None:
        async with opened(SHOP) as it:
            await it.press("tab")
            it.text.go_to(8, 15)
            await it.type("!")
            it.text.go_to(1, 1)
            await it.press("ctrl+z")
            await it.until(lambda: it.text.cursor_location[0] == 7)

    async def test_what_the_tree_does_stands_in_the_file_and_the_cursor_stays_at_its_line(
        self, opened
    ) -> None:
        async with opened(SHOP) as it:
            it.text.go_to(11, 3)
            it.tree.point_at("steps.1")
            await it.pilot.pause()
            await it.press("D")
            await it.until(lambda: "wait" not in it.text.text)
            assert it.text.text == it.screen.document.text

    async def test_a_file_keeps_its_ends_of_lines_and_its_byte_order_mark(self, opened) -> None:
        windows = "\ufeff" + SHOP.replace("\n", "\r\n")
        async with opened(windows) as it:
            it.tree.point_at("steps.0")
            await it.press("tab", "down", "end", "enter")
            await it.type("timeout: 1d")
            assert it.screen.document.text == windows.replace("Hello\r\n", "Hello\r\n    timeout: 1d\r\n")
            await it.press("D")
            await it.rest()
            await it.press("ctrl+z", "ctrl+z", "ctrl+z")
            await it.until(lambda: it.screen.document.text == windows)

    async def test_what_is_pasted_is_cleaned_and_nothing_of_the_file_reaches_the_terminal_raw(
        self, opened
    ) -> None:
        evil = SHOP.replace("Hello", "He\u202ello\u200b \x1b[2Jx")
        async with opened(evil) as it:
            assert not {"\x1b", "\u202e", "\u200b"} & set(it.shown())
            assert it.text.text == evil
            await it.press("tab")
            it.text.go_to(5, 23)
            it.text.post_message(events.Paste(" \x1b]0;owned\x07two\r\nthree"))
            await it.until(lambda: "two\nthree" in it.screen.document.text)
            assert "owned" not in it.screen.document.text

    async def test_a_new_line_is_as_deep_as_it_has_to_be(self, opened) -> None:
        async with opened("scenario: shop\ntitle: A shop\ntrigger:\n") as it:
            await it.press("tab")
            it.text.go_to(3, 9)
            await it.press("enter")
            await it.type("- event: Chat Opened\nwhere:\n- page.path is known\ncart.total > 1\n\n")
            assert it.text.text == (
                "scenario: shop\ntitle: A shop\ntrigger:\n  - event: Chat Opened\n    where:\n"
                "      - page.path is known\n      - cart.total > 1\n\n"
            )

    async def test_selected_lines_go_deeper_and_back(self, opened) -> None:
        async with opened(SHOP) as it:
            await it.press("tab")
            it.text.go_to(7, 1)
            await it.press("shift+down", "shift+down", "alt+right")
            deeper = SHOP.replace("  - id: first\n    say: Hello\n", "    - id: first\n      say: Hello\n")
            assert it.text.text == deeper
            await it.press("alt+left")
            assert it.text.text == SHOP == it.screen.document.text

    @pytest.mark.parametrize(("role", "read_only"), [("operator", False), ("owner", True)])
    async def test_who_may_not_change_may_read(self, opened, role, read_only) -> None:
        async with opened(SHOP, role=role, read_only=read_only) as it:
            await it.press("tab", "down")
            await it.type("x")
            it.text.post_message(events.Paste("pasted"))
            await it.press("backspace", "ctrl+k", "ctrl+z", "alt+right", "enter")
            await it.pilot.pause()
            assert it.text.text == SHOP == it.screen.document.text
            assert it.text.cursor_location[0] == 1


class TestTheCursorInBoth:
    async def test_tab_goes_to_the_line_of_the_row_and_back_to_the_row_of_the_line(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.2")
            await it.press("tab")
            await it.until(lambda: it.text.has_focus)
            assert it.at() == "  - id: last"
            await it.press("up")
            await it.until(lambda: it.tree.row.place == "steps.1")
            await it.press("escape")
            await it.until(lambda: it.tree.has_focus)
            assert it.tree.row.place == "steps.1"

    async def test_the_lines_of_the_row_are_marked(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.0")
            await it.until(lambda: it.text.marked == range(7, 9))
            await it.press("tab")
            it.text.go_to(2, 4)
            await it.until(lambda: it.text.marked == range(2, 3))


class TestWhatIsWrong:
    async def test_is_told_at_its_line_and_its_node_as_one_types(self, opened) -> None:
        async with opened(SHOP) as it:
            it.tree.point_at("steps.1")
            await it.press("tab", "end")
            await it.type("oon")
            await it.until(lambda: it.text.wrong_at(9) is not None)
            await it.until(lambda: it.tree.row.problems and "✗ 1 error" in it.shown())
            assert "duration" in it.shown()
            await it.press("backspace", "backspace", "backspace")
            await it.until(lambda: "✗" not in it.shown())

    async def test_a_file_that_does_not_parse_opens_as_text_at_its_first_error(self, opened) -> None:
        async with opened(BROKEN) as it:
            await it.until(lambda: it.text.has_focus)
            problem = it.screen.document.reading.errors[0]
            assert it.text.cursor_location[0] + 1 == problem.line
            assert "A shop" in it.tree.rows[0].text
            assert any(row.kind == "broken" for row in it.tree.rows)
            it.text.go_to(8, 17)
            await it.type('"')
            await it.until(lambda: "Good bye" in "".join(row.text for row in it.tree.rows))
            await it.until(lambda: not it.screen.document.reading.errors)

    async def test_f8_goes_from_one_to_the_next_and_around(self, opened) -> None:
        async with opened(SHOP.replace("wait: 30s", "wiat: 30s").replace("say: Good bye", "sya: Bye")) as it:
            await it.press("tab", "f8")
            first = it.text.cursor_location[0]
            await it.press("f8")
            second = it.text.cursor_location[0]
            await it.press("f8")
            assert (first, second, it.text.cursor_location[0]) == (8, 10, 8)


class TestPublishing:
    async def test_what_is_typed_is_live_after_two_keys(self, serve) -> None:
        async with serve({"shop": SHOP}) as served, served.console() as it:
            await it.press("d")
            await it.until(lambda: isinstance(it.app.screen, ScenariosScreen))
            listing = it.app.screen
            await it.until(lambda: listing.rows.rows and not listing.rows.unread())
            listing.listing.point_to("shop")
            await it.press("enter")
            await it.until(lambda: isinstance(it.app.screen, TreeScreen) and it.app.screen.tree_view.row)
            tree = it.app.screen
            tree.tree_view.point_at("steps.1")
            await it.press("tab", "end", "backspace", "m", "ctrl+s")
            await it.until(lambda: isinstance(it.app.screen, PublishSheet))
            await it.press("ctrl+s")
            await it.until(lambda: it.app.screen is tree and not tree.is_changed, "published")
            assert (await served.owner.scenario_file("shop")).text == SHOP.replace("30s", "30m")


class TestALargeFile:
    async def test_is_read_in_a_thread_and_what_was_known_stays_meanwhile(self, opened) -> None:
        steps = "".join(
            f"  - id: step-{number}\n    say: Hello {number}\n  - wait: {number + 1}m\n"
            for number in range(600)
        )
        large = SHOP.partition("steps:")[0] + "steps:\n" + steps
        async with opened(large) as it:
            await it.rest()
            it.tree.point_at("steps.900")
            await it.press("J")
            assert it.text.text == it.screen.document.text
            assert it.tree.row.place == "steps.901"
            await it.rest()
            assert it.tree.rows == outline(Document(it.text.text), spoken())
            await it.press("tab", "home")
            await it.type('"')
            await it.until(lambda: it.screen._known)
            await it.press("backspace")
            await it.until(lambda: not it.screen._known)
            await it.rest()
            assert it.tree.rows == outline(Document(it.text.text), spoken())
