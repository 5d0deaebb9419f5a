"""Dates that come round each year: whether one falls into this month, this week or this day, and when that changes.

The year does not count, and need not be there: 1990-03-05, 03-05 and a moment in milliseconds are all the fifth of
March. Who was born on 29 February has his day on the 28th in years that have none. A week begins on Monday.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from scenarios_yaml.engine import clock

Unit: TypeAlias = Literal["month", "week", "day"]

_WITHOUT_YEAR = re.compile(r"(?:--)?(\d{1,2})-(\d{1,2})")
_LEAP_YEAR = 2000
_LAST_YEAR = date.max.year - 2


def day_of_year(value: Any, zone: ZoneInfo) -> tuple[int, int] | None:
    """Month and day of a date with or without its year, or of a moment (in that zone); None where it is none."""
    if isinstance(value, str):
        text = value.strip()
        short = _WITHOUT_YEAR.fullmatch(text)
        try:
            if short is not None:
                found = date(_LEAP_YEAR, int(short[1]), int(short[2]))
                return found.month, found.day
            if not 8 <= len(text) <= 40:
                return None
            parsed = datetime.fromisoformat(text)
            parsed = parsed if parsed.tzinfo is None else parsed.astimezone(zone)
        except (ValueError, OverflowError):
            return None
        return parsed.month, parsed.day
    at = clock.parse_moment(value, zone)
    if at is None:
        return None
    there = clock.local(at, zone)
    return there.month, there.day


def falls_into(day: tuple[int, int], unit: Unit, now: int, zone: ZoneInfo) -> bool:
    """Whether the date falls into the month, week or day that it is now."""
    today = clock.local(now, zone).date()
    if unit == "month":
        return day[0] == today.month
    first = today - timedelta(days=today.weekday()) if unit == "week" else today
    length = 7 if unit == "week" else 1
    return any(
        first <= _in_year(day, year) < first + timedelta(days=length)
        for year in {first.year, min(first.year + 1, date.max.year)}
    )


def next_change(day: tuple[int, int], unit: Unit, now: int, zone: ZoneInfo) -> int:
    """The next moment (ms) at which `falls_into` changes; 0 where calendars end before."""
    today = clock.local(now, zone).date()
    if today.year > _LAST_YEAR:
        return 0
    begins, ends = min(
        span for year in (0, 1, 2) for span in (_span(day, unit, today.year + year - 1),) if span[1] > today
    )
    return clock.moment(begins if begins > today else ends, time(0), zone)


def _span(day: tuple[int, int], unit: Unit, year: int) -> tuple[date, date]:
    """The first day on which the date of that year falls into now, and the first one after."""
    its = _in_year(day, year)
    if unit == "month":
        first = its.replace(day=1)
        return first, (first + timedelta(days=32)).replace(day=1)
    if unit == "week":
        monday = its - timedelta(days=its.weekday())
        return monday, monday + timedelta(days=7)
    return its, its + timedelta(days=1)


def _in_year(day: tuple[int, int], year: int) -> date:
    try:
        return date(year, *day)
    except ValueError:
        return date(year, day[0], 28)
