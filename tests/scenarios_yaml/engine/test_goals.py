"""Goals: watched from the start of a run, also after its end, and for those who are held out."""

from __future__ import annotations

from scenarios_yaml.engine.state import GOALS_LIMIT
from scenarios_yaml.engine.stimuli import Happened

GOAL = "goal: {event: Order Completed, within: 7d, where: [event.total > 100]}\n"


class TestGoal:
    def test_is_reached_by_the_event_within_its_time(self, play):
        visitor = play(GOAL + "steps: [{wait: 30d}]")
        visitor.go()
        visitor.advance("1d2h")
        visitor.event("order_completed", order_id="o", total=200)
        (line,) = [line for line in visitor.trace if line.phase == "goal"]
        assert (line.run, line.result, line.scenario) == ("ann.1", "Order Completed after 1d2h", "test")

    def test_also_after_the_run_has_ended(self, play):
        visitor = play(GOAL + "exit: [{event: Order Completed}]\nsteps: [{say: Hello}]")
        visitor.go()
        assert visitor.state.runs == []
        visitor.advance("3d")
        visitor.event("Order Completed", total=200)
        assert visitor.goals == ["Order Completed after 3d"]

    def test_once_for_each_run(self, play):
        visitor = play(GOAL + "steps: [{tag: x}]")
        visitor.go()
        visitor.advance("1h")
        visitor.go()
        visitor.event("Order Completed", total=200)
        visitor.event("Order Completed", total=200)
        assert visitor.goals == ["Order Completed after 1h", "Order Completed after 0s"]

    def test_not_by_an_event_that_its_where_refuses_nor_too_late(self, play):
        visitor = play(GOAL + "steps: [{tag: x}]")
        visitor.go()
        visitor.event("Order Completed", total=50)
        visitor.advance("7d")
        visitor.event("Order Completed", total=200)
        assert visitor.goals == []

    def test_not_by_the_event_that_started_the_run(self, play):
        visitor = play("trigger: [{event: Order Completed}]\n" + GOAL + "steps: [{tag: x}]")
        visitor.event("Order Completed", total=200)
        assert visitor.goals == []
        visitor.advance("1d")
        visitor.event("Order Completed", total=200)
        assert visitor.goals == ["Order Completed after 1d"]

    def test_when_it_happened_counts_and_not_when_it_was_told(self, play):
        visitor = play(GOAL + "steps: [{tag: x}]")
        start = visitor.now
        visitor.go()
        visitor.advance("8d")
        visitor.tell(Happened("Order Completed", {"total": 200}, start - 1))
        assert visitor.goals == []
        visitor.tell(Happened("Order Completed", {"total": 200}, start + 60_000))
        assert visitor.goals == ["Order Completed after 1m"]

    def test_a_run_that_was_restarted_or_dropped_has_none(self, play):
        visitor = play(GOAL + "reentry: {while_running: restart}\nsteps: [{wait: 1h}, {say: x}]")
        visitor.go()
        visitor.advance("10m")
        visitor.go()
        visitor.event("Order Completed", total=200)
        assert visitor.goals == ["Order Completed after 0s"]

    def test_of_an_older_version_is_that_versions(self, play):
        visitor = play(GOAL + "steps: [{tag: x}]")
        visitor.go()
        visitor.publish(
            "goal: {event: Order Completed, within: 1h, where: [event.total > 1000]}\nsteps: [{tag: x}]"
        )
        visitor.advance("1d")
        visitor.event("Order Completed", total=200)
        assert visitor.goals == ["Order Completed after 1d"]

    def test_no_more_than_some_are_watched(self, play):
        visitor = play(GOAL + "steps: [{tag: x}]")
        for _ in range(GOALS_LIMIT + 20):
            visitor.go()
        assert len(visitor.state.goals) == GOALS_LIMIT


class TestHeldOut:
    HEAD = "holdout: 100%\naudience: [email is known]\n" + GOAL

    def test_is_watched_where_he_would_have_been_let_in(self, play):
        visitor = play(self.HEAD + "steps: [{say: Hello}]")
        visitor.go()
        visitor.event("Order Completed", total=200)
        assert visitor.goals == []
        visitor.change(email="ann@shop.example")
        visitor.go()
        visitor.advance("2d")
        visitor.event("Order Completed", total=200)
        (line,) = [line for line in visitor.trace if line.phase == "goal"]
        assert (line.run, line.result) == ("", "Order Completed after 2d (held out)")
        assert visitor.said == []

    def test_as_often_as_a_run_would_have_been(self, play):
        visitor = play(self.HEAD + "reentry: {times: once}\nsteps: [{say: Hello}]")
        visitor.change(email="ann@shop.example")
        for _ in range(3):
            visitor.go()
            visitor.event("Order Completed", total=200)
        assert len(visitor.goals) == 1

    def test_once_at_a_time(self, play):
        visitor = play(self.HEAD + "steps: [{say: Hello}]")
        visitor.change(email="ann@shop.example")
        visitor.go()
        visitor.go()
        assert len(visitor.state.goals) == 1
