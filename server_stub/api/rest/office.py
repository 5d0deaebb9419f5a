"""What the handlers of the REST API work with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from scenarios_yaml.engine.state import World
from server_stub.api.auth import OperatorDirectory
from server_stub.api.consoles import Consoles
from server_stub.channels.letter import Letters
from server_stub.figures.days import Days
from server_stub.files import FileShelf
from server_stub.names.reader import NamesReader
from server_stub.previews.shelf import Previews
from server_stub.protocol import ScenarioStatus, SegmentStatus, VisitorCard
from server_stub.publisher import Publisher
from server_stub.reach.asking import Reacher
from server_stub.settings import Settings
from server_stub.store.base import Store
from server_stub.widget_look import WidgetLooks
from server_stub.work import AnyWork, Rejected

T = TypeVar("T")

MAX_CLIENT_ID_CHARS = 200


def check_client_id(client_id: str) -> None:
    """Raises Rejected for one that is none."""
    if not 1 <= len(client_id) <= MAX_CLIENT_ID_CHARS:
        detail = f"A client_id has 1 to {MAX_CLIENT_ID_CHARS} characters."
        raise Rejected("invalid", detail, field="client_id")


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...

    async def submit_all(self, works_: Sequence[AnyWork]) -> list[Any]: ...

    def card(self, visitor: str) -> VisitorCard: ...

    @property
    def days(self) -> Days: ...

    def standing(self, scenario: str, version: str = "") -> tuple[int, dict[tuple[str, str], int]]: ...

    def statuses(self) -> Sequence[ScenarioStatus]: ...

    def segments(self) -> list[SegmentStatus]: ...

    def world(self) -> World:
        """For previews: what scenarios see of the shop."""


@dataclass(frozen=True, slots=True)
class Office:
    """`online()` are the visitors who are here. `now` is the server's clock, in ms."""

    desk: Desk
    store: Store
    operators: OperatorDirectory
    consoles: Consoles
    online: Callable[[], set[str]]
    shelf: FileShelf
    settings: Settings
    publisher: Publisher
    names: NamesReader
    reacher: Reacher
    previews: Previews
    looks: WidgetLooks
    letters: Letters
    version: str
    now: Callable[[], int]

    async def read(self, reading: Callable[[], T]) -> T:
        """Run a query that may be slow in a thread."""
        return await asyncio.to_thread(reading)

    def visitor_id(self, visitor: str) -> str:
        """The visitor's id, or that of the one he has become. Raises Rejected (404)."""
        for _ in range(32):
            row = self.store.visitors([visitor]).get(visitor)
            if row is None:
                break
            if not row.merged_into:
                return visitor
            visitor = row.merged_into
        raise Rejected("not_found", f"There is no visitor {visitor[:80]!r}.", status=404)

    def check_dialog(self, dialog: str) -> None:
        """Raises Rejected (404)."""
        if dialog not in self.store.dialogs([dialog]):
            raise Rejected("not_found", f"There is no dialog {dialog[:80]!r}.", status=404)
