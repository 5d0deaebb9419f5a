"""The lines of a test's timeline: what happens, how the world answers, and what must come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

from scenarios_yaml.language.fields import Fields, read_list
from scenarios_yaml.language.paths import PathError, resolve_path
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    one_of,
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
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from scenarios_yaml.tools import cases
from scenarios_yaml.tools.case_values import read_data, read_data_mapping, read_wording
from scenarios_yaml.tools.cases import (
    Contents,
    Expect,
    ExpectEnd,
    ExpectGoal,
    ExpectNothing,
    PathIs,
    TimelineItem,
    Touches,
    Wanted,
    WantedKind,
)

ItemReader = Callable[[Reading, YamlNode, Fields], TimelineItem]

WORDS = ("close", "click", "open", "expect_nothing", "expect_goal")
"""Lines that are one word."""

KINDS: tuple[WantedKind, ...] = get_args(WantedKind)
DETAILS = ("options", "buttons", "fields", "button", "size")
_OF_POPUP = frozenset({"fields", "button", "size"})
_ROOTS = ("visitor", "run", "cart", "order", "page", "session", "dialog")


def read_item(reading: Reading, node: YamlNode) -> TimelineItem | None:
    """One line of the timeline; None after an error."""
    if isinstance(node, Scalar):
        return _word(reading, node)
    fields = Fields(reading, node, "a line of the timeline", (*_READERS, *WORDS, "properties", "files"))
    if not isinstance(node, Mapping):
        return None
    there = [name for name in (*_READERS, *WORDS) if name in fields]
    if len(there) != 1:
        if there:
            reading.error(
                fields.key(there[1]), "one line of the timeline is one thing", "begin a new line with “- ”"
            )
        elif all(key.value in ("properties", "files") for key, _ in node.pairs) and node.pairs:
            reading.error(
                node, f"{quoted(node.pairs[0][0].value)} stands without its line", "for example “event: Go”"
            )
        return None
    name = there[0]
    for extra, owner in (("properties", "event"), ("files", "write")):
        if extra in fields and name != owner:
            reading.error(
                fields.key(extra), f"{quoted(extra)} belongs to {quoted(owner)}, not to {quoted(name)}"
            )
    value = fields.node(name)
    if value is None:
        return None
    if name in WORDS:
        return _word_as_key(reading, name, value)
    return _READERS[name](reading, value, fields)


def _word(reading: Reading, node: Scalar) -> TimelineItem | None:
    word = node.value
    if word not in WORDS:
        hint = did_you_mean(word, (*WORDS, *_READERS))
        if word in _READERS:
            hint = f"it needs a value: “- {word}: …”"
        reading.error(node, f"{quoted(word)} is nothing that a timeline knows", hint)
        return None
    return _of_word(word, node.line)


def _word_as_key(reading: Reading, word: str, value: YamlNode) -> TimelineItem | None:
    if not (isinstance(value, Scalar) and (value.is_empty or value.value == "true")):
        reading.error(value, f"{quoted(word)} stands alone", f"write “- {word}”")
    return _of_word(word, value.line)


def _of_word(word: str, line: int) -> TimelineItem:
    match word:
        case "expect_nothing":
            return ExpectNothing(line=line)
        case "expect_goal":
            return ExpectGoal(line=line)
        case "close":
            return Touches(how="close", line=line)
        case "click":
            return Touches(how="click", line=line)
    return Touches(how="open", line=line)


# --- What happens -------------------------------------------------------------------------------------------


def _event(reading: Reading, node: YamlNode, fields: Fields) -> TimelineItem:
    properties = fields.read("properties", read_data_mapping, {})
    return cases.Happens(event=read_event(reading, node), properties=properties, line=node.line)


def _advance(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Advance(duration=read_duration(reading, node), line=node.line)


def _advance_to(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.AdvanceTo(until=read_moment(reading, node), line=node.line)


def _answer(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Answers(answer=read_wording(reading, node), line=node.line)


def _write(reading: Reading, node: YamlNode, fields: Fields) -> TimelineItem:
    return cases.Writes(
        text=read_wording(reading, node), files=fields.many("files", read_file_name), line=node.line
    )


def _submit(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    if not isinstance(node, Mapping):
        reading.error(
            node, "“submit” is a mapping of fields to values", "for example {email: ann@shop.example}"
        )
        return cases.Submits(line=node.line)
    given = []
    for key, value in node.pairs:
        typed_empty = isinstance(value, Scalar) and value.style and not value.value
        given.append((key.value, NOTHING if typed_empty else read_wording(reading, value)))
    return cases.Submits(fields=tuple(given), line=node.line)


def _operator(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.OperatorWrites(text=read_wording(reading, node), line=node.line)


def _set(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Changes(properties=read_data_mapping(reading, node), line=node.line)


def _tag(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Changes(tags_added=(read_tag(reading, node),), line=node.line)


def _untag(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Changes(tags_removed=(read_tag(reading, node),), line=node.line)


# --- How the world answers ----------------------------------------------------------------------------------


def _online(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.Online(operators=whole_number(0, 1_000)(reading, node), line=node.line)


def _fail(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    return cases.FailsNext(reason=read_words(reading, node), line=node.line)


def _replies(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    reply = read_data(reading, node)
    if isinstance(reply, dict) and list(reply) == ["error"]:
        return cases.Replies(error=str(reply["error"]), line=node.line)
    return cases.Replies(reply=reply, line=node.line)


def _coupons(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    if not isinstance(node, Mapping):
        reading.error(
            node, "“coupons” is a mapping of pools to codes", 'for example {cart-5: ""}, which is used up'
        )
        return cases.Coupons(line=node.line)
    codes = {key.value: value.value if isinstance(value, Scalar) else "" for key, value in node.pairs}
    return cases.Coupons(codes=codes, line=node.line)


# --- What must have come of it ------------------------------------------------------------------------------


def _ended(reading: Reading, node: YamlNode, fields: Fields) -> TimelineItem:
    if "expect_exit" in fields:
        return ExpectEnd(how="exit", text=read_wording(reading, node), line=node.line)
    if "expect_stop" in fields:
        return ExpectEnd(how="stop", text=read_wording(reading, node), line=node.line)
    return ExpectEnd(how="refused", text=read_wording(reading, node), line=node.line)


def _expect(reading: Reading, node: YamlNode, _: Fields) -> TimelineItem:
    if not isinstance(node, Mapping):
        hint = "for example “- expect: {email: letter}”, or “- expect_nothing”"
        reading.error(node, "“expect” is a mapping of what came to how it looks", hint)
        return Expect(line=node.line)
    given = dict[str, tuple[Scalar, YamlNode]]()
    paths: list[PathIs] = []
    for key, value in node.pairs:
        if key.value in (*KINDS, *DETAILS, "contains", "lacks"):
            given[key.value] = (key, value)
        elif "." in key.value:
            paths += _path(reading, key, value)
        else:
            _unknown(reading, key)
    wanted = _wanted(reading, given)
    if not wanted:
        _need_owner(reading, given)
    if not node.pairs:
        reading.error(node, "“expect” holds nothing", "for example {email: letter}")
    contents = tuple(
        Contents(text=text, line=given[name][1].line, lacks=name == "lacks")
        for name in ("contains", "lacks")
        if name in given
        for text in _texts(reading, given[name][1])
    )
    return Expect(wanted=wanted, paths=tuple(paths), contents=contents, line=node.line)


def _unknown(reading: Reading, key: Scalar) -> None:
    known = (*KINDS, *DETAILS, "contains", "lacks")
    hint = did_you_mean(key.value, known)
    if not hint and key.value.partition(".")[0] == key.value:
        hint = f"known here: {', '.join(known)}, and paths like visitor.{key.value}"
    reading.error(key, f"“expect” has no key {quoted(key.value)}", hint)


def _path(reading: Reading, key: Scalar, value: YamlNode) -> list[PathIs]:
    try:
        path = resolve_path(key.value)
    except PathError as error:
        reading.error(key, error.message, error.hint)
        return []
    if path.partition(".")[0] not in _ROOTS:
        reading.error(key, f"{quoted(path)} is not known after the fact", "look at visitor.NAME or run.NAME")
        return []
    return [PathIs(path=path, value=read_data(reading, value), line=key.line)]


def _wanted(reading: Reading, given: dict[str, tuple[Scalar, YamlNode]]) -> tuple[Wanted, ...]:
    wanted = []
    for kind in KINDS:
        if kind not in given:
            continue
        key, value = given[kind]
        details = _details(reading, kind, given)
        wanted.append(Wanted(kind=kind, text=_named(reading, value), line=key.line, **details))
    there = {one.kind for one in wanted}
    for name in DETAILS:
        if name not in given or not there:
            continue
        if name in _OF_POPUP and "popup" not in there:
            reading.error(given[name][0], f"{quoted(name)} belongs to “popup”")
        elif name not in _OF_POPUP and not there & {"say", "ask"}:
            reading.error(given[name][0], f"{quoted(name)} belongs to “say” or “ask”")
    return tuple(wanted)


def _named(reading: Reading, value: YamlNode) -> Text | None:
    if isinstance(value, Scalar) and value.value == "true" and not value.style:
        return None  # any will do
    return read_wording(reading, value)


def _details(reading: Reading, kind: str, given: dict[str, tuple[Scalar, YamlNode]]) -> dict[str, Any]:
    details: dict[str, Any] = {}
    for name in ("options", "buttons") if kind in ("say", "ask") else ("fields",) if kind == "popup" else ():
        if name in given:
            details[name] = _texts(reading, given[name][1])
    if kind == "popup" and "button" in given:
        details["button"] = read_wording(reading, given["button"][1])
    if kind == "popup" and "size" in given:
        details["size"] = one_of("small", "large", "mini")(reading, given["size"][1])
    return details


def _texts(reading: Reading, node: YamlNode) -> tuple[Text, ...]:
    """One text, or a list of them."""
    if isinstance(node, Sequence):
        return read_list(reading, node, "a list of texts", read_wording)
    return (read_wording(reading, node),)


def _need_owner(reading: Reading, given: dict[str, tuple[Scalar, YamlNode]]) -> None:
    """Details and contents without anything whose they are."""
    for name, (key, _) in given.items():
        hint = "for example {email: letter, contains: Lamp}"
        reading.error(
            key, f"{quoted(name)} looks at what the same “expect” names, and it names nothing", hint
        )


_READERS: dict[str, ItemReader] = {
    "event": _event,
    "advance": _advance,
    "advance_to": _advance_to,
    "answer": _answer,
    "write": _write,
    "submit": _submit,
    "operator": _operator,
    "set": _set,
    "tag": _tag,
    "untag": _untag,
    "operator_online": _online,
    "fail": _fail,
    "webhook_replies": _replies,
    "coupons": _coupons,
    "expect": _expect,
    "expect_exit": _ended,
    "expect_stop": _ended,
    "expect_refused": _ended,
}
