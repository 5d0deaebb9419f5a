"""`advance`: the one function that everything runs. Visitor state, scenarios, stimulus, time → state,
effects, trace.

Late timers catch up first, each at its own due time, so that the outcome does not depend on how often the
caller looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from scenarios_yaml.engine import conversation, entry, membership, outside
from scenarios_yaml.engine.arbitration import rank
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.engine.events import exit_time_came, rearm_exits, settle, take_in
from scenarios_yaml.engine.facts import schedule_inactivity
from scenarios_yaml.engine.run import wake
from scenarios_yaml.engine.state import VisitorState, World
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


class Outcome(Struct, frozen=True):
    """What came of a stimulus. The effects are to be carried out in order; `trace` says what was decided and
    why.

    `taken`: a scenario took what the visitor wrote (as an answer, by a keyword, or by speaking); else it is
    for people.
    """

    state: VisitorState
    effects: tuple[Effect, ...] = ()
    trace: tuple[TraceLine, ...] = ()
    taken: bool = False


def advance(
    state: VisitorState,
    catalog: Catalog,
    stimulus: Stimulus,
    now: int,
    world: World,
    *,
    explain: bool = True,
) -> Outcome:
    """Takes in one stimulus at the moment `now` (ms). Pure: the state that is passed in stays as it was.

    The caller stores the new state, carries out the effects in order, and calls again with `TimePassed` at
    `state.next_wake()`. Without `explain` no line of the phase `refused` is traced, which is cheaper; nothing else
    differs. Never raises, whatever the stimulus holds.
    """
    due = state.next_wake()
    late = bool(due) and due <= now
    if not late and type(stimulus) is TimePassed:
        return Outcome(state)
    turn = Turn(state, catalog, now, world, explain=explain)
    index = catalog.segments
    if state.decided != index.fingerprint or index.looks_at_world:
        membership.begin(turn)
    if late:
        _catch_up(turn)
    _TAKERS[type(stimulus)](turn, stimulus)
    turn.answering = ""
    if turn.looks is not None:
        membership.decide(turn)
    if turn.pending or turn.state.runs:
        settle(turn)
    return Outcome(turn.state, tuple(turn.effects), tuple(turn.trace), turn.taken)


def refresh(state: VisitorState, catalog: Catalog, now: int, world: World) -> VisitorState:
    """The state as it is to be after a publication of scenarios or segments: to be called for all visitors then.

    What he is in is decided by the new files without telling anybody: nobody enters because a file was written, and
    who is in a segment whose file is gone leaves. His next `inactive` moment is armed (whose silence is longer
    already at `now` is not written to), and so are the moments at which time alone ends a run or changes a segment.
    Answers with the same object where nothing changes.
    """
    turn = Turn(state, catalog, now, world)
    schedule_inactivity(turn, after=max(now, state.last_visit))
    membership.decide_all(turn)
    rearm_exits(turn)
    return turn.state if turn.state != state else state


def _catch_up(turn: Turn) -> None:
    """Everything that is due by now goes on, in the order of due times. Of one moment, segments come first, then
    exits, then those whom silence starts, then waits."""
    while True:
        due = turn.state.next_wake()
        if not due or due > turn.wall:
            break
        turn.now = due
        turn.emitted = turn.moved_segments = 0
        if turn.state.segments_due == due:
            membership.time_came(turn)
        elif any(run.exit_due == due for run in turn.state.runs):
            exit_time_came(turn, due)
        elif turn.state.inactive_due == due:
            schedule_inactivity(turn, after=due)
            entry.by_silence(turn)
        else:
            runs = [run for run in turn.state.runs if run.waiting and run.waiting.due_at == due]
            wake(turn, min(runs, key=lambda run: rank(turn, run)))
        settle(turn)
    turn.now = turn.wall
    turn.emitted = turn.moved_segments = 0


def _happened(turn: Turn, stimulus: Happened) -> None:
    at = min(stimulus.at, turn.now) if stimulus.at > 0 else turn.now
    name = clean_text(stimulus.name, NAME_CHARS)
    take_in(turn, Event(name, clean_properties(stimulus.properties), at))


def _broadcast(turn: Turn, stimulus: BroadcastDue) -> None:
    entry.by_broadcast(turn, stimulus.scenario, stimulus.at or turn.now)


def _time_passed(turn: Turn, stimulus: TimePassed) -> None:
    """Time alone: all that was due has been taken on before."""


_TAKERS: dict[type, Callable[[Turn, Any], None]] = {
    Happened: _happened,
    Wrote: conversation.wrote,
    Chose: conversation.chose,
    PopupEnded: conversation.popup_ended,
    TimePassed: _time_passed,
    PropertiesChanged: outside.properties_changed,
    OperatorWrote: outside.operator_wrote,
    DialogMoved: outside.dialog_moved,
    CouponTaken: outside.coupon_taken,
    Delivered: outside.delivered,
    BroadcastDue: _broadcast,
}
