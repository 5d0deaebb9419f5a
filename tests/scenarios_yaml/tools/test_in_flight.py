"""Who stands where when a version is published, and what becomes of them."""

from __future__ import annotations

import pytest

from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.publishing.in_flight import STOP, plan

HEAD = "scenario: series\ntitle: A series\ntrigger: [{event: Cart Viewed}]\nsteps:\n"
SERIES = (
    HEAD + "  - wait: 3d\n  - id: letter\n    email: {subject: One, body: x}\n  - id: pause\n    wait: 1d\n"
)
BOT = HEAD + "  - id: menu\n    say: Yes?\n    options: [{label: 'Yes'}, {label: 'No'}]\n"


def scenario(text):
    found = read_scenario(text, "series.yaml")
    assert found.scenario is not None, found.errors
    return found.scenario


def fates(before, after, visitors, choices=None):
    publication = plan(scenario(before), scenario(after), visitors, choices or {})
    return {
        standing.step: (standing.visitors, standing.fate, standing.to) for standing in publication.standing
    }


class TestSeries:
    def test_follow_the_newer_version(self):
        other = SERIES.replace("One", "Two").replace("  - wait: 3d", "  - tag: x\n  - wait: 3d")
        assert fates(SERIES, other, {"steps.0": 12, "pause": 3}) == {
            "steps.0": (12, "follows", "steps.1"),
            "pause": (3, "follows", "pause"),
        }

    def test_whose_step_is_gone_needs_a_choice(self):
        other = SERIES.replace("  - id: pause\n    wait: 1d\n", "")
        assert fates(SERIES, other, {"pause": 3}) == {"pause": (3, "undecided", "")}
        assert len(plan(scenario(SERIES), scenario(other), {"pause": 3}, {}).undecided) == 1

    def test_goes_where_was_chosen_or_stops(self):
        other = SERIES.replace("  - id: pause\n    wait: 1d\n", "")
        assert fates(SERIES, other, {"pause": 3}, {"pause": "letter"}) == {"pause": (3, "moves", "letter")}
        assert fates(SERIES, other, {"pause": 3}, {"pause": STOP}) == {"pause": (3, "stops", "")}

    def test_a_choice_that_leads_nowhere_is_refused(self):
        other = SERIES.replace("  - id: pause\n    wait: 1d\n", "")
        with pytest.raises(ValueError, match="no step 'later'"):
            plan(scenario(SERIES), scenario(other), {"pause": 1}, {"pause": "later"})

    def test_nobody_is_named_where_nobody_stands(self):
        assert fates(SERIES, SERIES.replace("3d", "2d"), {"pause": 0}) == {}

    def test_the_engine_is_told_what_moved_and_what_was_chosen(self):
        other = SERIES.replace("  - wait: 3d", "  - tag: x\n  - wait: 3d").replace(
            "  - id: pause\n    wait: 1d\n", ""
        )
        publication = plan(scenario(SERIES), scenario(other), {}, {"pause": "letter"})
        assert publication.moves == Moves({"steps.0": "steps.1", "letter": "letter"}, {"pause": "letter"})


class TestBots:
    def test_dialogs_stay_on_the_version_with_which_they_began(self):
        assert fates(BOT, BOT.replace("Yes?", "Well?"), {"menu": 2}) == {"menu": (2, "stays", "")}
