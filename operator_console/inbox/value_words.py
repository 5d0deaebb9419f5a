"""Values of properties as people read them: money, addresses, anything else. All of it comes out cleaned."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from operator_console.safe_text import safe_line
from operator_console.translation import _, figure


def value_text(value: Any) -> str:
    """A property's value as one line."""
    if value is True or value is False:
        return _("yes") if value else _("no")
    if isinstance(value, dict | list | tuple):
        return safe_line(json.dumps(value, ensure_ascii=False, default=str)[:400], 160)
    return safe_line(str(value)[:400], 160)


def key_text(key: str) -> str:
    """A property's name as words: payment_method → payment method."""
    return safe_line(key.replace("_", " "), 40)


def money(amount: float, currency: str = "", *, cents: bool = False) -> str:
    """1,200 or 1,200.50, with the currency's code behind. `cents`: show them even where there are none."""
    has_cents = cents or not float(amount).is_integer()
    number = figure(amount, 2 if has_cents else 0)
    return f"{number} {safe_line(currency, 8)}".rstrip()


def page_title(title: str, site: str) -> str:
    """A page's title without the shop's name before or behind it: everybody here knows the shop."""
    text, shop = safe_line(title, 200), safe_line(site, 80)
    if shop:
        for mark in ("·", "|", "-", "–", "—", ":"):
            text = text.removesuffix(f" {mark} {shop}").removeprefix(f"{shop} {mark} ")
    return text


def host_of(url: str) -> str:
    """The host of a referrer, or all of it where it is no URL."""
    try:
        host = urlsplit(url).hostname or url
    except ValueError:
        host = url
    return safe_line(host, 100)


def path_of(url: str) -> str:
    """Path and query of a URL of the shop; what is no URL stays as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return safe_line(url, 200)
    if not parts.scheme or not parts.netloc:
        return safe_line(url, 200)
    return safe_line(parts.path + (f"?{parts.query}" if parts.query else "") or "/", 200)
