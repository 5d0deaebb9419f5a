"""/api/dialogs: the list, a dialog's feed, and what an operator makes of it; of one, or of many."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from server_stub.api.http import problem_of
from server_stub.api.rest.office import Office, check_client_id
from server_stub.api.rest.routing import Routes
from server_stub.protocol import (
    BulkChange,
    BulkRefusal,
    BulkResult,
    ChangeDialog,
    DialogPage,
    DialogSummary,
    FeedPage,
    MarkSeen,
    MergeDialogs,
    RunMacro,
)
from server_stub.store.base import OperatorRow
from server_stub.work import (
    OperatorChangesDialog,
    OperatorMergesDialogs,
    OperatorRunsMacro,
    OperatorSees,
    Rejected,
)

MOST_AT_ONCE = 1000
"""Dialogs that one call changes."""

Limit = Annotated[int, Meta(ge=1, le=1000)]
Before = Annotated[int, Meta(ge=0, le=2**53, description="Entries with a smaller seq; 0: from the end.")]
Words = Annotated[str, Meta(max_length=1000)]

routes = Routes("dialogs")


class DialogFilter(Struct, frozen=True, forbid_unknown_fields=True):
    status: Annotated[
        Literal["", "open", "snoozed", "closed", "active"], Meta(description="active: open and snoozed.")
    ] = ""
    assignee: Annotated[str, Meta(description="An operator's id, me, none for nobody; empty: anybody.")] = ""
    tag: str = ""
    visitor: str = ""
    cursor: str = ""
    limit: Limit = 100


class Page(Struct, frozen=True, forbid_unknown_fields=True):
    before: Before = 0
    limit: Limit = 100


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


@routes.patch("/api/dialogs/{dialog}")
async def change_dialog(
    office: Office, operator: OperatorRow, dialog: str, body: ChangeDialog
) -> DialogSummary:
    """Close, reopen, snooze, assign, hand back, tag; with a note or a question to the visitor."""
    _check_note(body)
    work = OperatorChangesDialog(operator=operator.id, dialog=dialog, request=body, at=office.now())
    summary: DialogSummary = await office.desk.submit(work)
    return summary


@routes.post("/api/dialogs/changes")
async def change_dialogs(office: Office, operator: OperatorRow, body: BulkChange) -> BulkResult:
    """The same change of several dialogs; each stands alone."""
    wanted = tuple(dict.fromkeys(body.dialogs))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        detail = f"1 to {MOST_AT_ONCE} dialogs can be changed at once."
        raise Rejected("invalid", detail, field="dialogs")
    _check_note(body.change)
    at = office.now()
    results = await office.desk.submit_all(
        [
            OperatorChangesDialog(operator=operator.id, dialog=dialog, request=body.change, at=at)
            for dialog in wanted
        ]
    )
    together = list(zip(wanted, results, strict=True))
    return BulkResult(
        changed=tuple(result for result in results if isinstance(result, DialogSummary)),
        refused=tuple(
            BulkRefusal(dialog, problem_of(result))
            for dialog, result in together
            if isinstance(result, Rejected)
        ),
    )


@routes.post("/api/dialogs/{dialog}/merge")
async def merge_dialogs(
    office: Office, operator: OperatorRow, dialog: str, body: MergeDialogs
) -> DialogSummary:
    """Make another dialog of the same visitor a part of this one."""
    work = OperatorMergesDialogs(operator=operator.id, dialog=dialog, gone=body.gone, at=office.now())
    summary: DialogSummary = await office.desk.submit(work)
    return summary


@routes.post("/api/dialogs/{dialog}/macro")
async def run_macro(office: Office, operator: OperatorRow, dialog: str, body: RunMacro) -> DialogSummary:
    """Say what a macro says, and change the dialog, in one commit; the same client_id again does nothing."""
    check_client_id(body.client_id)
    work = OperatorRunsMacro(operator=operator.id, dialog=dialog, request=body, at=office.now())
    summary: DialogSummary = await office.desk.submit(work)
    return summary


@routes.post("/api/dialogs/{dialog}/seen")
async def mark_seen(office: Office, operator: OperatorRow, dialog: str, body: MarkSeen) -> None:
    """The operator has read up to here."""
    work = OperatorSees(operator=operator.id, dialog=dialog, up_to=body.up_to, at=office.now())
    await office.desk.submit(work)


def _check_note(change: ChangeDialog) -> None:
    if change.client_id:
        check_client_id(change.client_id)


def read_feed(office: Office, page: Page, *, dialog: str = "", visitor: str = "") -> FeedPage:
    """One more than asked is read, to know whether there are older ones."""
    seq = office.store.last_seq()
    entries = office.store.feed(dialog=dialog, visitor=visitor, before=page.before, limit=page.limit + 1)
    return FeedPage(seq, tuple(entries[-page.limit :]), more=len(entries) > page.limit)
