"""What the steps of a scenario do that may set off a scenario: the events they make, the scenarios they start,
the tags, lists and properties they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from scenarios_yaml.language import model
from scenarios_yaml.language.model import (
    Compare,
    Did,
    InSegment,
    Is,
    OnEvent,
    Scenario,
    Segment,
    Step,
    SumOf,
    Tagged,
)
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.language.texts import Text, is_template
from scenarios_yaml.language.whole.pace import PAUSE
from scenarios_yaml.language.whole.walking import every_step, leaves

OF_CHAT = ("Message Sent", "Message Delivered", "Message Seen")
OF_SENDING = ("Message Sent", "Message Delivered")
UNKNOWN = object()
"""A property whose value only the run will know."""


class Doing(Struct, frozen=True):
    """One thing that a step does. `told` says it in a message; `path` is where it is written.

    `leaves` is what it is about and the state in which it leaves it: a tag that is there is not added once more,
    so that the same thing counts again only after somebody has left it in another state. None: it always counts.
    """

    step: Step
    told: str
    path: str
    event: str = ""
    properties: dict[str, Any] = {}
    starts: str = ""
    leaves: tuple[str, str] | None = None

    @property
    def line(self) -> int:
        return self.step.line


def doings(scenario: Scenario) -> Iterator[Doing]:
    """Everything that the enabled steps of a scenario do, in the order of the file."""
    for step in every_step(scenario):
        if step.enabled:
            yield from _doings(step)


def _doings(step: Step) -> Iterator[Doing]:
    match step:
        case model.Emit():
            given = {name: _constant(value) for name, value in step.properties}
            yield Doing(step, f"emit {quoted(step.event)}", f"{step.path}.emit.event", step.event, given)
        case model.Start():
            yield Doing(step, "start", f"{step.path}.start", starts=step.scenario)
        case model.Tag():
            yield _tag(step)
        case model.Subscribe():
            verb, event = ("unsubscribe", "Unsubscribed") if step.remove else ("subscribe", "Subscribed")
            yield Doing(step, f"{verb} {step.list}", f"{step.path}.{verb}", event, {"list": step.list})
        case model.Set():
            for path, value in step.values:
                yield _set(step, path, value)
        case model.Close():
            yield Doing(
                step,
                "close",
                f"{step.path}.close",
                "Dialog Closed",
                {"by": "bot"},
                leaves=("dialog", "closed"),
            )
        case _:
            yield from _messages(step)


def _tag(step: model.Tag) -> Doing:
    verb, event = ("untag", "Tag Removed") if step.remove else ("tag", "Tag Added")
    at, left = f"{step.path}.{verb}", (f"tag {step.tag}", verb)
    return Doing(step, f"{verb} {step.tag}", at, event, {"tag": step.tag}, leaves=left)


def _set(step: model.Set, path: str, value: Any) -> Doing:
    constant = _constant(value)
    left = None if constant is UNKNOWN else (f"set {path}", repr(constant))
    return Doing(step, f"set {path}", f"{step.path}.set", leaves=left)


def _messages(step: Step) -> Iterator[Doing]:
    """The events of a message that come by themselves; a click, an answer and a reading take a person."""
    names: tuple[str, ...] = ()
    kind = ""
    match step:
        case model.Say() | model.Ask() | model.SendFile() | model.Handoff():
            kind = {"Say": "say", "Ask": "ask", "SendFile": "file", "Handoff": "handoff"}[type(step).__name__]
            names = () if kind == "handoff" else OF_CHAT
            at, left = f"{step.path}.{kind}", ("dialog", "open")
            yield Doing(step, kind, at, "Dialog Opened", {"by": "bot"}, leaves=left)
        case model.Popup():
            kind, names = "popup", ("Popup Shown", "Message Sent")
        case model.Email():
            kind, names = "email", OF_SENDING
        case model.Push():
            kind, names = "push", OF_SENDING
        case model.MessengerMessage():
            kind, names = "message", OF_SENDING
    for name in names:
        yield Doing(step, kind, f"{step.path}.{kind}", name, {"channel": UNKNOWN})


def _constant(value: Any) -> Any:
    """The value that it will always be, or UNKNOWN."""
    if isinstance(value, Text):
        plain = value.sources.get("")
        return plain if plain is not None and not is_template(plain) else UNKNOWN
    return UNKNOWN if isinstance(value, (list, dict)) else value


def is_meant(trigger: OnEvent, properties: Mapping[str, Any]) -> bool:
    """Whether an event with these properties may start it: false only where a condition surely refuses it."""
    return all(
        _may_be(leaf, properties)
        for leaf in trigger.where
        if isinstance(leaf, Compare) and leaf.path.startswith("event.")
    )


def _may_be(leaf: Compare, properties: Mapping[str, Any]) -> bool:
    name = leaf.path.removeprefix("event.")
    if name not in properties:
        return True
    value = properties[name]
    if value is UNKNOWN or leaf.op not in ("=", "!=", "in"):
        return True
    wanted = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    same = _folded(value) in {_folded(one) for one in wanted}
    return same != (leaf.negated or leaf.op == "!=")


def _folded(value: Any) -> str:
    return str(value).casefold()


def segments_moved_by(doing: Doing, segments: Mapping[str, Segment]) -> set[str]:
    """The segments that a visitor may enter or leave by it, those that look at such a segment among them."""
    moved = {
        slug
        for slug, segment in segments.items()
        if any(_looks_at(leaf, doing) for leaf in leaves(segment.conditions))
    }
    while moved:
        more = {
            slug
            for slug, segment in segments.items()
            if slug not in moved
            and any(
                isinstance(leaf, InSegment) and leaf.segment in moved for leaf in leaves(segment.conditions)
            )
        }
        if not more:
            break
        moved |= more
    return moved


def _looks_at(leaf: model.Leaf, doing: Doing) -> bool:
    """A count that only grows is passed once: it moves nobody round and round, but for a very short window."""
    match leaf, doing.step:
        case Tagged(), model.Tag():
            return leaf.tag == doing.step.tag
        case ((Compare() | Is() | model.DateIn()), model.Set()):
            return f"set {leaf.path}" == doing.told
        case ((Did() | SumOf()), model.Emit()):
            short = leaf.window is not None and leaf.window < PAUSE
            return short and model.event_key(leaf.event) == model.event_key(doing.step.event)
    return False
