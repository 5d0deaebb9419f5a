"""Editors complete and check by the types by which the reader reads: what a schema marks, the reader refuses."""

# ruff: noqa: E501  (a row of a table stands on one line)

from __future__ import annotations

import random
import re
import textwrap
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.library.index import library
from scenarios_yaml.schemas.build import SCHEMAS, file_name, written
from scenarios_yaml.tools.testing.case_reader import read_tests

EXAMPLES = Path(__file__).parents[1] / "language" / "examples"
PAGE = files("scenarios_yaml").joinpath("README.md").read_text(encoding="utf-8")
BLOCKS = [(kind.strip(), body) for kind, body in re.findall(r"```yaml( \w+)?\n(.*?)```", PAGE, re.DOTALL)]
START = "scenario: a\ntitle: T\n"
TRIGGER = "trigger:\n  - event: Chat Opened\n"
STEPS = "steps:\n  - say: Hello\n"
NO_SCHEMAS = ("properties", "$defs", "dependentRequired")
"""Below these, names are those of the files."""
INTO_FILE = {
    "file": lambda body: body,
    "head": lambda body: START + TRIGGER + body + STEPS,
    "trigger": lambda body: START + "trigger:\n" + textwrap.indent(body, "  ") + STEPS,
    "conditions": lambda body: START + TRIGGER + "audience:\n" + textwrap.indent(body, "  ") + STEPS,
    "steps": lambda body: START + TRIGGER + "steps:\n" + textwrap.indent(body, "  "),
}
GOOD = {
    **{item.slug: item.text for item in library()},
    **{path.stem: path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))},
    **{f"README {n}": INTO_FILE[kind](body) for n, (kind, body) in enumerate(BLOCKS) if kind in INTO_FILE},
}
SEGMENTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted(files("scenarios_yaml").joinpath("library/segments").iterdir(), key=lambda p: p.name)
    if path.name.endswith(".yaml")
}
TESTS = {item.slug: item.test for item in library() if item.test}
EVERY_TEST = """\
- test: every line of a timeline
  locales: [en, ru]
  given: {email: ann@shop.example, birthday: 1990-03-05, vip: true, none: null}
  tags: [a, off]
  lists: [news]
  variant: {which-text: short}
  holdout: false
  at: 2026-03-02 12:00
  timezone: Europe/Prague
  quiet_hours: 22:00-08:00
  business_hours: closed
  frequency_cap: 2 in 1d
  operators_online: 0
  with: [other]
  site: {name: Lamps}
  timeline:
    - event: Order Completed
      properties: {total: 1200, products: [{name: Lamp}]}
    - advance: 3d
    - advance_to: 2026-03-09 10:00
    - answer: {en: "Yes", ru: Да}
    - write: NO
      files: [a.txt]
    - submit: {email: "", phone: 123}
    - operator: Hello
    - set: {plan: null}
    - tag: vip
    - untag: vip
    - operator_online: 1
    - fail: no such mailbox
    - webhook_replies: {error: too slow}
    - coupons: {cart-5: ""}
    - close
    - click:
    - open: true
    - expect: {say: Hello, options: [A, B], buttons: Go, contains: [x, "{{"], lacks: y}
    - expect: {popup: true, fields: [email], button: Go, size: mini, visitor.email: null, run.n: 3}
    - expect: {handoff: true, assign: team, tag: a, event: X, subscribed: news}
    - expect_nothing
    - expect_goal
    - expect_exit: Order Completed
    - expect_stop: no answer
    - expect_refused: audience
"""
EVERY_SEGMENT = """\
segment: every
title: {en: Every way to say it, ru: Все способы}
comment: none
conditions:
  - visits > 1
  - [tagged vip, 'city = "New York"']
  - any: [email is known, not: {all: [in segment other, did not order_completed in 30d]}]
"""


def steps(body: str) -> str:
    return START + TRIGGER + "steps:\n" + textwrap.indent(body, "  ")


class TestTheFiles:
    """They lie in the package, and are what the declarations say."""

    @pytest.mark.parametrize("kind", SCHEMAS)
    def test_are_up_to_date(self, kind):
        path = files("scenarios_yaml").joinpath("schemas").joinpath(file_name(kind))
        assert path.read_text(encoding="utf-8") == written(kind), (
            "run: python -m scenarios_yaml.schemas.build"
        )

    @pytest.mark.parametrize("kind", SCHEMAS)
    def test_are_json_schemas(self, kind):
        jsonschema_rs.meta.validate(SCHEMAS[kind]())

    @pytest.mark.parametrize("kind", SCHEMAS)
    def test_tell_of_every_key_what_it_is_for(self, kind):
        def keys(schema):
            """Every key of every mapping, with its schema."""
            if isinstance(schema, list):
                for value in schema:
                    yield from keys(value)
            elif isinstance(schema, dict):
                inside = schema.get("properties", {})
                yield from inside.items()
                others = [value for name, value in schema.items() if name not in NO_SCHEMAS]
                for value in [*inside.values(), *schema.get("$defs", {}).values(), *others]:
                    yield from keys(value)

        found = list(keys(SCHEMAS[kind]()))
        assert len(found) > 3
        assert [name for name, value in found if len(value.get("description", "")) < 5] == []

    def test_have_a_way_for_each_kind_of_step(self):
        ways = SCHEMAS["scenario"]()["$defs"]["step"]["oneOf"]
        assert [way["title"] for way in ways] == list(KINDS)

    def test_refer_to_nothing_that_is_not_there(self):
        for make in SCHEMAS.values():
            schema = make()
            named = set(re.findall(r"'\$ref': '#/\$defs/(\w+)'", str(schema)))
            assert named <= set(schema["$defs"])


class TestWhatIsGood:
    """Whatever the reader accepts, an editor does not mark, whichever YAML it speaks."""

    @pytest.mark.parametrize("name", GOOD)
    def test_a_scenario(self, scenario_editor, name):
        assert read_scenario(GOOD[name]).errors == ()
        assert scenario_editor.complaints(GOOD[name]) == []

    @pytest.mark.parametrize("name", [*SEGMENTS, "every"])
    def test_a_segment(self, segment_editor, name):
        text = SEGMENTS.get(name, EVERY_SEGMENT)
        assert read_segment(text).errors == ()
        assert segment_editor.complaints(text) == []

    @pytest.mark.parametrize("name", [*TESTS, "every"])
    def test_a_test_file(self, test_editor, name):
        text = TESTS.get(name, EVERY_TEST)
        assert read_tests(text).errors == (), list(map(str, read_tests(text).errors))
        assert test_editor.complaints(text) == []

    @pytest.mark.parametrize(
        "body",
        [
            "- wait: {at: 10:00}",
            "- wait: {at: 09:30, weekdays: [mon]}",
            "- say: NO",
            "- say: 0123",
            "- say: 12.50",
            "- say: {no: Hei, en: 5}",
            "- tag: off",
            "- id: on\n  say: Hello\n- wait: 1d\n- jump: on",
            "- id: 1_2\n  say: Hello\n- wait: 1d\n- jump: 1_2",
            "- id: 0x1f\n  say: Hello\n- wait: 1d\n- jump: 0x1f",
            "- set: {visitor.a: NO, visitor.b: null, visitor.c: ~, visitor.d: [1, {e: 2}], run.e: true}",
            "- handoff:",
            "- emit: {event: 404, properties: {a: 10:00}}",
            "- stop: 1e3",
            "- file: 2024",
            '- split: [{name: a, weight: "50", steps: []}, {name: no, weight: 0.5, steps: []}]',
            "- wait: {until: 2026-08-30}\n- wait: {until: 2026-08-30T10:00:30}",
            "- if: ['  email is known']\n  then: []",
            "- say: Hello\n  enabled: false\n- say: Hello\n  enabled: 'true'",
            "- wait_for: {event: YES, up_to: 1h}",
        ],
    )
    def test_words_that_yaml_makes_something_else_of(self, scenario_editor, body):
        text = steps(body)
        assert read_scenario(text).errors == ()
        assert scenario_editor.complaints(text) == []

    def test_parameters_in_place_of_values(self, scenario_editor):
        text = (
            "scenario: a\ntitle: T\nparameters:\n  d: {type: duration, default: 3d}\n  n: {type: number, default: 5}\n"
            "  p: {type: path, default: visitor.plan}\n  c: {type: coupon, default: cart-5}\n  e: {type: event, default: E}\n"
            "  s: {type: section, default: lamps, label: {en: Section}}\n  l: {type: link, default: /a}\n"
            "trigger:\n  - event: parameters.e\n    where: [cart.total > parameters.n]\n  - inactive: parameters.d\n"
            "delivery: {priority: parameters.n}\nreentry: {times: parameters.n, key: parameters.p}\n"
            "steps:\n  - wait: parameters.d\n  - coupon: {pool: parameters.c, save_to: parameters.p}\n"
            "  - say: Hello\n    buttons: [{label: A, link: parameters.l}]\n  - tag: parameters.s\n"
        )
        assert read_scenario(text).errors == (), list(map(str, read_scenario(text).errors))
        assert scenario_editor.complaints(text) == []


MISTAKES = [
    "- sya: Hello",
    "- say: Hello\n  wait: 3d",
    "- say:",
    "- say: [a]",
    "- say: {EN: Hello}",
    "- say: Hello\n  optoins: []",
    "- say: Hello\n  options: []",
    "- say: Hello\n  options: [{id: a}]",
    "- say: Hello\n  options: [{label: A, steps: [], jump: a}]",
    "- say: Hello\n  timeout: 3",
    "- say: Hello\n  timeout: soon",
    "- say: Hello\n  buttons: [{label: Go, link: catalog}]",
    "- id: Big One\n  say: Hello",
    "- ask: Name?\n  input: text\n  save_to: name",
    "- ask: Name?\n  input: mail\n  save_to: name\n  timeout: 1h",
    "- ask: Name?\n  input: text\n  save_to: cart.total\n  timeout: 1h",
    "- popup: {size: huge, title: T, text: X}",
    "- popup: {size: small, title: T}",
    "- email: {subject: S}",
    "- email: {subject: S, body: B, template: t}",
    "- product_list: {from: viewed, limit: 50}",
    "- product_list: {from: cart}",
    "- coupon: {pool: a}",
    "- if: email is known\n  then: []",
    "- if: [emial is known]\n  then: []",
    "- if: [email is known]",
    "- if: [{al: [email is known]}]\n  then: []",
    "- choose: []",
    "- split: [{name: a, weight: 1, steps: []}]",
    "- wait: {for: 3d, at: 10:00}",
    "- wait: {until: 2026-08-30, within: 3d}",
    "- wait: {at: 25:00}",
    "- wait: {at: 10:00, weekdays: [friday]}",
    "- wait: {}",
    "- wait_for: {event: Order Completed}",
    "- tag: two words",
    "- set: {cart.total: 5}",
    "- set: {}",
    "- emit: {properties: {}}",
    "- webhook: {url: https://a.example, method: SEND}",
    "- webhook: {url: https://a.example, retries: 99}",
    "- assign: {}",
    "- handoff: {tema: a}",
    "- jump: [a]",
    "- stop:",
    "- stop: null",
    "- say: ~",
]
HEAD_MISTAKES = [
    "status: lve\n",
    "audiense: []\n",
    "audience: []\n",
    "starter: maybe\n",
    "holdout: 10\n",
    "goal: {event: Order Completed}\n",
    "goal: {event: Order Completed, within: 3 days}\n",
    "reentry: {times: twice}\n",
    "reentry: {times: 0}\n",
    "delivery: {priority: 101}\n",
    "delivery: {quiet_hours: Wait}\n",
    "exit: [{where: [visits > 1]}]\n",
    "parameters: {sum: {type: money, default: 1}}\n",
    "parameters: {sum: {type: number}}\n",
    "blocks: {a: []}\n",
    "timezone: utc\n",
]


class TestMistakes:
    """Typical ones are marked while they are written, and refused by the reader as well."""

    @pytest.mark.parametrize("body", MISTAKES)
    def test_in_steps(self, scenario_editor, body):
        assert read_scenario(steps(body)).errors
        assert scenario_editor.complaints(steps(body))

    @pytest.mark.parametrize("head", HEAD_MISTAKES)
    def test_in_the_head(self, scenario_editor, head):
        text = START + head + TRIGGER + STEPS
        assert read_scenario(text).errors
        assert scenario_editor.complaints(text)

    @pytest.mark.parametrize("without", ["scenario", "title", "trigger", "steps"])
    def test_what_is_missing(self, scenario_editor, without):
        parts = {"scenario": "scenario: a\n", "title": "title: T\n", "trigger": TRIGGER, "steps": STEPS}
        text = "".join(part for name, part in parts.items() if name != without)
        assert read_scenario(text).errors
        assert scenario_editor.complaints(text)

    @pytest.mark.parametrize(
        "trigger",
        ["- {}", "- {where: [visits > 1]}", "- {event: A, inactive: 3d}", "- {inactive: 3d, where: [visits > 1]}",
         "- {keyword: order}", "- {keyword: []}", "- {schedule: daily}", "- {at: tomorrow}", "- Cart Viewed"],
    )  # fmt: skip
    def test_in_triggers(self, scenario_editor, trigger):
        text = f"{START}trigger:\n  {trigger}\n{STEPS}"
        assert read_scenario(text).errors
        assert scenario_editor.complaints(text)

    @pytest.mark.parametrize(
        "text",
        ["segment: a\ntitle: T\n", "segment: a\ntitle: T\nconditions: []\n", "segment: A b\ntitle: T\nconditions: [visits > 1]\n",
         "segment: a\ntitle: T\nstatus: live\nconditions: [visits > 1]\n", "segment: a\nconditions: [visits > 1]\n",
         "segment: a\ntitle: T\nconditions: [vsits > 1]\n"],
    )  # fmt: skip
    def test_in_segments(self, segment_editor, text):
        assert read_segment(text).errors
        assert segment_editor.complaints(text)

    @pytest.mark.parametrize(
        "line",
        [
            "- nothing", "- evnt: A", "- {event: A, advance: 3d}", "- {advance: 3d, properties: {}}", "- advance: soon",
            "- advance_to: later", "- close: now", "- expect: {}", "- expect: {emial: a}", "- expect: {say: [a]}",
            "- expect: {site.a: b}", "- expect: letter", "- submit: x", "- operator_online: many", "- {properties: {}}",
        ],
    )  # fmt: skip
    def test_in_timelines(self, test_editor, line):
        text = f"- test: a\n  timeline:\n    {line}\n"
        assert read_tests(text).errors
        assert test_editor.complaints(text)

    @pytest.mark.parametrize(
        "text",
        ["test: a\n", "[]", "- test: a\n", "- timeline: [close]\n", "- {test: a, timeline: []}\n",
         "- {test: a, given: {visits: 3}, timeline: [close]}\n", "- {test: a, locales: [], timeline: [close]}\n",
         "- {test: a, frequency_cap: 2, timeline: [close]}\n", "- {test: a, wiht: [b], timeline: [close]}\n"],
    )  # fmt: skip
    def test_in_cases(self, test_editor, text):
        assert read_tests(text).errors
        assert test_editor.complaints(text)


WORDS = [
    "null", "~", "true", "no", "NO", "10:00", "9:30", "0123", "1_000", "5", "-1", "1.5", "1e3", "0x1f", "3d", "90m", "parameters.x",
    "'5'", "' '", '""', "[]", "{}", "[a]", "{en: A}", "visitor.a", "email", "draft", "email is known", "2026-08-30", "10%",
    "https://a.example", "/a", "{{ visitor.a }}", "é", "a b", "A", "a.b", "-", "@", "x" * 90, "once", "Order Completed", ".5", "+5",
]  # fmt: skip


def mutated(chance: random.Random, text: str) -> str:
    """The text with another value, a line more, or a line less."""
    lines = text.splitlines()
    for _ in range(chance.randint(1, 3)):
        number = chance.randrange(len(lines))
        way = chance.random()
        key, colon, _ = lines[number].partition(": ")
        if way < 0.6 and colon:
            lines[number] = f"{key}: {chance.choice(WORDS)}"
        elif way < 0.7:
            lines[number] = re.sub(
                r"[\w.:/%-]+(?=[,}\]])", lambda _: chance.choice(WORDS), lines[number], count=1
            )
        elif way < 0.8:
            del lines[number]
        elif way < 0.9:
            lines.insert(number, chance.choice(text.splitlines()))
        else:
            lines[number] = lines[number].replace(
                "- ", f"- {chance.choice(('id', 'enabled', 'if', 'jump'))}: {chance.choice(WORDS)}\n", 1
            )
        lines = "\n".join(lines).splitlines() or [""]
    return "\n".join(lines)


class TestAnyFile:
    """What the schema refuses, the reader refuses."""

    @settings(max_examples=300, deadline=None)
    @given(st.sampled_from(sorted(GOOD)), st.randoms(use_true_random=False))
    def test_a_scenario(self, scenario_editor, name, chance):
        text = mutated(chance, GOOD[name])
        complaints = scenario_editor.complaints(text)
        if complaints:
            assert read_scenario(text).errors, complaints

    @settings(max_examples=100, deadline=None)
    @given(st.randoms(use_true_random=False))
    def test_a_segment(self, segment_editor, chance):
        text = mutated(chance, EVERY_SEGMENT)
        complaints = segment_editor.complaints(text)
        if complaints:
            assert read_segment(text).errors, complaints

    @settings(max_examples=200, deadline=None)
    @given(st.sampled_from([*sorted(TESTS), "every"]), st.randoms(use_true_random=False))
    def test_a_test_file(self, test_editor, name, chance):
        text = mutated(chance, TESTS.get(name, EVERY_TEST))
        complaints = test_editor.complaints(text)
        if complaints:
            assert read_tests(text).errors, complaints
