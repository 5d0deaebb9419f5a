"""/api/dialogs and /api/search: the list, a dialog's feed, and what an operator does in it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.protocol import (
    MAX_MESSAGE_CHARS,
    ChangeDialog,
    DialogPage,
    DialogSummary,
    FeedPage,
    MarkSeen,
    Message,
    SendMessage,
)
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorChangesDialog, OperatorSees, OperatorSends, Rejected

MAX_CLIENT_ID_CHARS = 200

Limit = Annotated[int, Meta(ge=1, le=1000)]
Before = Annotated[int, Meta(ge=0, le=2**53, description="Entries with a smaller seq; 0: from the end.")]
Words = Annotated[str, Meta(max_length=1000)]

routes = Routes("dialogs")


class DialogFilter(Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["", "open", "closed"] = ""
    assignee: Annotated[str, Meta(description="An operator's id, me, none for nobody; empty: anybody.")] = ""
    tag: str = ""
    visitor: str = ""
    cursor: str = ""
    limit: Limit = 100


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    before: Before = 0
    limit: Limit = 100


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    q: Words = ""
    limit: Limit = 50


@routes.get("/api/dialogs")
async def list_dialogs(office: Office, operator: OperatorRow, query: DialogFilter) -> DialogPage:
    """The dialog list, newest first."""
    assignee = {"": None, "none": "", "me": operator.id}.get(query.assignee, query.assignee)

    def read() -> DialogPage:
        # First the number, then the list: what happens between is in both, and nothing is in neither.
        seq = office.store.last_seq()
        dialogs, cursor, total = office.store.dialog_page(
            status=query.status,
            assignee=assignee,
            tag=query.tag,
            visitor=query.visitor,
            cursor=query.cursor,
            limit=query.limit,
        )
        return DialogPage(seq, tuple(dialogs), cursor, total)

    return await office.read(read)


@routes.get("/api/dialogs/{dialog}/feed")
async def dialog_feed(office: Office, dialog: str, query: Page) -> FeedPage:
    """A dialog's entries, oldest first."""
    office.check_dialog(dialog)
    return await office.read(lambda: read_feed(office, query, dialog=dialog))


@routes.get("/api/search")
async def search(office: Office, query: Search) -> list[DialogSummary]:
    """Dialogs whose messages, or whose visitor's name, email, phone or tags hold the words."""
    return await office.read(lambda: office.store.search_dialogs(query.q, query.limit))


@routes.post("/api/dialogs/{dialog}/messages")
async def send_message(office: Office, operator: OperatorRow, dialog: str, body: SendMessage) -> Message:
    """Send a message or a note; the same client_id again is the same message."""
    if not 1 <= len(body.client_id) <= MAX_CLIENT_ID_CHARS:
        detail = f"A client_id has 1 to {MAX_CLIENT_ID_CHARS} characters."
        raise Rejected("invalid", detail, field="client_id")
    if not body.text.strip() and not body.files:
        raise Rejected("empty", "There is neither text nor a file.", field="text")
    if len(body.text) > MAX_MESSAGE_CHARS:
        raise Rejected("too_long", f"A message has at most {MAX_MESSAGE_CHARS} characters.", field="text")
    work = OperatorSends(operator=operator.id, dialog=dialog, request=body, at=office.now())
    message: Message = await office.desk.submit(work)
    return message


@routes.patch("/api/dialogs/{dialog}")
async def change_dialog(
    office: Office, operator: OperatorRow, dialog: str, body: ChangeDialog
) -> DialogSummary:
    """Close, reopen, assign, tag."""
    work = OperatorChangesDialog(operator=operator.id, dialog=dialog, request=body, at=office.now())
    summary: DialogSummary = await office.desk.submit(work)
    return summary


@routes.post("/api/dialogs/{dialog}/seen")
async def mark_seen(office: Office, operator: OperatorRow, dialog: str, body: MarkSeen) -> None:
    """The operator has read up to here."""
    work = OperatorSees(operator=operator.id, dialog=dialog, up_to=body.up_to, at=office.now())
    await office.desk.submit(work)


def read_feed(office: Office, page: Page, *, dialog: str = "", visitor: str = "") -> FeedPage:
    """One more than asked is read, to know whether there are older ones."""
    seq = office.store.last_seq()
    entries = office.store.feed(dialog=dialog, visitor=visitor, before=page.before, limit=page.limit + 1)
    return FeedPage(seq, tuple(entries[-page.limit :]), more=len(entries) > page.limit)
