"""/api/visitors: a visitor's card, what he did, his dialogs, and what an operator changes."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.api.rest.dialogs import Page, read_feed
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import ChangeVisitor, DialogSummary, EventPage, FeedPage, StartDialog, VisitorCard
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorChangesVisitor, OperatorStartsDialog

routes = Routes("visitors")


@routes.get("/api/visitors/{visitor}")
async def visitor_card(office: Office, visitor: str) -> VisitorCard:
    """The visitor's card; of a merged one, of whom he has become."""
    visitor = office.visitor_id(visitor)
    return replace(office.desk.card(visitor), online=visitor in office.online())


@routes.get("/api/visitors/{visitor}/feed")
async def visitor_feed(office: Office, visitor: str, query: Page) -> FeedPage:
    """The entries of all his dialogs, oldest first."""
    visitor = office.visitor_id(visitor)
    return await office.read(lambda: read_feed(office, query, visitor=visitor))


@routes.get("/api/visitors/{visitor}/events")
async def visitor_events(office: Office, visitor: str, query: Page) -> EventPage:
    """What he did, and which runs he went through, newest first."""
    visitor = office.visitor_id(visitor)
    entries = await office.read(lambda: office.store.visitor_events(visitor, query.before, query.limit + 1))
    return EventPage(tuple(entries[: query.limit]), more=len(entries) > query.limit)


@routes.patch("/api/visitors/{visitor}")
async def change_visitor(
    office: Office, operator: OperatorRow, visitor: str, body: ChangeVisitor
) -> VisitorCard:
    """Change properties and tags."""
    visitor = office.visitor_id(visitor)
    work = OperatorChangesVisitor(operator=operator.id, visitor=visitor, request=body, at=office.now())
    card: VisitorCard = await office.desk.submit(work)
    return replace(card, online=visitor in office.online())


@routes.post("/api/visitors/{visitor}/dialogs")
async def start_dialog(
    office: Office,
    operator: OperatorRow,
    visitor: str,
    body: StartDialog,  # noqa: ARG001 - a repeat finds the dialog that the first call opened
) -> DialogSummary:
    """His open dialog, or a new one held by people."""
    visitor = office.visitor_id(visitor)
    work = OperatorStartsDialog(operator=operator.id, visitor=visitor, at=office.now())
    summary: DialogSummary = await office.desk.submit(work)
    return summary
