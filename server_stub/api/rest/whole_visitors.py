"""/api/visitors, what concerns a person as a whole and is not taken back: merging, exporting, erasing."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.desk.persons.export import VisitorExport, export_of
from server_stub.leftovers import remove_leftovers
from server_stub.protocol import Erasure, MergeVisitors, VisitorMergePlan
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorErasesVisitor, OperatorMergesVisitors

routes = Routes("visitors")


@routes.post("/api/visitors/{visitor}/merge", role="admin")
async def merge_visitors(
    office: Office, operator: OperatorRow, visitor: str, body: MergeVisitors
) -> VisitorMergePlan:
    """`gone` becomes part of the visitor; `rehearse` only says what would come of it. For admins."""
    visitor = office.visitor_id(visitor)
    work = OperatorMergesVisitors(operator=operator.id, visitor=visitor, request=body, at=office.now())
    plan: VisitorMergePlan = await office.desk.submit(work)
    return plan


@routes.get("/api/visitors/{visitor}/export", role="admin")
async def export_visitor(office: Office, visitor: str) -> VisitorExport:
    """All that is known of a person, for him to have. For admins."""
    visitor = office.visitor_id(visitor)
    card = replace(office.desk.card(visitor), online=visitor in office.online())
    site = office.settings.site
    desk_url = site.desk_url.rstrip("/")
    return await office.read(
        lambda: export_of(office.store, card, site=site.name, desk_url=desk_url, now=office.now())
    )


@routes.delete("/api/visitors/{visitor}", role="admin")
async def erase_visitor(office: Office, operator: OperatorRow, visitor: str) -> Erasure:
    """Erase a person with all he said and did; his entries keep their numbers and are empty. For admins."""
    visitor = office.visitor_id(visitor)
    work = OperatorErasesVisitor(operator=operator.id, visitor=visitor, at=office.now())
    erasure: Erasure = await office.desk.submit(work)
    await remove_leftovers(office.desk, office.store, office.shelf, office.now)
    return erasure
