"""/api/visitors: who is here and who ever was, a visitor's card, what he did, and what an operator changes."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from server_stub.api.rest.dialogs import Limit, Page, Words, read_feed
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.desk.persons.briefs import briefs_of
from server_stub.desk.persons.online import matching, page_of
from server_stub.protocol import (
    ChangeVisitor,
    DialogSummary,
    EventPage,
    FeedPage,
    StartDialog,
    VisitorCard,
    VisitorNote,
    VisitorPage,
    WriteVisitorNote,
)
from server_stub.store.base import OperatorRow
from server_stub.work import (
    OperatorChangesVisitor,
    OperatorNotesVisitor,
    OperatorRemovesVisitorNote,
    OperatorStartsDialog,
    Rejected,
)

routes = Routes("visitors")


class VisitorFilter(Struct, frozen=True, forbid_unknown_fields=True):
    q: Words = ""
    online: Annotated[bool, Meta(description="Only those whose page is open.")] = False
    segment: Annotated[str, Meta(description="Only those who are in the segment of this name.")] = ""
    blocked: Annotated[bool, Meta(description="Only those who are blocked.")] = False
    cursor: str = ""
    limit: Limit = 100


@routes.get("/api/visitors")
async def list_visitors(office: Office, query: VisitorFilter) -> VisitorPage:
    """Visitors, who was here last first: all, or those on the site now, with page and cart."""
    online = office.online()

    def read() -> VisitorPage:
        # First the number, then the list: what happens between is in both, and nothing is in neither.
        seq = office.store.last_seq()
        if query.online:
            here = office.store.visitors(list(online)).values()
            found = matching(here, query.q, query.segment, blocked=query.blocked)
            total = len(found)
            rows, cursor = page_of(found, query.cursor, query.limit)
        else:
            rows, cursor, total = office.store.find_visitors(
                query.q,
                segment=query.segment,
                blocked=query.blocked,
                cursor=query.cursor,
                limit=query.limit,
            )
        return VisitorPage(seq, briefs_of(office.store, rows, online), cursor, total)

    try:
        return await office.read(read)
    except ValueError as error:
        raise Rejected("invalid", "This cursor is none of a list of visitors.", field="cursor") from error


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


@routes.post("/api/visitors/{visitor}/notes")
async def note_visitor(
    office: Office, operator: OperatorRow, visitor: str, body: WriteVisitorNote
) -> VisitorNote:
    """Write a note on the person; the same client_id again is the same note."""
    visitor = office.visitor_id(visitor)
    work = OperatorNotesVisitor(operator=operator.id, visitor=visitor, request=body, at=office.now())
    note: VisitorNote = await office.desk.submit(work)
    return note


@routes.delete("/api/visitors/{visitor}/notes/{note}")
async def remove_note(office: Office, operator: OperatorRow, visitor: str, note: str) -> None:
    """Take a note away: for its author, and for admins."""
    visitor = office.visitor_id(visitor)
    await office.desk.submit(
        OperatorRemovesVisitorNote(operator=operator.id, visitor=visitor, note=note, at=office.now())
    )


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
