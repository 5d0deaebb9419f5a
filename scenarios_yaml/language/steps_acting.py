"""Steps that change something without a word to the visitor: tags, properties, lists, coupons, webhooks,
people."""

from __future__ import annotations

import re
from typing import Any

from scenarios_yaml.language.model import (
    Assign,
    Coupon,
    Emit,
    Handoff,
    Set,
    Subscribe,
    Tag,
    Webhook,
)
from scenarios_yaml.language.paths import PathError, resolve_writable
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    event_guess,
    one_of,
    read_duration,
    read_event,
    read_slug,
    read_tag,
    read_words,
    read_writable_path,
    whole_number,
)
from scenarios_yaml.language.step_parts import StepKind, StepParts
from scenarios_yaml.language.text_reading import NOTHING, read_link, read_text, read_value
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.yaml_nodes import Mapping, YamlNode

METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")
LONGEST_WEBHOOK = 60_000
"""Milliseconds that a webhook may be given to answer."""

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")


def _coupon(step: StepParts) -> Coupon:
    fields = step.value_fields("pool", "save_to")
    return Coupon(
        pool=fields.need("pool", read_slug, ""),
        save_to=fields.need("save_to", read_writable_path, ""),
        **step.place,
    )


def _tag(step: StepParts) -> Tag:
    return Tag(tag=read_tag(step.reading, step.value), remove=step.kind == "untag", **step.place)


def _subscribe(step: StepParts) -> Subscribe:
    name = read_slug(step.reading, step.value)
    return Subscribe(list=name, remove=step.kind == "unsubscribe", **step.place)


def _set(step: StepParts) -> Set:
    values = []
    for path, value in _pairs(step.reading, step.value, "“set”"):
        try:
            values.append((resolve_writable(path.value), read_value(step.reading, value)))
        except PathError as error:
            step.reading.error(path, error.message, error.hint)
    if isinstance(step.value, Mapping) and not step.value.pairs:
        step.reading.error(step.value, "“set” sets nothing", "set: {visitor.plan: gold}")
    return Set(values=tuple(values), **step.place)


def _pairs(reading: Reading, node: YamlNode, what: str) -> list[tuple[Any, YamlNode]]:
    if isinstance(node, Mapping):
        return list(node.pairs)
    reading.error(node, f"{what} is a mapping of names to values")
    return []


def _emit(step: StepParts) -> Emit:
    fields = step.value_fields("event", "properties")
    properties = fields.node("properties")
    name = fields.need("event", read_event, "")
    guess = event_guess(name)
    if guess:
        step.reading.warn(
            fields.key("event"), f"no event {quoted(name)} is known", f"did you mean “{guess}”?"
        )
    pairs = _pairs(step.reading, properties, "“properties”") if properties is not None else []
    return Emit(
        event=name,
        properties=tuple((key.value, read_value(step.reading, value)) for key, value in pairs),
        **step.place,
    )


def _webhook(step: StepParts) -> Webhook:
    fields = step.value_fields("url", "method", "headers", "send", "save_to", "timeout", "retries")
    url = fields.need("url", read_link, NOTHING)
    for source in url.sources.values():
        if source and not source.startswith(("http://", "https://", "{{")):
            step.reading.error(
                fields.key("url"), f"{quoted(source)} is no web address", "it begins with https://"
            )
    timeout = fields.read("timeout", read_duration, 10_000)
    if timeout > LONGEST_WEBHOOK:
        step.reading.error(fields.key("timeout"), "a webhook is given at most 60s to answer")
    send = fields.node("send")
    return Webhook(
        url=url,
        method=fields.read("method", one_of(*METHODS), "POST"),
        headers=fields.read("headers", _headers, ()),
        send=read_value(step.reading, send) if send is not None else None,
        save_to=fields.read("save_to", read_writable_path, ""),
        timeout=timeout,
        retries=fields.read("retries", whole_number(0, 10), 3),
        on_error=step.branch("on_error"),
        **step.place,
    )


def _headers(reading: Reading, node: YamlNode) -> tuple[tuple[str, Text], ...]:
    headers = []
    for key, value in _pairs(reading, node, "“headers”"):
        if not _HEADER.fullmatch(key.value):
            reading.error(key, f"{quoted(key.value)} is no name of a header")
        headers.append((key.value, read_text(reading, value)))
    return tuple(headers)


def _handoff(step: StepParts) -> Handoff:
    fields = step.or_empty_mapping("team", "operator", "note")
    return Handoff(
        team=fields.read("team", read_slug, ""),
        operator=fields.read("operator", read_words, ""),
        note=fields.read("note", read_text, None),
        no_operator=step.branch("no_operator"),
        **step.place,
    )


def _assign(step: StepParts) -> Assign:
    fields = step.value_fields("team", "operator")
    if isinstance(step.value, Mapping) and "team" not in fields and "operator" not in fields:
        step.reading.error(step.value, "“assign” needs “team” or “operator”")
    return Assign(
        team=fields.read("team", read_slug, ""),
        operator=fields.read("operator", read_words, ""),
        **step.place,
    )


ACTING = {
    "coupon": StepKind(_coupon),
    "tag": StepKind(_tag),
    "untag": StepKind(_tag),
    "set": StepKind(_set),
    "emit": StepKind(_emit),
    "subscribe": StepKind(_subscribe),
    "unsubscribe": StepKind(_subscribe),
    "webhook": StepKind(_webhook, ("on_error",)),
    "handoff": StepKind(_handoff, ("no_operator",)),
    "assign": StepKind(_assign),
}
