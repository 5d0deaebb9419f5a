"""GET /schema: the REST API as an OpenAPI 3.1 document, made from the handlers' types when it is first asked for."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from msgspec.structs import fields

from server_stub.api.http import (
    JSON,
    NO_SNIFF,
    Handler,
    Receive,
    Scope,
    Send,
    not_allowed,
    problem_guard,
    respond,
)
from server_stub.api.rest.routing import HtmlPage, Lines, Route, Routes
from server_stub.protocol import Problem

_REF = "#/components/schemas/{name}"
_ROLES = {
    "operator": "For everybody with a token.",
    "marketer": "For marketers, admins and owners.",
    "admin": "For admins and owners.",
    "owner": "For owners.",
}


def schema_handler(topics: list[Routes], version: str) -> Handler:
    made: list[bytes] = []

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        if scope["method"] not in ("GET", "HEAD"):
            raise not_allowed(scope["method"], "GET")
        if not made:
            made.append(msgspec.json.encode(document(topics, version)))
        await respond(send, 200, made[0], [JSON, NO_SNIFF])

    return problem_guard(handle)


def document(topics: list[Routes], version: str) -> dict[str, Any]:
    """The whole document."""
    types = [Problem]
    for topic in topics:
        for route in topic.all:
            types += [
                type_
                for type_ in (route.body, route.answer, route.line)
                if type_ not in (None, type(None), HtmlPage, Lines)
            ]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    by_type = dict(zip(map(str, types), schemas, strict=True))
    paths: dict[str, Any] = {}
    for topic in topics:
        for route in topic.all:
            paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, topic.tag, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Operator desk", "version": version},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, tag: str, schemas: dict[str, Any]) -> dict[str, Any]:
    doc = inspect.getdoc(route.handler) or ""
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": doc.partition("\n")[0].rstrip("."),
        "description": _ROLES[route.role],
        "tags": [tag],
        "parameters": _parameters(route),
        "responses": {
            str(route.status): _answer(route, schemas),
            "default": {"description": "A problem", "content": _json(schemas[str(Problem)])},
        },
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _json(schemas[str(route.body)])}
    elif "chunks" in route.takes:
        raw = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": {"application/octet-stream": raw}}
    return operation


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": segment[1:-1], "in": "path", "required": True, "schema": {"type": "string"}}
        for segment in route.segments
        if segment.startswith("{")
    ]
    if route.query is not None:
        for field in fields(route.query):
            schema = msgspec.json.schema(field.type)
            found.append({"name": field.name, "in": "query", "required": field.required, "schema": schema})
    return found


def _answer(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    if route.answer is type(None):
        return {"description": "Done"}
    if route.answer is HtmlPage:
        return {"description": "Done", "content": {"text/html": {"schema": {"type": "string"}}}}
    if route.answer is Lines:
        schema = schemas[str(route.line)]
        return {"description": "Done, line by line", "content": {"application/x-ndjson": {"schema": schema}}}
    return {"description": "Done", "content": _json(schemas[str(route.answer)])}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
