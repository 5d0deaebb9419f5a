"""Publishing while visitors are on their way: who stays on his version, who follows, and what is gone."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.effects import SendChat
from scenarios_yaml.engine.moves import Moves

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


def moved(visitor, moves):
    """Where those go on who stand in the version that is live now."""
    return {("test", visitor.scenarios[0].version): moves}


class TestMovesOverSeveralVersions:
    def test_are_one_after_the_other(self):
        first = Moves(same={"a": "b", "c": "c", "d": "d"}, chosen={"x": "c", "y": ""})
        later = Moves(same={"b": "e", "c": "c"}, chosen={"d": "e"})
        assert first.then(later) == Moves({"a": "e", "c": "c"}, {"d": "e", "x": "c", "y": ""})

    def test_what_was_chosen_and_is_gone_later_stops(self):
        assert Moves(chosen={"x": "c"}).then(Moves()) == Moves(chosen={"x": ""})


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
            "steps: [{id: second, email: {subject: Second, body: x}}]",
            moves=moved(visitor, Moves(chosen={"pause": "second"})),
        )
        visitor.advance("3d")
        assert visitor.mails == ["First", "Second"]

    def test_or_stops_where_that_was_chosen(self, play):
        visitor = mailed(play, SERIES)
        stopped = moved(visitor, Moves(chosen={"pause": ""}))
        visitor.publish("steps: [{id: second, email: {subject: Second, body: x}}]", moves=stopped)
        visitor.advance("3d")
        assert visitor.mails == ["First"]

    def test_a_step_without_an_id_is_followed_to_its_new_place(self, play):
        unnamed = "steps: [{wait: 3d}, {email: {subject: Second, body: x}}]"
        visitor = mailed(play, unnamed)
        later = "steps: [{email: {subject: First, body: x}}, {wait: 1d}, {wait: 9d}, {tag: over}]"
        visitor.publish(later, moves=moved(visitor, Moves(same={"steps.0": "steps.2"})))
        visitor.advance("3d")
        assert visitor.mails == []
        assert visitor.state.tags == ["over"]

    def test_a_called_block_returns_to_where_its_call_stands_now(self, play):
        visitor = mailed(
            play, "steps: [{call: b}, {set: {visitor.a: 1}}]\nblocks: {b: [{id: pause, wait: 1d}]}"
        )
        visitor.publish(
            "steps: [{tag: new}, {call: b}, {set: {visitor.a: 2}}]\nblocks: {b: [{id: pause, wait: 1d}]}",
            moves=moved(visitor, Moves(same={"pause": "pause", "steps.1": "steps.2"})),
        )
        visitor.advance("1d")
        assert visitor.state.properties["a"] == 2

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
