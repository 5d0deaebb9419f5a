"""What anybody may get: the widget's script, health, figures, and a page that says how to begin."""

from __future__ import annotations

import gzip
import hashlib
import html
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from server_stub.api.http import (
    NO_SNIFF,
    Handler,
    Header,
    Receive,
    Scope,
    Send,
    header,
    not_allowed,
    problem_guard,
    respond,
)
from server_stub.work import Rejected

HTML: Header = (b"content-type", b"text/html; charset=utf-8")
TEXT: Header = (b"content-type", b"text/plain; charset=utf-8")
_CSP: Header = (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'")


def reading(handler: Handler) -> Handler:
    """A handler for GET and HEAD alone."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise not_allowed(scope["method"], "GET")
        await handler(scope, receive, send)

    return problem_guard(checked)


class WidgetScript:
    """GET /widget.js: read and compressed once, asked for again after five minutes at the earliest."""

    def __init__(self) -> None:
        self._plain = files("server_stub").joinpath("widget", "widget.js").read_bytes()
        self._packed = gzip.compress(self._plain, 9, mtime=0)
        etag = f'"{hashlib.sha256(self._plain).hexdigest()[:16]}"'.encode()
        self._etag = etag
        self._headers: list[Header] = [
            (b"content-type", b"text/javascript; charset=utf-8"),
            (b"cache-control", b"public, max-age=300"),
            (b"vary", b"accept-encoding"),
            (b"etag", etag),
            (b"access-control-allow-origin", b"*"),
            (b"cross-origin-resource-policy", b"cross-origin"),
            NO_SNIFF,
        ]
        self.handle = reading(self._handle)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        if self._etag in header(scope, b"if-none-match").encode("latin-1"):
            await send({"type": "http.response.start", "status": 304, "headers": self._headers})
            await send({"type": "http.response.body"})
        elif "gzip" in header(scope, b"accept-encoding"):
            await respond(send, 200, self._packed, [*self._headers, (b"content-encoding", b"gzip")])
        else:
            await respond(send, 200, self._plain, self._headers)


def health(is_ready: Callable[[], bool] | None = None) -> Handler:
    """/healthz answers while the process lives, /readyz (with `is_ready`) while it also takes work."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        if is_ready is not None and not is_ready():
            raise Rejected("not_ready", "The server is starting or stopping.", status=503)
        await respond(send, 200, b"ok\n", [TEXT])

    return reading(handle)


def metrics(figures: Callable[[], dict[str, float]], counts: Callable[[], dict[str, Any]]) -> Handler:
    """GET /metrics for Prometheus. `figures` are gauges by name; `counts` reads the store, in a thread."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        import asyncio

        # Imported late: who does not scrape does not pay for it.
        from prometheus_client import (
            CollectorRegistry,
            Gauge,
            GCCollector,
            PlatformCollector,
            ProcessCollector,
        )
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        registry = CollectorRegistry()
        for collector in (GCCollector, PlatformCollector, ProcessCollector):
            collector(registry=registry)
        stored = await asyncio.to_thread(counts)
        values = {f"desk_{name}": value for name, value in figures().items()}
        values |= {
            f"desk_stored_{name}": value for name, value in stored.items() if isinstance(value, int | float)
        }
        for name, value in values.items():
            Gauge(name, name.replace("_", " "), registry=registry).set(value)
        await respond(send, 200, generate_latest(registry), [(b"content-type", CONTENT_TYPE_LATEST.encode())])

    return reading(handle)


def first_page(site: str, write_key: str) -> Handler:
    """GET /: the snippet for the shop's pages, and how to open the console."""

    async def handle(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
        scheme = header(scope, b"x-forwarded-proto") or scope.get("scheme", "http")
        address = f"{'https' if scheme == 'https' else 'http'}://{header(scope, b'host')}"
        snippet = f'<script async src="{address}/widget.js" data-key="{write_key}"></script>'
        values = {"site": site, "address": address, "snippet": snippet}
        page = _PAGE.format(**{key: html.escape(value) for key, value in values.items()})
        await respond(send, 200, page.encode(), [HTML, NO_SNIFF, _CSP])

    return reading(handle)


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{site}: sales desk</title>
<style>
  :root {{ color-scheme: light dark }}
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 12vh auto; padding: 0 1.5rem }}
  h1 {{ font-size: 1.5rem }}
  pre {{ padding: .8rem 1rem; border: 1px solid #8886; border-radius: 8px; overflow-x: auto }}
</style>
<h1>The sales desk of {site} is running</h1>
<p>Put this line into the pages of the shop:</p>
<pre>{snippet}</pre>
<p>Open the console in a terminal:</p>
<pre>operator-console open {address}</pre>
<p>The operators' API is described at <a href="/schema">/schema</a>.</p>
</html>
"""
