"""One file of many that are checked together: where a thing of its model stands in its text, and what is said
of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Generic, TypeVar

from scenarios_yaml.language.model import Leaf, Scenario, Segment
from scenarios_yaml.language.problems import Problem, Severity, shown
from scenarios_yaml.language.tree import Places
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode, compose, position_inside

M = TypeVar("M", Scenario, Segment)


class CheckedFile(Generic[M]):
    """`text` is what the file says; without it a problem is known by its line alone (column 1)."""

    def __init__(self, what: M, file: str, text: str = "") -> None:
        self.what: M = what
        self.file = file
        self.text = text.removeprefix("\ufeff")

    def at_path(
        self, path: str, message: str, hint: str = "", *, severity: Severity = "warning", line: int = 1
    ) -> Problem:
        """A problem of what stands under a path of the file: `goal.event`, `steps.2.tag`."""
        node = self._places.of(path) if self._places is not None else None
        return self._problem(node, line, message, hint, severity)

    def at_step(self, path: str, key: str, line: int, message: str, hint: str = "") -> Problem:
        return self.at_path(f"{path}.{key}", message, hint, line=line)

    def at_leaf(
        self, leaf: Leaf, word: str, message: str, hint: str = "", severity: Severity = "warning"
    ) -> Problem:
        """A problem of one word of a condition line."""
        node = next((s for s in self._scalars if s.line == leaf.line and s.value == leaf.source), None)
        if node is None:
            return self._problem(None, leaf.line, message, hint, severity)
        offset = max(0, node.value.rfind(word))
        line, column = position_inside(self.text, node, offset)
        return Problem(line, column, message, hint, severity, shown(word), self.file)

    def _problem(
        self, node: YamlNode | None, line: int, message: str, hint: str, severity: Severity
    ) -> Problem:
        if node is None:
            return Problem(line, 1, message, hint, severity, "", self.file)
        offending = shown(node.value) if isinstance(node, Scalar) else ""
        return Problem(node.line, node.column, message, hint, severity, offending, self.file)

    @cached_property
    def _root(self) -> Mapping | None:
        root = compose(self.text)[0] if self.text else None
        return root if isinstance(root, Mapping) else None

    @cached_property
    def _places(self) -> Places | None:
        return Places(self._root) if self._root is not None else None

    @cached_property
    def _scalars(self) -> list[Scalar]:
        return list(_scalars(self._root)) if self._root is not None else []


def _scalars(node: YamlNode) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for _, value in node.pairs:
            yield from _scalars(value)
