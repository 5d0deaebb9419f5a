"""Durations, numbers, days and schedules."""

from __future__ import annotations

import pytest

from operator_console.designer.outline.amounts import (
    days_words,
    duration_words,
    moment_words,
    number_words,
    schedule_words,
    value_words,
)

S, M, H, D = 1_000, 60_000, 3_600_000, 86_400_000


class TestDurations:
    @pytest.mark.parametrize(
        ("length", "english", "_russian"),
        [
            (30 * S, "30 s", "30 с"),
            (15 * M, "15 min", "15 мин"),
            (90 * M, "1 h 30 min", "1 ч 30 мин"),
            (D, "1 day", "1 день"),
            (3 * D, "3 days", "3 дня"),
            (14 * D, "14 days", "14 дней"),
            (D + H, "1 day 1 h", "1 день 1 ч"),
            (0, "0 s", "0 с"),
            (-5, "0 s", "0 с"),
        ],
    )
    def test_in_english(self, length: int, english: str, _russian: str) -> None:
        assert duration_words(length) == english

    @pytest.mark.parametrize(
        ("length", "words"), [(30 * S, "30 с"), (D, "1 день"), (2 * D, "2 дня"), (5 * D, "5 дней")]
    )
    def test_in_russian(self, russian, length: int, words: str) -> None:
        assert duration_words(length) == words


class TestValues:
    def test_numbers_have_the_digits_that_they_have(self) -> None:
        assert [number_words(one) for one in (3000, 99.5, 0.25, 7.0)] == ["3,000", "99.5", "0.25", "7"]

    def test_a_word_stands_bare_and_several_in_quotation_marks(self) -> None:
        assert [value_words(one) for one in ("gold", "/cart", "New York", True)] == [
            "gold",
            "/cart",
            "“New York”",
            "yes",
        ]

    def test_dates(self) -> None:
        assert moment_words("2026-08-30 10:00") == "30 Aug 2026, 10:00"
        assert moment_words("2026-08-30") == "30 Aug 2026"
        assert moment_words("event.starts_at") == moment_words("2026-13-45") == ""

    def test_days_of_the_week(self) -> None:
        assert [days_words(days) for days in ((0, 1, 2, 3, 4), (5, 6), (0, 2))] == [
            "on a weekday",
            "at the weekend",
            "on Mon, Wed",
        ]


class TestSchedules:
    @pytest.mark.parametrize(
        ("cron", "words"),
        [
            ("0 10 * * *", "every day at 10:00"),
            ("30 9 * * 1-5", "on a weekday at 09:30"),
            ("0 9 * * mon,wed", "on Mon, Wed at 09:00"),
            ("0 9 * * 0", "on Sun at 09:00"),
            ("0 9 * * fri-sun", "on Fri, Sat, Sun at 09:00"),
            ("0 10 1 * *", "on day 1 of each month at 10:00"),
            ("0 10 30 8 *", "each year on 30 August at 10:00"),
            ("0 10 30 aug *", "each year on 30 August at 10:00"),
            ("* * * * *", "every minute"),
            ("0 * * * *", "every hour"),
            ("*/15 * * * *", "every 15 min"),
        ],
    )
    def test_what_people_say(self, cron: str, words: str) -> None:
        assert schedule_words(cron) == words

    @pytest.mark.parametrize(
        "cron",
        [
            "0 10 1-7 * 1",
            "5,35 8-18 * * *",
            "*/5,7 * * * *",
            "nonsense",
            "0 10 * * nonday",
            f"*/{'9' * 5000} * * * *",
        ],
    )
    def test_what_is_too_much_for_a_sentence_is_shown_as_it_is(self, cron: str) -> None:
        assert schedule_words(cron).startswith("by the schedule")
