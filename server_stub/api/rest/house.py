"""/api/me, operators, scenarios, outbox and files: what belongs to the desk as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from server_stub.api.auth import hash_of, require_manager
from server_stub.api.rest.dialogs import Limit
from server_stub.api.rest.office import Office
from server_stub.api.uploads import store_upload
from server_stub.ids import new_id, new_token
from server_stub.operator_names import checked_name
from server_stub.protocol import (
    FileRef,
    Me,
    NewOperator,
    Operator,
    OperatorToken,
    OutboxItem,
    ScenarioStatus,
)
from server_stub.store.base import OperatorRow
from server_stub.work import AddOperator, Rejected, RemoveOperator


class House(Controller):
    path = "/api"
    tags = ("house",)

    @get("/me", summary="Who the token belongs to")
    async def me(self, office: NamedDependency[Office], operator: NamedDependency[OperatorRow]) -> Me:
        site = office.settings.site.name
        return Me(operator.id, operator.name, operator.role, site, office.version)

    @get("/operators", summary="All operators")
    async def operators(self, office: NamedDependency[Office]) -> list[Operator]:
        return [
            Operator(row.id, row.name, row.role, office.consoles.is_online(row.id))
            for row in office.operators.all()
        ]

    @post("/operators", summary="Add an operator; his token is told once", status_code=201)
    async def add_operator(
        self,
        office: NamedDependency[Office],
        operator: NamedDependency[OperatorRow],
        data: JSONBody[NewOperator],
    ) -> OperatorToken:
        require_manager(operator)
        name = checked_name(data.name)
        token, at = new_token(), office.now()
        work = AddOperator(
            operator=new_id("o", at), name=name, role=data.role, token_hash=hash_of(token), at=at
        )
        added: Operator = await office.desk.submit(work)
        office.operators.refresh()
        return OperatorToken(added, token)

    @delete("/operators/{gone:str}", summary="Remove an operator: his token ends", status_code=204)
    async def remove_operator(
        self, office: NamedDependency[Office], operator: NamedDependency[OperatorRow], gone: FromPath[str]
    ) -> None:
        require_manager(operator)
        row = office.operators.get(gone)
        if row is None:
            raise Rejected("not_found", f"There is no operator {gone[:80]!r}.", status=404)
        if row.role == "owner":
            raise Rejected("forbidden", "The owner cannot be removed.", status=403)
        await office.desk.submit(RemoveOperator(operator=gone, at=office.now()))
        office.operators.refresh()
        office.consoles.sign_out(gone)

    @get("/scenarios", summary="Every scenario, and what is wrong with its file")
    async def scenarios(self, office: NamedDependency[Office]) -> list[ScenarioStatus]:
        return list(office.desk.statuses())

    @get("/outbox", summary="Emails, pushes and webhooks, newest first")
    async def outbox(self, office: NamedDependency[Office], limit: Limit = 100) -> list[OutboxItem]:
        return await office.read(lambda: office.store.outbox(limit))

    @post("/files", summary="Store a file: raw body, ?name=", status_code=200, opt={"takes_files": True})
    async def upload(
        self, office: NamedDependency[Office], request: Request[Any, Any, Any], name: FromQuery[str] = "file"
    ) -> FileRef:
        chunks: AsyncIterator[bytes] = request.stream()
        return await store_upload(office.desk, office.shelf, chunks, name, by="operator", at=office.now())
