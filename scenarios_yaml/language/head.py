"""The head of a file: when a scenario starts, for whom, how often, when it stops, and what a shop may
adapt."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias, get_args

from scenarios_yaml.language.conditions import NEVER, read_condition, read_conditions
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.keys import Builder, Key, Keys, Schema, any_word, many, may, must, reads
from scenarios_yaml.language.model import (
    Condition,
    Delivery,
    ExitRule,
    Goal,
    OnEvent,
    OnInactive,
    OnKeyword,
    OnSchedule,
    OnSegment,
    Parameter,
    Reentry,
    Trigger,
)
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    event_guess,
    is_known_event,
    one_of,
    parse_number,
    read_cron,
    read_duration,
    read_event,
    read_moment,
    read_path,
    read_slug,
    read_words,
    whole_number,
)
from scenarios_yaml.language.text_reading import read_text
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

NO_CONDITIONS: tuple[Condition, ...] = ()
PARAMETER_TYPES = (
    "text", "number", "duration", "link", "coupon", "section", "path", "tag", "list", "segment", "team",
    "event", "file",
)  # fmt: skip


@reads(lambda builder: builder.of(read_event), "event")
def read_event_name(reading: Reading, node: YamlNode) -> str:
    """The name of an event, with a warning where it misses a well-known one by a letter or two."""
    name = read_event(reading, node)
    guess = event_guess(name)
    if guess:
        reading.warn(node, f"no event {quoted(name)} is known", f"did you mean “{guess}”?")
    return name


@reads(any_word())
def _read_keyword(reading: Reading, node: YamlNode) -> str:
    return read_words(reading, node)


class TriggerKeys(Keys, what="a trigger"):
    example = "event: {}"
    forms = ("event", "inactive", "segment", "keyword", "schedule", "at")
    goes_with: ClassVar[dict[str, str]] = {"where": "event"}

    event = may(read_event_name, "", "An event of the visitor, as the shop sends it: Order Completed.")
    where = may(read_conditions, NO_CONDITIONS, "Conditions on the event: event.total > 100.")
    inactive = may(read_duration, 0, "So long since the visitor's last visit: 7d.")
    segment = may(read_slug, "", "The visitor enters this segment.")
    keyword = many(_read_keyword, "The visitor writes one of these words in the chat.", least=1)
    schedule = may(read_cron, "", "A broadcast: minute hour day month weekday, for example 0 10 1 * *.")
    at_ = may(read_moment, "", "A broadcast, once: 2026-08-30 10:00.")


@reads(TriggerKeys, "trigger")
def read_trigger(reading: Reading, node: YamlNode) -> Trigger:
    keys = TriggerKeys(reading, node)
    kind = keys.only_one()
    line = node.line
    if kind == "inactive":
        return OnInactive(duration=keys.inactive, line=line)
    if kind == "segment":
        return OnSegment(segment=keys.segment, line=line)
    if kind == "keyword":
        return OnKeyword(words=_keywords(keys), line=line)
    if kind == "schedule":
        return OnSchedule(cron=keys.schedule, line=line)
    if kind == "at":
        return OnSchedule(at=keys.at_, line=line)
    return OnEvent(event=keys.event, where=keys.where, line=line)


def _keywords(keys: TriggerKeys) -> tuple[str, ...]:
    node = keys.node("keyword")
    if not keys.keyword and node is not None and not isinstance(node, Scalar):
        keys.reading.error(node, "“keyword” holds no word")
    return keys.keyword


class ExitKeys(Keys, what="an exit"):
    event = must(read_event_name, "", "The event that ends the run at once, also while it waits.")
    where = may(read_conditions, NO_CONDITIONS, "Conditions on the event: event.total > 100.")


@reads(lambda builder: {"anyOf": [builder.of(read_condition), builder.mapping(ExitKeys)]}, "exit")
def read_exit_rule(reading: Reading, node: YamlNode) -> ExitRule:
    """A condition, or an event with conditions on it."""
    if isinstance(node, Mapping) and any(key.value in ExitKeys.declared for key, _ in node.pairs):
        keys = ExitKeys(reading, node)
        return OnEvent(event=keys.event, where=keys.where, line=node.line)
    if isinstance(node, Scalar) and is_known_event(node.value):
        reading.error(
            node, f"{quoted(node.value)} is an event, no condition", f"write “- event: {node.value}”"
        )
        return NEVER
    return read_condition(reading, node)


class GoalKeys(Keys, what="“goal”"):
    example = "goal: {event: {}, within: 7d}"

    event = must(read_event_name, "", "The event that counts as success: Order Completed.")
    where = may(read_conditions, NO_CONDITIONS, "Conditions on the event: event.total > 100.")
    within = must(read_duration, 0, "How soon after the start of the run: 7d.")


@reads(GoalKeys)
def read_goal(reading: Reading, node: YamlNode) -> Goal:
    keys = GoalKeys(reading, node)
    return Goal(event=keys.event, where=keys.where, within=keys.within, line=node.line)


def _schema_of_times(builder: Builder) -> Schema:
    return {"anyOf": [{"enum": ["once", "always"]}, builder.of(_COUNT)]}


@reads(_schema_of_times)
def _times(reading: Reading, node: YamlNode) -> int | Literal["always"]:
    """`once` is 1."""
    word = reading.word(node, "once, always or a number")
    if word is None or word == "always":
        return "always"
    if word == "once":
        return 1
    if parse_number(word) is None:
        return 1 if _ONCE_OR_ALWAYS(reading, node) == "once" else "always"
    return _COUNT(reading, node)


_ONCE_OR_ALWAYS = one_of("once", "always")
_COUNT = whole_number(1, 10_000)


WhileRunning: TypeAlias = Literal["ignore", "restart", "parallel"]
IfBusy: TypeAlias = Literal["drop", "queue"]
QuietHours: TypeAlias = Literal["wait", "skip", "ignore"]
Cap: TypeAlias = Literal["apply", "exempt"]
MessageKind: TypeAlias = Literal["marketing", "service"]
Times: TypeAlias = int | Literal["always"]


class ReentryKeys(Keys, what="“reentry”"):
    times: Key[Times] = may(
        _times, "always", "How often one visitor may go through it: once, always or a number."
    )
    not_sooner_than = may(read_duration, 0, "The pause after the end of the last run: 7d.")
    key_ = may(read_path, "", "Each value of this path is counted by itself: cart.id, order.id.")
    while_running: Key[WhileRunning] = may(
        one_of(*get_args(WhileRunning)),
        "ignore",
        "What a trigger does while the visitor is in the middle. restart: only until the first message.",
    )


@reads(ReentryKeys)
def read_reentry(reading: Reading, node: YamlNode) -> Reentry:
    keys = ReentryKeys(reading, node)
    return Reentry(
        times=keys.times,
        not_sooner_than=keys.not_sooner_than,
        key=keys.key_,
        while_running=keys.while_running,
    )


class DeliveryKeys(Keys, what="“delivery”"):
    priority = may(whole_number(0, 100), 50, "Of those due together, the highest is shown. 0 to 100.")
    if_busy: Key[IfBusy] = may(
        one_of(*get_args(IfBusy)), "drop", "What becomes of it while another is shown."
    )
    quiet_hours: Key[QuietHours] = may(
        one_of(*get_args(QuietHours)), "wait", "What becomes of it in quiet hours."
    )
    frequency_cap: Key[Cap] = may(
        one_of(*get_args(Cap)), "apply", "Whether it counts for the cap, and obeys it."
    )
    kind: Key[MessageKind] = may(
        one_of(*get_args(MessageKind)),
        "marketing",
        "service: an order's confirmation and the like. Consent, cap and quiet hours do not hold it up.",
    )


@reads(DeliveryKeys)
def read_delivery(reading: Reading, node: YamlNode) -> Delivery:
    keys = DeliveryKeys(reading, node)
    return Delivery(
        priority=keys.priority,
        if_busy=keys.if_busy,
        quiet_hours=keys.quiet_hours,
        frequency_cap=keys.frequency_cap,
        kind=keys.kind,
    )


# --- Parameters: read before all else, so that every value may name one -------------------------------------


@reads(lambda builder: builder.of(read_text), "text")
def _read_default(reading: Reading, node: YamlNode) -> Any:
    """A word of the parameter's type; a text may be one for each language."""
    return read_words(reading, node)


class ParameterKeys(Keys, what="a parameter"):
    type = must(one_of(*PARAMETER_TYPES), "text", "What may stand in its place.")
    default = must(_read_default, "", "The value, until a shop sets its own.")
    label = may(read_text, None, "What the shop is asked for.")


def _schema_of_parameters(builder: Builder) -> Schema:
    each = builder.define("declared_parameter", lambda: builder.mapping(ParameterKeys))
    return {"type": "object", "additionalProperties": each}


@reads(_schema_of_parameters)
def read_parameters(reading: Reading, node: YamlNode) -> tuple[Parameter, ...]:
    """Reads them and makes them known to the rest of the reading."""
    if not isinstance(node, Mapping):
        reading.error(node, "“parameters” is a mapping of names to {type, default, label}")
        return ()
    parameters = tuple(_parameter(reading, key, value) for key, value in node.pairs)
    for parameter in parameters:
        reading.parameters[parameter.name] = parameter.default
    return parameters


def _parameter(reading: Reading, key: Scalar, node: YamlNode) -> Parameter:
    name = read_slug(reading, key)
    keys = ParameterKeys(reading, node, what=f"the parameter {quoted(key.value)}")
    kind, label = keys.type, keys.label
    at = keys.node("default")
    if kind == "text" and isinstance(at, Mapping):
        reading.parameters_written[name] = None
        return Parameter(name=name, type=kind, default=read_text(reading, at), label=label)
    written = keys.default
    reading.parameters_written[name] = written
    default = _typed(reading, at, kind, written) if written and at is not None else written
    return Parameter(name=name, type=kind, default=default, label=label)


def _typed(reading: Reading, node: YamlNode, kind: str, written: str) -> Any:
    value: Any = written
    if kind == "number":
        value = parse_number(written)
    elif kind == "duration":
        value = parse_duration(written)
    if value is None:
        example = "3000" if kind == "number" else "30s, 15m or 3d"
        reading.error(node, f"{quoted(written)} is no {kind}", f"for example {example}")
        return 0
    return value
