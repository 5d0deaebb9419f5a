"""The figures of a scenario as they are told: shares with their intervals, and verdicts that do not overreach."""

from __future__ import annotations

from datetime import date

import pytest

from operator_console.designer.figures.numbers import interval_bar, per_cent, points, thin_bar
from operator_console.designer.figures.story import Story, story
from operator_console.designer.figures.words import trial_verdict, verdict
from operator_console.designer.outline.rows import outline
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import DayFigures, ScenarioFigures, StepFigures, VariantFigures

TESTED = """\
scenario: tested
title: Tested
trigger:
  - event: Session Started
goal: {event: Order Completed, within: 3d}
steps:
  - id: offer
    split:
      - {name: a, weight: 50, steps: [{say: "A"}]}
      - {name: b, weight: 50, steps: [{say: "B"}]}
  - say: Thank you.
"""


def told(text: str = TESTED, days: int = 30, **figures: object) -> Story:
    rows = outline(Document(text), "en")
    whole = ScenarioFigures("tested", 1, **figures)  # type: ignore[arg-type]
    return story(whole, rows, lambda _version, step: step, today=date(2026, 3, 2), days=days)


class TestAgainstNothing:
    def test_few_visitors_are_too_few_for_a_verdict(self) -> None:
        words, colour = verdict(told(entered=40, goal=6, held_out=5, held_out_goal=0))
        assert words.startswith("Too early to tell")
        assert colour == "warm"

    def test_a_clear_difference_is_told_with_its_margin(self) -> None:
        words, colour = verdict(told(entered=4000, goal=600, held_out=2000, held_out_goal=150))
        assert words.startswith("It does better than nothing: +7.5 points (between +")
        assert colour == "good"

    def test_what_harms_is_told_too(self) -> None:
        words, colour = verdict(told(entered=4000, goal=150, held_out=2000, held_out_goal=150))
        assert words.startswith("It does worse than nothing: −")
        assert colour == "hot"

    def test_without_anybody_held_out_it_says_how_to_compare(self) -> None:
        assert "Nobody is held out" in verdict(told(entered=4000, goal=600))[0]

    def test_without_a_goal_nothing_is_claimed(self) -> None:
        aimless = TESTED.replace("goal: {event: Order Completed, within: 3d}\n", "")
        assert "It has no goal" in verdict(told(aimless, entered=10))[0]


class TestVariants:
    def test_stand_side_by_side_and_the_leader_is_named(self) -> None:
        (trial,) = told(
            variants=(
                VariantFigures("offer", "v1", "a", 1000, 200),
                VariantFigures("offer", "v1", "b", 1000, 100),
            )
        ).trials
        assert [(one.name, one.entered.count, one.goal.count) for one in trial.variants] == [
            ("a", 1000, 200),
            ("b", 1000, 100),
        ]
        assert trial_verdict(trial)[0].startswith("“a” does better than “b”: +10.0 points")

    def test_a_small_lead_is_no_victory(self) -> None:
        (trial,) = told(
            variants=(VariantFigures("offer", "v1", "a", 60, 7), VariantFigures("offer", "v1", "b", 60, 9))
        ).trials
        assert trial_verdict(trial)[0].startswith("Too early to tell: “b” is ahead of “a”")


class TestDays:
    def test_each_day_of_the_period_has_its_place(self) -> None:
        days = told(days=7).days
        assert [one.day for one in days] == [f"2026-02-{day}" for day in range(24, 29)] + [
            "2026-03-01",
            "2026-03-02",
        ]

    def test_all_the_time_begins_with_the_first_day_that_is_told(self) -> None:
        rows = outline(Document(TESTED), "en")
        whole = ScenarioFigures("tested", 1, days=(DayFigures("2026-02-20", 3, 1),))
        days = story(whole, rows, lambda _v, step: step, today=date(2026, 3, 2), days=0).days
        assert (len(days), days[0].entered, days[-1].day) == (11, 3, "2026-03-02")


class TestMessages:
    def test_are_told_by_their_words_with_what_became_of_them(self) -> None:
        step = StepFigures("steps.1", "v1", reached=50, delivered=49, seen=20)
        (message,) = told(steps=(step,)).messages
        assert "Thank you." in message.name
        assert [(one.figure, one.count) for one in message.numbers] == [("delivered", 49), ("seen", 20)]
        assert message.reached.sources == (("v1", "steps.1"),), (
            "a step without an id is known only in its version"
        )


class TestNumbers:
    @pytest.mark.parametrize(
        ("share", "shown"),
        [(0, "0 %"), (0.0001, "0.1 %"), (0.004, "0.4 %"), (0.64, "64 %"), (0.999, "99 %"), (1, "100 %")],
    )
    def test_what_is_little_is_not_nothing_and_what_is_nearly_all_is_not_all(self, share, shown) -> None:
        assert per_cent(share) == shown

    def test_bars_have_their_width_and_show_the_least_thing(self) -> None:
        assert thin_bar(0, 4) == ("", "────")
        assert thin_bar(0.001, 4) == ("╸", "───")
        assert thin_bar(1, 4) == ("━━━━", "")
        assert len(interval_bar(0.1, 0.2, 0.4, 20, 0.5)) == 20

    def test_differences_have_their_sign(self) -> None:
        assert (points(0.031), points(-0.004)) == ("+3.1", "−0.4")
