"""One reading of one file: where problems gather, and what the readers of its parts must know of the
whole."""

from __future__ import annotations

import re
from typing import Any

from scenarios_yaml.language.problems import Problem, Severity, nearest, printable, quoted, shown
from scenarios_yaml.language.yaml_hints import A_COMMENT
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, position_inside

MOST_PROBLEMS = 100
"""More of one file helps nobody, and each costs time: the reading ends there."""

MOST_TEMPLATE_MARKS = 2_000
"""`{{` and `{%` in all texts of a file together: compiling them is the dearest part of the reading."""

NULLS = ("null", "Null", "NULL", "~")
"""What YAML calls nothing, where it stands without quotes."""

_PARAMETER = re.compile(r"parameters\.([\w-]+)")


class TooManyProblemsError(Exception):
    """The file has MOST_PROBLEMS problems already, and more."""


class Reading:
    """`parameters` are the defaults as typed values; `parameters_written` the same as they stand in the
    file, None for a text of several languages."""

    may_have_parameters = True

    def __init__(self, text: str, file: str = "") -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.parameters: dict[str, Any] = {}
        self.parameters_written: dict[str, str | None] = {}
        self.template_marks = 0
        self.run_names: list[tuple[Scalar, int, str]] = []
        """Where texts and conditions look at `run.NAME`: the scalar, the offset in it, the name."""
        self._refused: set[tuple[int, int]] = set()

    def refuse_yaml(self, problems: list[Problem]) -> None:
        """Takes what is wrong with the YAML itself: nothing more is said of these places."""
        for problem in problems:
            self.report(problem.severity, problem.line, problem.column, problem.message, problem.hint)
        self._refused = {(problem.line, problem.column) for problem in problems}

    def error(self, at: YamlNode, message: str, hint: str = "") -> None:
        self.report("error", at.line, at.column, message, hint, at)

    def warn(self, at: YamlNode, message: str, hint: str = "") -> None:
        self.report("warning", at.line, at.column, message, hint, at)

    def error_inside(self, scalar: Scalar, offset: int, message: str, hint: str = "") -> None:
        """An error at one character of a scalar's value."""
        line, column = position_inside(self.text, scalar, offset)
        self.report("error", line, column, message, hint, scalar)

    def warn_inside(self, scalar: Scalar, offset: int, message: str, hint: str = "") -> None:
        line, column = position_inside(self.text, scalar, offset)
        self.report("warning", line, column, message, hint, scalar)

    def report(
        self,
        severity: Severity,
        line: int,
        column: int,
        message: str,
        hint: str = "",
        at: YamlNode | None = None,
    ) -> None:
        if (line, column) in self._refused:
            return
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblemsError
        offending = shown(at.value) if isinstance(at, Scalar) else ""
        told, helps = printable(message), printable(hint)
        self.problems.append(Problem(line, column, told, helps, severity, offending, self.file))

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)

    def all_problems(self) -> tuple[Problem, ...]:
        """In the order of the file."""
        return tuple(sorted(self.problems, key=lambda problem: (problem.line, problem.column)))

    def too_many(self) -> tuple[Problem, ...]:
        """All problems, and one more that says that there are others."""
        ordered = self.all_problems()
        last = ordered[-1]
        more = f"more than {MOST_PROBLEMS} problems: the file was not read any further"
        return (*ordered, Problem(last.line, last.column, more, "mend these first", "error", "", self.file))

    # --- Scalars: every one is a string that the schema types -----------------------------------------------

    def word(self, node: YamlNode, wanted: str) -> str | None:
        """The string that stands here; `parameters.NAME` is replaced by its default. None after an error."""
        if not isinstance(node, Scalar):
            is_what = "a list" if isinstance(node, Sequence) else "a mapping"
            self.error(node, f"{wanted} is wanted here, this is {is_what}", _comma_hint(node))
            return None
        if not node.value.strip():
            self.error(node, f"{wanted} is missing here", A_COMMENT if self.lost_behind(node) else "")
            return None
        if node.style:
            return node.value
        if node.value in NULLS:
            self.error(
                node,
                f"{wanted} is missing here: {quoted(node.value)} means nothing at all",
                "put it in quotes if it is meant",
            )
            return None
        return self._parameter(node)

    def lost_behind(self, node: Scalar) -> str:
        """What stands behind a word without quotes as a comment; empty where nothing does."""
        if node.style:
            return ""
        end = self.text.find("\n", node.end)
        rest = self.text[node.end : end if end >= 0 else len(self.text)].strip()
        return rest if rest.startswith("#") else ""

    def refuse_lost(self, node: Scalar) -> None:
        """Reports a word that goes on behind a ` #`, as in “Order #1”; a comment has a space after its #."""
        lost = self.lost_behind(node)
        if len(lost) > 1 and not lost[1].isspace() and lost[1] != "#":
            self.error(node, f"{quoted(lost)} would be lost: it is a comment", A_COMMENT)

    def _parameter(self, node: Scalar) -> str | None:
        match = _PARAMETER.fullmatch(node.value)
        if not match:
            return node.value
        name = match.group(1)
        if name not in self.parameters_written:
            self.unknown_parameter(node, 0, name)
            return None
        written = self.parameters_written[name]
        if written is None:
            self.error(
                node, f"the parameter {quoted(name)} differs from language to language", "give it one default"
            )
        return written

    def unknown_parameter(self, node: Scalar, offset: int, name: str) -> None:
        if not self.may_have_parameters:
            self.error_inside(node, offset, "a segment has no parameters", "write the value itself")
            return
        guess = nearest(name, self.parameters_written)
        hint = f"did you mean “parameters.{guess}”?" if guess else "parameters stand at the top of the file"
        self.error_inside(node, offset, f"there is no parameter {quoted(name)}", hint)


def _comma_hint(node: YamlNode) -> str:
    if isinstance(node, Mapping) and node.flow:
        return "a text that begins with `{` must stand in quotes"
    if isinstance(node, Sequence):
        return (
            "one value stands here, without […]" if node.flow else "one value stands here, on the same line"
        )
    return ""
