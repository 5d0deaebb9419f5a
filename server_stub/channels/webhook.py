"""Webhooks: one request, signed, with the row's id as its idempotency key.

`X-Signature: t=<unix seconds>,v1=<hex HMAC-SHA256(secret, "t.body")>`, where body is the raw body of the request. The
same row comes with the same `Idempotency-Key`, however often it is tried, and after a crash, too.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import json as fast_json

from server_stub.channels.outcome import Attempt
from server_stub.protocol import OutboxItem

if TYPE_CHECKING:
    import httpx

MAX_REPLY_BYTES = 64 * 1024
"""Of a reply; what is longer is not read on, and nothing of it is kept."""
MAX_BODY_BYTES = 1024 * 1024
DEFAULT_TIMEOUT = 10_000
LONGEST_TIMEOUT = 60_000
LONGEST_ASKED_WAIT = 15 * 60 * 1000
"""Milliseconds: a Retry-After beyond is shortened to it, since the run does not wait for ever."""
_BODYLESS = {"GET", "HEAD", "DELETE"}
_OURS = {"content-length", "host", "idempotency-key", "transfer-encoding", "x-signature"}
"""Headers that a scenario does not set."""


def new_client() -> httpx.AsyncClient:
    """One for all requests: connections are kept. Imports httpx, which costs 0.1 s and 10 MB: only where needed."""
    import httpx

    return httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        headers={"User-Agent": "operator-console"},
    )


def host_of(item: OutboxItem) -> str:
    """Whose patience the row asks for, or an empty string."""
    try:
        return urlsplit(str(item.content.get("url", ""))).netloc.lower()
    except ValueError:
        return ""


def signature(secret: str, body: bytes, seconds: int) -> str:
    """The value of X-Signature for a body sent at `seconds` since the epoch."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, "sha256").hexdigest()
    return f"t={seconds},v1={signed}"


async def send(client: httpx.AsyncClient, item: OutboxItem, secret: str, now: int) -> Attempt:
    """One attempt at `now` (ms since the epoch). Never raises for what a scenario or the other side does wrong."""
    import httpx

    content = item.content
    url, method = str(content.get("url", "")), str(content.get("method", "POST")).upper()
    if problem := _problem_of(url):
        return Attempt("failed", problem)
    body = b"" if method in _BODYLESS else fast_json.encode(content.get("body"))
    if len(body) > MAX_BODY_BYTES:
        return Attempt("failed", f"the body has {len(body):,} bytes; {MAX_BODY_BYTES:,} are possible")
    headers = _headers(content.get("headers"), item.id, signature(secret, body, now // 1000), bool(body))
    seconds = min(int(content.get("timeout") or DEFAULT_TIMEOUT), LONGEST_TIMEOUT) / 1000
    try:
        async with (
            asyncio.timeout(seconds),
            client.stream(method, url, content=body or None, headers=headers, timeout=seconds) as response,
        ):
            return _judged(response, await _read(response), now)
    except TimeoutError:
        return Attempt("failed", f"no answer within {seconds:g} s", again=True)
    except httpx.TimeoutException:
        return Attempt("failed", f"no answer within {seconds:g} s", again=True)
    except httpx.TransportError as error:
        wrong_use = isinstance(error, httpx.LocalProtocolError | httpx.UnsupportedProtocol)
        return Attempt("failed", _plain(error), again=not wrong_use)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # an address or a header that cannot be
        return Attempt("failed", _plain(error))


def _problem_of(url: str) -> str:
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    return "" if known else f"{url[:100]!r} is no address that begins with http:// or https://"


def _headers(given: Any, key: str, signed: str, has_body: bool) -> dict[str, str]:
    named = given.items() if isinstance(given, dict) else ()
    headers = {str(name): str(value) for name, value in named if str(name).lower() not in _OURS}
    if has_body and all(name.lower() != "content-type" for name in headers):
        headers["Content-Type"] = "application/json"
    return {**headers, "Idempotency-Key": key, "X-Signature": signed}


async def _read(response: httpx.Response) -> bytes | None:
    """The body; None where it is too long."""
    read = bytearray()
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > MAX_REPLY_BYTES:
            return None
    return bytes(read)


def _judged(response: httpx.Response, body: bytes | None, now: int) -> Attempt:
    status = response.status_code
    if 200 <= status < 300:
        return Attempt("sent", reply=_reply(response, body))
    if 300 <= status < 400:
        return Attempt("failed", f"answered {status}: redirects are not followed")
    again = status >= 500 or status in (408, 429)
    after = _asked_wait(response.headers.get("retry-after", ""), now) if again else 0
    return Attempt("failed", f"answered {status} {response.reason_phrase}".strip(), again=again, after=after)


def _reply(response: httpx.Response, body: bytes | None) -> Any:
    """JSON as it is, any other text as text; None where there is none, or too much of it."""
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        media_type = response.headers.get("content-type", "text/plain")
        return body.decode("utf-8", "replace") if media_type.startswith("text/") else None


def _asked_wait(text: str, now: int) -> int:
    """Retry-After in ms: seconds, or a date."""
    if text.isascii() and text.isdigit():
        return min(int(text[:9]) * 1000, LONGEST_ASKED_WAIT)
    try:
        at = int(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        return 0
    return min(max(0, at - now), LONGEST_ASKED_WAIT)


def _plain(error: Exception) -> str:
    return str(error).partition("\n")[0][:200] or type(error).__name__
