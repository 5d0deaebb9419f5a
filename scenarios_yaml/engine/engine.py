"""`advance`: the one function that everything runs. Visitor state, scenarios, stimulus, time → state, effects, trace.

Late timers catch up first, each at its own due time, so that the outcome does not depend on how often the caller looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from scenarios_yaml.engine import entry, sending, speaking, waiting
from scenarios_yaml.engine.arbitration import exit_reason
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import Effect, HandOff, SendChat, TraceLine
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.facts import fold, schedule_inactivity, visited
from scenarios_yaml.engine.run import give_turns, go_on, load, rank, wake
from scenarios_yaml.engine.state import Dialog, Run, VisitorState, World
from scenarios_yaml.engine.stimuli import (
    BroadcastDue,
    Chose,
    CouponTaken,
    Delivered,
    DialogMoved,
    Happened,
    OperatorWrote,
    PopupEnded,
    PropertiesChanged,
    Stimulus,
    TimePassed,
    Wrote,
)
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.engine.values import NAME_CHARS, clean_properties, clean_text
from scenarios_yaml.language import model
from scenarios_yaml.language.model import event_key


class Outcome(Struct, frozen=True):
    """What came of a stimulus. The effects are to be carried out in order; `trace` says what was decided and why.

    `taken`: a scenario took what the visitor wrote (as an answer, by a keyword, or by speaking); else it is for people.
    """

    state: VisitorState
    effects: tuple[Effect, ...] = ()
    trace: tuple[TraceLine, ...] = ()
    taken: bool = False


def advance(state: VisitorState, catalog: Catalog, stimulus: Stimulus, now: int, world: World) -> Outcome:
    """Takes in one stimulus at the moment `now` (ms). Pure: the state that is passed in stays as it was.

    The caller stores the new state, carries out the effects in order, and calls again with `TimePassed` at
    `state.next_wake()`. Never raises, whatever the stimulus holds.
    """
    due = state.next_wake()
    late = bool(due) and due <= now
    if not late and type(stimulus) is TimePassed:
        return Outcome(state)
    turn = Turn(state, catalog, now, world)
    if late:
        _catch_up(turn)
    _TAKERS[type(stimulus)](turn, stimulus)
    turn.answering = ""
    if turn.pending or turn.state.runs:
        _settle(turn)
    return Outcome(turn.state, tuple(turn.effects), tuple(turn.trace), turn.taken)


def watch_silence(state: VisitorState, catalog: Catalog, now: int) -> VisitorState:
    """The state with its next `inactive` moment armed for this catalog. To be called for all visitors when a scenario
    with such a trigger is published; whose silence is longer already at `now` is not written to."""
    turn = Turn(state, catalog, now, World())
    schedule_inactivity(turn, after=max(now, state.last_visit))
    return turn.state if turn.state.inactive_due != state.inactive_due else state


# --- Time -------------------------------------------------------------------------------------------------------


def _catch_up(turn: Turn) -> None:
    """Everything that is due by now goes on, in the order of due times."""
    while True:
        due = turn.state.next_wake()
        if not due or due > turn.wall:
            break
        turn.now = due
        if turn.state.inactive_due == due:
            schedule_inactivity(turn, after=due)
            entry.by_silence(turn)
        else:
            runs = [run for run in turn.state.runs if run.waiting and run.waiting.due_at == due]
            wake(turn, min(runs, key=lambda run: rank(turn, run)))
        _settle(turn)
    turn.now = turn.wall


def _settle(turn: Turn) -> None:
    """Goes on until nothing moves: exits by condition, events that scenarios made, and those who wait for their turn."""
    while True:
        _exit_by_condition(turn)
        if turn.pending:
            event = turn.pending.popleft()
            if event.starts:
                entry.by_name(turn, event.starts, event)
            else:
                _take_in(turn, event)
        elif not give_turns(turn):
            return


# --- Events -----------------------------------------------------------------------------------------------------


def _take_in(turn: Turn, event: Event) -> None:
    """An event: folded into the facts, then exits, then those who wait for it, then those whom it starts."""
    key = event_key(event.name)
    _fold_and_wake(turn, key, event)
    if key in turn.catalog.on_event or key == "segmententered":
        entry.by_event(turn, key, event)


def _fold_and_wake(turn: Turn, key: str, event: Event) -> None:
    fold(turn, key, event.properties, event.at)
    if turn.state.runs:
        _exit_by_event(turn, key, event)
        _exit_by_condition(turn)
        _resume_waiting_for(turn, key, event)


def _exit_by_event(turn: Turn, key: str, event: Event) -> None:
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if program is None:
            continue
        for rule in program.exit_events.get(key, ()):
            if all_hold(rule.where, turn.scope(program, run, event.properties)):
                end_run(turn, turn.take(run), f"exit: {event.name}", line=rule.line)
                break


def _exit_by_condition(turn: Turn) -> None:
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if program is not None and program.exit_conditions:
            reason, line = exit_reason(turn, run, program)
            if reason:
                end_run(turn, turn.take(run), reason, line=line)


def _resume_waiting_for(turn: Turn, key: str, event: Event) -> None:
    waits = [
        run
        for run in turn.state.runs
        if run.waiting and run.waiting.kind == "event" and run.waiting.event == key
    ]
    for run in sorted(waits, key=lambda run: rank(turn, run)):
        if not turn.stands(run):
            continue
        run = turn.take(run)
        found = load(turn, run)
        if found is not None and waiting.is_awaited(turn, run, *found, event.properties):
            program, place = found
            go_on(turn, run, program, place, waiting.event_came(turn, run, place))


def _happened(turn: Turn, stimulus: Happened) -> None:
    at = min(stimulus.at, turn.now) if stimulus.at > 0 else turn.now
    name = clean_text(stimulus.name, NAME_CHARS)
    _take_in(turn, Event(name, clean_properties(stimulus.properties), at))


def _broadcast(turn: Turn, stimulus: BroadcastDue) -> None:
    entry.by_broadcast(turn, stimulus.scenario, stimulus.at or turn.now)


# --- What the visitor does in the chat ---------------------------------------------------------------------------


def _wrote(turn: Turn, stimulus: Wrote) -> None:
    text = clean_text(stimulus.text, 20_000)
    if turn.state.dialog.id:
        turn.own("dialog").last_message_at = turn.now
    event = Event(
        "Message Written", clean_properties({"text": text, "files": list(stimulus.files)}), turn.now
    )
    awaited = any(run.waiting and run.waiting.kind == "input" for run in turn.state.runs)
    before = len(turn.effects), turn.state.run_count
    _fold_and_wake(turn, "messagewritten", event)
    if turn.state.dialog.holder != "people" or not turn.state.dialog.id:
        turn.taken = _answered(turn, text, stimulus.files)
        if not turn.taken and not awaited:
            entry.by_keyword(turn, text)
    entry.by_event(turn, "messagewritten", event)
    spoke = any(isinstance(effect, SendChat | HandOff) for effect in turn.effects[before[0] :])
    turn.taken = turn.taken or spoke


def _answered(turn: Turn, text: str, files: tuple[str, ...]) -> bool:
    """Whether the text is an answer that a run waits for; the latest question is asked first."""
    for run in reversed(turn.state.runs):
        if not run.waiting or run.waiting.kind not in ("answer", "input"):
            continue
        run = turn.take(run)
        found = load(turn, run)
        if found is None:
            return False
        program, place = found
        turn.answering = run.id
        if run.waiting and run.waiting.kind == "input":
            go_on(turn, run, program, place, speaking.typed(turn, run, program, place, text, files))
            return True
        option = speaking.typed_option(turn, run, program, place, text)
        if option is not None:
            go_on(turn, run, program, place, speaking.chose(turn, run, program, place, option))
            return True
        turn.say(
            run, "wrote something else: the question stays open", step=place.step.key, line=place.step.line
        )
    return False


def _chose(turn: Turn, stimulus: Chose) -> None:
    run = _waiting_run(turn, lambda run: bool(run.waiting and run.waiting.message == stimulus.message))
    if (
        run is None
        or not stimulus.message
        or run.waiting is None
        or run.waiting.kind not in ("answer", "input")
    ):
        return
    visited(turn, turn.now)
    run = turn.take(run)
    found = load(turn, run)
    if found is None:
        return
    program, place = found
    turn.answering = run.id
    if isinstance(place.step, model.Ask):
        label = speaking.pressed_choice(turn, run, program, place, stimulus.option)
        if label is not None:
            go_on(turn, run, program, place, speaking.typed(turn, run, program, place, label))
    elif isinstance(place.step, model.Say):
        option = next((option for option in place.step.options if option.id == stimulus.option), None)
        if option is not None:
            go_on(turn, run, program, place, speaking.chose(turn, run, program, place, option))


def _waiting_run(turn: Turn, wanted: Callable[[Run], bool]) -> Run | None:
    return next((run for run in turn.state.runs if run.waiting and wanted(run)), None)


def _popup_ended(turn: Turn, stimulus: PopupEnded) -> None:
    if not stimulus.popup:
        return
    run = _waiting_run(turn, lambda run: bool(run.waiting and run.waiting.popup == stimulus.popup))
    if run is None:
        if turn.state.popup == stimulus.popup:
            turn.state.popup = ""
        return
    visited(turn, turn.now)
    run = turn.take(run)
    found = load(turn, run)
    if found is None:
        return
    program, place = found
    turn.answering = run.id
    fields = clean_properties(stimulus.fields)
    go_on(
        turn, run, program, place, speaking.popup_ended(turn, run, program, place, stimulus.outcome, fields)
    )


# --- What people and the server do -------------------------------------------------------------------------------


def _operator_wrote(turn: Turn, stimulus: OperatorWrote) -> None:
    dialog: Dialog = turn.own("dialog")
    if not dialog.id:
        dialog.id, dialog.opened_at = f"new-{stimulus.operator}", turn.now
    dialog.holder, dialog.assignee, dialog.last_message_at = "people", stimulus.operator, turn.now
    _take_over(turn, "taken over")


def _take_over(turn: Turn, reason: str) -> None:
    """Ends the runs whose question stands open in the dialog."""
    for run in list(turn.state.runs):
        if run.waiting and run.waiting.kind in ("answer", "input"):
            end_run(turn, turn.take(run), reason)


def _dialog_moved(turn: Turn, stimulus: DialogMoved) -> None:
    old = turn.state.dialog
    if not stimulus.id:
        turn.state.dialog = Dialog()
        _take_over(turn, "dialog closed")
        _end_conversations(turn)
        if old.id:
            turn.pending.append(
                Event("Dialog Closed", clean_properties({"reason": stimulus.reason}), turn.now)
            )
        return
    dialog: Dialog = turn.own("dialog")
    dialog.id, dialog.holder, dialog.assignee = stimulus.id, stimulus.holder, stimulus.assignee
    dialog.opened_at = dialog.opened_at or turn.now
    if stimulus.holder == "people":
        _take_over(turn, "taken over")
    if not old.id:
        turn.pending.append(Event("Dialog Opened", {"by": stimulus.holder}, turn.now))


def _end_conversations(turn: Turn) -> None:
    """A bot that pauses in the middle of its conversation does not open the dialog again once it was closed."""
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if run.spoke and program is not None and program.is_bot:
            end_run(turn, turn.take(run), "dialog closed")


def _properties_changed(turn: Turn, stimulus: PropertiesChanged) -> None:
    turn.change_properties(clean_properties(stimulus.changes))
    turn.change_tags(tuple(map(str, stimulus.tags_added)), tuple(map(str, stimulus.tags_removed)))


def _coupon_taken(turn: Turn, stimulus: CouponTaken) -> None:
    found = _awaiting_reply(turn, stimulus.run, model.Coupon)
    if found is not None:
        run, program, place = found
        code = clean_text(stimulus.code, NAME_CHARS)
        go_on(turn, run, program, place, sending.coupon_taken(turn, run, place, code))


def _delivered(turn: Turn, stimulus: Delivered) -> None:
    found = _awaiting_reply(turn, stimulus.run, model.Webhook, stimulus.id)
    if found is not None:
        run, program, place = found
        error = clean_text(stimulus.error, NAME_CHARS)
        key = sending.replied(turn, run, place, ok=stimulus.ok, reply=stimulus.reply, error=error)
        go_on(turn, run, program, place, key)


def _awaiting_reply(turn: Turn, run_id: str, kind: type, row: str = "") -> Any:
    """The run with its program and place, where it waits for a reply at a step of that kind."""
    run = _waiting_run(turn, lambda run: run.id == run_id)
    if (
        run is None
        or run.waiting is None
        or run.waiting.kind != "reply"
        or (row and run.waiting.message != row)
    ):
        return None
    run = turn.take(run)
    found = load(turn, run)
    if found is None or not isinstance(found[1].step, kind):
        return None
    return run, *found


def _time_passed(turn: Turn, stimulus: TimePassed) -> None:
    """Time alone: all that was due has been taken on before."""


_TAKERS: dict[type, Callable[[Turn, Any], None]] = {
    Happened: _happened,
    Wrote: _wrote,
    Chose: _chose,
    PopupEnded: _popup_ended,
    TimePassed: _time_passed,
    PropertiesChanged: _properties_changed,
    OperatorWrote: _operator_wrote,
    DialogMoved: _dialog_moved,
    CouponTaken: _coupon_taken,
    Delivered: _delivered,
    BroadcastDue: _broadcast,
}
