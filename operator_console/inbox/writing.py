"""What the operator writes: drafts are kept, messages go out once each, refused ones can be taken back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from operator_console.drafts import Drafts
from operator_console.inbox.composer import Composer
from operator_console.inbox.doings import Doings
from operator_console.inbox.feed import Bubble, Feed, SendState
from operator_console.inbox.feed_view import FeedView
from operator_console.outgoing import Outgoing, OutgoingMessage
from operator_console.visitor_names import called
from server_stub.protocol import Author, DialogSummary, FileRef, Me, Message

if TYPE_CHECKING:
    from collections.abc import Callable


class Writing(Doings):
    """The composer's part. What is on its way stands below the feed until the stream brings it."""

    me: Me
    now: Callable[[], int]
    outgoing: Outgoing | None = None
    drafts: Drafts | None = None
    _opened = ""
    _feed: Feed | None = None
    _is_history = False
    _settling: dict[str, OutgoingMessage]
    """What the server has taken and the stream has not brought yet."""
    _uploaded: dict[str, FileRef]

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
            self.tell(f"A file of unsent texts could not be read and was set aside: {path}")
        self.show_unsent()

    @on(Composer.Typed)
    def _typed(self, event: Composer.Typed) -> None:
        if self.drafts is None or not event.dialog:
            return
        if event.text and event.text != self.drafts.get(event.dialog) and not self.composer.is_note:
            self.ask(self.desk.type_in, event.dialog, group="typing", quietly=True)
        self.drafts.put(event.dialog, event.text)

    @on(Composer.Sent)
    def _send(self, event: Composer.Sent) -> None:
        if self.outgoing is None or not event.dialog or not self.may_change():
            self.composer.put(event.text)
            return
        for file in event.files:
            self._uploaded[file.id] = file
        try:
            files = tuple(file.id for file in event.files)
            self.outgoing.add(event.dialog, event.text, note=event.is_note, files=files)
        except OSError as error:
            self.composer.put(event.text)
            self.tell(f"Not sent: it could not be kept on this machine ({error.strerror}).")

    @on(Composer.TooLong)
    def _too_long(self) -> None:
        self.tell("The text is longer than one message may be. Send it in two.")

    @on(Composer.AttachWanted)
    def _attach_file(self) -> None:
        self.pick_file(self.composer.attach)

    def outgoing_changed(self, item: OutgoingMessage, message: Message | None) -> None:
        """A message of ours was queued, has arrived, or was refused."""
        if message is not None and (not message.seq or message.seq > self.mirror.seq):
            # The stream brings it in a moment: until then it stays where it is.
            self._settling[item.client_id] = item
        if item.dialog == self._opened or self._is_history:
            self._show_pending()
        if item.state == "refused" and item.dialog != self._opened:
            row = self.mirror.rows.get(item.dialog)
            to = f"to {called(row.visitor_name, row.visitor)}" if row else "in another dialog"
            self.tell(f"Your message {to} was refused. It is kept there; b takes it back.")
        self.show_unsent()

    @abstractmethod
    def show_unsent(self) -> None:
        """How many messages wait for the connection has changed."""

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
        )
        state: SendState = "sent"
        if item.state != "sent":
            state = "refused" if item.state == "refused" else "sending"
        return Bubble(0, item.at, message, state, item.problem.detail if item.problem else "")

    def action_take_back(self) -> None:
        waiting = self.outgoing.waiting(self._opened) if self.outgoing else ()
        refused = [item for item in waiting if item.state == "refused"]
        if refused:
            self.take_back(refused[-1].client_id)
        else:
            self.tell("No message of this dialog was refused.")

    @on(FeedView.TakenBack)
    def _taken_back(self, event: FeedView.TakenBack) -> None:
        self.take_back(event.client_id)

    def take_back(self, client_id: str) -> None:
        """Put the text of a message that did not arrive back into the composer, before what is written
        there.
        """
        item = self.outgoing.take_back(client_id) if self.outgoing else None
        if item is None:
            return
        written = self.composer.text
        self.composer.put(f"{item.text}\n{written}" if written else item.text)
        self.composer.set_note(item.note)
        self._show_pending()
        self.show_unsent()
        self.set_focus(self.composer.text_area)

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
            self.tell("Choose a dialog first.")
            return False
        return self.may_change()
