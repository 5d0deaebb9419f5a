"""`advance`: the one function that everything runs. Visitor state, scenarios, stimulus, time → state,
effects, trace.

Late timers catch up first, each at its own due time, so that the outcome does not depend on how often the
caller looks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from scenarios_yaml.engine import conversation, entry, outside
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.engine.events import settle, take_in
from scenarios_yaml.engine.facts import schedule_inactivity
from scenarios_yaml.engine.run import rank, wake
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
        settle(turn)
    return Outcome(turn.state, tuple(turn.effects), tuple(turn.trace), turn.taken)


def watch_silence(state: VisitorState, catalog: Catalog, now: int) -> VisitorState:
    """The state with its next `inactive` moment armed for this catalog. To be called for all visitors when a
    scenario with such a trigger is published; whose silence is longer already at `now` is not written to."""
    turn = Turn(state, catalog, now, World())
    schedule_inactivity(turn, after=max(now, state.last_visit))
    return turn.state if turn.state.inactive_due != state.inactive_due else state


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
        settle(turn)
    turn.now = turn.wall


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
