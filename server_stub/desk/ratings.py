"""How did we do? A question to the visitor after his dialog was closed, and his answer.

It is the desk's own: no scenario asks it, and none is told of the answer.
"""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.desk.people import text_property
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, DialogRated, DialogSummary, Message, Option

QUESTIONS = {
    "en": "How did we do? 1 is poor, 5 is excellent.",
    "ru": "Как мы справились? 1 – плохо, 5 – отлично.",
}
SCORES = (1, 2, 3, 4, 5)


def ask(tx: Transaction, dialog: DialogSummary, at: int) -> Message:
    """The question, in the visitor's language as far as we speak it, else in the shop's."""
    site = tx.settings.site
    said = text_property(tx.known_person(dialog.visitor).state, "locale")[:2].lower()
    language = said if said in QUESTIONS else site.locale
    return tx.send(
        Message(
            id=tx.new_id("m"),
            dialog=dialog.id,
            visitor=dialog.visitor,
            author=Author("bot", name=site.bot_name),
            at=at,
            text=QUESTIONS.get(language, QUESTIONS["en"]),
            options=tuple(Option(str(score), str(score)) for score in SCORES),
            input="rating",
        )
    )


def is_question(message: Message) -> bool:
    """Whether it is ours: a scenario's questions carry the scenario's id."""
    return message.author.kind == "bot" and not message.author.id and message.input == "rating"


def take(tx: Transaction, message: Message, option: str, at: int) -> None:
    """The visitor has pressed one of its options."""
    tx.mine.messages[message.id] = replace(message, chosen=option)
    tx.record(DialogRated(message.id, int(option)), at, message.visitor, message.dialog)
