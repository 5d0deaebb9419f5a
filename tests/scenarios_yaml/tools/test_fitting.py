"""A visitor can be made one whom the scenario lets in, whatever it asks of him."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.tools.playing.player import Player, Refused

SEGMENT = "segment: rich\ntitle: Rich\nconditions:\n  - visits > 2\n  - cart.total > 500\n"


def player(conditions: str, trigger: str = "{event: Go}", head: str = "") -> Player:
    text = (
        f"scenario: a\ntitle: A\ntrigger: [{trigger}]\naudience: {conditions}\n{head}steps: [{{say: Hi}}]\n"
    )
    result = read_scenario(text)
    assert result.scenario is not None, [str(problem) for problem in result.errors]
    segment = read_segment(SEGMENT).segment
    assert segment is not None
    return Player([result.scenario], [segment])


def is_let_in(playing: Player) -> bool:
    """After `:fit` and `:start`: whether his run has begun."""
    playing.feed(":fit")
    playing.feed(":start")
    return any(line.phase == "started" for line in playing.trace)


class TestFitting:
    @pytest.mark.parametrize(
        "condition",
        [
            "email is known",
            "push is subscribed",
            "visitor.vip is true",
            "visitor.plan = gold",
            "visitor.points > 5",
            "visitor.points <= 5",
            "city in [Prague, Brno]",
            'email ends with ".example"',
            "cart.total > 3000",
            "cart.items is not empty",
            "visitor.viewed is not empty",
            "order.total is known",
            "did order_completed",
            "did product_viewed >= 3 times in 7d",
            "did product_added in 1h where category = lamps",
            "sum(order_completed.total) > 10000 in 30d",
            "last_visit more than 7d ago",
            "last_order more than 30d ago",
            "visits > 3",
            "tagged vip",
            "visitor.birthday in this month",
            "visitor.birthday is today",
            "operators online > 2",
            "in segment rich",
            "in segment told-by-others",
            "not tagged newcomer",
        ],
    )
    def test_each_condition_can_be_met(self, condition: str) -> None:
        assert is_let_in(player(f"['{condition}']"))

    def test_what_must_not_be_unknown_becomes_known(self) -> None:
        assert is_let_in(player("[{not: email is unknown}]"))

    def test_the_visit_that_starts_it_is_counted(self) -> None:
        playing = player("[visits = 3]", "{event: Session Started}")
        assert is_let_in(playing)
        assert playing.state.visits == 3

    def test_all_of_them_together_with_what_takes_time_first(self) -> None:
        conditions = "[last_order more than 2d ago, did product_viewed in 1h, email is known]"
        assert is_let_in(player(conditions))

    def test_of_several_the_first_for_which_something_can_be_done(self) -> None:
        assert is_let_in(player('[{any: [page.title = nowhere, "email is known"]}]'))

    def test_a_birthday_is_that_of_the_day_on_which_the_broadcast_goes_out(self) -> None:
        assert is_let_in(player("[visitor.birthday is today]", "{at: 2026-07-15 10:00}"))

    def test_an_exit_that_holds_already_is_taken_out_of_the_way(self) -> None:
        assert is_let_in(player("[visits >= 0]", head="exit: [cart.items is empty]\n"))

    def test_where_nothing_is_known_that_would_help_it_is_said(self) -> None:
        (refused,) = player("[page.title = nowhere]").feed(":fit")
        assert isinstance(refused, Refused)
        assert refused.message == "nothing is known that would make him fit"
