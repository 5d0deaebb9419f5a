"""Steps that wait: for a time in all its forms, or for an event."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.paths import ROOTS, lookup
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.language import model
from scenarios_yaml.language.model import event_key


def wait(here: Here[model.Wait]) -> str | None:
    due_at = _due(here)
    if due_at is None:
        here.end(f"{here.step.until}: no moment")
        return None
    if due_at <= here.turn.now:
        here.say("nothing to wait for")
        return here.following
    here.run.waiting = Waiting("wait", here.step.key, due_at=due_at, until=_base(here))
    here.say(f"waits until {clock.shown(due_at)}")
    return None


def _base(here: Here[model.Wait]) -> int:
    """The moment from which the duration counts."""
    match here.step.since:
        case "trigger":
            return begun_at(here.run)
        case "last_visit":
            return here.turn.state.last_visit or here.turn.now
        case "last_message":
            return here.turn.state.dialog.last_message_at or here.turn.now
    return here.turn.now


def _due(here: Here[model.Wait]) -> int | None:
    now = here.turn.now
    scope = here.scope()
    if here.step.duration is not None:
        return _base(here) + here.step.duration
    if here.step.until:
        named = here.step.until.partition(".")[0] in ROOTS or not here.step.until[:1].isdecimal()
        return clock.parse_moment(lookup(here.step.until, scope) if named else here.step.until, scope.zone)
    if here.step.business_hours:
        return clock.next_business_hours(now, here.turn.world)
    wall = clock.hour_minute(here.step.at)
    if wall is None:
        return now
    due_at = clock.next_wall_time(now, wall, scope.zone, here.step.weekdays or clock.EVERY_DAY)
    return due_at if here.step.within is None else min(due_at, now + here.step.within)


def wait_over(here: Here[Any]) -> str | None:
    """The wait's moment has come. One that counts from his last visit or message waits on where there was a
    newer."""
    waiting = here.waiting
    if waiting.event == "quiet" or not isinstance(here.step, model.Wait):
        # It still waits at this step: by that `go` knows that the run does not come to it anew.
        return str(here.step.key)
    if here.step.duration is not None and here.step.since in ("last_visit", "last_message"):
        base = _base(here)
        if base > waiting.until and base + here.step.duration > here.turn.now:
            here.run.waiting = Waiting("wait", here.step.key, due_at=base + here.step.duration, until=base)
            return None
    here.run.waiting = None
    here.say("waited")
    return here.following


def wait_for(here: Here[model.WaitFor]) -> str | None:
    key = event_key(here.step.event)
    if _has_come(here, key):
        here.say(f"{here.step.event} has already come", branch="then")
        return here.branch(here.step.then)
    here.run.waiting = Waiting(
        "event", here.step.key, due_at=here.turn.now + max(1, here.step.up_to), event=key
    )
    here.say(f"waits for {here.step.event}")
    return None


def begun_at(run: Run) -> int:
    """When the run's trigger came: what came since then is what it may wait for."""
    at = run.trigger.get("at")
    return at if isinstance(at, int) and at else run.started_at


def _has_come(here: Here[model.WaitFor], key: str) -> bool:
    """Whether the event has come since the trigger, which is itself not awaited."""
    if here.step.where:
        return here.step.key in here.run.came
    history = here.turn.state.history.get(key)
    if history is None:
        return False
    since = begun_at(here.run)
    return history.last_at > since if here.run.trigger.get("key") == key else history.last_at >= since


def is_awaited(here: Here[Any], properties: dict[str, Any]) -> bool:
    """Whether an event of the awaited name also meets the step's `where`."""
    return isinstance(here.step, model.WaitFor) and all_hold(here.step.where, here.scope(properties))


def event_came(here: Here[model.WaitFor]) -> str | None:
    here.run.waiting = None
    here.say(f"{here.step.event} came", branch="then")
    return here.branch(here.step.then)


def event_did_not_come(here: Here[model.WaitFor]) -> str | None:
    here.run.waiting = None
    here.say(f"{here.step.event} did not come", counted="timed_out", branch="on_timeout")
    return here.branch(here.step.on_timeout)
