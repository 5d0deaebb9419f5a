"""Foreign dates and values of a table, as what they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

Order = Literal["", "dmy", "mdy"]
"""How days are written with slashes; empty: not told."""

_DOTTED = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp][Mm])?)?"
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,10})?")
_KEPT_AS_TEXT = re.compile(r"(?i:(?:^|[_\W])(?:id|sku|phone|zip|postcode|code|order|coupon)$)|Id$|ID$")
_FIRST, _LAST = 946_684_800_000, 4_102_444_800_000
"""2000 and 2100: what a number of seconds or milliseconds is taken for."""


def moment_of(value: Any, zone: ZoneInfo, order: Order = "") -> int:
    """Milliseconds since the epoch. A time without a zone is one of `zone`.

    Takes ISO 8601, `31.12.2025 18:30`, `12/31/2025 6:30 PM` (with `order`, where it could be either), RFC 2822, and
    seconds or milliseconds. Raises ValueError with what is wrong, in words.
    """
    if isinstance(value, bool) or value is None or value == "":
        raise ValueError("it is empty")
    if isinstance(value, int | float):
        return _counted(float(value))
    text = str(value).strip()
    if re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return _counted(float(text))
    moment = _iso(text) or _written(text, order) or _mailed(text)
    if moment is None:
        raise ValueError(f"{text[:40]!r} is no date and time")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        return round(moment.timestamp() * 1000)
    except (OverflowError, ValueError, OSError):
        raise ValueError(f"{text[:40]!r} is no date and time") from None


def _counted(number: float) -> int:
    for factor in (1000, 1):
        if _FIRST <= number * factor < _LAST:
            return round(number * factor)
    raise ValueError(f"{number:g} is neither seconds nor milliseconds since 1970, of this century")


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(re.sub(r"\s*UTC$", "+00:00", text))
    except ValueError:
        return None


def _written(text: str, order: Order) -> datetime | None:
    match = _DOTTED.fullmatch(text)
    if match is None:
        return None
    first, sign, second, year, hour, minute, seconds, half = match.groups()
    day, month = int(first), int(second)
    if sign == "/" and _is_month_first(day, month, order, text):
        day, month = month, day
    clock = int(hour or 0)
    if half:
        clock = clock % 12 + (12 if half.casefold() == "pm" else 0)
    try:
        return datetime(int(year), month, day, clock, int(minute or 0), int(seconds or 0))  # noqa: DTZ001
    except ValueError as error:
        raise ValueError(f"{text[:40]!r}: {error}") from error


def _is_month_first(first: int, second: int, order: Order, text: str) -> bool:
    if order:
        return order == "mdy"
    if first > 12:
        return False
    if second > 12:
        return True
    raise ValueError(f"{text[:40]!r} may be two dates: say --dates dmy or --dates mdy")


def _mailed(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None


def value_of(name: str, text: str) -> Any:
    """A cell as a number, yes or no, JSON, or the text that it is. What names something (ids, codes) stays text."""
    if _KEPT_AS_TEXT.search(name):
        return text
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    folded = text.casefold()
    if folded in ("true", "false"):
        return folded == "true"
    if text[:1] in "[{" and text[-1:] in "]}":
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return text


def iso_of(at: int) -> str:
    """As Segment writes a moment."""
    moment = datetime.fromtimestamp(at // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{at % 1000:03}Z"
