"""Operators speak in a dialog: an answer to the visitor, or a note to each other. And what follows from it."""

from __future__ import annotations

from msgspec import UNSET

from scenarios_yaml.engine import stimuli
from server_stub.desk import conversations
from server_stub.desk.attachments import attach
from server_stub.desk.reactions import moved, tell
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, DialogSummary, FileRef, Message, Receipt
from server_stub.work import Rejected


def say(
    tx: Transaction,
    dialog: DialogSummary,
    author: Author,
    at: int,
    text: str,
    *,
    files: tuple[FileRef, ...] = (),
    client_id: str = "",
    message_id: str = "",
) -> Message:
    """Answer the visitor. It opens a closed dialog, takes it from a bot, and makes it the author's if it is nobody's.

    A snoozed one stays so: who sends a last word and puts the dialog off has put it off. Raises Rejected.
    """
    dialog = _take(tx, dialog, author, at)
    message = tx.send(
        Message(
            id=message_id or tx.new_id("m"),
            dialog=dialog.id,
            visitor=dialog.visitor,
            author=author,
            at=at,
            text=text,
            files=files,
            client_id=client_id,
        )
    )
    tell(tx, dialog.visitor, stimuli.OperatorWrote(author.id, at), at)
    sent = {"dialog_id": dialog.id, "operator": author.name, "channel": "chat"}
    tell(tx, dialog.visitor, stimuli.Happened("Message Sent", sent, at), at)
    return message


def note(
    tx: Transaction,
    dialog: DialogSummary,
    author: Author,
    at: int,
    text: str,
    *,
    mentions: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
    client_id: str = "",
) -> Message:
    """Write what only operators see. `mentions` are checked already."""
    message_id = tx.new_id("m")
    return tx.send(
        Message(
            id=message_id,
            dialog=dialog.id,
            visitor=dialog.visitor,
            author=author,
            at=at,
            text=text,
            note=True,
            files=attach(tx, files, "operator", message_id),
            client_id=client_id,
            mentions=mentions,
        )
    )


def checked_mentions(tx: Transaction, author: Author, mentions: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, and not the author, who knows. Raises Rejected for one who is no operator."""
    for operator in mentions:
        if tx.operator(operator) is None:
            raise Rejected("invalid", f"There is no operator {operator[:80]!r}.", field="mentions")
    return tuple(operator for operator in dict.fromkeys(mentions) if operator != author.id)


def _take(tx: Transaction, dialog: DialogSummary, author: Author, at: int) -> DialogSummary:
    if dialog.status == "closed":
        check_none_open(tx, dialog)
    changed = conversations.change(
        tx,
        dialog,
        author,
        at,
        status="open" if dialog.status == "closed" else UNSET,
        holder="people",
        assignee=dialog.assignee or author.id,
    )
    moved(tx, changed, at)
    return tx.known_dialog(dialog.id)


def check_none_open(tx: Transaction, dialog: DialogSummary) -> None:
    """Raises Rejected where another dialog of the visitor is open: this one cannot be beside it."""
    other = conversations.open_dialog_of(tx, tx.known_person(dialog.visitor))
    if other is not None and other.id != dialog.id:
        raise Rejected(
            "conflict",
            "The visitor has another open dialog.",
            status=409,
            hint=f"Go on in dialog {other.id}.",
        )


def see(tx: Transaction, dialog: DialogSummary, author: Author, up_to: int, at: int) -> None:
    """Whoever answers, or says so, has seen everything up to there. Only what changes is recorded: that less is unread,
    or that a note which calls him has been looked at."""
    is_read = dialog.unread and len(tx.unread_after(dialog.id, up_to)) < dialog.unread
    if is_read or author.id in dialog.mentioned:
        tx.record(Receipt("operator", "seen", up_to, author.id), at, dialog.visitor, dialog.id)
