"""What the operator has sent: it is held for some seconds, goes out once, and can be taken back where it was refused.

A mixin below `Writing`. What is on its way stands below the feed until the stream brings it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from operator_console.drafts import Draft, Drafts
from operator_console.inbox.composer import Composer
from operator_console.inbox.doings import Doings
from operator_console.inbox.feed import Bubble, Feed, SendState
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.sheets import Choice, Picker
from operator_console.outgoing import Outgoing, OutgoingMessage
from operator_console.server_words import from_server
from operator_console.translation import _
from operator_console.visitor_names import called
from server_stub.protocol import Author, DialogSummary, FileRef, Me, Message

if TYPE_CHECKING:
    from operator_console.preferences import Preferences

COUNT_EVERY = 1.0
"""Seconds between two paintings of how long a message is still held."""
_STATES: dict[str, SendState] = {
    "held": "held",
    "pending": "sending",
    "refused": "refused",
    "sent": "sent",
}


class Sending(Doings):
    """Messages from Enter to the server's answer."""

    me: Me
    now: Callable[[], int]
    preferences: Preferences
    outgoing: Outgoing | None = None
    drafts: Drafts | None = None
    _opened = ""
    _feed: Feed | None = None
    _is_history = False
    _settling: dict[str, OutgoingMessage]
    """What the server has taken and the stream has not brought yet."""
    _uploaded: dict[str, FileRef]
    _held_timer: Timer | None = None
    _is_leaving = False

    @property
    def row(self) -> DialogSummary | None:
        return self.mirror.rows.get(self._opened)

    @property
    def feed(self) -> Feed | None:
        return self._feed

    @property
    def composer(self) -> Composer:
        """Where the operator writes."""
        return self.query_one(Composer)

    @property
    def feed_view(self) -> FeedView:
        """The conversation."""
        return self.query_one(FeedView)

    def begin_sending(self, folder: Path) -> None:
        """From now on messages can be sent; what an earlier console left goes out. Raises OSError."""
        self.drafts = Drafts(folder / "drafts.json")
        self.outgoing = Outgoing(
            self.desk.send, folder / "outgoing", clock=self.now, on_change=self.outgoing_changed
        )
        self.outgoing.start()
        for path in (*self.outgoing.set_aside, *([self.drafts.set_aside] if self.drafts.set_aside else [])):
            told = _("A file of unsent texts could not be read and was set aside: {path}")
            self.tell(told.format(path=path))
        self.show_unsent()

    async def leave_sending(self) -> None:
        """Before the console ends: what is held goes out, drafts are kept; what does not get through stays on disk."""
        self._is_leaving = True
        if self.drafts is not None:
            self.drafts.save()
        if self.outgoing is not None:
            await self.outgoing.let_go()
            await self.outgoing.close()

    # --- Sending ---

    def send_message(
        self,
        dialog: str,
        draft: Draft,
        *,
        mentions: tuple[str, ...] = (),
        send_at: int = 0,
    ) -> bool:
        """Queue what was written. Where that cannot be, it comes back into the composer, and False is returned."""
        if self.outgoing is None or not dialog or not self.may_change():
            self._give_back(draft)
            return False
        for file in draft.files:
            self._uploaded[file.id] = file
        is_held = not draft.note and not send_at
        try:
            self.outgoing.add(
                dialog,
                draft.text,
                note=draft.note,
                files=tuple(file.id for file in draft.files),
                mentions=mentions,
                send_at=send_at,
                read_up_to=self._read_up_to() if is_held else 0,
                hold=self.preferences.undo_seconds * 1000 if is_held else 0,
            )
        except OSError as error:
            self._give_back(draft)
            told = _("Not sent: it could not be kept on this machine ({reason}).")
            self.tell(told.format(reason=error.strerror or error))
            return False
        return True

    def _read_up_to(self) -> int:
        """The last message that is on the screen; where the conversation is still loading, what the list has told."""
        if self._feed is None:
            return self.row.seq if self.row is not None else 0
        return next((item.seq for item in reversed(self._feed.items) if isinstance(item, Bubble)), 0)

    def _give_back(self, draft: Draft) -> None:
        """Put what could not be sent back into the composer, before what is written there."""
        written = self.composer.text
        self.composer.set_note(draft.note)
        self.composer.put(f"{draft.text}\n{written}" if written else draft.text)
        for file in draft.files:
            self.composer.attach(file)

    async def let_go(self, dialog: str) -> None:
        """What is held of the dialog's messages (empty: of all) goes out now."""
        if self.outgoing is not None and self.outgoing.held(dialog) is not None:
            await self.outgoing.let_go(dialog)

    def outgoing_changed(self, item: OutgoingMessage, message: Message | None) -> None:
        """A message of ours was queued, let out, has arrived, or was refused."""
        if self._is_leaving:
            return  # the panes are gone already
        if message is not None and not message.send_at and (not message.seq or message.seq > self.mirror.seq):
            # The stream brings it in a moment: until then it stays where it is.
            self._settling[item.client_id] = item
        if item.dialog == self._opened or self._is_history:
            self._show_pending()
        if item.state == "refused" and item.dialog != self._opened:
            row = self.mirror.rows.get(item.dialog)
            if row is not None:
                told = _("Your message to {name} was refused. It is kept there; b takes it back.")
                self.tell(told.format(name=called(row.visitor_name, row.visitor)))
            else:
                self.tell(_("Your message in another dialog was refused. It is kept there; b takes it back."))
        self._watch_held()
        self.show_unsent()

    @abstractmethod
    def show_unsent(self) -> None:
        """How many messages wait for the connection has changed."""

    # --- What is on its way, below the feed ---

    def _show_pending(self) -> None:
        if self._feed is not None:
            change = self._feed.set_pending(self._pending())
            self.feed_view.take(change)

    def _pending(self) -> list[Bubble]:
        waiting: Iterable[OutgoingMessage] = self.outgoing.waiting(self._opened) if self.outgoing else ()
        settling = [item for item in self._settling.values() if item.dialog == self._opened]
        return [self._own_bubble(item) for item in (*settling, *waiting)]

    def _own_bubble(self, item: OutgoingMessage) -> Bubble:
        message = Message(
            id=item.client_id,
            dialog=item.dialog,
            visitor=self.row.visitor if self.row else "",
            author=Author("operator", self.me.id, self.me.name),
            at=item.at,
            text=item.text,
            note=item.note,
            files=tuple(self._uploaded[file] for file in item.files if file in self._uploaded),
            client_id=item.client_id,
            mentions=item.mentions,
            send_at=item.send_at,
        )
        reason = from_server(item.problem.detail) if item.problem else ""
        if item.state == "held":
            seconds = max(round((item.held_until - self.now()) / 1000), 0)
            reason = _("goes out in {seconds} s").format(seconds=seconds)
        return Bubble(0, item.at, message, _STATES[item.state], reason, item.was_overtaken)

    def _watch_held(self) -> None:
        """Count down while anything is held."""
        is_held = self.outgoing is not None and any(
            item.state == "held" for item in self.outgoing.waiting(self._opened)
        )
        if is_held and self._held_timer is None:
            self._held_timer = self.set_interval(COUNT_EVERY, self._count_held)
        elif not is_held and self._held_timer is not None:
            self._held_timer.stop()
            self._held_timer = None

    def _count_held(self) -> None:
        self._show_pending()
        self._watch_held()

    # --- Taking back ---

    @on(Composer.NothingWritten)
    def _send_now(self) -> None:
        """Enter, with nothing written: what is held goes out at once."""
        if self.outgoing is not None:
            self.outgoing.release(self._opened)

    @on(Composer.UndoWanted)
    def action_undo_send(self) -> None:
        """Take back the last message that is still held; where it is another dialog's, into its draft."""
        if self.outgoing is None:
            return
        held = self.outgoing.held(self._opened) or self.outgoing.held()
        if held is None:
            self.tell(_("Nothing can be taken back any more."))
        elif held.dialog == self._opened:
            self.take_back(held.client_id)
        elif self.outgoing.take_back(held.client_id) and self.drafts is not None:
            before = self.drafts.get(held.dialog)
            self.drafts.put(held.dialog, self._draft_of(held, before.text))
            row = self.mirror.rows.get(held.dialog)
            name = called(row.visitor_name, row.visitor) if row else held.dialog
            self.tell(_("Taken back: it is the draft for {name} now.").format(name=name))
            self.show_unsent()

    def action_take_back(self) -> None:
        waiting = self.outgoing.waiting(self._opened) if self.outgoing else ()
        refused = [item for item in waiting if item.state == "refused"]
        if not refused:
            self.tell(_("No message of this dialog was refused."))
        elif refused[-1].was_overtaken:
            self._ask_what_becomes_of(refused[-1])
        else:
            self.take_back(refused[-1].client_id)

    def _ask_what_becomes_of(self, item: OutgoingMessage) -> None:
        """A colleague was faster: the text comes back, or goes out all the same."""

        def chosen(value: str | None) -> None:
            if value == "back":
                self.take_back(item.client_id)
            elif value == "anyway":
                self.send_anyway(item.client_id)

        choices = [
            Choice("back", _("Take the text back"), _("into the composer, to change it")),
            Choice("anyway", _("Send it anyway"), _("as it is, behind the other answer")),
        ]
        self.app.push_screen(Picker(_("A colleague has answered meanwhile"), choices), chosen)

    @on(FeedView.TakenBack)
    def _taken_back(self, event: FeedView.TakenBack) -> None:
        self.take_back(event.client_id)

    @on(FeedView.SentAnyway)
    def _sent_anyway(self, event: FeedView.SentAnyway) -> None:
        self.send_anyway(event.client_id)

    def send_anyway(self, client_id: str) -> None:
        """Send a message that was refused since a colleague had answered in between."""
        try:
            if self.outgoing is not None and self.outgoing.send_anyway(client_id):
                self._show_pending()
                self.show_unsent()
        except OSError as error:
            told = _("Not sent: it could not be kept on this machine ({reason}).")
            self.tell(told.format(reason=error.strerror or error))

    def take_back(self, client_id: str) -> None:
        """Put the text of a message that did not arrive back into the composer, before what is written
        there.
        """
        item = self.outgoing.take_back(client_id) if self.outgoing else None
        if item is None:
            self.tell(_("It is on its way already."))
            return
        self._give_back(self._draft_of(item))
        self._show_pending()
        self._watch_held()
        self.show_unsent()
        self.set_focus(self.composer.text_area)

    def _draft_of(self, item: OutgoingMessage, written: str = "") -> Draft:
        files = tuple(self._uploaded[file] for file in item.files if file in self._uploaded)
        return Draft(f"{item.text}\n{written}" if written else item.text, item.note, files)
