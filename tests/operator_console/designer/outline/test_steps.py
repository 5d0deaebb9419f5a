"""Every kind of step in plain words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from operator_console.designer.outline.rows import outline
from operator_console.designer.outline.steps import step_words
from scenarios_yaml.language.editing.document import Document
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.steps import KINDS
from tests.operator_console.designer.outline.conftest import HEAD, readme

Told = Callable[..., list[str]]


class TestSpeaking:
    def test_a_message(self, tell_steps: Told) -> None:
        assert tell_steps("  - say: Hello!\n") == ["chat message “Hello!”"]

    def test_a_question_with_answers(self, tell_steps: Told) -> None:
        steps = """
  - id: menu
    say: How can I help?
    timeout: 1h
    options:
      - label: Delivery
        jump: menu
      - label: Order
        if: [visits > 1]
        steps:
          - say: One moment.
      - label: Nothing
    no_answer:
      - stop: silent
"""
        assert tell_steps(steps) == [
            "chat question “How can I help?”  #menu",
            "  answer “Delivery” → go to “menu”",
            "  answer “Order”, only if has been here before",
            "    chat message “One moment.”",
            "  answer “Nothing”",
            "  if nobody answers within 1 h:",
            "    end: silent",
        ]

    def test_a_question_that_says_no_time_waits_one_day(self, tell_steps: Told) -> None:
        assert tell_steps("  - say: Yes?\n    options:\n      - label: A\n")[0] == (
            "chat question “Yes?”, waits up to 1 day"
        )

    def test_a_question_that_is_typed(self, tell_steps: Told) -> None:
        steps = """
  - ask: Your size?
    input: choice
    choices: [S, M]
    save_to: visitor.size
    timeout: 1d
"""
        assert tell_steps(steps) == ["chat question “Your size?”, “S” or “M”, keeps size, waits up to 1 day"]

    def test_a_pop_up(self, tell_steps: Told) -> None:
        steps = """
  - popup:
      size: large
      title: Wait! 10% off
      text: Leave your email.
      image: gift.png
      fields:
        - {input: email, label: Email, save_to: visitor.email}
      button: {label: Open}
    timeout: 30m
    on_submit:
      - tag: got-it
    on_close: []
"""
        assert tell_steps(steps) == [
            "large pop-up “Wait! 10% off”, with a picture, asks for “Email”, button “Open”, waits up to 30 min",
            "  when it is submitted:",
            "    tag got-it",
            "  when it is closed: go on",
        ]

    def test_in_russian(self, russian, tell_steps: Told) -> None:
        steps = "  - popup: {size: small, title: {en: Hi, ru: Привет}, text: t, button: {label: Да}}\n    timeout: 1h\n"
        assert tell_steps(steps, "ru") == ["малое окно «Привет», кнопка «Да», ждёт 1 ч"]

    @pytest.mark.parametrize(
        ("step", "words"),
        [
            ("email: {subject: Your code, template: cart-coupon}", "email “Your code”, template cart-coupon"),
            ("email: {subject: Terms, body: b, attachments: [terms.txt]}", "email “Terms”, with terms.txt"),
            ("push: {title: New lamps, text: t, link: /lamps}", "notification “New lamps”"),
            ("message: On its way.", "messenger message “On its way.”"),
            ("file: terms.txt", "file terms.txt"),
            ("product_list: {from: viewed, limit: 3}", "choose up to 3 of the viewed products"),
            (
                "product_list: {from: order.products, limit: 3}",
                "choose up to 3: products of the order",
            ),
            ("note: Ask him.", "note for operators “Ask him.”"),
        ],
    )
    def test_others(self, tell_steps: Told, step: str, words: str) -> None:
        assert tell_steps(f"  - {step}\n") == [words]


class TestFlow:
    @pytest.mark.parametrize(
        ("wait", "words"),
        [
            ("30s", "after 30 s"),
            ("{for: 3d, since: last_visit}", "3 days after the last visit"),
            ("{for: 3d, since: trigger}", "3 days after the start"),
            ("{until: 2026-08-30 10:00}", "wait until 30 Aug 2026, 10:00"),
            ("{until: event.starts_at}", "wait until the moment kept in starts at"),
            ("{at: 10:00}", "wait until 10:00"),
            ("{at: 10:00, weekdays: [mon, tue, wed, thu, fri]}", "wait until 10:00 on a weekday"),
            ("{at: 10:00, within: 2d}", "wait until 10:00, at most 2 days"),
            ("{business_hours: next}", "wait until the shop opens"),
        ],
    )
    def test_waits(self, tell_steps: Told, wait: str, words: str) -> None:
        assert tell_steps(f"  - wait: {wait}\n") == [words]

    def test_a_fork_with_one_way_has_its_steps_right_below(self, tell_steps: Told) -> None:
        assert tell_steps("  - if: [email is unknown]\n    then:\n      - stop: no address\n") == [
            "if email unknown",
            "  end: no address",
        ]

    def test_a_fork_with_two_ways_names_them(self, tell_steps: Told) -> None:
        steps = "  - id: fork\n    if: [email is known]\n    then: [{tag: a}]\n    else: [{tag: b}]\n"
        assert tell_steps(steps) == [
            "if email known  #fork",
            "  then:",
            "    tag a",
            "  otherwise:",
            "    tag b",
        ]

    def test_a_fork_with_several_conditions_has_a_row_for_each(self, tell_steps: Told) -> None:
        steps = "  - if: [email is known, visits > 3, any: [tagged a, tagged b]]\n    then: [{tag: c}]\n"
        assert tell_steps(steps) == [
            "if all of these hold:",
            "  email known",
            "  and visits: more than 3",
            "  and one of these:",
            "    tagged a",
            "    or tagged b",
            "  then:",
            "    tag c",
        ]

    def test_cases(self, tell_steps: Told) -> None:
        steps = """
  - choose:
      - if: [cart.total > 5000]
        steps: [{say: A gift}]
      - if: [any: [tagged a, tagged b]]
        steps: [{say: A card}]
    otherwise:
      - say: Nothing
"""
        assert tell_steps(steps) == [
            "the first of these that holds:",
            "  if cart total more than 5,000",
            "    chat message “A gift”",
            "  if one of these holds:",
            "    tagged a",
            "    or tagged b",
            "    then:",
            "      chat message “A card”",
            "  otherwise:",
            "    chat message “Nothing”",
        ]

    def test_variants_by_their_share(self, tell_steps: Told) -> None:
        steps = """
  - split:
      - {name: a, weight: 1, steps: [{say: A}]}
      - {name: b, weight: 1, steps: [{say: B}]}
  - split:
      - {name: a, weight: 70, steps: []}
      - {name: b, weight: 30, steps: []}
"""
        told = [line.replace("\u00a0", " ") for line in tell_steps(steps)]
        assert told == [
            "try out 2 variants:",
            "  half of them (50 %): variant a",
            "    chat message “A”",
            "  half of them (50 %): variant b",
            "    chat message “B”",
            "try out 2 variants:",
            "  70 % of them: variant a",
            "  30 % of them: variant b",
        ]

    def test_waiting_for_an_event(self, tell_steps: Told) -> None:
        steps = "  - wait_for: {event: Email Opened, up_to: 3d}\n    then: [{tag: a}]\n    on_timeout: [{tag: b}]\n"
        assert tell_steps(steps) == [
            "wait for Email Opened, up to 3 days",
            "  when it has come:",
            "    tag a",
            "  if it has not come in time:",
            "    tag b",
        ]


class TestActing:
    @pytest.mark.parametrize(
        ("step", "words"),
        [
            ("tag: vip", "tag vip"),
            ("untag: vip", "take off the tag vip"),
            ("set: {visitor.plan: gold, visitor.points: 1500}", "set plan: “gold”, set points: 1,500"),
            ("set: {visitor.old: null}", "forget old"),
            (
                "emit: {event: Quiz Finished, properties: {score: 3}}",
                "make the event Quiz Finished, score: 3",
            ),
            ("subscribe: news", "subscribe to news"),
            ("unsubscribe: news", "unsubscribe from news"),
            ("coupon: {pool: cart-5, save_to: run.code}", "take a promo code from cart-5"),
            ("webhook: {url: https://a.example/b, save_to: run.r}", "call https://a.example/b, keeps r"),
            ("handoff: {}", "hand over to an operator"),
            ("handoff: {team: sales, note: Hot}", "hand over to team sales, with the note “Hot”"),
            ("assign: {operator: ann@shop.example}", "assign to ann@shop.example"),
            ("start: other-one", "start scenario other-one"),
            ("close: solved", "end and close the dialog: solved"),
        ],
    )
    def test_what_they_do(self, tell_steps: Told, step: str, words: str) -> None:
        assert tell_steps(f"  - {step}\n") == [words]

    def test_failures_have_their_own_words(self, tell_steps: Told) -> None:
        steps = "".join(
            f"  - {step}\n    on_error: [{{tag: a}}]\n"
            for step in (
                "coupon: {pool: a, save_to: run.b}",
                "webhook: {url: https://a.example}",
                "push: {title: t, text: t, link: /}",
            )
        )
        assert tell_steps(steps)[1::3] == [
            "  if no promo code is left:",
            "  if the call fails:",
            "  if it cannot be sent:",
        ]


class TestAllOfThem:
    def test_every_kind_of_the_reference_is_told_without_a_gap(self) -> None:
        steps = [
            step
            for example in readme("steps")
            for step in read_scenario(f"{HEAD}steps:\n" + "".join(f"  {line}\n" for line in example.splitlines())
                                      + "blocks:\n  end:\n    - stop: x\n").scenario.steps
        ]  # fmt: skip
        assert steps
        assert [step for step in steps if "…" in step_words(step, "en")] == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_step_of_which_only_the_kind_is_written_is_shown_with_its_gaps(self, kind: str) -> None:
        rows = outline(Document(f"{HEAD}steps:\n  - {kind}:\n"), "en")
        assert [row.kind for row in rows[-1:]] == [kind]
        assert any(word.role == "bad" for word in rows[-1].words) or kind in (
            "choose",
            "handoff",
            "product_list",
            "split",
        )
        assert rows[-1].problems or kind == "handoff"  # `handoff:` alone is right
