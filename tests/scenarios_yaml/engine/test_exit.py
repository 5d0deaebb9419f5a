"""Exits: they are continuous and win over everything."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import HidePopup, QuestionClosed, SendChat
from scenarios_yaml.language.durations import parse_duration

CART = """
scenario: abandoned-cart
trigger: [{event: Product Added}]
audience: [cart.total > 0]
exit:
  - event: Order Completed
  - cart.total = 0
steps:
  - wait: 3d
  - email: {subject: Your cart is waiting, body: x}
  - wait: 3d
  - email: {subject: Once more, body: x}
"""
ASKS = """
exit: [{event: Order Completed, where: [event.total > 100]}]
steps:
  - say: Well?
    options: [{label: "Yes"}]
"""


def shopper(play, *texts):
    visitor = play(*texts)
    visitor.change(email="ann@shop.example")
    visitor.event("Product Added", product_id="p1", name="Lamp", price=1200, quantity=1)
    return visitor


class TestExit:
    def test_an_event_ends_the_run_while_it_waits(self, play):
        visitor = shopper(play, CART)
        visitor.advance("3d")
        visitor.event("Order Completed", order_id="o1", total=1200)
        visitor.advance("10d")
        assert visitor.mails == ["Your cart is waiting"]
        assert visitor.ended == ["exit: Order Completed"]
        assert [line.line for line in visitor.trace if line.phase == "ended"] == [5]

    def test_a_condition_ends_the_run_as_soon_as_it_holds(self, play):
        visitor = shopper(play, CART)
        visitor.event("Product Removed", product_id="p1")
        assert visitor.ended == ["exit: cart.total = 0"]

    def test_an_event_whose_where_does_not_hold_ends_nothing(self, play):
        visitor = play(ASKS)
        visitor.go()
        visitor.event("Order Completed", total=50)
        assert visitor.run.waiting.kind == "answer"
        visitor.event("Order Completed", total=150)
        assert visitor.state.runs == []

    def test_takes_back_the_open_question(self, play):
        visitor = play(ASKS)
        visitor.go()
        visitor.event("Order Completed", total=150)
        assert visitor.got(QuestionClosed) == [QuestionClosed(visitor.all(SendChat)[0].id)]

    def test_takes_down_the_pop_up(self, play):
        visitor = play("exit: [{event: Out}]\nsteps: [{popup: {size: mini, title: T, text: x}}]")
        visitor.go()
        visitor.event("Out")
        assert visitor.got(HidePopup) == [HidePopup("ann.1.1", "withdrawn")]
        assert visitor.state.popup == ""

    def test_wins_over_a_wait_for_the_same_event(self, play):
        visitor = play("""
            exit: [{event: Order Completed}]
            steps: [{wait_for: {event: Order Completed, up_to: 1d}, then: [{say: Thanks}]}]
            """)
        visitor.go()
        visitor.event("Order Completed")
        assert visitor.said == []

    def test_wins_over_a_timer_of_the_same_moment(self, play):
        visitor = play("exit: [last_visit more than 1h ago]\nsteps: [{wait: 2h}, {say: Still here?}]")
        visitor.event("Page Viewed")
        visitor.go()
        visitor.advance("2h")
        assert visitor.said == []
        assert visitor.ended == ["exit: last_visit more than 1h ago"]

    def test_a_scenarios_own_step_may_end_it(self, play):
        visitor = play("exit: [tagged done]\nsteps: [{tag: done}, {wait: 1h}, {say: Hello}]")
        visitor.go()
        assert visitor.ended == ["exit: tagged done"]

    def test_is_asked_again_when_a_message_goes_out(self, play):
        visitor = play("exit: [tagged done]\nsteps: [{tag: done}, {say: Hello}]")
        visitor.go()
        assert visitor.said == []

    def test_an_event_that_the_scenario_emits_may_end_it(self, play):
        visitor = play("exit: [{event: Lead Won}]\nsteps: [{emit: {event: Lead Won}}, {wait: 1h}, {say: x}]")
        visitor.go()
        assert visitor.ended == ["exit: Lead Won"]


class TestAudienceWhileRunning:
    def test_is_asked_again_at_each_message(self, play):
        visitor = play("audience: [not tagged buyer]\nsteps: [{say: One}, {wait: 1d}, {say: Two}]")
        visitor.go()
        visitor.change(tags=("buyer",))
        visitor.advance("1d")
        assert visitor.said == ["One"]
        assert visitor.ended == ["audience: not tagged buyer (tagged)"]

    def test_is_not_asked_about_what_the_run_itself_has_changed(self, play):
        visitor = play("""
            audience: [email is unknown]
            steps:
              - {ask: Your email?, input: email, save_to: visitor.email, timeout: 1h}
              - wait: 1d
              - email: {subject: Hello, body: x}
            """)
        visitor.go()
        visitor.write("ann@shop.example")
        visitor.advance("1d")
        assert visitor.mails == ["Hello"]

    def test_a_bot_answers_whom_it_has_asked(self, play):
        visitor = play("""
            audience: [page.path = "/delivery"]
            steps: [{say: Well?, options: [{label: "Yes", steps: [{say: Good}]}]}]
            """)
        visitor.event("Page Viewed", path="/delivery")
        visitor.go()
        visitor.event("Page Viewed", path="/elsewhere")
        visitor.press("Yes")
        assert visitor.said == ["Well?", "Good"]

    def test_a_paused_scenario_sends_nothing_more(self, play, read):
        text = "steps: [{wait: 1d}, {say: Hello}]"
        visitor = play(text)
        visitor.go()
        visitor.publish(read(text, status="paused"))
        visitor.advance("1d")
        assert visitor.ended == ["scenario paused"]


class TestExitByTime:
    """An exit that comes to hold because time has passed ends the run at that moment, whatever the run waits for."""

    @pytest.mark.parametrize(
        ("condition", "after"),
        [
            ("last_visit more than 7d ago", "7d"),
            ("did not page_viewed in 3d", "3d"),
            ("did page_viewed < 1 times in 3d", "3d"),
            ("now in 22:00-23:00", "10h"),
            ("weekday in [wed]", "1d12h"),
        ],
    )
    def test_ends_it_at_that_moment(self, play, condition, after):
        visitor = play(f"""
            exit:
              - {condition}
            steps: [{{say: Well?, timeout: 20d, options: [{{label: 'Yes'}}]}}]
            """)
        visitor.event("Page Viewed")
        visitor.go()
        start = visitor.now
        visitor.advance("19d")
        (line,) = [line for line in visitor.trace if line.phase == "ended"]
        assert line.result == f"exit: {condition}"
        assert line.at - start == parse_duration(after)

    def test_moves_on_while_he_comes_back(self, play):
        visitor = play("exit: [last_visit more than 7d ago]\nsteps: [{wait: 30d}]")
        visitor.event("Page Viewed")
        visitor.go()
        visitor.advance("6d")
        visitor.event("Page Viewed")
        visitor.advance("6d")
        assert visitor.ended == []
        visitor.advance("1d")
        assert visitor.ended == ["exit: last_visit more than 7d ago"]
