"""Who is who: from the ids that a caller gives to one visitor, and the merging of two who are one person.

An anonymous visitor becomes known once, by a user_id, and then he is that person. Two known persons are never made one
by a browser that both have used: the browser (its anonymous id) moves on to whoever uses it now. Neither an email nor a
phone ever makes two visitors one; only `alias`, which says so, does.
"""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from scenarios_yaml.engine.effects import HidePopup
from scenarios_yaml.engine.merge import merge, withdrawn
from scenarios_yaml.engine.state import VisitorState
from server_stub.desk import rounds
from server_stub.desk.effects import Performer, tell_change
from server_stub.desk.people import Details, Person
from server_stub.desk.persons.details import merged_details
from server_stub.desk.reactions import close
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, PopupEnded, VisitorChanged, VisitorMerged
from server_stub.work import Identity, Rejected

SYSTEM = Author("system")


def visitor_of(tx: Transaction, who: Identity, at: int) -> Person:
    """The visitor whom the ids name, made or merged where that is what they say. Raises Rejected without any id."""
    if not who.anonymous_id and not who.user_id:
        raise Rejected("missing", "A visitor needs an anonymousId or a userId.", field="anonymousId")
    if not who.user_id:
        return _known_by(tx, "anonymous", who.anonymous_id) or _new(tx, who)
    person = _known_by(tx, "user", who.user_id)
    if not who.anonymous_id:
        return person or _new(tx, who)
    browsing = _known_by(tx, "anonymous", who.anonymous_id)
    if person is None:
        if browsing is None or browsing.user_id:
            return _new(tx, who)
        tx.link("user", who.user_id, browsing.id)
        return tx.put(replace(browsing, user_id=who.user_id))
    if browsing is None or (browsing.id != person.id and browsing.user_id):
        tx.link("anonymous", who.anonymous_id, person.id)
        return person
    return person if browsing.id == person.id else merged(tx, browsing, person, at)


def alias(tx: Transaction, previous: str, who: Identity, at: int) -> Person:
    """`previous` (an anonymous or a user's id) and `who` are one person."""
    person = visitor_of(tx, who, at)
    before = _known_by(tx, "anonymous", previous) or _known_by(tx, "user", previous)
    if before is None:
        tx.link("user", previous, person.id)
        return person
    return person if before.id == person.id else merged(tx, before, person, at)


def merged(tx: Transaction, gone: Person, kept: Person, at: int, *, closes_older: bool = True) -> Person:
    """`gone` becomes `kept`: his identities, dialogs, messages, runs and timers are the other's from now on.

    A visitor has one open dialog: of two the older is closed here, unless the caller sees to it.
    """
    for visitor in (gone.id, kept.id):
        rounds.catch_up(tx, visitor)
    gone, kept = tx.known_person(gone.id), tx.known_person(kept.id)
    if closes_older:
        gone, kept = _with_one_open_dialog(tx, gone, kept, at)
    now = max(at, kept.told_at, gone.told_at)
    state = merge(kept.state, gone.state, now)
    shown = {popup.id: popup for popup in (kept.popup, gone.popup) if popup}
    theirs = tx.dialogs_of(gone.id)
    last_at = max(kept.last_at, gone.last_at)
    details = merged_details(kept.details, gone.details)
    shown_now = shown.get(state.popup)
    tx.put(replace(kept, state=state, last_at=last_at, popup=shown_now, told_at=now, details=details))
    gone_state = VisitorState(id=gone.id)
    tx.put(replace(gone, state=gone_state, merged_into=kept.id, popup=None, details=Details()))
    _move_what_is_not_stored_yet(tx, gone.id, kept.id)
    tx.mine.moved[gone.id] = kept.id
    entry = tx.record(VisitorMerged(gone.id), at, kept.id)
    for dialog in theirs:
        tx.fold_into(dialog, entry)
    _tell_what_came_along(tx, kept.state, at, has_dialogs=bool(theirs))
    for effect in withdrawn(kept.state, gone.state, state):
        if isinstance(effect, HidePopup):
            if effect.popup in shown:
                ended = PopupEnded(effect.popup, shown[effect.popup].scenario, effect.reason)
                tx.record(ended, at, kept.id)
        else:
            Performer(tx, kept.id, None, now).perform(effect)
    return tx.known_person(kept.id)


def _move_what_is_not_stored_yet(tx: Transaction, gone: str, kept: str) -> None:
    """The store moves its rows; those of this batch are not among them."""
    for changes in (tx.kept, tx.mine):
        for note in list(changes.visitor_notes.values()):
            if note.visitor == gone:
                tx.mine.visitor_notes[note.note.id] = replace(note, visitor=kept)
        for (kind, value), visitor in list(changes.identities.items()):
            if visitor == gone:
                tx.link(kind, value, kept)
        for message in list(changes.messages.values()):
            if message.visitor == gone:
                tx.mine.messages[message.id] = replace(message, visitor=kept)


def _with_one_open_dialog(tx: Transaction, gone: Person, kept: Person, at: int) -> tuple[Person, Person]:
    """Of two open dialogs the one with the later message goes on; the other is closed."""
    ours = tx.dialog(kept.state.dialog.id) if kept.state.dialog.id else None
    theirs = tx.dialog(gone.state.dialog.id) if gone.state.dialog.id else None
    if ours is None or theirs is None:
        return gone, kept
    older = ours if ours.last_at <= theirs.last_at else theirs
    close(tx, older, SYSTEM, at, reason="merged")
    return tx.known_person(gone.id), tx.known_person(kept.id)


def _tell_what_came_along(tx: Transaction, before: VisitorState, at: int, *, has_dialogs: bool) -> None:
    """What the merge changed of the one who stays, as an entry: consoles show his card and name from entries."""
    after = tx.known_person(before.id)
    properties = after.state.properties
    changes = {name: value for name, value in properties.items() if before.properties.get(name) != value}
    called = after.called if has_dialogs and after.called else UNSET
    tags = tuple(tag for tag in after.state.tags if tag not in before.tags)
    if changes or tags or called is not UNSET:
        tell_change(tx, before.id, VisitorChanged(SYSTEM, changes, tags_added=tags, called=called), at)


def _known_by(tx: Transaction, kind: str, value: str) -> Person | None:
    visitor = tx.identity(kind, value)
    return tx.person(visitor) if visitor else None


def _new(tx: Transaction, who: Identity) -> Person:
    person = tx.put(Person(VisitorState(id=tx.new_id("v")), user_id=who.user_id, caught_up=tx.last_seq))
    if who.anonymous_id:
        tx.link("anonymous", who.anonymous_id, person.id)
    if who.user_id:
        tx.link("user", who.user_id, person.id)
    return person
