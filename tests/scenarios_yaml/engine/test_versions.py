"""Publishing while visitors are on their way: who stays on his version, who follows, and what is gone."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import SendChat

BOT = "steps: [{id: menu, say: Old question?, options: [{label: 'Yes', steps: [{say: Old answer}]}]}]"
NEW_BOT = BOT.replace("Old", "New")
SERIES = """
steps:
  - id: first
    email: {subject: First, body: x}
  - id: pause
    wait: 3d
  - id: second
    email: {subject: Second, body: x}
"""


def mailed(play, *texts):
    visitor = play(*texts)
    visitor.change(email="ann@shop.example")
    visitor.go()
    return visitor


class TestBotDialogs:
    def test_stay_on_the_version_they_started_with(self, play):
        visitor = play(BOT)
        visitor.go()
        visitor.publish(NEW_BOT)
        visitor.press("Yes")
        assert visitor.said == ["Old question?", "Old answer"]

    def test_follow_the_live_one_where_theirs_is_no_longer_kept(self, play):
        visitor = play(BOT)
        visitor.go()
        visitor.publish(NEW_BOT, older=[])
        visitor.press("Yes")
        assert visitor.said == ["Old question?", "New answer"]

    def test_the_next_visitor_gets_the_new_one(self, play):
        visitor = play(BOT)
        visitor.publish(NEW_BOT)
        visitor.go()
        assert visitor.said == ["New question?"]


class TestSeries:
    def test_later_texts_are_new(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish(SERIES.replace("Second", "Newer"))
        visitor.advance("3d")
        assert visitor.mails == ["First", "Newer"]

    def test_later_steps_are_new(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish(SERIES + "  - id: third\n    email: {subject: Third, body: x}\n")
        visitor.advance("3d")
        assert visitor.mails == ["First", "Second", "Third"]

    @pytest.mark.parametrize("wait", ["1h", "30d"])
    def test_an_armed_wait_keeps_its_due_time(self, play, wait):
        visitor = mailed(play, SERIES)
        visitor.publish(SERIES.replace("3d", wait))
        visitor.advance("3d")
        assert visitor.mails == ["First", "Second"]

    def test_a_done_id_is_never_run_again(self, play):
        visitor = mailed(play, SERIES)
        moved = """
            steps:
              - id: pause
                wait: 3d
              - id: first
                email: {subject: First, body: x}
              - id: second
                email: {subject: Second, body: x}
            """
        visitor.publish(moved)
        visitor.advance("3d")
        assert visitor.mails == ["First", "Second"]
        assert "done in an earlier version" in visitor.steps

    def test_a_removed_id_stops_the_run_where_nothing_else_was_chosen(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish("steps: [{id: second, email: {subject: Second, body: x}}]")
        visitor.advance("3d")
        assert visitor.ended == ["step pause is gone"]

    def test_or_goes_on_at_the_step_that_was_chosen(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish(
            "steps: [{id: second, email: {subject: Second, body: x}}]", moves={("test", "pause"): "second"}
        )
        visitor.advance("3d")
        assert visitor.mails == ["First", "Second"]

    def test_an_id_that_became_another_kind_of_step_is_gone(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish("steps: [{id: pause, say: Odd}]")
        visitor.advance("3d")
        assert visitor.ended == ["step pause is gone"]

    def test_a_scenario_that_is_gone_ends_its_runs(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish("scenario: other\nsteps: [{say: x}]", older=[])
        visitor.advance("3d")
        assert visitor.ended == ["the scenario is gone"]

    def test_publishing_one_touches_no_others_runs(self, play):
        other = "scenario: other\nsteps: [{wait: 1d}, {set: {visitor.a: 1}}]"
        visitor = mailed(play, SERIES, other)
        before = visitor.state
        visitor.publish(SERIES.replace("Second", "Newer"), other)
        visitor.advance("1d")
        assert visitor.state.properties["a"] == 1
        assert visitor.state.runs == [run for run in before.runs if run.scenario == "test"]

    def test_the_trace_names_the_version_of_each_step(self, play):
        visitor = mailed(play, SERIES)
        visitor.publish(SERIES.replace("Second", "Newer"))
        visitor.advance("3d")
        assert len({line.version for line in visitor.trace}) == 2

    def test_nothing_is_sent_by_a_scenario_that_is_no_longer_published(self, play):
        visitor = play(BOT)
        visitor.go()
        visitor.publish("scenario: other\nsteps: [{say: x}]")
        visitor.press("Yes")
        assert len(visitor.all(SendChat)) == 1
        assert visitor.ended == ["scenario gone"]
