"""Goals: what a scenario is for, watched from the start of a run, also after its end; and of those who were held out,
with whom the others are compared."""

from __future__ import annotations

from msgspec import structs

from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.state import GOALS_LIMIT, GoalWatch, Run, TookVariant
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import event_key


def watch(turn: Turn, program: Program, *, run: str = "", key: str = "") -> None:
    """Watches the program's goal, if it has one, from now on; of too many the oldest gives way."""
    goal = program.scenario.goal
    if goal is None:
        return
    standing = [kept for kept in turn.state.goals if kept.until > turn.now]
    begun = GoalWatch(
        program.slug, program.version, event_key(goal.event), turn.now, turn.now + goal.within, run, key
    )
    turn.state.goals = [*standing, begun][-GOALS_LIMIT:]


def drop(turn: Turn, run: str) -> None:
    """Forgets the goal of a run that is as if it had never begun."""
    if any(watched.run == run for watched in turn.state.goals):
        turn.state.goals = [kept for kept in turn.state.goals if kept.run != run]


def took_variant(turn: Turn, run: Run, step: str, variant: str) -> None:
    """Remembers, where the run's goal is watched, which branch of a split it took: the variants are compared by it. Of
    a split to which it comes again the last time counts."""
    if not any(watched.run == run.id for watched in turn.state.goals):
        return
    took = TookVariant(step, run.version, variant)
    turn.state.goals = [
        structs.replace(watched, took=[*(one for one in watched.took if one.step != step), took])
        if watched.run == run.id
        else watched
        for watched in turn.state.goals
    ]


def is_held_out_now(turn: Turn, scenario: str, key: str) -> bool:
    """Whether a goal of this scenario is being watched for one who was held out."""
    return any(
        not watched.run and watched.scenario == scenario and watched.key == key and watched.until > turn.now
        for watched in turn.state.goals
    )


def reach(turn: Turn, key: str, event: Event) -> None:
    """Traces the goals that the event reaches, once for each run, and forgets them."""
    if not any(watched.event == key for watched in turn.state.goals):
        return
    turn.state.goals = [
        watched
        for watched in turn.state.goals
        if watched.event != key or not _is_reached(turn, watched, event)
    ]


def _is_reached(turn: Turn, watched: GoalWatch, event: Event) -> bool:
    if not watched.started_at <= event.at < watched.until:
        return False
    program = turn.catalog.version_of(watched.scenario, watched.version)
    goal = program.scenario.goal if program is not None else None
    if program is None or goal is None or event_key(goal.event) != watched.event:
        return False
    if not all_hold(goal.where, Scope(turn.state, turn.world, turn.now, program, None, event.properties)):
        return False
    delay = format_duration(event.at - watched.started_at)
    result = f"{goal.event} after {delay}"
    turn.trace.append(
        TraceLine(
            at=turn.now,
            scenario=watched.scenario,
            version=watched.version,
            phase="goal",
            run=watched.run,
            line=goal.line,
            result=result if watched.run else f"{result} (held out)",
            took=tuple(watched.took),
        )
    )
    return True
