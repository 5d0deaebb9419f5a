"""A launch's file: that of the library, and of it changes only what the shop sets."""

from __future__ import annotations

import pytest

from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.message_rows import message_rows
from operator_console.designer.launch.questions import help_of, words_of
from operator_console.designer.launch.sheet import is_over
from operator_console.designer.library.parts import parts_of
from operator_console.designer.look.sample import Sample
from scenarios_yaml.language.editing.document import CannotEditError
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.library.index import library

TEXTS = {item.slug: item.text for item in library()}
NOW = 1_772_460_000_000


def question(draft: LaunchDraft, label: str):
    return next(one for one in draft.questions() if one.label == label)


class TestWhatIsAsked:
    @pytest.mark.parametrize("slug", sorted(TEXTS))
    def test_each_parameter_then_title_and_name_with_what_the_file_says(self, slug) -> None:
        draft = LaunchDraft(TEXTS[slug], ())
        asked = draft.questions()
        names = [one.name for one in draft.scenario.parameters]
        assert [one.field.place for one in asked] == [
            *(f"parameters.{name}.default" for name in names),
            "title",
            "scenario",
        ]
        for one in asked:
            assert one.label
            assert help_of(one)
            for language in one.languages:
                assert draft.typed(one, language)
        assert draft.text("draft") == TEXTS[slug]

    @pytest.mark.parametrize("slug", sorted(TEXTS))
    def test_typing_again_what_stands_there_changes_nothing(self, slug) -> None:
        draft = LaunchDraft(TEXTS[slug], ())
        for one in draft.questions():
            for language in one.languages:
                draft.take(one, language, draft.typed(one, language))
        assert draft.document.text == TEXTS[slug]

    def test_a_duration_is_told_in_words(self) -> None:
        draft = LaunchDraft(TEXTS["help_choosing_bot"], ())
        pause = question(draft, "How long after the visit began")
        assert words_of(pause, "90m") == "1 h 30 min"
        assert words_of(pause, "soon") == ""


class TestWhatIsTaken:
    def test_a_number(self) -> None:
        draft = LaunchDraft(TEXTS["free_delivery_popup"], ())
        draft.take(question(draft, "Free delivery from this sum"), "", "4500")
        assert draft.document.text == TEXTS["free_delivery_popup"].replace("default: 3000", "default: 4500")

    def test_what_is_refused_is_kept_beside_the_file_until_it_is_right(self) -> None:
        draft = LaunchDraft(TEXTS["free_delivery_popup"], ())
        one = question(draft, "Free delivery from this sum")
        for wrong in ("a lot", ""):
            with pytest.raises(CannotEditError):
                draft.take(one, "", wrong)
            assert draft.typed(one, "") == wrong
            assert draft.document.text == TEXTS["free_delivery_popup"]
        draft.take(one, "", "3000")
        assert draft.refused == {}

    def test_a_short_name_that_is_taken_is_refused(self) -> None:
        draft = LaunchDraft(TEXTS["free_delivery_popup"], {"mine"})
        with pytest.raises(CannotEditError):
            draft.take(question(draft, "Short name"), "", "mine")
        draft.take(question(draft, "Short name"), "", "mine-too")
        assert draft.slug == "mine-too"

    def test_what_is_there_already_gets_a_number_once(self) -> None:
        draft = LaunchDraft(TEXTS["free_delivery_popup"], {"free_delivery_popup"})
        assert draft.slug == "free_delivery_popup-2"
        assert draft.title.endswith(" 2")
        assert draft.give_free_name() is False
        draft.taken = {"free_delivery_popup", "free_delivery_popup-2"}
        assert draft.give_free_name()
        assert draft.slug == "free_delivery_popup-3"
        assert draft.title.endswith("delivery 3")

    def test_the_segments_that_it_needs_are_known(self) -> None:
        draft = LaunchDraft(TEXTS["holiday_broadcast"], ())
        assert [one.slug for one in draft.needed_segments(())] == ["bought_flowers_in_late_may"]
        assert draft.needed_segments({"bought_flowers_in_late_may"}) == []


class TestItsMessages:
    @pytest.mark.parametrize("slug", sorted(TEXTS))
    def test_each_has_a_place_a_name_and_words(self, slug) -> None:
        scenario = read_scenario(TEXTS[slug]).scenario
        scope = Sample("en", {"name": "Lamp & Co", "url": "https://lamp.example"}, now=NOW).scope(scenario)
        rows = message_rows(scenario, parts_of(scenario, scope, "en"))
        assert rows
        assert len({row.place for row in rows}) == len(rows)
        assert all(row.name and row.text for row in rows)

    def test_when_each_comes_is_told_by_the_wait_and_the_branches_before_it(self) -> None:
        scenario = read_scenario(TEXTS["abandoned_cart_series"]).scenario
        scope = Sample("en", {"name": "", "url": ""}, now=NOW).scope(scenario)
        rows = message_rows(scenario, parts_of(scenario, scope, "en"))
        assert [(row.name, row.when) for row in rows] == [
            ("Email", "after 3 days"),
            ("Email", "after 3 days"),
        ]


class TestMoments:
    def test_a_broadcast_is_over_when_its_moment_is_past_everywhere(self) -> None:
        scenario = LaunchDraft(TEXTS["city_broadcast"], ()).scenario
        assert not is_over(scenario, NOW)
        assert is_over(scenario, NOW + 370 * 86_400_000)
        assert not is_over(LaunchDraft(TEXTS["site_bonus_popup"], ()).scenario, NOW)
