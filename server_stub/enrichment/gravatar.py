"""Gravatar's profile API, version 3: one question about one email, and what its answer says.

The email itself never leaves: Gravatar knows people by the SHA-256 of it, trimmed and in lower case. Whatever it
answers is foreign: only texts are taken, cut to a length, and only links that begin with http.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from server_stub.protocol import OpenProfile, ProfileLink

if TYPE_CHECKING:
    import httpx

SOURCE = "gravatar"
SECONDS = 10.0
"""How long one answer may take, with everything."""
MAX_ANSWER_BYTES = 256 * 1024
LONGEST_WAIT = 24 * 60 * 60.0
"""Seconds for which it may ask us to be quiet."""
_LINE_CHARS = 200
_ABOUT_CHARS = 1000
_URL_CHARS = 1000
_MOST_LINKS = 20


class Known(Struct, frozen=True):
    """What it says; an empty `profile.url`: it does not know him."""

    profile: OpenProfile


class NotNow(Struct, frozen=True):
    """It did not answer as it should.

    `is_quiet_wanted`: it has been asked too often; `seconds` is then how long it asks to wait, 0 where it does not say.
    """

    reason: str
    is_quiet_wanted: bool = False
    seconds: float = 0.0


def hash_of(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


async def ask(client: httpx.AsyncClient, base_url: str, email: str, now: int) -> Known | NotNow:
    """Ask about an email at `now` (ms). Never raises for what the other side does."""
    import httpx

    url = f"{base_url.rstrip('/')}/{hash_of(email)}"
    try:
        async with asyncio.timeout(SECONDS), client.stream("GET", url, timeout=SECONDS) as response:
            status = response.status_code
            if status == 404:
                return Known(OpenProfile(SOURCE, now))
            if status == 429:
                wait = _asked_wait(response.headers.get("retry-after", ""), now)
                return NotNow("answered 429", is_quiet_wanted=True, seconds=wait)
            if status != 200:
                return NotNow(f"answered {status}")
            body = await _read(response)
    except TimeoutError:
        return NotNow(f"no answer within {SECONDS:g} s")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return NotNow(str(error).partition("\n")[0][:_LINE_CHARS] or type(error).__name__)
    profile = profile_in(body, now)
    return Known(profile) if profile is not None else NotNow("the answer is no profile")


def profile_in(body: bytes, now: int) -> OpenProfile | None:
    """What of an answer's body can be shown; None where it is no profile."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not (url := _link(said.get("profile_url"))):
        return None
    work = ", ".join(part for part in (_line(said.get("job_title")), _line(said.get("company"))) if part)
    about = [part for part in (work, _text(said.get("description"), _ABOUT_CHARS)) if part]
    return OpenProfile(
        source=SOURCE,
        at=now,
        url=url,
        name=_line(said.get("display_name")),
        avatar_url=_link(said.get("avatar_url")),
        about="\n".join(about),
        place=_line(said.get("location")),
        links=tuple(
            [
                *_links(said.get("verified_accounts"), "service_label"),
                *_links(said.get("links"), "label"),
            ][:_MOST_LINKS]
        ),
    )


def _links(listed: Any, label: str) -> list[ProfileLink]:
    return [
        ProfileLink(_line(one.get(label)) or url, url)
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and not one.get("is_hidden") and (url := _link(one.get("url")))
    ]


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        return ""
    # JSON may hold half of a surrogate pair, which nothing can store.
    return value.encode("utf-8", "replace").decode().strip()[:most]


def _line(value: Any) -> str:
    return " ".join(_text(value, _LINE_CHARS).split())


def _link(value: Any) -> str:
    url = _text(value, _URL_CHARS)
    is_link = url.lower().startswith(("https://", "http://")) and not any(sign.isspace() for sign in url)
    return url if is_link else ""


async def _read(response: httpx.Response) -> bytes:
    """The body, as far as it may go: what is cut off is no JSON any more."""
    read = bytearray()
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) > MAX_ANSWER_BYTES:
            break
    return bytes(read)


def _asked_wait(text: str, now: int) -> float:
    """Retry-After in seconds: a number, or a date."""
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(0.0, at - now / 1000), LONGEST_WAIT)
