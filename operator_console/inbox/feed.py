"""A conversation as a list of items: what the feed's entries come to. Knows no screen.

Messages keep the state in which they are now: an option that was taken is marked on its question, receipts
become marks. Items are in the order of the journal; what is on its way to the server stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from msgspec.structs import replace as changed

from operator_console.inbox.activity_words import (
    Said,
    cancelled_words,
    changed_words,
    merged_words,
    opened_words,
    popup_ended_words,
    popup_words,
    rated_words,
)
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogMerged,
    DialogOpened,
    DialogRated,
    Entry,
    Message,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageScheduled,
    MessageSent,
    PopupEnded,
    PopupShown,
    QuestionClosed,
    Receipt,
    ScheduleCancelled,
)

SendState: TypeAlias = Literal["sent", "held", "sending", "refused", "scheduled"]


@dataclass(slots=True)
class Bubble:
    """A message or note. `state` and `reason` are of those that are on their way, or wait for their time."""

    seq: int
    at: int
    message: Message
    state: SendState = "sent"
    reason: str = ""
    may_go_anyway: bool = False
    """It was refused only because a colleague had answered in between."""


@dataclass(slots=True)
class Activity:
    """What happened in a dialog without a message. `who` did it; the system where nobody is to be named."""

    seq: int
    at: int
    said: tuple[Said, ...]
    who: Author = Author("system")  # noqa: RUF009  immutable
    is_start: bool = False
    """A dialog begins here."""


Item: TypeAlias = Bubble | Activity


@dataclass(slots=True)
class FeedChange:
    """What a change did to the items: the first index from which all are new, single ones, or all marks."""

    appended: int = 0
    prepended: int = 0
    items: set[int] = field(default_factory=set)
    marks: bool = False
    pending: bool = False


class Feed:
    """The items of one dialog, or of all dialogs of one visitor (`visitor` set)."""

    def __init__(self, dialog: str, visitor: str = "") -> None:
        self.dialog = dialog
        self.visitor = visitor
        self.items: list[Item] = []
        self.pending: list[Bubble] = []
        """What is on its way to the server."""
        self.scheduled: list[Bubble] = []
        """What waits for its time, the earliest first."""
        self.new_from = 0
        """The seq of the first message that nobody had read when the dialog was opened; 0: all were read."""
        self.first_seq = 0
        self.last_seq = 0
        self.more = False
        """The server has older entries."""
        self.delivered_up_to: dict[str, int] = {}
        self.seen_up_to: dict[str, int] = {}
        """By dialog: message seqs that the visitor has got, and has looked at."""
        self._bubbles: dict[str, Bubble] = {}
        self._popups: dict[str, str] = {}

    def wants(self, entry: Entry) -> bool:
        """Whether the entry belongs here."""
        return entry.visitor == self.visitor if self.visitor else entry.dialog == self.dialog

    def prepend(self, entries: Sequence[Entry], *, more: bool) -> FeedChange:
        """An older page, oldest first."""
        self.more = more
        older = Feed(self.dialog, self.visitor)
        older._popups = self._popups
        for entry in entries:
            if not self.first_seq or entry.seq < self.first_seq:
                older._take(entry)
        self.items[:0] = older.items
        self._bubbles |= older._bubbles
        for mine, theirs in (
            (self.seen_up_to, older.seen_up_to),
            (self.delivered_up_to, older.delivered_up_to),
        ):
            for dialog, seq in theirs.items():
                mine[dialog] = max(mine.get(dialog, 0), seq)
        if entries:
            self.first_seq = min(self.first_seq or entries[0].seq, entries[0].seq)
            self.last_seq = max(self.last_seq, entries[-1].seq)
        return FeedChange(prepended=len(older.items), marks=True)

    def append(self, entries: Iterable[Entry]) -> FeedChange:
        """Newer entries from the stream; those that are here already change nothing."""
        change = FeedChange()
        for entry in entries:
            if entry.seq <= self.last_seq:
                continue
            self.last_seq = entry.seq
            before = len(self.items)
            self._take(entry, change)
            change.appended += len(self.items) - before
        return change

    def set_pending(self, pending: Sequence[Bubble]) -> FeedChange:
        """What is on its way, oldest first. What has arrived is left out by its `client_id`."""
        here = {item.message.client_id for item in self.items[-200:] if isinstance(item, Bubble)}
        self.pending = [bubble for bubble in pending if bubble.message.client_id not in here]
        return FeedChange(pending=True)

    def set_scheduled(self, messages: Iterable[Message]) -> FeedChange:
        """The dialog's messages that wait to be sent, as the server has them."""
        self.scheduled = sorted((_waiting(message) for message in messages), key=lambda bubble: bubble.at)
        return FeedChange(pending=True)

    def mark_new(self, unread: int) -> FeedChange:
        """The visitor's last `unread` messages are new; 0: none is."""
        before, self.new_from = self.new_from, 0
        for item in reversed(self.items):
            if not unread:
                break
            if isinstance(item, Bubble) and item.message.author.kind == "visitor":
                self.new_from = item.seq
                unread -= 1
        return FeedChange(marks=True) if before != self.new_from else FeedChange()

    @property
    def tail(self) -> list[Bubble]:
        """What stands behind the items: on its way, then what waits for its time."""
        return [*self.pending, *self.scheduled]

    def bubbles(self) -> list[Bubble]:
        """All messages that are shown, in their order."""
        return [item for item in (*self.items, *self.tail) if isinstance(item, Bubble)]

    def mark(self, bubble: Bubble) -> Literal["", "delivered", "seen"]:
        """What the visitor has of one of our messages."""
        dialog = bubble.message.dialog
        if bubble.seq <= self.seen_up_to.get(dialog, 0):
            return "seen"
        return "delivered" if bubble.seq <= self.delivered_up_to.get(dialog, 0) else ""

    def last_visitor_seq(self) -> int:
        """The seq of the newest message by the visitor; 0 where there is none."""
        for item in reversed(self.items):
            if isinstance(item, Bubble) and item.message.author.kind == "visitor":
                return item.seq
        return 0

    def last_message_seq(self) -> int:
        """The seq of the newest message or note; 0 where there is none."""
        return next((item.seq for item in reversed(self.items) if isinstance(item, Bubble)), 0)

    def _take(self, entry: Entry, change: FeedChange | None = None) -> None:
        change = change or FeedChange()
        body = entry.what
        if isinstance(body, MessageSent):
            self._take_message(entry, body.message, change)
        elif isinstance(body, MessageScheduled):
            self._schedule(body.message, change)
        elif isinstance(body, Receipt):
            self._take_receipt(entry.dialog, body, change)
        elif isinstance(body, MessageChanged | QuestionClosed | MessageEdited | MessageDeleted):
            self._take_change(entry, body, change)
        elif (activity := self._activity(entry)) is not None:
            self.items.append(activity)
            if isinstance(body, ScheduleCancelled):
                self._unschedule(body.message, change)
            elif isinstance(body, DialogRated):
                self._change_message(body.message, change, chosen=str(body.score))

    def _activity(self, entry: Entry) -> Activity | None:
        said = self._said(entry)
        if not said:
            return None
        by = getattr(entry.what, "by", Author("system"))
        is_start = isinstance(entry.what, DialogOpened)
        return Activity(entry.seq, entry.at, said, by, is_start)

    def _said(self, entry: Entry) -> tuple[Said, ...]:
        match entry.what:
            case PopupShown() as body:
                self._popups[body.popup.id] = body.popup.title
                return popup_words(body)
            case PopupEnded() as body:
                return popup_ended_words(body, self._popups.get(body.popup, body.scenario))
            case DialogOpened() as body:
                return opened_words(body)
            case DialogChanged() as body:
                return changed_words(body)
            case DialogMerged() as body:
                return merged_words(body)
            case DialogRated() as body:
                return rated_words(body)
            case ScheduleCancelled() as body:
                return cancelled_words(body)
        return ()

    def _take_change(
        self,
        entry: Entry,
        body: MessageChanged | QuestionClosed | MessageEdited | MessageDeleted,
        change: FeedChange,
    ) -> None:
        """What became of a message that is here."""
        match body:
            case MessageChanged():
                self._change_message(body.message, change, chosen=body.chosen)
            case QuestionClosed():
                self._change_message(body.message, change, closed=True)
            case MessageEdited():
                self._change_message(
                    body.message, change, text=body.text, mentions=body.mentions, edited_at=entry.at
                )
            case MessageDeleted():
                gone: dict[str, Any] = {"options": (), "buttons": (), "files": (), "mentions": ()}
                self._change_message(body.message, change, deleted=True, text="", image="", **gone)

    def _change_message(self, message: str, change: FeedChange, **fields: Any) -> None:
        if bubble := self._bubbles.get(message):
            bubble.message = changed(bubble.message, **fields)
            change.items.add(self._index(bubble))

    def _schedule(self, message: Message, change: FeedChange) -> None:
        self._unschedule(message.id, change)
        self.scheduled = sorted([*self.scheduled, _waiting(message)], key=lambda bubble: bubble.at)
        change.pending = True

    def _unschedule(self, message: str, change: FeedChange) -> None:
        left = [bubble for bubble in self.scheduled if bubble.message.id != message]
        change.pending = change.pending or len(left) != len(self.scheduled)
        self.scheduled = left

    def _take_receipt(self, dialog: str, receipt: Receipt, change: FeedChange) -> None:
        if receipt.side == "visitor":
            sides = [self.delivered_up_to] + [self.seen_up_to] * (receipt.state == "seen")
            for side in sides:
                side[dialog] = max(side.get(dialog, 0), receipt.up_to)
            change.marks = True

    def _take_message(self, entry: Entry, message: Message, change: FeedChange) -> None:
        bubble = Bubble(entry.seq, entry.at, message)
        self._bubbles[message.id] = bubble
        self.items.append(bubble)
        self._unschedule(message.id, change)
        if message.client_id and any(sent.message.client_id == message.client_id for sent in self.pending):
            self.pending = [sent for sent in self.pending if sent.message.client_id != message.client_id]
            change.pending = True

    def _index(self, wanted: Item) -> int:
        for index in range(len(self.items) - 1, -1, -1):
            if self.items[index] is wanted:
                return index
        return 0


def _waiting(message: Message) -> Bubble:
    """A message that is sent at its `send_at`."""
    return Bubble(0, message.send_at, message, "scheduled")
