"""Dates that come round each year: what is one, when it is now, and the moment at which that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios_yaml.engine.anniversaries import Unit, day_of_year, falls_into, next_change

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
DAY = 86_400_000
DAYS = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: (day.month, day.day))
MOMENTS = st.datetimes(datetime.fromisoformat("2023-01-01"), datetime.fromisoformat("2033-01-01"))
UNITS: st.SearchStrategy[Unit] = st.sampled_from(["month", "week", "day"])


def at(local: str | datetime, zone: ZoneInfo = BERLIN) -> int:
    when = datetime.fromisoformat(local) if isinstance(local, str) else local
    return int(when.replace(tzinfo=zone).timestamp() * 1000)


class TestWhatADateIs:
    @pytest.mark.parametrize(
        "value",
        [
            "1990-03-05",
            "1931-03-05",
            "03-05",
            "3-5",
            "--03-05",
            " 1990-03-05 ",
            "1990-03-05T23:30",
            "2026-03-04T23:30:00Z",
            at("2026-03-05 00:30"),
            at("2026-03-05 00:30") // 1000,
        ],
    )
    def test_with_and_without_year_and_moments_in_the_zone(self, value: object):
        assert day_of_year(value, BERLIN) == (3, 5)

    @pytest.mark.parametrize(
        "value",
        ["", "soon", "13-05", "02-30", "1990-02-30", "1990", "5.3.", None, True, -5, [], {}, "9" * 50],
    )
    def test_what_is_none(self, value: object):
        assert day_of_year(value, BERLIN) is None


class TestFallsInto:
    @pytest.mark.parametrize(
        ("day", "unit", "now", "holds"),
        [
            ((3, 5), "month", "2026-03-31", True),
            ((3, 5), "month", "2026-04-01", False),
            ((1, 1), "week", "2025-12-29", True),
            ((12, 31), "week", "2026-01-04", True),
            ((12, 31), "week", "2026-01-05", False),
            ((2, 29), "day", "2026-02-28", True),
            ((2, 29), "day", "2028-02-28", False),
            ((2, 29), "day", "2028-02-29", True),
            ((2, 29), "month", "2026-02-01", True),
        ],
    )
    def test_month_week_and_day(self, day: tuple[int, int], unit: Unit, now: str, holds: bool):
        assert falls_into(day, unit, at(now), BERLIN) is holds

    def test_in_the_zone(self):
        now = at("2026-02-28 20:00", ZoneInfo("UTC"))
        assert falls_into((3, 1), "day", now, TOKYO)
        assert not falls_into((3, 1), "day", now, BERLIN)

    @given(DAYS, UNITS, MOMENTS)
    def test_it_changes_at_its_moment_and_never_before(
        self, day: tuple[int, int], unit: Unit, when: datetime
    ):
        now = at(when)
        held = falls_into(day, unit, now, BERLIN)
        due = next_change(day, unit, now, BERLIN)
        assert due > now
        assert falls_into(day, unit, due, BERLIN) is not held
        for step in range(now, due, DAY):
            assert falls_into(day, unit, step, BERLIN) is held
        assert falls_into(day, unit, due - 1, BERLIN) is held

    @given(DAYS, MOMENTS)
    def test_each_year_has_it_once(self, day: tuple[int, int], when: datetime):
        days = [at(when) + DAY * number for number in range(366)]
        assert 1 <= sum(falls_into(day, "day", now, ZoneInfo("UTC")) for now in days) <= 2

    @pytest.mark.parametrize("unit", ["month", "week", "day"])
    def test_the_end_of_all_calendars_is_no_mistake(self, unit: Unit):
        last = int((datetime(9999, 12, 31, tzinfo=UTC) - timedelta(days=1)).timestamp() * 1000)
        falls_into((12, 31), unit, last, BERLIN)
        assert next_change((12, 31), unit, last, BERLIN) == 0
