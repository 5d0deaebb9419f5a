"""The demo's mailbox: what the shop's visitors would have got by email, push, messenger and webhook, newest first.

Only the demo serves it, to this machine, from the outbox of its own desk. A letter is a page of its own in a sandboxed
frame: it runs no script, sends no form, and loads nothing but the shop's pictures. Everything else is escaped text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from liquid import CachingFileSystemLoader, Environment
from msgspec.structs import replace

from server_stub.demo_shop import catalog
from server_stub.demo_shop.catalog import Language
from server_stub.demo_shop.views import Answer
from server_stub.protocol import OutboxItem
from server_stub.store.base import Store

PATH = "/mailbox"
SHOWN = 100
"""Rows of the list."""
SEARCHED = 2_000
"""Newest rows in which those of one address are looked for."""
CHANNELS = ("email", "push", "messenger", "webhook")
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'{desk}; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A button of a letter opens the shop in a window of its own, where the shop's pages work as ever."""
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Mailbox",
        "lead": "What the shop's visitors would have got. Nothing leaves this machine.",
        "back": "To the shop",
        "address": "Address or name",
        "show": "Show",
        "everybody": "Everybody",
        "none": "Nothing yet. Walk through the shop, leave an address, put something into the cart: what the scenarios "
        "send comes here by itself.",
        "nobody": "Nothing went to this address.",
        "choose": "Choose a message on the left.",
        "gone": "This message is not there.",
        "list": "Messages, newest first",
        "email": "Email",
        "push": "Push",
        "messenger": "Message",
        "webhook": "Webhook",
        "waiting": "on its way",
        "failed": "not sent",
        "unknown": "perhaps sent",
        "to": "to",
        "scenario": "scenario",
        "headers": "Headers",
        "body": "Body",
        "reply": "Reply",
        "all": "All messages",
        "raw": "This letter is not rendered yet.",
    },
    "ru": {
        "title": "Почта",
        "lead": "Что получили бы посетители магазина. С этого компьютера ничего не уходит.",
        "back": "В магазин",
        "address": "Адрес или имя",
        "show": "Показать",
        "everybody": "Все",
        "none": "Пока ничего. Пройдитесь по магазину, оставьте адрес, положите что-нибудь в корзину: то, что отправят "
        "сценарии, появится здесь само.",
        "nobody": "На этот адрес ничего не отправлено.",
        "choose": "Выберите сообщение слева.",
        "gone": "Такого сообщения нет.",
        "list": "Сообщения, сначала новые",
        "email": "Письмо",
        "push": "Уведомление",
        "messenger": "Сообщение",
        "webhook": "Вебхук",
        "waiting": "в пути",
        "failed": "не отправлено",
        "unknown": "возможно, отправлено",
        "to": "кому",
        "scenario": "сценарий",
        "headers": "Заголовки",
        "body": "Тело",
        "reply": "Ответ",
        "all": "Все сообщения",
        "raw": "Письмо ещё не готово.",
    },
}


@dataclass(frozen=True)
class Post:
    """How the mailbox reads the outbox: the newest rows with whom they go to, and one row by its id."""

    newest: Callable[[int], Sequence[OutboxItem]]
    one: Callable[[str], OutboxItem | None]


def post_of(store: Store) -> Post:
    """The outbox of a store, for reading."""

    def addressed(items: Sequence[OutboxItem]) -> list[OutboxItem]:
        people = store.visitors(list({item.visitor for item in items}))
        names = {row.id: row.name or row.email for row in people.values()}
        return [
            replace(item, to=str(item.content.get("to") or ""), called=names.get(item.visitor, ""))
            for item in items
        ]

    def one(key: str) -> OutboxItem | None:
        row = store.outbox_rows([key]).get(key)
        return addressed([row.item])[0] if row is not None else None

    return Post(lambda limit: addressed(store.outbox(limit)), one)


@dataclass(frozen=True)
class Asked:
    """What the address of a page of the mailbox asks for. `base` is the shop's path."""

    base: str
    language: Language
    to: str = ""
    row: str = ""

    def link(self, path: str = "", **more: str) -> str:
        """An address of the mailbox that keeps the filter."""
        query = {name: value for name, value in ({"to": self.to} | more).items() if value}
        return f"{self.base}{PATH}{path}" + (f"?{urlencode(query)}" if query else "")


def is_near(host: str) -> bool:
    """Whether the Host header is a number or localhost. A page of somebody else that reaches this machine by a name
    of its own (DNS rebinding) comes with that name."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def mailbox(post: Post, asked: Asked, path: str, desk_origin: str) -> Answer:
    """The answer to `path`, which begins with `PATH`. Reads the store: call it in a thread."""
    if path == PATH:
        return _page(post, asked)
    if path == f"{PATH}/list":
        return _html(_render("mailbox_list", _listed(post, asked)), _PAGE_POLICY)
    if path == f"{PATH}/letter":
        return _letter(post, asked, desk_origin)
    return Answer(404, "text/plain; charset=utf-8", b"There is no such page.")


def _page(post: Post, asked: Asked) -> Answer:
    words = _WORDS[asked.language]
    item = post.one(asked.row) if asked.row else None
    data: dict[str, Any] = {
        **_listed(post, asked),
        "brand": catalog.BRAND,
        "base": asked.base,
        "language": asked.language,
        "other": "ru" if asked.language == "en" else "en",
        "other_link": asked.link(id=asked.row, lang="ru" if asked.language == "en" else "en"),
        "to": asked.to,
        "everybody": f"{asked.base}{PATH}",
        "all": asked.link(),
        "chosen": _chosen(item, asked) if item else None,
        "hint": words["gone"] if asked.row and item is None else words["choose"],
    }
    return _html(_render("mailbox", data), _PAGE_POLICY, status=404 if asked.row and item is None else 200)


def _listed(post: Post, asked: Asked) -> dict[str, Any]:
    wanted = asked.to.casefold()
    items = post.newest(SEARCHED if wanted else SHOWN)
    found = [item for item in items if not wanted or wanted in f"{item.to}\n{item.called}".casefold()][:SHOWN]
    words = _WORDS[asked.language]
    return {
        "t": words,
        "rows": [_row(item, asked) for item in found],
        "none": words["nobody" if wanted else "none"],
    }


def _row(item: OutboxItem, asked: Asked) -> dict[str, Any]:
    words = _WORDS[asked.language]
    return {
        "link": asked.link(id=item.id),
        "is_chosen": item.id == asked.row,
        "channel": item.channel if item.channel in CHANNELS else "webhook",
        "kind": words.get(item.channel, item.channel),
        "who": item.to or item.called or "—",
        "title": item.summary or "—",
        "status": words.get(item.status, ""),
        "has_failed": item.status == "failed",
        "at": _moment(item.at),
    }


def _chosen(item: OutboxItem, asked: Asked) -> dict[str, Any]:
    content = item.content
    headers = content.get("headers")
    return {
        **_row(item, asked),
        "called": item.called if item.called != item.to else "",
        "scenario": item.scenario,
        "from": str(content.get("from") or catalog.BRAND),
        "preheader": str(content.get("preheader") or ""),
        "letter": asked.link("/letter", to="", id=item.id) if isinstance(content.get("html"), str) else "",
        "heading": str(content.get("title") or ""),
        "text": str(content.get("text") or ""),
        "goes_to": _link(content.get("link")),
        "method": str(content.get("method") or "POST"),
        "url": str(content.get("url") or ""),
        "headers": [f"{name}: {value}" for name, value in headers.items()]
        if isinstance(headers, dict)
        else [],
        "body": _json(content.get("body")),
        "reply": _json(item.reply),
        "error": item.error,
    }


def _letter(post: Post, asked: Asked, desk_origin: str) -> Answer:
    item = post.one(asked.row)
    html = item.content.get("html") if item is not None and item.channel == "email" else None
    if not isinstance(html, str):
        return Answer(404, "text/plain; charset=utf-8", _WORDS[asked.language]["gone"].encode())
    desk = f" {desk_origin}" if desk_origin else ""
    return _html(html, _LETTER_POLICY.format(desk=desk))


def _html(html: str, policy: str, *, status: int = 200) -> Answer:
    headers = {
        "content-security-policy": policy,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
    }
    return Answer(status, "text/html; charset=utf-8", html.encode("utf-8", "replace"), headers)


def _link(value: Any) -> str:
    """An address to be opened; anything but http and https is none."""
    text = str(value or "")
    return text if text.lower().startswith(("http://", "https://")) else ""


def _json(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2, default=str)


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _render(template: str, data: dict[str, Any]) -> str:
    return _templates().get_template(template).render(**data)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = CachingFileSystemLoader(Path(__file__).parent / "templates", ext=".liquid")
    return Environment(loader=loader, autoescape=True)
