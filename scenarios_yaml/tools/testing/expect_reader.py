"""What a test expects: one `expect` with what came and how it looks, and what is true of the visitor now."""

from __future__ import annotations

from typing import Any, ClassVar, get_args

from scenarios_yaml.language.fields import read_list
from scenarios_yaml.language.keys import Builder, Keys, Schema, may, reads
from scenarios_yaml.language.paths import PathError, resolve_path
from scenarios_yaml.language.problems import did_you_mean, quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import one_of
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode
from scenarios_yaml.tools.testing.case_values import read_data, read_wording
from scenarios_yaml.tools.testing.cases import Contents, Expect, PathIs, Wanted, WantedKind

KINDS: tuple[WantedKind, ...] = get_args(WantedKind)
DETAILS = ("options", "buttons", "fields", "button", "size")
CONTENTS = ("contains", "lacks")
_OF_POPUP = frozenset({"fields", "button", "size"})
_ROOTS = ("visitor", "run", "cart", "order", "page", "session", "dialog")


def _schema_of_named(builder: Builder) -> Schema:
    return {"anyOf": [{"const": True}, builder.of(read_wording)]}


@reads(_schema_of_named, "wanted")
def _read_named(reading: Reading, value: YamlNode) -> Text | None:
    if isinstance(value, Scalar) and value.value == "true" and not value.style:
        return None  # any will do
    return read_wording(reading, value)


def _schema_of_texts(builder: Builder) -> Schema:
    one = builder.of(read_wording)
    return {"anyOf": [one, {"type": "array", "items": one}]}


@reads(_schema_of_texts, "wordings")
def _read_texts(reading: Reading, node: YamlNode) -> tuple[Text, ...]:
    """One text, or a list of them."""
    if isinstance(node, Sequence):
        return read_list(reading, node, "a list of texts", read_wording)
    return (read_wording(reading, node),)


class ExpectKeys(Keys, what="“expect”"):
    others: ClassVar[dict[str, Schema]] = {rf"^({'|'.join(_ROOTS)})\.": {}}

    say = may(_read_named, None, "A chat message: its text, or a part of it.")
    ask = may(_read_named, None, "A question in the chat: its text, or a part of it.")
    popup = may(_read_named, None, "A pop-up: the id of its step, or what stands in its title or text.")
    email = may(
        _read_named, None, "An email: the id of its step, its template, or what stands in its subject."
    )
    push = may(_read_named, None, "A web push: the id of its step, or what stands in it.")
    message = may(_read_named, None, "A messenger message: the id of its step, or what stands in it.")
    file = may(_read_named, None, "A file that was sent: its name.")
    webhook = may(_read_named, None, "A call to another program: a part of its address.")
    note = may(_read_named, None, "A note for operators: its text, or a part of it.")
    handoff = may(_read_named, None, "The dialog was handed over: to this team, or true.")
    assign = may(_read_named, None, "The dialog was assigned: to this team, or true.")
    closed = may(_read_named, None, "The dialog was closed: with this reason, or true.")
    tag = may(_read_named, None, "A tag that was given.")
    untag = may(_read_named, None, "A tag that was taken off.")
    event = may(_read_named, None, "An event that the scenario made.")
    subscribed = may(_read_named, None, "A list that the visitor was put on.")
    unsubscribed = may(_read_named, None, "A list that the visitor was taken off.")
    options = may(_read_texts, (), "The answers offered, by label or id, all of them.")
    buttons = may(_read_texts, (), "The link buttons below the message, all of them.")
    fields = may(_read_texts, (), "The fields of the pop-up, all of them.")
    button = may(read_wording, None, "The label of the pop-up's button.")
    size = may(one_of("small", "large", "mini"), "", "The size of the pop-up.")
    contains = may(_read_texts, (), "What stands anywhere in what this expect names.")
    lacks = may(_read_texts, (), "What stands nowhere in what this expect names.")


@reads(lambda builder: {**builder.mapping(ExpectKeys), "minProperties": 1})
def read_expect(reading: Reading, node: YamlNode) -> Expect:
    """What must have come, and what is true now."""
    if not isinstance(node, Mapping):
        hint = "for example “- expect: {email: letter}”, or “- expect_nothing”"
        reading.error(node, "“expect” is a mapping of what came to how it looks", hint)
        return Expect(line=node.line)
    own: list[tuple[Scalar, YamlNode]] = []
    paths: list[PathIs] = []
    for key, value in node.pairs:
        if key.value in ExpectKeys.declared:
            own.append((key, value))
        elif "." in key.value:
            paths += _path(reading, key, value)
        else:
            _unknown(reading, key)
    keys = ExpectKeys(reading, Mapping(node.line, node.column, node.flow, own))
    wanted = _wanted(keys)
    if not wanted:
        _need_owner(keys)
    if not node.pairs:
        reading.error(node, "“expect” holds nothing", "for example {email: letter}")
    contents = tuple(
        Contents(text=text, line=_line(keys, name), lacks=name == "lacks")
        for name in CONTENTS
        for text in keys.value_of(name)
    )
    return Expect(wanted=wanted, paths=tuple(paths), contents=contents, line=node.line)


def _line(keys: ExpectKeys, name: str) -> int:
    node = keys.node(name)
    return node.line if node is not None else keys.at.line


def _unknown(reading: Reading, key: Scalar) -> None:
    known = tuple(ExpectKeys.declared)
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


def _wanted(keys: ExpectKeys) -> tuple[Wanted, ...]:
    there = [kind for kind in KINDS if kind in keys]
    wanted = tuple(
        Wanted(kind=kind, text=keys.value_of(kind), line=keys.key(kind).line, **_details(keys, kind))
        for kind in there
    )
    for name in DETAILS:
        if name not in keys or not there:
            continue
        if name in _OF_POPUP and "popup" not in there:
            keys.reading.error(keys.key(name), f"{quoted(name)} belongs to “popup”")
        elif name not in _OF_POPUP and not {"say", "ask"} & {*there}:
            keys.reading.error(keys.key(name), f"{quoted(name)} belongs to “say” or “ask”")
    return wanted


def _details(keys: ExpectKeys, kind: WantedKind) -> dict[str, Any]:
    of_kind: tuple[str, ...] = ()
    if kind in ("say", "ask"):
        of_kind = ("options", "buttons")
    elif kind == "popup":
        of_kind = ("fields", "button", "size")
    return {name: keys.value_of(name) for name in of_kind if name in keys}


def _need_owner(keys: ExpectKeys) -> None:
    """Details and contents without anything whose they are."""
    for name in (*DETAILS, *CONTENTS):
        if name in keys:
            hint = "for example {email: letter, contains: Lamp}"
            message = f"{quoted(name)} looks at what the same “expect” names, and it names nothing"
            keys.reading.error(keys.key(name), message, hint)
