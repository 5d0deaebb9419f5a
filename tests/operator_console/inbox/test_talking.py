"""What operators do with a dialog and its messages, over a real server: edit, snooze, transfer, join, mail, rate."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from operator_console.inbox.feed import Bubble
from operator_console.inbox.picture_screen import CellPicture
from server_stub.protocol import ChangeDialog, ChooseFrame, SendMessage

HOUR = 3_600_000


def picture_file(folder: Path, name: str = "photo.png") -> Path:
    """A picture of four fields, blue on top."""
    picture = Image.new("RGB", (80, 80), "#2050ff")
    picture.paste("#ff5020", (0, 40, 80, 80))
    path = folder / name
    picture.save(path)
    return path


async def opened(console, name: str) -> str:
    """Opens the dialog of that name, and returns its id."""
    inbox = console.inbox
    found = await console.until(
        lambda: [row.id for row in inbox.mirror.rows.values() if row.visitor_name == name],
        f"a dialog of {name}",
    )
    inbox.dialogs.point_to(found[-1])
    await console.until(lambda: inbox._opened == found[-1] and inbox.feed is not None, f"{name} is open")
    return found[-1]


def message(console, text: str) -> Bubble | None:
    """The message of the open feed that says this, once it is there."""
    return next((bubble for bubble in console.inbox.feed.bubbles() if bubble.message.text == text), None)


async def say(served, dialog: str, text: str, client=None, **fields):
    """The owner (or another operator) writes to the visitor."""
    client = client or served.owner
    return await client.send(dialog, SendMessage(f"c-{text}", text, **fields))


class TestEditAndDeleteOwn:
    """edit and delete own"""

    async def test_the_selected_message_is_changed_in_the_composer(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await say(served, dialog, "Yes, we hvae it")
            await it.until(lambda: message(it, "Yes, we hvae it"), "the message in the feed")
            await it.press("left_square_bracket")
            await it.shows("E edit")
            await it.press("E")
            await it.until(lambda: it.inbox.composer.text == "Yes, we hvae it", "its text in the composer")
            it.inbox.composer.put("Yes, we have it")
            await it.press("enter")
            await it.shows("Yes, we have it  edited")
            assert "hvae" not in it.text()

    async def test_a_deleted_message_leaves_a_mark_and_no_word(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await say(served, dialog, "The password is 1234")
            await it.until(lambda: message(it, "The password is 1234"), "the message in the feed")
            await it.press("left_square_bracket", "D")
            await it.shows("Delete this message?")
            await it.press("down", "enter")
            await it.until(lambda: "1234" not in it.text())
            await it.shows("deleted")

    async def test_another_ones_message_is_left_alone(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("Hello?")
            await it.press("left_square_bracket")
            await it.shows("y copy")
            assert "E edit" not in it.text()
            await it.press("D")
            await it.shows("Only what you wrote yourself can be changed.")

    async def test_the_text_of_a_message_is_copied(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("My number is 77")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("My number is 77")
            await it.press("left_square_bracket", "y")
            await it.until(lambda: it.app.clipboard == "My number is 77")

    async def test_a_click_selects_and_escape_lets_go(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Click here")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("Click here")
            line = max(number for number, line in enumerate(it.text().split("\n")) if "Click here" in line)
            row = line - it.inbox.feed_view.region.y
            await it.pilot.click("#feed", offset=(4, row))
            await it.until(lambda: it.inbox.feed_view.selected is not None)
            await it.press("escape")
            await it.until(lambda: it.inbox.feed_view.selected is None)


class TestSnooze:
    """snoozed (until time, until next reply)"""

    async def test_until_a_time_that_is_typed(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Later?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("z")
            await it.shows("Until the visitor writes")
            await it.type("in 2h")
            await it.press("enter")
            await it.until(lambda: it.inbox.mirror.rows[dialog].status == "snoozed")
            left = it.inbox.mirror.rows[dialog].snoozed_until - served.clock()
            assert 2 * HOUR - 60_000 < left <= 2 * HOUR
            await it.shows("Snoozed until")
            await served.advance(2 * HOUR + 1_000)
            await it.until(lambda: it.inbox.mirror.rows[dialog].status == "open", "it is back by itself")

    async def test_until_the_visitor_writes(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Later?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("z")
            await it.type("until")
            await it.press("enter")
            await it.shows("snoozed until the visitor writes")
            await ann.writes("Now!")
            await it.until(lambda: it.inbox.mirror.rows[dialog].status == "open")

    async def test_no_time_at_all_is_told(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Later?")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.press("z")
            await it.type("soonish")
            await it.shows("is no time")


class TestPriority:
    """priority"""

    async def test_it_is_chosen_and_stands_in_the_header_and_the_feed(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Fire!")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("exclamation_mark")
            await it.type("urgent")
            await it.press("enter")
            await it.until(lambda: it.inbox.mirror.rows[dialog].priority == "urgent")
            await it.shows("Urgent · You")


class TestAssignAndTransfer:
    """assign and transfer"""

    async def test_a_dialog_is_given_away_with_a_note_that_calls_its_new_owner(self, served) -> None:
        tom = await served.operator("Tom Berg")
        tom_id = (await tom.me()).id
        ann = await served.visitor("Ann Lee")
        await ann.writes("Can you repair it?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.until(lambda: tom_id in it.inbox.mirror.operators)
            await it.press("A")
            await it.shows("A note for whoever gets it")
            await it.type("tom")
            await it.press("tab")
            await it.type("He knows repairs")
            await it.press("enter")
            await it.until(lambda: it.inbox.mirror.rows[dialog].assignee == tom_id)
            await it.shows("Assigned to Tom Berg")
            await it.shows("He knows repairs")
            assert it.inbox.mirror.rows[dialog].mentioned == (tom_id,)


class TestTheBot:
    """take over from the bot, hand back to it"""

    async def test_it_is_handed_back(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("B")
            await it.until(lambda: it.inbox.mirror.rows[dialog].holder == "bot")
            await it.shows("Handed back to the bot")
            await it.press("B")
            await it.shows("The bot leads this dialog already.")


class TestCsat:
    """CSAT after closing"""

    async def test_the_visitor_is_asked_and_his_answer_stands_in_the_feed(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Thanks!")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("C")
            await it.until(lambda: it.inbox.mirror.rows[dialog].status == "closed")
            await it.shows("How did we do?")
            question = next(
                bubble.message for bubble in it.inbox.feed.bubbles() if bubble.message.input == "rating"
            )
            await ann.page.ask(ChooseFrame(ann.page.next_id(), question.id, "4"))
            await it.shows("★★★★☆")
            await it.shows("✓ 4")


class TestMerge:
    """merge dialogs"""

    async def test_an_earlier_dialog_becomes_part_of_this_one(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("First question")
        async with served.console() as it:
            first = await opened(it, "Ann Lee")
            await served.owner.change_dialog(first, ChangeDialog(status="closed"))
            await served.advance(25 * HOUR)  # earlier, what he writes would open the closed one again
            await ann.writes("Second question")
            await it.until(lambda: len(it.inbox.mirror.rows) == 2)
            second = next(dialog for dialog in it.inbox.mirror.rows if dialog != first)
            it.inbox.dialogs.point_to(second)
            await it.until(lambda: it.inbox._opened == second and it.inbox.feed is not None)
            await it.press("J")
            await it.shows("Join to this dialog")
            await it.press("enter")
            await it.until(lambda: first not in it.inbox.mirror.rows)
            await it.shows("First question")
            await it.shows("Another dialog of this visitor was joined to this one")


class TestErased:
    """export, erase"""

    async def test_an_erased_dialog_leaves_the_screen(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        visitor = (await ann.writes("Forget me")).visitor
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("Forget me")
            await served.owner.erase_visitor(visitor)
            await it.until(lambda: "Forget me" not in it.text(), "nothing of it is shown")
            await it.until(lambda: not it.inbox._opened)


class TestTranscript:
    """transcript by mail"""

    async def test_the_address_of_the_card_is_offered_and_the_letter_kept(self, served) -> None:
        ann = await served.visitor("Ann Lee", email="ann@mail.example")
        await ann.writes("Please send me this")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.until(lambda: it.inbox._card is not None and it.inbox._card.email)
            await it.press("at")
            await it.shows("Transcript by mail")
            await it.shows("ann@mail.example")
            await it.press("enter")
            await it.shows("The dialog goes to ann@mail.example by mail.")
            rows = await served.owner.outbox(channel="email")
            assert [row.to for row in rows] == ["ann@mail.example"]

    async def test_what_is_no_address_is_told(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Please send me this")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.press("at")
            await it.type("nobody")
            await it.press("enter")
            await it.shows("This is no email address.")


class TestWhoElse:
    """who else is looking at or writing in this dialog"""

    async def test_a_colleague_who_opens_it_stands_in_the_header_and_goes_again(self, served) -> None:
        tom = await served.operator("Tom Berg")
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as mine:
            await opened(mine, "Ann Lee")
            async with served.console(tom) as his:
                dialog = await opened(his, "Ann Lee")
                await mine.until(
                    lambda: mine.inbox.query_one("#dialog-header").lookers, "Tom is seen looking"
                )
                assert "Tom Berg" in mine.text().split("\n")[1]
                await his.press("r")
                await his.type("I")
                await mine.until(lambda: mine.inbox.query_one("#dialog-header").lookers[0].writes)
                assert dialog in mine.inbox.mirror.lookers
            await mine.until(lambda: not mine.inbox.query_one("#dialog-header").lookers, "he has left")

    async def test_a_console_for_reading_only_does_not_say_that_it_looks(self, served) -> None:
        tom = await served.operator("Tom Berg")
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as mine, served.console(tom, read_only=True) as wall:
            dialog = await opened(wall, "Ann Lee")
            await opened(mine, "Ann Lee")
            await mine.until(lambda: mine.inbox.mirror.lookers.get(dialog), "my own look has come round")
            assert mine.inbox.mirror.lookers[dialog] == (mine.inbox.me.id,)


class TestNewLine:
    """unread count"""

    async def test_a_line_stands_above_what_nobody_has_read(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Read already")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await it.press("enter")
            await it.until(lambda: not it.inbox.mirror.rows[dialog].unread, "read")
        await ann.writes("Not read yet")
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("─ new ─")
            lines = it.text().split("\n")
            new = next(number for number, line in enumerate(lines) if "─ new ─" in line)
            assert any("Read already" in line for line in lines[:new])
            assert any("Not read yet" in line for line in lines[new:])


class TestScheduled:
    """scheduled send"""

    async def test_what_waits_stands_at_the_end_with_its_time(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        await ann.writes("Hello?")
        async with served.console() as it:
            dialog = await opened(it, "Ann Lee")
            await say(served, dialog, "See you tomorrow", send_at=served.clock() + HOUR)
            await it.shows("goes out")
            await ann.writes("One more thing")
            await it.shows("One more thing")
            assert it.text().index("One more thing") < it.text().index("See you tomorrow")
            await served.advance(HOUR + 1_000)
            await it.until(lambda: "goes out" not in it.text(), "it was sent")
            assert message(it, "See you tomorrow").state == "sent"

    async def test_it_is_there_in_a_console_that_is_opened_later(self, served) -> None:
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("Hello?")).dialog
        await say(served, dialog, "See you tomorrow", send_at=served.clock() + HOUR)
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("See you tomorrow")


class TestMentions:
    """mention a colleague in a note"""

    async def test_a_call_stands_out_and_is_over_once_it_was_seen(self, served) -> None:
        owner = await served.owner.me()
        tom = await served.operator("Tom Berg")
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("Hello?")).dialog
        await say(served, dialog, f"@{owner.name} please", tom, note=True, mentions=(owner.id,))
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows(f"@{owner.name} please")
            await it.press("enter")
            await it.until(lambda: not it.inbox.mirror.rows[dialog].mentioned, "the call was seen")


class TestPicturesAndFiles:
    """links opened, pictures shown in the terminal"""

    async def test_a_picture_is_shown_small_in_the_feed_and_large_by_a_key(self, served, tmp_path) -> None:
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("Show me")).dialog
        file = await served.owner.upload(picture_file(tmp_path))
        await say(served, dialog, "Here", files=(file.id,))
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("▀▀▀▀")
            await it.press("o")
            await it.until(lambda: it.app.screen.query(CellPicture), "the picture, large")
            await it.shows("s save")
            await it.press("escape")
            await it.until(lambda: it.app.screen is it.inbox)

    async def test_in_a_terminal_without_colours_there_is_no_small_picture(self, served, tmp_path) -> None:
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("Show me")).dialog
        file = await served.owner.upload(picture_file(tmp_path))
        await say(served, dialog, "Here", files=(file.id,))
        async with served.console() as it:
            it.inbox.feed_view.shows_pictures = False
            await opened(it, "Ann Lee")
            await it.shows("⬇ photo.png")
            assert not it.inbox.feed_view.pictures

    async def test_a_file_is_saved_and_opened_by_the_systems_program(
        self, served, tmp_path, monkeypatch
    ) -> None:
        programs = tmp_path / "programs"
        programs.mkdir()
        opener = programs / "xdg-open"
        opener.write_text(
            f'#!/bin/sh\ncd "{tmp_path}" && printf "%s\\n" "$#" "$1" > told.part && mv told.part told\n'
        )
        opener.chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("The list, please")).dialog
        prices = tmp_path / "prices; touch x.pdf"
        prices.write_bytes(b"%PDF-1.4 prices")
        file = await served.owner.upload(prices)
        await say(served, dialog, "Here", files=(file.id,))
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("⬇ prices")
            await it.press("o")
            await it.shows("Saved as")
            await it.press("ctrl+o")
            told = await it.until(lambda: (tmp_path / "told").exists() and (tmp_path / "told").read_text())
            count, path = told.splitlines()
            assert count == "1"
            assert Path(path).is_absolute()
            assert Path(path).read_bytes() == b"%PDF-1.4 prices"

    async def test_enter_on_the_selected_message_opens_its_file(self, served, tmp_path) -> None:
        ann = await served.visitor("Ann Lee")
        dialog = (await ann.writes("The list, please")).dialog
        (tmp_path / "run.sh").write_text("echo")
        file = await served.owner.upload(tmp_path / "run.sh")
        await say(served, dialog, "Here", files=(file.id,))
        async with served.console() as it:
            await opened(it, "Ann Lee")
            await it.shows("⬇ run.sh")
            await it.press("left_square_bracket", "enter")
            await it.shows("Saved as")
            await it.press("ctrl+o")
            await it.shows("may be a program")


def png(size: tuple[int, int]) -> bytes:
    made = io.BytesIO()
    Image.new("1", size).save(made, "PNG")
    return made.getvalue()


class TestPicturesOfStrangers:
    def test_a_picture_with_more_pixels_than_a_picture_needs_is_not_decoded(self) -> None:
        from operator_console.inbox.picture_cells import NoPicture, decoded

        bomb = png((30_000, 30_000))
        assert len(bomb) < 200_000
        with pytest.raises(NoPicture):
            decoded(bomb, "#000000")

    @pytest.mark.parametrize(
        "content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, png((9, 9))[:-20]]
    )
    def test_what_is_broken_is_no_picture(self, content: bytes) -> None:
        from operator_console.inbox.picture_cells import NoPicture, decoded

        with pytest.raises(NoPicture):
            decoded(content, "#000000")

    def test_it_is_upright_in_its_proportions_and_at_most_twelve_lines_high(self) -> None:
        from operator_console.inbox.picture_cells import thumbnail

        made = io.BytesIO()
        Image.new("RGB", (400, 100), "red").save(
            made, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
        )
        shown = thumbnail(made.getvalue(), "#000000")
        assert len(shown.lines) == 12, "turned by its note, it is higher than wide"
        assert shown.width == 6

    def test_what_is_clear_lies_on_the_paper(self) -> None:
        from operator_console.inbox.picture_cells import decoded

        made = io.BytesIO()
        Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(made, "PNG")
        assert decoded(made.getvalue(), "#123456").getpixel((1, 1)) == (0x12, 0x34, 0x56)
