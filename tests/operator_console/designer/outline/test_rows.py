"""The rows of a whole scenario: in reading order, each at its place in the file."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from operator_console.designer.outline.rows import outline
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.tree import all_steps
from tests.operator_console.designer.outline.conftest import ROOT, Tell, drawn, library

EXIT_PROMO = ROOT / "scenarios_yaml" / "library" / "lead_generation" / "exit_promo_popup.yaml"


def document(path: Path) -> Document:
    return Document(path.read_text(encoding="utf-8"), str(path))


class TestAScenario:
    def test_in_english(self) -> None:
        assert drawn(outline(document(EXIT_PROMO), "en")) == [
            "A promo code for one who is about to leave · exit_promo_popup · draft · Lead generation",
            "What the shop adapts",
            "  Discount: 10%",
            "  Promo codes: first-order-10",
            "When: Exit Intent, where page does not start with /checkout",
            "Only for: email unknown",
            "Leaves when: Order Completed",
            "Goal: Order Completed within 3 days",
            "How often: once",
            "Delivery: priority 70, in quiet hours, too",
            "What happens",
            "  large pop-up “One moment! A promo code for 10% off is inside”, asks for “Your email”, button “Open”, "
            "waits up to 30 min  #offer",
            "    when it is submitted:",
            "      take a promo code from first-order-10",
            "        if no promo code is left:",
            "          note for operators “No promo code was left for him. Please send one to {email}”",
            "          mini pop-up “Thank you!”, waits up to 1 h  #no-code",
            "      mini pop-up “Your code: {promo code}”, waits up to 1 h  #code",
        ]

    def test_in_russian(self, russian) -> None:
        assert drawn(outline(document(EXIT_PROMO), "ru"))[4:12] == [
            "Когда: Собрался уйти, где страница не начинается с /checkout",
            "Только если: почта неизвестна",
            "Выходит, когда: Заказ оформлен",
            "Цель: Заказ оформлен не позже чем через 3 дня",
            "Как часто: один раз",
            "Доставка: приоритет 70, и в тихие часы",
            "Что происходит",
            "  большое окно «Минутку! Внутри промокод на скидку 10%», спрашивает «Ваша почта», кнопка «Открыть», "
            "ждёт 30 мин  #offer",
        ]

    def test_texts_are_shown_in_the_first_language_of_the_file_where_they_lack_ours(self, tell: Tell) -> None:
        rows = outline(Document("scenario: a\ntitle: {de: Hallo, fr: Bonjour}\n"), "ru")
        assert rows[0].text.startswith("Hallo")


class TestTheHead:
    def test_several_triggers_audiences_and_exits(self, tell: Tell) -> None:
        rows = tell("""scenario: a
title: A
trigger:
  - event: Cart Viewed
    where: [cart.total > 5, visits > 3]
  - inactive: 7d
audience:
  - email is known
  - any: [tagged a, not: {all: [tagged b, tagged c]}]
exit:
  - event: Order Completed
  - cart.items is empty
timezone: visitor
reentry: {times: 3, not_sooner_than: 7d, key: cart.id, while_running: parallel}
delivery: {if_busy: queue, quiet_hours: skip, frequency_cap: exempt, kind: service}
holdout: 10%
""")
        assert drawn(rows)[1:] == [
            "Times of day: the visitor's",
            "When: Cart Viewed",
            "  cart total more than 5",
            "  and visits: more than 3",
            "or when: no visit for 7 days",
            "Only for: email known",
            "and: one of these:",
            "  tagged a",
            "  or not:",
            "    all of these:",
            "      tagged b",
            "      and tagged c",
            "Leaves when: Order Completed",
            "or when: cart empty",
            "How often: at most 3 times, not sooner than 7 days after the last time, each cart by itself, "
            "several at a time",
            "Delivery: priority 50, waits its turn, skipped in quiet hours, does not count for the frequency cap, "
            "service message",
            "Kept out to compare with: 10 %",
        ]  # fmt: skip

    def test_the_authors_comment_stands_at_the_title(self, tell: Tell) -> None:
        assert tell("scenario: a\ntitle: A\ncomment: Add your link\n")[0].comment == "Add your link"


class TestPlaces:
    @pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
    def test_every_row_of_the_library_stands_where_it_says(self, path: Path) -> None:
        shop = document(path)
        rows = outline(shop, "en")
        assert len({row.place for row in rows}) == len(rows)
        for row in rows:
            assert shop.value(row.place) is not None
            if row.place:
                assert shop.place_at(row.line, 1).startswith(row.place.partition(".")[0])
        assert [
            row for row in rows if row.kind == "broken" or any(word.role == "bad" for word in row.words)
        ] == []

    @pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
    def test_every_step_has_one_row_by_the_models_key(self, path: Path) -> None:
        shop = document(path)
        scenario = shop.reading.scenario
        assert scenario is not None
        steps = list(all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)]))
        rows = {row.place: row.step for row in outline(shop, "en") if row.step and not row.branch}
        assert rows == {step.path: step.key for step in steps}

    @pytest.mark.parametrize("path", library(), ids=lambda path: path.stem)
    def test_depth_grows_by_one_and_what_has_rows_below_can_be_folded(self, path: Path) -> None:
        rows = outline(document(path), "en")
        for above, below in pairwise(rows):
            assert below.depth <= above.depth + 1
            assert above.can_fold == (below.depth > above.depth)
        assert not rows[-1].can_fold

    def test_jumps_know_where_they_lead(self, tell: Tell) -> None:
        rows = tell("""scenario: a
title: A
trigger: [{event: Chat Opened}]
steps:
  - id: menu
    say: Yes?
    options:
      - {label: A, jump: helped}
      - {label: B, jump: nowhere}
  - call: helped
  - jump: menu
blocks:
  helped:
    - stop: x
""")
        targets = {row.place: row.target for row in rows if row.target}
        assert targets == {
            "steps.0.options.0": "blocks.helped",
            "steps.1": "blocks.helped",
            "steps.2": "steps.0",
        }

    def test_branches_are_named_as_figures_name_them(self, tell: Tell) -> None:
        rows = tell("""scenario: a
title: A
trigger: [{event: Chat Opened}]
steps:
  - id: menu
    say: Yes?
    options:
      - {label: Of course}
    no_answer: [{stop: x}]
  - id: which
    choose:
      - {if: [tagged a], steps: []}
  - id: test
    split:
      - {name: short, weight: 1, steps: []}
      - {name: long, weight: 1, steps: []}
""")
        assert [(row.step, row.branch) for row in rows if row.branch] == [
            ("menu", "of-course"),
            ("menu", "no_answer"),
            ("which", "case 1"),
            ("test", "short"),
            ("test", "long"),
        ]

    def test_a_step_that_is_switched_off_and_its_note(self, tell: Tell) -> None:
        row = tell("scenario: a\nsteps:\n  - say: Hello\n    enabled: false\n    comment: Not yet\n")[-1]
        assert (row.enabled, row.comment) == (False, "Not yet")


class TestProblems:
    def test_each_stands_at_its_row(self, tell: Tell) -> None:
        rows = tell("""scenario: a
title: A
trigger: [{event: Chat Opened}]
steps:
  - wait: soon
  - say: Hello
    options:
      - {label: A, jump: nowhere}
""")
        assert {row.place for row in rows if row.problems} == {"steps.0", "steps.1.options.0"}

    def test_they_may_be_given_so_that_a_key_waits_for_no_reading(self) -> None:
        shop = Document("scenario: a\ntitle: A\nsteps:\n  - wait: soon\n")
        assert not any(row.problems for row in outline(shop, "en", {}))


class TestImports:
    def test_it_loads_no_screen_and_no_network(self) -> None:
        modules = "rows, choices, finding, triggers"
        done = subprocess.run(
            [sys.executable, "-c",
             f"import sys; from operator_console.designer.outline import {modules}; print('\\n'.join(sys.modules))"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert {"textual", "httpx", "rich", "websockets"}.isdisjoint(done.stdout.split())
