"""Steps that change something without a word to the visitor: tags, properties, lists, coupons, webhooks,
people."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from scenarios_yaml.language.keys import Builder, Keys, Schema, mapping, may, must, reads
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
from scenarios_yaml.language.step_parts import StepKeys, branch, kind
from scenarios_yaml.language.text_reading import NOTHING, read_link, read_text, read_value
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")
LONGEST_WEBHOOK = 60_000
"""Milliseconds that a webhook may be given to answer."""

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")

Values = tuple[tuple[str, Any], ...]
NO_VALUES: Values = ()
NO_HEADERS: tuple[tuple[str, Text], ...] = ()


def _pairs(reading: Reading, node: YamlNode, what: str) -> list[tuple[Scalar, YamlNode]]:
    if isinstance(node, Mapping):
        return list(node.pairs)
    reading.error(node, f"{what} is a mapping of names to values")
    return []


class CouponParts(Keys, what="“coupon”"):
    example = "coupon: {pool: {}, save_to: run.code}"

    pool = must(read_slug, "", "The pool of the shop's settings from which the code is taken.")
    save_to = must(read_writable_path, "", "Where the code is kept: run.code.")


class CouponKeys(StepKeys):
    coupon = mapping(CouponParts, "Takes a promo code for this visitor.")
    on_error = branch("What happens where the pool has no code left; without it the run stops.")


def _coupon(step: CouponKeys) -> Coupon:
    coupon = step.coupon
    return Coupon(pool=coupon.pool, save_to=coupon.save_to, on_error=step.on_error, **step.place)


class TagKeys(StepKeys):
    tag = must(read_tag, "", "The tag, without spaces: likes:dresses.")


class UntagKeys(StepKeys):
    untag = must(read_tag, "", "The tag, without spaces: likes:dresses.")


def _tag(step: TagKeys) -> Tag:
    return Tag(tag=step.tag, **step.place)


def _untag(step: UntagKeys) -> Tag:
    return Tag(tag=step.untag, remove=True, **step.place)


class SubscribeKeys(StepKeys):
    subscribe = must(read_slug, "", "The list of subscribers: news.")


class UnsubscribeKeys(StepKeys):
    unsubscribe = must(read_slug, "", "The list of subscribers: news.")


def _subscribe(step: SubscribeKeys) -> Subscribe:
    return Subscribe(list=step.subscribe, **step.place)


def _unsubscribe(step: UnsubscribeKeys) -> Subscribe:
    return Subscribe(list=step.unsubscribe, remove=True, **step.place)


def _schema_of_values(builder: Builder) -> Schema:
    values = {"additionalProperties": builder.of(read_value)}
    return {"type": "object", "minProperties": 1, "propertyNames": builder.of(read_writable_path), **values}


@reads(_schema_of_values)
def _read_values(reading: Reading, node: YamlNode) -> Values:
    values = []
    for path, value in _pairs(reading, node, "“set”"):
        try:
            values.append((resolve_writable(path.value), read_value(reading, value)))
        except PathError as error:
            reading.error(path, error.message, error.hint)
    if isinstance(node, Mapping) and not node.pairs:
        reading.error(node, "“set” sets nothing", "set: {visitor.plan: gold}")
    return tuple(values)


class SetKeys(StepKeys):
    set = must(_read_values, NO_VALUES, "Paths and their new values: {visitor.plan: gold}.")


def _set(step: SetKeys) -> Set:
    return Set(values=step.set, **step.place)


def _schema_of_properties(builder: Builder) -> Schema:
    return {"type": "object", "additionalProperties": builder.of(read_value)}


@reads(_schema_of_properties)
def _read_properties(reading: Reading, node: YamlNode) -> Values:
    pairs = _pairs(reading, node, "“properties”")
    return tuple((key.value, read_value(reading, value)) for key, value in pairs)


class EmitParts(Keys, what="“emit”"):
    example = "emit: {event: {}}"

    event = must(read_event, "", "The name of the event.")
    properties = may(_read_properties, NO_VALUES, "What the event carries.")


class EmitKeys(StepKeys):
    emit = mapping(EmitParts, "Makes an event, as if the visitor had done it.")


def _emit(step: EmitKeys) -> Emit:
    emit = step.emit
    guess = event_guess(emit.event)
    if guess:
        message = f"no event {quoted(emit.event)} is known"
        emit.reading.warn(emit.key("event"), message, f"did you mean “{guess}”?")
    return Emit(event=emit.event, properties=emit.properties, **step.place)


def _schema_of_headers(builder: Builder) -> Schema:
    names = {"pattern": f"^{_HEADER.pattern}$"}
    return {"type": "object", "propertyNames": names, "additionalProperties": builder.of(read_text)}


@reads(_schema_of_headers)
def _read_headers(reading: Reading, node: YamlNode) -> tuple[tuple[str, Text], ...]:
    headers = []
    for key, value in _pairs(reading, node, "“headers”"):
        if not _HEADER.fullmatch(key.value):
            reading.error(key, f"{quoted(key.value)} is no name of a header")
        headers.append((key.value, read_text(reading, value)))
    return tuple(headers)


class WebhookParts(Keys, what="“webhook”"):
    example = "webhook: {url: {}}"

    url = must(read_link, NOTHING, "The address that is called: https://…")
    method = may(one_of(*METHODS), "POST", "How it is called.")
    headers = may(_read_headers, NO_HEADERS, "Headers of the call.")
    send = may(read_value, None, "What is sent, as JSON. Texts in it are filled in.")
    save_to = may(read_writable_path, "", "Where the answer is kept: run.reply.")
    timeout = may(read_duration, 10_000, "How long it may take to answer: at most 60s.")
    retries = may(whole_number(0, 10), 3, "How often it is tried again.")


class WebhookKeys(StepKeys):
    webhook = mapping(WebhookParts, "Calls another program over the web, and waits for its answer.")
    on_error = branch("What happens where it could not be called; without it the run stops.")


def _webhook(step: WebhookKeys) -> Webhook:
    hook, url = step.webhook, step.webhook.url
    for source in url.sources.values():
        if source and not source.startswith(("http://", "https://", "{{")):
            message = f"{quoted(source)} is no web address"
            hook.reading.error(hook.key("url"), message, "it begins with https://")
    if hook.timeout > LONGEST_WEBHOOK:
        hook.reading.error(hook.key("timeout"), "a webhook is given at most 60s to answer")
    return Webhook(
        url=url,
        method=hook.method,
        headers=hook.headers,
        send=hook.send,
        save_to=hook.save_to,
        timeout=hook.timeout,
        retries=hook.retries,
        on_error=step.on_error,
        **step.place,
    )


class HandoffParts(Keys, what="“handoff”"):
    example = "handoff: {team: {}}"

    team = may(read_slug, "", "The team that gets the dialog.")
    operator = may(read_words, "", "The operator who gets it.")
    note = may(read_text, None, "What operators should know; the visitor never sees it.")


class HandoffKeys(StepKeys):
    handoff = mapping(HandoffParts, "Gives the dialog to people, and ends the run.", may_be_empty=True)
    no_operator = branch("What happens where nobody is online; the run then goes on below.")


def _handoff(step: HandoffKeys) -> Handoff:
    parts = step.handoff
    return Handoff(
        team=parts.team,
        operator=parts.operator,
        note=parts.note,
        no_operator=step.no_operator,
        **step.place,
    )


class AssignParts(Keys, what="“assign”"):
    example = "assign: {team: {}}"
    at_least_one: ClassVar[tuple[str, ...]] = ("team", "operator")

    team = may(read_slug, "", "The team that gets the dialog.")
    operator = may(read_words, "", "The operator who gets it.")


class AssignKeys(StepKeys):
    assign = mapping(AssignParts, "Gives the dialog to people; the run goes on.")


def _assign(step: AssignKeys) -> Assign:
    parts = step.assign
    if isinstance(parts.at, Mapping) and "team" not in parts and "operator" not in parts:
        parts.reading.error(parts.at, "“assign” needs “team” or “operator”")
    return Assign(team=parts.team, operator=parts.operator, **step.place)


ACTING = (
    kind(CouponKeys, _coupon, "Takes a promo code."),
    kind(TagKeys, _tag, "Gives the visitor a tag."),
    kind(UntagKeys, _untag, "Takes a tag off the visitor."),
    kind(SetKeys, _set, "Sets properties of the visitor, the run or the dialog."),
    kind(EmitKeys, _emit, "Makes an event."),
    kind(SubscribeKeys, _subscribe, "Puts the visitor on a list."),
    kind(UnsubscribeKeys, _unsubscribe, "Takes the visitor off a list."),
    kind(WebhookKeys, _webhook, "Calls another program over the web."),
    kind(HandoffKeys, _handoff, "Gives the dialog to people, and ends the run."),
    kind(AssignKeys, _assign, "Gives the dialog to people; the run goes on."),
)
