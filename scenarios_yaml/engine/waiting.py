"""Steps that wait: for a time in all its forms, or for an event."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Place, Program
from scenarios_yaml.engine.deciding import branch
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.paths import ROOTS, lookup
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.language import model
from scenarios_yaml.language.model import event_key


def wait(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Wait = place.step  # type: ignore[assignment]
    due_at = _due(turn, run, program, step)
    if due_at is None:
        end_run(turn, run, f"{step.until}: no moment", line=step.line)
        return None
    if due_at <= turn.now:
        turn.say(run, "nothing to wait for", step=step.key, line=step.line)
        return place.following
    run.waiting = Waiting("wait", step.key, due_at=due_at, until=_base(turn, run, step))
    turn.say(run, f"waits until {_shown(due_at)}", step=step.key, line=step.line)
    return None


def _shown(at: int) -> str:
    return f"{clock.local(at, clock.zone_of('UTC')):%Y-%m-%d %H:%M:%S} UTC"


def _base(turn: Turn, run: Run, step: model.Wait) -> int:
    """The moment from which the duration counts."""
    match step.since:
        case "trigger":
            at = run.trigger.get("at")
            return at if isinstance(at, int) and at else run.started_at
        case "last_visit":
            return turn.state.last_visit or turn.now
        case "last_message":
            return turn.state.dialog.last_message_at or turn.now
    return turn.now


def _due(turn: Turn, run: Run, program: Program, step: model.Wait) -> int | None:
    now = turn.now
    scope = turn.scope(program, run)
    if step.duration is not None:
        return _base(turn, run, step) + step.duration
    if step.until:
        named = step.until.partition(".")[0] in ROOTS or not step.until[:1].isdecimal()
        return clock.parse_moment(lookup(step.until, scope) if named else step.until, scope.zone)
    if step.business_hours:
        return clock.next_business_hours(now, turn.world)
    wall = clock.hour_minute(step.at)
    if wall is None:
        return now
    due_at = clock.next_wall_time(now, wall, scope.zone, step.weekdays or clock.EVERY_DAY)
    return due_at if step.within is None else min(due_at, now + step.within)


def wait_over(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    """The wait's moment has come. One that counts from his last visit or message waits on where there was a newer."""
    waiting = run.waiting
    assert waiting is not None
    step = place.step
    if waiting.event == "quiet" or not isinstance(step, model.Wait):
        run.waiting = None
        return step.key
    if step.duration is not None and step.since in ("last_visit", "last_message"):
        base = _base(turn, run, step)
        if base > waiting.until and base + step.duration > turn.now:
            run.waiting = Waiting("wait", step.key, due_at=base + step.duration, until=base)
            return None
    run.waiting = None
    turn.say(run, "waited", step=step.key, line=step.line)
    return place.following


def wait_for(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.WaitFor = place.step  # type: ignore[assignment]
    key = event_key(step.event)
    if _has_come(turn, run, program, step, key):
        turn.say(run, f"{step.event} has already come", step=step.key, line=step.line)
        return branch(step.then, place)
    run.waiting = Waiting("event", step.key, due_at=turn.now + max(1, step.up_to), event=key)
    turn.say(run, f"waits for {step.event}", step=step.key, line=step.line)
    return None


def _has_come(turn: Turn, run: Run, program: Program, step: model.WaitFor, key: str) -> bool:
    """Since the trigger. Of several events of that name, only the last one's properties are known for a `where`."""
    history = turn.state.history.get(key)
    if history is None:
        return False
    at = run.trigger.get("at")
    since = at if isinstance(at, int) else run.started_at
    came = history.last_at > since if run.trigger.get("key") == key else history.last_at >= since
    return came and all_hold(step.where, turn.scope(program, run, history.last))


def is_awaited(turn: Turn, run: Run, program: Program, place: Place, properties: dict[str, Any]) -> bool:
    """Whether an event of the awaited name also meets the step's `where`."""
    step = place.step
    return isinstance(step, model.WaitFor) and all_hold(step.where, turn.scope(program, run, properties))


def event_came(turn: Turn, run: Run, place: Place) -> str | None:
    step: model.WaitFor = place.step  # type: ignore[assignment]
    run.waiting = None
    turn.say(run, f"{step.event} came", step=step.key, line=step.line)
    return branch(step.then, place)


def event_did_not_come(turn: Turn, run: Run, place: Place) -> str | None:
    step: model.WaitFor = place.step  # type: ignore[assignment]
    run.waiting = None
    turn.say(run, f"{step.event} did not come", step=step.key, line=step.line)
    return branch(step.on_timeout, place)
