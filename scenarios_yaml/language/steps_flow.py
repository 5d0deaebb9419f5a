"""Steps that decide where a run goes and when: branches, waits, jumps, ends."""

from __future__ import annotations

from typing import Any, ClassVar

from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.keys import Builder, Key, Keys, Schema, items, many, mapping, may, must, reads
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
    is_time,
    one_of,
    read_duration,
    read_event,
    read_moment,
    read_number,
    read_path,
    read_slug,
    read_time,
    read_weekday,
    read_words,
)
from scenarios_yaml.language.step_parts import StepKeys, branch, kind
from scenarios_yaml.language.yaml_nodes import Scalar, YamlNode

NO_CONDITIONS: tuple[Condition, ...] = ()


class IfKeys(StepKeys):
    hints: ClassVar[dict[str, str]] = dict.fromkeys(
        ("elif", "elseif", "elsif", "else_if", "else if"), "for several cases there is “choose”"
    )

    if_ = must(read_conditions, NO_CONDITIONS, "Conditions, all of which must hold.")
    then = branch("What happens where they hold.", needed=True)
    else_ = branch("What happens where they do not.")


def _if(step: IfKeys) -> If:
    return If(conditions=step.if_, then=step.then or (), otherwise=step.else_ or (), **step.place)


class CaseKeys(Keys, what="a case"):
    if_ = must(read_conditions, NO_CONDITIONS, "Conditions, all of which must hold.")
    steps = branch("What happens in this case.", needed=True)


class ChooseKeys(StepKeys):
    choose = items(CaseKeys, "The first case that holds is taken.", least=1)
    otherwise = branch("What happens where no case holds.")


def _choose(step: ChooseKeys) -> Choose:
    cases = tuple(Case(conditions=one.if_, steps=one.steps or (), line=one.at.line) for one in step.choose)
    if not cases:
        step.reading.error(step.node("choose") or step.at, "“choose” needs at least one case")
    return Choose(cases=cases, otherwise=step.otherwise or (), **step.place)


class VariantKeys(Keys, what="a variant"):
    name = must(read_slug, "", "What it is called in reports.")
    weight = must(read_number, 1, "Its share, beside the weights of the others: 50.")
    steps = branch("What happens for those who take it.", needed=True)


class SplitKeys(StepKeys):
    split = items(VariantKeys, "The same visitor always takes the same variant.", least=2)


def _split(step: SplitKeys) -> Split:
    names: dict[str, int] = {}
    at, told_before = step.node("split") or step.at, len(step.reading.problems)
    variants = tuple(_variant(one, names) for one in step.split)
    if len(step.reading.problems) > told_before:
        return Split(variants=variants, **step.place)
    if variants and not sum(variant.weight for variant in variants) > 0:
        hint = "give one of them a weight above 0"
        step.reading.error(at, "the weights of a split add up to nothing", hint)
    if len(variants) < 2:
        step.reading.error(at, "a split needs at least two variants")
    return Split(variants=variants, **step.place)


def _variant(keys: VariantKeys, names: dict[str, int]) -> Variant:
    name, line = keys.name, keys.at.line
    if name and names.setdefault(name, line) != line:
        message = f"the variant {quoted(name)} stands here twice, first in line {names[name]}"
        keys.reading.error(keys.key("name"), message)
    if not 0 <= keys.weight <= 1_000_000:
        keys.reading.error(keys.key("weight"), "a weight is 0 or more")
    return Variant(name=name, weight=float(keys.weight), steps=keys.steps or ())


def _schema_of_until(builder: Builder) -> Schema:
    return {"anyOf": [builder.of(read_moment), builder.of(read_path)]}


@reads(_schema_of_until)
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


class WaitParts(Keys, what="“wait”"):
    forms = ("for", "until", "at", "business_hours")
    goes_with: ClassVar[dict[str, str]] = {"since": "for", "weekdays": "at", "within": "at"}

    for_ = may(read_duration, 0, "So long: 3d.")
    since = may(one_of("trigger", "last_visit", "last_message"), "now", "From when `for` is counted.")
    until = may(_moment_or_path, "", "Until a moment: 2026-08-30 10:00, or a path: event.starts_at.")
    at_ = may(read_time, "", "Until the next time that it is so late: 10:00.")
    weekdays = many(read_weekday, "On one of these days: [mon, tue].", least=1)
    within = may(read_duration, None, "At most so long, then the run goes on at once.")
    business_hours = may(one_of("next"), "next", "next: until the shop opens.")


def _schema_of_wait(builder: Builder) -> Schema:
    return {"anyOf": [builder.of(read_duration), builder.mapping(WaitParts)]}


@reads(_schema_of_wait)
def _read_wait(reading: Reading, node: YamlNode) -> dict[str, Any]:
    """What the model says of a way to wait."""
    if isinstance(node, Scalar) and is_time(node.value) and not node.style:
        reading.error(node, f"{quoted(node.value)} is no duration", f"a time of day: {{at: {node.value}}}")
        return {"duration": 0}
    if isinstance(node, Scalar):
        return {"duration": read_duration(reading, node)}
    parts = WaitParts(reading, node)
    match parts.only_one():
        case "for":
            if "since" not in parts:
                parts.miss("since")
            return {"duration": parts.for_, "since": parts.since}
        case "until":
            return {"until": parts.until}
        case "at":
            if "weekdays" in parts and not parts.weekdays:
                reading.error(parts.key("weekdays"), "“weekdays” holds no day")
            days = tuple(sorted(set(parts.weekdays)))
            return {"at": parts.at_, "weekdays": days, "within": parts.within}
        case "business_hours":
            _ = parts.business_hours
            return {"business_hours": True}
    return {"duration": 0}


class WaitKeys(StepKeys):
    wait: Key[dict[str, Any]] = must(
        _read_wait, {}, "How long: 3d, or {for, until, at or business_hours: …}."
    )


def _wait(step: WaitKeys) -> Wait:
    return Wait(**step.wait, **step.place)


class WaitForParts(Keys, what="“wait_for”"):
    event = must(read_event, "", "The event that is waited for.")
    where = may(read_conditions, NO_CONDITIONS, "Conditions on the event: event.total > 100.")
    up_to = must(read_duration, 0, "How long it is waited for: 3d.")


class WaitForKeys(StepKeys):
    wait_for = mapping(
        WaitForParts, "Waits until the event comes; goes on at once where it has come already."
    )
    then = branch("What happens when it has come.")
    on_timeout = branch("What happens where it has not come in time.")


def _wait_for(step: WaitForKeys) -> WaitFor:
    parts = step.wait_for
    return WaitFor(
        event=parts.event,
        where=parts.where,
        up_to=parts.up_to,
        then=step.then or (),
        on_timeout=step.on_timeout or (),
        **step.place,
    )


class JumpKeys(StepKeys):
    jump = must(read_slug, "", "The id of a step, or the name of a block.")


class CallKeys(StepKeys):
    call = must(read_slug, "", "The name of a block. The run comes back at its end.")


class StartKeys(StepKeys):
    start = must(read_slug, "", "The name of another scenario.")


class StopKeys(StepKeys):
    stop = must(read_words, "", "Why, for reports.")


class CloseKeys(StepKeys):
    close = must(read_words, "", "Why, for reports.")


def _jump(step: JumpKeys) -> Jump:
    return Jump(target=step.jump, **step.place)


def _call(step: CallKeys) -> Call:
    return Call(block=step.call, **step.place)


def _start(step: StartKeys) -> Start:
    return Start(scenario=step.start, **step.place)


def _stop(step: StopKeys) -> Stop:
    return Stop(reason=step.stop, **step.place)


def _close(step: CloseKeys) -> Close:
    return Close(reason=step.close, **step.place)


FLOW = (
    kind(IfKeys, _if, "Goes one way or the other."),
    kind(ChooseKeys, _choose, "Takes the first case that holds."),
    kind(SplitKeys, _split, "Tries out several ways, each with a share of the visitors."),
    kind(WaitKeys, _wait, "Waits for a while, or until a moment."),
    kind(WaitForKeys, _wait_for, "Waits for an event of the visitor."),
    kind(JumpKeys, _jump, "Goes on at another step."),
    kind(CallKeys, _call, "Walks through a block and comes back."),
    kind(StartKeys, _start, "Starts another scenario for this visitor."),
    kind(StopKeys, _stop, "Ends the run."),
    kind(CloseKeys, _close, "Ends the run, and closes its dialog."),
)
