"""A scenario's parts as flat, readable pairs: what stands under which name. A difference compares these.

`described(step)` of an email is `{"subject (en)": "Your cart", "body (en)": "…"}`. Neither the steps below it nor
its place in the file are part of that: a step that moves is still the same step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from scenarios_yaml.language import model
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import Condition, Scenario, Segment, Step
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import branches

_PLACE = frozenset({"key", "id", "path", "line", "source"})
_BRANCHES = frozenset({
    "steps", "then", "otherwise", "no_answer", "on_submit", "on_click", "on_close", "on_error", "on_timeout",
    "no_operator",
})  # fmt: skip
_DURATIONS = frozenset({"timeout", "duration", "within", "up_to", "not_sooner_than", "window"})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KINDS: dict[type, str] = {
    model.MessengerMessage: "message",
    model.SendFile: "file",
    model.ProductList: "product_list",
    model.WaitFor: "wait_for",
}
_HEAD = ("title", "comment", "starter", "group", "timezone", "goal", "reentry", "delivery", "holdout")
_LISTS = ("trigger", "audience", "exit")
_UNSAID: tuple[Any, ...] = (None, "", (), 0, False)


def kind_of(step: Step) -> str:
    """The word under which the step stands in the file: `say`, `wait_for`, `untag` …"""
    if isinstance(step, model.Tag):
        return "untag" if step.remove else "tag"
    if isinstance(step, model.Subscribe):
        return "unsubscribe" if step.remove else "subscribe"
    return _KINDS.get(type(step), type(step).__name__.lower())


def name_of(step: Step) -> str:
    """How people find the step: its id, else its kind and the beginning of what it says."""
    if step.id:
        return step.id
    said = next(iter(described(step).values()), "")
    words = " ".join(said.split())
    return f"{kind_of(step)} “{words[:40]}{'…' if len(words) > 40 else ''}”" if words else kind_of(step)


def described(step: Step) -> dict[str, str]:
    """What the step says, without what stands below it."""
    pairs: dict[str, str] = {}
    for name in step.__struct_fields__:
        if name not in _PLACE and name not in _BRANCHES and name not in ("cases", "variants", "options"):
            value = getattr(step, name)
            if name == "enabled":
                pairs |= {} if value else {"enabled": "false"}
            elif value not in _UNSAID:
                pairs.update(_flat(name, value))
    pairs.update(_alternatives(step))
    return pairs


def _alternatives(step: Step) -> Iterator[tuple[str, str]]:
    """The labels and conditions of the step's branches; where the branches lead is the steps' own."""
    match step:
        case model.Say():
            for option in step.options:
                yield from _flat(f"options.{option.id}", option.label)
                yield from _flat(f"options.{option.id}.if", option.when)
                if option.jump:
                    yield f"options.{option.id}.jump", option.jump
        case model.Choose():
            for number, case in enumerate(step.cases, 1):
                yield from _flat(f"case {number}", case.conditions)
        case model.Split():
            for variant in step.variants:
                yield f"variant {variant.name}", f"{variant.weight:g}"


def branch_names(step: Step) -> list[tuple[str, tuple[Step, ...]]]:
    """The lists of steps below a step, by names that stay the same when options are reordered."""
    named: list[tuple[str, tuple[Step, ...]]] = []
    for key, steps in branches(step):
        kind, _, number = key.partition(".")
        if isinstance(step, model.Say) and kind == "options":
            key = step.options[int(number)].id
        elif isinstance(step, model.Split) and kind == "split":
            key = step.variants[int(number)].name
        elif isinstance(step, model.Choose) and kind == "choose":
            key = f"case {int(number) + 1}"
        named.append((key, steps))
    return named


def described_head(scenario: Scenario) -> dict[str, str]:
    """All of a scenario but its steps. Its status is a switch and no part of it."""
    pairs: dict[str, str] = {}
    for name in _HEAD:
        value = getattr(scenario, name)
        if value not in _UNSAID:
            pairs.update(_flat(name, value))
    for parameter in scenario.parameters:
        pairs.update(_flat(f"parameters.{parameter.name}", parameter.default))
        if parameter.label is not None:
            pairs.update(_flat(f"parameters.{parameter.name}.label", parameter.label))
    return pairs


def described_segment(segment: Segment) -> dict[str, str]:
    """All of a segment but its conditions."""
    pairs = dict(_flat("title", segment.title))
    return pairs | ({"comment": segment.comment} if segment.comment else {})


def described_conditions(conditions: tuple[Condition, ...]) -> dict[str, int]:
    """Each condition as one line of text, with its line number."""
    return {_line(condition): condition.line for condition in conditions}


def described_lists(scenario: Scenario) -> dict[str, dict[str, int]]:
    """Triggers, audience and exits: each line as text, with its line number."""
    return {name: {_line(rule): rule.line for rule in getattr(scenario, name)} for name in _LISTS}


def _line(rule: Any) -> str:
    """A trigger or a condition, in one line."""
    match rule:
        case model.OnEvent():
            where = " and ".join(_line(part) for part in rule.where)
            return f"event: {rule.event}" + (f" where {where}" if where else "")
        case model.OnInactive():
            return f"inactive: {format_duration(rule.duration)}"
        case model.OnSegment():
            return f"segment: {rule.segment}"
        case model.OnKeyword():
            return f"keyword: {', '.join(rule.words)}"
        case model.OnSchedule():
            return f"schedule: {rule.cron}" if rule.cron else f"at: {rule.at}"
        case model.All():
            return "all of (" + ", ".join(_line(part) for part in rule.of) + ")"
        case model.Any_():
            return "any of (" + ", ".join(_line(part) for part in rule.of) + ")"
        case model.Not():
            return f"not ({_line(rule.of)})"
    return str(rule.source)


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of one value, whatever it is."""
    if isinstance(value, Text):
        for language, source in value.sources.items():
            yield (f"{name} ({language})" if language else name), source
    elif isinstance(value, model.Node):
        yield from _flat_struct(name, value)
    elif isinstance(value, tuple) and value and all(isinstance(part, msgspec.Struct) for part in value):
        yield from _flat_parts(name, value)
    elif isinstance(value, tuple) and value and all(isinstance(part, tuple) for part in value):
        for key, part in value:
            yield from _flat(f"{name}.{key}", part)
    elif isinstance(value, tuple):
        days = name.endswith("weekdays")
        yield name, ", ".join(_WEEKDAYS[part] if days else str(part) for part in value)
    elif name.rpartition(".")[2] in _DURATIONS and isinstance(value, int):
        yield name, format_duration(value)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part)
    else:
        yield name, str(value)


def _flat_struct(name: str, value: model.Node) -> Iterator[tuple[str, str]]:
    if hasattr(value, "source") or isinstance(value, model.All | model.Any_ | model.Not | model.OnEvent):
        yield name, _line(value)
        return
    for field in value.__struct_fields__:
        part = getattr(value, field)
        if field not in _PLACE and part not in _UNSAID:
            yield from _flat(f"{name}.{field}", part)


def _flat_parts(name: str, parts: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    conditions = [
        part
        for part in parts
        if hasattr(part, "source") or isinstance(part, model.All | model.Any_ | model.Not)
    ]
    if conditions:
        yield name, " and ".join(_line(part) for part in conditions)
        return
    for number, part in enumerate(parts, 1):
        yield from _flat(f"{name}.{getattr(part, 'save_to', '') or number}", part)
