"""Words, numbers, times and errors in the console's language."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from operator_console.errors import Refused, Unreachable
from operator_console.inbox.bubble_lines import size_text
from operator_console.inbox.channel_words import campaign_words, channel_words
from operator_console.inbox.event_names import event_name
from operator_console.inbox.scenario_words import run_words
from operator_console.inbox.times import DAY, HOUR, MINUTE, ago, coming, day, rough_span, span
from operator_console.inbox.value_words import money, value_text
from operator_console.server_words import from_server
from operator_console.translation import _, counted, figure, language_of_terminal, marked, said, speak
from operator_console.typed_times import moment_typed
from server_stub.protocol import Problem, RunProgress

NOW = int(datetime(2026, 3, 4, 15, 20, tzinfo=UTC).timestamp() * 1000)
"""A Wednesday."""


class TestChoosingALanguage:
    def test_russian(self, russian) -> None:
        assert _("Saved replies") == "Заготовки"

    @pytest.mark.parametrize("unknown", ["xx", "", "de", "../ru"])
    def test_one_that_is_unknown_is_english(self, russian, unknown: str) -> None:
        speak(unknown)
        assert _("Saved replies") == "Saved replies"
        assert figure(1200.5, 1) == "1,200.5"

    def test_a_text_that_the_catalog_does_not_have_stays_english(self, russian) -> None:
        assert _("Nobody ever wrote this") == "Nobody ever wrote this"

    def test_an_empty_text_stays_empty(self, russian) -> None:
        assert _("") == ""

    @pytest.mark.parametrize(
        ("variable", "value", "language"),
        [
            ("LANG", "ru_RU.UTF-8", "ru"),
            ("LC_ALL", "ru", "ru"),
            ("LC_MESSAGES", "ru.KOI8-R", "ru"),
            ("LANG", "de_DE.UTF-8", "en"),
            ("LANG", "C", "en"),
        ],
    )
    def test_that_of_the_terminal(self, monkeypatch, variable: str, value: str, language: str) -> None:
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(variable, value)
        assert language_of_terminal() == language

    def test_the_first_variable_that_is_set_decides(self, monkeypatch) -> None:
        monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
        monkeypatch.setenv("LANG", "ru_RU.UTF-8")
        assert language_of_terminal() == "en"

    def test_one_english_word_in_two_senses(self, russian) -> None:
        assert said("dialogs in a list", "open") == "открытые"
        assert _("open") == "открыт"

    def test_a_text_of_a_table_stays_as_it_is(self, russian) -> None:
        assert marked("Saved replies") == "Saved replies"


class TestNumbers:
    @pytest.mark.parametrize(
        ("count", "words"),
        [
            (0, "0 диалогов"), (1, "1 диалог"), (2, "2 диалога"), (4, "4 диалога"), (5, "5 диалогов"),
            (11, "11 диалогов"), (14, "14 диалогов"), (21, "21 диалог"), (22, "22 диалога"), (111, "111 диалогов"),
            (1001, "1001 диалог"),
        ],
    )  # fmt: skip
    def test_forms(self, russian, count: int, words: str) -> None:
        assert counted("{count} dialog", "{count} dialogs", count) == words

    def test_english_forms(self) -> None:
        assert counted("{count} dialog", "{count} dialogs", 1) == "1 dialog"
        assert counted("{count} dialog", "{count} dialogs", 21) == "21 dialogs"

    def test_thousands(self, russian) -> None:
        assert counted("{count:,} row", "{count:,} rows", 12_302) == "12\u00a0302 строки"
        assert figure(1_234_567.891, 2) == "1\u00a0234\u00a0567,89"

    def test_thousands_in_english(self) -> None:
        assert counted("{count:,} row", "{count:,} rows", 12_302) == "12,302 rows"
        assert figure(1_234_567.891, 2) == "1,234,567.89"

    def test_money(self, russian) -> None:
        assert money(118.5, "EUR") == "118,50 EUR"
        assert money(1200, "EUR") == "1\u00a0200 EUR"
        assert money(89, cents=True) == "89,00"

    def test_sizes(self, russian) -> None:
        assert [size_text(size) for size in (512, 4096, 1_572_864)] == ["512 Б", "4 КБ", "1,5 МБ"]

    def test_yes_and_no(self, russian) -> None:
        assert (value_text(True), value_text(False)) == ("да", "нет")


class TestTimes:
    def test_days(self, russian) -> None:
        days = [day(NOW - many * DAY, NOW, UTC) for many in (0, 1, 2, 30, 400)]
        assert days == ["Сегодня", "Вчера", "Понедельник", "2 фев", "28 янв 2025"]

    def test_days_in_english(self) -> None:
        days = [day(NOW - many * DAY, NOW, UTC) for many in (0, 1, 2, 30, 400)]
        assert days == ["Today", "Yesterday", "Monday", "2 Feb", "28 Jan 2025"]

    def test_how_long_ago_takes_six_cells_at_most(self, russian) -> None:
        told = [
            ago(NOW - past, NOW, UTC) for past in (0, 59 * MINUTE, 23 * HOUR, 6 * DAY, 40 * DAY, 500 * DAY)
        ]
        assert told == ["сейчас", "59 мин", "23 ч", "6 дн", "23 янв", "10.24"]
        assert max(map(len, told)) == 6

    def test_lengths(self, russian) -> None:
        told = [span(length) for length in (40_000, 4 * MINUTE, 3 * HOUR + 20 * MINUTE, 2 * DAY)]
        assert told == ["40 с", "4 мин", "3 ч 20 мин", "2 дн"]

    @pytest.mark.parametrize(
        ("length", "rough"), [(40_000, "40s"), (3 * HOUR + MINUTE, "3h"), (50 * HOUR, "2d")]
    )
    def test_a_rough_length_has_one_unit(self, length: int, rough: str) -> None:
        assert rough_span(length) == rough

    def test_a_rough_length_in_russian(self, russian) -> None:
        assert rough_span(3 * HOUR + 20 * MINUTE) == "3 ч"

    def test_what_is_to_come_goes_on_a_sentence(self, russian) -> None:
        told = [coming(NOW + many * DAY, NOW, UTC) for many in (0, 1, 3, 20)]
        assert told == ["15:20", "завтра 15:20", "сб 15:20", "24 мар 15:20"]

    @pytest.mark.parametrize("typed", ["через 2ч", "завтра 9:00", "пн 10:00", "5 мар"])
    def test_times_that_hints_name_are_understood(self, russian, typed: str) -> None:
        assert typed in _("“{typed}” is no time. Try “in 2h”, “tomorrow 9:00”, “mon 10:00” or “5 mar”.")
        assert moment_typed(typed, NOW, UTC) > NOW


class TestNames:
    def test_events_of_the_vocabulary(self, russian) -> None:
        assert event_name("Product Viewed") == "Смотрел товар"

    def test_an_event_of_the_shops_own_stays_as_it_is(self, russian) -> None:
        assert event_name("Lamp Assembled\x1b[2J") == "Lamp Assembled�"

    def test_channels_and_campaigns(self, russian) -> None:
        assert (channel_words("social"), channel_words("pigeon")) == ("соцсети", "pigeon")
        assert (campaign_words("utm_medium"), campaign_words("utm_id")) == ("вид", "id")

    def test_channels_and_campaigns_in_english_are_what_they_were(self) -> None:
        assert (channel_words("social"), campaign_words("utm_medium")) == ("social", "medium")


class TestRunsOfScenarios:
    def words(self, phase: str, result: str, step: str = "") -> str:
        return run_words(RunProgress("r1", "bot", "v1", phase, step, result))  # type: ignore[arg-type]

    def test_ends(self, russian) -> None:
        assert self.words("ended", "done") == "закончен: прошёл все шаги"
        assert self.words("ended", "exit: Order Completed") == "закончен раньше: Order Completed"
        assert self.words("ended", "scenario paused") == "закончен: сценарий на паузе"
        assert (
            self.words("ended", "dropped: busy with people who hold the dialog")
            == "промолчал: диалог у людей"
        )

    def test_steps(self, russian) -> None:
        assert (
            self.words("step", "waits until 2026-03-04 12:00", "pause") == "pause: ждёт до 2026-03-04 12:00"
        )
        assert self.words("step", "email to a@b.example: Hello: you") == "письмо на a@b.example: Hello: you"

    @pytest.mark.parametrize(
        "result",
        ["said", "case 2: total > 5", "quiet hours: waits until 9:00", "asked, 3 answers", "an unknown one"],
    )
    def test_steps_are_in_english_what_the_trace_says(self, result: str) -> None:
        assert self.words("step", result) == result

    @pytest.mark.parametrize(
        ("result", "words"), [("on Go", "started on Go"), ("", "started"), ("again", "started again")]
    )
    def test_beginnings(self, result: str, words: str) -> None:
        assert self.words("started", result) == words


class TestErrors:
    def test_what_the_server_says(self, russian) -> None:
        error = Refused(Problem("overtaken", "Ann has answered meanwhile.", hint="Try again."), 409)
        assert (error.message, error.advice) == ("Тем временем ответил: Ann.", "Повторите.")

    def test_what_nobody_translated_stays(self, russian) -> None:
        assert from_server("The lamp is out.") == "The lamp is out."

    def test_in_english_it_is_what_the_server_says(self) -> None:
        assert from_server("Ann {0} has answered meanwhile.") == "Ann {0} has answered meanwhile."

    def test_braces_that_are_quoted_stay(self, russian) -> None:
        assert from_server("There is no visitor '{0}'.") == "Нет посетителя '{0}'."

    def test_an_error_without_words_says_its_title(self, russian) -> None:
        error = Unreachable(Problem("unreachable", ""))
        assert error.message == "Сервер не отвечает"
        assert "operator-console doctor" in error.advice
