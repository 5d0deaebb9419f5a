"""A point in time as an operator types it: "in 2h", "tomorrow 9:00", "mon 10:00", "5 mar", "2026-03-05 10:00".

English and Russian words, 24 hours or am/pm, in the operator's own wall time. No clock in here: now is an argument.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from operator_console.translation import _

MINUTE = 60_000
MORNING = time(9)
"""When a day alone is typed."""
FURTHEST = timedelta(days=366)
"""Later than that is a slip of the finger."""

_UNITS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ("m", "min", "mins", "minute", "minutes", "м", "мин", "минуту", "минуты", "минут")),
    (60, ("h", "hr", "hrs", "hour", "hours", "ч", "час", "часа", "часов")),
    (1_440, ("d", "day", "days", "д", "дн", "день", "дня", "дней")),
    (10_080, ("w", "week", "weeks", "н", "нед", "неделю", "недели", "недель")),
)
_MINUTES_OF = {word: minutes for minutes, words in _UNITS for word in words}
_DAYS = {"today": 0, "tomorrow": 1, "сегодня": 0, "завтра": 1, "послезавтра": 2}
_WEEKDAYS = ("mon пн", "tue вт", "wed ср", "thu чт", "fri пт", "sat сб", "sun вс")
_LONG_WEEKDAYS = (
    "monday понедельник",
    "tuesday вторник",
    "wednesday среда среду",
    "thursday четверг",
    "friday пятница пятницу",
    "saturday суббота субботу",
    "sunday воскресенье",
)
_MONTHS = (
    *("jan янв", "feb фев", "mar мар", "apr апр", "may мая май", "jun июн"),
    *("jul июл", "aug авг", "sep сен", "oct окт", "nov ноя", "dec дек"),
)
_FILLERS = {"in", "at", "on", "next", "в", "во", "через", "к"}

_LENGTH = re.compile(r"(\d{1,4}(?:[.,]\d)?)\s*([a-zа-я]+)\.?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s?(am|pm)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")


def moment_typed(typed: str, now: int, zone: tzinfo | None) -> int:
    """The moment that is meant, in ms since the epoch. `zone` None is the terminal's.

    A time that is past today is tomorrow's; a weekday is the next one; a day alone means nine in the morning.
    Raises ValueError with a sentence for whoever typed it.
    """
    words = typed.strip().casefold().replace("t", " t").split() if _ISO_DATE.match(typed.strip()) else None
    text = " ".join(word.removeprefix("t") for word in words) if words else " ".join(typed.casefold().split())
    if not text:
        raise ValueError(_("Type a time, such as “in 2h”, “tomorrow 9:00” or “mon 10:00”."))
    length = _length(text)
    if length is not None:
        return _checked(now + length, now)
    today = _local(now, zone)
    day, rest = _day(_without_fillers(text), today.date())
    clock = _clock(_without_fillers(rest))
    if day is None:
        if clock is None:
            raise _not_understood(typed)
        day = today.date() if clock > today.time().replace(tzinfo=None) else today.date() + timedelta(days=1)
    elif clock is None and rest:
        raise _not_understood(typed)
    clock = clock or MORNING
    if day == today.date() and clock <= today.time().replace(tzinfo=None) and _is_weekday(text):
        day += timedelta(days=7)
    return _checked(_to_ms(datetime.combine(day, clock), zone), now)


def _not_understood(typed: str) -> ValueError:
    return ValueError(
        _("“{typed}” is no time. Try “in 2h”, “tomorrow 9:00”, “mon 10:00” or “5 mar”.").format(
            typed=typed.strip()
        )
    )


def _checked(moment: int, now: int) -> int:
    if moment <= now:
        raise ValueError(_("That is past already."))
    if moment - now > FURTHEST // timedelta(milliseconds=1):
        raise ValueError(_("That is more than a year away."))
    return moment


def _length(text: str) -> int | None:
    """ "in 2h", "1h 30m", "через 3 дня" in ms; None where it is no length of time."""
    bare = text.removeprefix("in ").removeprefix("через ").strip()
    if _LENGTH.sub("", bare).strip():
        return None
    parts = _LENGTH.findall(bare)
    if not parts or any(unit not in _MINUTES_OF for _, unit in parts):
        return None
    return sum(round(float(count.replace(",", ".")) * _MINUTES_OF[unit] * MINUTE) for count, unit in parts)


def _without_fillers(text: str) -> str:
    return " ".join(word for word in text.split() if word not in _FILLERS)


def _day(text: str, today: date) -> tuple[date | None, str]:
    """The day at the beginning (or the end) of the text, and what else is there."""
    for pattern, order in ((_ISO_DATE, (1, 2, 3)), (_DOTTED_DATE, (3, 2, 1))):
        if found := pattern.match(text):
            year, month, day = (found.group(number) for number in order)
            return _date(int(year) if year else None, int(month), int(day), today), text[
                found.end() :
            ].strip()
    words = text.split()
    for place in {0, len(words) - 1} if words else ():
        rest = " ".join(words[:place] + words[place + 1 :])
        if (weekday := _weekday(words[place])) is not None:
            return today + timedelta(days=(weekday - today.weekday()) % 7), rest
        if words[place] in _DAYS:
            return today + timedelta(days=_DAYS[words[place]]), rest
    return _day_and_month(words, today)


def _day_and_month(words: list[str], today: date) -> tuple[date | None, str]:
    for first, second in ((0, 1), (1, 0)):
        if len(words) > 1 and (month := _month(words[first])) and re.fullmatch(r"\d{1,2}\.?", words[second]):
            return _date(None, month, int(words[second].rstrip(".")), today), " ".join(words[2:])
    return None, " ".join(words)


def _date(year: int | None, month: int, day: int, today: date) -> date:
    try:
        if year is not None:
            return date(year, month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        raise ValueError(_("There is no such day.")) from None


def _weekday(word: str) -> int | None:
    for number, (short, long) in enumerate(zip(_WEEKDAYS, _LONG_WEEKDAYS, strict=True)):
        if word.rstrip(".") in short.split() + long.split():
            return number
    return None


def _is_weekday(text: str) -> bool:
    return any(_weekday(word) is not None for word in text.split())


def _month(word: str) -> int:
    """1 to 12; 0 where the word is none."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(word.startswith(name) for name in names.split()):
            return number
    return 0


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute, half = int(found.group(1)), int(found.group(2) or 0), found.group(3)
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _local(at: int, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone or UTC).astimezone(zone)


def _to_ms(wall: datetime, zone: tzinfo | None) -> int:
    """Wall time → ms. A time that does not exist moves on, one that exists twice is the first."""
    moment = wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
    return round(moment.timestamp() * 1000)
