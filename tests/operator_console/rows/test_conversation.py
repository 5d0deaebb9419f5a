"""The rows of the conversation, one class each: what operators do in a dialog, and what the visitor has of it."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image

from operator_console.preferences import Preferences
from server_stub.protocol import (
    ChangeDialog,
    ChooseFrame,
    MessageSent,
    NewMessage,
    OperatorTyping,
    SeenFrame,
    SendMessage,
    VisitorTyping,
    WritePreset,
)

MINUTE = 60_000
HOUR = 60 * MINUTE
HELD = Preferences(undo_seconds=30)
"""Long enough that nothing goes out by itself within a test."""

BOT = """\
scenario: menu
title: Menu
status: live
trigger:
  - keyword: [menu]
steps:
  - id: menu
    say: How can I help?
    timeout: 1d
    options:
      - label: Delivery
        steps:
          - say: It takes two days.
      - label: A person
        steps:
          - handoff: {note: wants a person}
  - id: more
    ask: Anything else?
    input: text
    save_to: run.more
    timeout: 1d
"""


async def wrote(served, name: str, text: str = "Hello?", **traits):
    """A visitor who has written."""
    visitor = await served.visitor(name, **traits)
    await visitor.writes(text)
    return visitor


async def said(client, dialog: str, kind: str = "operator") -> list[str]:
    """What operators (or others) have said in the dialog, as the REST API tells it."""
    feed = await client.feed(dialog)
    messages = [entry.what.message for entry in feed.entries if isinstance(entry.what, MessageSent)]
    return [message.text for message in messages if message.author.kind == kind and not message.note]


async def clicks(it, text: str) -> None:
    """A click into the conversation, where that text stands."""
    lines = it.pane("#feed")
    await it.pilot.click(
        "#feed", offset=next((line.index(text), y) for y, line in enumerate(lines) if text in line)
    )


class TestFeed:
    """feed"""

    async def test_both_sides_stand_in_it_by_day_and_older_ones_load_as_one_scrolls(
        self, served, seat
    ) -> None:
        anna = await wrote(served, "Anna", "The very first word")
        for number in range(120):
            await anna.writes(f"Line {number}")
        await served.advance(26 * HOUR)
        dialog = (await anna.writes("And today")).dialog
        await served.owner.send(dialog, SendMessage("c1", "Good morning"))
        async with seat(served) as it:
            await it.opens("Anna")
            await it.sees("Today", "And today", "Good morning")
            await it.sees_in_order("Today", "And today", "You ·", "Good morning")
            assert "The very first word" not in it.text()
            await it.scrolls_to("The very first word")
            await it.sees("Yesterday")


class TestTagsOnTheDialog:
    """tags on the dialog"""

    async def test_they_stand_in_the_header_and_a_line_tells_who_put_them_on(
        self, served, seat, dialog_of
    ) -> None:
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("t")
            await it.picks("damaged", "Tags of the dialog")
            await it.sees("Tagged damaged · You")
            assert any(" damaged " in line for line in it.pane("#dialog-header"))
            assert (await dialog_of(served, "Anna")).tags == ("damaged",)
            await it.press("t")
            await it.picks("damaged")
            await it.sees("Untagged damaged · You")
            assert (await dialog_of(served, "Anna")).tags == ()


class TestComposer:
    """composer: several lines, readline keys, emoji by name, the operator's own editor"""

    async def test_it_is_written_as_in_a_shell_and_arrives_as_it_was_written(
        self, served, seat, page_hears
    ) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.writes("worldly wise", "ctrl+w", "ctrl+a")
            await it.type("Hello ")
            await it.press("ctrl+e")
            await it.press("backspace", "backspace", "backspace", "backspace")
            await it.type("d :tad")
            await it.sees("🎉")
            await it.type("a:")
            await it.until(
                lambda: it.inbox.composer.text.endswith("🎉"), "the emoji in the place of its name"
            )
            await it.press("shift+enter")
            await it.type("Bye")
            await it.press("enter")
            message = await page_hears(anna, "Hello")
            assert message.text == "Hello world 🎉\nBye"

    async def test_f4_lends_it_to_the_operators_own_editor(self, served, seat, tmp_path, monkeypatch) -> None:
        editor = tmp_path / "editor"
        editor.write_text('#!/bin/sh\nprintf "%s, from the editor" "$(cat "$1")" > "$1"\n')
        editor.chmod(0o755)
        monkeypatch.setenv("VISUAL", str(editor))
        await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            # A headless driver has no terminal to lend.
            monkeypatch.setattr(type(it.app._driver), "can_suspend", True, raising=False)
            await it.writes("Hello", "f4")
            await it.until(lambda: it.inbox.composer.text == "Hello, from the editor")


class TestHistoryOfAllDialogsWithThisVisitor:
    """switch the feed to the history of all dialogs with this visitor"""

    async def test_h_shows_them_one_below_the_other_and_h_this_one_again(self, served, seat) -> None:
        anna = await wrote(served, "Anna", "In spring")
        first = (await served.owner.dialogs()).dialogs[0].id
        await served.owner.change_dialog(first, ChangeDialog(status="closed"))
        await served.advance(60 * 24 * HOUR)
        await anna.writes("In summer")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.sees("In summer")
            assert "In spring" not in it.text()
            await it.press("h")
            await it.sees("all dialogs ✕", "In spring")
            await it.sees_in_order("In spring", "Closed", "Dialog opened by the visitor", "In summer")
            await it.press("h")
            await it.sees_no("In spring")


class TestCloseTheDialog:
    """close the dialog"""

    async def test_c_closes_it_for_everybody(self, served, seat, dialog_of) -> None:
        await wrote(served, "Anna")
        tom = await served.operator("Tom Berg")
        async with seat(served) as it, seat(served, tom) as his:
            await it.opens("Anna")
            await his.opens("Anna")
            await it.press("c")
            await it.sees("Closed · You")
            await his.sees("Closed · Owner")
            assert (await dialog_of(served, "Anna")).status == "closed"


class TestNotesThatOnlyOperatorsSee:
    """notes that only operators see"""

    @pytest.mark.slow
    async def test_a_colleague_reads_it_and_the_page_never_gets_it(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna")
        tom = await served.operator("Tom Berg")
        async with seat(served) as it, seat(served, tom) as his:
            dialog = await it.opens("Anna")
            await it.writes("Haggles always", key="n")
            await it.sees("note, only operators see it", "Haggles always")
            await his.opens("Anna")
            await his.sees("Haggles always")
            await it.press("escape")
            await it.writes("How can I help?")
            await page_hears(anna, "How can I help?")
            assert await said(served.owner, dialog) == ["How can I help?"]
            while not anna.page.heard.empty():
                assert "Haggles" not in repr(anna.page.heard.get_nowait())


class TestSavedReplies:
    """saved replies, with "save this reply" from the composer"""

    @pytest.mark.slow
    async def test_what_is_written_is_kept_and_found_in_another_dialog(
        self, served, seat, page_hears
    ) -> None:
        await wrote(served, "Anna")
        await served.advance(1000)
        boris = await wrote(served, "Boris")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.until(lambda: it.inbox._card is not None)
            await it.writes("Dear Anna, we open at nine.", "ctrl+s")
            await it.sees("A new saved reply", "became a variable")
            await it.type("Hours")
            await it.press("ctrl+s")
            await it.sees("Kept. /Hours finds it.")
            await it.press("escape")
            await it.opens("Boris")
            await it.until(lambda: it.inbox._card is not None and it.inbox._card.name == "Boris")
            await it.writes("/hou")
            await it.until(lambda: it.inbox.composer.text == "Dear Boris, we open at nine.")
            await it.press("enter")
            await page_hears(boris, "Dear Boris, we open at nine.")


class TestFilesUpTo2Mb:
    """files up to 2 MB, which the visitor downloads by link"""

    @pytest.mark.slow
    async def test_a_file_goes_by_a_link_and_one_that_is_larger_is_refused(
        self, served, seat, tmp_path: Path, page_hears
    ) -> None:
        anna = await wrote(served, "Anna")
        (tmp_path / "sizes.txt").write_bytes(b"S M L")
        (tmp_path / "huge.bin").write_bytes(b"x" * (2 * 1024 * 1024 + 1))
        async with seat(served) as it:
            await it.opens("Anna")
            await it.press("r", "ctrl+o")
            await it.sees("Attach a file of up to 2 MB")
            await it.press("ctrl+u")
            await it.type(str(tmp_path / "sizes.txt"))
            await it.press("enter")
            await it.until(lambda: it.inbox.composer.files, "the file is attached")
            await it.press("enter")
            await it.sees("⬇ sizes.txt")
            message = await self.with_file(anna)
            [file] = message.files
            async with httpx.AsyncClient() as browser:
                got = await browser.get(f"{served.url}{file.url}")
            assert (got.status_code, got.content) == (200, b"S M L")
            await it.press("ctrl+o")
            await it.press("ctrl+u")
            await it.type(str(tmp_path / "huge.bin"))
            await it.press("enter")
            await it.sees("2 MB")
            assert not it.inbox.composer.files

    async def with_file(self, visitor):
        while True:
            reply = await visitor.page.heard.get()
            if isinstance(reply, NewMessage) and reply.message.files:
                return reply.message


class TestTheBotsQuestionsAndTheVisitorsChoices:
    """the bot's questions and the visitor's choices in the feed"""

    async def test_the_options_stand_below_the_question_and_the_chosen_one_is_ticked(
        self, serve, seat, page_hears
    ) -> None:
        async with serve({"menu": BOT}) as served:
            anna = await wrote(served, "Anna", "menu")
            question = await page_hears(anna, "How can I help?")
            async with seat(served) as it:
                await it.opens("Anna")
                await it.sees("How can I help?", " Delivery ", "A person")
                option = next(one.id for one in question.options if one.label == "Delivery")
                await anna.page.ask(ChooseFrame(anna.page.next_id(), question.id, option))
                await it.sees("✓ Delivery", "It takes two days.")
                assert "✓ A person" not in it.text()


class TestTakeOverFromTheBotAndHandBack:
    """take over from the bot, hand back to it"""

    async def test_writing_takes_it_over_and_b_hands_it_back(self, serve, seat, dialog_of) -> None:
        async with serve({"menu": BOT}) as served:
            anna = await wrote(served, "Anna", "menu")
            async with seat(served) as it:
                await it.opens("Anna")
                await it.sees("How can I help?")
                assert (await dialog_of(served, "Anna")).holder == "bot"
                await it.writes("I am a person")
                await it.sees("Taken over from the bot")
                assert (await dialog_of(served, "Anna")).holder == "people"
                await it.press("escape", "B")
                await it.sees("Handed back to the bot · You")
                assert (await dialog_of(served, "Anna")).holder == "bot"
                await anna.writes("menu")
                await it.until(lambda: it.text().count("How can I help?") >= 2, "the bot answers again")


class TestAssignAndTransfer:
    """assign and transfer"""

    @pytest.mark.slow
    async def test_a_takes_it_and_A_gives_it_away_with_a_note(self, served, seat, dialog_of) -> None:  # noqa: N802
        tom = await served.operator("Tom Berg")
        await wrote(served, "Anna")
        async with seat(served) as it, seat(served, tom) as his:
            await it.opens("Anna")
            await it.press("a")
            await it.sees("Taken · You", "open · yours")
            await it.press("A")
            await it.sees("A note for whoever gets it")
            await it.type("tom")
            await it.press("tab")
            await it.type("Knows repairs")
            await it.press("enter")
            await it.sees("Assigned to Tom Berg", "Knows repairs")
            await his.sees("Mine 1")
            await his.press("1")
            await his.opens("Anna")
            await his.sees("Knows repairs")
            assert (await dialog_of(served, "Anna")).assignee == (await tom.me()).id


class TestReopen:
    """reopen"""

    async def test_a_new_message_opens_a_closed_dialog_and_so_does_c(self, served, seat, dialog_of) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            await it.press("c")
            await it.sees("Closed · You")
            await anna.writes("One more thing")
            await it.sees("One more thing", "Open again")
            again = await dialog_of(served, "Anna")
            assert (again.id, again.status) == (dialog, "open")
            await it.press("c")
            await it.until(lambda: it.text().count("Closed · You") == 2)
            await it.press("c")
            await it.sees("Open again · You")


class TestTypingBothWays:
    """typing both ways"""

    @pytest.mark.slow
    async def test_the_operator_sees_that_the_visitor_types_and_the_page_is_told_that_he_does(
        self, serve, seat
    ) -> None:
        async with serve({}, "[chat]\nshow_typing = true\n") as served:
            anna = await wrote(served, "Anna")
            async with seat(served) as it:
                await it.opens("Anna")
                await anna.page.mention(VisitorTyping("Is it wat"))
                await it.sees("Anna is writing… Is it wat")
                await anna.writes("Is it waterproof?")
                await it.sees_no("is writing…")
                await it.writes("Yes", "space")
                async with asyncio.timeout(10):
                    while not isinstance(await anna.page.heard.get(), OperatorTyping):
                        pass


class TestDeliveredAndSeen:
    """delivered / seen"""

    @pytest.mark.slow
    async def test_one_tick_and_two(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.writes("On Friday")
            message = await page_hears(anna, "On Friday")
            await anna.page.mention(SeenFrame(message.seq, "delivered"))
            await it.until(lambda: self.line(it).endswith("✓"))
            assert not self.line(it).endswith("✓✓")
            await anna.page.mention(SeenFrame(message.seq, "seen"))
            await it.until(lambda: self.line(it).endswith("✓✓"))

    def line(self, it) -> str:
        return next((line.rstrip() for line in it.pane("#feed") if "On Friday" in line), "")


class TestEditAndDeleteOwn:
    """edit and delete own"""

    @pytest.mark.slow
    async def test_the_page_gets_the_new_words_and_then_none(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            await it.writes("On Firday")
            await page_hears(anna, "On Firday")
            await it.press("escape", "left_square_bracket")
            await it.sees("E edit", "D delete")
            await it.press("E")
            await it.until(lambda: it.inbox.composer.text == "On Firday")
            await it.press("ctrl+u")
            await it.type("On Friday")
            await it.press("enter")
            await it.sees("On Friday  edited")
            assert (await page_hears(anna, "On Friday")).edited_at
            await it.press("escape", "left_square_bracket", "D")
            await it.sees("Delete this message?")
            await it.press("down", "enter")
            await it.sees_no("On Friday")
            await it.sees("deleted")
            assert await said(served.owner, dialog) == [""]
            await it.press("left_square_bracket", "left_square_bracket")
            await it.sees("y copy")
            assert "E edit" not in it.text(), "what the visitor wrote is his"


class TestRepliesWithVariablesAndSlashSearch:
    """replies with variables and `/` search"""

    @pytest.mark.slow
    async def test_slash_finds_by_name_folder_and_text_and_fills_in_with_a_fallback(
        self, served, seat, page_hears
    ) -> None:
        text = 'Hi {{ visitor.name | default: "there" }}, two days to {{ visitor.city | default: "you" }}.'
        await served.owner.write_preset("r1", WritePreset("reply", "Delivery times", text, "Orders"))
        await served.owner.write_preset("r2", WritePreset("reply", "Hours", "Nine to five."))
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.until(lambda: it.inbox._card is not None)
            await it.press("r")
            for words in ("/deli", "/orders", "/two days"):
                await it.writes(words, "left", "right")
                await it.sees("Delivery times", "Hi Anna, two days to you.")
                await it.press("escape", *["backspace"] * len(words))
            await it.writes("/deli", "tab")
            await it.until(lambda: it.inbox.composer.text == "Hi Anna, two days to you.")
            await it.press("enter")
            await page_hears(anna, "Hi Anna, two days to you.")


class TestMacros:
    """macros (reply + tag + close in one key)"""

    @pytest.mark.slow
    async def test_one_is_written_on_its_screen_and_run_by_a_digit(
        self, served, seat, page_hears, dialog_of
    ) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await it.press("R", "m")
            await it.sees("A new macro")
            await it.type("Thanks and close")
            await it.press("tab", "tab", "tab", "space", "tab", "tab", "tab")
            await it.type("done")
            await it.press("tab", "tab")
            await it.type("Thank you!")
            await it.press("ctrl+s")
            await it.until(lambda: it.inbox.mirror.presets, "the macro is kept")
            await it.press("escape", "escape")
            await it.opens("Anna")
            await it.press("M")
            await it.sees("Run a macro", "Thanks and close", "tags it done")
            await it.press("1")
            await page_hears(anna, "Thank you!")
            await it.sees("Thanks and close: done.")
            row = await dialog_of(served, "Anna")
            assert (row.status, row.tags, row.last_text) == ("closed", ("done",), "Thank you!")


class TestDraftsKept:
    """drafts kept"""

    @pytest.mark.slow
    async def test_what_was_typed_is_there_again_in_its_dialog_and_in_the_next_console(
        self, served, seat, tmp_path
    ) -> None:
        await wrote(served, "Anna")
        await served.advance(1000)
        await wrote(served, "Boris")
        async with seat(served, kept=tmp_path / "machine") as it:
            await it.opens("Anna")
            await it.writes("Half a sent", "escape")
            await it.opens("Boris")
            assert it.inbox.composer.text == ""
            await it.opens("Anna")
            await it.sees("Half a sent")
        async with seat(served, kept=tmp_path / "machine") as it:
            await it.opens("Anna")
            await it.sees("Half a sent")
        async with seat(served) as elsewhere:
            await elsewhere.opens("Anna")
            assert elsewhere.inbox.composer.text == "", "drafts stay on their machine"


class TestUndoSend:
    """undo send"""

    async def test_for_some_seconds_Z_takes_it_back_and_nobody_has_seen_it(  # noqa: N802
        self, served, seat, page_hears
    ) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served, preferences=HELD) as it:
            dialog = await it.opens("Anna")
            await it.writes("Dear Boris")
            await it.sees("goes out in", "Z takes it back")
            await it.press("escape", "Z")
            await it.until(lambda: it.inbox.composer.text == "Dear Boris")
            assert await said(served.owner, dialog) == []
            await it.press("ctrl+u")
            await it.writes("Dear Anna", "enter", "enter")
            await page_hears(anna, "Dear Anna")
            await it.sees_no("Z takes it back")
            assert await said(served.owner, dialog) == ["Dear Anna"]


class TestScheduledSend:
    """scheduled send"""

    async def test_it_stands_at_the_end_and_goes_out_at_its_time_once(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            await it.writes("Good morning!", "ctrl+t")
            await it.sees("Send it later")
            await it.type("in 2h")
            await it.press("enter")
            await it.sees("goes out")
            await anna.writes("Are you there?")
            await it.sees("Are you there?")
            await it.sees_in_order("Are you there?", "Good morning!")
            assert await said(served.owner, dialog) == []
            await served.advance(2 * HOUR + 1000)
            await page_hears(anna, "Good morning!")
            await it.sees_no("goes out")
            await served.advance(HOUR)
            assert await said(served.owner, dialog) == ["Good morning!"]


class TestTranscriptByMail:
    """transcript by mail"""

    @pytest.mark.slow
    async def test_the_whole_dialog_without_its_notes_goes_to_the_visitor(self, served, seat) -> None:
        await wrote(served, "Anna", "Is it oak?", email="anna@mail.example")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.until(lambda: it.inbox._card is not None and it.inbox._card.email)
            await it.writes("Haggles always", key="n")
            await it.sees("only operators see it")
            await it.press("escape", "at")
            await it.sees("Transcript by mail", "anna@mail.example")
            await it.press("enter")
            await it.sees("The dialog goes to anna@mail.example by mail.")
            [row] = await served.owner.outbox(channel="email")
            letter = repr(await served.owner.outbox_item(row.id))
            assert row.to == "anna@mail.example"
            assert "Is it oak?" in letter
            assert "Haggles" not in letter


class TestMentionAColleagueInANote:
    """mention a colleague in a note"""

    @pytest.mark.slow
    async def test_he_is_called_finds_the_dialog_by_a_key_and_the_call_ends_when_he_reads(
        self, served, seat
    ) -> None:
        await wrote(served, "Anna")
        tom = await served.operator("Tom Berg")
        async with seat(served) as it, seat(served, tom) as his:
            await it.opens("Anna")
            await it.until(lambda: len(it.inbox.mirror.operators) == 2)
            await it.writes("ask @be", key="n")
            await it.until(lambda: it.inbox.composer.text == "ask @Tom Berg ")
            await it.press("enter")
            await his.sees("A note calls you in the dialog with Anna", "@ 1")
            await his.press("4")
            await his.row_shows("Anna", "@")
            await his.opens("Anna")
            await his.sees("ask @Tom Berg")
            await his.until(lambda: "@ 1" not in his.text(), "read: he is called no more")


class TestWhoElseIsLookingAtOrWritingInThisDialog:
    """who else is looking at or writing in this dialog, and a warning before two answer at once"""

    @pytest.mark.slow
    async def test_header_and_composer_tell_and_the_second_answer_is_held_up(self, served, seat) -> None:
        await wrote(served, "Anna")
        tom = await served.operator("Tom Berg")
        async with seat(served, preferences=HELD) as it, seat(served, tom) as his:
            dialog = await it.opens("Anna")
            await his.opens("Anna")
            await it.sees("Tom Berg has this dialog open, too")
            assert any("Tom Berg" in line for line in it.pane("#dialog-header"))
            await it.writes("On Friday")
            await his.writes("On Thursday", "left")
            await it.sees("Tom Berg is answering in this dialog, too", "Tom Berg ✎")
            await his.press("end", "enter")
            await it.sees("On Thursday")
            await it.press("enter")
            await it.sees("Not sent: Tom Berg has answered meanwhile.")
            assert await said(served.owner, dialog) == ["On Thursday"]
            await it.press("escape", "b")
            await it.picks("send it anyway", "A colleague has answered meanwhile")
            await it.until(lambda: it.inbox.row.last_text == "On Friday")
        assert await said(served.owner, dialog) == ["On Thursday", "On Friday"]


class TestMergeDialogs:
    """merge dialogs"""

    async def test_an_earlier_dialog_becomes_part_of_this_one(self, served, seat) -> None:
        anna = await wrote(served, "Anna", "In spring")
        first = (await served.owner.dialogs()).dialogs[0].id
        await served.owner.change_dialog(first, ChangeDialog(status="closed"))
        await served.advance(60 * 24 * HOUR)
        await anna.writes("In summer")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            assert dialog != first
            await it.press("J")
            await it.picks("", "Join to this dialog, for good")
            await it.sees("Another dialog of this visitor was joined to this one", "In spring")
            await it.sees_in_order("In spring", "In summer")
            assert await said(served.owner, dialog, "visitor") == ["In spring", "In summer"]
            assert [row.id for row in (await served.owner.dialogs()).dialogs] == [dialog]


class TestLinksOpened:
    """links opened"""

    async def test_o_lists_them_and_a_click_opens_one(self, served, seat, monkeypatch) -> None:
        await wrote(
            served, "Anna", "See https://one.example/a and javascript:alert(1) and https://two.example"
        )
        async with seat(served) as it:
            opened: list[str] = []
            monkeypatch.setattr(it.app, "open_url", lambda url, **_: opened.append(url))
            await it.opens("Anna")
            await it.sees("https://one.example/a")
            await it.press("o")
            await it.sees("Open a link or a file", "https://two.example")
            assert "javascript" not in it.text().split("Open a link or a file")[1].split("Esc back")[0]
            await it.picks("two")
            await it.until(lambda: opened == ["https://two.example"])
            await clicks(it, "https://one")
            await it.until(lambda: opened[1:] == ["https://one.example/a"])


class TestPicturesShownInTheTerminal:
    """pictures shown in the terminal"""

    async def test_small_in_the_feed_large_by_a_key_and_saved(self, served, seat, tmp_path) -> None:
        anna = await served.visitor("Anna")
        dialog = (await anna.writes("Show me")).dialog
        held = io.BytesIO()
        Image.new("RGB", (80, 80), "#2050ff").save(held, "PNG")
        (tmp_path / "vase.png").write_bytes(held.getvalue())
        file = await served.owner.upload(tmp_path / "vase.png")
        await served.owner.send(dialog, SendMessage("c1", "Here", files=(file.id,)))
        async with seat(served) as it:
            await it.opens("Anna")
            await it.sees("▀▀▀▀", "⬇ vase.png")
            await it.press("o")
            await it.sees("s save")
            await it.press("s")
            await it.until(lambda: list(it.inbox.downloads.glob("vase*.png")), "the picture, saved")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)


class TestCsatAfterClosing:
    """CSAT after closing"""

    async def test_the_visitor_is_asked_how_we_did_and_his_answer_stands_in_feed_and_list(
        self, served, seat, page_hears, dialog_of
    ) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            await it.opens("Anna")
            await it.writes("You are welcome")
            await it.press("escape", "C")
            await it.sees("Closed · You")
            question = await page_hears(anna, "How did we do?")
            assert [option.id for option in question.options] == ["1", "2", "3", "4", "5"]
            await anna.page.ask(ChooseFrame(anna.page.next_id(), question.id, "4"))
            await it.sees("★★★★☆", "✓ 4")
            assert (await dialog_of(served, "Anna")).rating == 4
            await it.press("escape", "g", "x")
            await it.row_shows("Anna", "4★")


class TestActivityLines:
    """activity lines"""

    async def test_what_is_done_with_the_dialog_stands_in_the_feed_with_who_did_it(
        self, served, seat
    ) -> None:
        tom = await served.operator("Tom Berg")
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            await it.sees("Dialog opened by the visitor")
            await it.press("a")
            await it.sees("Taken · You")
            await tom.change_dialog(dialog, ChangeDialog(priority="high"))
            await it.sees("High priority · Tom Berg")
            await tom.change_dialog(dialog, ChangeDialog(add_tags=("late",)))
            await it.sees("Tagged late")
            await it.press("z")
            await it.picks("until the visitor")
            await it.sees("Snoozed until the visitor writes · You")
            await anna.writes("Here I am")
            await it.sees("Open again", "Here I am")


class TestNothingLostOverABrokenConnection:
    """nothing lost over a broken connection: what was typed is kept, what was sent goes out once, what was missed comes
    in order"""

    @pytest.mark.slow
    async def test_the_server_is_away_and_comes_back(self, served, seat, page_hears) -> None:
        anna = await wrote(served, "Anna")
        async with seat(served) as it:
            dialog = await it.opens("Anna")
            await served.goes_down()
            await it.until(lambda: "try now" in it.text(), "the top line says that the connection is lost")
            await it.writes("Written in the dark")
            await it.writes("And this, too")
            await it.sees("Written in the dark", "sending…")
            await it.type("half a thou")
            await served.comes_back()
            await page_hears(anna, "And this, too")
            await anna.writes("I see both")
            await it.sees("I see both")
            await it.sees_no("sending…")
            await it.sees_in_order("Written in the dark", "And this, too", "I see both", "half a thou")
            assert await said(served.owner, dialog) == ["Written in the dark", "And this, too"]
