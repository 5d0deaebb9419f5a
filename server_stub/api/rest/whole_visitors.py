"""/api/visitors, what concerns a person as a whole and is not taken back: merging, exporting, erasing."""

from __future__ import annotations

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import MergeVisitors, VisitorMergePlan
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorMergesVisitors

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
