"""/api/dialogs and /api/search: the list, a dialog's feed, and what an operator does in it."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar import Controller, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from server_stub.api.rest.office import Office
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

Limit = Annotated[int, QueryParameter(ge=1, le=1000)]
Before = Annotated[int, QueryParameter(ge=0, description="Entries with a smaller seq; 0: from the end.")]
MAX_CLIENT_ID_CHARS = 200


class Dialogs(Controller):
    path = "/api"
    tags = ("dialogs",)

    @get("/dialogs", summary="The dialog list, newest first")
    async def list_dialogs(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        status: FromQuery[Literal["", "open", "closed"]] = "",
        assignee: Annotated[
            str | None,
            QueryParameter(description='An operator\'s id, "me", or "none" for nobody. Absent: anybody.'),
        ] = None,
        tag: FromQuery[str] = "",
        visitor: FromQuery[str] = "",
        cursor: FromQuery[str] = "",
        limit: Limit = 100,
    ) -> DialogPage:
        of = {"me": operator.id, "none": ""}.get(assignee or "", assignee) if assignee is not None else None

        def read() -> DialogPage:
            # First the number, then the list: what happens between is in both, and nothing is in neither.
            seq = office.store.last_seq()
            dialogs, next_cursor, total = office.store.dialog_page(
                status=status, assignee=of, tag=tag, visitor=visitor, cursor=cursor, limit=limit
            )
            return DialogPage(seq, tuple(dialogs), next_cursor, total)

        return await office.read(read)

    @get("/dialogs/{dialog:str}/feed", summary="A dialog's entries, oldest first")
    async def feed(
        self, office: NamedDependency[Office], dialog: FromPath[str], before: Before = 0, limit: Limit = 100
    ) -> FeedPage:
        office.check_dialog(dialog)
        return await office.read(lambda: read_feed(office, before, limit, dialog=dialog))

    @get("/search", summary="Dialogs that hold the words")
    async def search(
        self, office: NamedDependency[Office], q: FromQuery[str] = "", limit: Limit = 50
    ) -> list[DialogSummary]:
        return await office.read(lambda: office.store.search_dialogs(q[:1000], limit))

    @post("/dialogs/{dialog:str}/messages", summary="Send a message or a note", status_code=200)
    async def send(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        dialog: FromPath[str],
        data: JSONBody[SendMessage],
    ) -> Message:
        if not 1 <= len(data.client_id) <= MAX_CLIENT_ID_CHARS:
            detail = f"A client_id has 1 to {MAX_CLIENT_ID_CHARS} characters."
            raise Rejected("invalid", detail, field="client_id")
        if not data.text.strip() and not data.files:
            raise Rejected("empty", "There is neither text nor a file.", field="text")
        if len(data.text) > MAX_MESSAGE_CHARS:
            raise Rejected("too_long", f"A message has at most {MAX_MESSAGE_CHARS} characters.", field="text")
        work = OperatorSends(operator=operator.id, dialog=dialog, request=data, at=office.now())
        message: Message = await office.desk.submit(work)
        return message

    @patch("/dialogs/{dialog:str}", summary="Close, reopen, assign, tag")
    async def change(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        dialog: FromPath[str],
        data: JSONBody[ChangeDialog],
    ) -> DialogSummary:
        work = OperatorChangesDialog(operator=operator.id, dialog=dialog, request=data, at=office.now())
        summary: DialogSummary = await office.desk.submit(work)
        return summary

    @post("/dialogs/{dialog:str}/seen", summary="The operator has read up to here", status_code=204)
    async def seen(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        dialog: FromPath[str],
        data: JSONBody[MarkSeen],
    ) -> None:
        await office.desk.submit(
            OperatorSees(operator=operator.id, dialog=dialog, up_to=data.up_to, at=office.now())
        )


def read_feed(office: Office, before: int, limit: int, *, dialog: str = "", visitor: str = "") -> FeedPage:
    """One more than asked is read, to know whether there are older ones."""
    seq = office.store.last_seq()
    entries = office.store.feed(dialog=dialog, visitor=visitor, before=before, limit=limit + 1)
    return FeedPage(seq, tuple(entries[-limit:]), more=len(entries) > limit)
