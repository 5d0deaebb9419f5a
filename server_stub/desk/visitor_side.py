"""What a visitor does in the chat and with pop-ups."""

from __future__ import annotations

from msgspec.structs import replace

from scenarios_yaml.engine import stimuli
from server_stub.desk import conversations, ratings
from server_stub.desk.attachments import attach
from server_stub.desk.identities import visitor_of
from server_stub.desk.people import Person
from server_stub.desk.reactions import moved, tell, would_take
from server_stub.desk.telling import SYSTEM
from server_stub.desk.tracking import anonymous
from server_stub.desk.transaction import Later, Transaction
from server_stub.protocol import (
    MAX_MESSAGE_CHARS,
    Author,
    DialogSummary,
    Holder,
    Message,
    Origin,
    PopupEnded,
    Receipt,
    Welcome,
    WidgetLook,
)
from server_stub.work import (
    GreetVisitor,
    Rejected,
    VisitorChooses,
    VisitorEndsPopup,
    VisitorSees,
    VisitorWrites,
)

FRAME = "w:"
"""Prefix of the widget's frame ids among the ids that count once."""
MESSAGES_AT_WELCOME = 200
MOST_ORIGINS = 200
"""Of how many messages a receipt tells where they come from."""


def frame_key(anonymous_id: str, frame: str) -> str:
    return f"{FRAME}{anonymous_id}:{frame}"


def writes(tx: Transaction, work: VisitorWrites) -> Message:
    key = frame_key(work.anonymous_id, work.frame)
    if made := tx.seen(key):
        return _stored(tx, made)
    check_text(work.text, work.files)
    person = visitor_of(tx, anonymous(work.anonymous_id), work.at)
    _check_not_blocked(person)
    person = tx.put(replace(person, last_at=max(person.last_at, work.at)))
    author = Author("visitor", person.id, person.name)
    dialog = _dialog_to_write_in(tx, person, author, work)
    message_id = tx.new_id("m")
    message = tx.send(
        Message(
            id=message_id,
            dialog=dialog.id,
            visitor=person.id,
            author=author,
            at=work.at,
            text=work.text,
            files=attach(tx, work.files, "visitor", message_id),
            client_id=work.frame,
        )
    )
    tx.remember(key, message.id)
    names = tuple(file.name for file in message.files)
    taken = tell(tx, person.id, stimuli.Wrote(work.text, message.id, names), work.at, by=author)
    now = tx.known_dialog(dialog.id)
    if not taken and now.holder == "bot" and now.status == "open":
        now = conversations.change(tx, now, SYSTEM, work.at, holder="people", reason="no scenario answers")
        moved(tx, now, work.at)
    return message


def _dialog_to_write_in(
    tx: Transaction, person: Person, author: Author, work: VisitorWrites
) -> DialogSummary:
    """The dialog that a message of the visitor belongs to. A new one is people's unless a scenario will answer."""
    dialog = _wake(tx, person, author, work.at)
    if dialog is not None:
        return dialog
    holder: Holder = "bot" if would_take(tx, person.id, stimuli.Wrote(work.text), work.at) else "people"
    last = conversations.last_dialog_of(tx, person)
    if last is not None and conversations.can_be_taken_up(last, work.at):
        dialog = conversations.change(tx, last, author, work.at, status="open", holder=holder)
    else:
        dialog = conversations.open_dialog(tx, person, author, holder, work.at)
    moved(tx, dialog, work.at)
    return tx.known_dialog(dialog.id)


def chooses(tx: Transaction, work: VisitorChooses) -> None:
    key = frame_key(work.anonymous_id, work.frame)
    if tx.seen(key) is not None:
        return
    person = _present(tx, work.anonymous_id)
    message = tx.message(work.message)
    if message is None or message.visitor != person.id:
        raise Rejected("not_found", "There is no such question.", status=404, field="message")
    if all(option.id != work.option for option in message.options):
        raise Rejected("invalid", "The question has no such answer.", field="option")
    _check_not_blocked(person)
    tx.remember(key)
    if message.chosen == work.option:
        return
    if message.chosen or message.closed:
        raise Rejected("conflict", "The question has been answered, or waits no longer.", status=409)
    person = tx.put(replace(person, last_at=max(person.last_at, work.at)))
    if ratings.is_question(message):
        ratings.take(tx, message, work.option, work.at)
        return
    author = Author("visitor", person.id, person.name)
    _wake(tx, person, author, work.at)
    tell(tx, person.id, stimuli.Chose(work.message, work.option), work.at, by=author)
    now = tx.message(work.message)
    if now is not None and not now.chosen and not now.closed:
        raise Rejected("conflict", "The question waits no longer.", status=409)


def _wake(tx: Transaction, person: Person, author: Author, at: int) -> DialogSummary | None:
    """His dialog that is not closed, if any; one that operators had put off is open again."""
    dialog = conversations.open_dialog_of(tx, person)
    return dialog and conversations.change(tx, dialog, author, at, status="open")


def ends_popup(tx: Transaction, work: VisitorEndsPopup) -> None:
    """A pop-up that is gone already is gone: nobody is told off for closing it late."""
    key = frame_key(work.anonymous_id, work.frame)
    if tx.seen(key) is not None:
        return
    person = _present(tx, work.anonymous_id)
    tx.remember(key)
    popup = person.popup
    if popup is None or popup.id != work.popup:
        return
    if work.outcome == "submitted":
        for shown in popup.fields:
            if shown.required and not str(work.fields.get(shown.name) or "").strip():
                raise Rejected(
                    "missing", f"{shown.label or shown.name} is missing.", field=f"fields.{shown.name}"
                )
    known = {shown.name for shown in popup.fields}
    fields = {name: value for name, value in work.fields.items() if name in known}
    tx.put(replace(person, popup=None, last_at=max(person.last_at, work.at)))
    tx.record(PopupEnded(popup.id, popup.scenario, work.outcome, fields), work.at, person.id)
    author = Author("visitor", person.id, person.name)
    tell(tx, person.id, stimuli.PopupEnded(popup.id, work.outcome, fields), work.at, by=author)


def sees(tx: Transaction, work: VisitorSees) -> None:
    """Receipts only rise, and never above the last message."""
    visitor = tx.identity("anonymous", work.anonymous_id)
    person = tx.person(visitor) if visitor else None
    dialog = conversations.last_dialog_of(tx, person) if person else None
    if person is None or dialog is None:
        return
    up_to = min(work.up_to, tx.last_seq)
    before = dialog.seen_up_to if work.state == "seen" else dialog.delivered_up_to
    if up_to <= before:
        return
    delivered, seen = _origins(tx, dialog, up_to, seen=work.state == "seen")
    receipt = Receipt("visitor", work.state, up_to, delivered=delivered, seen=seen)
    tx.record(receipt, work.at, person.id, dialog.id)
    name = "Message Seen" if work.state == "seen" else "Message Delivered"
    tell(tx, person.id, stimuli.Happened(name, {"dialog_id": dialog.id, "channel": "chat"}, work.at), work.at)


def _origins(
    tx: Transaction, dialog: DialogSummary, up_to: int, *, seen: bool
) -> tuple[tuple[Origin, ...], tuple[Origin, ...]]:
    """Where the scenarios' messages come from that the visitor is delivered, and that he sees, with a receipt up to the
    message seq `up_to`. What is seen has been delivered, too."""
    begin = min(dialog.delivered_up_to, dialog.seen_up_to) if seen else dialog.delivered_up_to
    spoken = tx.spoken_between(dialog.id, begin, up_to)[-MOST_ORIGINS:]
    found = [(message.seq, message.origin) for message in spoken if message.origin is not None]
    return (
        tuple(origin for seq, origin in found if seq > dialog.delivered_up_to),
        tuple(origin for seq, origin in found if seen and seq > dialog.seen_up_to),
    )


def greet(_tx: Transaction, work: GreetVisitor) -> Later:
    """Read after the commit: what is in this batch is part of it, what comes later is published later."""

    def welcome(now: Transaction) -> Welcome:
        visitor = now.identity("anonymous", work.anonymous_id)
        return _welcome(now, now.person(visitor) if visitor else None, work.after)

    return Later(welcome)


def _welcome(tx: Transaction, person: Person | None, after: int) -> Welcome:
    site = tx.settings.site
    online = tx.world.operators_online > 0
    if person is None:
        return Welcome("", site.locale, WidgetLook(), online)
    dialog = conversations.last_dialog_of(tx, person)
    return Welcome(
        token="",
        locale=str(person.state.properties.get("locale") or site.locale),
        look=WidgetLook(),
        online=online,
        messages=_missed(tx, person.id, after),
        popup=person.popup,
        seen_up_to=dialog.seen_up_to if dialog else 0,
        dialog_status=conversations.status_for_visitor(dialog.status) if dialog else "none",
    )


def _missed(tx: Transaction, visitor: str, after: int) -> tuple[Message, ...]:
    """What is new to a page that knows all up to `after`, and what of that was changed or taken away."""
    messages = tx.store.visitor_messages(visitor, 0, MESSAGES_AT_WELCOME, deleted=after > 0)
    return tuple(
        conversations.for_visitor(message)
        for message in messages
        if (message.edited_at or message.deleted if message.seq <= after else not message.deleted)
    )


def check_text(text: str, files: tuple[str, ...]) -> None:
    """Raises Rejected for a message that says nothing, or too much."""
    if not text.strip() and not files:
        raise Rejected("empty", "The message is empty.", field="text")
    if len(text) > MAX_MESSAGE_CHARS:
        detail = f"The message has {len(text):,} characters; {MAX_MESSAGE_CHARS:,} are possible."
        raise Rejected("too_long", detail, status=413, field="text")


def _check_not_blocked(person: Person) -> None:
    if person.blocked:
        raise Rejected("blocked", "Messages are not taken here.", status=403)


def _present(tx: Transaction, anonymous_id: str) -> Person:
    visitor = tx.identity("anonymous", anonymous_id)
    person = tx.person(visitor) if visitor else None
    if person is None:
        raise Rejected("not_found", "There is no such visitor.", status=404)
    return person


def _stored(tx: Transaction, message: str) -> Message:
    found = tx.message(message)
    if found is None:
        raise Rejected("not_found", "The message is gone.", status=404)
    return found
