"""What is done with a whole dialog (put off, handed back, joined, mailed), and with one message of it.

A mixin of `InboxScreen`, above `Writing`, which has the composer.
"""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import get_args
from uuid import uuid4

from textual import on

from operator_console.inbox.activity_words import stars
from operator_console.inbox.bars import TypingLine
from operator_console.inbox.composer import Composer
from operator_console.inbox.dialog_sheets import MomentPicker, snooze_choices
from operator_console.inbox.feed import Bubble
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.inbox.times import coming, day
from operator_console.inbox.writing import Writing
from operator_console.safe_text import safe_line, safe_text
from operator_console.translation import _
from server_stub.protocol import (
    MAX_MESSAGE_CHARS,
    ChangeDialog,
    DialogSummary,
    EditMessage,
    Priority,
    SendTranscript,
)

PRIORITIES: tuple[Priority, ...] = tuple(reversed(get_args(Priority)))
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class DialogDoings(Writing):
    """Keys of the open dialog, and of the message that is selected in it."""

    zone: tzinfo | None

    def _dialog(self) -> DialogSummary | None:
        """The open dialog, where it may be changed; says so where not."""
        if self.row is None:
            self.tell(_("No dialog is open."))
            return None
        return self.row if self.may_change() else None

    # --- The dialog ---

    def action_snooze(self) -> None:
        row = self._dialog()
        if row is None:
            return
        choices = snooze_choices(self.now(), self.zone)
        if row.status == "snoozed":
            choices.insert(0, Choice("wake", _("Wake it now"), _("it is open again")))

        def snooze(value: str | None) -> None:
            if value == "wake":
                self._change_dialog(ChangeDialog(status="open"), _("Open again."))
            elif value is not None:
                self._change_dialog(
                    ChangeDialog(status="snoozed", snooze_until=int(value)), self._snoozed(int(value))
                )

        self.app.push_screen(MomentPicker(_("Snooze until"), choices, self.now, self.zone), snooze)

    def _snoozed(self, until: int) -> str:
        if not until:
            return _("Snoozed until the visitor writes.")
        return _("Snoozed until {when}.").format(when=coming(until, self.now(), self.zone))

    def action_priority(self) -> None:
        row = self._dialog()
        if row is None:
            return
        names = {"low": _("Low"), "normal": _("Normal"), "high": _("High"), "urgent": _("Urgent")}
        choices = [
            Choice(priority, names[priority], _("as it is now") if priority == row.priority else "")
            for priority in PRIORITIES
        ]

        def put(value: str | None) -> None:
            for priority in PRIORITIES:
                if priority == value:
                    self._change_dialog(
                        ChangeDialog(priority=priority),
                        _("Priority: {priority}.").format(priority=names[priority].lower()),
                    )

        self.app.push_screen(Picker(_("Priority"), choices), put)

    def action_hand_back(self) -> None:
        row = self._dialog()
        if row is None:
            return
        if row.holder == "bot":
            self.tell(_("The bot leads this dialog already."))
        else:
            self._change_dialog(ChangeDialog(holder="bot"), _("Handed back to the bot."))

    def action_close_asking(self) -> None:
        row = self._dialog()
        if row is None:
            return
        if row.status == "closed":
            self.tell(_("The dialog is closed already. c opens it again."))
        else:
            self._change_dialog(
                ChangeDialog(status="closed", ask_rating=True),
                _("Closed, and the visitor is asked how we did."),
            )

    def action_join(self) -> None:
        row = self._dialog()
        if row is None:
            return
        rows = self.mirror.rows
        others = sorted(
            (rows[dialog] for dialog in self.mirror.dialogs_of(row.visitor) if dialog != row.id),
            key=lambda other: -other.last_at,
        )
        if not others:
            self.tell(_("The visitor has no other dialog."))
            return
        choices = [Choice(other.id, *self._told(other)) for other in others]

        def join(gone: str | None) -> None:
            if gone is None:
                return

            async def doing() -> None:
                await self.desk.merge_dialogs(row.id, gone)
                self.tell(_("Joined: both are this dialog now."))

            self.ask(doing)

        self.app.push_screen(Picker(_("Join to this dialog, for good"), choices), join)

    def _told(self, row: DialogSummary) -> tuple[str, str]:
        """A dialog in a list of his dialogs: when, what was said last; and how it stands."""
        status = {"open": _("open"), "snoozed": _("snoozed"), "closed": _("closed")}[row.status]
        rating = f" {stars(row.rating)}" if row.rating else ""
        when = day(row.last_at, self.now(), self.zone)
        return f"{when} · {safe_line(row.last_text, 60) or '—'}", status + rating

    def action_transcript(self) -> None:
        row = self._dialog()
        if row is None:
            return

        def check(values: tuple[str, ...]) -> str:
            return "" if _ADDRESS.fullmatch(values[0]) else _("This is no email address.")

        def mail(values: tuple[str, ...] | None) -> None:
            if values is None:
                return
            request = SendTranscript(uuid4().hex, values[0])

            async def doing() -> None:
                await self.desk.transcript(row.id, request)
                self.tell(_("The dialog goes to {address} by mail.").format(address=request.to))

            self.ask(doing)

        labels = (_("The whole dialog without its notes, to this address"),)
        title, keys = _("Transcript by mail"), _("⏎ send · Esc back")
        self.app.push_screen(
            Prompt(title, labels, values=(self.visitor_email(),), check=check, keys=keys), mail
        )

    def visitor_email(self) -> str:
        """The address of the visitor whose card is open; empty where none is known."""
        return ""

    # --- One message ---

    @property
    def chosen_bubble(self) -> Bubble | None:
        return self.feed_view.selected

    def action_select_message(self, by: int) -> None:
        if self.feed is None:
            self.tell(_("No dialog is open."))
            return
        self.feed_view.focus()
        self.feed_view.select(by)

    @on(FeedView.Selected)
    def _message_selected(self, event: FeedView.Selected) -> None:
        line = self.query_one(TypingLine)
        line.selected = self._what_can_be_done(event.message) if event.message is not None else ()
        line.refresh()

    def _what_can_be_done(self, bubble: Bubble) -> tuple[str, ...]:
        """Ids of actions that the selected message takes."""
        found: list[str] = []
        if bubble.message.deleted:
            return ("desk.back",)
        if self._is_own(bubble) and not self.read_only:
            found += ["message.edit", "message.delete"]
        return (*found, "message.copy", "desk.back")

    def _is_own(self, bubble: Bubble) -> bool:
        author = bubble.message.author
        return author.kind == "operator" and author.id == self.me.id and bubble.state in ("sent", "scheduled")

    @on(FeedView.Wanted)
    def _message_wanted(self, event: FeedView.Wanted) -> None:
        if event.what == "copy":
            self._copy(event.message)
        elif event.what == "open":
            self.offer([event.message])
        elif not self.may_change():
            return
        elif not self._is_own(event.message):
            self.tell(_("Only what you wrote yourself can be changed."))
        elif event.message.state == "scheduled":
            self.change_scheduled(event.message.message)
        elif event.what == "edit":
            self._edit(event.message)
        else:
            self._delete(event.message)

    def _edit(self, bubble: Bubble) -> None:
        message = bubble.message
        if message.dialog != self.composer.dialog:
            self.tell(_("This message stands in another dialog: open that one to change it."))
        elif not message.text:
            self.tell(_("There is no text in this message."))
        else:
            self.composer.edit(message.id, message.text, is_note=message.note)
            self.set_focus(self.composer.text_area)

    def _copy(self, bubble: Bubble) -> None:
        text = safe_text(bubble.message.text, limit=MAX_MESSAGE_CHARS, multiline=True)
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(_("Copied."))
        else:
            self.tell(_("There is no text in this message."))

    def _delete(self, bubble: Bubble) -> None:
        message = bubble.message
        if message.note:
            title, does = _("Delete this note?"), _("Delete it, for colleagues, too")
        else:
            title, does = _("Delete this message?"), _("Delete it, for the visitor, too")

        def delete(value: str | None) -> None:
            if value == "delete":
                self.ask(self.desk.delete_message, message.id)

        choices = [Choice("keep", _("Keep it")), Choice("delete", does)]
        self.app.push_screen(Picker(title, choices), delete)

    @on(Composer.Edited)
    def _edited_message(self, event: Composer.Edited) -> None:
        if not self.may_change():
            return

        async def doing() -> None:
            await self.desk.edit_message(event.message, EditMessage(event.text, event.mentions))

        self.feed_view.unselect()
        self.ask(doing)
