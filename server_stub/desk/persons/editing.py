"""Operators edit a visitor: his properties, his tags, and whether he is heard at all."""

from __future__ import annotations

from msgspec import UNSET

from scenarios_yaml.engine import stimuli
from server_stub.desk.cards import card_of
from server_stub.desk.persons.fields import checked_property, checked_tags
from server_stub.desk.reactions import tell
from server_stub.desk.transaction import Later, Transaction
from server_stub.work import OperatorChangesVisitor


def changes_visitor(tx: Transaction, work: OperatorChangesVisitor) -> Later:
    """Who is blocked goes on in no scenario: his runs end, and what hangs on his screen is taken away."""
    request = work.request
    author = tx.author_of(work.operator)
    person = tx.known_person(work.visitor)
    changes = {name: checked_property(name, value) for name, value in request.properties.items()}
    added = checked_tags(request.add_tags, "add_tags")
    blocked = None if request.blocked is UNSET else request.blocked
    tell(
        tx,
        person.id,
        stimuli.PropertiesChanged(changes, added, request.remove_tags, blocked),
        work.at,
        by=author,
    )
    return Later(lambda now: card_of(now, person.id))
