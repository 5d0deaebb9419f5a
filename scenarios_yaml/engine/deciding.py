"""Steps that choose the way: if, choose, split, jump, call; and those that change facts: tag, set, emit,
subscribe."""

from __future__ import annotations

import hashlib
from typing import Any

from scenarios_yaml.engine.audience import explained, first_refusal
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.effects import ChangeProperties, TagDialog
from scenarios_yaml.engine.facts import fold
from scenarios_yaml.engine.goals import took_variant
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.rendering import render_value
from scenarios_yaml.engine.saving import note_own, save
from scenarios_yaml.engine.turn import EMITTED_LIMIT, Event
from scenarios_yaml.engine.values import clean_properties
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, event_key

CALLS_LIMIT = 50
"""How deep blocks may call blocks."""


def goto(here: Here[Any], target: str, line: int) -> str | None:
    """The key of a jump's target. A jump to a step outside of the blocks forgets the calls on the way."""
    key = here.program.target(target)
    if key is None:
        here.end(f"jump to nowhere: {target}", line)
        return None
    if key in here.program.places and not here.program.places[key].in_block:
        here.run.calls.clear()
    return key


def share(*names: str) -> float:
    """A number from 0 to 1 that is always the same for the same names: a visitor's place in a split or
    holdout."""
    digest = hashlib.blake2b("\n".join(names).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def held_out(program: Program, visitor: str) -> bool:
    """Whether the visitor belongs to the part that the scenario keeps out. Always the same answer for him."""
    percent = program.scenario.holdout
    return percent > 0 and share("holdout", program.slug, visitor) * 100 < percent


def _because(here: Here[Any], conditions: tuple[Condition, ...]) -> str:
    scope = here.scope()
    return "; ".join(explained(condition, scope) for condition in conditions[:3])


def if_(here: Here[model.If]) -> str | None:
    refusal = first_refusal(here.step.conditions, here.scope())
    if refusal is None:
        here.say(f"then: {_because(here, here.step.conditions)}", branch="then")
        return here.branch(here.step.then)
    here.say(f"else: {refusal.saw}", refusal.line, branch="else")
    return here.branch(here.step.otherwise)


def choose(here: Here[model.Choose]) -> str | None:
    scope = here.scope()
    for number, case in enumerate(here.step.cases, 1):
        if first_refusal(case.conditions, scope) is None:
            because = _because(here, case.conditions)
            here.say(f"case {number}: {because}", case.line, branch=str(number))
            return here.branch(case.steps)
    here.say("otherwise", branch="otherwise")
    return here.branch(here.step.otherwise)


def split(here: Here[model.Split]) -> str | None:
    chosen = _variant(here.step, share("split", here.program.slug, here.step.key, here.turn.state.id))
    if chosen is None:
        return here.following
    splits = here.run.values.get("split")
    names = splits if isinstance(splits, dict) else {}
    here.run.values["split"] = {**names, here.step.id or here.step.key: chosen.name}
    took_variant(here.turn, here.run, here.step.key, chosen.name)
    here.say(f"variant {chosen.name}", counted="split", branch=chosen.name)
    return here.branch(chosen.steps)


def _variant(step: model.Split, portion: float) -> model.Variant | None:
    total = sum(max(0.0, variant.weight) for variant in step.variants)
    passed = 0.0
    for variant in step.variants:
        passed += max(0.0, variant.weight)
        if portion * total < passed:
            return variant
    return None


def jump(here: Here[model.Jump]) -> str | None:
    here.say(f"to {here.step.target}")
    return goto(here, here.step.target, here.step.line)


def call(here: Here[model.Call]) -> str | None:
    key = here.program.target(here.step.block)
    if key is None or len(here.run.calls) >= CALLS_LIMIT:
        here.end(f"cannot call {here.step.block}")
        return None
    here.say(f"calls {here.step.block}")
    here.run.calls.append(here.following)
    return key


def tag(here: Here[model.Tag]) -> str | None:
    named = (here.step.tag,)
    come, gone = here.turn.change_tags(() if here.step.remove else named, named if here.step.remove else ())
    note_own(here.run, f"tag {here.step.tag}")
    if come or gone:
        here.turn.effects.append(ChangeProperties(here.program.slug, tags_added=come, tags_removed=gone))
    if here.turn.state.dialog.id and here.run.spoke:
        here.turn.effects.append(TagDialog((), named) if here.step.remove else TagDialog(named))
    result = f"{'-' if here.step.remove else '+'}{here.step.tag}" if come or gone else "as it was"
    here.say(result)
    return here.following


def set_(here: Here[model.Set]) -> str | None:
    scope = here.scope()
    written = save(
        here.turn, here.run, {path: render_value(value, scope) for path, value in here.step.values}
    )
    here.say(written)
    return here.following


def emit(here: Here[model.Emit]) -> str | None:
    scope = here.scope()
    properties = clean_properties({name: render_value(value, scope) for name, value in here.step.properties})
    return _emitted(here, here.step.event, properties)


def subscribe(here: Here[model.Subscribe]) -> str | None:
    note_own(here.run, f"visitor.{here.step.list}")
    return _emitted(here, "Unsubscribed" if here.step.remove else "Subscribed", {"list": here.step.list})


def _emitted(here: Here[Any], event: str, properties: dict[str, Any]) -> str | None:
    if not here.turn.emit(event, properties, scenario=here.program.slug, folded=True):
        here.end("scenarios set each other off without end")
        return None
    # Its facts hold from the next step on; whom it starts and what it ends is seen to when this run pauses.
    fold(here.turn, event_key(event), properties, here.turn.now)
    here.say(f"event {event}")
    return here.following


def start(here: Here[model.Start]) -> str | None:
    """The other scenario is entered when this one pauses; its own entry rules hold, but for the trigger."""
    if here.turn.emitted >= EMITTED_LIMIT:
        here.end("scenarios set each other off without end")
        return None
    here.turn.emitted += 1
    properties = here.run.trigger.get("properties")
    given = properties if isinstance(properties, dict) else {}
    name = str(here.run.trigger.get("name", ""))
    here.turn.pending.append(Event(name, given, here.turn.now, starts=here.step.scenario))
    here.say(f"starts {here.step.scenario}")
    return here.following


def stop(here: Here[model.Stop]) -> str | None:
    here.end(f"stop: {here.step.reason}")
    return None
