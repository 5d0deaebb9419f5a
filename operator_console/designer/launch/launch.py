"""One launch as its screens share it: the draft, whose desk it goes to, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from operator_console.designer.launch.draft import LaunchDraft, Status
from server_stub.protocol import KnownNames, Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class Launched(Struct, frozen=True):
    """A scenario that lies on the desk now."""

    slug: str
    title: str
    status: Status
    opens_tree: bool = False


@dataclass(slots=True)
class Launch:
    """`now` is in ms. Screens of a launch close themselves once `launched` is there."""

    desk: Desk
    me: Me
    now: Callable[[], int]
    draft: LaunchDraft
    names: KnownNames = field(default_factory=KnownNames)
    """What the desk knows by name; nothing until it has told."""
    launched: Launched | None = None
