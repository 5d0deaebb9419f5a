"""The composer's text: the keys of a shell, several lines, pasted paths, and messages that are edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from operator_console.inbox.composer_text import pasted_path
from operator_console.inbox.own_editor import EditorProblem, editor_command


async def writing(console) -> None:
    await console.press("r")
    await console.until(lambda: console.inbox.composer.text_area.has_focus)


class TestReadlineKeys:
    @pytest.mark.parametrize(
        ("keys", "left"),
        [
            (("ctrl+a", "X"), "Xone two-three four"),
            (("ctrl+a", "ctrl+e", "X"), "one two-three fourX"),
            (("ctrl+b", "X"), "one two-three fouXr"),
            (("ctrl+a", "ctrl+f", "X"), "oXne two-three four"),
            (("ctrl+w",), "one two-three "),
            (("ctrl+w", "ctrl+y", "ctrl+y"), "one two-three fourfour"),
            (("ctrl+u",), ""),
            (("ctrl+u", "ctrl+y"), "one two-three four"),
            (("alt+b", "X"), "one two-three Xfour"),
            (("alt+b", "ctrl+k"), "one two-three "),
            (("ctrl+a", "alt+f", "X"), "oneX two-three four"),
            (("ctrl+a", "alt+d"), " two-three four"),
            (("ctrl+a", "alt+d", "alt+d", "ctrl+y"), " two-three four"),
            (("ctrl+a", "ctrl+d"), "ne two-three four"),
        ],
    )
    async def test_a_line_is_edited_as_in_a_shell(self, desks, console, keys, left) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            it.inbox.composer.put("one two-three four")
            await it.press(*keys)
            await it.until(lambda: it.inbox.composer.text == left, repr(it.inbox.composer.text))

    async def test_killing_at_the_end_of_a_line_joins_the_next_one(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            await it.type("one")
            await it.press("ctrl+j")
            await it.type("two")
            assert it.inbox.composer.text == "one\ntwo"
            await it.press("up", "ctrl+e", "ctrl+k")
            assert it.inbox.composer.text == "onetwo"

    async def test_ctrl_z_undoes_what_was_typed_and_ctrl_x_cuts_what_is_selected(
        self, desks, console
    ) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            await it.type("one")
            await it.press("shift+left", "shift+left", "ctrl+x")
            assert it.inbox.composer.text == "o"
            await it.press("ctrl+z")
            assert it.inbox.composer.text == "one"

    async def test_an_editor_needs_a_terminal_to_lend(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            await it.type("one")
            await it.press("f4")
            await it.until(lambda: it.notifications())
            assert "cannot be lent to an editor" in it.notifications()[-1]
            assert it.inbox.composer.text == "one"


class TestOnesOwnEditor:
    def test_visual_goes_before_editor_and_arguments_are_kept(self, monkeypatch) -> None:
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        assert editor_command() == ["vi"]
        monkeypatch.setenv("EDITOR", "nano")
        assert editor_command() == ["nano"]
        monkeypatch.setenv("VISUAL", "'my editor' --wait")
        assert editor_command() == ["my editor", "--wait"]
        monkeypatch.setenv("VISUAL", "'half")
        with pytest.raises(EditorProblem):
            editor_command()


class TestPastingAPath:
    def test_a_path_is_known_however_a_terminal_writes_it(self, tmp_path: Path) -> None:
        file = tmp_path / "my photo.png"
        file.write_bytes(b"x")
        for written in (f"{file}\n", f"'{file}'", f'"{file}"', str(file).replace(" ", "\\ "), file.as_uri()):
            assert pasted_path(written) == file
        for other in (
            str(tmp_path),
            "photo.png",
            f"{file}\nand text",
            "/no/such/file",
            "/" + "x" * 5_000,
            "",
        ):
            assert pasted_path(other) is None

    async def test_a_pasted_path_offers_to_attach_the_file_or_to_write_it(
        self, desks, console, tmp_path: Path
    ) -> None:
        file = tmp_path / "photo.png"
        file.write_bytes(b"x")
        async with console(desks.lively()) as it:
            await writing(it)
            it.app.post_message(events.Paste(str(file)))
            await it.sees("The path of a file was pasted", "Attach the file")
            await it.press("enter")
            await it.sees("⬇ photo.png")
            assert it.inbox.composer.text == ""
            it.app.post_message(events.Paste(str(file)))
            await it.sees("The path of a file was pasted")
            await it.press("down", "enter")
            await it.until(lambda: it.inbox.composer.text == str(file))

    async def test_other_text_is_pasted_cleaned(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            it.app.post_message(events.Paste("two\r\nlines\x1b[2J"))
            await it.until(lambda: it.inbox.composer.text)
            assert it.inbox.composer.text == "two\nlines\ufffd"


class TestEditing:
    async def test_what_was_being_written_comes_back_when_editing_ends(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await writing(it)
            await it.type("half")
            it.inbox.composer.edit("m1", "An older message", is_note=False)
            await it.sees("Editing a message", "Esc gives up")
            assert it.inbox.composer.draft.text == "half", "the draft is what was being written"
            await it.press("escape")
            await it.until(lambda: it.inbox.composer.text == "half")
            assert it.inbox.composer.text_area.has_focus


class TestDraftsKept:
    async def test_the_last_key_before_another_dialog_is_opened_is_kept_too(self, desks, console) -> None:
        async with console(desks.lively()) as it:
            await it.open("Sofia")
            dialog = it.inbox._opened
            await writing(it)
            it.inbox.composer.text_area.insert("half")
            other = next(row.id for row in it.inbox.mirror.rows.values() if row.visitor_name == "Mihkel Saar")
            it.inbox.open_dialog(other)
            await it.until(lambda: it.inbox.drafts.get(dialog).text == "half")
            assert it.inbox.composer.text == ""

    async def test_a_draft_that_was_to_be_a_note_comes_back_as_a_note_with_its_file(
        self, desks, console, tmp_path: Path
    ) -> None:
        file = tmp_path / "photo.png"
        file.write_bytes(b"x")
        async with console(desks.lively()) as it:
            await it.open("Sofia")
            await it.press("n")
            await it.until(lambda: it.inbox.composer.text_area.has_focus)
            await it.type("careful")
            it.app.post_message(events.Paste(str(file)))
            await it.sees("Attach the file")
            await it.press("enter")
            await it.sees("⬇ photo.png")
            await it.open("Mihkel Saar")
            await it.until(lambda: not it.inbox.composer.is_note and not it.inbox.composer.files)
            await it.open("Sofia")
            await it.sees("careful", "⬇ photo.png", "Note · only operators see it")

    async def test_a_new_snapshot_leaves_what_is_being_written_or_edited_as_it_is(
        self, desks, console
    ) -> None:
        desk = desks.lively()
        async with console(desk) as it:
            await writing(it)
            await it.type("half")
            it.inbox.composer.edit("m1", "An older message", is_note=False)
            snapshots = it.inbox.link.snapshots
            desk.start_over()
            await it.until(lambda: it.inbox._shown_snapshot > snapshots)
            await it.until(lambda: it.inbox.feed is not None)
            assert it.inbox.composer.text == "An older message"
            await it.press("escape")
            await it.until(lambda: it.inbox.composer.text == "half")
