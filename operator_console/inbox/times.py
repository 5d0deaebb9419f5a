"""Points in time as an operator reads them. All take ms since the epoch, and now as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from operator_console.translation import _, marked, said

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

WARM_AFTER = 1 * MINUTE
"""From here on a waiting visitor is marked warm: many leave a chat after two minutes without an answer."""
HOT_AFTER = 5 * MINUTE
"""From here on he is marked hot."""

MONTHS = (
    marked("Jan"), marked("Feb"), marked("Mar"), marked("Apr"),
    marked("May"), marked("Jun"), marked("Jul"), marked("Aug"),
    marked("Sep"), marked("Oct"), marked("Nov"), marked("Dec"),
)  # fmt: skip
WEEKDAYS = (
    marked("Monday"), marked("Tuesday"), marked("Wednesday"), marked("Thursday"),
    marked("Friday"), marked("Saturday"), marked("Sunday"),
)  # fmt: skip
_IN_SENTENCES = (
    marked("Monday", "in a sentence"),
    marked("Tuesday", "in a sentence"),
    marked("Wednesday", "in a sentence"),
    marked("Thursday", "in a sentence"),
    marked("Friday", "in a sentence"),
    marked("Saturday", "in a sentence"),
    marked("Sunday", "in a sentence"),
)


def moment(at: int, zone: tzinfo | None) -> datetime:
    """The local wall time of `at`. Without a zone: the terminal's. Numbers out of range show as the epoch."""
    try:
        return datetime.fromtimestamp(at / 1000, zone or UTC).astimezone(zone)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, zone or UTC)


def clock(at: int, zone: tzinfo | None) -> str:
    """14:02"""
    return f"{moment(at, zone):%H:%M}"


def day(at: int, now: int, zone: tzinfo | None) -> str:
    """Today, Yesterday, Tuesday (within a week), 3 Mar, 3 Mar 2025."""
    then, today = moment(at, zone).date(), moment(now, zone).date()
    away = (today - then).days
    if away == 0:
        return _("Today")
    if away == 1:
        return _("Yesterday")
    if 1 < away < 7:
        return _(WEEKDAYS[then.weekday()])
    year = "" if then.year == today.year else f" {then.year}"
    return f"{then.day} {_(MONTHS[then.month - 1])}{year}"


def day_said(at: int, now: int, zone: tzinfo | None) -> str:
    """The day as `day` has it, but within a sentence."""
    then, today = moment(at, zone).date(), moment(now, zone).date()
    is_close = 1 < (today - then).days < 7
    return said("in a sentence", _IN_SENTENCES[then.weekday()]) if is_close else day(at, now, zone)


def ago(at: int, now: int, zone: tzinfo | None) -> str:
    """How long ago in at most six cells: now, 4m, 3h, 2d, 3 Mar, 03.24 (month and year)."""
    past = now - at
    if past < MINUTE:
        return _("now")
    if past < HOUR:
        return _("{count}m").format(count=past // MINUTE)
    if past < DAY:
        return _("{count}h").format(count=past // HOUR)
    if past < 7 * DAY:
        return _("{count}d").format(count=past // DAY)
    then = moment(at, zone)
    if past < 365 * DAY:
        return f"{then.day} {_(MONTHS[then.month - 1])}"
    return f"{then:%m.%y}"


def span(length: int) -> str:
    """A length of time: 40s, 4m, 3h 20m, 2d."""
    if length < MINUTE:
        return _("{count}s").format(count=max(length, 0) // 1000)
    if length < HOUR:
        return _("{count}m").format(count=length // MINUTE)
    if length < DAY:
        minutes = length % HOUR // MINUTE
        hours = _("{count}h").format(count=length // HOUR)
        return f"{hours} {_('{count}m').format(count=minutes)}" if minutes else hours
    return _("{count}d").format(count=length // DAY)


def rough_span(length: int) -> str:
    """A length of time in its largest unit: 40s, 4m, 3h, 2d."""
    return span(length // HOUR * HOUR if HOUR <= length < DAY else length)


def zone_named(name: str) -> tzinfo | None:
    """The time zone of that name, or None where there is none: the name comes from a visitor's browser."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def coming(at: int, now: int, zone: tzinfo | None) -> str:
    """A moment to come, in words that go on a sentence: 14:02, tomorrow 09:00, Monday 09:00, 3 Mar 09:00."""
    then, today = moment(at, zone), moment(now, zone)
    away = (then.date() - today.date()).days
    if away == 0:
        return clock(at, zone)
    if away == 1:
        return _("tomorrow {time}").format(time=clock(at, zone))
    name = said("in a sentence", _IN_SENTENCES[then.weekday()]) if 1 < away < 7 else day(at, now, zone)
    return f"{name} {clock(at, zone)}"
