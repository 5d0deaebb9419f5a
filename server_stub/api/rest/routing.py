"""A small router for the REST API: handlers are typed functions, and their types are the contract.

A handler's parameters say what it takes: `office`, `operator` (who asks), `body` and `query` (Structs), `chunks` (a
raw body), and the names in braces of its path. What it returns is the answer, None is 204. From the same types comes
the OpenAPI document, and whatever does not fit them is a Problem that names the place.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from server_stub.api.auth import require_role
from server_stub.api.http import (
    JSON,
    NO_SNIFF,
    UNREADABLE,
    Receive,
    Scope,
    Send,
    body_chunks,
    header,
    problem_guard,
    read_body,
    readable_error,
    respond,
    respond_in_lines,
    too_large,
)
from server_stub.api.rest.office import Office
from server_stub.protocol import MAX_FILE_BYTES, Role
from server_stub.work import Rejected

MAX_BODY_BYTES = 768 * 1024
"""Of a JSON body: a scenario of the largest size, many of its characters escaped, and room."""

_SPECIAL = ("office", "operator", "body", "query", "chunks")
_F = TypeVar("_F", bound=Callable[..., Awaitable[Any]])


class HtmlPage(msgspec.Struct, frozen=True):
    """An answer that is a page for eyes, in a sandbox: nothing of it runs, and it may load pictures alone."""

    html: str


class Lines:
    """An answer that comes line by line: NDJSON, each line with its line feed."""

    __slots__ = ("lines",)

    def __init__(self, lines: AsyncGenerator[bytes, None]) -> None:
        self.lines = lines


_PAGE_HEADERS = (
    (b"content-type", b"text/html; charset=utf-8"),
    (
        b"content-security-policy",
        b"sandbox allow-popups; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    NO_SNIFF,
)


@dataclass(frozen=True, slots=True)
class Route:
    """One operation. `segments` are the path's parts; those in braces match anything. Who asks must have `role`, or
    more."""

    method: str
    path: str
    handler: Callable[..., Awaitable[Any]]
    status: int
    segments: tuple[str, ...]
    takes: frozenset[str]
    body: Any
    query: Any
    answer: Any
    role: Role
    line: Any = None
    """Of an answer that is Lines: the type of each."""

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """The path's parameters by name, None where the path is another one."""
        if len(parts) != len(self.segments):
            return None
        found: dict[str, str] = {}
        for segment, part in zip(self.segments, parts, strict=True):
            if segment.startswith("{"):
                found[segment[1:-1]] = part
            elif segment != part:
                return None
        return found if all(found.values()) else None


class Routes:
    """Handlers of one topic, collected by decorators: `@routes.get("/api/me")`. `role` is the least that may ask."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.all: list[Route] = []

    def get(self, path: str, *, role: Role = "operator") -> Callable[[_F], _F]:
        return self._add("GET", path, 200, role)

    def post(
        self, path: str, status: int = 200, *, role: Role = "operator", line: Any = None
    ) -> Callable[[_F], _F]:
        """`line` is the type of each line of an answer that is Lines."""
        return self._add("POST", path, status, role, line)

    def put(self, path: str, *, role: Role = "operator") -> Callable[[_F], _F]:
        return self._add("PUT", path, 200, role)

    def patch(self, path: str, *, role: Role = "operator") -> Callable[[_F], _F]:
        return self._add("PATCH", path, 200, role)

    def delete(self, path: str, *, role: Role = "operator") -> Callable[[_F], _F]:
        return self._add("DELETE", path, 200, role)

    def _add(self, method: str, path: str, status: int, role: Role, line: Any = None) -> Callable[[_F], _F]:
        def register(handler: _F) -> _F:
            types = get_type_hints(handler, include_extras=True)
            answer = types["return"]
            segments = tuple(path.strip("/").split("/"))
            names = {segment[1:-1] for segment in segments if segment.startswith("{")}
            takes = frozenset(inspect.signature(handler).parameters)
            unknown = takes - names - set(_SPECIAL)
            if unknown or names - takes:
                raise TypeError(f"{path}: parameters do not fit the path: {unknown or names - takes}")
            self.all.append(
                Route(
                    method,
                    path,
                    handler,
                    204 if answer is type(None) else status,
                    segments,
                    takes,
                    types.get("body"),
                    types.get("query"),
                    answer,
                    role,
                    line,
                )
            )
            return handler

        return register


class Rest:
    """The ASGI handler of everything below /api/, with bearer tokens."""

    def __init__(self, office: Office, topics: list[Routes]) -> None:
        self._office = office
        self._routes = [route for topic in topics for route in topic.all]
        self.handle = problem_guard(self._handle)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        route, values = self._find(scope)
        operator = self._office.operators.by_authorization(header(scope, b"authorization"))
        require_role(operator, route.role)
        if "office" in route.takes:
            values["office"] = self._office
        if "operator" in route.takes:
            values["operator"] = operator
        if route.query is not None:
            values["query"] = _query(scope, route.query)
        if route.body is not None:
            values["body"] = await _body(scope, receive, route.body)
        if "chunks" in route.takes:
            values["chunks"] = _chunks(scope, receive)
        result = await route.handler(**values)
        if route.status == 204:
            await respond(send, 204, headers=())
        elif isinstance(result, Lines):
            await respond_in_lines(receive, send, result.lines)
        elif isinstance(result, HtmlPage):
            await respond(send, route.status, result.html.encode(), _PAGE_HEADERS)
        else:
            await respond(send, route.status, msgspec.json.encode(result), (JSON, NO_SNIFF))

    def _find(self, scope: Scope) -> tuple[Route, dict[str, Any]]:
        parts = scope["path"].strip("/").split("/")
        methods = set()
        for route in self._routes:
            values = route.match(parts)
            if values is not None:
                if route.method == scope["method"]:
                    return route, dict(values)
                methods.add(route.method)
        if methods:
            allowed = ", ".join(sorted(methods))
            raise Rejected(
                "method_not_allowed",
                f"{scope['method']} is not possible here, only {allowed}.",
                status=405,
            )
        path = scope["path"][:200]
        hint = "The paths stand in /schema."
        raise Rejected("not_found", f"There is nothing at {path}.", status=404, hint=hint)


def _query(scope: Scope, type_: Any) -> Any:
    """The query string as a Struct; of a name that comes twice, the last counts."""
    try:
        text = scope["query_string"].decode()
        given = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=50))
        return msgspec.convert(given, type_, strict=False)
    except msgspec.ValidationError as error:
        raise readable_error(error, b"") from error
    except ValueError as error:
        raise Rejected("malformed", "The query string cannot be read.") from error


async def _body(scope: Scope, receive: Receive, type_: Any) -> Any:
    media_type = header(scope, b"content-type").partition(";")[0].strip().lower()
    if media_type != "application/json":
        detail = f"The body must be application/json, not {media_type[:80] or 'of no type'}."
        raise Rejected("unsupported_type", detail, status=415, hint="Set the Content-Type header.")
    body = await read_body(scope, receive, MAX_BODY_BYTES)
    try:
        return msgspec.json.decode(body, type=type_)
    except UNREADABLE as error:
        raise readable_error(error, body) from error


def _chunks(scope: Scope, receive: Receive) -> AsyncIterator[bytes]:
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > MAX_FILE_BYTES:
        raise too_large(MAX_FILE_BYTES, 413)
    return body_chunks(receive)
