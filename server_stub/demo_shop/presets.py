"""What the demo's operators have prepared: saved replies, macros and lists, for `/`, M and s to show.

Written once, when the demo's data is new: what was taken away stays away.
"""

from __future__ import annotations

from server_stub.desk.desk import Desk
from server_stub.protocol import ChangeDialog, WritePreset
from server_stub.store.base import OperatorRow, Store
from server_stub.work import OperatorWritesPreset

PRESETS: dict[str, WritePreset] = {
    "hello": WritePreset(
        "reply", "Hello", 'Hello, {{ visitor.name | default: "and welcome" }}! How can I help?', "Greetings"
    ),
    "moment": WritePreset("reply", "One moment", "One moment, please: I am looking it up.", "Greetings"),
    "delivery-time": WritePreset(
        "reply",
        "Delivery time",
        "We deliver within the city in 2 to 3 days, and everywhere else in 4 to 6. The courier calls an hour before.",
        "Delivery",
    ),
    "returns": WritePreset(
        "reply",
        "Returns",
        "You can send anything back within 30 days, and the way back is free. Write the number of the order here, and "
        "I will send you the label.",
        "Delivery",
    ),
    "payment": WritePreset(
        "reply", "Ways to pay", "You can pay by card, by bank transfer, or to the courier.", "Payment"
    ),
    "goodbye": WritePreset(
        "reply",
        "Goodbye",
        "Gladly! Write again whenever you like. {{ operator.name }}, {{ site.name }}",
        "Greetings",
    ),
    "solved": WritePreset(
        "macro",
        "Solved",
        "Gladly! Write again whenever you like.",
        change=ChangeDialog(status="closed", add_tags=("solved",), ask_rating=True),
    ),
    "to-wholesale": WritePreset(
        "macro",
        "Wholesale",
        "Thank you! Our wholesale colleagues will answer you here.",
        change=ChangeDialog(add_tags=("wholesale",), priority="high", assignee=""),
    ),
    "longest-waiting": WritePreset("filter", "Who waits longest", "open/all?waiting=yes&sort=waiting"),
}


async def prepare(desk: Desk, store: Store, at: int) -> None:
    """Write them in the owner's name, where nothing has ever been written. `at` is in ms."""
    owner: OperatorRow = next(row for row in store.operators() if row.role == "owner" and not row.removed)
    for preset, request in PRESETS.items():
        await desk.submit(OperatorWritesPreset(operator=owner.id, preset=preset, request=request, at=at))
