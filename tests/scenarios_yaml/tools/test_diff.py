"""What differs between two versions of a scenario, told in meaning, and where visitors in flight find themselves."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library
from scenarios_yaml.tools.publishing.diff import difference

HEAD = "scenario: series\ntitle: {en: A series, ru: Серия}\ntrigger:\n  - event: Cart Viewed\n"
SERIES = HEAD + (
    "exit:\n"
    "  - event: Order Completed\n"
    "reentry: {not_sooner_than: 7d}\n"
    "steps:\n"
    "  - wait: 3d\n"
    "  - id: letter\n"
    "    email: {subject: Your cart, body: Is waiting.}\n"
    "  - if:\n"
    "      - email is known\n"
    "    then:\n"
    "      - tag: known\n"
    "    else:\n"
    "      - tag: unknown\n"
    "  - say: {en: Bye, ru: Пока}\n"
)


def scenario(text):
    result = read_scenario(text, "series.yaml")
    assert result.scenario is not None, [str(problem) for problem in result.errors]
    return result.scenario


def changes(before, after):
    found = difference(scenario(before), scenario(after)).changes
    return [(change.kind, change.where, change.what, change.before, change.after) for change in found]


class TestWhatChanged:
    def test_nothing_where_nothing_did(self):
        assert difference(scenario(SERIES), scenario(SERIES)).changes == ()

    def test_layout_comments_and_status_are_no_change(self):
        other = SERIES.replace("title:", "status: live\ntitle:").replace("  - wait", "\n  # hm\n  - wait")
        assert changes(SERIES, other) == []

    def test_a_duration(self):
        assert changes(SERIES, SERIES.replace("wait: 3d", "wait: 2d")) == [
            ("changed", "steps › wait “2d”", "duration", "3d", "2d")
        ]

    def test_a_text_in_one_language(self):
        assert changes(SERIES, SERIES.replace("Пока", "До встречи")) == [
            ("changed", "steps › say “Bye”", "text (ru)", "Пока", "До встречи")
        ]

    def test_a_part_of_a_letter(self):
        assert changes(SERIES, SERIES.replace("Your cart", "Your things")) == [
            ("changed", "steps › letter", "subject", "Your cart", "Your things")
        ]

    def test_the_head(self):
        assert changes(SERIES, SERIES.replace("7d}", "2d}").replace("A series", "Letters")) == [
            ("changed", "the scenario", "title (en)", "A series", "Letters"),
            ("changed", "the scenario", "reentry.not_sooner_than", "1w", "2d"),
        ]

    def test_conditions_are_compared_line_by_line(self):
        other = SERIES.replace("exit:\n", "exit:\n  - cart.total = 0\n").replace(
            "Cart Viewed", "Product Added"
        )
        assert changes(SERIES, other) == [
            ("added", "trigger", "trigger", "", "event: Product Added"),
            ("removed", "trigger", "trigger", "event: Cart Viewed", ""),
            ("added", "exit", "exit", "", "cart.total = 0"),
        ]

    def test_the_line_of_a_change_is_that_of_the_newer_file_and_of_a_removal_that_of_the_older(self):
        [added] = difference(scenario(SERIES), scenario(SERIES + "  - tag: last\n")).changes
        [removed] = difference(scenario(SERIES + "  - tag: last\n"), scenario(SERIES)).changes
        last = SERIES.count("\n") + 1
        assert (added.kind, added.line) == ("added", last)
        assert (removed.kind, removed.line) == ("removed", last)


class TestSteps:
    def test_added_in_the_middle_changes_no_other(self):
        other = SERIES.replace("  - id: letter", "  - tag: waited\n  - id: letter")
        assert changes(SERIES, other) == [("added", "steps › tag “waited”", "tag", "", "waited")]

    def test_removed_from_a_branch(self):
        other = SERIES.replace("    else:\n      - tag: unknown\n", "")
        assert changes(SERIES, other) == [
            ("removed", "steps › if “email is known” › else › tag “unknown”", "tag", "unknown", "")
        ]

    def test_moved(self):
        other = SERIES.replace("  - wait: 3d\n", "").replace("  - say:", "  - wait: 3d\n  - say:")
        assert changes(SERIES, other) == [
            ("moved", "steps › wait “3d”", "wait", "steps › wait “3d”", "steps › wait “3d”")
        ]

    def test_moved_into_a_branch(self):
        other = SERIES.replace("  - say: {en: Bye, ru: Пока}\n", "").replace(
            "      - tag: known\n", "      - tag: known\n      - say: {en: Bye, ru: Пока}\n"
        )
        [change] = changes(SERIES, other)
        assert change[:2] == ("moved", "steps › if “email is known” › then › say “Bye”")

    def test_a_step_with_an_id_that_becomes_another_kind(self):
        other = SERIES.replace("email: {subject: Your cart, body: Is waiting.}", "say: Your cart is waiting.")
        assert ("changed", "steps › letter", "kind", "email", "say") in changes(SERIES, other)

    def test_a_new_scenario_is_all_added(self):
        found = difference(None, scenario(SERIES)).changes
        assert {change.kind for change in found} == {"added"}
        assert len(found) == 7


class TestVisitorsInFlight:
    def test_stand_at_the_same_step_though_its_number_is_another(self):
        other = SERIES.replace("  - wait: 3d", "  - tag: first\n  - wait: 3d")
        found = difference(scenario(SERIES), scenario(other))
        assert found.moves["steps.0"] == "steps.1"
        assert found.gone == ()

    def test_stand_at_a_changed_wait(self):
        found = difference(scenario(SERIES), scenario(SERIES.replace("wait: 3d", "wait: 1d")))
        assert found.moves["steps.0"] == "steps.0"

    def test_are_told_of_where_their_step_is_gone(self):
        found = difference(scenario(SERIES), scenario(SERIES.replace("  - wait: 3d\n", "")))
        assert found.gone == ("steps.0",)

    def test_follow_an_id_wherever_it_goes(self):
        other = SERIES.replace("id: letter", "tag: x\n  - id: letter")
        assert difference(scenario(SERIES), scenario(other)).moves["letter"] == "letter"


@pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
def test_every_step_of_the_library_finds_itself(item):
    one = read_scenario(item.text, item.path.name).scenario
    found = difference(one, one)
    assert found.changes == ()
    assert found.gone == ()
    assert all(old == new for old, new in found.moves.items())
