"""What may be added to a tree, where, with a name and a line of help for each: the “add” menu."""

from __future__ import annotations

from msgspec import Struct

from operator_console.designer.outline.rows import Row
from operator_console.translation import _, marked
from scenarios_yaml.language.steps import KINDS

STEPS = {
    "say": (marked("Chat message"), marked("Says something in the chat; with answers to choose from it asks.")),
    "ask": (marked("Question"), marked("Asks in the chat for an email, a number or a text, and keeps the answer.")),
    "popup": (marked("Pop-up"), marked("Shows a window over the page, with fields and a button.")),
    "email": (marked("Email"), marked("Sends a letter, where the email is known.")),
    "push": (marked("Notification"), marked("Sends a web push to those who allow it.")),
    "message": (marked("Messenger message"), marked("Writes to the visitor's messenger, where he has one.")),
    "file": (marked("File"), marked("Sends a file in the chat.")),
    "product_list": (marked("Products"), marked("Chooses the products that later texts show.")),
    "note": (marked("Note"), marked("Leaves a note in the dialog that only operators see.")),
    "if": (marked("If"), marked("Goes one way where conditions hold, and another where they do not.")),
    "choose": (marked("Several cases"), marked("Takes the first case that holds.")),
    "split": (marked("Test of variants"), marked("Tries out several ways, each with a share of the visitors.")),
    "wait": (marked("Wait"), marked("Waits for a while, until a time of day, or until the shop opens.")),
    "wait_for": (marked("Wait for an event"), marked("Waits until the visitor does something, so long at most.")),
    "jump": (marked("Go to"), marked("Goes on at another step or block, and does not come back.")),
    "call": (marked("Go through a block"), marked("Goes through a block and comes back.")),
    "start": (marked("Start a scenario"), marked("Starts another scenario for this visitor.")),
    "stop": (marked("End"), marked("Ends the run; the reason stands in reports.")),
    "close": (marked("End and close"), marked("Ends the run and closes its dialog.")),
    "coupon": (marked("Promo code"), marked("Takes a promo code out of a pool, for the texts below.")),
    "tag": (marked("Tag"), marked("Gives the visitor a tag.")),
    "untag": (marked("Take off a tag"), marked("Takes a tag off the visitor.")),
    "set": (marked("Set a property"), marked("Sets properties of the visitor, the run or the dialog.")),
    "emit": (marked("Make an event"), marked("Makes an event, as if the visitor had done it.")),
    "subscribe": (marked("Subscribe"), marked("Puts the visitor on a list of subscribers.")),
    "unsubscribe": (marked("Unsubscribe"), marked("Takes the visitor off a list of subscribers.")),
    "webhook": (marked("Call a program"), marked("Calls another program over the web and keeps its answer.")),
    "handoff": (marked("Hand over"), marked("Gives the dialog to people, and ends the run.")),
    "assign": (marked("Assign"), marked("Says who answers in the dialog; the run goes on.")),
}  # fmt: skip
"""Kinds of steps, as a marketer looks for them."""

HEAD = {
    "timezone": (marked("Time zone"), marked("Whose clock counts for times of day.")),
    "parameters": (marked("Parameters"), marked("What a shop adapts without looking at the steps.")),
    "trigger": (marked("Trigger"), marked("What starts it: an event, silence, a word in the chat, a date.")),
    "audience": (
        marked("For whom"),
        marked("A condition on the visitor, at the start and before each message."),
    ),
    "exit": (marked("Leaves when"), marked("What ends it at once, also while it waits.")),
    "goal": (marked("Goal"), marked("The event that counts as success.")),
    "reentry": (marked("How often"), marked("How often one visitor may go through it.")),
    "delivery": (marked("Delivery"), marked("How its messages get along with others.")),
    "holdout": (marked("Kept out"), marked("A share of visitors who are kept out, to compare with.")),
    "steps": (marked("Steps"), marked("What happens, from top to bottom.")),
    "blocks": (marked("Block of steps"), marked("A named list of steps, to go to or to go through.")),
}
"""Keys of the head."""

PARTS = {
    "condition": (marked("Condition"), marked("One more condition.")),
    "parameter": (marked("Parameter"), marked("A value with a name, for texts and steps.")),
    "option": (marked("Answer"), marked("An answer to choose, with what follows.")),
    "case": (marked("Case"), marked("Conditions, and what happens where they hold.")),
    "variant": (marked("Variant"), marked("One more way, with its share of the visitors.")),
    "then": (marked("Then"), marked("What happens where it is so.")),
    "else": (marked("Otherwise"), marked("What happens where it is not so.")),
    "otherwise": (marked("Otherwise"), marked("What happens where no case holds.")),
    "on_timeout": (marked("Not in time"), marked("What happens where the event does not come in time.")),
    "no_answer": (marked("No answer"), marked("What happens where nobody answers in time.")),
    "on_submit": (marked("Submitted"), marked("What happens when the pop-up is filled in and sent.")),
    "on_click": (marked("Clicked"), marked("What happens when the button of the pop-up is clicked.")),
    "on_close": (marked("Closed"), marked("What happens when the pop-up is closed.")),
    "no_operator": (marked("Nobody online"), marked("What happens where no operator is online.")),
    "on_error": (marked("Failed"), marked("What happens where it does not work.")),
}
"""Conditions, answers, cases, and branches of steps."""


class Choice(Struct, frozen=True):
    """Something that may be added. `into` is the list of the file in which it becomes an item; for a key that is not
    there yet, the key's own place.
    """

    kind: str
    name: str
    help: str
    into: str


def what_may_stand(row: Row) -> tuple[Choice, ...]:
    """What may be added below a row, in the console's language, in the order of the menu."""
    return tuple(_choice(row, kind) for kind in row.may_hold)


def kind_name(kind: str) -> str:
    """What a kind of row is called, in the console's language; the word itself for one that is never added."""
    tables = {**PARTS, **HEAD, **STEPS}
    return _(tables[kind][0]) if kind in tables else kind


def _choice(row: Row, kind: str) -> Choice:
    name, about = (STEPS.get(kind) or PARTS.get(kind) or HEAD[kind]) if row.place else (HEAD[kind])
    return Choice(kind, _(name), _(about), _into(row, kind))


def _into(row: Row, kind: str) -> str:
    """The place of the list that the new item joins."""
    if not row.place:
        return kind
    if kind == "condition" and row.kind in ("if", "case", "option"):
        return f"{row.place}.if"
    if kind in KINDS or kind in ("condition", "parameter", "option", "case", "variant"):
        return row.below
    return f"{row.place}.{kind}"
