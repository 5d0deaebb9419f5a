"""Segment's HTTP API: POST /v1/track, identify, page, screen, group, alias, batch, import. Answered when stored.

A plain ASGI handler: this path carries most of a shop's traffic. One decode, one queue, one prepared answer.
Any Segment or RudderStack library works with its endpoint set to this server.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import zlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from server_stub.api.http import (
    JSON,
    NO_SNIFF,
    Header,
    Receive,
    Scope,
    Send,
    not_allowed,
    problem_guard,
    read_body,
    respond,
    too_large,
)
from server_stub.api.segment import MAX_BATCH_BYTES, MAX_CALL_BYTES, TrackingWork, read_batch, read_call
from server_stub.work import AnyWork, Rejected

KINDS = ("track", "identify", "page", "screen", "group", "alias", "batch", "import")
_BATCHES = ("batch", "import")

PATHS: dict[str, str] = {f"/v1/{kind}": kind for kind in KINDS} | {
    # The short paths of Segment's browser and mobile libraries.
    "/v1/t": "track",
    "/v1/i": "identify",
    "/v1/p": "page",
    "/v1/s": "screen",
    "/v1/g": "group",
    "/v1/a": "alias",
    "/v1/b": "batch",
    "/v1/m": "batch",
}
"""Path → kind of call."""

CORS: tuple[Header, ...] = ((b"access-control-allow-origin", b"*"),)
PREFLIGHT: tuple[Header, ...] = (
    *CORS,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"86400"),
)
_TAKEN_BODY = b'{"success":true}'
_TAKEN: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [JSON, *CORS, (b"content-length", str(len(_TAKEN_BODY)).encode())],
}
_TAKEN_END: dict[str, Any] = {"type": "http.response.body", "body": _TAKEN_BODY}
_BODY_TYPES = ("", "application/json", "text/plain")
"""text/plain is what browsers send without asking first (sendBeacon)."""


class Submits(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...

    async def submit_all(self, works_: Sequence[AnyWork]) -> list[Any]: ...


class Tracking:
    """The ASGI handler of every path in PATHS. `now` is the server's clock in ms."""

    def __init__(
        self, desk: Submits, write_key: str, now: Callable[[], int], origins: tuple[str, ...] = ()
    ) -> None:
        self._desk = desk
        self._now = now
        self._origins = frozenset(origins)
        self._key = write_key.encode()
        self._basic = b"Basic " + base64.b64encode(self._key + b":")
        self.handle = problem_guard(self._handle, CORS)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await self._other_method(scope, send)
            return
        authorization, encoding = self._read_headers(scope)
        kind = PATHS[scope["path"]]
        limit = MAX_BATCH_BYTES if kind in _BATCHES else MAX_CALL_BYTES
        body = await read_body(scope, receive, limit, status=400)
        if encoding:
            body = _unpacked(body, encoding, limit)
        if kind in _BATCHES:
            body_key, works = read_batch(body, self._now())
        else:
            body_key, work = read_call(kind, body, self._now())
            works = [work]
        self._check_key(authorization, body_key)
        await self._submit(works)
        await send(_TAKEN)
        await send(_TAKEN_END)

    async def _submit(self, works: list[TrackingWork]) -> None:
        if len(works) == 1:
            await self._desk.submit(works[0])
            return
        for index, result in enumerate(await self._desk.submit_all(works)):
            if isinstance(result, Rejected):
                place = f"batch[{index}].{result.field}".rstrip(".")
                raise Rejected(
                    result.error, result.detail, status=result.status, field=place, hint=result.hint
                )

    async def _other_method(self, scope: Scope, send: Send) -> None:
        if scope["method"] != "OPTIONS":
            raise not_allowed(scope["method"], "POST")
        await respond(send, 204, headers=PREFLIGHT)

    def _read_headers(self, scope: Scope) -> tuple[bytes, bytes]:
        """Authorization and Content-Encoding; raises Rejected for a foreign origin or a wrong type."""
        authorization = encoding = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value
            elif name == b"content-encoding":
                encoding = value.strip().lower()
            elif name == b"content-type":
                media_type = value.split(b";", 1)[0].strip().lower().decode("latin-1")
                if media_type not in _BODY_TYPES:
                    detail = f"The body must be application/json, not {media_type[:80]}."
                    raise Rejected("unsupported_type", detail, status=415)
            elif name == b"origin" and self._origins and value.decode("latin-1") not in self._origins:
                raise foreign_origin(value.decode("latin-1"))
        return authorization, encoding

    def _check_key(self, authorization: bytes, body_key: str | None) -> None:
        if hmac.compare_digest(authorization, self._basic):
            return
        # Else no header, or the bearer token of Segment's OAuth, which comes with the key in the body.
        is_basic = authorization[:6].lower() == b"basic "
        key = _basic_user(authorization[6:]) if is_basic else (body_key or "").encode()
        if not key:
            hint = "As user name of Basic authentication, or as writeKey in the body."
            raise Rejected("no_key", "The write key is missing.", status=401, field="writeKey", hint=hint)
        if not hmac.compare_digest(key, self._key):
            hint = "It stands in the file write_key of the server's data folder."
            raise Rejected("wrong_key", "This is not the write key.", status=401, field="writeKey", hint=hint)


def foreign_origin(origin: str) -> Rejected:
    return Rejected(
        "foreign_origin",
        f"Pages of {origin[:200]} may not use this desk.",
        status=403,
        hint="Add the site to `allowed_origins` in settings.toml.",
    )


def _basic_user(credentials: bytes) -> bytes:
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[0]
    except binascii.Error as error:
        raise Rejected("wrong_key", "The Authorization header is not Base64.", status=401) from error


def _unpacked(body: bytes, encoding: bytes, limit: int) -> bytes:
    """The body without its compression; never more than `limit` bytes of it are made."""
    if encoding == b"identity":
        return body
    if encoding not in (b"gzip", b"x-gzip"):
        detail = f"Content-Encoding {encoding.decode('latin-1')[:40]} is not known."
        raise Rejected("unsupported_encoding", detail, status=415, hint="gzip, or none.")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error as error:
        raise Rejected("malformed", "The body is not gzip, as Content-Encoding says.") from error
    if len(plain) > limit:
        raise too_large(limit, 400)
    if not unpacker.eof:
        raise Rejected("malformed", "The gzip body ends too early.")
    return plain


__all__ = ["CORS", "NO_SNIFF", "PATHS", "PREFLIGHT", "Tracking", "foreign_origin"]
