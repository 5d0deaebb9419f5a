"""What people try before they have read the reference: each mistake comes with what to write instead.

`«` stands where the mistake is; each text has this one problem and no other.
"""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import pytest

from scenarios_yaml.language.durations import duration_hint
from scenarios_yaml.language.steps import KINDS, TRIED

STEPS = [
    ("  - «delay: 3d\n", "did you mean “wait”?"),
    ("  - «go-to: menu\n", "did you mean “jump”?"),
    ("  - «frobnicate: a\n", "kinds are say, ask"),
    ("  - say: Hi\n    options: [«Yes]\n", "write “label: Yes”"),
    ("  - say: Hi\n    options: «Maybe\n", "write “- label: Maybe” on a line of its own"),
    ("  - popup: «Hello\n", "write “popup: {size: small, title: Hello, text: Hello}”"),
    ("  - email: «Hello\n", "write “email: {subject: Hello, body: Hello}”"),
    ("  - email: {subject: S, body: B, «to: ann@shop.example}\n", "the visitor's own address"),
    ("  - coupon: «first-order-10\n", "write “coupon: {pool: first-order-10, save_to: run.code}”"),
    ("  - if: [email is known]\n    then: «Hello\n", "write “- say: Hello” on a line of its own"),
    ("  - if: [email is known]\n    then: []\n    «elif: []\n", "for several cases there is “choose”"),
    ("  - wait: «10:00\n", "a time of day: {at: 10:00}"),
    ("  - wait: «3 дня\n", "write 3d"),
    ("  - tag: «[a, b]\n", "one value stands here, without […]"),
    ("  - split: «{a: 50, b: 50}\n", "begin each item with “- ”"),
    (
        "  - split:\n      - {name: a, weight: «50%, steps: []}\n      - {name: b, weight: 50, steps: []}\n",
        "write 50",
    ),
    (
        "  - ask: Size?\n    input: text\n    save_to: «size\n    timeout: 1h\n",
        "did you mean “visitor.size” or “run.size”?",
    ),
    ("  - ask: Size?\n    input: text\n    save_to: «emial\n    timeout: 1h\n", "did you mean “email”?"),
    (
        "  - ask: Size?\n    input: text\n    save_to: «'{{ run.size }}'\n    timeout: 1h\n",
        "write it without braces: run.size",
    ),
    ("  - set: {«plan: gold}\n", "did you mean “visitor.plan” or “run.plan”?"),
    ("  - say: {«EN: Hello}\n", "did you mean “en”?"),
    ("  - say: {«russian: Привет}\n", "did you mean “ru”?"),
    ("  - say: Hi {{ «user.name }}\n", "did you mean “visitor.name”?"),
    ('  - say: "Hi {{ visitor.name | default: «there }}"\n', "stands in quotes: 'there'"),
    ("  - say: Hi «{{ visitor.name }\n", "close it with `}}`"),
    ("  - say: Hi {% if cart.total «= 5 %}x{% endif %}\n", "did you mean “==”?"),
    ("  - say: Hi {% if cart.total > 5 «&& visitor.vip %}x{% endif %}\n", "did you mean “and”?"),
    ("  - say: Hi {% if cart.total > 5 %}x{% «elseif %}y{% endif %}\n", "did you mean “elsif”?"),
]

HEAD = [
    ("goal: «Order Completed\n", "write “goal: {event: Order Completed, within: 7d}”"),
    ("exit:\n  - «Order Completed\n", "write “- event: Order Completed”"),
    ("audience:\n  - «Order Completed\n", "did you mean “did "),
    ("holdout: «0.1\n", "did you mean “10%”?"),
    ("group: «Акции\n", "for example spring-sale"),
]

TRIGGERS = [
    ("trigger: «Session Started\n", "write “- event: Session Started” on a line of its own"),
    ("trigger:\n  - «Session Started\n", "write “event: Session Started”"),
    ("trigger:\n  - schedule: «every day\n", "0 10 * * * is each day at 10:00"),
    ("trigger:\n  - at: «30.08.2026 9:00\n", "did you mean “2026-08-30 09:00”?"),
    ("trigger:\n  - at: «2026-8-30\n", "did you mean “2026-08-30”?"),
    ("trigger:\n  - at: «31.02.2026\n", "for example"),
]

DURATIONS = [
    ("3 days", "write 3d"), ("7 Days", "write 7d"), ("1.5h", "write 1h30m"), ("1,5 часа", "write 1h30m"), ("1h 30m", "write 1h30m"),
    ("5 минут", "write 5m"), ("2 недели", "write 2w"), ("10 сек", "write 10s"), ("2 weeks 1 day", "write 2w1d"), ("3D", "write 3d"),
    ("0.5s", "for example"), ("-3d", "for example"), ("soon", "for example"), ("15", "with its unit: 15s"), ("0d", "longer than nothing"),
]  # fmt: skip


class TestWhatPeopleTry:
    @pytest.mark.parametrize(("marked", "hint"), STEPS)
    def test_in_steps(self, small, marked, hint):
        assert hint in small.one_problem(small.file(marked)).hint

    @pytest.mark.parametrize(("marked", "hint"), HEAD)
    def test_in_the_head(self, small, marked, hint):
        assert hint in small.one_problem(small.file(head=marked)).hint

    @pytest.mark.parametrize(("marked", "hint"), TRIGGERS)
    def test_in_triggers(self, small, marked, hint):
        text = f"scenario: a\ntitle: T\n{marked}steps:\n  - say: Hi\n"
        assert hint in small.one_problem(text).hint

    @pytest.mark.parametrize(("written", "hint"), DURATIONS)
    def test_in_durations(self, written, hint):
        assert hint in duration_hint(written)

    def test_a_variable_in_single_braces_is_a_warning(self, small):
        problem = small.one_problem(small.file("  - say: Hi «${visitor.name}!\n"))
        assert (problem.severity, problem.hint) == ("warning", "write {{ visitor.name }}")

    def test_every_word_that_is_tried_leads_to_a_kind_that_there_is(self):
        assert set(TRIED.values()) <= set(KINDS)
        assert not set(TRIED) & set(KINDS)
