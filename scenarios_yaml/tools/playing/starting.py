"""What would start a scenario, and how a rehearsal makes it happen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct

from scenarios_yaml.engine.clock import local, project_zone
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.language import model
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import Condition, event_key
from scenarios_yaml.language.texts import Text
from scenarios_yaml.tools.stage import CannotError, Stage
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable
from scenarios_yaml.tools.testing.performing import perform

LAMP: dict[str, Any] = {"product_id": "p101", "name": "Lamp", "price": 1200, "quantity": 1}
SAMPLES: dict[str, dict[str, Any]] = {
    "productviewed": LAMP,
    "productadded": LAMP,
    "cartviewed": {"products": [LAMP]},
    "ordercompleted": {"order_id": "A-1", "total": 1200, "products": [LAMP]},
    "pageviewed": {"path": "/", "url": "https://shop.example/", "title": "Shop"},
    "messagewritten": {"text": "Hello"},
}
"""What such an event carries at least, so that the scenario has something to speak about."""


def described(trigger: model.Trigger) -> str:
    """In words, what must happen."""
    match trigger:
        case model.OnEvent():
            where = "; ".join(_sources(trigger.where))
            return f"the event {trigger.event}" + (f", where {where}" if where else "")
        case model.OnInactive():
            return f"no visit for {format_duration(trigger.duration)}"
        case model.OnSegment():
            return f"the visitor enters the segment {trigger.segment}"
        case model.OnKeyword():
            return f"the visitor writes {' or '.join(trigger.words)}"
    return f"a broadcast at {trigger.at}" if trigger.at else f"a broadcast by the schedule {trigger.cron}"


class Beginning(Struct, frozen=True):
    """What makes a trigger happen, and how one would type it."""

    items: tuple[Doable, ...]
    said: str


def beginning(stage: Stage, trigger: model.Trigger) -> Beginning:
    """What makes the trigger happen, as things are on the stage. Raises `CannotError` where nothing can."""
    match trigger:
        case model.OnEvent():
            given = _properties(trigger, stage)
            typed = "".join(f" {name}={_typed(value)}" for name, value in given.items())
            item = cases.Happens(event=trigger.event, properties=given, line=0)
            return Beginning((*_arrival(trigger, given), item), f":event {trigger.event}{typed}")
        case model.OnInactive():
            visit = cases.Happens(event="Page Viewed", properties=dict(SAMPLES["pageviewed"]), line=0)
            silence = cases.Advance(duration=trigger.duration, line=0)
            said = f":event Page Viewed, then :advance {format_duration(trigger.duration)}"
            return Beginning((visit, silence), said)
        case model.OnSegment():
            enters = cases.Happens(event="Segment Entered", properties={"segment": trigger.segment}, line=0)
            return Beginning((enters,), f":event Segment Entered segment={trigger.segment}")
        case model.OnKeyword():
            word = trigger.words[0]
            return Beginning((cases.Writes(text=Text.plain(word), line=0),), word)
    return _broadcast(stage, trigger)


def _arrival(trigger: model.OnEvent, given: dict[str, Any]) -> tuple[Doable, ...]:
    """The view of the page on which the event happens, where the trigger asks for one: no other event moves him."""
    path = given.get("path")
    if not path or event_key(trigger.event) == "pageviewed":
        return ()
    view = {**SAMPLES["pageviewed"], "path": path}
    return (cases.Happens(event="Page Viewed", properties=view, line=0),)


def _broadcast(stage: Stage, trigger: model.OnSchedule) -> Beginning:
    zone = project_zone(stage.world)
    due = next_due(trigger, stage.now, zone)
    if not due:
        raise CannotError("the broadcast's moment is over", f"begin earlier: --at “{trigger.at}” or before")
    moment = f"{local(due, zone):%Y-%m-%d %H:%M}"
    return Beginning((cases.AdvanceTo(until=moment, line=0),), f":until {moment}")


def start(stage: Stage, trigger: model.Trigger) -> str:
    """Makes the trigger happen; answers with what was done, as one would type it. Raises `CannotError`."""
    begins = beginning(stage, trigger)
    for item in begins.items:
        perform(stage, item, stage.world.locale)
    return begins.said


def advice(condition: str) -> str:
    """What to type so that a refused condition would hold; empty where that is not obvious."""
    path, _, what = condition.partition(" is ")
    name = path.removeprefix("visitor.")
    if what.startswith("known") and "." not in name:
        sample = {"email": "ann@shop.example", "phone": "+420123456789", "name": "Ann", "push": "true"}.get(
            name, "…"
        )
        return f":as {name}={sample}"
    if what.startswith(("unknown", "empty")) and "." not in name:
        return f":as {name}="
    if what.startswith("subscribed") and name == "push":
        return ":event Push Subscribed"
    if what.startswith("subscribed"):
        return ":as email=ann@shop.example" if name == "email" else f":event Subscribed list={name}"
    if condition.startswith("cart."):
        return ":event Product Added product_id=p101 name=Lamp price=1200 quantity=1"
    if condition.startswith(("visits", "first_visit")):
        return ":event Session Started"
    if condition.startswith("tagged "):
        return f":tag {condition.split()[1]}"
    return ""


# --- Properties that meet a trigger's conditions ------------------------------------------------------------


def _properties(trigger: model.OnEvent, stage: Stage) -> dict[str, Any]:
    given = dict(SAMPLES.get(event_key(trigger.event), {}))
    for condition in trigger.where:
        _meet(condition, given, stage)
    return given


def _meet(condition: Condition, given: dict[str, Any], stage: Stage) -> None:
    """Puts into `given` what makes the condition hold, where it is about the event, the page or the visit."""
    match condition:
        case model.All():
            for part in condition.of:
                _meet(part, given, stage)
        case model.Any_():
            if condition.of:
                _meet(condition.of[0], given, stage)
        case model.Compare() if not condition.negated and condition.op != "!=":
            _put(condition.path, resolved(condition, stage), given)
        case model.Is() if (condition.what in ("known", "true")) != condition.negated:
            _put(condition.path, True if condition.what == "true" else "x", given)


def _put(path: str, value: Any, given: dict[str, Any]) -> None:
    root, _, name = path.partition(".")
    name = name.removeprefix("properties.")
    if root not in ("event", "page", "session") or not name:
        return
    inner = given
    *above, last = name.split(".")
    for part in above:
        deeper = inner.setdefault(part, {})
        if not isinstance(deeper, dict):
            return
        inner = deeper
    inner[last] = value


def resolved(condition: model.Compare, stage: Stage) -> Any:
    """A value with which the comparison holds, in the visitor's language."""
    wanted = condition.value
    if isinstance(wanted, Text):
        wanted = wanted.render({}, str(stage.state.properties.get("locale", "")))
    match condition.op:
        case "in":
            return wanted[0] if wanted else ""
        case "matches":
            return str(wanted).replace("*", "").replace("?", "x")
        case ">" if isinstance(wanted, int | float):
            return wanted + 1
        case "<" if isinstance(wanted, int | float):
            return wanted - 1
    return wanted


def _typed(value: Any) -> str:
    return value if isinstance(value, str) and value else msgspec.json.encode(value).decode()


def _sources(conditions: Iterable[Condition]) -> list[str]:
    found = []
    for condition in conditions:
        match condition:
            case model.All() | model.Any_():
                joined = (" and " if isinstance(condition, model.All) else " or ").join(
                    _sources(condition.of)
                )
                found.append(joined)
            case model.Not():
                found.append("not " + "".join(_sources([condition.of])))
            case _:
                found.append(condition.source)
    return found
