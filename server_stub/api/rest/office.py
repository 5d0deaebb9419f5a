"""What the handlers of the REST API work with, and how a request says who is asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from server_stub.api.auth import OperatorDirectory
from server_stub.api.consoles import Consoles
from server_stub.api.http import Scope, header
from server_stub.files import FileShelf
from server_stub.protocol import ScenarioStatus, VisitorCard
from server_stub.settings import Settings
from server_stub.store.base import OperatorRow, Store
from server_stub.work import AnyWork, Rejected

T = TypeVar("T")


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...

    def card(self, visitor: str) -> VisitorCard: ...

    def statuses(self) -> list[ScenarioStatus]: ...


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


def sign_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of every route: who asks, and does he send JSON where JSON belongs."""
    office: Office = connection.app.state.office
    scope = cast(Scope, connection.scope)
    operator = office.operators.by_authorization(header(scope, b"authorization"))
    scope["state"]["operator"] = operator
    if scope["method"] in ("POST", "PATCH") and not handler.opt.get("takes_files"):
        media_type = header(scope, b"content-type").partition(";")[0].strip().lower()
        if media_type != "application/json":
            detail = f"The body must be application/json, not {media_type[:80] or 'of no type'}."
            raise Rejected("unsupported_type", detail, status=415, hint="Set the Content-Type header.")


def the_operator(request: Request[Any, Any, Any]) -> OperatorRow:
    """Dependency: who asks."""
    operator: OperatorRow = request.scope["state"]["operator"]
    return operator
