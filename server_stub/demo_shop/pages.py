"""The demo shop as an ASGI application: a small shop under a strict policy that embeds the widget."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from scenarios_yaml.library.index import file_names, read_file
from server_stub.demo_shop import catalog
from server_stub.demo_shop.catalog import CURRENCY, LANGUAGES, Language
from server_stub.demo_shop.mailbox import PATH as MAILBOX
from server_stub.demo_shop.mailbox import Asked, Post, is_near, mailbox
from server_stub.demo_shop.pictures import picture
from server_stub.demo_shop.views import Answer, Site, view_of

Scope: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
Send: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_STATIC = Path(__file__).parent / "static"
_MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_MONTH = 30 * 24 * 3600


def demo_shop(
    write_key: str,
    desk_url: str | None = None,
    currency: str = CURRENCY,
    prefix: str = "",
    post: Post | None = None,
) -> App:
    """The shop as an ASGI 3 application.

    `desk_url` is the origin of the desk that serves `/widget.js` (`http://127.0.0.1:8140`); without it the
    desk is the origin that serves the shop. `currency` is an ISO 4217 code. `prefix` is the path below which
    the shop lives ("/shop"); where the server mounts it with a `root_path`, that is respected too. With
    `post`, the outbox of the desk is shown at /mailbox. Raises
    ValueError for a `desk_url` that is no http(s) origin.
    """
    origin = _origin(desk_url)
    site = Site(write_key, origin, currency, policy=_policy(origin), has_mailbox=post is not None)
    files = _files()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            base, path = _place(scope, prefix.rstrip("/"))
            if post is not None and path.startswith(MAILBOX) and scope["method"] in ("GET", "HEAD"):
                answer = await asyncio.to_thread(_mailbox, scope, post, base, path, origin)
            else:
                answer = _answer(scope, site, files, base, path)
            await _respond(scope, send, answer)
        else:
            await send({"type": "websocket.close", "code": 1008})

    return app


def _origin(desk_url: str | None) -> str:
    if not desk_url:
        return ""
    parts = urlsplit(desk_url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.netloc
        or any(sign in desk_url for sign in " ;,'\"<>")
    ):
        raise ValueError(f"desk_url must be an http(s) address, got {desk_url!r}")
    return f"{parts.scheme}://{parts.netloc}"


def _policy(origin: str) -> str:
    """The Content-Security-Policy of every page: nothing inline, and no origin but the desk."""
    desk = f" {origin}" if origin else ""
    sockets = f" {origin.replace('http', 'ws', 1)}" if origin else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{desk}",
            "style-src 'self'",
            f"img-src 'self'{desk}",
            f"connect-src 'self'{desk}{sockets}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _files() -> dict[str, tuple[str, bytes]]:
    """Every file that is not a page, by its path: media type and content. Nothing else is served."""
    files = {
        f"/static/{path.name}": (_MEDIA_TYPES[path.suffix], path.read_bytes())
        for path in _STATIC.iterdir()
        if path.suffix in _MEDIA_TYPES
    }
    # The desk sends its letters' files from its own folder; links in them that begin with the shop's address end here.
    for name in file_names():
        files[f"/scenario-files/{name}"] = (_MEDIA_TYPES[Path(name).suffix], read_file(name))
    for item in catalog.PRODUCTS:
        files[f"/pictures/{item.id}.svg"] = (_MEDIA_TYPES[".svg"], picture(item).encode())
    return files


def _place(scope: Scope, prefix: str) -> tuple[str, str]:
    """What stands before each address of the shop, and the path behind it."""
    # Servers differ in whether `path` still holds the `root_path` of a mount.
    root: str = scope.get("root_path", "").rstrip("/")
    path: str = scope["path"]
    base = prefix
    if root and (path == root or path.startswith(f"{root}/")):
        path = path[len(root) :]
    if root and not base.startswith(root):
        base = root + prefix
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        path = path[len(prefix) :]
    return base, path


def _mailbox(scope: Scope, post: Post, base: str, path: str, origin: str) -> Answer:
    """The mailbox, for who is at this machine."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    if not is_near(host):
        return Answer(403, "text/plain; charset=utf-8", b"The mailbox is read at this machine only.")
    query = _query(scope)
    language = _language(query("lang")) or _remembered(scope) or "en"
    asked = Asked(base, language, query("to")[:254].strip(), query("id")[:200])
    return _remember(mailbox(post, asked, path.rstrip("/"), origin), _language(query("lang")), base)


def _answer(scope: Scope, site: Site, files: dict[str, tuple[str, bytes]], base: str, path: str) -> Answer:
    if scope["method"] not in ("GET", "HEAD"):
        return Answer(
            405, "text/plain; charset=utf-8", b"The demo shop is only read.", {"allow": "GET, HEAD"}
        )
    if path in files:
        media_type, content = files[path]
        return Answer(200, media_type, content, {"cache-control": "public, max-age=300"})
    query = _query(scope)
    asked = _language(query("lang"))
    language = asked or _remembered(scope) or "en"
    answer = view_of(site, base, path.rstrip("/") or "/", language, query("q")[:100].strip())
    return _remember(answer, asked, base)


def _query(scope: Scope) -> Callable[[str], str]:
    """Gives the last value of a name in the query; empty where it has none."""
    values = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"))
    return lambda name: values.get(name, [""])[-1]


def _remember(answer: Answer, language: Language | None, base: str) -> Answer:
    """With a cookie for the language that was asked for."""
    if language:
        cookie = f"shop_lang={language}; Path={base or '/'}; Max-Age={_MONTH}; SameSite=Lax"
        answer.headers["set-cookie"] = cookie
    return answer


def _language(text: str) -> Language | None:
    return next((language for language in LANGUAGES if language == text), None)


def _remembered(scope: Scope) -> Language | None:
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        cookie = SimpleCookie(header.decode("latin-1")).get("shop_lang")
    except CookieError:
        return None
    return _language(cookie.value) if cookie else None


async def _respond(scope: Scope, send: Send, answer: Answer) -> None:
    headers = {
        "content-type": answer.media_type,
        "content-length": str(len(answer.body)),
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        **answer.headers,
    }
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else answer.body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        phase = (await receive())["type"].rpartition(".")[2]
        await send({"type": f"lifespan.{phase}.complete"})
        if phase == "shutdown":
            return
