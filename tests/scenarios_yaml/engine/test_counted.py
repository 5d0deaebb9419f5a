"""What a line of the trace says for counting: that a run came to a step, what came of it, and which way it took."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.state import World

QUESTION = "{id: q, ask: Name?, input: text, save_to: visitor.name, timeout: 1h}"
ASKS = f"scenario: asks\ndelivery: {{priority: 90}}\nsteps: [{QUESTION}]"
MENU = """
steps:
  - id: menu
    say: What is it?
    timeout: 1h
    options:
      - {label: Delivery, steps: [{id: told, say: By courier}, {jump: menu}]}
      - {label: Nothing, id: nothing, jump: menu}
    no_answer: [{stop: silence}]
"""
SPLIT = """
goal: {event: Order Completed, within: 7d}
steps:
  - id: half
    split:
      - {name: a, weight: 1, steps: [{tag: a}]}
      - {name: b, weight: 0, steps: [{tag: b}]}
  - {wait: 1d}
"""


def arrivals(visitor: Any) -> list[str]:
    return [line.step for line in visitor.trace if line.came]


def counted(visitor: Any) -> list[tuple[str, str, str, str]]:
    """What counts beside arrivals: the step, as what, which way, and why."""
    return [
        (line.step, line.counted, line.branch, line.reason)
        for line in visitor.trace
        if line.phase == "step" and (line.counted or line.branch or line.reason)
    ]


class TestArrival:
    def test_each_step_to_which_a_run_comes_says_so_once(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.press("Delivery")
        assert arrivals(visitor) == ["menu", "told", "steps.0.options.0.steps.1", "menu"]

    def test_also_a_step_at_which_it_ends(self, play):
        visitor = play("steps: [{tag: x}, {id: enough, stop: enough}]")
        visitor.go()
        assert arrivals(visitor) == ["steps.0", "enough"]

    def test_not_a_step_that_is_switched_off(self, play):
        visitor = play("steps: [{id: off, tag: x, enabled: false}, {id: on, tag: y}]")
        visitor.go()
        assert arrivals(visitor) == ["on"]

    def test_going_on_after_quiet_hours_is_no_second_arrival(self, play):
        visitor = play(
            "steps: [{id: letter, email: {subject: Hi, body: Hi}}]",
            world=World(operators_online=1, quiet_hours=("11:00", "13:00")),
        )
        visitor.change(email="ann@shop.example")
        visitor.go()
        assert visitor.mails == []
        visitor.advance("2h")
        assert visitor.mails == ["Hi"]
        assert arrivals(visitor) == ["letter"]

    def test_nor_is_getting_its_turn(self, play):
        waits = "scenario: waits\ndelivery: {if_busy: queue}\nsteps: [{id: hello, say: Hello}]"
        visitor = play(ASKS, waits)
        visitor.go()
        assert visitor.said == ["Name?"]
        visitor.write("Ann")
        visitor.advance("1m")
        assert visitor.said == ["Name?", "Hello"]
        assert sorted(arrivals(visitor)) == ["hello", "q"]


class TestWhatCameOfIt:
    def test_an_answer_names_its_option(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.press("Nothing")
        assert counted(visitor) == [("menu", "answered", "nothing", "")]

    def test_silence_names_the_branch_that_it_takes(self, play):
        visitor = play(MENU)
        visitor.go()
        visitor.advance("1h")
        assert counted(visitor) == [("menu", "timed_out", "no_answer", "")]

    def test_what_a_visitor_typed_is_no_branch(self, play):
        visitor = play(f"steps: [{QUESTION}]")
        visitor.go()
        visitor.write("Ann")
        assert counted(visitor) == [("q", "answered", "", "")]

    def test_a_rating_is_one(self, play):
        visitor = play("steps: [{id: q, ask: How?, input: rating, save_to: visitor.rating, timeout: 1h}]")
        visitor.go()
        visitor.press("4")
        assert counted(visitor) == [("q", "answered", "4", "")]

    def test_a_pop_up_is_shown_and_then_closed(self, play):
        visitor = play(
            "steps: [{id: offer, popup: {size: small, title: Hi, text: Hi}, on_close: [{tag: x}]}]"
        )
        visitor.go()
        visitor.dismiss()
        assert counted(visitor) == [("offer", "shown", "", ""), ("offer", "closed", "", "")]

    def test_conditions_and_splits_name_the_branch(self, play):
        visitor = play(
            "steps:\n  - {if: [email is known], then: [{tag: x}], else: [{tag: y}]}\n"
            "  - {choose: [{if: [name is known], steps: [{tag: n}]}], otherwise: [{tag: o}]}\n"
        )
        visitor.change(name="Ann")
        visitor.go()
        assert [(branch) for _, _, branch, _ in counted(visitor)] == ["else", "1"]

    def test_a_letter_without_an_address_has_failed(self, play):
        visitor = play("steps: [{id: letter, email: {subject: Hi, body: Hi}, on_error: [{tag: x}]}]")
        visitor.go()
        assert counted(visitor) == [("letter", "failed", "on_error", "no address")]

    def test_the_frequency_cap_suppresses(self, play):
        visitor = play(
            "steps: [{id: letter, email: {subject: Hi, body: Hi}}]",
            world=World(operators_online=1, frequency_cap=(1, 86_400_000)),
        )
        visitor.change(email="ann@shop.example")
        visitor.go()
        visitor.go()
        assert counted(visitor) == [("letter", "suppressed", "", "the frequency cap")]


class TestEnd:
    def ends(self, visitor: Any) -> list[tuple[str, str]]:
        return [(line.counted, line.reason) for line in visitor.trace if line.phase == "ended"]

    def test_names_an_exit_as_the_file_does_and_not_as_the_shop_sent_it(self, play):
        visitor = play("exit: [{event: Order Completed}]\nsteps: [{wait: 1d}]")
        visitor.go()
        visitor.event("order_COMPLETED")
        assert self.ends(visitor) == [("", "exit: Order Completed")]

    def test_leaves_out_the_value_that_a_condition_saw(self, play):
        visitor = play("audience: [name is unknown]\nsteps: [{wait: 1d}, {say: Hello}]")
        visitor.go()
        visitor.change(name="Ann (the first)")
        visitor.advance("1d")
        assert self.ends(visitor) == [("suppressed", "audience: name is unknown")]

    def test_a_restart_is_neither_an_end_nor_a_new_entry(self, play):
        visitor = play("reentry: {times: always, while_running: restart}\nsteps: [{wait: 1d}]")
        visitor.go()
        visitor.go()
        assert self.ends(visitor) == [("restarted", "restarted")]
        assert [line.counted for line in visitor.trace if line.phase == "started"] == ["", "restarted"]

    def test_who_was_dropped_before_he_spoke_is_taken_back(self, play):
        drops = "scenario: drops\nsteps: [{say: Hello}]"
        visitor = play(ASKS, drops)
        visitor.go()
        assert self.ends(visitor) == [("taken_back", "busy with the question of asks")]


class TestVariants:
    def test_a_goal_names_the_variants_that_the_run_took(self, play):
        visitor = play(SPLIT)
        visitor.go()
        visitor.advance("2d")
        visitor.event("Order Completed")
        (goal,) = [line for line in visitor.trace if line.phase == "goal"]
        assert [(one.step, one.variant) for one in goal.took] == [("half", "a")]


class TestHeldOut:
    def test_is_told_once_for_whom_the_goal_is_watched(self, play):
        visitor = play("holdout: 100%\ngoal: {event: Order Completed, within: 7d}\nsteps: [{tag: x}]")
        visitor.go()
        visitor.go()
        lines = [line for line in visitor.trace if line.phase == "held_out"]
        assert [(line.run, line.scenario) for line in lines] == [("", "test")]

    def test_not_where_the_audience_would_have_refused_him(self, play):
        head = "holdout: 100%\ngoal: {event: Order Completed, within: 7d}\naudience: [email is known]\n"
        visitor = play(head + "steps: [{tag: x}]")
        visitor.go()
        assert [line.phase for line in visitor.trace] == ["refused"]
