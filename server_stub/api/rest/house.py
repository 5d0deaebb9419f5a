"""/api/me, operators, scenarios, segments, names and files: what belongs to the desk as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from server_stub.api.auth import hash_of
from server_stub.api.rest.office import Office
from server_stub.api.rest.routing import Routes
from server_stub.api.uploads import store_upload
from server_stub.ids import new_id, new_token
from server_stub.operator_names import checked_name
from server_stub.protocol import (
    ChangeMe,
    FileRef,
    KnownNames,
    Me,
    NewOperator,
    Operator,
    OperatorToken,
    SegmentStatus,
)
from server_stub.store.base import OperatorRow
from server_stub.work import AddOperator, OperatorIsAway, Rejected, RemoveOperator

routes = Routes("house")


class FileName(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=1000)] = "file"


@routes.get("/api/me")
async def me(office: Office, operator: OperatorRow) -> Me:
    """Who the token belongs to."""
    return _me(office, operator)


@routes.patch("/api/me")
async def change_me(office: Office, operator: OperatorRow, body: ChangeMe) -> Me:
    """Take no new dialogs for now, or take them again."""
    await office.desk.submit(OperatorIsAway(operator=operator.id, away=body.away, at=office.now()))
    return _me(office, replace(operator, away=body.away))


def _me(office: Office, operator: OperatorRow) -> Me:
    site = office.settings.site
    return Me(
        id=operator.id,
        name=operator.name,
        role=operator.role,
        site=site.name,
        server_version=office.version,
        site_url=site.url,
        away=operator.away,
    )


@routes.get("/api/operators")
async def list_operators(office: Office) -> list[Operator]:
    """All operators, and how many open dialogs each has."""
    is_online = office.consoles.is_online
    counts = await office.read(office.store.open_counts)
    return [
        Operator(row.id, row.name, row.role, is_online(row.id), row.away, counts.get(row.id, 0))
        for row in office.operators.all()
    ]


@routes.post("/api/operators", status=201, role="admin")
async def add_operator(office: Office, body: NewOperator) -> OperatorToken:
    """Add an operator; his token is told once."""
    name = checked_name(body.name)
    token, at = new_token(), office.now()
    added: Operator = await office.desk.submit(
        AddOperator(operator=new_id("o", at), name=name, role=body.role, token_hash=hash_of(token), at=at)
    )
    office.operators.refresh()
    return OperatorToken(added, token)


@routes.delete("/api/operators/{gone}", role="admin")
async def remove_operator(office: Office, gone: str) -> None:
    """Remove an operator: his token ends. The owner stays."""
    row = office.operators.get(gone)
    if row is None:
        raise Rejected("not_found", f"There is no operator {gone[:80]!r}.", status=404)
    if row.role == "owner":
        raise Rejected("forbidden", "The owner cannot be removed.", status=403)
    await office.desk.submit(RemoveOperator(operator=gone, at=office.now()))
    office.operators.refresh()
    office.consoles.sign_out(gone)


@routes.get("/api/segments")
async def list_segments(office: Office) -> list[SegmentStatus]:
    """Every segment, how many visitors are in it, and what is wrong with its file."""
    return await office.read(office.desk.segments)


@routes.get("/api/names")
async def known_names(office: Office) -> KnownNames:
    """Events, properties, tags and all else that may be named in a scenario."""
    return await office.names.read()


@routes.post("/api/files")
async def upload_file(office: Office, chunks: AsyncIterator[bytes], query: FileName) -> FileRef:
    """Store a file, to be sent with a message: the raw body is its content."""
    return await store_upload(office.desk, office.shelf, chunks, query.name, by="operator", at=office.now())
