"""Messages that are sent later: when, and what becomes of those that wait.

A mixin below `Writing`. What waits stands at the end of the feed, whichever console planned it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from textual import on

from operator_console.inbox.composer import Composer
from operator_console.inbox.composing_sheets import LaterSheet
from operator_console.inbox.sending import Sending
from operator_console.inbox.sheets import Choice, Picker
from operator_console.inbox.times import coming
from operator_console.translation import _
from server_stub.protocol import EditMessage, Message

AT_ONCE = 1
"""A moment that is past, whatever the server's clock says: a message that waited until then is sent."""


class Scheduling(Sending):
    """Send later, and change or cancel what waits."""

    zone: tzinfo | None

    @on(Composer.LaterWanted)
    def _later(self) -> None:
        if not self.composer.text.strip() and not self.composer.files:
            self.action_scheduled()
        elif self.composer.is_note or self.composer.editing is not None:
            self.tell(_("Only a message to the visitor can be sent later."))
        elif self.may_change() and self.composer.ready_to_send():
            dialog = self.composer.dialog

            def chosen(moment: int | None) -> None:
                if moment is not None and self.composer.dialog == dialog:
                    self._plan(dialog, moment)

            self._ask_when(_("Send it later"), chosen)

    def _plan(self, dialog: str, moment: int) -> None:
        if self.send_message(dialog, self.composer.empty(), send_at=moment):
            self.tell(_("It is sent {when}.").format(when=coming(moment, self.now(), self.zone)))

    def _ask_when(self, title: str, then: Callable[[int | None], None], moment: int = 0) -> None:
        self.app.push_screen(LaterSheet(title, self.now, self.zone, moment), then)

    # --- What waits ---

    def action_scheduled(self) -> None:
        """Choose one of the dialog's messages that wait, and what becomes of it."""
        if self.row is None:
            self.tell(_("Choose a dialog first."))
        else:
            self.ask(self._show_scheduled, self.row.id)

    async def _show_scheduled(self, dialog: str) -> None:
        waiting = {message.id: message for message in await self.desk.scheduled(dialog)}
        if not waiting:
            self.tell(_("Nothing waits to be sent in this dialog. Write it, then Ctrl+T says when."))
            return
        choices = [
            Choice(one.id, coming(one.send_at, self.now(), self.zone), one.text or _("(files)"))
            for one in sorted(waiting.values(), key=lambda one: one.send_at)
        ]

        def chosen(message: str | None) -> None:
            if message is not None:
                self.change_scheduled(waiting[message])

        if len(choices) == 1:
            self.change_scheduled(next(iter(waiting.values())))
        else:
            self.app.push_screen(Picker(_("Messages that wait to be sent"), choices), chosen)

    def change_scheduled(self, message: Message) -> None:
        """Ask what becomes of a message that waits: another time, another text, now, or not at all."""
        doings: dict[str, Callable[[Message], None]] = {
            "when": self._change_when,
            "text": self._change_text,
            "now": self._send_scheduled_now,
            "cancel": self._cancel_scheduled,
        }
        choices = [
            Choice("when", _("Another time"), coming(message.send_at, self.now(), self.zone)),
            Choice("text", _("Another text"), message.text),
            Choice("now", _("Send it now")),
            Choice("cancel", _("Do not send it"), _("its text comes back into an empty composer")),
        ]

        def chosen(value: str | None) -> None:
            if value is not None and self.may_change():
                doings[value](message)

        self.app.push_screen(Picker(_("A message that waits to be sent"), choices), chosen)

    def _change_when(self, message: Message) -> None:
        def chosen(moment: int | None) -> None:
            if moment is not None:
                self._edit_scheduled(message, message.text, moment)

        self._ask_when(_("Send it at another time"), chosen, message.send_at)

    def _change_text(self, message: Message) -> None:
        if message.dialog == self.composer.dialog:
            self.composer.edit(message.id, message.text, is_note=False)
            self.set_focus(self.composer.text_area)

    def _send_scheduled_now(self, message: Message) -> None:
        self._edit_scheduled(message, message.text, AT_ONCE)

    def _edit_scheduled(self, message: Message, text: str, moment: int) -> None:
        async def doing() -> None:
            await self.desk.edit_message(message.id, EditMessage(text=text, send_at=moment))
            if moment > self.now():
                self.tell(_("It is sent {when}.").format(when=coming(moment, self.now(), self.zone)))

        self.ask(doing)

    def _cancel_scheduled(self, message: Message) -> None:
        async def doing() -> None:
            await self.desk.delete_message(message.id)
            if message.dialog == self.composer.dialog and not self.composer.draft:
                self.composer.put(message.text)
            self.tell(_("It is not sent."))

        self.ask(doing)
