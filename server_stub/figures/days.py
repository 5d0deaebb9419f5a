"""Days of the project's time zone, as numbers that can be kept and compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FIRST = date(1970, 1, 1)
LATEST = 253_000_000_000_000
"""Moments (ms) from here on, in the year 9987, have no day."""
ALL = (-1_000_000, 1_000_000)
"""The first and the last day of a period without bounds."""


class Days:
    """Numbers each day from 1970-01-01, as it is in that time zone (an IANA name)."""

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        self._zone = ZoneInfo(timezone)
        self._last = (0, 0, 0)
        """The last day that was asked for: when it begins and ends (ms), and its number."""

    def of(self, at: int) -> int:
        """The day's number at a moment (ms), from any thread. The same day is asked for many times in a row."""
        begins, ends, day = self._last
        if not begins <= at < ends:
            local = datetime.fromtimestamp(at / 1000, self._zone).date()
            day = (local - FIRST).days
            self._last = (self._midnight(local), self._midnight(local + timedelta(days=1)), day)
        return day

    def period(self, since: int, until: int) -> tuple[int, int]:
        """The first and the last day from the moment `since` to `until`; 0: without that bound."""
        return self.of(since) if since else ALL[0], self.of(until) if until else ALL[1]

    def _midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp() * 1000)


def name_of(day: int) -> str:
    """A day's number as a date, such as 2026-03-02."""
    return (FIRST + timedelta(days=day)).isoformat()
