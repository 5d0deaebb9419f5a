"""Operators say that two visitors are one person: what will become of each field, and the merging itself.

It is the merging of identities.py with three things more: of what both have said, an operator may take the other's;
of two dialogs that are not closed, one becomes part of the other; and all of it can be rehearsed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from scenarios_yaml.engine.stimuli import PropertiesChanged
from server_stub.desk import dialog_changes, identities
from server_stub.desk.people import Person
from server_stub.desk.reactions import tell
from server_stub.desk.transaction import Transaction
from server_stub.protocol import DialogSummary, MergedField, VisitorMergePlan
from server_stub.work import OperatorMergesDialogs, OperatorMergesVisitors, Rejected

_FIRST = ("name", "email", "phone")
"""What of the properties an operator reads first."""
_OWN_WORDS = {"user_id"}
"""Fields that can be taken and are no properties."""


def merges_visitors(tx: Transaction, work: OperatorMergesVisitors) -> VisitorMergePlan:
    """`gone` becomes part of the visitor. A rehearsal does all of it, says what came of it, and leaves nothing."""
    request = work.request
    author = tx.author_of(work.operator)
    kept, gone = tx.known_person(work.visitor), tx.known_person(request.gone)
    if kept.id == gone.id:
        raise Rejected("conflict", "They are one visitor already.", status=409, field="gone")
    taken = _taken(gone, request.take)
    before = _facts(tx, kept), _facts(tx, gone)
    theirs = tx.dialogs_of(gone.id)
    older, newer = _open_of_both(tx, kept, gone)
    identities.merged(tx, gone, kept, work.at, closes_older=False)
    if older is not None and newer is not None:
        joined = OperatorMergesDialogs(operator=author.id, dialog=newer.id, gone=older.id, at=work.at)
        dialog_changes.merges(tx, joined)
    _name_user(tx, kept, gone, take="user_id" in taken)
    properties = {name: value for name, value in taken.items() if name not in _OWN_WORDS}
    if properties:
        tell(tx, kept.id, PropertiesChanged(properties), work.at, by=author)
    plan = VisitorMergePlan(
        kept=kept.id,
        gone=gone.id,
        done=not request.rehearse,
        fields=_fields(*before, _facts(tx, tx.known_person(kept.id))),
        dialogs=len(theirs),
        merged_dialog=older.id if older is not None else "",
    )
    if request.rehearse:
        tx.drop()
    return plan


def _taken(gone: Person, names: Iterable[str]) -> dict[str, Any]:
    """What is to be the other's. Raises Rejected for a field that he does not have."""
    has = {**gone.state.properties, **({"user_id": gone.user_id} if gone.user_id else {})}
    for name in names:
        if name not in has:
            raise Rejected("invalid", f"The other visitor has no {name[:80]!r}.", field="take")
    return {name: has[name] for name in names}


def _open_of_both(
    tx: Transaction, kept: Person, gone: Person
) -> tuple[DialogSummary | None, DialogSummary | None]:
    """Where both have a dialog that is not closed: the older one, and the one with the later message."""
    ours, theirs = (
        tx.dialog(person.state.dialog.id) if person.state.dialog.id else None for person in (kept, gone)
    )
    if ours is None or theirs is None:
        return None, None
    return (ours, theirs) if ours.last_at <= theirs.last_at else (theirs, ours)


def _name_user(tx: Transaction, kept: Person, gone: Person, *, take: bool) -> None:
    """Both user ids lead to him from now on; the card shows one."""
    if gone.user_id and (take or not kept.user_id):
        tx.put(replace(tx.known_person(kept.id), user_id=gone.user_id))


# --- The plan ----------------------------------------------------------------------------------------


def _facts(tx: Transaction, person: Person) -> dict[str, Any]:
    """What an operator knows of a visitor, by field, in the order in which he reads it."""
    state = person.state
    names = [*_FIRST, *sorted(name for name in state.properties if name not in _FIRST)]
    facts: dict[str, Any] = {name: state.properties.get(name) for name in names}
    notes = len(tx.store.visitor_notes(person.id))
    facts |= {
        "user_id": person.user_id,
        "tags": state.tags,
        "segments": state.segments,
        "lists": state.lists,
        "unsubscribed": state.unsubscribed,
        "first_visit": state.first_visit,
        "last_visit": state.last_visit,
        "visits": state.visits,
        "orders": state.orders,
        "revenue": state.revenue,
        "cart": [item.name or item.product_id for item in state.cart.items],
        "channel": state.first_touch.channel if state.first_touch.at else "",
        "place": person.details.place,
        "devices": list(person.details.devices),
        "notes": notes,
        "blocked": state.blocked,
    }
    return {name: None if value in ("", 0, [], False) else value for name, value in facts.items()}


def _fields(kept: dict[str, Any], gone: dict[str, Any], result: dict[str, Any]) -> tuple[MergedField, ...]:
    """Those in which the two differ, or that add up. Notes are counted: the store moves them with the commit."""
    result = {**result, "notes": (kept["notes"] or 0) + (gone["notes"] or 0) or None}
    names = dict.fromkeys([*kept, *gone])
    fields = (MergedField(name, kept.get(name), gone.get(name), result.get(name)) for name in names)
    return tuple(field for field in fields if not field.kept == field.gone == field.result)
