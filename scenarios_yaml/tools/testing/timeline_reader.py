"""The lines of a test's timeline: what happens, how the world answers, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from scenarios_yaml.language.keys import Builder, Keys, Read, Schema, many, may, reads
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    read_duration,
    read_event,
    read_file_name,
    read_moment,
    read_tag,
    read_words,
    whole_number,
)
from scenarios_yaml.language.text_reading import NOTHING
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.case_values import read_data, read_data_mapping, read_wording
from scenarios_yaml.tools.testing.cases import (
    Expect,
    ExpectEnd,
    ExpectGoal,
    ExpectNothing,
    TimelineItem,
    Touches,
)
from scenarios_yaml.tools.testing.expect_reader import read_expect

WORDS = ("close", "click", "open", "expect_nothing", "expect_goal")
"""Lines that are one word."""

NO_DATA: dict[str, Any] = {}
Typed = tuple[tuple[str, Text], ...]
NOTHING_TYPED: Typed = ()
NO_CODES: dict[str, str] = {}


def _alone(word: str) -> Read[None]:
    """A word with nothing behind it: `close:` and `close: true` are `close`."""

    @reads({"enum": [None, True, "true"]})
    def read(reading: Reading, node: YamlNode) -> None:
        if not (isinstance(node, Scalar) and (node.is_empty or node.value == "true")):
            reading.error(node, f"{quoted(word)} stands alone", f"write “- {word}”")

    return read


def _schema_of_submit(builder: Builder) -> Schema:
    return {"type": "object", "additionalProperties": {"anyOf": [builder.of(read_wording), {"const": ""}]}}


@reads(_schema_of_submit)
def _read_submit(reading: Reading, node: YamlNode) -> Typed:
    if not isinstance(node, Mapping):
        hint = "for example {email: ann@shop.example}"
        reading.error(node, "“submit” is a mapping of fields to values", hint)
        return ()
    given = []
    for key, value in node.pairs:
        typed_empty = isinstance(value, Scalar) and value.style and not value.value
        given.append((key.value, NOTHING if typed_empty else read_wording(reading, value)))
    return tuple(given)


@reads({"type": "object"})
def _read_codes(reading: Reading, node: YamlNode) -> dict[str, str]:
    if not isinstance(node, Mapping):
        hint = 'for example {cart-5: ""}, which is used up'
        reading.error(node, "“coupons” is a mapping of pools to codes", hint)
        return {}
    return {key.value: value.value if isinstance(value, Scalar) else "" for key, value in node.pairs}


class ItemKeys(Keys, what="a line of the timeline"):
    goes_with: ClassVar[dict[str, str]] = {"properties": "event", "files": "write"}

    event = may(read_event, "", "Something happens on the site or in the back end: Order Completed.")
    advance = may(read_duration, 0, "Time passes: 3d.")
    advance_to = may(
        read_moment, "", "Time passes until this moment of the project's clock: 2026-03-05 10:00."
    )
    answer = may(read_wording, NOTHING, "The visitor presses an answer: its label or its id.")
    write = may(read_wording, NOTHING, "The visitor writes in the chat.")
    submit = may(_read_submit, NOTHING_TYPED, "He submits the pop-up: {email: ann@shop.example}.")
    operator = may(read_wording, NOTHING, "An operator writes to him.")
    set = may(read_data_mapping, NO_DATA, "His properties change: {plan: gold}.")
    tag = may(read_tag, "", "Somebody gives him a tag.")
    untag = may(read_tag, "", "Somebody takes a tag off him.")
    operator_online = may(whole_number(0, 1_000), 1, "From here on so many operators are there.")
    fail = may(read_words, "", "What is sent next fails, with this reason.")
    webhook_replies = may(read_data, None, "What webhooks answer from here on; {error: TEXT} fails them.")
    coupons = may(_read_codes, NO_CODES, 'Promo codes by pool from here on; "": the pool is used up.')
    expect = may(read_expect, None, "What must have come since the last thing that happened.")
    expect_exit = may(read_wording, NOTHING, "A run was ended by this exit.")
    expect_stop = may(read_wording, NOTHING, "A run has ended with this reason.")
    expect_refused = may(read_wording, NOTHING, "The scenario did not let him in, for this reason.")
    close = may(_alone("close"), None, "He closes the pop-up.")
    click = may(_alone("click"), None, "He clicks the pop-up's button, else the link of what was sent last.")
    open = may(_alone("open"), None, "He opens the last email.")
    expect_nothing = may(_alone("expect_nothing"), None, "Nothing has reached him since.")
    expect_goal = may(_alone("expect_goal"), None, "The goal is reached.")
    properties = may(read_data_mapping, NO_DATA, "What the event carries.")
    files = many(read_file_name, "Files that he sends with it.")


COMPANIONS = tuple(ItemKeys.goes_with)
KINDS = tuple(name for name in ItemKeys.declared if name not in COMPANIONS)
ItemKeys.forms = KINDS


def _schema_of_item(builder: Builder) -> Schema:
    return {"anyOf": [{"enum": list(WORDS)}, builder.mapping(ItemKeys)]}


@reads(_schema_of_item, "item")
def read_item(reading: Reading, node: YamlNode) -> TimelineItem | None:
    """One line of the timeline; None after an error."""
    if isinstance(node, Scalar):
        return _word(reading, node)
    keys = ItemKeys(reading, node)
    if not isinstance(node, Mapping):
        return None
    there = [name for name in KINDS if name in keys]
    if len(there) != 1:
        if there:
            message = "one line of the timeline is one thing"
            reading.error(keys.key(there[1]), message, "begin a new line with “- ”")
        elif all(key.value in COMPANIONS for key, _ in node.pairs) and node.pairs:
            message = f"{quoted(node.pairs[0][0].value)} stands without its line"
            reading.error(node, message, "for example “event: Go”")
        return None
    name = there[0]
    for extra, owner in keys.goes_with.items():
        if extra in keys and name != owner:
            message = f"{quoted(extra)} belongs to {quoted(owner)}, not to {quoted(name)}"
            reading.error(keys.key(extra), message)
    value = keys.node(name)
    if value is None:
        return None
    if name in WORDS:
        keys.value_of(name)
    return _MADE[name](keys, value.line)


def _word(reading: Reading, node: Scalar) -> TimelineItem | None:
    word = node.value
    if word in WORDS:
        return _MADE[word](ItemKeys(reading, Mapping(node.line, node.column)), node.line)
    hint = f"it needs a value: “- {word}: …”" if word in KINDS else did_you_mean(word, KINDS)
    reading.error(node, f"{quoted(word)} is nothing that a timeline knows", hint)
    return None


def _replies(keys: ItemKeys, line: int) -> TimelineItem:
    reply = keys.webhook_replies
    if isinstance(reply, dict) and list(reply) == ["error"]:
        return cases.Replies(error=str(reply["error"]), line=line)
    return cases.Replies(reply=reply, line=line)


Maker = Callable[[ItemKeys, int], TimelineItem]

_MADE: dict[str, Maker] = {
    "event": lambda keys, line: cases.Happens(event=keys.event, properties=keys.properties, line=line),
    "advance": lambda keys, line: cases.Advance(duration=keys.advance, line=line),
    "advance_to": lambda keys, line: cases.AdvanceTo(until=keys.advance_to, line=line),
    "answer": lambda keys, line: cases.Answers(answer=keys.answer, line=line),
    "write": lambda keys, line: cases.Writes(text=keys.write, files=keys.files, line=line),
    "submit": lambda keys, line: cases.Submits(fields=keys.submit, line=line),
    "operator": lambda keys, line: cases.OperatorWrites(text=keys.operator, line=line),
    "set": lambda keys, line: cases.Changes(properties=keys.set, line=line),
    "tag": lambda keys, line: cases.Changes(tags_added=(keys.tag,), line=line),
    "untag": lambda keys, line: cases.Changes(tags_removed=(keys.untag,), line=line),
    "operator_online": lambda keys, line: cases.Online(operators=keys.operator_online, line=line),
    "fail": lambda keys, line: cases.FailsNext(reason=keys.fail, line=line),
    "webhook_replies": _replies,
    "coupons": lambda keys, line: cases.Coupons(codes=keys.coupons, line=line),
    "expect": lambda keys, line: keys.expect or Expect(line=line),
    "expect_exit": lambda keys, line: ExpectEnd(how="exit", text=keys.expect_exit, line=line),
    "expect_stop": lambda keys, line: ExpectEnd(how="stop", text=keys.expect_stop, line=line),
    "expect_refused": lambda keys, line: ExpectEnd(how="refused", text=keys.expect_refused, line=line),
    "close": lambda _, line: Touches(how="close", line=line),
    "click": lambda _, line: Touches(how="click", line=line),
    "open": lambda _, line: Touches(how="open", line=line),
    "expect_nothing": lambda _, line: ExpectNothing(line=line),
    "expect_goal": lambda _, line: ExpectGoal(line=line),
}
