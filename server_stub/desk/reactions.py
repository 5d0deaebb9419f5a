"""What happens to a visitor is told here: the engine decides, its effects are done, and his dialogs follow."""

from __future__ import annotations

from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.stimuli import DialogMoved, Stimulus
from server_stub.desk import conversations, rounds
from server_stub.desk.telling import SYSTEM, tell_alone
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, DialogSummary


def tell(tx: Transaction, visitor: str, stimulus: Stimulus, at: int, *, by: Author = SYSTEM) -> bool:
    """Tell the engine, and carry out its effects. What else it changed of the visitor is journaled as done `by`.

    `at` (ms) is the moment of the entry that says what happened: for an event when it was received, else the entry's
    own. Returns whether a scenario took what the visitor wrote.
    """
    if tx.rounds:
        rounds.catch_up(tx, visitor)
    return tell_alone(tx, visitor, stimulus, at, by=by)


def would_take(tx: Transaction, visitor: str, stimulus: Stimulus, at: int) -> bool:
    """Whether a scenario would take what the visitor writes: the engine is asked, and nothing is done."""
    person = tx.known_person(visitor)
    moment = max(at, person.told_at)
    return advance(person.state, tx.scenarios.catalog, stimulus, moment, tx.world, explain=False).taken


def close(tx: Transaction, dialog: DialogSummary, by: Author, at: int, reason: str = "") -> DialogSummary:
    """Close a dialog, and let the scenarios know."""
    dialog = conversations.change(tx, dialog, by, at, status="closed", reason=reason)
    moved(tx, dialog, at, reason)
    return tx.known_dialog(dialog.id)


def moved(tx: Transaction, dialog: DialogSummary, at: int, reason: str = "") -> None:
    """Let the scenarios know how the visitor's open dialog is now, where it differs from what they know."""
    known = tx.known_person(dialog.visitor).state.dialog
    if dialog.status == "closed":
        if known.id == dialog.id:
            tell(tx, dialog.visitor, DialogMoved("", reason=reason), at)
    elif (known.id, known.holder, known.assignee) != (dialog.id, dialog.holder, dialog.assignee):
        tell(tx, dialog.visitor, DialogMoved(dialog.id, dialog.holder, dialog.assignee, reason), at)
