"""Days are those of the shop's time zone, also where the clocks are changed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server_stub.figures.days import LATEST, Days, name_of

ZONE = "Europe/Berlin"


def moment(local: str, zone: str = ZONE) -> int:
    return int(datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


class TestDays:
    @pytest.mark.parametrize(
        ("local", "day"),
        [
            ("2026-03-01 23:59:59", "2026-03-01"),
            ("2026-03-02 00:00:00", "2026-03-02"),
            ("2026-03-29 00:00:00", "2026-03-29"),  # of 23 hours
            ("2026-03-29 23:59:59", "2026-03-29"),
            ("2026-10-25 23:59:59", "2026-10-25"),  # of 25 hours
            ("2026-10-26 00:00:00", "2026-10-26"),
            ("1970-01-01 12:00:00", "1970-01-01"),
        ],
    )
    def test_begin_at_midnight(self, local, day):
        assert name_of(Days(ZONE).of(moment(local))) == day

    def test_are_the_same_in_whatever_order_they_are_asked_for(self):
        days = Days(ZONE)
        moments = [
            moment(f"2026-{month:02}-{day:02} {hour:02}:30:00")
            for month in (3, 10)
            for day in (24, 29)
            for hour in (0, 2, 23)
        ]
        assert [days.of(at) for at in moments] == [Days(ZONE).of(at) for at in moments]

    def test_know_every_moment_that_may_be_asked_for(self):
        assert name_of(Days("Pacific/Auckland").of(LATEST)) == "9987-04-03"
        assert name_of(Days("Pacific/Honolulu").of(0)) == "1969-12-31"

    def test_a_period_holds_its_first_and_its_last_day(self):
        days = Days(ZONE)
        first, last = days.period(moment("2026-03-01 18:00:00"), moment("2026-03-03 01:00:00"))
        assert (name_of(first), name_of(last)) == ("2026-03-01", "2026-03-03")
