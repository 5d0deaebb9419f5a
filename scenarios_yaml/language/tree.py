"""The tree of steps: every step of a file, the branches of each, and where each stands in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from scenarios_yaml.language.model import Choose, If, Say, Split, Step, WaitFor
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

_MAY_BE_LEFT_OUT = ("no_answer", "on_submit", "on_click", "on_close", "on_error", "no_operator")

Blocks = tuple[tuple[str, tuple[Step, ...]], ...]


def branches(step: Step) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """The branches of a step, by the keys under which they stand: `then`, `options.0`, `on_close` …"""
    if isinstance(step, Say):
        for number, option in enumerate(step.options):
            yield f"options.{number}", option.steps
    elif isinstance(step, If):
        yield "then", step.then
        yield "else", step.otherwise
    elif isinstance(step, Choose):
        for number, case in enumerate(step.cases):
            yield f"choose.{number}", case.steps
        yield "otherwise", step.otherwise
    elif isinstance(step, Split):
        for number, variant in enumerate(step.variants):
            yield f"split.{number}", variant.steps
    elif isinstance(step, WaitFor):
        yield "then", step.then
        yield "on_timeout", step.on_timeout
    for name in _named(type(step)):
        branch = getattr(step, name)
        if branch is not None:
            yield name, branch


@cache
def _named(kind: type[Step]) -> tuple[str, ...]:
    """The branches that a kind of step may have by keys of their own, which may be left out."""
    return tuple(name for name in _MAY_BE_LEFT_OUT if name in kind.__struct_fields__)


def all_steps(sequences: Iterable[tuple[Step, ...]]) -> Iterator[Step]:
    """Every step of these and of all their branches, in the order of the file."""
    for steps in sequences:
        for step in steps:
            yield step
            yield from all_steps(branch for _, branch in branches(step))


class Places:
    """Finds the node of the file where a step stands, by the step's path."""

    def __init__(self, root: Mapping) -> None:
        self.root = root

    def of(self, path: str, key: str = "") -> YamlNode:
        node: YamlNode = self.root
        for part in [*path.split("."), *([key] if key else [])]:
            deeper = self._deeper(node, part)
            if deeper is None:
                return node
            node = deeper
        return node

    def keys_of(self, name: str) -> list[Scalar]:
        """The keys of the mapping under a key of the file; none where it is not there."""
        node = self._deeper(self.root, name)
        return [key for key, _ in node.pairs] if isinstance(node, Mapping) else []

    @staticmethod
    def _deeper(node: YamlNode, part: str) -> YamlNode | None:
        if isinstance(node, Sequence):
            return node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None
        if isinstance(node, Mapping):
            return next((value for name, value in node.pairs if name.value == part), None)
        return None
