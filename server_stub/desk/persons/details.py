"""What a visitor came with: his devices and his place, as his visits tell them. For the card alone.

No address is looked up: a place is what the shop's own properties say, else what the context of a visit says, which
Segment's libraries and the shop's own proxies can fill in.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from scenarios_yaml.engine.state import VisitorState
from server_stub.desk.people import Details, text_property
from server_stub.desk.transaction import Transaction

MOST_DEVICES = 10
_PLACE_CHARS = 100
"""Of a city's or a country's name."""


def came_with(tx: Transaction, visitor: str, device: str, context: dict[str, Any]) -> None:
    """A visit begins with this device (empty: unknown) and Segment's context."""
    person = tx.known_person(visitor)
    known = person.details
    devices = tuple(dict.fromkeys(([device] if device else []) + list(known.devices)))[:MOST_DEVICES]
    place = _place_in(context.get("location")) or known.place
    if (devices, place) != (known.devices, known.place):
        tx.put(replace(person, details=replace(known, devices=devices, place=place)))


def place_of(state: VisitorState, details: Details) -> str:
    """City and country. What the shop or an operator says goes before what a visit said."""
    return _place_in(state.properties) or _place_in(state.properties.get("address")) or details.place


def devices_of(device: str, details: Details) -> tuple[str, ...]:
    """All that he came with, the one of his last visit (`device`) first."""
    return tuple(dict.fromkeys(([device] if device else []) + list(details.devices)))


def merged_details(kept: Details, gone: Details) -> Details:
    """Of two who are one person: those of the one who stays come first."""
    of_kept = {found.profile.source for found in kept.profiles}
    return Details(
        devices=tuple(dict.fromkeys([*kept.devices, *gone.devices]))[:MOST_DEVICES],
        place=kept.place or gone.place,
        profiles=(
            *kept.profiles,
            *(found for found in gone.profiles if found.profile.source not in of_kept),
        ),
    )


def email_of(state: VisitorState) -> str:
    """His email as open sources know it: trimmed, in lower case; empty where he has none."""
    return text_property(state, "email").strip().lower()


def _place_in(values: Any) -> str:
    if not isinstance(values, dict):
        return ""
    parts = [str(values.get(name) or "").strip()[:_PLACE_CHARS] for name in ("city", "country")]
    return ", ".join(part for part in parts if part)
