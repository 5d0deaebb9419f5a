"""Who is let in: live → trigger → holdout → re-entry → audience, and what the trace says of the others."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.engine import refresh
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.stimuli import BroadcastDue, TimePassed

SAY = "steps: [{say: Hello}]"


class TestTrigger:
    @pytest.mark.parametrize(
        "name", ["Order Completed", "order_completed", "orderCompleted", "ORDER COMPLETED"]
    )
    def test_event_names_ignore_case_spaces_and_underscores(self, play, name):
        visitor = play("trigger: [{event: Order Completed}]\n" + SAY)
        visitor.event(name)
        assert visitor.started == ["test"]

    def test_any_of_several_triggers_lets_in_once(self, play):
        visitor = play(
            "trigger: [{event: Go, where: [event.n = 1]}, {event: Go, where: [event.n > 0]}]\n" + SAY
        )
        visitor.go(n=1)
        assert visitor.started == ["test"]
        visitor.go(n=0)
        assert visitor.refused == ["trigger: event.n > 0 (0)"]

    @pytest.mark.parametrize("status", ["draft", "paused", "archived"])
    def test_only_a_live_scenario_lets_in(self, play, status):
        visitor = play(f"status: {status}\n" + SAY)
        visitor.go()
        assert visitor.trace == []

    @pytest.mark.parametrize(
        ("text", "starts"),
        [
            ("I have a promo code!", True),
            ("PROMO  code", True),
            ("promocode", False),
            ("code promo", False),
            ("an order, please", True),
            ("reorder", False),
        ],
    )
    def test_keywords_match_whole_words_ignoring_case(self, play, text, starts):
        visitor = play("trigger: [{keyword: [promo code, order]}]\n" + SAY)
        assert visitor.write(text).taken is starts
        assert (visitor.started == ["test"]) is starts

    def test_a_keyword_whose_answer_comes_later_keeps_the_message_from_people(self, play):
        visitor = play("trigger: [{keyword: [order]}]\nsteps: [{wait: 5s}, {say: Hello}]")
        assert visitor.write("order").taken
        visitor.advance("5s")
        assert visitor.said == ["Hello"]

    @pytest.mark.parametrize("steps", ["{wait: 5s}, {tag: asked}", "{tag: asked}"])
    def test_a_keyword_that_nobody_answers_leaves_the_message_to_people(self, play, steps):
        visitor = play(f"trigger: [{{keyword: [order]}}]\nsteps: [{steps}]")
        assert not visitor.write("order").taken
        assert visitor.started == ["test"]

    def test_keywords_are_not_looked_for_in_a_dialog_that_people_hold(self, play):
        visitor = play("trigger: [{keyword: [order]}]\n" + SAY)
        visitor.operator_writes()
        assert not visitor.write("order").taken
        assert visitor.started == []

    def test_entering_a_segment(self, play):
        visitor = play("trigger: [{segment: vip}]\nsteps: [{say: Welcome}]")
        visitor.event("Segment Entered", segment="vip")
        visitor.event("Segment Entered", segment="others")
        assert visitor.said == ["Welcome"]
        assert visitor.state.segments == ["vip", "others"]

    def test_a_broadcast_goes_to_whom_the_audience_fits(self, play):
        text = "trigger: [{schedule: '0 10 1 * *'}]\naudience: [city = Riga]\n" + SAY
        one, other = play(text), play(text)
        one.change(city="Riga")
        one.tell(BroadcastDue("test"))
        other.tell(BroadcastDue("test"))
        assert (one.said, other.said) == (["Hello"], [])
        assert other.refused == ["audience: city = Riga (unknown)"]


class TestInactive:
    TEXT = "trigger: [{inactive: 7d}]\naudience: [email is known]\n" + SAY

    def test_fires_exactly_so_long_after_the_last_visit(self, play):
        visitor = play(self.TEXT)
        visitor.change(email="a@b.co")
        visitor.event("Page Viewed")
        visitor.advance("6d")
        visitor.event("Page Viewed")
        visitor.advance("6d")
        assert visitor.said == []
        visitor.advance("1d")
        assert visitor.said == ["Hello"]

    def test_once_for_each_silence(self, play):
        visitor = play(self.TEXT)
        visitor.change(email="a@b.co")
        visitor.event("Page Viewed")
        visitor.advance("60d")
        assert visitor.said == ["Hello"]
        visitor.event("Page Viewed")
        visitor.advance("60d")
        assert visitor.said == ["Hello", "Hello"]

    def test_several_scenarios_each_at_its_own_time(self, play):
        late = "scenario: late\ntrigger: [{inactive: 14d}]\nsteps: [{say: Late}]"
        early = "scenario: early\ntrigger: [{inactive: 7d}]\nsteps: [{say: Early}]"
        visitor = play(late, early)
        visitor.event("Page Viewed")
        visitor.advance("7d")
        assert visitor.said == ["Early"]
        visitor.advance("7d")
        assert visitor.said == ["Early", "Late"]

    def test_is_armed_for_those_who_left_before_it_was_published(self, play):
        visitor = play(SAY)
        visitor.event("Page Viewed")
        visitor.change(email="a@b.co")
        visitor.publish(self.TEXT)
        visitor.state = refresh(visitor.state, visitor.catalog, visitor.now, visitor.world)
        visitor.advance("7d")
        assert visitor.said == ["Hello"]

    def test_does_not_write_to_those_whose_silence_is_longer_already(self, play):
        visitor = play(self.TEXT)
        state = VisitorState(id="bob", last_visit=visitor.now - 30 * 86_400_000)
        assert refresh(state, visitor.catalog, visitor.now, visitor.world) is state


class TestHoldout:
    def test_keeps_out_its_share_and_always_the_same_visitors(self, play):
        entered = []
        for number in range(400):
            visitor = play("holdout: 25%\n" + SAY)
            visitor.state = VisitorState(id=f"visitor-{number}")
            visitor.go()
            entered.append(bool(visitor.started))
            visitor.advance("1m")
            visitor.go()
            assert len(visitor.started) == 2 * entered[-1]
        assert 0.68 < sum(entered) / 400 < 0.82

    def test_comes_before_re_entry_and_audience(self, play):
        visitor = play("holdout: 100%\naudience: [email is known]\n" + SAY)
        visitor.go()
        assert visitor.refused == ["held out: he is among the 100%"]


class TestReentry:
    def test_once(self, play):
        visitor = play("reentry: {times: once}\n" + SAY)
        visitor.go()
        visitor.advance("300d")
        visitor.go()
        assert visitor.said == ["Hello"]
        assert visitor.refused == ["re-entry: 1 times already"]

    def test_a_number_of_times(self, play):
        visitor = play("reentry: {times: 2}\n" + SAY)
        for _ in range(4):
            visitor.go()
            visitor.advance("1h")
        assert visitor.said == ["Hello", "Hello"]

    def test_not_sooner_than_counts_from_the_end_of_the_last_run(self, play):
        visitor = play("reentry: {not_sooner_than: 1d}\nsteps: [{wait: 2d}, {say: Hello}]")
        visitor.go()
        visitor.advance("2d")
        visitor.advance("23h")
        visitor.go()
        assert visitor.refused == ["re-entry: the last run ended 82800 s ago"]
        visitor.advance("1h")
        visitor.go()
        assert len(visitor.started) == 2

    def test_each_key_counts_alone(self, play):
        visitor = play("reentry: {times: once, key: event.order_id}\nsteps: [{set: {run.a: b}}]")
        for order in ("1", "2", "1"):
            visitor.go(order_id=order)
        assert len(visitor.started) == 2

    def test_while_running_ignore(self, play):
        visitor = play("steps: [{wait: 1h}, {say: Hello}]")
        visitor.go()
        visitor.go()
        assert visitor.refused == ["re-entry: run ann.1 is on its way"]

    def test_while_running_parallel(self, play):
        visitor = play("reentry: {while_running: parallel}\nsteps: [{wait: 1h}, {set: {run.a: b}}]")
        visitor.go()
        visitor.go()
        assert len(visitor.state.runs) == 2

    def test_while_running_restart_is_a_debounce(self, play):
        visitor = play("reentry: {while_running: restart, times: 1}\nsteps: [{wait: 1h}, {say: Hello}]")
        visitor.go()
        visitor.advance("30m")
        visitor.go()
        visitor.advance("59m")
        assert visitor.said == []
        visitor.advance("1m")
        assert visitor.said == ["Hello"]

    def test_restart_is_over_after_the_first_message(self, play):
        visitor = play("reentry: {while_running: restart}\nsteps: [{say: Hello}, {wait: 1h}, {say: Bye}]")
        visitor.go()
        visitor.advance("30m")
        visitor.go()
        visitor.advance("30m")
        assert visitor.said == ["Hello", "Bye"]

    def test_a_run_that_was_dropped_before_it_spoke_does_not_count(self, play):
        visitor = play("reentry: {times: once}\n" + SAY)
        visitor.operator_writes()
        visitor.go()
        assert visitor.ended == ["dropped: busy with people who hold the dialog"]
        visitor.dialog("")
        visitor.go()
        assert visitor.said == ["Hello"]


class TestAudience:
    def test_a_refusal_names_the_line_and_the_value_it_saw(self, play):
        visitor = play("""
            trigger: [{event: Go}]
            audience:
              - email is unknown
              - cart.total > 100
            steps: [{say: Hello}]
            """)
        visitor.event("Product Added", product_id="1", price=30, quantity=2)
        visitor.go()
        (line,) = [line for line in visitor.trace if line.phase == "refused"]
        assert (line.line, line.result) == (4, "audience: cart.total > 100 (60)")

    def test_logic_names_the_part_that_failed(self, play):
        visitor = play("""
            audience:
              - all: [email is unknown, {any: [city = Riga, city = Oslo]}]
            steps: [{say: Hello}]
            """)
        visitor.go()
        assert visitor.refused == ["audience: any (none holds)"]

    def test_nobody_enters_whom_an_exit_would_throw_out_at_once(self, play):
        visitor = play("exit: [cart.total = 0]\n" + SAY)
        visitor.go()
        assert visitor.refused == ["exit holds already: cart.total = 0"]

    def test_time_alone_changes_nothing(self, play):
        visitor = play(SAY)
        visitor.go()
        state = visitor.state
        visitor.tell(TimePassed())
        assert visitor.last.state is state
