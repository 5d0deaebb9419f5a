"""The “add” menu: what may stand where, and that it may indeed."""

from __future__ import annotations

from typing import Any

import pytest

from operator_console.designer.outline.choices import HEAD, PARTS, STEPS, Choice, kind_name, what_may_stand
from operator_console.designer.outline.rows import outline
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.reader import ScenarioKeys
from scenarios_yaml.language.steps import KINDS
from tests.operator_console.designer.outline.conftest import library

SHOP = """scenario: shop
title: A shop
trigger:
  - event: Chat Opened
audience:
  - any: [tagged a, tagged b]
parameters:
  one: {type: text, default: x}
steps:
  - id: menu
    say: Yes?
    options:
      - label: A
        steps:
          - say: B
  - if: [tagged a]
    then:
      - say: C
  - choose:
      - if: [tagged a]
        steps:
          - say: D
  - split:
      - {name: a, weight: 1, steps: [{say: E}]}
      - {name: b, weight: 1, steps: [{say: F}]}
  - wait_for: {event: Email Opened, up_to: 3d}
  - popup: {size: small, title: T, text: T}
"""
ITEMS: dict[str, Any] = {
    "condition": "tagged c",
    "option": {"label": "Another"},
    "case": {"if": ["tagged d"], "steps": [{"say": "x"}]},
    "variant": {"name": "c", "weight": "1", "steps": [{"say": "x"}]},
    "trigger": {"event": "Cart Viewed"},
    "audience": "email is known",
    "exit": {"event": "Order Completed"},
}


class TestTheMenu:
    def test_it_has_every_kind_of_step_and_every_key_of_the_head(self) -> None:
        assert set(STEPS) == set(KINDS)
        assert set(HEAD) == set(ScenarioKeys.declared) - {
            "scenario",
            "title",
            "comment",
            "status",
            "starter",
            "group",
        }

    def test_it_has_every_branch(self) -> None:
        branches = {key for kind in KINDS.values() for key in kind.beside}
        own = {
            "timeout",
            "options",
            "buttons",
            "image",
            "input",
            "save_to",
            "retries",
            "retry_text",
            "choices",
            "caption",
        }
        assert branches - own - set(PARTS) == set()

    def test_names_in_the_consoles_language(self, russian) -> None:
        assert [kind_name(kind) for kind in ("say", "option", "goal", "broken")] == [
            "Сообщение в чат",
            "Ответ",
            "Цель",
            "broken",
        ]

    def test_at_a_question(self) -> None:
        rows = outline(Document(SHOP), "en")
        menu = next(row for row in rows if row.place == "steps.0")
        assert [(choice.kind, choice.name, choice.into) for choice in what_may_stand(menu)] == [
            ("option", "Answer", "steps.0.options"),
            ("no_answer", "No answer", "steps.0.no_answer"),
        ]

    def test_at_a_fork_whose_steps_stand_right_below(self) -> None:
        rows = outline(Document("scenario: a\nsteps:\n  - if: [tagged a]\n"), "en")
        choices = {choice.kind: choice.into for choice in what_may_stand(rows[-1])}
        assert choices["say"] == "steps.0.then"
        assert choices["condition"] == "steps.0.if"
        assert choices["else"] == "steps.0.else"
        assert "then" not in choices

    def test_at_the_file_what_is_missing_or_may_come_again(self) -> None:
        kinds = [choice.kind for choice in what_may_stand(outline(Document(SHOP), "en")[0])]
        assert kinds == [
            "timezone",
            "trigger",
            "audience",
            "exit",
            "goal",
            "reentry",
            "delivery",
            "holdout",
            "blocks",
        ]


class TestWhatIsAdded:
    def test_every_choice_of_every_row_can_be_added_there(self) -> None:
        added = 0
        for row in outline(Document(SHOP), "en"):
            for choice in what_may_stand(row):
                item = {"say": "new"} if choice.kind in KINDS else ITEMS.get(choice.kind)
                if item is not None and choice.kind in ("say", *ITEMS):
                    self.add(choice, item)
                    added += 1
        assert added > 20

    def add(self, choice: Choice, item: Any) -> None:
        shop = Document(SHOP)
        place = shop.insert(choice.into, 0, item)
        assert place.startswith(choice.into)
        assert shop.reading.errors == ()
        rows = {row.place for row in outline(shop, "en")}
        assert place in rows or place.rpartition(".if.")[0] in rows or place.rpartition(".where.")[0] in rows or (
            place.rpartition(".wait_for.")[0] in rows
        )  # fmt: skip

    @pytest.mark.parametrize("key", ["no_answer", "on_close", "else"])
    def test_a_branch_that_is_missing_is_made_with_its_first_step(self, key: str) -> None:
        shop = Document(SHOP)
        choice = next(
            choice for row in outline(shop, "en") for choice in what_may_stand(row) if choice.kind == key
        )
        shop.insert(choice.into, 0, {"stop": "x"})
        assert f"{choice.into}.0" in {row.place for row in outline(shop, "en")}

    def test_the_library_offers_something_at_every_list(self) -> None:
        for path in library()[::10]:
            for row in outline(Document(path.read_text(encoding="utf-8")), "en"):
                assert all(choice.name and choice.help for choice in what_may_stand(row))
