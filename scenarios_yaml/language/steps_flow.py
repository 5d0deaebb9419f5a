"""Steps that decide where a run goes and when: branches, waits, jumps, ends."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.fields import Fields, read_list
from scenarios_yaml.language.model import (
    Call,
    Case,
    Choose,
    Close,
    Condition,
    If,
    Jump,
    Split,
    Start,
    Stop,
    Variant,
    Wait,
    WaitFor,
)
from scenarios_yaml.language.paths import PathError, resolve_path
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import (
    is_moment,
    one_of,
    read_duration,
    read_event,
    read_number,
    read_slug,
    read_time,
    read_weekday,
    read_words,
)
from scenarios_yaml.language.step_parts import StepKind, StepParts
from scenarios_yaml.language.yaml_nodes import Scalar, YamlNode

NO_CONDITIONS: tuple[Condition, ...] = ()


def _if(step: StepParts) -> If:
    return If(
        conditions=read_conditions(step.reading, step.value),
        then=step.needed_branch("then"),
        otherwise=step.branch("else") or (),
        **step.place,
    )


def _choose(step: StepParts) -> Choose:
    nodes = read_list(step.reading, step.value, "“choose”", lambda _, item: item)
    if not nodes:
        step.reading.error(step.value, "“choose” needs at least one case")
    cases = tuple(_case(step, node, number) for number, node in enumerate(nodes))
    return Choose(cases=cases, otherwise=step.branch("otherwise") or (), **step.place)


def _case(step: StepParts, node: YamlNode, number: int) -> Case:
    fields = Fields(step.reading, node, "a case", ("if", "steps"))
    path = f"{step.path}.choose.{number}.steps"
    return Case(
        conditions=fields.need("if", read_conditions, NO_CONDITIONS),
        steps=fields.need("steps", lambda reading, branch: step.read_branch(reading, branch, path), ()),
        line=node.line,
    )


def _split(step: StepParts) -> Split:
    nodes = read_list(step.reading, step.value, "“split”", lambda _, item: item)
    names: dict[str, int] = {}
    variants = tuple(_variant(step, node, number, names) for number, node in enumerate(nodes))
    if nodes and not sum(variant.weight for variant in variants) > 0:
        step.reading.error(
            step.value, "the weights of a split add up to nothing", "give one of them a weight above 0"
        )
    if len(nodes) < 2:
        step.reading.error(step.value, "a split needs at least two variants")
    return Split(variants=variants, **step.place)


def _variant(step: StepParts, node: YamlNode, number: int, names: dict[str, int]) -> Variant:
    fields = Fields(step.reading, node, "a variant", ("name", "weight", "steps"))
    name = fields.need("name", read_slug, "")
    if name and names.setdefault(name, node.line) != node.line:
        message = f"the variant {quoted(name)} stands here twice, first in line {names[name]}"
        step.reading.error(fields.key("name"), message)
    weight = fields.need("weight", read_number, 1)
    if not 0 <= weight <= 1_000_000:
        step.reading.error(fields.key("weight"), "a weight is 0 or more")
    path = f"{step.path}.split.{number}.steps"
    steps = fields.need("steps", lambda reading, branch: step.read_branch(reading, branch, path), ())
    return Variant(name=name, weight=float(weight), steps=steps)


def _wait(step: StepParts) -> Wait:
    if isinstance(step.value, Scalar):
        return Wait(duration=read_duration(step.reading, step.value), **step.place)
    fields = step.value_fields("for", "since", "until", "at", "weekdays", "within", "business_hours")
    form = fields.exactly_one("for", "until", "at", "business_hours")
    _refuse_companions(fields, form)
    return Wait(**_WAITS[form](fields), **step.place) if form else Wait(duration=0, **step.place)


def _refuse_companions(fields: Fields, form: str) -> None:
    for name, owner in (("since", "for"), ("weekdays", "at"), ("within", "at")):
        if form and name in fields and form != owner:
            fields.reading.error(
                fields.key(name), f"{quoted(name)} goes with {quoted(owner)}, not with {quoted(form)}"
            )


def _wait_since(fields: Fields) -> dict[str, Any]:
    since = fields.need("since", one_of("trigger", "last_visit", "last_message"), "now")
    return {"duration": fields.need("for", read_duration, 0), "since": since}


def _wait_until(fields: Fields) -> dict[str, Any]:
    return {"until": fields.need("until", _moment_or_path, "")}


def _moment_or_path(reading: Reading, node: YamlNode) -> str:
    word = reading.word(node, "a date and time, or a path")
    if word is None or is_moment(word):
        return word or ""
    try:
        return resolve_path(word)
    except PathError:
        hint = "for example 2026-08-30 10:00, or event.starts_at"
        reading.error(node, f"{quoted(word)} is neither a date and time nor a path", hint)
        return ""


def _wait_at(fields: Fields) -> dict[str, Any]:
    days = fields.many("weekdays", read_weekday)
    if "weekdays" in fields and not days:
        fields.reading.error(fields.key("weekdays"), "“weekdays” holds no day")
    return {
        "at": fields.need("at", read_time, ""),
        "weekdays": tuple(sorted(set(days))),
        "within": fields.read("within", read_duration, None),
    }


def _wait_business_hours(fields: Fields) -> dict[str, Any]:
    fields.need("business_hours", one_of("next"), "next")
    return {"business_hours": True}


_WAITS = {"for": _wait_since, "until": _wait_until, "at": _wait_at, "business_hours": _wait_business_hours}


def _wait_for(step: StepParts) -> WaitFor:
    fields = step.value_fields("event", "where", "up_to")
    return WaitFor(
        event=fields.need("event", read_event, ""),
        where=fields.read("where", read_conditions, NO_CONDITIONS),
        up_to=fields.need("up_to", read_duration, 0),
        then=step.branch("then") or (),
        on_timeout=step.branch("on_timeout") or (),
        **step.place,
    )


def _jump(step: StepParts) -> Jump:
    return Jump(target=read_slug(step.reading, step.value), **step.place)


def _call(step: StepParts) -> Call:
    return Call(block=read_slug(step.reading, step.value), **step.place)


def _start(step: StepParts) -> Start:
    return Start(scenario=read_slug(step.reading, step.value), **step.place)


def _stop(step: StepParts) -> Stop:
    return Stop(reason=read_words(step.reading, step.value), **step.place)


def _close(step: StepParts) -> Close:
    return Close(reason=read_words(step.reading, step.value), **step.place)


FLOW = {
    "if": StepKind(_if, ("then", "else")),
    "choose": StepKind(_choose, ("otherwise",)),
    "split": StepKind(_split),
    "wait": StepKind(_wait),
    "wait_for": StepKind(_wait_for, ("then", "on_timeout")),
    "jump": StepKind(_jump),
    "call": StepKind(_call),
    "start": StepKind(_start),
    "stop": StepKind(_stop),
    "close": StepKind(_close),
}
