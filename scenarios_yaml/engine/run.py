"""The interpreter: takes a run from step to step until it waits or ends, and wakes it at its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import structs

from scenarios_yaml.engine import deciding, people, popups, sending, speaking, waiting
from scenarios_yaml.engine.arbitration import busy, drop, exit_reason, queue, rank
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.ending import end_run, let_go
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.membership import decide
from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Step

STEPS_LIMIT = 1_000
"""How many steps one run may take in all."""
SLICE_LIMIT = 100
"""How many steps one run may take without a pause."""

NO_MOVES = Moves()

Handler = Callable[[Here[Any]], str | None]
"""Does a step. Answers with the key to go on at; None where the run now waits or has ended."""

_HANDLERS: dict[type, Handler] = {
    model.Say: speaking.say,
    model.Ask: speaking.ask,
    model.Popup: popups.popup,
    model.SendFile: speaking.send_file,
    model.ProductList: speaking.product_list,
    model.Note: people.note,
    model.Handoff: people.handoff,
    model.Assign: people.assign,
    model.Close: people.close,
    model.Email: sending.email,
    model.Push: sending.push,
    model.MessengerMessage: sending.messenger,
    model.Webhook: sending.webhook,
    model.Coupon: sending.coupon,
    model.If: deciding.if_,
    model.Choose: deciding.choose,
    model.Split: deciding.split,
    model.Jump: deciding.jump,
    model.Call: deciding.call,
    model.Tag: deciding.tag,
    model.Set: deciding.set_,
    model.Emit: deciding.emit,
    model.Subscribe: deciding.subscribe,
    model.Start: deciding.start,
    model.Stop: deciding.stop,
    model.Wait: waiting.wait,
    model.WaitFor: waiting.wait_for,
}

_WAITED_STEPS: dict[str, tuple[type, ...]] = {
    "wait": (model.Wait, model.Email, model.Push, model.MessengerMessage),
    "answer": (model.Say,),
    "input": (model.Ask,),
    "popup": (model.Popup,),
    "event": (model.WaitFor,),
    "reply": (model.Webhook, model.Coupon, model.Email, model.Push, model.MessengerMessage),
    "turn": (model.Say, model.Ask, model.Popup, model.SendFile, model.ProductList),
}


def go(turn: Turn, run: Run, program: Program, key: str | None) -> None:
    """Takes the run on from the step `key` until it waits or ends. `run` is the turn's own copy."""
    slice_steps = 0
    while key is not None:
        if not key:
            if not run.calls:
                end_run(turn, run, "done")
                return
            key = run.calls.pop()
            continue
        place = program.places.get(key)
        if place is None:
            end_run(turn, run, f"step {key} is gone")
            return
        slice_steps += 1
        run.steps_taken += 1
        if slice_steps > SLICE_LIMIT or run.steps_taken > STEPS_LIMIT:
            end_run(turn, run, _too_many(slice_steps), line=place.step.line)
            return
        step = place.step
        if _is_passed_over(turn, run, step):
            key = place.following
            continue
        goes_on = run.waiting is not None and run.waiting.step == key
        turn.arriving = ("", "") if goes_on else (run.id, key)
        run.waiting = run.waiting if run.waiting and run.waiting.kind == "turn" else None
        key = _HANDLERS[type(step)](Here(turn, run, program, place))
        if key is not None:
            finish(run, step)
            if turn.looks is not None:
                decide(turn)


def _too_many(slice_steps: int) -> str:
    return f"{SLICE_LIMIT} steps without a pause" if slice_steps > SLICE_LIMIT else f"{STEPS_LIMIT} steps"


def _is_passed_over(turn: Turn, run: Run, step: Step) -> bool:
    if not step.enabled:
        turn.say(run, "switched off", step=step.key, line=step.line)
        return True
    if step.id and step.id in run.passed:
        turn.say(run, "done in an earlier version", step=step.key, line=step.line)
        return True
    return False


def finish(run: Run, step: Step) -> None:
    """The step is done: its wait is over, and its id is never run again by a later version."""
    run.waiting = None
    if step.id and step.id not in run.done:
        run.done.append(step.id)


def go_on(here: Here[Any], key: str | None) -> None:
    """Goes on after the step at which the run waited, with the key that the step's outcome gave."""
    if key is None:
        return
    if key != here.step.key:
        finish(here.run, here.step)
    go(here.turn, here.run, here.program, key)


def load(turn: Turn, run: Run) -> Here[Any] | None:
    """Where the run stands and waits; one that follows the live version is taken along to it.

    None where it has been ended, or moved to another step, because its step is gone.
    """
    run = turn.take(run)
    program = turn.catalog.program_of(run.scenario, run.version)
    if program is None or run.waiting is None:
        end_run(turn, run, "the scenario is gone")
        return None
    chosen = _follow(turn, run, run.waiting, program) if program.version != run.version else None
    place = program.places.get(run.waiting.step)
    if chosen is None and place is not None and isinstance(place.step, _WAITED_STEPS[run.waiting.kind]):
        return Here(turn, run, program, place)
    if not chosen or chosen not in program.places:
        end_run(turn, run, f"step {run.waiting.step} is gone")
        return None
    let_go(turn, run)
    turn.say(run, f"moved to {chosen}", step=run.waiting.step)
    run.waiting = None
    go(turn, run, program, chosen)
    return None


def _follow(turn: Turn, run: Run, waiting: Waiting, program: Program) -> str | None:
    """Takes a run along to the published version. Answers with the step that was chosen for those whose own is gone
    ("": they stop), None where nothing was chosen."""
    moves = turn.catalog.moves.get((run.scenario, run.version), NO_MOVES)
    run.passed = list(dict.fromkeys([*run.passed, *run.done]))
    run.version = program.version
    run.calls = [moves.same.get(key, key) for key in run.calls]
    run.came = [moves.same.get(key, key) for key in run.came]
    if waiting.step in moves.same:
        run.waiting = structs.replace(waiting, step=moves.same[waiting.step])
        return None
    return moves.chosen.get(waiting.step)


def wake(turn: Turn, run: Run) -> None:
    """The moment for which a run waited has come."""
    here = load(turn, run)
    if here is None:
        return
    reason, line = exit_reason(turn, here.run, here.program)
    if reason:
        here.end(reason, line)
        return
    kind = here.waiting.kind
    if kind == "turn":
        _turn_is_late(here)
    else:
        go_on(here, _WHEN_DUE[kind](here))


_WHEN_DUE: dict[str, Handler] = {
    "wait": waiting.wait_over,
    "answer": speaking.no_answer,
    "input": speaking.no_answer,
    "popup": popups.popup_timed_out,
    "event": waiting.event_did_not_come,
    "reply": sending.no_reply,
}
"""What becomes of a run when its moment comes, by what it waits for."""


def _turn_is_late(here: Here[Any]) -> None:
    by, retry_at = busy(here.turn, here.run, popup=isinstance(here.step, model.Popup))
    if not by:
        go(here.turn, here.run, here.program, here.step.key)
    elif here.turn.now >= here.waiting.until:
        drop(here, by, still=True)
    else:
        queue(here, by, retry_at)


def give_turns(turn: Turn) -> bool:
    """Lets those who wait for their turn go on, the strongest first. False where nobody could."""
    queued = [run for run in turn.state.runs if run.waiting and run.waiting.kind == "turn"]
    for run in sorted(queued, key=lambda run: rank(turn, run)):
        here = load(turn, run)
        if here is None:
            return True
        by, retry_at = busy(turn, here.run, popup=isinstance(here.step, model.Popup))
        if not by:
            go(turn, here.run, here.program, here.step.key)
            return True
        due_at = min(retry_at or here.waiting.until, here.waiting.until)
        here.run.waiting = structs.replace(here.waiting, due_at=due_at)
    return False
