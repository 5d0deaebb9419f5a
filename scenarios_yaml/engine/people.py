"""Steps towards the operators: note, handoff, assign, close; and the dialog that they and the bots share."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.arbitration import reached
from scenarios_yaml.engine.effects import (
    AddNote,
    AssignDialog,
    CloseDialog,
    HandOff,
)
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.state import Dialog
from scenarios_yaml.engine.turn import Event
from scenarios_yaml.language import model


def open_dialog(here: Here[Any]) -> Dialog:
    """The visitor's dialog, to be changed in place. Where none is open, one begins under a provisional id."""
    dialog: Dialog = here.turn.own("dialog")
    if not dialog.id:
        dialog.id, dialog.opened_at, dialog.holder = f"new-{here.message_id}", here.turn.now, "bot"
        here.turn.pending.append(Event("Dialog Opened", {"by": "bot"}, here.turn.now))
    return dialog


def note(here: Here[model.Note]) -> str | None:
    """A note stands in the open dialog, else in the last one. Where there has been none, one opens for people."""
    text = here.render(here.step.text)
    state = here.turn.state
    opens = bool(text.strip()) and not state.dialog.id and "dialogopened" not in state.history
    if opens:
        dialog = open_dialog(here)
        dialog.holder, dialog.noted = "people", True
    here.turn.effects.append(AddNote(here.program.slug, text, opens))
    here.say("noted")
    return here.following


def handoff(here: Here[model.Handoff]) -> str | None:
    if here.step.no_operator is not None and here.turn.world.operators_online <= 0:
        here.say("no operator online", branch="no_operator")
        return here.branch(here.step.no_operator)
    note_text = here.render(here.step.note)
    dialog = open_dialog(here)
    dialog.holder, dialog.noted = "people", False
    dialog.assignee = here.step.operator or dialog.assignee
    here.turn.effects.append(HandOff(here.program.slug, here.step.team, here.step.operator, note_text))
    reached(here)
    here.end("handed over")
    return None


def assign(here: Here[model.Assign]) -> str | None:
    """The open dialog is people's from here on; the run goes on, and says no more in it."""
    if here.turn.state.dialog.id:
        dialog: Dialog = here.turn.own("dialog")
        dialog.holder, dialog.noted = "people", False
        dialog.assignee = here.step.operator or dialog.assignee
    here.turn.effects.append(AssignDialog(here.program.slug, here.step.team, here.step.operator))
    here.say(f"assigned to {here.step.operator or here.step.team}")
    return here.following


def close(here: Here[model.Close]) -> str | None:
    if here.turn.state.dialog.id and here.turn.state.dialog.holder == "bot":
        here.turn.effects.append(CloseDialog(here.program.slug, here.step.reason))
        here.turn.state.dialog = Dialog()
        here.turn.pending.append(
            Event("Dialog Closed", {"reason": here.step.reason, "by": "bot"}, here.turn.now)
        )
    here.end(f"closed: {here.step.reason}")
    return None
