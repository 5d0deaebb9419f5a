"""How an event is taken in: facts first, then exits, then the runs that wait for it, then those whom it
starts."""

from __future__ import annotations

from scenarios_yaml.engine import entry, waiting
from scenarios_yaml.engine.arbitration import exit_reason, rank
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.clock import DAY
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.facts import fold
from scenarios_yaml.engine.goals import reach
from scenarios_yaml.engine.membership import decide, decide_all
from scenarios_yaml.engine.run import give_turns, go_on, load
from scenarios_yaml.engine.state import Run
from scenarios_yaml.engine.timing import next_change
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.language.model import event_key

PAST_AFTER = DAY
"""An event that is told later than this after it happened (ms) is the past: an import, a telephone that was off for
days. It counts, and may end runs that had begun by then, but starts nothing: nobody is written to about last year's
cart."""


def take_in(turn: Turn, event: Event) -> None:
    """Takes in one event, whole."""
    key = event_key(event.name)
    if turn.now - event.at > PAST_AFTER:
        fold(turn, key, event.properties, event.at)
        if turn.looks is not None:
            decide_all(turn)
        _wake(turn, key, event)
        return
    fold_and_wake(turn, key, event)
    if key in turn.catalog.on_event or key == "segmententered":
        entry.by_event(turn, key, event)


def fold_and_wake(turn: Turn, key: str, event: Event) -> None:
    """Takes in an event without starting anything."""
    if not event.folded:
        fold(turn, key, event.properties, event.at)
    if turn.looks is not None:
        decide(turn)
    _wake(turn, key, event)


def _wake(turn: Turn, key: str, event: Event) -> None:
    """Lets the event reach the runs that are on their way, and the goals that are watched."""
    if turn.state.goals:
        reach(turn, key, event)
    if turn.state.runs:
        _exit_by_event(turn, key, event)
        _exit_by_condition(turn)
        _note_what_came(turn, key, event)
        _resume_waiting_for(turn, key, event)


def settle(turn: Turn) -> None:
    """Goes on until nothing moves: exits by condition, events that scenarios made, those who wait for their
    turn."""
    while True:
        if turn.looks is not None:
            decide(turn)
        _exit_by_condition(turn)
        if turn.pending:
            event = turn.pending.popleft()
            if event.starts:
                entry.by_name(turn, event.starts, event)
            else:
                take_in(turn, event)
        elif not give_turns(turn):
            return


def _exit_by_event(turn: Turn, key: str, event: Event) -> None:
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if program is None or event.at < run.started_at:
            continue
        for rule in program.exit_events.get(key, ()):
            if all_hold(rule.where, turn.scope(program, run, event.properties)):
                written = f"exit: {rule.event}"
                end_run(turn, turn.take(run), f"exit: {event.name}", line=rule.line, reason=written)
                break


def _exit_by_condition(turn: Turn) -> None:
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if program is not None and program.exit_conditions:
            reason, line = exit_reason(turn, run, program)
            if reason:
                end_run(turn, turn.take(run), reason, line=line)
            elif program.exit_is_timed:
                _arm_exit(turn, run, program)


def _arm_exit(turn: Turn, run: Run, program: Program) -> None:
    """Notes when time alone may make an exit condition hold."""
    scope = turn.scope(program, run)
    dues = (next_change((condition,), scope) for condition in program.exit_conditions)
    due = min((due for due in dues if due), default=0)
    if due != run.exit_due:
        turn.take(run).exit_due = due


def rearm_exits(turn: Turn) -> None:
    """Notes for all runs when time alone may end them; one whose exit holds already ends at once when time is next
    told."""
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        timed = program is not None and program.exit_is_timed
        if program is not None and exit_reason(turn, run, program)[0]:
            turn.take(run).exit_due = turn.now
        elif program is not None and timed:
            _arm_exit(turn, run, program)
        elif run.exit_due:
            turn.take(run).exit_due = 0


def exit_time_came(turn: Turn, due: int) -> None:
    """A moment has come at which time alone may have made an exit condition hold."""
    for run in list(turn.state.runs):
        if run.exit_due == due:
            turn.take(run).exit_due = 0
    _exit_by_condition(turn)


def _note_what_came(turn: Turn, key: str, event: Event) -> None:
    """Remembers for each run the event that it may wait for later on."""
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if program is None:
            continue
        for step in program.awaits.get(key, ()):
            if (
                step.key not in run.came
                and event.at >= waiting.begun_at(run)
                and all_hold(step.where, turn.scope(program, run, event.properties))
            ):
                run = turn.take(run)
                run.came.append(step.key)


def _resume_waiting_for(turn: Turn, key: str, event: Event) -> None:
    waits = [
        run
        for run in turn.state.runs
        if run.waiting and run.waiting.kind == "event" and run.waiting.event == key
    ]
    for run in sorted(waits, key=lambda run: rank(turn, run)):
        if event.at < waiting.begun_at(run):
            continue
        here = load(turn, run) if turn.stands(run) else None
        if here is not None and waiting.is_awaited(here, event.properties):
            go_on(here, waiting.event_came(here))
