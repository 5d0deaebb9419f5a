"""A conversation as a list of items: what the feed's entries come to. Knows no screen.

Messages keep the state in which they are now: an option that was taken is marked on its question, receipts
become marks. Items are in the order of the journal; what is on its way to the server stands behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from msgspec import UNSET
from msgspec.structs import replace as changed

from operator_console.inbox.event_words import OUTCOMES
from server_stub.protocol import (
    Author,
    DialogChanged,
    DialogOpened,
    Entry,
    Message,
    MessageChanged,
    MessageSent,
    PopupEnded,
    PopupShown,
    QuestionClosed,
    Receipt,
)

SendState: TypeAlias = Literal["sent", "sending", "refused"]


@dataclass(slots=True)
class Bubble:
    """A message or note. `state` and `reason` are of those that this console is sending."""

    seq: int
    at: int
    message: Message
    state: SendState = "sent"
    reason: str = ""


@dataclass(slots=True)
class Activity:
    """What happened in a dialog without a message. `quoted` may be words of others, raw; it stands behind
    `text`.
    """

    seq: int
    at: int
    text: str
    who: Author = Author("system")  # noqa: RUF009  immutable
    quoted: tuple[str, ...] = ()
    is_start: bool = False
    """A dialog begins here: a rule is drawn."""


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

    def _take(self, entry: Entry, change: FeedChange | None = None) -> None:
        change = change or FeedChange()
        body = entry.what
        if isinstance(body, MessageSent):
            self._take_message(entry, body.message, change)
        elif isinstance(body, MessageChanged):
            self._change_message(body.message, change, chosen=body.chosen)
        elif isinstance(body, QuestionClosed):
            self._change_message(body.message, change, closed=True)
        elif isinstance(body, Receipt):
            self._take_receipt(entry.dialog, body, change)
        elif (activity := self._activity(entry)) is not None:
            self.items.append(activity)

    def _activity(self, entry: Entry) -> Activity | None:
        body = entry.what
        if isinstance(body, PopupShown):
            self._popups[body.popup.id] = body.popup.title
            return Activity(entry.seq, entry.at, "Pop-up shown", quoted=(body.popup.title,))
        if isinstance(body, PopupEnded):
            return _popup_ended(entry, body, self._popups.get(body.popup, body.scenario))
        if isinstance(body, DialogOpened):
            return _opened(entry, body)
        return _dialog_change(entry, body) if isinstance(body, DialogChanged) else None

    def _change_message(self, message: str, change: FeedChange, **fields: Any) -> None:
        if bubble := self._bubbles.get(message):
            bubble.message = changed(bubble.message, **fields)
            change.items.add(self._index(bubble))

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
        if message.client_id and any(sent.message.client_id == message.client_id for sent in self.pending):
            self.pending = [sent for sent in self.pending if sent.message.client_id != message.client_id]
            change.pending = True

    def _index(self, wanted: Item) -> int:
        for index in range(len(self.items) - 1, -1, -1):
            if self.items[index] is wanted:
                return index
        return 0


def _opened(entry: Entry, body: DialogOpened) -> Activity:
    by = {"visitor": "the visitor", "bot": "the scenario", "operator": "", "system": ""}[body.by.kind]
    text = "Dialog opened" + (f" by {by}" if by else "")
    quoted = (body.by.name,) if body.by.kind in ("bot", "operator") and body.by.name else ()
    return Activity(entry.seq, entry.at, text, body.by, quoted, is_start=True)


SAID_ALREADY = ("", "assigned", "handed over")
"""Reasons that tell no more than the change itself."""


def _dialog_change(entry: Entry, body: DialogChanged) -> Activity:
    """One line for all that changed; the actor is named by whoever paints it."""
    parts: list[str] = []
    if body.holder == "people":
        parts.append("Handed over to people" if body.by.kind != "operator" else "Taken over from the bot")
    elif body.holder == "bot":
        parts.append("Handed back to the bot")
    if body.team is not UNSET and body.team:
        parts += ["team", body.team]
    if body.assignee is not UNSET and body.assignee and body.assignee == body.by.id:
        parts.append("taken")
    elif body.assignee is not UNSET:
        parts += ["assigned to", body.assignee] if body.assignee else ["assigned to nobody"]
    if body.tags_added:
        parts += ["tagged", ", ".join(body.tags_added)]
    if body.tags_removed:
        parts += ["untagged", ", ".join(body.tags_removed)]
    if body.status == "closed":
        parts.append("closed")
    elif body.status == "open":
        parts.append("opened again")
    if body.reason not in SAID_ALREADY:
        parts.append(body.reason)
    return Activity(entry.seq, entry.at, "", body.by, tuple(parts))


def _popup_ended(entry: Entry, body: PopupEnded, title: str) -> Activity:
    values: tuple[Any, ...] = tuple(f"{name}: {value}" for name, value in body.fields.items())
    return Activity(entry.seq, entry.at, OUTCOMES.get(body.outcome, "Pop-up ended"), quoted=(title, *values))
