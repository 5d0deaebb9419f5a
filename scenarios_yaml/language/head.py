"""The head of a file: when a scenario starts, for whom, how often, when it stops, and what a shop may
adapt."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.language.conditions import read_condition, read_conditions
from scenarios_yaml.language.durations import parse_duration
from scenarios_yaml.language.fields import Fields
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
TRIGGER_KINDS = ("event", "inactive", "segment", "keyword", "schedule", "at")


def read_event_name(reading: Reading, node: YamlNode) -> str:
    """The name of an event, with a warning where it misses a well-known one by a letter or two."""
    name = read_event(reading, node)
    guess = event_guess(name)
    if guess:
        reading.warn(node, f"no event {quoted(name)} is known", f"did you mean “{guess}”?")
    return name


def read_trigger(reading: Reading, node: YamlNode) -> Trigger:
    fields = Fields(reading, node, "a trigger", (*TRIGGER_KINDS, "where"))
    kind = fields.exactly_one(*TRIGGER_KINDS)
    if "where" in fields and kind not in ("event", ""):
        reading.error(fields.key("where"), f"“where” goes with an event, not with {quoted(kind)}")
    line = node.line
    if kind == "inactive":
        return OnInactive(duration=fields.need("inactive", read_duration, 0), line=line)
    if kind == "segment":
        return OnSegment(segment=fields.need("segment", read_slug, ""), line=line)
    if kind == "keyword":
        return OnKeyword(words=_keywords(fields), line=line)
    if kind == "schedule":
        return OnSchedule(cron=fields.need("schedule", read_cron, ""), line=line)
    if kind == "at":
        return OnSchedule(at=fields.need("at", read_moment, ""), line=line)
    event = fields.read("event", read_event_name, "")
    return OnEvent(event=event, where=fields.read("where", read_conditions, NO_CONDITIONS), line=line)


def _keywords(fields: Fields) -> tuple[str, ...]:
    words = fields.many("keyword", read_words)
    node = fields.node("keyword")
    if not words and node is not None and not isinstance(node, Scalar):
        fields.reading.error(node, "“keyword” holds no word")
    return words


def read_exit_rule(reading: Reading, node: YamlNode) -> ExitRule:
    """A condition, or an event with conditions on it."""
    if isinstance(node, Mapping) and any(key.value in ("event", "where") for key, _ in node.pairs):
        fields = Fields(reading, node, "an exit", ("event", "where"))
        event = fields.need("event", read_event_name, "")
        return OnEvent(
            event=event, where=fields.read("where", read_conditions, NO_CONDITIONS), line=node.line
        )
    return read_condition(reading, node)


def read_goal(reading: Reading, node: YamlNode) -> Goal:
    fields = Fields(reading, node, "“goal”", ("event", "where", "within"))
    return Goal(
        event=fields.need("event", read_event_name, ""),
        where=fields.read("where", read_conditions, NO_CONDITIONS),
        within=fields.need("within", read_duration, 0),
        line=node.line,
    )


def read_reentry(reading: Reading, node: YamlNode) -> Reentry:
    fields = Fields(reading, node, "“reentry”", ("times", "not_sooner_than", "key", "while_running"))
    return Reentry(
        times=fields.read("times", _times, "always"),
        not_sooner_than=fields.read("not_sooner_than", read_duration, 0),
        key=fields.read("key", read_path, ""),
        while_running=fields.read("while_running", one_of("ignore", "restart", "parallel"), "ignore"),
    )


def _times(reading: Reading, node: YamlNode) -> Any:
    """`once` is 1."""
    word = reading.word(node, "once, always or a number")
    if word is None or word == "always":
        return "always"
    if word == "once":
        return 1
    if parse_number(word) is None:
        return 1 if one_of("once", "always")(reading, node) == "once" else "always"
    return whole_number(1, 10_000)(reading, node)


def read_delivery(reading: Reading, node: YamlNode) -> Delivery:
    known = ("priority", "if_busy", "quiet_hours", "frequency_cap", "kind")
    fields = Fields(reading, node, "“delivery”", known)
    return Delivery(
        priority=fields.read("priority", whole_number(0, 100), 50),
        if_busy=fields.read("if_busy", one_of("drop", "queue"), "drop"),
        quiet_hours=fields.read("quiet_hours", one_of("wait", "skip", "ignore"), "wait"),
        frequency_cap=fields.read("frequency_cap", one_of("apply", "exempt"), "apply"),
        kind=fields.read("kind", one_of("marketing", "service"), "marketing"),
    )


# --- Parameters: read before all else, so that every value may name one -------------------------------------


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
    fields = Fields(reading, node, f"the parameter {quoted(key.value)}", ("type", "default", "label"))
    kind = fields.need("type", one_of(*PARAMETER_TYPES), "text")
    label = fields.read("label", read_text, None)
    at = fields.node("default")
    if kind == "text" and isinstance(at, Mapping):
        reading.parameters_written[name] = None
        return Parameter(name=name, type=kind, default=read_text(reading, at), label=label)
    written = fields.need("default", read_words, "")
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
