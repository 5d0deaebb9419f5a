"""A visitor as the desk holds him while it works, and his row in the store."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from scenarios_yaml.engine.state import VisitorState
from server_stub.ids import shard_of
from server_stub.protocol import OpenProfile, Popup
from server_stub.store.base import VisitorRow
from server_stub.store.codec import encode

_decode_state = msgspec.json.Decoder(VisitorState).decode
_decode_popup = msgspec.json.Decoder(Popup).decode


class FoundProfile(Struct, frozen=True, omit_defaults=True):
    """What an open source told of the owner of an email (trimmed, in lower case)."""

    email: str
    profile: OpenProfile


class Details(Struct, frozen=True, omit_defaults=True):
    """What no scenario asks about: for the operators' card alone. The last device comes first."""

    devices: tuple[str, ...] = ()
    place: str = ""
    """City and country, as the last visit told them."""
    profiles: tuple[FoundProfile, ...] = ()
    """One a source, the latest."""


class Person(Struct, frozen=True):
    """A value: whoever changes something puts another one in its place. `last_at` is his last sign of life (ms)."""

    state: VisitorState
    user_id: str = ""
    last_at: int = 0
    merged_into: str = ""
    popup: Popup | None = None
    told_at: int = 0
    """The latest moment (ms) that the engine was told for him: it never goes back."""
    caught_up: int = 0
    """The seq of the last round that has reached him."""
    details: Details = Details()

    @property
    def blocked(self) -> bool:
        """No scenario speaks to him, and nothing that he writes is taken."""
        return self.state.blocked

    @property
    def id(self) -> str:
        return self.state.id

    @property
    def name(self) -> str:
        return text_property(self.state, "name")

    @property
    def called(self) -> str:
        """What operators' lists call him: his name, else his email, else nothing."""
        return self.name or text_property(self.state, "email")


_NO_DETAILS = Details()
_decode_details = msgspec.json.Decoder(Details).decode


def text_property(state: VisitorState, name: str) -> str:
    """A property that should be a text; foreign sites send others, too."""
    value: Any = state.properties.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def row_of(person: Person) -> VisitorRow:
    state = person.state
    return VisitorRow(
        id=state.id,
        shard=shard_of(state.id),
        state=encode(state),
        wake_at=0 if person.merged_into else state.next_wake(),
        name=text_property(state, "name"),
        email=text_property(state, "email"),
        phone=text_property(state, "phone"),
        user_id=person.user_id,
        last_at=person.last_at,
        merged_into=person.merged_into,
        popup=encode(person.popup) if person.popup else b"",
        told_at=person.told_at,
        caught_up=person.caught_up,
        segments=tuple(state.segments),
        blocked=state.blocked,
        details=encode(person.details) if person.details != _NO_DETAILS else b"",
    )


def person_of(row: VisitorRow) -> Person:
    return Person(
        state=_decode_state(row.state),
        user_id=row.user_id,
        last_at=row.last_at,
        merged_into=row.merged_into,
        popup=_decode_popup(row.popup) if row.popup else None,
        told_at=row.told_at,
        caught_up=row.caught_up,
        details=_decode_details(row.details) if row.details else _NO_DETAILS,
    )
