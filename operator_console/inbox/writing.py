"""What the operator writes: drafts are kept, notes call colleagues, texts are changed in his own editor.

The mixins below say what becomes of it: `Replying` (saved replies and macros), `Scheduling` (sent later), `Colleagues`
(who else is there), `Sending` (from Enter to the server's answer).
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on

from operator_console.drafts import Draft
from operator_console.inbox.colleagues import Colleagues
from operator_console.inbox.composer import Composer
from operator_console.inbox.composer_text import ComposerText
from operator_console.inbox.own_editor import EditorProblem, edited_outside
from operator_console.inbox.replying import Replying
from operator_console.inbox.scheduling import Scheduling
from operator_console.inbox.sheets import Choice, Picker
from operator_console.safe_text import safe_line
from operator_console.translation import _

if TYPE_CHECKING:
    from operator_console.app import OperatorApp

SAY_TYPING_EVERY = 1.0
"""Seconds. The desk's client speaks still less often."""


class Writing(Replying, Scheduling, Colleagues):
    """The composer's part."""

    _typing_told: tuple[str, float] = ("", 0.0)
    """Of which dialog the desk was told last that something is typed, and when."""

    def begin_writing(self, dialog: str) -> None:
        """A dialog is opened: its draft. Where it was open before, what is being written stays as it is."""
        if self.composer.dialog != dialog:
            self.composer.begin(dialog, self.drafts.get(dialog) if self.drafts else Draft(""))
        self.forget_colleagues()
        self._watch_held()

    @on(Composer.Typed)
    def _typed(self, event: Composer.Typed) -> None:
        if self.drafts is None or not event.dialog:
            return
        draft = event.draft
        if draft.text and draft.text != self.drafts.get(event.dialog).text and not draft.note:
            self._say_typing(event.dialog)
        self.drafts.put(event.dialog, draft)

    def _say_typing(self, dialog: str) -> None:
        told, now = self._typing_told, time.monotonic()
        if told[0] != dialog or now - told[1] >= SAY_TYPING_EVERY:
            self._typing_told = (dialog, now)
            self.ask(self.desk.type_in, dialog, group="typing", quietly=True)

    @on(Composer.Sent)
    def _send(self, event: Composer.Sent) -> None:
        draft = Draft(event.text, event.is_note, event.files)
        self.send_message(event.dialog, draft, mentions=event.mentions)

    @on(Composer.TooLong)
    def _too_long(self) -> None:
        self.tell(_("The text is longer than one message may be. Send it in two."))

    # --- Files ---

    @on(Composer.AttachWanted)
    def _attach_file(self) -> None:
        self.pick_file(self.composer.attach)

    @on(ComposerText.PathPasted)
    def _path_pasted(self, event: ComposerText.PathPasted) -> None:
        """A file was dragged here, or its path copied: it may be meant as an attachment, or as words."""
        if self.app.is_web:
            self.composer.text_area.insert(event.text)
            return

        async def upload(path: Path) -> None:
            self.composer.attach(await self.desk.upload(path))

        def chosen(value: str | None) -> None:
            if value == "attach" and self.may_change():
                self.ask(upload, event.path)
            elif value == "text":
                self.composer.text_area.insert(event.text)

        choices = [
            Choice("attach", _("Attach the file"), event.path.name),
            Choice("text", _("Write its path"), event.text),
        ]
        self.app.push_screen(Picker(_("The path of a file was pasted"), choices), chosen)

    # --- One's own editor ---

    @on(Composer.EditorWanted)
    @on(ComposerText.EditorWanted)
    def action_own_editor(self) -> None:
        """Change what is written in $VISUAL or $EDITOR. The console goes on behind it, without painting."""
        if self._can_write() and not self.is_kept_from_browser():
            self.ask(self._edit_outside, self.composer.dialog, group="editor", exclusive=True)

    async def _edit_outside(self, dialog: str) -> None:
        composer = self.composer
        try:
            text = await edited_outside(cast("OperatorApp", self.app), composer.text)
        except EditorProblem as error:
            self.tell(safe_line(error, 300))
        else:
            if composer.dialog == dialog:
                composer.put(text)
                self.set_focus(composer.text_area)

    # --- To the composer ---

    def action_reply(self) -> None:
        if self._can_write():
            self.composer.set_note(False)
            self.set_focus(self.composer.text_area)

    def action_note(self) -> None:
        if self._can_write():
            self.composer.set_note(True)
            self.set_focus(self.composer.text_area)

    def _can_write(self) -> bool:
        if self.row is None:
            self.tell(_("Choose a dialog first."))
            return False
        return self.may_change()
