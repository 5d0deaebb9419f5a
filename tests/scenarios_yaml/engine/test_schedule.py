"""When broadcasts are due, over the changes of the clocks too."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.language.model import OnSchedule

BERLIN = "Europe/Berlin"


class TestCron:
    @pytest.mark.parametrize(
        ("cron", "after", "due"),
        [
            ("0 10 1 * *", "2026-03-02 12:00", "2026-04-01 10:00"),
            ("0 10 1 * *", "2026-04-01 09:59", "2026-04-01 10:00"),
            ("0 10 1 * *", "2026-04-01 10:00", "2026-05-01 10:00"),
            ("30 9 * * mon-fri", "2026-03-06 10:00", "2026-03-09 09:30"),
            ("0 8 * * 0", "2026-03-02 12:00", "2026-03-08 08:00"),
            ("0 8 * * 7", "2026-03-02 12:00", "2026-03-08 08:00"),
            ("*/20 * * * *", "2026-03-02 12:01", "2026-03-02 12:20"),
            ("0 9-17/4 * * *", "2026-03-02 13:30", "2026-03-02 17:00"),
            ("0 0 13 * fri", "2026-03-02 12:00", "2026-03-06 00:00"),
            ("0 10 29 feb *", "2026-03-02 12:00", "2028-02-29 10:00"),
            ("0 10 30 aug *", "2026-08-30 12:00", "2027-08-30 10:00"),
            ("30 2 * * *", "2026-03-29 00:00", "2026-03-29 03:00"),
            ("30 2 * * *", "2026-10-25 00:00", "2026-10-25 02:30"),
        ],
    )
    def test_the_next_moment(self, at, cron, after, due):
        assert next_due(OnSchedule(cron=cron), at(after, BERLIN), ZoneInfo(BERLIN)) == at(due, BERLIN)

    def test_a_time_that_comes_twice_counts_once(self, at):
        first = at("2026-10-25 02:30", BERLIN)
        due = next_due(OnSchedule(cron="30 2 * * *"), first, ZoneInfo(BERLIN))
        assert due == at("2026-10-26 02:30", BERLIN)

    @pytest.mark.parametrize("cron", ["0 0 31 feb *", "nonsense", "* * * *", "a b c d e", "*/0 * * * *", ""])
    def test_what_never_comes_is_never_due(self, at, cron):
        assert next_due(OnSchedule(cron=cron), at("2026-03-02 12:00"), ZoneInfo("UTC")) == 0


class TestOneMoment:
    def test_is_due_once(self, at):
        trigger = OnSchedule(at="2026-08-30 10:00")
        due = at("2026-08-30 10:00", BERLIN)
        assert next_due(trigger, due - 1, ZoneInfo(BERLIN)) == due
        assert next_due(trigger, due, ZoneInfo(BERLIN)) == 0
