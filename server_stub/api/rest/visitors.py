"""/api/visitors: a visitor's card, what he did, his dialogs, and what an operator changes."""

from __future__ import annotations

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec.structs import replace

from server_stub.api.rest.dialogs import Before, Limit, read_feed
from server_stub.api.rest.office import Office
from server_stub.protocol import ChangeVisitor, DialogSummary, EventPage, FeedPage, StartDialog, VisitorCard
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorChangesVisitor, OperatorStartsDialog


class Visitors(Controller):
    path = "/api/visitors"
    tags = ("visitors",)

    @get("/{visitor:str}", summary="The visitor's card")
    async def card(self, office: NamedDependency[Office], visitor: FromPath[str]) -> VisitorCard:
        visitor = office.visitor_id(visitor)
        return replace(office.desk.card(visitor), online=visitor in office.online())

    @get("/{visitor:str}/feed", summary="The entries of all his dialogs, oldest first")
    async def feed(
        self, office: NamedDependency[Office], visitor: FromPath[str], before: Before = 0, limit: Limit = 100
    ) -> FeedPage:
        found = office.visitor_id(visitor)
        return await office.read(lambda: read_feed(office, before, limit, visitor=found))

    @get("/{visitor:str}/events", summary="What he did, newest first")
    async def events(
        self, office: NamedDependency[Office], visitor: FromPath[str], before: Before = 0, limit: Limit = 100
    ) -> EventPage:
        found = office.visitor_id(visitor)
        entries = await office.read(lambda: office.store.visitor_events(found, before, limit + 1))
        return EventPage(tuple(entries[:limit]), more=len(entries) > limit)

    @patch("/{visitor:str}", summary="Change properties and tags")
    async def change(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        visitor: FromPath[str],
        data: JSONBody[ChangeVisitor],
    ) -> VisitorCard:
        visitor = office.visitor_id(visitor)
        card: VisitorCard = await office.desk.submit(
            OperatorChangesVisitor(operator=operator.id, visitor=visitor, request=data, at=office.now())
        )
        return replace(card, online=visitor in office.online())

    @post("/{visitor:str}/dialogs", summary="His open dialog, or a new one", status_code=200)
    async def start_dialog(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        visitor: FromPath[str],
        data: JSONBody[StartDialog],  # noqa: ARG002 - a repeat finds the dialog that the first call opened
    ) -> DialogSummary:
        work = OperatorStartsDialog(operator=operator.id, visitor=office.visitor_id(visitor), at=office.now())
        summary: DialogSummary = await office.desk.submit(work)
        return summary
