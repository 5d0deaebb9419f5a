"""Small tools for plain ASGI handlers: read a bounded body, answer, and say what is wrong in one format.

Whatever cannot be done is raised as `Rejected`; `problem_guard` turns it into a Problem on the wire.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

import msgspec

from server_stub.protocol import Problem
from server_stub.store.base import StoreError
from server_stub.work import Rejected

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Header: TypeAlias = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
NDJSON: Header = (b"content-type", b"application/x-ndjson")
NO_SNIFF: Header = (b"x-content-type-options", b"nosniff")

log = logging.getLogger("server_stub.api")


class ClientGone(Exception):
    """The client has hung up before its request was complete: there is nobody to answer."""


def header(scope: Scope, name: bytes) -> str:
    """The first header of that lower-case name, or an empty string."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


def too_large(limit: int, status: int) -> Rejected:
    """`limit` is in bytes."""
    size = f"{limit // 1024} KB" if limit < 1024 * 1024 else f"{limit // (1024 * 1024)} MB"
    return Rejected("too_large", f"The body is larger than {size}.", status=status, hint="Send less at once.")


async def read_body(scope: Scope, receive: Receive, limit: int, *, status: int = 413) -> bytes:
    """The whole body. Raises Rejected with `status` above `limit` bytes, and ClientGone."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise too_large(limit, status)
        return body
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit, status)
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            raise too_large(limit, status)
    return b"".join(parts)


async def body_chunks(receive: Receive) -> AsyncIterator[bytes]:
    """Raises ClientGone where the client hangs up in the middle."""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        if chunk := message.get("body", b""):
            yield chunk
        more = message.get("more_body", False)


async def respond(send: Send, status: int, body: bytes = b"", headers: Iterable[Header] = (JSON,)) -> None:
    """A complete answer; its length is added to the headers."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


async def respond_in_lines(
    receive: Receive,
    send: Send,
    lines: AsyncGenerator[bytes, None],
    headers: Iterable[Header] = (NDJSON, NO_SNIFF),
) -> None:
    """An answer that comes line by line. Where the client hangs up, the iterator is closed."""

    async def write() -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [*headers]})
        async for line in lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def hang_up() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.ensure_future(write()), asyncio.ensure_future(hang_up())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await lines.aclose()
    if not tasks[0].cancelled():
        tasks[0].result()


def problem_of(rejected: Rejected) -> Problem:
    """What the client is told."""
    return Problem(rejected.error, rejected.detail, rejected.field, rejected.hint, rejected.problems)


def problem_body(rejected: Rejected) -> bytes:
    return msgspec.json.encode(problem_of(rejected))


def unavailable() -> Rejected:
    """For a store that does not answer as it should; the log has the reason."""
    return Rejected(
        "unavailable",
        "The server cannot store anything right now.",
        status=503,
        hint="Try again in a moment.",
    )


def not_allowed(method: str, allowed: str) -> Rejected:
    return Rejected("method_not_allowed", f"{method} is not possible here, only {allowed}.", status=405)


def readable_error(error: Exception, body: bytes) -> Rejected:
    """What is wrong with a JSON body that msgspec could not decode."""
    if isinstance(error, msgspec.ValidationError):
        detail, _, place = str(error).partition(" - at `")
        field = place.rstrip("`").removeprefix("$").lstrip(".")
        return Rejected("invalid", f"{detail}.", field=field)
    if isinstance(error, RecursionError):
        return Rejected("too_deep", "The JSON is nested too deeply.")
    if isinstance(error, UnicodeDecodeError):
        return Rejected("malformed", f"The body is not UTF-8 (byte {error.start}).")
    if not body:
        return Rejected("malformed", "The body is empty; a JSON object belongs there.")
    if str(error).startswith("Input data was truncated"):
        return Rejected("malformed", "The JSON ends too early, or holds half of a surrogate pair.")
    return Rejected("malformed", f"{error}.")


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What msgspec raises on foreign bytes."""


def is_too_deep(value: Any, limit: int) -> bool:
    """Whether lists and objects are nested deeper than `limit`: no recursion, so that the check is safe itself."""
    level = [value]
    for _ in range(limit):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, (dict, list))
        ]
        if not level:
            return False
    return True


def problem_guard(handler: Handler, extra: tuple[Header, ...] = ()) -> Handler:
    """Answer what the HTTP handler raises: a Rejected as its Problem, anything else as 500 without internals."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await handler(scope, receive, send)
            return
        except ClientGone:
            return
        except Rejected as error:
            rejected = error
        except StoreError as error:
            log.error("%s %s: %s", scope["method"], scope["path"], error)
            rejected = unavailable()
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            rejected = internal()
        headers = [JSON, NO_SNIFF, *extra]
        if rejected.status == 401:
            headers.append(
                (b"www-authenticate", b"Bearer" if scope["path"].startswith("/api/") else b"Basic")
            )
        if rejected.status == 503:
            headers.append((b"retry-after", b"2"))
        await respond(send, rejected.status, problem_body(rejected), headers)

    return guarded


def internal() -> Rejected:
    return Rejected(
        "internal", "The server made a mistake; its log has the details.", status=500, hint="Try again."
    )
