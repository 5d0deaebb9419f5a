"""Who is let into a scenario. In this order: live, trigger, not blocked, holdout, re-entry, audience; each
refusal is a trace line."""

from __future__ import annotations

import re
from typing import Any

from scenarios_yaml.engine import goals
from scenarios_yaml.engine.audience import all_hold, described, first_refusal, holds
from scenarios_yaml.engine.catalog import Listener, Program
from scenarios_yaml.engine.deciding import held_out
from scenarios_yaml.engine.effects import Counted, TraceLine
from scenarios_yaml.engine.ending import change_record, end_run, record_key
from scenarios_yaml.engine.paths import Scope, lookup
from scenarios_yaml.engine.run import go
from scenarios_yaml.engine.state import RUNS_LIMIT, Run
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.engine.values import TRIGGER_CHARS, TRIGGER_VALUES, clean_text, slim, text_of
from scenarios_yaml.language.model import OnEvent, OnSchedule, event_key

KEY_CHARS = 100
_WORDS = re.compile(r"\w+")


def by_event(turn: Turn, key: str, event: Event) -> None:
    """Considers the scenarios that listen to an event, the strongest first."""
    for listener in turn.catalog.on_event.get(key, ()):
        scope = Scope(turn.state, turn.world, turn.now, listener.program, None, event.properties)
        if _triggers(turn, listener, scope):
            consider(turn, listener.program, event, key, scope)
    if key == "segmententered":
        segment = text_of(event.properties.get("segment"))
        if segment in turn.catalog.segments and not event.decided:
            return
        for program in turn.catalog.on_segment.get(segment, ()):
            consider(turn, program, event, key)


def _triggers(turn: Turn, listener: Listener, scope: Scope) -> bool:
    """Whether one of the triggers takes the event; else the last refusal is traced."""
    if not turn.explain:
        # A plain loop, as in `all_hold`.
        for trigger in listener.triggers:  # noqa: SIM110
            if all_hold(trigger.where, scope):
                return True
        return False
    refusal = None
    for trigger in listener.triggers:
        refusal = first_refusal(trigger.where, scope)
        if refusal is None:
            return True
    if refusal is not None:
        turn.refuse(listener.program, f"trigger: {refusal.saw}", refusal.line)
    return False


def by_keyword(turn: Turn, text: str) -> None:
    """Considers the scenarios that listen to a word of what the visitor has written."""
    if not turn.catalog.on_keyword:
        return
    words = f" {' '.join(_WORDS.findall(text.casefold()))} "
    met: set[str] = set()
    for program, trigger in turn.catalog.on_keyword:
        word = next((word for word in trigger.words if _contains_word(text, words, word)), None)
        if word is not None and program.slug not in met:
            met.add(program.slug)
            consider(turn, program, Event("Keyword", {"keyword": word, "text": text}, turn.now), "keyword")


def _contains_word(text: str, words: str, keyword: str) -> bool:
    wanted = " ".join(_WORDS.findall(keyword.casefold()))
    return f" {wanted} " in words if wanted else bool(keyword.strip()) and keyword.strip() in text


def by_name(turn: Turn, slug: str, event: Event) -> None:
    """Considers a scenario that another one starts."""
    program = turn.catalog.programs.get(slug)
    if program is None or not program.live:
        return
    consider(turn, program, event, event_key(event.name))


def by_broadcast(turn: Turn, slug: str, at: int) -> None:
    program = turn.catalog.programs.get(slug)
    if program is None or not program.live:
        return
    if any(isinstance(trigger, OnSchedule) for trigger in program.scenario.trigger):
        consider(turn, program, Event("Broadcast", {}, at), "broadcast")


def by_silence(turn: Turn) -> None:
    """Considers the scenarios whose `inactive` the visitor's silence fulfils at this moment."""
    silence = turn.now - turn.state.last_visit
    for duration, program in turn.catalog.inactive:
        if duration == silence:
            consider(turn, program, Event("Inactive", {"duration": duration}, turn.now), "inactive")


def consider(turn: Turn, program: Program, event: Event, key: str, scope: Scope | None = None) -> None:
    """The trigger has fired: lets the visitor in, or says why not."""
    if turn.state.blocked:
        turn.refuse(program, "he is blocked")
        return
    if scope is None:
        scope = Scope(turn.state, turn.world, turn.now, program, None, event.properties)
    if held_out(program, turn.state.id):
        _hold_out(turn, program, scope)
        return
    run_key = _key_of(program, scope)
    refusal, replaced = _reentry(turn, program, run_key)
    if refusal:
        turn.refuse(program, f"re-entry: {refusal}")
        return
    if not _is_wanted(turn, program, scope):
        return
    if replaced is not None:
        end_run(turn, turn.take(replaced), "restarted", counts=False, counted="restarted")
    elif len(turn.state.runs) >= RUNS_LIMIT:
        turn.refuse(program, f"{RUNS_LIMIT} runs are on their way")
        return
    _start(turn, program, event, key, run_key, again=replaced is not None)


def _key_of(program: Program, scope: Scope) -> str:
    key = program.scenario.reentry.key
    return clean_text(text_of(lookup(key, scope)), KEY_CHARS) if key else ""


def _is_wanted(turn: Turn, program: Program, scope: Scope) -> bool:
    """Whether the audience fits and no exit holds; else it is traced what does not."""
    if not turn.explain:
        return all_hold(program.scenario.audience, scope) and not any(
            holds(condition, scope) for condition in program.exit_conditions
        )
    unmet = first_refusal(program.scenario.audience, scope)
    if unmet is not None:
        turn.refuse(program, f"audience: {unmet.saw}", unmet.line)
        return False
    for condition in program.exit_conditions:
        if holds(condition, scope):
            turn.refuse(program, f"exit holds already: {described(condition)}", condition.line)
            return False
    return True


def _hold_out(turn: Turn, program: Program, scope: Scope) -> None:
    """He is kept out. Where he would have been let in, the goal is watched: the others are compared with him."""
    turn.refuse(program, f"held out: he is among the {program.scenario.holdout:g}%")
    if program.scenario.goal is None:
        return
    run_key = _key_of(program, scope)
    name = f"held out {run_key}".rstrip()
    if goals.is_held_out_now(turn, program.slug, run_key) or _too_often(turn, program, name, 0):
        return
    exits = (holds(condition, scope) for condition in program.exit_conditions)
    if all_hold(program.scenario.audience, scope) and not any(exits):
        record = change_record(turn, program.slug, name)
        record.times += 1
        record.last_started_at = record.last_ended_at = turn.now
        goals.watch(turn, program, key=run_key)
        turn.trace.append(
            TraceLine(
                at=turn.now,
                scenario=program.slug,
                version=program.version,
                phase="held_out",
                result=f"whether he comes to {program.scenario.goal.event} is watched",
            )
        )


def _reentry(turn: Turn, program: Program, run_key: str) -> tuple[str, Run | None]:
    """Why he may not enter again ("" where he may), and the run that is restarted instead."""
    reentry = program.scenario.reentry
    runs = turn.state.runs
    running = [run for run in runs if run.scenario == program.slug and run.key == run_key] if runs else runs
    replaced = None
    if running and reentry.while_running != "parallel":
        if reentry.while_running == "ignore" or running[-1].outbound:
            return f"run {running[-1].id} is on its way", None
        replaced = running[-1]
    return _too_often(turn, program, run_key, 1 if replaced is not None else 0), replaced


def _too_often(turn: Turn, program: Program, run_key: str, replaced: int) -> str:
    """Why he was let in often enough, `replaced` of his runs not counted; "" where he was not."""
    reentry = program.scenario.reentry
    record = turn.state.records.get(record_key(program.slug, run_key))
    if record is None:
        return ""
    times = record.times - replaced
    if reentry.times != "always" and times >= reentry.times:
        return f"{times} times already"
    since_end = turn.now - record.last_ended_at
    if reentry.not_sooner_than and record.last_ended_at and since_end < reentry.not_sooner_than:
        return f"the last run ended {since_end // 1000} s ago"
    return ""


def _start(turn: Turn, program: Program, event: Event, key: str, run_key: str, *, again: bool) -> None:
    """`again`: in the place of a run that was restarted."""
    state = turn.state
    state.run_count += 1
    record = change_record(turn, program.slug, run_key)
    record.times += 1
    record.last_started_at = turn.now
    kept = slim(event.properties, TRIGGER_VALUES, TRIGGER_CHARS)
    trigger: dict[str, Any] = {"name": event.name, "key": key, "properties": kept, "at": event.at}
    run = Run(
        id=f"{state.id}.{state.run_count}",
        scenario=program.slug,
        version=program.version,
        started_at=turn.now,
        key=run_key,
        trigger=trigger,
    )
    turn.add_run(run)
    line = next(
        (t.line for t in program.scenario.trigger if isinstance(t, OnEvent) and event_key(t.event) == key), 0
    )
    counted: Counted = "restarted" if again else ""
    turn.say(run, f"on {event.name}", line=line, phase="started", counted=counted)
    goals.watch(turn, program, run=run.id, key=run_key)
    go(turn, run, program, program.first)
