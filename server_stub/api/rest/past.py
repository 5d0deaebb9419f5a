"""/api/visitors/{id}/why and …/considered: the past, replayed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.history.answers import NoVisitorError, why_report
from server_stub.history.journal import JournalPast
from server_stub.history.overview import why_overview
from server_stub.protocol import WhyOverview, WhyReport
from server_stub.work import Rejected

routes = Routes("past")


class Which(Struct, frozen=True, forbid_unknown_fields=True):
    scenario: Annotated[str, Meta(min_length=1, max_length=200)]
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


@routes.get("/api/visitors/{visitor}/why")
async def visitor_why(office: Office, visitor: str, query: Which) -> WhyReport:
    """Each time the scenario was considered for the visitor: the line that let him in or kept him out, and each step
    since. The visitor may be named by id, email or user id."""

    def answer() -> WhyReport:
        past = JournalPast(office.store, office.settings)
        return why_report(past, query.scenario, visitor, office.now() + 1, query.limit)

    try:
        return await office.read(answer)
    except NoVisitorError as error:
        raise Rejected("not_found", str(error), status=404) from error


@routes.get("/api/visitors/{visitor}/considered")
async def visitor_considered(office: Office, visitor: str) -> WhyOverview:
    """Every scenario that was considered for the visitor, with what came of it the last time. The visitor may be named
    by id, email or user id."""

    def answer() -> WhyOverview:
        return why_overview(JournalPast(office.store, office.settings), visitor, office.now() + 1)

    try:
        return await office.read(answer)
    except NoVisitorError as error:
        raise Rejected("not_found", str(error), status=404) from error
