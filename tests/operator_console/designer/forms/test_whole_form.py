"""All that is asked of a place, and of everything new that may be added to a tree."""

from __future__ import annotations

import pytest

from operator_console.designer.forms.field_words import help_of, label_of
from operator_console.designer.forms.fields import Field
from operator_console.designer.forms.whole_form import whole_form
from operator_console.designer.outline.rows import outline
from operator_console.designer.tree.new_values import new_value
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.steps import KINDS

FILE = """\
scenario: helper
title: Shall I help?
trigger:
  - event: Lamp Tried
    where:
      - event.minutes > 5
audience:
  - email is unknown
  - any:
      - cart.total > 0
      - visits > 2
holdout: 10%
steps:
  - id: hello
    say: Hello!
    options:
      - label: "Yes"
        if:
          - email is known
      - label: "No"
  - if:
      - any: [email is known, phone is known]
    then:
      - say: Hi
  - wait_for: {event: Lamp Tried, up_to: 3d}
  - popup: {size: small, title: Hi, text: Hello, button: {label: OK}}
blocks:
  end:
    - say: Good bye
"""


def document(text: str = FILE) -> Document:
    return Document(text, "helper.yaml")


def names(fields: tuple[Field, ...]) -> list[str]:
    return [field.name for field in fields]


class TestAWholeForm:
    def test_asks_for_the_answers_of_a_question_right_below_it(self) -> None:
        assert names(whole_form(document(), "steps.0"))[:3] == ["say", "options", "timeout"]

    def test_asks_for_conditions_where_they_are_plain_lines(self) -> None:
        (where,) = [field for field in whole_form(document(), "trigger.0") if field.name == "where"]
        assert (where.kind, where.value) == ("conditions", ["event.minutes > 5"])
        assert names(whole_form(document(), "steps.0.options.0"))[:3] == ["label", "id", "if"]

    def test_leaves_groups_of_conditions_to_the_tree(self) -> None:
        assert "if" not in names(whole_form(document(), "steps.1"))

    def test_asks_for_conditions_on_an_event_behind_the_event(self) -> None:
        assert names(whole_form(document(), "steps.2"))[:3] == ["event", "up_to", "where"]

    def test_keeps_the_order_of_the_language(self) -> None:
        assert names(whole_form(document(), "steps.3"))[:5] == ["size", "title", "text", "image", "label"]
        assert names(whole_form(document(), "steps.3"))[-3:] == ["id", "comment", "enabled"]

    def test_of_a_condition_is_its_line(self) -> None:
        (field,) = whole_form(document(), "audience.0")
        assert (field.kind, field.value) == ("condition", "email is unknown")
        (field,) = whole_form(document(), "audience.1.any.1")
        assert field.value == "visits > 2"

    def test_of_a_share_is_the_share(self) -> None:
        (field,) = whole_form(document(), "holdout")
        assert (field.kind, field.value) == ("share", "10%")

    @pytest.mark.parametrize("place", ["audience.1", "blocks.end", "steps", "nowhere"])
    def test_is_none_of_what_is_made_of_rows(self, place: str) -> None:
        assert whole_form(document(), place) == ()

    def test_has_words_for_all_it_asks(self) -> None:
        for row in outline(document(), "en"):
            for field in whole_form(document(), row.place):
                assert label_of(field)
                assert help_of(field)


class TestSomethingNew:
    @pytest.mark.parametrize("kind", KINDS)
    def test_is_a_good_step_from_the_first_moment(self, kind: str) -> None:
        it = document()
        place = it.insert("steps", 1, new_value(kind, ("end",)))
        assert [problem.message for problem in it.reading.errors] == []
        first = {"choose": f"{place}.choose.0", "split": f"{place}.split.0"}.get(kind, place)
        assert [field for field in whole_form(it, first) if field.value is not None]

    @pytest.mark.parametrize(
        ("place", "kind"),
        [("steps.0.options", "option"), ("audience", "audience"), ("trigger", "trigger"), ("exit", "exit")],
    )
    def test_is_a_good_part(self, place: str, kind: str) -> None:
        it = document()
        added = it.insert(place, 0, new_value(kind))
        assert [problem.message for problem in it.reading.errors] == []
        assert whole_form(it, added)

    @pytest.mark.parametrize("kind", ["goal", "reentry", "delivery", "timezone"])
    def test_is_a_good_key_of_the_head(self, kind: str) -> None:
        it = document()
        it.put(kind, new_value(kind))
        assert [problem.message for problem in it.reading.errors] == []
        assert whole_form(it, kind)
