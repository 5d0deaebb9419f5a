"""/api/outbox: what was sent beside the chat, what became of it, and letters as they look; a dialog as a letter."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from server_stub.api.rest.dialogs import Limit
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import HtmlPage, Routes
from server_stub.protocol import OutboxItem, SendTranscript
from server_stub.store.base import OperatorRow
from server_stub.work import OperatorSendsTranscript, Rejected

routes = Routes("outbox")


class OutboxFilter(Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["", "waiting", "sent", "failed", "unknown", "kept"] = ""
    channel: Literal["", "email", "push", "messenger", "webhook"] = ""
    scenario: str = ""
    visitor: str = ""
    before: Annotated[str, Meta(description="The id of a row: those behind it, for the next page.")] = ""
    limit: Limit = 100


@routes.get("/api/outbox")
async def list_outbox(office: Office, query: OutboxFilter) -> list[OutboxItem]:
    """Emails, pushes, messages and webhooks, newest first, without their content."""

    def found() -> list[OutboxItem]:
        items = office.store.outbox(
            query.limit,
            status=query.status,
            channel=query.channel,
            scenario=query.scenario,
            visitor=query.visitor,
            before=query.before,
        )
        return [replace(item, content={}, reply=None) for item in _addressed(office, items)]

    return await office.read(found)


@routes.get("/api/outbox/{row}")
async def outbox_item(office: Office, row: str) -> OutboxItem:
    """One of them with its content, as it goes out."""
    return await office.read(lambda: _addressed(office, [_item(office, row)])[0])


@routes.get("/api/outbox/{row}/letter")
async def letter(office: Office, row: str) -> HtmlPage:
    """An email as a mail client shows it."""
    item = await office.read(lambda: _item(office, row))
    html = item.content.get("html")
    if item.channel != "email" or not isinstance(html, str):
        raise Rejected("not_found", "This is no letter, or it is not rendered yet.", status=404)
    return HtmlPage(html)


@routes.post("/api/dialogs/{dialog}/transcript")
async def send_transcript(
    office: Office, operator: OperatorRow, dialog: str, body: SendTranscript
) -> OutboxItem:
    """Send the dialog as a letter, without notes; the same client_id again is the same letter."""
    work = OperatorSendsTranscript(operator=operator.id, dialog=dialog, request=body, at=office.now())
    item: OutboxItem = await office.desk.submit(work)
    return item


def _item(office: Office, row: str) -> OutboxItem:
    found = office.store.outbox_rows([row]).get(row)
    if found is None:
        raise Rejected("not_found", f"There is no row {row[:80]!r} in the outbox.", status=404)
    return found.item


def _addressed(office: Office, items: list[OutboxItem]) -> list[OutboxItem]:
    """With whom they go to: address, and what the visitor is called."""
    people = office.store.visitors(list({item.visitor for item in items}))
    names = {row.id: row.name or row.email for row in people.values()}
    return [
        replace(item, to=str(item.content.get("to") or ""), called=names.get(item.visitor, ""))
        for item in items
    ]
