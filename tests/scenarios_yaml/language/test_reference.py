"""Every example of the reference page is read without a problem, and every part of the language has one."""

from __future__ import annotations

import re
import textwrap
from importlib.resources import files
from typing import get_args

import pytest
from msgspec import structs

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.clock import DAY
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import BroadcastDue, Happened, Wrote
from scenarios_yaml.language import model
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.segment_reader import read_segment
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.rehearsal import Rehearsal
from scenarios_yaml.tools.testing.case_reader import read_tests
from scenarios_yaml.tools.testing.run_cases import CaseRunner, run_cases

NOON = 1_772_452_800_000
"""2026-03-02 12:00 UTC, a Monday."""
PAGE = files("scenarios_yaml").joinpath("README.md").read_text(encoding="utf-8")
ALL_BLOCKS = [(kind.strip(), body) for kind, body in re.findall(r"```yaml( \w+)?\n(.*?)```", PAGE, re.DOTALL)]

BLOCKS = [(kind, body) for kind, body in ALL_BLOCKS if kind not in ("segment", "test")]
SEGMENTS = [body for kind, body in ALL_BLOCKS if kind == "segment"]
TESTS = [body for kind, body in ALL_BLOCKS if kind == "test"]

START = "scenario: a\ntitle: T\n"
TRIGGER = "trigger:\n  - event: Chat Opened\n"
STEPS = "steps:\n  - say: Hello\n"
INTO_FILE = {
    "file": lambda body: body,
    "head": lambda body: START + TRIGGER + body + STEPS,
    "trigger": lambda body: START + "trigger:\n" + textwrap.indent(body, "  ") + STEPS,
    "conditions": lambda body: START + TRIGGER + "audience:\n" + textwrap.indent(body, "  ") + STEPS,
    "steps": lambda body: START + TRIGGER + "steps:\n" + textwrap.indent(body, "  "),
}


def read(kind: str, body: str) -> model.Scenario:
    result = read_scenario(INTO_FILE[kind](body))
    assert result.problems == (), "\n".join(map(str, result.problems))
    assert result.scenario is not None
    return result.scenario


@pytest.fixture(scope="module")
def scenarios() -> list[model.Scenario]:
    return [read(kind, body) for kind, body in BLOCKS]


@pytest.mark.parametrize(("kind", "body"), BLOCKS, ids=range(len(BLOCKS)))
def test_an_example_is_read_without_a_problem(kind, body):
    read(kind, body)


@pytest.mark.parametrize(("kind", "body"), BLOCKS, ids=range(len(BLOCKS)))
@pytest.mark.parametrize("operators", [0, 1])
def test_an_example_runs_to_its_end(kind, body, operators):
    """Whoever triggers it, and then answers nothing for a month, comes to an end of it."""
    scenario = structs.replace(read(kind, body), status="live", audience=())
    state = VisitorState("v", properties={"email": "ann@shop.example", "push": True, "messenger": "m"})
    visitor = Rehearsal(Catalog.of([scenario]), state, now=NOON, world=World(operators_online=operators))
    visitor.tell(Happened("Product Added", {"product_id": "p1", "name": "Lamp", "price": 500}, NOON))
    for trigger in scenario.trigger:
        if isinstance(trigger, model.OnEvent):
            visitor.tell(Happened(trigger.event, {"price": 5000, "total": 5000}, visitor.now))
        elif isinstance(trigger, model.OnKeyword):
            visitor.tell(Wrote(trigger.words[0]))
        elif isinstance(trigger, model.OnSchedule):
            visitor.tell(BroadcastDue(scenario.slug, visitor.now))
        elif isinstance(trigger, model.OnSegment):
            visitor.tell(Happened("Segment Entered", {"segment": trigger.segment}, visitor.now))
    visitor.pass_time(visitor.now + 400 * DAY)
    assert any(line.phase == "started" for line in visitor.trace)
    assert visitor.state.runs == []


@pytest.mark.parametrize("body", SEGMENTS)
def test_a_segment_of_the_page_is_read_without_a_problem(body):
    result = read_segment(body)
    assert (result.problems, result.segment is None) == ((), False)


@pytest.mark.parametrize("body", TESTS)
def test_a_test_of_the_page_passes_with_its_scenario(body):
    scenario = next(read(kind, text) for kind, text in BLOCKS if "scenario: welcome-back" in text)
    cases = read_tests(body)
    assert cases.problems == ()
    results = run_cases(CaseRunner(scenario), cases.cases)
    assert [(result.case.name, result.failure) for result in results if not result.passed] == []


class TestEveryPartHasAnExample:
    def test_steps(self, scenarios):
        written = {
            key for _, body in BLOCKS for key in re.findall(r"(?:- |^ +|{)([a-z_]+):", body, re.MULTILINE)
        }
        assert set(KINDS) <= written
        shown = {type(step) for s in scenarios for step in all_steps([s.steps, *(b for _, b in s.blocks)])}
        assert shown == set(get_args(model.Step))

    def test_triggers(self, scenarios):
        assert {type(trigger) for s in scenarios for trigger in s.trigger} == set(get_args(model.Trigger))

    def test_conditions(self, scenarios):
        def leaves(conditions):
            for condition in conditions:
                if isinstance(condition, model.Not):
                    yield from leaves([condition.of])
                elif isinstance(condition, (model.All, model.Any_)):
                    yield from leaves(condition.of)
                else:
                    yield condition

        found = [leaf for s in scenarios for leaf in leaves(s.audience)]
        assert {type(leaf) for leaf in found} == set(get_args(model.Leaf))
        assert {leaf.op for leaf in found if isinstance(leaf, model.Compare)} >= {
            "!=", "<", ">=", "in", "contains", "matches", "starts with", "ends with",
        }  # fmt: skip
        assert {leaf.what for leaf in found if isinstance(leaf, model.Is)} == {
            "known", "unknown", "empty", "true", "false", "subscribed",
        }  # fmt: skip
        assert {leaf.how for leaf in found if isinstance(leaf, model.Touched)} == {
            "received", "opened", "clicked", "replied",
        }  # fmt: skip

    def test_keys_of_the_head(self):
        from scenarios_yaml.language.reader import HEAD

        assert [key for key in HEAD if f"| `{key}` |" not in PAGE] == []
