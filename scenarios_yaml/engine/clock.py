"""Arithmetic of local wall time: zones, the hours of the day, and the next moment at which they begin.

A wall time that does not exist (clocks go forward) moves to the next minute that does; one that exists twice
(clocks go back) is the first. Moments are milliseconds since the epoch, UTC.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from scenarios_yaml.engine.state import World

MINUTE = 60_000
DAY = 86_400_000
EVERY_DAY = frozenset(range(7))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MOMENT = 253_370_764_800_000
"""Year 9999: no arithmetic with dates beyond."""


@lru_cache(maxsize=1024)
def known_zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None where there is none (the name may be foreign)."""
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        return None


def zone_of(*names: str) -> ZoneInfo:
    """The first of the names that is a zone, else UTC."""
    for name in names:
        zone = known_zone(name[:64])
        if zone:
            return zone
    return ZoneInfo("UTC")


def local(at: int, zone: ZoneInfo) -> datetime:
    """The moment as wall time."""
    return (_EPOCH + timedelta(milliseconds=max(0, min(at, _LAST_MOMENT)))).astimezone(zone)


def shown(at: int) -> str:
    """The moment for a trace line."""
    # isoformat, since strftime takes ten times as long, and every wait is traced.
    utc = _EPOCH + timedelta(milliseconds=max(0, min(at, _LAST_MOMENT)))
    return f"{utc.replace(tzinfo=None).isoformat(' ', 'seconds')} UTC"


@lru_cache(maxsize=4096)
def moment(day: date, wall: time, zone: ZoneInfo) -> int:
    """The moment of a wall time on a day."""
    naive = datetime.combine(day, wall)
    for _ in range(24 * 60 + 1):
        utc = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
        if utc.astimezone(zone).replace(tzinfo=None) == naive:
            break
        naive = naive.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return (utc - _EPOCH) // timedelta(milliseconds=1)


def hour_minute(text: str) -> time | None:
    """`HH:MM` as a time; `24:00` is midnight; None where it is neither."""
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal()):
        return None
    if int(hours) > 24 or int(minutes) > 59:
        return None
    return time(int(hours) % 24, int(minutes))


def next_wall_time(now: int, wall: time, zone: ZoneInfo, weekdays: Container[int] = EVERY_DAY) -> int:
    """The first moment from `now` on at which clocks of the zone show `wall` on one of the weekdays (0 is
    Monday)."""
    today = local(now, zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        if day.weekday() in weekdays:
            at = moment(day, wall, zone)
            if at >= now:
                return at
    return now


def in_hours(now: int, begins: str, ends: str, zone: ZoneInfo) -> bool:
    """Whether the moment lies between those at which hours of a day begin and end. Where they end before they begin,
    they cross midnight; where both are one, they are the whole day."""
    first, last = hour_minute(begins), hour_minute(ends)
    if first is None or last is None:
        return False
    if first == last:
        return True
    today = local(now, zone).date()
    return any(
        opens <= now < closes
        for opens, closes in (
            _hours_of(today + timedelta(days=ahead), first, last, zone) for ahead in (0, -1)
        )
    )


def _hours_of(day: date, first: time, last: time, zone: ZoneInfo) -> tuple[int, int]:
    """When hours begin that begin on this day, and when they end."""
    last_day = day if last > first else day + timedelta(days=1)
    return moment(day, first, zone), moment(last_day, last, zone)


def end_of_hours(now: int, ends: str, zone: ZoneInfo) -> int:
    """The next moment at which hours that end at `ends` are over."""
    wall = hour_minute(ends)
    return now if wall is None else next_wall_time(now + 1, wall, zone)


def next_edge_of_hours(now: int, begins: str, ends: str, zone: ZoneInfo) -> int:
    """The next moment at which it is no longer as now whether the hours are on; 0 where they always or never are."""
    first, last = hour_minute(begins), hour_minute(ends)
    if first is None or last is None or first == last:
        return 0
    today = local(now, zone).date()
    edges = {
        edge for ahead in range(-1, 4) for edge in _hours_of(today + timedelta(days=ahead), first, last, zone)
    }
    inside = in_hours(now, begins, ends, zone)
    changes = (at for at in sorted(edges) if at > now and in_hours(at, begins, ends, zone) != inside)
    return next(changes, 0)


def next_edge_of_days(now: int, weekdays: Container[int], zone: ZoneInfo) -> int:
    """The next moment at which it is no longer as now whether it is one of the weekdays; 0 where that never is."""
    today = local(now, zone).date()
    inside = today.weekday() in weekdays
    for ahead in range(1, 8):
        day = today + timedelta(days=ahead)
        if (day.weekday() in weekdays) != inside:
            return moment(day, time(0), zone)
    return 0


def project_zone(world: World) -> ZoneInfo:
    return zone_of(world.timezone)


_DAY = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}")
_LEAP_YEAR = "2000-"


def is_day(text: str) -> bool:
    """Whether it is a day as holidays are written: YYYY-MM-DD, or MM-DD of every year."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text if len(text) > len("12-25") else _LEAP_YEAR + text)
    except ValueError:
        return False
    return True


def is_holiday(day: date, world: World) -> bool:
    """Whether the day is one on which the shop stays closed, in this year or in every one."""
    if not world.holidays:
        return False
    written = day.isoformat()
    return written in world.holidays or written[5:] in world.holidays


def in_business_hours(now: int, world: World) -> bool:
    """Hours that cross midnight belong to the day on which they open; on a holiday none open."""
    zone = project_zone(world)
    today = local(now, zone).date()
    for day in (today, today - timedelta(days=1)):
        opens, closes = _opening(day, world, zone)
        if opens <= now < closes:
            return True
    return False


def next_business_hours(now: int, world: World) -> int:
    """`now` where the shop is open or has no hours, else the next opening."""
    if not world.business_hours or in_business_hours(now, world):
        return now
    zone = project_zone(world)
    for day in _days_from(local(now, zone).date(), 0, _days_ahead(world)):
        opens, closes = _opening(day, world, zone)
        if opens >= now and closes > opens:
            return opens
    return now


def next_edge_of_business(now: int, world: World) -> int:
    """The next moment at which the shop opens or closes; 0 where it never does either."""
    zone = project_zone(world)
    today = local(now, zone).date()
    inside = in_business_hours(now, world)
    for begin in range(-1, _days_ahead(world), _WEEK_AND_MORE):
        edges: set[int] = set()
        for day in _days_from(today, begin, begin + _WEEK_AND_MORE):
            edges.update(_opening(day, world, zone))
        changes = (at for at in sorted(edges) if at > now and in_business_hours(at, world) != inside)
        if found := next(changes, 0):
            return found
    return 0


_WEEK_AND_MORE = 10
"""Days in which every weekday comes, with a day on either side for hours that cross midnight."""
_YEAR_AND_MORE = 400
"""Days in which every holiday comes, and every weekday once more."""


def _days_ahead(world: World) -> int:
    """How far to look for a day on which the shop opens: a row of holidays may be long."""
    return _YEAR_AND_MORE if world.holidays else _WEEK_AND_MORE - 1


def _days_from(today: date, begin: int, end: int) -> Iterator[date]:
    """The days from `begin` days ahead of today up to `end`, as far as calendars go."""
    last = (date.max - today).days
    for ahead in range(begin, min(end, last)):
        yield today + timedelta(days=ahead)


def _opening(day: date, world: World, zone: ZoneInfo) -> tuple[int, int]:
    """When the shop opens on this day, and when it closes; both 0 where it does not."""
    hours = world.business_hours.get(day.weekday())
    if not hours or is_holiday(day, world):
        return 0, 0
    opens, closes = hour_minute(hours[0]), hour_minute(hours[1])
    if opens is None or closes is None or hours[0] == hours[1]:
        return 0, 0
    return _hours_of(day, opens, closes, zone)


def parse_moment(value: object, zone: ZoneInfo) -> int | None:
    """A moment given as ISO date or date-time (local where it names no offset), or as a number of seconds or
    ms."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        at = int(value)
        return (at * 1000 if at < 100_000_000_000 else at) if 0 < at < _LAST_MOMENT else None
    if not isinstance(value, str) or not 8 <= len(value) <= 40:
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not 1971 <= parsed.year <= 9990:
        return None
    if parsed.tzinfo is not None:
        return (parsed - _EPOCH) // timedelta(milliseconds=1)
    return moment(parsed.date(), parsed.time(), zone)
