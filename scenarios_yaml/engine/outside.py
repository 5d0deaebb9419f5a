"""What others do around a visitor: operators in his dialog, edits of his card, replies of webhooks and coupon
pools."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine import sending
from scenarios_yaml.engine.arbitration import MOMENTS
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.run import go_on, load
from scenarios_yaml.engine.state import Dialog
from scenarios_yaml.engine.stimuli import (
    CouponTaken,
    Delivered,
    DialogMoved,
    OperatorWrote,
    PropertiesChanged,
)
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.engine.values import NAME_CHARS, clean_properties, clean_text
from scenarios_yaml.language import model


def operator_wrote(turn: Turn, stimulus: OperatorWrote) -> None:
    """Who writes into a bot's dialog takes it over."""
    dialog: Dialog = turn.own("dialog")
    if not dialog.id:
        dialog.id, dialog.opened_at = f"new-{stimulus.operator}", turn.now
    dialog.holder, dialog.assignee, dialog.last_message_at = "people", stimulus.operator, turn.now
    dialog.noted = False
    _close_questions(turn, "taken over")


def _close_questions(turn: Turn, reason: str) -> None:
    """Ends the runs whose question stands open in the dialog."""
    for run in list(turn.state.runs):
        if run.waiting and run.waiting.kind in ("answer", "input"):
            end_run(turn, turn.take(run), reason)


def dialog_moved(turn: Turn, stimulus: DialogMoved) -> None:
    """The dialog was opened, given to somebody, or closed."""
    before = turn.state.dialog
    if not stimulus.id:
        turn.state.dialog = Dialog()
        _close_questions(turn, "dialog closed")
        _end_conversations(turn)
        if before.id:
            turn.pending.append(
                Event("Dialog Closed", clean_properties({"reason": stimulus.reason}), turn.now)
            )
        return
    dialog: Dialog = turn.own("dialog")
    dialog.id, dialog.holder, dialog.assignee = stimulus.id, stimulus.holder, stimulus.assignee
    dialog.opened_at, dialog.noted = dialog.opened_at or turn.now, False
    if stimulus.holder == "people":
        _close_questions(turn, "taken over")
    if not before.id:
        turn.pending.append(Event("Dialog Opened", {"by": stimulus.holder}, turn.now))


def _end_conversations(turn: Turn) -> None:
    """A bot that pauses in the middle of its conversation does not open a closed dialog again."""
    for run in list(turn.state.runs):
        program = turn.catalog.program_of(run.scenario, run.version)
        if run.spoke and program is not None and program.is_bot:
            end_run(turn, turn.take(run), "dialog closed")


def properties_changed(turn: Turn, stimulus: PropertiesChanged) -> None:
    """Traits of identify, or an operator's edit."""
    turn.change_properties(clean_properties(stimulus.changes))
    turn.change_tags(tuple(map(str, stimulus.tags_added)), tuple(map(str, stimulus.tags_removed)))
    if stimulus.blocked is not None and stimulus.blocked != turn.state.blocked:
        turn.state.blocked = stimulus.blocked
        for run in list(turn.state.runs) if stimulus.blocked else ():
            end_run(turn, turn.take(run), "blocked")


def coupon_taken(turn: Turn, stimulus: CouponTaken) -> None:
    """A pool's answer to the run that waits for it."""
    here = _awaiting_reply(turn, stimulus.run, (model.Coupon,))
    if here is not None:
        go_on(here, sending.coupon_taken(here, clean_text(stimulus.code, NAME_CHARS)))


_SENDS = (model.Webhook, model.Email, model.Push, model.MessengerMessage)


def delivered(turn: Turn, stimulus: Delivered) -> None:
    """What became of an outbox row: told to the run that waits for it; one that did not wait ends where it failed."""
    error = clean_text(stimulus.error, NAME_CHARS)
    here = _awaiting_reply(turn, stimulus.run, _SENDS, stimulus.id)
    if here is not None:
        go_on(here, sending.replied(here, ok=stimulus.ok, reply=stimulus.reply, error=error))
        return
    run = next((run for run in turn.state.runs if run.id == stimulus.run), None)
    if run is not None and stimulus.id in run.unheard:
        run = turn.take(run)
        run.unheard = [row for row in run.unheard if row != stimulus.id]
        if not stimulus.ok:
            end_run(turn, run, sending.could_not_be_sent(error), reason=sending.NOT_SENT)


def _awaiting_reply(turn: Turn, run_id: str, kinds: tuple[type, ...], row: str = "") -> Here[Any] | None:
    for run in turn.state.runs:
        if run.id == run_id and run.waiting and run.waiting.kind == "reply":
            if row and run.waiting.message != row:
                return None
            here = load(turn, run)
            if here is None or not isinstance(here.step, kinds):
                return None
            if here.waiting.answers_at and turn.now - here.waiting.answers_at <= MOMENTS:
                turn.answering = here.run.id
            return here
    return None
