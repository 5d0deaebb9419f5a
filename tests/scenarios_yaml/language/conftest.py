"""Small scenarios to read, and a mark `«` that stands where an error is expected."""

from __future__ import annotations

import pytest

from scenarios_yaml.language.model import Scenario, Step
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import read_scenario

HEAD = """\
scenario: a-name
title: A title
trigger:
  - event: Session Started
"""


class Small:
    """Reads pieces of a scenario, each put into the smallest file that can hold it."""

    head = HEAD

    def file(self, steps: str = "  - say: Hello\n", head: str = "") -> str:
        return f"{HEAD}{head}steps:\n{steps}"

    def read(self, text: str) -> Scenario:
        result = read_scenario(text)
        assert result.scenario is not None, "\n".join(map(str, result.problems))
        return result.scenario

    def step(self, steps: str, number: int = 0, tail: str = "") -> Step:
        """One step of a good file; `steps` is indented by two, `tail` follows (blocks)."""
        return self.read(self.file(steps) + tail).steps[number]

    def problems(self, marked: str) -> tuple[tuple[Problem, ...], int, int]:
        """The problems of a text, and the line and column where its mark `«` stood."""
        before, mark, after = marked.partition("«")
        assert mark, "the text has no mark"
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        return read_scenario(before + after).problems, line, column

    def one_problem(self, marked: str) -> Problem:
        """The only problem of the text; it must stand at the mark."""
        problems, line, column = self.problems(marked)
        assert [(p.line, p.column) for p in problems] == [(line, column)], "\n".join(map(str, problems))
        return problems[0]


@pytest.fixture(scope="session")
def small() -> Small:
    return Small()
