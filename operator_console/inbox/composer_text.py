"""The text of the composer: several lines with a shell's keys, and colours where something is still to be filled in.

Enter is no character here, and the composer's own keys are the composer's. What is pasted is cleaned; a pasted path of
a file is told instead, for it may be meant as an attachment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import Location
from textual.message import Message
from textual.widgets import TextArea

from operator_console.actions import at_place
from operator_console.inbox.sheets import kind_of
from operator_console.replies.filling import HOLE
from operator_console.safe_text import safe_text
from operator_console.themes import palette_of
from server_stub.protocol import MAX_MESSAGE_CHARS

CHORD = "ctrl+x"
"""Begins `ctrl+x ctrl+e`, as in a shell; where text is selected it cuts."""
MAX_PATH = 1_000

OURS = {key for action in at_place("composer") for key in action.keys}

READLINE: tuple[tuple[str, str], ...] = (
    ("ctrl+b", "cursor_left"),
    ("ctrl+f", "cursor_right"),
    ("alt+b,alt+left", "cursor_word_left"),
    ("alt+f,alt+right", "cursor_word_right"),
    ("ctrl+k", "kill_to_end"),
    ("ctrl+u,super+backspace", "kill_to_start"),
    ("ctrl+w,ctrl+backspace,alt+backspace", "kill_word_left"),
    ("alt+d,alt+delete", "kill_word_right"),
    ("ctrl+y", "yank"),
    ("ctrl+shift+z,super+y", "redo"),
)
"""What a shell's line does and a text area does not, or otherwise."""


def _own_bindings() -> list[BindingType]:
    taken = OURS.union(*(keys.split(",") for keys, _ in READLINE), {CHORD})
    kept: list[BindingType] = [
        binding
        for binding in TextArea.BINDINGS
        if isinstance(binding, Binding) and not taken.intersection(binding.key.split(","))
    ]
    return [*kept, *(Binding(keys, action, show=False) for keys, action in READLINE)]


class ComposerText(TextArea, inherit_bindings=False):
    """The text itself. `called` are names that are coloured behind an @."""

    BINDINGS: ClassVar[list[BindingType]] = _own_bindings()

    @dataclass
    class PathPasted(Message):
        """What was pasted is the path of a file of this machine. `text` is how it was written, cleaned."""

        path: Path
        text: str

    @dataclass
    class EditorWanted(Message):
        """ctrl+x ctrl+e."""

    called: tuple[str, ...] = ()
    _killed = ""
    _is_chord = False

    # --- Keys ---

    def on_key(self, event: events.Key) -> None:
        is_chord, self._is_chord = self._is_chord, False
        if event.key == "enter":
            event.prevent_default()  # so that the table's binding sends, instead of a new line
        elif event.key == CHORD and not self.read_only:
            event.stop()
            event.prevent_default()
            if self.selected_text:
                self.action_cut()
            else:
                self._is_chord = True
        elif is_chord and event.key == "ctrl+e":
            event.stop()
            event.prevent_default()
            self.post_message(self.EditorWanted())

    def action_kill_to_end(self) -> None:
        """To the end of the line; at the end, the line's end itself."""
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if column < len(line):
            self._kill((row, column), (row, len(line)))
        elif row + 1 < self.document.line_count:
            self._kill((row, column), (row + 1, 0))

    def action_kill_to_start(self) -> None:
        row, column = self.cursor_location
        self._kill((row, 0), (row, column))

    def action_kill_word_left(self) -> None:
        self._kill(self.get_cursor_word_left_location(), self.cursor_location)

    def action_kill_word_right(self) -> None:
        row, column = self.cursor_location
        rest = self.document.get_line(row)[column:]
        word = re.match(r"\W*\w+", rest)
        if word is not None:
            self._kill((row, column), (row, column + word.end()))
        else:
            self.action_kill_to_end()

    def action_yank(self) -> None:
        """Put what was killed last where the cursor is."""
        if self._killed and not self.read_only:
            self.replace(self._killed, *self.selection)

    def _kill(self, start: Location, end: Location) -> None:
        if self.read_only:
            return
        if not self.selection.is_empty:
            start, end = sorted((self.selection.start, self.selection.end))
        if start != end:
            self._killed = self.get_text_range(start, end)
            self.delete(start, end, maintain_selection_offset=False)
            self.move_cursor(start)

    # --- What is around the cursor ---

    @property
    def before_cursor(self) -> str:
        """The cursor's line up to the cursor; empty while something is selected."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column] if self.selection.is_empty else ""

    def replace_before(self, length: int, text: str) -> None:
        """Put `text` in the place of the last `length` characters before the cursor."""
        row, column = self.cursor_location
        result = self.replace(text, (row, column - length), (row, column), maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    # --- Pasting ---

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_MESSAGE_CHARS, multiline=True)
        if not self.read_only and (path := pasted_path(event.text)) is not None:
            event.stop()
            event.prevent_default()
            self.post_message(self.PathPasted(path, event.text.strip()))

    # --- Colours ---

    def get_line(self, line_index: int) -> Text:
        line = super().get_line(line_index)
        text = line.plain
        if "{" in text or "@" in text:
            palette = palette_of(self.app.theme)
            for found in HOLE.finditer(text):
                line.stylize(f"bold {palette.hot}", found.start(), found.end())
            for name in self.called:
                for found in re.finditer(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE):
                    line.stylize(f"bold {palette.accent}", found.start(), found.end())
        return line


def pasted_path(pasted: str) -> Path | None:
    """The file whose path was pasted: as it is, in quotes, as file:// or with a shell's backslashes. Else None."""
    text = pasted.strip()
    if not text or len(text) > MAX_PATH or "\n" in text:
        return None
    if text[0] in "'\"" and text[-1] == text[0]:
        text = text[1:-1]
    elif text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    if not text.startswith(("/", "~/")) and not re.match(r"[A-Za-z]:\\", text):
        return None
    for written in (text, re.sub(r"\\(.)", r"\1", text)):
        path = Path(written).expanduser() if written.startswith("~/") else Path(written)
        if kind_of(path) == "file":
            return path
    return None
