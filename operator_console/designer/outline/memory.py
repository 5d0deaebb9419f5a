"""Steps that have been told before: a step that says the same as before the edit is neither read nor put into words
again; one of the first level under which nothing has changed keeps its rows, wherever it stands now.

What is compared is what stands in the file, without what stands in the step's branches and without its place: a step
that was moved is the same step.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import Struct

from operator_console.designer.outline.building import Draft
from operator_console.designer.outline.flow_words import if_phrase, variant_phrase
from operator_console.designer.outline.read_parts import Patient
from operator_console.designer.outline.steps import branch_phrase, option_phrase, stands_in_line, step_phrase
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Step
from scenarios_yaml.language.steps import KINDS, read_steps
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

BRANCHES = (
    "then", "else", "otherwise", "on_timeout", "no_answer", "on_submit", "on_click", "on_close", "no_operator",
    "on_error",
)  # fmt: skip
"""Keys of branches, in the order in which they are shown."""
OWN_BRANCHES = {name: tuple(key for key in BRANCHES if key in kind.beside) for name, kind in KINDS.items()}
"""The keys of branches that may stand beside each kind."""
_ITEMS = ("options", "choose", "split")
"""Keys under which items with `steps` of their own stand."""

Said: TypeAlias = tuple[Hashable, ...]
_IN, _LIST, _OUT, _BRANCH = 1, 2, 3, 4
"""Marks between the strings of what a node says: no string equals them."""


class Told(Struct):
    """A step as it was read, and the rows that it makes of itself. `branches` are called so by their keys, `items` are
    its answers, cases or variants."""

    step: Step
    words: Phrase
    branches: dict[str, Phrase]
    items: tuple[Phrase, ...] = ()
    in_line: tuple[bool, ...] = ()
    """Of each case, of a fork and of a wait: whether its row tells its conditions."""


class Kept(Struct):
    """A step of the first level with all rows of it and below it, as they were when it stood at `place`."""

    node: Mapping
    place: str
    line: int
    drafts: list[Draft]
    told: dict[Said, Told]

    def stands_for(self, node: Mapping) -> bool:
        """Whether nothing but its place has changed: an edit puts another node in the place of all that hold what it
        changes."""
        return self.node is node

    def at(self, place: str) -> Kept:
        """The same, where its node stands now."""
        lines = self.node.line - self.line
        if not lines and place == self.place:
            return self
        drafts = [draft.at(self.place, place, lines) for draft in self.drafts]
        return Kept(self.node, place, self.node.line, drafts, self.told)


@dataclass(slots=True)
class Memory:
    """What one document said when it was last told. It holds for one language and one set of parameters."""

    said_in: Hashable = None
    told: dict[Said, Told] = field(default_factory=dict)
    kept: dict[int, Kept] = field(default_factory=dict)
    """By the identity of the node, which is kept with it."""


@dataclass(slots=True)
class Telling:
    """One telling of a document: steps are taken from `before` where they have not changed."""

    reading: Patient
    shown: TextsShown
    before: dict[Said, Told]
    read: dict[str, Step] = field(default_factory=dict)
    """Steps that have been read already, by their places."""
    now: dict[Said, Told] = field(default_factory=dict)
    kept_before: dict[int, Kept] = field(default_factory=dict)
    kept: dict[int, Kept] = field(default_factory=dict)

    def step(self, node: Mapping, kind: str, place: str) -> Told:
        """A step of a known kind: remembered, or read and put into words."""
        said: list[Hashable] = []
        _say_step(node, said)
        key = tuple(said)
        told = self.now.get(key) or self.before.get(key)
        if told is None:
            told = self._tell(node, kind, self.read.get(place) or self._read(node))
        self.now[key] = told
        return told

    def _read(self, node: Mapping) -> Step:
        """The step without those of its branches."""
        self.reading.template_marks = 0  # the limit is one for a whole file
        (step,) = read_steps(self.reading, Sequence(node.line, node.column, False, [_bare(node)]), "step")
        return step

    def _tell(self, node: Mapping, kind: str, step: Step) -> Told:
        words = step_phrase(step, self.shown)
        if step.id:
            words = (*words, Word(f"  #{step.id}", "soft"))
        keys = {key.value for key, _value in node.pairs}
        told = Told(step, words, {key: branch_phrase(step, key) for key in OWN_BRANCHES[kind] if key in keys})
        match step:
            case model.Say():
                told.items = tuple(option_phrase(option, self.shown) for option in step.options)
            case model.Split():
                told.items = tuple(variant_phrase(step, number) for number in range(len(step.variants)))
            case model.Choose():
                told.in_line = tuple(stands_in_line(one.conditions) for one in step.cases)
                told.items = tuple(
                    if_phrase(one.conditions, inline=inline)
                    for one, inline in zip(step.cases, told.in_line, strict=True)
                )
                told.branches["steps"] = branch_phrase(step, "steps")
            case model.If():
                told.in_line = (stands_in_line(step.conditions),)
            case model.WaitFor():
                told.in_line = (stands_in_line(step.where),)
        return told


def said_by(node: YamlNode | None) -> Said:
    """All that stands at a node, to compare."""
    said: list[Hashable] = []
    if node is not None:
        _say(node, said)
    return tuple(said)


def _say_step(node: Mapping, said: list[Hashable]) -> None:
    """What a step says, without what its branches hold."""
    for key, value in node.pairs:
        name = key.value
        said.append(name)
        if name in BRANCHES:
            said.append(_BRANCH)
        elif name in _ITEMS and isinstance(value, Sequence):
            for item in value.items:
                said.append(_LIST)
                if isinstance(item, Mapping):
                    _say_item(item, said)
                else:
                    _say(item, said)
        else:
            _say(value, said)


def _say_item(item: Mapping, said: list[Hashable]) -> None:
    """What an answer, a case or a variant says, without its steps."""
    for key, value in item.pairs:
        said.append(key.value)
        if key.value == "steps":
            said.append(_BRANCH)
        else:
            _say(value, said)
    said.append(_OUT)


def _say(node: YamlNode, said: list[Hashable]) -> None:
    if isinstance(node, Scalar):
        said += (node.style, node.value)
    elif isinstance(node, Mapping):
        said.append(_IN)
        for key, value in node.pairs:
            said.append(key.value)
            _say(value, said)
        said.append(_OUT)
    else:
        said.append(_LIST)
        for item in node.items:
            _say(item, said)
        said.append(_OUT)


def _bare(node: Mapping) -> Mapping:
    """The step without what its branches hold."""
    return Mapping(
        node.line, node.column, node.flow, [(key, _bare_value(key, value)) for key, value in node.pairs]
    )


def _bare_value(key: Scalar, value: YamlNode) -> YamlNode:
    if key.value in BRANCHES:
        return Sequence(value.line, value.column)
    if key.value not in _ITEMS or not isinstance(value, Sequence):
        return value
    items: list[YamlNode] = [_without_steps(item) for item in value.items]
    return Sequence(value.line, value.column, value.flow, items)


def _without_steps(item: YamlNode) -> YamlNode:
    if not isinstance(item, Mapping):
        return item
    pairs: list[tuple[Scalar, YamlNode]] = [
        (key, Sequence(value.line, value.column) if key.value == "steps" else value)
        for key, value in item.pairs
    ]
    return Mapping(item.line, item.column, item.flow, pairs)
