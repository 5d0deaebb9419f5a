"""Runs a visitor's log through the engine again, in the surroundings of its time, or with a draft among them.

One visitor after the other, so that memory stays flat and several processes can share the work. What the server
decides around the engine is decided here again, in the same way: whose a new dialog is, and when a dialog is told to
have moved.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

from msgspec.structs import replace

from scenarios_yaml.engine import engine as engine_
from scenarios_yaml.engine.effects import Effect, Send, TakeCoupon
from scenarios_yaml.engine.engine import Outcome, advance
from scenarios_yaml.engine.merge import merge
from scenarios_yaml.engine.state import Run, RunRecord, VisitorState, World
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
from scenarios_yaml.tools.past.log import (
    BecameOne,
    DialogNamed,
    DialogStands,
    LogItem,
    VisitorLog,
    VisitorWrote,
)
from scenarios_yaml.tools.past.surroundings import Surroundings, Turning

MOST_ROUNDS = 100
"""How often one happening may go back and forth between the engine and the world's answers."""
QUESTIONS = frozenset({"answer", "input", "popup"})
"""What a run waits for that only the visitor can give."""


class Listener(Protocol):
    """Who is told what came of each stimulus."""

    def heard(self, state: VisitorState, stimulus: Stimulus, outcome: Outcome, now: int) -> None:
        """`state` is the visitor's before, `outcome.state` after."""

    def left_open(self, run: Run, now: int) -> None:
        """The draft's question was not answered in its time, or what he then wrote cannot be its answer: how it would
        have gone on is not known."""


class Replay:
    """One person's past, once more. `play` it, then look at `states`."""

    def __init__(self, surroundings: Surroundings, listener: Listener) -> None:
        self.states: dict[str, VisitorState] = {}
        self._around = surroundings
        self._listener = listener
        self._draft = surroundings.trial.draft.slug if surroundings.trial else ""
        self._since = surroundings.trial.since if surroundings.trial else 0
        self._told_at: dict[str, int] = {}
        self._late: dict[int, int] = {}
        self._next_turning = 0
        self.shelf = surroundings.first
        """What is published at the moment."""

    def play(self, log: VisitorLog, until: int) -> None:
        """Everything before the moment `until` (ms), what is due until then included."""
        self._late = log.late
        turnings = self._around.turnings
        for item in log.items:
            if item.at >= until:
                break
            while self._next_turning < len(turnings) and turnings[self._next_turning].is_before(
                item.at, item.seq
            ):
                self._turn(turnings[self._next_turning])
            self._take(item)
        while self._next_turning < len(turnings) and turnings[self._next_turning].at < until:
            self._turn(turnings[self._next_turning])
        for visitor in list(self.states):
            self._pass_time(visitor, until - 1)

    def world(self, at: int) -> World:
        """What was outside at the moment."""
        return self._around.world(at)

    # --- What was around -----------------------------------------------------------------------------------

    def _turn(self, turning: Turning) -> None:
        self._next_turning += 1
        for visitor in list(self.states):
            self._pass_time(visitor, turning.at)
        if turning.shelf is not self.shelf:
            before, self.shelf = self.shelf, turning.shelf
            # Where nobody is there yet, no catalog has to be made.
            if self.states and turning.shelf.concerns_everybody(before):
                self._refresh(turning)
        if turning.broadcast is not None:
            due = turning.broadcast
            for visitor in list(self.states):
                self._tell(visitor, BroadcastDue(due.scenario, due.due), turning.at, turning.seq)

    def _refresh(self, turning: Turning) -> None:
        """What a publication changes of each visitor by itself."""
        world = self._around.world(turning.at, turning.seq)
        for visitor, state in self.states.items():
            self.states[visitor] = engine_.refresh(state, self.shelf.catalog, turning.at, world)

    def _pass_time(self, visitor: str, until: int) -> None:
        """Whoever is due is woken at his own moment, or when the server caught up with it."""
        while True:
            due = self.states[visitor].next_wake()
            if not due or due > until:
                return
            if self._draft and self._leave_open(visitor, due):
                continue
            now = max(due, self._told_at.get(visitor, 0), min(self._late.get(due, 0), until))
            self._tell(visitor, TimePassed(), now)
            if self.states[visitor].next_wake() == due:
                return  # it cannot be woken: the engine would be asked the same for ever

    # --- What he was told ----------------------------------------------------------------------------------

    def _take(self, item: LogItem) -> None:
        visitor = item.visitor
        state = self.states.get(visitor)
        if state is None:
            state = self.states[visitor] = VisitorState(id=visitor)
        now = max(item.at, self._told_at.get(visitor, 0))
        due = state.next_wake()
        if due and due <= now:
            self._pass_time(visitor, now)
        what = item.what
        if type(what) is Happened:
            self._tell(visitor, what, now, item.seq)
        else:
            self._take_other(item, now)

    def _take_other(self, item: LogItem, now: int) -> None:
        visitor, what = item.visitor, item.what
        match what:
            case PropertiesChanged():
                self._change(visitor, what, now, item.seq)
            case VisitorWrote():
                self._write(visitor, what, now, item.seq)
            case DialogStands():
                self._move(visitor, what, now, item.seq)
            case DialogNamed():
                self._name(visitor, what.dialog)
            case BecameOne():
                self._become_one(visitor, what.gone, now)
            case Chose() | PopupEnded() | Delivered():
                self._answer(visitor, item, now)
            case OperatorWrote() | Happened():
                self._tell(visitor, what, now, item.seq)

    def _change(self, visitor: str, what: PropertiesChanged, now: int, seq: int) -> None:
        """Edits and traits; what an event has changed already is not told twice."""
        known = self.states[visitor].properties
        changes = {name: value for name, value in what.changes.items() if known.get(name) != value}
        if changes or what.tags_added or what.tags_removed or what.blocked is not None:
            told = PropertiesChanged(changes, what.tags_added, what.tags_removed, what.blocked)
            self._tell(visitor, told, now, seq)

    def _write(self, visitor: str, what: VisitorWrote, now: int, seq: int) -> None:
        if self._draft:
            self._leave_open(visitor, now, whatever_is_due=True)
        wrote = Wrote(what.text, what.message, what.files)
        if not self.states[visitor].dialog.id:
            world = self._around.world(now, seq)
            takes = advance(self.states[visitor], self.shelf.catalog, Wrote(what.text), now, world).taken
            moved = DialogMoved(what.dialog, "bot" if takes else "people", what.assignee)
            self._tell(visitor, moved, now, seq)
        taken = self._tell(visitor, wrote, now, seq)
        dialog = self.states[visitor].dialog
        if not taken and dialog.id and dialog.holder == "bot":
            self._tell(visitor, DialogMoved(dialog.id, "people", dialog.assignee), now, seq)

    def _move(self, visitor: str, what: DialogStands, now: int, seq: int) -> None:
        known = self.states[visitor].dialog
        if not what.open:
            if known.id == what.dialog:
                self._tell(visitor, DialogMoved("", reason=what.reason), now, seq)
        elif (known.id, known.holder, known.assignee) != (what.dialog, what.holder, what.assignee):
            self._tell(visitor, DialogMoved(what.dialog, what.holder, what.assignee, what.reason), now, seq)

    def _name(self, visitor: str, dialog: str) -> None:
        state = self.states[visitor]
        if state.dialog.id.startswith("new-"):
            self.states[visitor] = replace(state, dialog=replace(state.dialog, id=dialog))

    def _become_one(self, visitor: str, gone: str, now: int) -> None:
        now = max(now, self._told_at.pop(gone, 0))
        if gone in self.states:
            self._pass_time(gone, now)
            self.states[visitor] = merge(self.states[visitor], self.states.pop(gone), now)
        self._told_at[visitor] = now

    def _answer(self, visitor: str, item: LogItem, now: int) -> None:
        """What answers a question, a pop-up or a row of a scenario: by the id that it has in this replay.

        With a draft about, runs may have other numbers than they had. What answered the scenario in whose place the
        draft stands, in its period, answers nothing.
        """
        if item.scenario == self._draft and self._draft and now >= self._since:
            return
        what = item.what
        if isinstance(what, Chose | PopupEnded | Delivered):
            found = _readdressed(self.states[visitor], what, item.scenario) if self._draft else what
            if found is not None:
                self._tell(visitor, found, now, item.seq)

    # --- The engine ----------------------------------------------------------------------------------------

    def _tell(self, visitor: str, stimulus: Stimulus, now: int, seq: int = 0) -> bool:
        """Tell the engine, and answer what its effects ask. Returns whether a scenario took what he wrote."""
        world = self._around.world(now, seq)
        self._told_at[visitor] = now
        before = self.states[visitor]
        outcome = advance(before, self.shelf.catalog, stimulus, now, world)
        self.states[visitor] = outcome.state
        if not outcome.trace and not outcome.effects:
            return outcome.taken
        self._listener.heard(before, stimulus, outcome, now)
        if not outcome.effects:
            return outcome.taken
        return self._go_on(visitor, outcome, now, world) or outcome.taken

    def _go_on(self, visitor: str, outcome: Outcome, now: int, world: World) -> bool:
        waiting: deque[Stimulus] = deque(self._answers(visitor, outcome.effects))
        taken = False
        for _ in range(MOST_ROUNDS):
            if not waiting:
                return taken
            before, stimulus = self.states[visitor], waiting.popleft()
            outcome = advance(before, self.shelf.catalog, stimulus, now, world)
            self.states[visitor] = outcome.state
            self._listener.heard(before, stimulus, outcome, now)
            taken = taken or outcome.taken
            waiting.extend(self._answers(visitor, outcome.effects))
        raise RuntimeError(f"the scenarios of visitor {visitor} do not come to an end")

    def _answers(self, visitor: str, effects: tuple[Effect, ...]) -> list[Stimulus]:
        """Coupons are there as they are in the settings. Of a draft's webhooks nobody knows the reply: an empty one;
        those of others are answered by the log."""
        told: list[Stimulus] = []
        for effect in effects:
            if isinstance(effect, TakeCoupon):
                none = effect.pool.upper() if self._is_drafts(visitor, effect.run) else ""
                told.append(CouponTaken(effect.run, self._around.coupons.get(effect.pool, none)))
            elif (
                isinstance(effect, Send)
                and effect.channel == "webhook"
                and self._is_drafts(visitor, effect.run)
            ):
                told.append(Delivered(effect.run, ok=True, reply={}, id=effect.id))
        return told

    def _is_drafts(self, visitor: str, run_id: str) -> bool:
        """Whether the run is one that the draft has let in, and not one that came over from the live version."""
        if not self._draft:
            return False
        run = next((run for run in self.states[visitor].runs if run.id == run_id), None)
        return run is not None and run.scenario == self._draft and run.started_at >= self._since

    def _leave_open(self, visitor: str, now: int, *, whatever_is_due: bool = False) -> bool:
        """The draft's runs whose question's time is over (or, `whatever_is_due`, who would be answered by what he
        writes now) leave without an end. Returns whether there were any."""
        state = self.states[visitor]
        leaving = [run for run in state.runs if self._is_open(run, now, whatever_is_due)]
        if not leaving:
            return False
        ids = {run.id for run in leaving}
        records = dict(state.records)
        for run in leaving:
            name = f"{run.scenario} {run.key}" if run.key else run.scenario
            records[name] = replace(records.get(name, RunRecord()), last_ended_at=now)
            self._listener.left_open(run, now)
        shown = any(run.waiting is not None and run.waiting.popup == state.popup for run in leaving)
        self.states[visitor] = replace(
            state,
            runs=[run for run in state.runs if run.id not in ids],
            records=records,
            popup="" if shown else state.popup,
        )
        return True

    def _is_open(self, run: Run, now: int, whatever_is_due: bool) -> bool:
        waiting = run.waiting
        if run.scenario != self._draft or run.started_at < self._since or waiting is None:
            return False
        if whatever_is_due:
            return waiting.kind in ("answer", "input")
        return waiting.kind in QUESTIONS and 0 < waiting.due_at <= now


def _readdressed(
    state: VisitorState, what: Chose | PopupEnded | Delivered, scenario: str
) -> Chose | PopupEnded | Delivered | None:
    """The stimulus with the id that its question, pop-up or row has among the runs of the state; None where no run of
    the scenario waits for it, nor has sent it."""
    match what:
        case Chose():
            run, name = _waiting_alike(state, scenario, what.message, "message")
            return replace(what, message=name) if run else None
        case PopupEnded():
            run, name = _waiting_alike(state, scenario, what.popup, "popup")
            return replace(what, popup=name) if run else None
    run, name = _waiting_alike(state, scenario, what.id, "message")
    if run is not None:
        return replace(what, run=run.id, id=name)
    sent = any(run.id == what.run and run.scenario == scenario for run in state.runs)
    return what if sent else None


def _waiting_alike(state: VisitorState, scenario: str, name: str, field: str) -> tuple[Run | None, str]:
    """The scenario's run that waits with that id; else one that waits at the same count of steps, though it has
    another number. And with which id it waits."""
    alike: tuple[Run | None, str] = (None, "")
    step = name.rpartition(".")[2]
    for run in state.runs:
        awaited: str = getattr(run.waiting, field) if run.waiting is not None else ""
        if run.scenario != scenario or not awaited:
            continue
        if awaited == name:
            return run, awaited
        if alike[0] is None and awaited.rpartition(".")[2] == step:
            alike = run, awaited
    return alike
