"""When a broadcast is due: the next moment of a `schedule` (cron) or `at` trigger, in local wall time.

Cron as it is known: minute, hour, day of the month, month, day of the week (0 and 7 are Sunday; names work), with
`*`, lists, ranges and steps. Where both days are restricted, either is enough. A wall time that does not exist
moves to the next valid minute; of one that exists twice the first counts.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from scenarios_yaml.engine.clock import local, moment, parse_moment
from scenarios_yaml.language.model import OnSchedule

_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = {
    3: {name: number for number, name in enumerate(_MONTHS, 1)},
    4: {name: number for number, name in enumerate(_DAYS)},
}
_DAYS_AHEAD = 366 * 8 + 2
"""A 29th of February may be eight years away."""


def next_due(trigger: OnSchedule, after: int, zone: ZoneInfo) -> int:
    """The first moment (ms) later than `after` at which the broadcast is due; 0 where there is none any more."""
    if trigger.at:
        at = parse_moment(trigger.at, zone)
        return at if at is not None and at > after else 0
    fields = _parsed(trigger.cron)
    if fields is None:
        return 0
    minutes, hours, _, months, _ = fields
    today = local(after, zone).date() - timedelta(days=1)
    for ahead in range(_DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        if day.month in months and _is_day(day, trigger.cron, fields):
            moments = (
                moment(day, time(hour, minute), zone) for hour in sorted(hours) for minute in sorted(minutes)
            )
            due = min((at for at in moments if at > after), default=0)
            if due:
                return due
    return 0


def _is_day(day: date, cron: str, fields: list[set[int]]) -> bool:
    _, _, of_month, _, of_week = cron.split()
    in_month = day.day in fields[2]
    weekday = day.isoweekday() % 7
    in_week = weekday in fields[4] or (weekday == 0 and 7 in fields[4])
    if of_month.startswith("*") or of_week.startswith("*"):
        return in_month and in_week
    return in_month or in_week


def _parsed(cron: str) -> list[set[int]] | None:
    """The values that each field allows; None where it is no cron line."""
    parts = cron.split()
    if len(parts) != len(_RANGES):
        return None
    try:
        return [_field(part.lower(), number) for number, part in enumerate(parts)]
    except ValueError:
        return None


def _field(text: str, number: int) -> set[int]:
    least, most = _RANGES[number]
    names = _NAMES.get(number, {})
    allowed: set[int] = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        first, dash, last = span.partition("-")
        begins = least if span == "*" else names[first] if first in names else int(first)
        ends = names[last] if last in names else int(last) if dash else begins
        if span == "*" or (step and not dash):
            ends = most
        if step and int(step) < 1:
            raise ValueError(item)
        allowed.update(range(begins, ends + 1, int(step or 1)))
    return {value for value in allowed if least <= value <= most}
