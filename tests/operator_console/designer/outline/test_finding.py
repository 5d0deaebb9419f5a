"""Search in the tree, and the row of a place."""

from __future__ import annotations

import pytest

from operator_console.designer.outline.finding import look_up, row_of_place, row_of_step, subtree
from tests.operator_console.designer.outline.conftest import HEAD, Tell

STEPS = """steps:
  - id: menu
    say: How can I help?
    comment: Ask Ann first
    options:
      - label: Delivery
        steps:
          - say: By courier.
  - wait: soon
"""


class TestLookingUp:
    @pytest.mark.parametrize(
        ("query", "places"),
        [
            ("courier", ["steps.0.options.0.steps.0"]),
            ("HELP how", ["steps.0"]),
            ("ann", ["steps.0"]),
            ("menu", ["steps.0", "steps.0.options.0"]),
            ("is no duration", ["steps.1"]),
            ("nothing like it", []),
            ("  ", []),
        ],
    )
    def test_by_words_comments_ids_and_problems(self, tell: Tell, query: str, places: list[str]) -> None:
        rows = tell(HEAD + STEPS)
        assert [rows[number].place for number in look_up(rows, query)] == places


class TestRows:
    def test_of_a_place_or_of_the_nearest_around_it(self, tell: Tell) -> None:
        rows = tell(HEAD + STEPS)
        for place, found in {
            "steps.0": "steps.0",
            "steps.0.say": "steps.0",
            "steps.0.options.0.label": "steps.0.options.0",
            "title": "",
            "trigger.0.event": "trigger.0",
            "steps.9": "steps",
        }.items():
            assert rows[row_of_place(rows, place)].place == found

    def test_of_a_step_and_not_of_its_branches(self, tell: Tell) -> None:
        rows = tell(HEAD + STEPS)
        number = row_of_step(rows, "menu")
        assert number is not None
        assert rows[number].place == "steps.0"
        assert row_of_step(rows, "nobody") is None

    def test_what_stands_below(self, tell: Tell) -> None:
        rows = tell(HEAD + STEPS)
        number = row_of_place(rows, "steps.0")
        assert [rows[one].place for one in subtree(rows, number)] == [
            "steps.0",
            "steps.0.options.0",
            "steps.0.options.0.steps.0",
        ]
