"""The conversation: reading, writing, notes, and what becomes of a message on its way."""

from __future__ import annotations

import pytest

from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.sheets import kind_of, paths_like, typed_path
from server_stub.protocol import Author, Button, FileRef, MessageSent, Option, Popup, PopupEnded, PopupShown


class TestReading:
    async def test_a_bots_question_shows_its_options_and_the_one_that_was_taken(self, desks, console) -> None:
        async with console(desks.lively(), size=(160, 60)) as it:
            await it.open("Anna Petrova")
            await it.sees("Shall I help you choose?", "✓ Yes, please", "No, thanks", "Handed over to people")

    async def test_a_choice_marks_the_option_as_it_happens(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        question = desk.say(
            desk.open("Ann"), desks.BOT, "Help?", options=(Option("y", "Yes"), Option("n", "No"))
        )
        async with console(desk) as it:
            await it.sees(" Yes ")
            desk.choose(question, "y")
            await it.sees("✓ Yes")

    async def test_notes_files_popups_and_buttons_are_lines_of_the_feed(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", visitor="v")
        desk.say(dialog, Author("operator", "op_tom", "Tom Berg"), "Careful with this one", note=True)
        desk.say(dialog, "visitor", files=(FileRef("f1", "photo.png", "image/png", 2048, "/files/f1"),))
        desk.say(dialog, desks.BOT, "Look", buttons=(Button("To the catalog", "https://shop.example/c"),))
        popup = Popup("p1", "site_bonus_popup", "small", "Ten per cent off", "…", desk.now)
        desk.record(PopupShown(popup), visitor="v", dialog=dialog)
        desk.record(
            PopupEnded("p1", "site_bonus_popup", "submitted", {"email": "a@b.example"}),
            visitor="v",
            dialog=dialog,
        )
        async with console(desk) as it:
            await it.sees("Tom Berg · note, only operators see it", "⬇ photo.png  2 KB", "↗ To the catalog")
            await it.sees("Ten per cent off", "Pop-up filled in", "email: a@b.example")

    async def test_delivered_and_seen_are_marked(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann")
        sent = desk.say(dialog, Author("operator", desks.MARIA.id, "Maria Lind"), "Hello")
        async with console(desk) as it:
            await it.sees("Hello")
            desk.visitor_read(dialog, sent.seq, "delivered")
            await it.sees(" ✓")
            desk.visitor_read(dialog, sent.seq, "seen")
            await it.sees("✓✓")

    async def test_typing_is_shown_until_the_message_comes(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", holder="people")
        async with console(desk) as it:
            await it.open("Ann")
            desk.type(dialog, "is it in st")
            await it.sees("Ann is writing…", "is it in st")
            desk.say(dialog, "visitor", "Is it in stock?")
            await it.misses("is writing…")

    async def test_older_messages_load_when_one_scrolls_up(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", holder="people")
        for number in range(250):
            desk.say(dialog, "visitor", f"message {number}")
        async with console(desk) as it:
            await it.sees("message 249")
            await it.press("enter", "g")
            await it.until(lambda: len(it.inbox.feed.items) > 150)
            await it.until(
                lambda: it.inbox.feed_view.scroll_offset.y > 0, "what was read has stayed in place"
            )
            for _ in range(3):
                await it.press("g")
                await it.pilot.pause(0.05)
            await it.until(lambda: not it.inbox.feed.more)
            await it.press("g")
            await it.sees("message 0")

    async def test_a_reader_who_has_scrolled_up_is_told_what_came_below(self, desks, console) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", holder="people")
        for number in range(60):
            desk.say(dialog, "visitor", f"message {number}")
        async with console(desk) as it:
            await it.sees("message 59")
            await it.press("enter", "pageup")
            await it.misses("message 58")
            desk.say(dialog, "visitor", "one more")
            await it.sees("↓ 1 new")
            await it.press("G")
            await it.sees("one more")
            await it.misses("↓ 1 new")

    async def test_h_shows_all_dialogs_with_the_visitor_and_back(self, desks, console) -> None:
        async with console(desks.lively(), size=(160, 70)) as it:
            await it.open("Anna Petrova")
            await it.press("h")
            await it.sees("all dialogs ✕", "Do you ship to Tartu?", "Yesterday")
            await it.press("h")
            await it.misses("Do you ship to Tartu?")

    async def test_ten_thousand_messages_are_there_and_only_the_visible_are_painted(
        self, desks, console
    ) -> None:
        from operator_console.inbox.feed import Feed
        from server_stub.protocol import Entry, Message

        desk = desks.MemoryDesk()
        desk.open("Ann")
        async with console(desk) as it:
            await it.until(lambda: it.inbox.feed is not None)
            feed = Feed("d1")
            author = Author("visitor", "v1", "Ann")
            feed.prepend(
                [
                    Entry(
                        n,
                        desk.now + n,
                        MessageSent(Message(f"m{n}", "d1", "v1", author, desk.now, n, f"text {n}")),
                    )
                    for n in range(1, 10_001)
                ],
                more=False,
            )
            it.inbox.feed_view.show(feed)
            await it.sees("text 10000")
            assert len(it.inbox.feed_view._blocks) < 200
            it.inbox.feed_view.focus()
            await it.until(lambda: it.app.focused is it.inbox.feed_view)
            await it.press("g")
            await it.sees("text 1 ")


class TestWriting:
    async def test_enter_sends_and_the_message_stands_in_the_feed_once(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Mihkel Saar")
            await it.press("r")
            await it.type("On its way!")
            await it.press("enter")
            await it.until(lambda: desk.sends)
            await it.until(lambda: not it.inbox.feed.pending)
            assert it.text().count("On its way!") == 2, "in the list and in the feed"
            assert it.inbox.row.waiting_since == 0

    async def test_alt_enter_makes_a_line_and_up_brings_back_what_was_sent(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.press("r")
            await it.type("one")
            await it.press("alt+enter")
            await it.type("two")
            await it.press("enter")
            await it.until(lambda: desk.sends)
            assert desk.sends[0][1].text == "one\ntwo"
            await it.press("up")
            assert it.inbox.composer.text == "one\ntwo"
            await it.press("down")
            assert it.inbox.composer.text == ""

    async def test_a_note_is_visibly_a_note_and_sent_as_one(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.press("n")
            await it.sees("Note · only operators see it", "The visitor never sees it")
            assert it.inbox.composer.has_class("-note")
            await it.type("Careful")
            await it.press("enter")
            await it.until(lambda: desk.sends)
            assert desk.sends[0][1].note
            await it.until(lambda: not it.inbox.composer.has_class("-note"))

    async def test_each_dialog_keeps_its_draft(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.open("Sofia")
            await it.press("r")
            await it.type("half a sen")
            await it.press("escape")
            await it.open("Mihkel Saar")
            await it.until(lambda: it.inbox.composer.text == "")
            await it.open("Sofia")
            await it.until(lambda: it.inbox.composer.text == "half a sen")

    async def test_a_refused_message_says_why_and_gives_its_text_back(self, desks, console) -> None:
        desk = desks.lively()
        desk.refuses = "The dialog was erased."
        async with console(desk) as it:
            await it.press("r")
            await it.type("Hello")
            await it.press("enter")
            await it.sees("Not sent: The dialog was erased.", "take the text back", "1 not sent")
            await it.press("escape", "b")
            await it.until(lambda: it.inbox.composer.text == "Hello")
            await it.misses("Not sent")

    async def test_the_refused_text_comes_back_by_a_click_too(self, desks, console) -> None:
        desk = desks.lively()
        desk.refuses = "No."
        async with console(desk) as it:
            await it.press("r")
            await it.type("Hello")
            await it.press("enter")
            await it.sees("take the text back")
            y, x = next(
                (y, line.index("take the text"))
                for y, line in enumerate(it.lines())
                if "take the text" in line
            )
            region = it.inbox.feed_view.region
            await it.pilot.click(FeedView, offset=(x - region.x, y - region.y))
            await it.until(lambda: it.inbox.composer.text == "Hello")

    async def test_a_file_is_attached_by_its_path_and_sent_with_the_text(
        self, desks, console, tmp_path
    ) -> None:
        desk = desks.lively()
        (tmp_path / "terms.pdf").write_bytes(b"%PDF")
        async with console(desk) as it:
            await it.press("r", "ctrl+o")
            await it.sees("Attach a file")
            field = it.app.screen.query_one("CleanInput")
            field.value = f"{tmp_path}/te"
            await it.sees("terms.pdf")
            await it.press("enter")
            await it.sees("⬇ terms.pdf")
            await it.press("enter")
            await it.until(lambda: desk.sends)
            assert desk.sends[0][1].files == ("f_terms.pdf",)

    async def test_typing_is_told_to_the_desk_but_not_for_a_note(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.press("n")
            await it.type("x")
            await it.press("enter")
            await it.until(lambda: desk.sends)
            assert desk.typed == []
            await it.press("r")
            await it.type("y")
            await it.until(lambda: desk.typed)


class TestSeen:
    async def test_a_message_counts_as_seen_once_the_operator_is_in_the_conversation(
        self, desks, console
    ) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Mihkel Saar")
            await it.press("enter")
            await it.until(lambda: desk.seen)
            await it.until(lambda: it.inbox.row.unread == 0)

    async def test_what_comes_while_the_window_is_in_the_background_stays_unread(
        self, desks, console
    ) -> None:
        desk = desks.MemoryDesk()
        dialog = desk.open("Ann", holder="people")
        async with console(desk) as it:
            await it.press("enter")
            it.inbox.in_front(False)
            desk.say(dialog, "visitor", "Hello?")
            await it.sees("Hello?")
            await it.pilot.pause(1.3)
            assert desk.seen == []
            it.inbox.in_front(True)
            await it.until(lambda: desk.seen)


class TestChangingADialog:
    async def test_a_takes_the_dialog_and_c_closes_and_opens_it(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Mihkel Saar")
            await it.press("a")
            await it.sees("open · yours")
            await it.press("c")
            await it.sees("closed · yours")
            await it.press("c")
            await it.sees("open · yours")

    async def test_a_tag_is_added_by_typing_it(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("t")
            await it.type("urgent")
            await it.press("enter")
            await it.until(lambda: it.inbox.row.tags == ("urgent",))

    async def test_a_dialog_is_given_to_a_colleague(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Sofia")
            await it.press("A")
            await it.type("tom")
            await it.press("enter")
            await it.until(lambda: it.inbox.row.assignee == desks.TOM.id)
            await it.sees("Tom Berg")

    async def test_a_console_for_reading_only_changes_nothing(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk, read_only=True) as it:
            before = len(desk.journal)
            await it.press("a", "c", "t", "r")
            await it.sees("Opened for reading only.")
            assert len(desk.journal) == before

    async def test_o_offers_the_links_and_files_of_the_dialog(self, desks, console) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await it.open("Café Rosa, purchasing")
            await it.press("o")
            await it.until(lambda: desk.saved == ["f_terms"], "one file alone is saved at once")


class TestAttaching:
    def test_a_path_is_one_below_where_the_console_was_started(self, tmp_path) -> None:
        (tmp_path / "prices").mkdir()
        (tmp_path / "prices.txt").write_text("1")
        (tmp_path / ".hidden").write_text("1")
        assert list(paths_like("pri", tmp_path)) == [tmp_path / "prices", tmp_path / "prices.txt"]
        assert list(paths_like(f"{tmp_path}/.h", tmp_path / "prices")) == [tmp_path / ".hidden"]
        assert list(paths_like("~nobody-of-that-name/", tmp_path)) == []

    @pytest.mark.parametrize("typed", ["nowhere", "x" * 5_000, "nul\0", "~nobody-of-that-name/a"])
    def test_what_is_no_file_is_none(self, tmp_path, typed: str) -> None:
        assert kind_of(typed_path(typed, tmp_path)) == ""

    async def test_what_is_typed_goes_on_from_the_folder_that_stands_there(
        self, desks, console, tmp_path, monkeypatch
    ) -> None:
        (tmp_path / "prices.txt").write_text("1")
        monkeypatch.chdir(tmp_path)
        async with console(desks.lively()) as it:
            await it.open("Sofia")
            await it.press("r", "ctrl+o")
            await it.sees("Attach a file of up to 2 MB", "prices.txt")
            await it.type("pri")
            await it.press("enter")
            await it.sees("⬇ prices.txt", "⌫ removes")
