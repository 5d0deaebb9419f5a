"""Every example of the reference page is read without a problem, and every part of the language has one."""

from __future__ import annotations

import re
import textwrap
from importlib.resources import files
from typing import get_args

import pytest

from scenarios_yaml.language import model
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.tree import all_steps

PAGE = files("scenarios_yaml").joinpath("README.md").read_text(encoding="utf-8")
BLOCKS = [(kind.strip(), body) for kind, body in re.findall(r"```yaml( \w+)?\n(.*?)```", PAGE, re.DOTALL)]

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
