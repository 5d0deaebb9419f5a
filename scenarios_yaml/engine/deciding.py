"""Steps that choose the way: if, choose, split, jump, call; and those that change facts: tag, set, emit, subscribe."""

from __future__ import annotations

import hashlib
from typing import Any

from scenarios_yaml.engine.audience import explained, first_refusal
from scenarios_yaml.engine.catalog import Place, Program
from scenarios_yaml.engine.effects import ChangeProperties, TagDialog
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.rendering import render_value
from scenarios_yaml.engine.saving import note_own, save
from scenarios_yaml.engine.state import Run
from scenarios_yaml.engine.turn import EMITTED_LIMIT, Event, Turn
from scenarios_yaml.engine.values import clean_properties
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, Step

CALLS_LIMIT = 50
"""How deep blocks may call blocks."""


def branch(steps: tuple[Step, ...] | None, place: Place) -> str:
    """The key to go on at: the branch's first step, or below the parent where it is empty or not given."""
    return steps[0].key if steps else place.following


def goto(turn: Turn, run: Run, program: Program, target: str, line: int) -> str | None:
    """The key of a jump's target. A jump to a step outside of the blocks forgets the calls on the way."""
    key = program.target(target)
    if key is None:
        end_run(turn, run, f"jump to nowhere: {target}", line=line)
        return None
    if key in program.places and not program.places[key].in_block:
        run.calls.clear()
    return key


def share(*names: str) -> float:
    """A number from 0 to 1 that is always the same for the same names: a visitor's place in a split or holdout."""
    digest = hashlib.blake2b("\n".join(names).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def held_out(program: Program, visitor: str) -> bool:
    """Whether the visitor belongs to the part that the scenario keeps out. Always the same answer for him."""
    percent = program.scenario.holdout
    return percent > 0 and share("holdout", program.slug, visitor) * 100 < percent


def _because(conditions: tuple[Condition, ...], turn: Turn, program: Program, run: Run) -> str:
    scope = turn.scope(program, run)
    return "; ".join(explained(condition, scope) for condition in conditions[:3])


def if_(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.If = place.step  # type: ignore[assignment]
    refusal = first_refusal(step.conditions, turn.scope(program, run))
    if refusal is None:
        turn.say(run, f"then: {_because(step.conditions, turn, program, run)}", step=step.key, line=step.line)
        return branch(step.then, place)
    turn.say(run, f"else: {refusal.saw}", step=step.key, line=refusal.line or step.line)
    return branch(step.otherwise, place)


def choose(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Choose = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    for number, case in enumerate(step.cases, 1):
        if first_refusal(case.conditions, scope) is None:
            because = _because(case.conditions, turn, program, run)
            turn.say(run, f"case {number}: {because}", step=step.key, line=case.line or step.line)
            return branch(case.steps, place)
    turn.say(run, "otherwise", step=step.key, line=step.line)
    return branch(step.otherwise, place)


def split(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Split = place.step  # type: ignore[assignment]
    chosen = _variant(step, share("split", program.slug, step.key, turn.state.id))
    if chosen is None:
        return place.following
    run.values[f"split.{step.key}"] = chosen.name
    turn.say(run, f"variant {chosen.name}", step=step.key, line=step.line)
    return branch(chosen.steps, place)


def _variant(step: model.Split, portion: float) -> model.Variant | None:
    total = sum(max(0.0, variant.weight) for variant in step.variants)
    passed = 0.0
    for variant in step.variants:
        passed += max(0.0, variant.weight)
        if portion * total < passed:
            return variant
    return None


def jump(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Jump = place.step  # type: ignore[assignment]
    turn.say(run, f"to {step.target}", step=step.key, line=step.line)
    return goto(turn, run, program, step.target, step.line)


def call(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Call = place.step  # type: ignore[assignment]
    key = program.target(step.block)
    if key is None or len(run.calls) >= CALLS_LIMIT:
        end_run(turn, run, f"cannot call {step.block}", line=step.line)
        return None
    turn.say(run, f"calls {step.block}", step=step.key, line=step.line)
    run.calls.append(place.following)
    return key


def tag(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Tag = place.step  # type: ignore[assignment]
    named = (step.tag,)
    come, gone = turn.change_tags(() if step.remove else named, named if step.remove else ())
    note_own(run, f"tag {step.tag}")
    if come or gone:
        turn.effects.append(ChangeProperties(program.slug, tags_added=come, tags_removed=gone))
    if turn.state.dialog.id and run.spoke:
        turn.effects.append(TagDialog((), named) if step.remove else TagDialog(named))
    result = f"{'-' if step.remove else '+'}{step.tag}" if come or gone else "as it was"
    turn.say(run, result, step=step.key, line=step.line)
    return place.following


def set_(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Set = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    written = save(turn, run, {path: render_value(value, scope) for path, value in step.values})
    turn.say(run, written, step=step.key, line=step.line)
    return place.following


def emit(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Emit = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    properties = clean_properties({name: render_value(value, scope) for name, value in step.properties})
    return _emitted(turn, run, place, step.event, properties)


def subscribe(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Subscribe = place.step  # type: ignore[assignment]
    note_own(run, f"visitor.{step.list}")
    return _emitted(turn, run, place, "Unsubscribed" if step.remove else "Subscribed", {"list": step.list})


def _emitted(turn: Turn, run: Run, place: Place, event: str, properties: dict[str, Any]) -> str | None:
    if not turn.emit(event, properties):
        end_run(turn, run, "scenarios set each other off without end", line=place.step.line)
        return None
    turn.say(run, f"event {event}", step=place.step.key, line=place.step.line)
    return place.following


def start(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    """The other scenario is entered when this one pauses; its own entry rules hold, but for the trigger."""
    step: model.Start = place.step  # type: ignore[assignment]
    if turn.emitted >= EMITTED_LIMIT:
        end_run(turn, run, "scenarios set each other off without end", line=step.line)
        return None
    turn.emitted += 1
    properties = run.trigger.get("properties")
    given = properties if isinstance(properties, dict) else {}
    turn.pending.append(Event(str(run.trigger.get("name", "")), given, turn.now, starts=step.scenario))
    turn.say(run, f"starts {step.scenario}", step=step.key, line=step.line)
    return place.following


def stop(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Stop = place.step  # type: ignore[assignment]
    end_run(turn, run, f"stop: {step.reason}", line=step.line)
    return None
