"""Durations, times, days and numbers in plain words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from operator_console.designer.outline.words import in_quotes
from operator_console.inbox.times import MONTHS
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted, figure, marked, said

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

_DAYS = (
    marked("Mon", "days of the week"),
    marked("Tue", "days of the week"),
    marked("Wed", "days of the week"),
    marked("Thu", "days of the week"),
    marked("Fri", "days of the week"),
    marked("Sat", "days of the week"),
    marked("Sun", "days of the week"),
)
_MONTHS_OF_A_DATE = (
    marked("January", "of a date"),
    marked("February", "of a date"),
    marked("March", "of a date"),
    marked("April", "of a date"),
    marked("May", "of a date"),
    marked("June", "of a date"),
    marked("July", "of a date"),
    marked("August", "of a date"),
    marked("September", "of a date"),
    marked("October", "of a date"),
    marked("November", "of a date"),
    marked("December", "of a date"),
)
_CRON_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_CRON_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BARE = re.compile(r"[\w./:+-]+")
"""Words that need no quotation marks to be told from the sentence around them."""


def duration_words(milliseconds: int) -> str:
    """A length of time: 30 s, 15 min, 1 h 30 min, 1 day, 14 days. Parts below a second are dropped."""
    parts = []
    days, rest = divmod(max(milliseconds, 0), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    if days:
        parts.append(counted("{count} day", "{count} days", days))
    if hours:
        parts.append(_("{count} h").format(count=hours))
    if minutes:
        parts.append(_("{count} min").format(count=minutes))
    if rest // SECOND or not parts:
        parts.append(_("{count} s").format(count=rest // SECOND))
    return " ".join(parts)


def number_words(number: float) -> str:
    """A number as the language writes it, with as many digits behind the point as it has."""
    digits = 0 if float(number).is_integer() else len(f"{number:f}".rstrip("0").partition(".")[2])
    return figure(number, digits)


def value_words(value: Any) -> str:
    """A value of a condition or a property, cleaned: 3,000, yes, New York → “New York”."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number_words(value)
    text = str(value)
    if moment := moment_words(text):
        return moment
    return safe_line(text, 80) if _BARE.fullmatch(text) else in_quotes(safe_line(text, 80))


def moment_words(written: str) -> str:
    """2026-08-30 10:00 → 30 Aug 2026, 10:00; empty where it is no date."""
    if len(written) < 10 or not written[:4].isdigit():
        return ""
    try:
        moment = datetime.fromisoformat(written)  # the file's own wall time
    except ValueError:
        return ""
    date = f"{moment.day} {_(MONTHS[moment.month - 1])} {moment.year}"
    return f"{date}, {moment:%H:%M}" if len(written) > 10 else date


def day_words(day: int) -> str:
    """The short name of a day of the week, 0 is Monday: Mon."""
    return said("days of the week", _DAYS[day])


def days_words(days: Sequence[int]) -> str:
    """Days of the week (0 is Monday), as they go on a sentence: on a weekday, at the weekend, on Mon, Wed."""
    if tuple(days) == (0, 1, 2, 3, 4):
        return _("on a weekday")
    if tuple(days) == (5, 6):
        return _("at the weekend")
    return _("on {days}").format(days=", ".join(map(day_words, days)))


# --- Schedules --------------------------------------------------------------------------------------------------


def schedule_words(cron: str) -> str:
    """A schedule of five fields: every day at 10:00, on day 1 of each month at 10:00. One that is not of a common
    kind is quoted."""
    fields = cron.split()
    if len(fields) == 5:
        minute, hour, day, month, weekday = fields
        if words := _hourly(minute, hour) if (day, month, weekday) == ("*", "*", "*") else "":
            return words
        when = _days_of_schedule(day, month, weekday)
        if when and _is_number(minute) and _is_number(hour):
            return _("{when} at {time}").format(when=when, time=f"{int(hour):02}:{int(minute):02}")
    return _("by the schedule {cron}").format(cron=safe_line(cron, 60))


def _hourly(minute: str, hour: str) -> str:
    """Schedules that come round within a day."""
    if hour != "*":
        return ""
    if minute == "*":
        return _("every minute")
    if minute.startswith("*/") and _is_number(minute[2:]):
        return _("every {duration}").format(duration=duration_words(int(minute[2:]) * MINUTE))
    if minute == "0":
        return _("every hour")
    return ""


def _days_of_schedule(day: str, month: str, weekday: str) -> str:
    """On which days; empty where that is too much for a sentence."""
    if day == month == weekday == "*":
        return _("every day")
    if day == month == "*":
        days = _weekdays_of_schedule(weekday)
        return days_words(days) if days else ""
    if weekday == "*" and _is_number(day):
        if month == "*":
            return _("on day {day} of each month").format(day=int(day))
        if (number := _month_of_schedule(month)) is not None:
            name = said("of a date", _MONTHS_OF_A_DATE[number])
            return _("each year on {day} {month}").format(day=int(day), month=name)
    return ""


def _month_of_schedule(month: str) -> int | None:
    """0 is January; None where it is not one month."""
    if month in _CRON_MONTHS:
        return _CRON_MONTHS.index(month)
    return int(month) - 1 if _is_number(month) and 1 <= int(month) <= 12 else None


def _weekdays_of_schedule(field: str) -> tuple[int, ...]:
    """The days of `1-5`, `mon,wed` or `0`; none where it is something else. 0 is Monday in what comes out."""
    days: set[int] = set()
    for part in field.split(","):
        ends = [_weekday_of_schedule(end) for end in part.split("-")]
        if None in ends or len(ends) > 2:
            return ()
        first, last = ends[0] or 0, ends[-1] or 0
        if last == 0 and first:
            last = 7  # fri-sun: cron's Sunday is 0 and 7
        days |= {(day + 6) % 7 for day in range(first, last + 1)}
    return tuple(sorted(days))


def _weekday_of_schedule(word: str) -> int | None:
    """As in cron: 0 and 7 are Sunday."""
    if word in _CRON_DAYS:
        return _CRON_DAYS.index(word)
    return int(word) % 7 if _is_number(word) and int(word) <= 7 else None


def _is_number(word: str) -> bool:
    """A file that is being written may hold anything in a field."""
    return word.isascii() and word.isdigit() and len(word) <= 3
