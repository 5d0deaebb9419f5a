"""Visits: when one begins, where it came from, with what device.

A visit (Segment says session) ends after 30 minutes without a sign of life; the next sign begins another one.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

SESSION_GAP = 30 * 60 * 1000
"""Milliseconds of silence after which a visit is over."""
_URL_CHARS = 2000
_UTM_CHARS = 200
_UTM_NAMES = ("source", "medium", "campaign", "term", "content")

_SEARCH = re.compile(
    r"(^|\.)(google|bing|yahoo|yandex|ya|duckduckgo|ecosia|baidu|startpage|qwant|brave|naver|seznam|rambler)\."
)
_SEARCH_HOSTS = frozenset({"go.mail.ru", "search.brave.com", "kagi.com"})
_SOCIAL = re.compile(
    r"(^|\.)(facebook|fb|instagram|twitter|x|t|linkedin|lnkd|pinterest|reddit|tiktok|youtube|youtu|vk|ok|threads|"
    r"telegram|whatsapp|snapchat|tumblr|quora|discord|mastodon|bsky)\.(com|net|org|ru|me|be|co|in|it|gg|app|social)$"
)
_MAIL = re.compile(r"^((web)?mail|outlook|e\.mail|mail)\.|(^|\.)(outlook\.live|mail\.google|mail\.yandex)\.")
_PAID_MEDIUM = re.compile(r"^(cpc|ppc|cpm|cpv|cpa|paid.*|.*[_-]paid|display|banner|retargeting|ads?)$")
_PAID_MARKS = ("gclid", "yclid", "msclkid", "gbraid", "wbraid")


class Origin(Struct, frozen=True):
    """Where a visit came from; `channel` as in protocol.Touch."""

    referrer: str
    channel: str
    utm: dict[str, str]
    landing: str


def origin_of(url: str, referrer: str, campaign: dict[str, Any], own_hosts: frozenset[str]) -> Origin:
    """Of the first page of a visit. `campaign` is Segment's context.campaign; what it lacks is read from the URL.

    A referrer on one of the shop's own hosts (or on the page's) is none: the visitor was here before.
    """
    query = _query_of(url)
    utm = _utm_of(query, campaign)
    host = host_of(referrer)
    if host and (host in own_hosts or host == host_of(url)):
        referrer = host = ""
    return Origin(referrer[:_URL_CHARS], _channel(host, utm, query), utm, url[:_URL_CHARS])


def host_of(url: str) -> str:
    """The host of a URL in lower case without www, or an empty string: foreign URLs may be anything."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def path_of(url: str) -> str:
    try:
        return urlsplit(url).path or ("/" if url else "")
    except ValueError:
        return ""


def _query_of(url: str) -> dict[str, str]:
    try:
        query = urlsplit(url).query
        return dict(parse_qsl(query, max_num_fields=100)) if query else {}
    except ValueError:
        return {}


def _utm_of(query: dict[str, str], campaign: dict[str, Any]) -> dict[str, str]:
    utm: dict[str, str] = {}
    for name in _UTM_NAMES:
        value = campaign.get(name) or (campaign.get("name") if name == "campaign" else None)
        value = value or query.get(f"utm_{name}")
        if isinstance(value, (str, int)) and str(value):
            utm[name] = str(value)[:_UTM_CHARS]
    return utm


def _channel(host: str, utm: dict[str, str], query: dict[str, str]) -> str:
    medium, source = utm.get("medium", "").casefold(), utm.get("source", "").casefold()
    if _PAID_MEDIUM.match(medium) or any(mark in query for mark in _PAID_MARKS):
        return "paid"
    if medium in ("email", "e-mail", "mail", "newsletter") or source in ("email", "newsletter"):
        return "email"
    if medium in ("social", "social-network", "social-media", "sm"):
        return "social"
    if medium == "organic":
        return "search"
    if medium == "referral":
        return "referral"
    if host:
        return _channel_of_host(host)
    return "other" if utm else "direct"


def _channel_of_host(host: str) -> str:
    if _MAIL.search(host):
        return "email"
    if _SEARCH.search(host) or host in _SEARCH_HOSTS:
        return "search"
    if _SOCIAL.search(host):
        return "social"
    return "referral"


# --- Devices -----------------------------------------------------------------------------------------

_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
_BROWSERS = (
    ("YaBrowser/", "Yandex Browser"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


class Device(Struct, frozen=True):
    """`kind` is desktop, mobile, tablet or bot; browser and system are empty where they are not known."""

    kind: str
    browser: str = ""
    system: str = ""

    def __str__(self) -> str:
        parts = [part for part in (self.browser, self.system) if part]
        return f"{self.kind} · {', '.join(parts)}" if parts else self.kind


def device_of(user_agent: str) -> Device:
    """What the User-Agent says of itself, by the tokens that browsers have kept for decades."""
    agent = user_agent[:1000]
    if re.search(r"bot\b|crawler|spider|headless", agent, re.IGNORECASE):
        return Device("bot")
    system = next((name for token, name in _SYSTEMS if token in agent), "")
    browser = next((name for token, name in _BROWSERS if token in agent), "")
    if "iPad" in agent or "Tablet" in agent or (system == "Android" and "Mobile" not in agent):
        return Device("tablet", browser, system)
    if "Mobi" in agent or "iPhone" in agent:
        return Device("mobile", browser, system)
    return Device("desktop", browser, system)
