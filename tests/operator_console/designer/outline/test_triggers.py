"""What starts a scenario, in plain words: also for the list of scenarios."""

from __future__ import annotations

import pytest

from operator_console.designer.outline.triggers import exit_words, goal_words, trigger_words
from scenarios_yaml.language.condition_parser import parse_condition
from scenarios_yaml.language.model import Goal, OnEvent, OnInactive, OnKeyword, OnSchedule, OnSegment

DAY = 86_400_000
CHECKOUT = parse_condition('page.path not starts with "/checkout"')
PAIRS = [
    (OnEvent(event="Exit Intent"), "Exit Intent", "Собрался уйти"),
    (
        OnEvent(event="exit_intent", where=(CHECKOUT,)),
        "Exit Intent, where page does not start with /checkout",
        "Собрался уйти, где страница не начинается с /checkout",
    ),
    (OnEvent(event="Lamp Assembled"), "Lamp Assembled", "Lamp Assembled"),
    (OnEvent(event="Page Viewed"), "Page Viewed", "Смотрел страницу"),
    (OnInactive(duration=7 * DAY), "no visit for 7 days", "не заходил 7 дней"),
    (OnSegment(segment="big-spenders"), "enters segment big-spenders", "вошёл в сегмент big-spenders"),
    (
        OnKeyword(words=("order", "my order", "заказ")),
        "writes “order”, “my order” or “заказ” in the chat",
        "пишет в чат «order», «my order» или «заказ»",
    ),
    (
        OnSchedule(cron="0 10 1 * *"),
        "broadcast on day 1 of each month at 10:00",
        "рассылка 1-го числа каждого месяца в 10:00",
    ),
    (
        OnSchedule(at="2026-08-30 10:00"),
        "broadcast once, 30 Aug 2026, 10:00",
        "рассылка один раз, 30 авг 2026, 10:00",
    ),
]


class TestTriggers:
    @pytest.mark.parametrize(("trigger", "english", "_russian"), PAIRS)
    def test_in_english(self, trigger, english: str, _russian: str) -> None:
        assert trigger_words(trigger) == english

    @pytest.mark.parametrize(("trigger", "_english", "words"), PAIRS)
    def test_in_russian(self, russian, trigger, _english: str, words: str) -> None:
        assert trigger_words(trigger) == words

    def test_a_strangers_event_is_cleaned(self) -> None:
        assert "\x1b" not in trigger_words(OnEvent(event="\x1b]0;owned\x07Lamp"))


class TestEnds:
    def test_a_goal(self) -> None:
        goal = Goal(event="order_completed", within=3 * DAY, where=(parse_condition("event.total > 100"),))
        assert goal_words(goal) == "Order Completed within 3 days, where sum more than 100"

    def test_an_exit_by_event_and_by_condition(self) -> None:
        assert exit_words(OnEvent(event="Order Completed")) == "Order Completed"
        assert exit_words(parse_condition("cart.total = 0")) == "cart total is 0"
