"""What is wrong with a form's values, told from a small file of its own: as the whole file would tell it."""

from __future__ import annotations

import time

import pytest

from operator_console.designer.forms.fields import Field, form_at
from operator_console.designer.forms.trial import Trial
from operator_console.designer.forms.whole_form import whole_form
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import LibraryItem, library

FILE = """\
scenario: helper
title: Shall I help?
parameters:
  gift: {type: duration, default: 3d}
trigger:
  - event: Lamp Tried
steps:
  - id: question
    say: Well?
    timeout: 1d
    options:
      - label: "Yes"
        steps:
          - if:
              - email is known
            then:
              - wait: 3d
              - jump: end
      - label: "No"
  - jump: end
blocks:
  end:
    - id: bye
      say: Good bye
"""
DEEP = "steps.0.options.0.steps.0.then.0"


def field(place: str, name: str) -> Field:
    return next(one for one in whole_form(Document(FILE, "helper.yaml"), place) if one.name == name)


def trial(place: str) -> Trial:
    return Trial(Document(FILE, "helper.yaml"), place, ("question", "bye", "end"))


class TestATrial:
    @pytest.mark.parametrize("item", library(), ids=lambda item: item.slug)
    def test_finds_nothing_wrong_with_what_stands_in_the_library(self, item: LibraryItem) -> None:
        document = Document(item.text, f"{item.slug}.yaml")
        scenario = document.reading.scenario
        assert scenario is not None
        steps = all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)])
        for place in ["trigger.0", "goal", *(step.path for step in steps)][:12]:
            same = [(one, one.value) for one in form_at(document, place) if one.value is not None]
            assert not Trial(document, place).wrong(same), place

    def test_tells_what_is_wrong_at_its_field(self) -> None:
        (wrong,) = trial(DEEP).wrong([(field(DEEP, "for"), "soon")])
        assert wrong.place == f"{DEEP}.wait"
        assert "is no duration" in wrong.words

    def test_knows_the_parameters_of_the_file(self) -> None:
        assert not trial(DEEP).wrong([(field(DEEP, "for"), "parameters.gift")])
        assert trial(DEEP).wrong([(field(DEEP, "for"), "parameters.gfit")])

    @pytest.mark.parametrize(("target", "is_good"), [("bye", True), ("question", True), ("nowhere", False)])
    def test_knows_where_a_jump_may_lead(self, target: str, is_good: bool) -> None:
        assert (not trial("steps.1").wrong([(field("steps.1", "jump"), target)])) is is_good

    def test_tells_of_answers_that_are_the_same(self) -> None:
        place = "steps.0.options.1"
        (wrong,) = trial(place).wrong([(field(place, "label"), "Yes")])
        assert "stands here twice" in wrong.words

    def test_changes_nothing_in_the_document(self) -> None:
        document = Document(FILE, "helper.yaml")
        before = document.revision
        Trial(document, DEEP).wrong([(field(DEEP, "for"), "5d")])
        assert (document.text, document.revision) == (FILE, before)

    def test_costs_as_much_in_a_large_file_as_in_a_small_one(self) -> None:
        many = FILE.replace(
            "  - jump: end\nblocks", "".join(f"  - say: Text {n}\n" for n in range(2_000)) + "blocks"
        )
        wait = field(DEEP, "for")

        def cost(text: str) -> float:
            made = Trial(Document(text, "helper.yaml"), DEEP)
            times = []
            for _round in range(5):
                began = time.perf_counter()
                made.wrong([(wait, "5d")])
                times.append(time.perf_counter() - began)
            return min(times)

        assert cost(many) < 5 * cost(FILE)
