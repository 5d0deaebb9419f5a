"""Branches, jumps, calls; tags, properties, events that scenarios make; what stops a run without an end."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import ChangeProperties, EmitEvent, TagDialog
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.engine.stimuli import Happened
from scenarios_yaml.language.model import Jump, Set


class TestBranches:
    def test_if_then_and_else_go_on_below(self, play):
        visitor = play("""
            steps:
              - if: [event.n > 1, email is unknown]
                then: [{say: many}]
                else: [{say: few}]
              - say: below
            """)
        visitor.go(n=2)
        visitor.advance("1m")
        visitor.go(n=1)
        assert visitor.said == ["many", "below", "few", "below"]
        assert "else: event.n > 1 (1)" in visitor.steps

    def test_choose_takes_the_first_case_that_holds(self, play):
        visitor = play("""
            steps:
              - choose:
                  - if: [event.n > 10]
                    steps: [{say: ten}]
                  - if: [event.n > 1]
                    steps: [{say: one}]
                otherwise: [{say: none}]
              - say: below
            """)
        for n in (20, 5, 0):
            visitor.go(n=n)
            visitor.advance("1m")
        assert visitor.said == ["ten", "below", "one", "below", "none", "below"]

    def test_split_is_sticky_and_keeps_to_its_weights(self, play):
        visitor = play("""
            steps:
              - split:
                  - {name: a, weight: 3, steps: [{set: {visitor.arm: a}}]}
                  - {name: b, weight: 1, steps: [{set: {visitor.arm: b}}]}
            """)
        arms = []
        for number in range(400):
            state = VisitorState(id=f"v{number}")
            for _ in range(2):
                outcome = advance(state, visitor.catalog, Happened("Go"), visitor.now, visitor.world)
                state = outcome.state
                arms.append(state.properties["arm"])
        assert arms[::2] == arms[1::2]
        assert 0.68 < arms.count("a") / len(arms) < 0.82

    def test_a_step_that_is_switched_off_is_passed_over_with_its_branches(self, play):
        visitor = play("""
            steps:
              - say: Well?
                enabled: false
                options: [{label: "Yes"}]
              - say: below
            """)
        visitor.go()
        assert visitor.said == ["below"]


class TestJumpAndCall:
    def test_call_comes_back_and_jump_does_not(self, play):
        visitor = play("""
            steps:
              - call: greet
              - say: after the call
              - jump: bye
              - say: never
            blocks:
              greet: [{say: hello}]
              bye: [{say: bye}]
            """)
        visitor.go()
        assert visitor.said == ["hello", "after the call", "bye"]

    def test_calls_may_be_nested_and_hold_waits(self, play):
        visitor = play("""
            steps: [{call: outer}, {say: end}]
            blocks:
              outer: [{call: inner}, {say: outer}]
              inner: [{wait: 1h}, {say: inner}]
            """)
        visitor.go()
        visitor.advance("1h")
        assert visitor.said == ["inner", "outer", "end"]

    def test_a_jump_out_of_a_called_block_forgets_the_call(self, play):
        visitor = play("""
            steps:
              - call: ask
              - say: after the call
              - id: last
                say: last
            blocks:
              ask: [{if: [email is unknown], then: [{jump: last}]}]
            """)
        visitor.go()
        assert visitor.said == ["last"]

    def test_a_jump_back_to_an_id(self, play):
        visitor = play("""
            steps:
              - id: menu
                say: Well?
                options: [{label: Again, jump: menu}, {label: Stop}]
            """)
        visitor.go()
        visitor.press("Again")
        visitor.press("Again")
        visitor.press("Stop")
        assert visitor.said == ["Well?"] * 3


class TestFacts:
    def test_set_writes_texts_and_values(self, play):
        visitor = play("""
            steps:
              - set:
                  visitor.plan: gold
                  visitor.score: 5
                  run.greeting: "Hi {{ visitor.plan }}"
                  visitor.ok: true
              - say: "{{ run.greeting }}"
            """)
        visitor.go()
        assert visitor.state.properties == {"plan": "gold", "score": 5, "ok": True}
        assert visitor.got(ChangeProperties) == [
            ChangeProperties("test", {"plan": "gold", "score": 5, "ok": True})
        ]

    def test_tags_come_and_go_and_are_events(self, play):
        other = """
            scenario: other
            trigger: [{event: Tag Added, where: [event.tag = hot]}]
            steps: [{set: {visitor.a: 1}}]
            """
        visitor = play("steps: [{tag: hot}, {tag: hot}, {untag: cold}]", other)
        visitor.change(tags=("cold",))
        visitor.go()
        assert visitor.state.tags == ["hot"]
        assert visitor.started == ["test", "other"]
        assert visitor.got(ChangeProperties)[0].tags_added == ("hot",)

    def test_a_tag_is_put_on_the_dialog_of_the_run(self, play):
        visitor = play("steps: [{tag: before}, {say: Hello}, {tag: hot}]")
        visitor.go()
        assert visitor.all(TagDialog) == [TagDialog(("hot",))]

    def test_emit_is_journaled_and_starts_others_in_the_same_call(self, play):
        other = "scenario: other\ntrigger: [{event: Lead Won}]\nsteps: [{set: {visitor.n: '{{ event.n }}'}}]"
        visitor = play("steps: [{emit: {event: Lead Won, properties: {n: 7}}}]", other)
        visitor.go()
        assert visitor.all(EmitEvent) == [EmitEvent("Lead Won", {"n": 7}, "test")]
        assert visitor.state.properties["n"] == "7"
        assert visitor.state.history["leadwon"].count == 1

    def test_subscribe_and_unsubscribe(self, play):
        visitor = play("steps: [{subscribe: news}, {subscribe: offers}, {unsubscribe: news}]")
        visitor.go()
        assert (visitor.state.lists, visitor.state.unsubscribed) == (["offers"], ["news"])
        assert visitor.events == ["Subscribed", "Subscribed", "Unsubscribed"]

    def test_start_enters_another_scenario_by_its_own_rules(self, play):
        other = "scenario: other\ntrigger: [{event: Never}]\naudience: [event.n = 1]\nsteps: [{say: Other}]"
        visitor = play("steps: [{start: other}]", other)
        visitor.go(n=1)
        visitor.go(n=2)
        assert visitor.said == ["Other"]
        assert visitor.refused == ["audience: event.n = 1 (2)"]

    def test_stop_tells_its_reason(self, play):
        visitor = play("steps: [{stop: no address}, {say: never}]")
        visitor.go()
        assert (visitor.said, visitor.ended) == ([], ["stop: no address"])


class TestLoops:
    def test_a_hundred_steps_without_a_pause_stop_the_run(self, play, read):
        spins = read("steps: [{id: a, set: {run.n: 1}}]")
        step = spins.steps[0]
        assert isinstance(step, Set)
        back = Jump(key="steps.1", target="a")
        visitor = play(read("steps: [{id: a, set: {run.n: 1}}]", steps=(step, back)))
        visitor.go()
        assert visitor.ended == ["100 steps without a pause"]
        assert visitor.state.runs == []

    def test_a_thousand_steps_stop_the_run(self, play):
        visitor = play("steps: [{id: a, wait: 1m}, {jump: a}]")
        visitor.go()
        visitor.advance("2d")
        assert visitor.ended == ["1000 steps"]

    @pytest.mark.parametrize("step", ["{emit: {event: Go}}", "{start: test}"])
    def test_scenarios_that_set_each_other_off_end(self, play, step):
        visitor = play(f"steps: [{step}]\nreentry: {{while_running: parallel}}")
        visitor.go()
        assert visitor.ended[-1] == "scenarios set each other off without end"
        assert len(visitor.started) <= 110
