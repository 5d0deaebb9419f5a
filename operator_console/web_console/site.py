"""The console in a browser: a page with a terminal, and a console process for each tab that shows it.

Whoever has the link is the operator whose token the consoles use: so the link holds a key, which becomes a cookie, and
nothing is answered without it. A page of another site may not open the socket either, whatever cookies it sends along.
"""

from __future__ import annotations

import asyncio
import hmac
import html
import logging
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from textual_serve.server import Server

from operator_console.web_console.environment import tab_command

MOST_TABS = 16
"""Open tabs at a time; each is a process of about 100 MB."""
CLOSE_WITHIN = 5.0
"""Seconds that the tabs' consoles get to end when the site does."""
YEAR = 365 * 24 * 60 * 60
TITLE = "Operator console"
HEALTH = "/healthz"
_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "page.html").read_text(encoding="utf-8"))
_SCRIPT = (_HERE / "page.js").read_text(encoding="utf-8")
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NO_KEY = "This is an operator's console. Open it by the link that `serve --web-console` has printed.\n"

log = logging.getLogger("operator_console.web_console")


class Site(Server):
    """textual-serve's server with a door. `key` is the secret of the link; consoles take address and token from the
    environment (see tab.py)."""

    def __init__(self, key: str) -> None:
        super().__init__(tab_command(), title=TITLE)
        self._key = key
        self._tabs: set[asyncio.Task[object]] = set()

    async def application(self) -> web.Application:
        """The aiohttp application."""
        app = await self._make_app()
        app.middlewares.append(self._guard)
        app.router.add_get(HEALTH, _health)
        app.router.add_get("/page.js", _script)
        return app

    async def on_startup(self, app: web.Application) -> None:
        """The library's logo and greeting do not belong into a log."""

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002
        """Every tab's console ends before the site does."""
        for tab in self._tabs:
            tab.cancel()
        if self._tabs:
            await asyncio.wait(self._tabs, timeout=CLOSE_WITHIN)

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page."""
        is_safe = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
        socket = f"{'wss' if is_safe else 'ws'}://{request.host}/ws"
        text = _PAGE.substitute(
            title=html.escape(TITLE), socket=html.escape(socket), font_size=_font_size(request)
        )
        policy = f"default-src 'self'; connect-src 'self' {socket}; img-src 'self' data:; object-src 'none'"
        headers = {"Content-Security-Policy": f"{policy}; style-src 'self' 'unsafe-inline'; base-uri 'none'"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A tab has been opened: its console runs until either ends."""
        origin = request.headers.get("Origin", "")
        if not _same_host(origin, request.host):
            raise web.HTTPForbidden(text="Another site may not open a console.\n")
        if len(self._tabs) >= MOST_TABS:
            raise web.HTTPServiceUnavailable(text=f"{MOST_TABS} consoles are open already: close a tab.\n")
        tab = asyncio.current_task()
        if tab is None:
            raise RuntimeError("a request is handled outside of a task")
        self._tabs.add(tab)
        try:
            return await super().handle_websocket(request)
        finally:
            self._tabs.discard(tab)

    # --- The door -------------------------------------------------------------------------------------------

    @property
    def _guard(self) -> Middleware:
        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            given = request.query.get("key")
            if request.path == "/" and given is not None and self._is_key(given):
                return self._let_in(request)
            if request.path != HEALTH and not self._is_key(request.cookies.get(_cookie(request), "")):
                return web.Response(status=403, text=_NO_KEY, headers=_HEADERS)
            answer = await handler(request)
            if not answer.prepared:
                answer.headers.update(_HEADERS)
            return answer

        return guard

    def _is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._key.encode())

    def _let_in(self, request: web.Request) -> web.Response:
        """The key goes from the address into a cookie, so that it stands in no history and no bookmark."""
        answer = web.Response(status=303, headers={"Location": "/", **_HEADERS})
        answer.set_cookie(_cookie(request), self._key, max_age=YEAR, httponly=True, samesite="Lax", path="/")
        return answer


async def _script(_: web.Request) -> web.Response:
    return web.Response(text=_SCRIPT, content_type="text/javascript")


async def _health(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def _cookie(request: web.Request) -> str:
    """Cookies know no ports: those of two desks on one machine must not meet."""
    return f"operator_console_{urlsplit(f'//{request.host}').port or 0}"


def _same_host(origin: str, host: str) -> bool:
    return bool(origin) and urlsplit(origin).netloc.lower() == host.lower()


def _font_size(request: web.Request) -> int:
    """`?fontsize=20`, in pixels."""
    given = request.query.get("fontsize", "")
    return min(max(int(given), 6), 64) if given.isascii() and given.isdigit() and len(given) < 4 else 16
