"""What operators keep in mind about a person: a sheet to read, write and take away notes."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from operator_console.inbox.asking import Asking
from operator_console.inbox.times import clock, day
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from operator_console.visitor_names import called
from server_stub.protocol import Me, VisitorCard, VisitorNote, WriteVisitorNote

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

MAX_NOTE_CHARS = 5_000


class NoteText(TextArea):
    """A new note. Enter keeps it; Shift+Enter, Alt+Enter or Ctrl+J begin a line, as where messages are written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.keep", "Keep", show=False, priority=True),
        Binding("shift+enter,alt+enter,ctrl+j", "newline", "New line", show=False, priority=True),
        Binding("tab", "screen.focus_next", "Next", show=False, priority=True),
    ]

    def action_newline(self) -> None:
        self.insert("\n")

    def on_paste(self, event: events.Paste) -> None:
        event.text = safe_text(event.text, limit=MAX_NOTE_CHARS, multiline=True)


class NotesSheet(Asking, ModalScreen[None]):
    """The notes on one person. `noted` gets them as they are after each change."""

    CSS_PATH: ClassVar = ["../inbox/dialogs.tcss", "person.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("d,delete", "remove", "Remove", show=False),
    ]

    def __init__(
        self,
        desk: Desk,
        card: VisitorCard,
        *,
        me: Me,
        now: Callable[[], int],
        zone: tzinfo | None,
        read_only: bool,
        noted: Callable[[Sequence[VisitorNote]], None],
    ) -> None:
        super().__init__()
        self.notes = list(card.notes)
        self._desk = desk
        self._visitor = card.id
        self._called = str(called(card.name or card.email, card.id))
        self._me = me
        self._now = now
        self._zone = zone
        self._read_only = read_only
        self._noted = noted
        self._client_id = uuid.uuid4().hex
        """Of the note that is being written: sent again after a broken connection it is the same note."""
        self._to_remove = ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -wide") as sheet:
            sheet.border_title = Content(_("Notes on {name}").format(name=self._called)).markup
            if not self._read_only:
                yield NoteText(id="new-note", placeholder=_("what is good to know about him"), compact=True)
            yield OptionList(markup=False)

    def on_mount(self) -> None:
        self._fill()
        if self._read_only:
            self.query_one(OptionList).focus()

    def on_descendant_focus(self) -> None:
        self._say()

    def _say(self) -> None:
        """Below: what the keys do where the focus is."""
        if self._to_remove:
            words = _("d again takes it away · Esc keeps it")
        elif isinstance(self.focused, NoteText):
            words = _("⏎ keep · ⇧⏎ new line · Tab notes · Esc back")
        else:
            words = _("Esc back") if self._read_only else _("d take away · Tab write · Esc back")
        self.query_one(".sheet", Vertical).border_subtitle = words

    def _fill(self) -> None:
        choices = self.query_one(OptionList)
        choices.clear_options()
        choices.add_options([Option(self._shown(note), id=note.id) for note in self.notes])
        choices.highlighted = 0 if self.notes else None
        if not self.notes:
            choices.add_option(Option(Content(_("No note yet.")), disabled=True))

    def _shown(self, note: VisitorNote) -> Content:
        when = f"{day(note.at, self._now(), self._zone)} {clock(note.at, self._zone)}"
        text = safe_text(note.text, limit=MAX_NOTE_CHARS, multiline=True)
        who = safe_line(note.by.name, 60) or "—"
        return Content.assemble((f"{who} · {when}", "$desk-faint"), "\n", text, "\n")

    # --- Writing ---

    def action_keep(self) -> None:
        field = self.query_one(NoteText)
        text = field.text.strip()
        if not text:
            return
        if len(text) > MAX_NOTE_CHARS:
            self.tell(_("At most {count} characters.").format(count=MAX_NOTE_CHARS))
            return
        self.ask(self._write, text, group="note", exclusive=True)

    async def _write(self, text: str) -> None:
        note = await self._desk.note_visitor(self._visitor, WriteVisitorNote(self._client_id, text))
        self._client_id = uuid.uuid4().hex
        self.query_one(NoteText).text = ""
        self._changed([note, *(one for one in self.notes if one.id != note.id)])

    # --- Taking away ---

    def action_remove(self) -> None:
        choices = self.query_one(OptionList)
        at = choices.highlighted
        if self._read_only or at is None or at >= len(self.notes) or not choices.has_focus:
            return
        note = self.notes[at]
        if note.by.id != self._me.id and self._me.role not in ("owner", "admin"):
            self.tell(_("Only its author, or an admin, takes a note away."))
        elif self._to_remove != note.id:
            self._to_remove = note.id
            self._say()
        else:
            self._to_remove = ""
            self.ask(self._remove, note, group="note", exclusive=True)

    async def _remove(self, note: VisitorNote) -> None:
        await self._desk.remove_visitor_note(self._visitor, note.id)
        self._changed([one for one in self.notes if one.id != note.id])

    def on_option_list_option_highlighted(self) -> None:
        self._to_remove = ""
        self._say()

    def _changed(self, notes: list[VisitorNote]) -> None:
        self.notes = notes
        self._fill()
        self._say()
        self._noted(notes)

    def action_leave(self) -> None:
        if self._to_remove:
            self._to_remove = ""
            self._say()
        else:
            self.dismiss(None)
