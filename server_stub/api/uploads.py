"""Files over HTTP: taking one from an operator or a visitor, and GET /files/{token}[/{name}]."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol
from urllib.parse import parse_qs

import msgspec

from server_stub.api.http import (
    Receive,
    Scope,
    Send,
    body_chunks,
    header,
    not_allowed,
    problem_guard,
    respond,
)
from server_stub.api.tokens import VisitorTokens
from server_stub.api.tracking import CORS, PREFLIGHT, foreign_origin
from server_stub.files import FileShelf, clean_name, download_headers
from server_stub.protocol import AuthorKind, FileRef
from server_stub.store.base import FileRow
from server_stub.work import AddFile, AnyWork, Rejected

HOUR = 3600.0
MAX_UPLOADERS = 10_000
"""Visitors whose uploads are counted; above that the longest idle are forgotten."""


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...


class FindsFiles(Protocol):
    def file_by_token(self, token: str) -> FileRow | None: ...


async def store_upload(
    desk: Desk, shelf: FileShelf, chunks: AsyncIterator[bytes], name: str, *, by: AuthorKind, at: int
) -> FileRef:
    """Bytes first, then the record; what is not recorded does not stay. Raises Rejected and ClientGone."""
    name = clean_name(name)
    stored = await shelf.take(chunks, name)
    try:
        ref: FileRef = await desk.submit(
            AddFile(
                by=by,
                name=name,
                media_type=stored.media_type,
                size=stored.size,
                stored_as=stored.stored_as,
                token=stored.token,
                at=at,
            )
        )
    except Exception:
        shelf.discard(stored)
        raise
    return ref


class WidgetUploads:
    """POST /v1/widget/files?name=… with the visitor's token, so many an hour each."""

    def __init__(
        self,
        desk: Desk,
        shelf: FileShelf,
        tokens: VisitorTokens,
        now: Callable[[], int],
        *,
        origins: tuple[str, ...] = (),
        an_hour: int = 30,
    ) -> None:
        self._desk = desk
        self._shelf = shelf
        self._tokens = tokens
        self._now = now
        self._origins = frozenset(origins)
        self._an_hour = an_hour
        self._recent: dict[str, deque[float]] = {}
        self.handle = problem_guard(self._handle, CORS)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await respond(send, 204, headers=PREFLIGHT)
            return
        if scope["method"] != "POST":
            raise not_allowed(scope["method"], "POST")
        origin = header(scope, b"origin")
        if self._origins and origin not in self._origins:
            raise foreign_origin(origin)
        scheme, _, token = header(scope, b"authorization").partition(" ")
        if scheme.lower() != "bearer":
            raise Rejected("no_token", "The visitor's token is missing.", status=401)
        self._count(self._tokens.anonymous_id(token))
        ref = await store_upload(
            self._desk, self._shelf, body_chunks(receive), _name(scope), by="visitor", at=self._now()
        )
        await respond(send, 200, msgspec.json.encode(ref), [(b"content-type", b"application/json"), *CORS])

    def _count(self, anonymous_id: str) -> None:
        now = time.monotonic()
        times = self._recent.pop(anonymous_id, None) or deque()
        self._recent[anonymous_id] = times
        while times and times[0] < now - HOUR:
            times.popleft()
        if len(times) >= self._an_hour:
            detail = f"{self._an_hour} files an hour are possible."
            raise Rejected("too_many", detail, status=429, hint="Try again later.")
        times.append(now)
        if len(self._recent) > MAX_UPLOADERS:
            del self._recent[next(iter(self._recent))]


class Downloads:
    """GET /files/{token}[/{name}]. The token is the key; a name only looks good in the address bar."""

    def __init__(self, store: FindsFiles, shelf: FileShelf) -> None:
        self._store = store
        self._shelf = shelf
        self.handle = problem_guard(self._handle, CORS)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        if scope["method"] not in ("GET", "HEAD"):
            raise not_allowed(scope["method"], "GET")
        parts = scope["path"].split("/")
        row = self._store.file_by_token(parts[2]) if 3 <= len(parts) <= 4 and parts[2] else None
        if row is None:
            raise _no_file()
        etag = f'"{row.ref.id}"'.encode()
        headers = [*download_headers(row.ref.name, row.ref.media_type), (b"etag", etag), *CORS]
        if header(scope, b"if-none-match").encode("latin-1") == etag:
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body"})
            return
        try:
            content = await asyncio.to_thread(self._shelf.read, row.stored_as)
        except FileNotFoundError:
            raise _no_file() from None
        await respond(send, 200, content, headers)


def _no_file() -> Rejected:
    return Rejected("not_found", "There is no such file.", status=404)


def _name(scope: Scope) -> str:
    query: str = scope["query_string"].decode("latin-1")
    return parse_qs(query).get("name", ["file"])[0]
