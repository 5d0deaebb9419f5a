"""What an open source says of a visitor, on his card: beside his properties, never in place of one."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.desk.people import FoundProfile
from server_stub.desk.persons.details import email_of
from server_stub.desk.transaction import Transaction
from server_stub.protocol import VisitorFound
from server_stub.work import ProfileFound


def profile_found(tx: Transaction, work: ProfileFound) -> None:
    """Kept once for a source and an email. Of who is gone, or has another email by now, nothing is."""
    person = tx.person(work.visitor)
    if person is None or email_of(person.state) != work.email:
        return
    known = person.details.profiles
    source = work.profile.source
    if any(found.email == work.email and found.profile.source == source for found in known):
        return
    others = tuple(found for found in known if found.profile.source != source)
    profiles = (*others, FoundProfile(work.email, work.profile))
    tx.put(replace(person, details=replace(person.details, profiles=profiles)))
    tx.record(VisitorFound(work.profile), work.at, person.id)
