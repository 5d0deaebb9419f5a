"""Where an operator writes: a text of several lines, as a message or as a note, with files.

Enter sends. Up on the first line brings back what was sent before, as in a shell. The text belongs to
whoever types it, so it is a TextArea; only what is pasted into it has been cleaned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from operator_console.actions import at_place, bindings
from operator_console.inbox.feed_lines import size_text
from operator_console.safe_text import safe_line, safe_text
from server_stub.protocol import MAX_MESSAGE_CHARS, FileRef

HISTORY = 100
"""Sent texts that Up brings back."""
COUNT_FROM = MAX_MESSAGE_CHARS * 4 // 5
"""From so many characters on the count is shown."""


OURS = {key for action in at_place("composer") for key in action.keys}


class ComposerText(TextArea, inherit_bindings=False):
    """The text itself. Enter is no character here, and the composer's keys are the composer's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and not OURS.intersection(binding.key.split(","))
    ]

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.prevent_default()  # so that the table's binding sends, instead of a new line

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_MESSAGE_CHARS, multiline=True)


class Composer(Vertical):
    """Text, note mode and files of one dialog at a time."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("composer")

    @dataclass
    class Sent(Message):
        """The operator has sent this. `files` are stored on the server already."""

        dialog: str
        text: str
        is_note: bool
        files: tuple[FileRef, ...]

    @dataclass
    class Typed(Message):
        """The text is another now: keep it as the draft."""

        dialog: str
        text: str

    @dataclass
    class AttachWanted(Message):
        """A file is to be chosen."""

    @dataclass
    class Left(Message):
        """Back to the conversation."""

    @dataclass
    class TooLong(Message):
        """The text is longer than a message may be."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.dialog = ""
        self.is_note = False
        self.files: list[FileRef] = []
        self._sent: list[str] = []
        self._browsed = 0
        self._unsent = ""

    def compose(self) -> ComposeResult:
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
    def text_area(self) -> ComposerText:
        """The text field."""
        return self.query_one(ComposerText)

    @property
    def text(self) -> str:
        """What is written now."""
        return self.text_area.text

    # --- Data down ---

    def begin(self, dialog: str, draft: str) -> None:
        """Another dialog: its draft, no note, no files."""
        self.dialog = dialog
        self.files = []
        self._browsed = 0
        self.set_note(False)
        self.put(draft)
        self._show_files()

    def put(self, text: str) -> None:
        """Replace the text; the cursor goes to its end."""
        area = self.text_area
        area.load_text(safe_text(text, limit=MAX_MESSAGE_CHARS, multiline=True))
        area.move_cursor(area.document.end)

    def set_note(self, is_note: bool) -> None:
        """Write a note, or a message."""
        self.is_note = is_note
        self.set_class(is_note, "-note")
        self._dress()

    def set_usable(self, usable: bool, why: str = "") -> None:
        """Without a dialog, or read-only, nothing can be written."""
        area = self.text_area
        area.read_only = not usable
        area.can_focus = usable
        self.set_class(not usable, "-off")
        area.placeholder = Content(why) if why else Content(self._placeholder())

    def attach(self, file: FileRef) -> None:
        """Add an uploaded file to what will be sent."""
        self.files.append(file)
        self._show_files()

    def _placeholder(self) -> str:
        if self.is_note:
            return "A note for your colleagues. The visitor never sees it."
        return "Write to the visitor…"

    def _dress(self) -> None:
        if not self.is_mounted:
            return
        self.border_title = "Note · only operators see it" if self.is_note else "Message"
        self.text_area.placeholder = Content(self._placeholder())
        self._show_count()

    def _show_files(self) -> None:
        line = self.query_one("#composer-files", Static)
        names = [f"⬇ {safe_line(file.name, 60)} {size_text(file.size)}" for file in self.files]
        line.update(Content("  ".join(names) + ("   ⌫ removes" if names else "")))
        line.display = bool(names)

    def _show_count(self) -> None:
        count = len(self.text)
        self.set_class(count > MAX_MESSAGE_CHARS, "-too-long")
        if count >= COUNT_FROM:
            self.border_subtitle = f"{count:,} of {MAX_MESSAGE_CHARS:,} characters"
        else:
            self.border_subtitle = "⏎ save the note" if self.is_note else "⏎ send · ⌥⏎ new line"

    # --- Intent up ---

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._show_count()
        self.post_message(self.Typed(self.dialog, self.text))

    def action_send(self) -> None:
        text = self.text.strip("\n")
        if not text.strip() and not self.files:
            return
        if len(text) > MAX_MESSAGE_CHARS:
            self.post_message(self.TooLong())
            return
        files = tuple(self.files)
        if text.strip():
            self._sent = [*self._sent[-HISTORY:], text]
        self._browsed = 0
        self.files = []
        self._show_files()
        self.post_message(self.Sent(self.dialog, text, self.is_note, files))
        self.text_area.load_text("")
        if self.is_note:
            self.set_note(False)

    def action_newline(self) -> None:
        self.text_area.insert("\n")

    def action_toggle_note(self) -> None:
        self.set_note(not self.is_note)

    def action_attach(self) -> None:
        self.post_message(self.AttachWanted())

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def action_older(self) -> None:
        area = self.text_area
        is_at_edge = area.cursor_at_first_line and (
            not area.text or self._browsed or area.cursor_at_start_of_text
        )
        if not is_at_edge or self._browsed >= len(self._sent):
            area.action_cursor_up()
            return
        if not self._browsed:
            self._unsent = area.text
        self._browsed += 1
        self.put(self._sent[-self._browsed])

    def action_newer(self) -> None:
        area = self.text_area
        if not self._browsed or not area.cursor_at_last_line:
            area.action_cursor_down()
            return
        self._browsed -= 1
        self.put(self._sent[-self._browsed] if self._browsed else self._unsent)

    def on_key(self, event: events.Key) -> None:
        if event.key == "backspace" and not self.text and self.files:
            self.files.pop()
            self._show_files()
