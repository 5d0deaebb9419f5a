"""Where an operator writes: a text of several lines, as a message or as a note, with files.

Enter sends. Up on the first line brings back what was sent before, as in a shell. The text belongs to
whoever types it, so it is a TextArea; only what is pasted into it has been cleaned. While something is being completed
(completing.py), its keys move in the list of what fits, and Enter takes from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from msgspec import structs
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from operator_console.actions import bindings
from operator_console.drafts import Draft
from operator_console.inbox.completing import CompletionList
from operator_console.inbox.completions import called_in
from operator_console.inbox.composer_offers import OfferingComposer
from operator_console.inbox.composer_text import ComposerText
from operator_console.inbox.feed_lines import size_text
from operator_console.inbox.sent_before import SentBefore
from operator_console.replies.filling import holes_in
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from server_stub.protocol import MAX_MESSAGE_CHARS, FileRef

COUNT_FROM = MAX_MESSAGE_CHARS * 4 // 5
"""From so many characters on the count is shown."""


@dataclass(frozen=True, slots=True)
class Editing:
    """A message that is being changed. `before` is what was being written when that began."""

    message: str
    text: str
    is_note: bool
    before: Draft


class Composer(OfferingComposer):
    """Text, note mode and files of one dialog at a time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("composer")

    @dataclass
    class Sent(Message):
        """The operator has sent this. `files` are stored on the server already; `mentions` are whom a note calls."""

        dialog: str
        text: str
        is_note: bool
        files: tuple[FileRef, ...]
        mentions: tuple[str, ...] = ()

    @dataclass
    class Edited(Message):
        """A message was changed to this text."""

        dialog: str
        message: str
        text: str
        is_note: bool
        mentions: tuple[str, ...] = ()

    @dataclass
    class Typed(Message):
        """What is written is another now: keep it as the draft."""

        dialog: str
        draft: Draft

    @dataclass
    class HolesLeft(Message):
        """There are places that are still to be filled in; send it only where that is meant."""

        holes: tuple[str, ...]

    @dataclass
    class NothingWritten(Message):
        """Enter, where nothing is written: what is held goes out at once."""

    @dataclass
    class UndoWanted(Message):
        """Undo, where nothing is written: what was sent last is to come back."""

    @dataclass
    class AttachWanted(Message):
        """A file is to be chosen."""

    @dataclass
    class LaterWanted(Message):
        """What is written is to be sent later; where nothing is, what waits is to be shown."""

    @dataclass
    class SaveWanted(Message):
        """What is written is to be kept as a saved reply."""

        text: str

    @dataclass
    class EditorWanted(Message):
        """What is written is to be changed in the operator's own editor."""

    @dataclass
    class Left(Message):
        """Back to the conversation."""

    @dataclass
    class TooLong(Message):
        """The text is longer than a message may be."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.dialog = ""
        self.editing: Editing | None = None
        self.files: list[FileRef] = []
        self._before = SentBefore()

    def compose(self) -> ComposeResult:
        yield Static("", id="composer-warning", markup=False)
        yield CompletionList(id="composer-offers")
        yield Static("", id="composer-files", markup=False)
        yield ComposerText(
            "",
            id="composer-text",
            compact=True,
            soft_wrap=True,
            highlight_cursor_line=False,
            placeholder=Content(""),
            tab_behavior="focus",
        )

    def on_mount(self) -> None:
        self._dress()

    @property
    def text(self) -> str:
        """What is written now."""
        return self.text_area.text

    @property
    def draft(self) -> Draft:
        """What is written now, with all that belongs to it; what was written before, while a message is edited."""
        if self.editing is not None:
            return self.editing.before
        return Draft(self.text, self.is_note, tuple(self.files))

    # --- Data down ---

    def begin(self, dialog: str, draft: Draft) -> None:
        """Another dialog, with its draft."""
        if self.dialog:
            self._tell_draft()  # the last key may not have been told yet
        self.dialog = dialog
        self.editing = None
        self._before.stop()
        self._set_draft(draft)

    def _set_draft(self, draft: Draft) -> None:
        self.files = list(draft.files)
        self.set_class(False, "-editing")
        self.set_note(draft.note)
        self.put(draft.text)
        self._show_files()

    def edit(self, message: str, text: str, *, is_note: bool) -> None:
        """Change a message that was sent: Enter keeps the new text, Escape gives up. What was being written comes back
        afterwards.
        """
        before = self.draft
        self.editing = Editing(message, text, is_note, before)
        self.files = []
        self._show_files()
        self.set_class(True, "-editing")
        self.set_note(is_note)
        self.put(text)

    def end_editing(self) -> None:
        """Back to what was being written before."""
        if self.editing is not None:
            before, self.editing = self.editing.before, None
            self._set_draft(before)

    def put(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        area = self.text_area
        area.load_text(safe_text(text, limit=MAX_MESSAGE_CHARS, multiline=True))
        area.move_cursor(area.document.end)
        self.offers.hide()

    def set_note(self, is_note: bool) -> None:
        """Write a note, or a message."""
        self.is_note = is_note
        self.set_class(is_note, "-note")
        self.offers.ground = "bubble_note" if is_note else "paper"
        self._dress()

    def set_usable(self, usable: bool, why: str = "") -> None:
        """Without a dialog, or read-only, nothing can be written."""
        area = self.text_area
        area.read_only = not usable
        area.can_focus = usable
        self.set_class(not usable, "-off")
        area.placeholder = Content(why) if why else Content(self._placeholder())

    def warn(self, warning: str, *, is_urgent: bool) -> None:
        """A cleaned line above the text; empty: none."""
        line = self.query_one("#composer-warning", Static)
        line.update(Content(warning))
        line.set_class(is_urgent, "-urgent")
        line.display = bool(warning)

    def attach(self, file: FileRef) -> None:
        """Add an uploaded file to what will be sent."""
        self.files.append(file)
        self._show_files()
        self._tell_draft()

    def _placeholder(self) -> str:
        if self.is_note:
            return _("A note for your colleagues. The visitor never sees it. @ calls one of them.")
        return _("Write to the visitor…  / finds a saved reply")

    def _dress(self) -> None:
        if not self.is_mounted:
            return
        title = _("Note · only operators see it") if self.is_note else _("Message")
        if self.editing is not None:
            title = _("Editing a note") if self.is_note else _("Editing a message")
        self.border_title = title
        self.text_area.placeholder = Content(self._placeholder())
        sources = self.sources
        self.text_area.called = (
            tuple(one.name for one in sources.operators() if one.name) if self.is_note and sources else ()
        )
        self.show_count()

    def _show_files(self) -> None:
        line = self.query_one("#composer-files", Static)
        names = [f"⬇ {safe_line(file.name, 60)} {size_text(file.size)}" for file in self.files]
        removes = "   " + _("⌫ removes") if names else ""
        line.update(Content("  ".join(names) + removes))
        line.display = bool(names)

    def show_count(self) -> None:
        count = len(self.text)
        self.set_class(count > MAX_MESSAGE_CHARS, "-too-long")
        if count >= COUNT_FROM:
            said = _("{count} of {most} characters").format(count=f"{count:,}", most=f"{MAX_MESSAGE_CHARS:,}")
        elif self.offers.is_open:
            said = _("⏎ takes it · Esc gives up")
        elif self.editing is not None:
            said = _("⏎ keep · Esc gives up")
        else:
            said = _("⏎ save the note") if self.is_note else _("⏎ send · ⌥⏎ new line")
        self.border_subtitle = said

    # --- Intent up ---

    def _tell_draft(self) -> None:
        self.post_message(self.Typed(self.dialog, self.draft))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.show_count()
        self.replace_whole_emoji()
        self.look()
        self._tell_draft()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        event.stop()
        self.look()

    def on_descendant_blur(self) -> None:
        self.offers.hide()

    def action_send(self) -> None:
        if self.is_completing:
            self.take_offer()
        elif self.ready_to_send():
            holes = holes_in(self.text) if not self.is_note else ()
            if holes:
                self.post_message(self.HolesLeft(holes))
            else:
                self.send_away()

    def ready_to_send(self) -> bool:
        """Whether there is something to send, and not too much."""
        text = self.text.strip("\n")
        if not text.strip() and not self.files:
            self.post_message(self.NothingWritten())
            return False
        if len(text) > MAX_MESSAGE_CHARS:
            self.post_message(self.TooLong())
            return False
        return True

    def send_away(self) -> None:
        """Send what is written, as it is."""
        text = self.text.strip("\n")
        mentions = self._called_in(text) if self.is_note else ()
        editing = self.editing
        if editing is not None:
            self.post_message(self.Edited(self.dialog, editing.message, text, editing.is_note, mentions))
            self.end_editing()
            return
        draft = self.empty()
        self.post_message(self.Sent(self.dialog, text, draft.note, draft.files, mentions))

    def _called_in(self, note: str) -> tuple[str, ...]:
        """Ids of the colleagues whom the note calls."""
        return called_in(note, self.sources.operators(), self.sources.me()) if self.sources else ()

    def empty(self) -> Draft:
        """Take all out of the composer. What was written can be brought back by Up."""
        draft = structs.replace(self.draft, text=self.text.strip("\n"))
        self._before.add(draft.text)
        self.files = []
        self._show_files()
        self.put("")
        self.set_note(False)
        return draft

    def action_newline(self) -> None:
        self.text_area.insert("\n")

    def action_toggle_note(self) -> None:
        if self.editing is None:
            self.set_note(not self.is_note)
            self._tell_draft()

    def action_attach(self) -> None:
        self.post_message(self.AttachWanted())

    def action_later(self) -> None:
        self.post_message(self.LaterWanted())

    def action_save_reply(self) -> None:
        self.post_message(self.SaveWanted(self.text.strip("\n")))

    def action_editor(self) -> None:
        self.post_message(self.EditorWanted())

    def action_undo(self) -> None:
        if self.text or self.files:
            self.text_area.undo()
        else:
            self.post_message(self.UndoWanted())

    def action_leave(self) -> None:
        if self.give_up_offers():
            return
        if self.editing is not None:
            self.end_editing()
        else:
            self.post_message(self.Left())

    def action_older(self) -> None:
        area = self.text_area
        if self.is_completing:
            self.offers.move(-1)
        elif area.cursor_at_first_line and (
            not area.text or self._before.is_browsing or area.cursor_at_start_of_text
        ):
            if (older := self._before.older(area.text)) is not None:
                self.put(older)
        else:
            area.action_cursor_up()

    def action_newer(self) -> None:
        area = self.text_area
        if self.is_completing:
            self.offers.move(1)
        elif self._before.is_browsing and area.cursor_at_last_line:
            self.put(self._before.newer())
        else:
            area.action_cursor_down()

    def on_key(self, event: events.Key) -> None:
        if event.key == "backspace" and not self.text and self.files:
            self.files.pop()
            self._show_files()
            self._tell_draft()
