"""Times as operators type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operator_console.typed_times import moment_typed

NOW = datetime(2026, 3, 4, 15, 20, tzinfo=UTC)
"""A Wednesday."""


def read(typed: str) -> str:
    moment = moment_typed(typed, int(NOW.timestamp() * 1000), UTC)
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%a %Y-%m-%d %H:%M}"


WORDS = [
    "in",
    "at",
    "on",
    "tomorrow",
    "mon",
    "may",
    "5",
    "5.",
    "31",
    "10:00",
    "99",
    "2h",
    "1.5d",
    "0.0.",
    "2026-02-30",
    "pm",
]


class TestTypedTimes:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("in 2h", "Wed 2026-03-04 17:20"),
            ("2h", "Wed 2026-03-04 17:20"),
            ("in 1h 30m", "Wed 2026-03-04 16:50"),
            ("1h30m", "Wed 2026-03-04 16:50"),
            ("in 90 minutes", "Wed 2026-03-04 16:50"),
            ("1.5h", "Wed 2026-03-04 16:50"),
            ("in 3 days", "Sat 2026-03-07 15:20"),
            ("через 2 часа", "Wed 2026-03-04 17:20"),
            ("18:00", "Wed 2026-03-04 18:00"),
            ("at 9", "Thu 2026-03-05 09:00"),
            ("9:30pm", "Wed 2026-03-04 21:30"),
            ("12am", "Thu 2026-03-05 00:00"),
            ("today 23:15", "Wed 2026-03-04 23:15"),
            ("tomorrow", "Thu 2026-03-05 09:00"),
            ("tomorrow 14:30", "Thu 2026-03-05 14:30"),
            ("Tomorrow at 2 PM", "Thu 2026-03-05 14:00"),
            ("10:00 tomorrow", "Thu 2026-03-05 10:00"),
            ("завтра в 9:00", "Thu 2026-03-05 09:00"),
            ("mon 10:00", "Mon 2026-03-09 10:00"),
            ("Monday", "Mon 2026-03-09 09:00"),
            ("next fri 8", "Fri 2026-03-06 08:00"),
            ("пн 10:00", "Mon 2026-03-09 10:00"),
            ("wed 16:00", "Wed 2026-03-04 16:00"),
            ("wed 10:00", "Wed 2026-03-11 10:00"),
            ("5 mar 10:00", "Thu 2026-03-05 10:00"),
            ("mar 5", "Thu 2026-03-05 09:00"),
            ("3 march", "Wed 2027-03-03 09:00"),
            ("5.3. 10:00", "Thu 2026-03-05 10:00"),
            ("05.03.2026 10:00", "Thu 2026-03-05 10:00"),
            ("2026-03-05 10:00", "Thu 2026-03-05 10:00"),
            ("2026-03-05T10:00", "Thu 2026-03-05 10:00"),
            ("2026-03-05", "Thu 2026-03-05 09:00"),
        ],
    )
    def test_it_is_understood(self, typed: str, meant: str) -> None:
        """Lengths, clock times, days, weekdays and dates, in English and Russian."""
        assert read(typed) == meant

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", "Type a time"),
            ("soon", "“soon” is no time"),
            ("tomorrow morningish", "is no time"),
            ("25:00", "is no time"),
            ("13pm", "is no time"),
            ("10:75", "is no time"),
            ("in 2 parsecs", "is no time"),
            ("31.2.", "no such day"),
            ("2026-13-01", "no such day"),
            ("today 9:00", "past already"),
            ("2026-03-04 10:00", "past already"),
            ("in 0m", "past already"),
            ("in", "is no time"),
            ("at on", "is no time"),
            ("in 60 weeks", "more than a year"),
        ],
    )
    def test_what_is_no_time_to_come_is_told_in_a_sentence(self, typed: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            read(typed)

    @given(
        st.text(st.sampled_from("in at0123456789:.- amphdwtomorrwenjтзавчерз²٣"), max_size=24)
        | st.lists(st.sampled_from(WORDS)).map(" ".join)
    )
    def test_whatever_is_typed_there_is_a_moment_to_come_or_a_sentence(self, typed: str) -> None:
        now = int(NOW.timestamp() * 1000)
        try:
            moment = moment_typed(typed, now, UTC)
        except ValueError as error:
            said = str(error)
        else:
            said = "." if moment > now else f"a moment that has passed: {moment}"
        assert said.endswith((".", "”."))

    def test_it_is_the_operators_own_wall_time_over_a_change_of_clocks(self) -> None:
        """Nine in the morning is nine, though the night between has 23 hours."""
        prague = ZoneInfo("Europe/Prague")
        evening = datetime(2026, 3, 28, 20, 0, tzinfo=prague)
        moment = moment_typed("tomorrow 9:00", int(evening.timestamp() * 1000), prague)
        assert datetime.fromtimestamp(moment / 1000, prague).strftime("%d %H:%M") == "29 09:00"
        assert moment - evening.timestamp() * 1000 == 12 * 3_600_000

    def test_a_time_that_does_not_exist_moves_on(self) -> None:
        prague = ZoneInfo("Europe/Prague")
        evening = datetime(2026, 3, 28, 20, 0, tzinfo=prague)
        moment = moment_typed("tomorrow 2:30", int(evening.timestamp() * 1000), prague)
        assert datetime.fromtimestamp(moment / 1000, prague).strftime("%H:%M") == "03:30"
