"""A scenario as its visitor goes through it: what he sees, and what happens between, in the order of the file. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.views import Look
from operator_console.designer.outline.conditions import describe_all
from operator_console.designer.outline.flow_words import target_phrase, variant_phrase
from operator_console.designer.outline.steps import branch_phrase, step_words
from operator_console.designer.outline.words import in_quotes, plain
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import render
from scenarios_yaml.language import model
from scenarios_yaml.language.tree import branches


class Part(Struct, frozen=True):
    """One thing: a look, or a line of words. `depth` counts the branches around it.

    kind: `look`, `doing` (a step that the visitor does not see), `branch` (what leads into a branch), `block`.
    """

    kind: Literal["look", "doing", "branch", "block"]
    depth: int
    words: str = ""
    look: Look | None = None
    step: str = ""
    """The step's key."""


def parts_of(scenario: model.Scenario, scope: Scope, language: str) -> list[Part]:
    """All of a scenario; steps that are switched off are left out."""
    walk = _Walk(scope, language)
    parts = list(walk.steps(scenario.steps, 0))
    for name, steps in scenario.blocks:
        parts.append(Part("block", 0, in_quotes(safe_line(name, 100))))
        parts += walk.steps(steps, 1)
    return parts


class _Walk:
    def __init__(self, scope: Scope, language: str) -> None:
        self._scope = scope
        self._language = language

    def steps(self, steps: tuple[model.Step, ...], depth: int) -> Iterator[Part]:
        for step in steps:
            if step.enabled:
                yield from self._step(step, depth)

    def _step(self, step: model.Step, depth: int) -> Iterator[Part]:
        look = step_look(step, self._scope)
        if look is not None:
            yield Part("look", depth, look=look, step=step.key)
        elif not isinstance(step, model.If | model.Choose | model.Split):
            yield Part("doing", depth, step_words(step, self._language), step=step.key)
        for number, (key, inside) in enumerate(branches(step)):
            words, target = self._branch(step, key, number)
            if inside or target:
                yield Part("branch", depth + 1, words, step=step.key)
            if target:
                yield Part("doing", depth + 1, target, step=step.key)
            yield from self.steps(inside, depth + 1)

    def _branch(self, step: model.Step, key: str, number: int) -> tuple[str, str]:
        """What leads into a branch, and where it jumps to, where that is all that it does."""
        if isinstance(step, model.Say) and key.startswith("options."):
            option = step.options[number]
            label = in_quotes(safe_line(render(option.label, self._scope), 300))
            return label, plain(target_phrase(option.jump)) if option.jump else ""
        if isinstance(step, model.If) and key == "then":
            return _("if {conditions}:").format(conditions=describe_all(step.conditions)), ""
        if isinstance(step, model.Choose) and key.startswith("choose."):
            return _("if {conditions}:").format(conditions=describe_all(step.cases[number].conditions)), ""
        if isinstance(step, model.Split):
            return plain(variant_phrase(step, number)), ""
        return plain(branch_phrase(step, key)), ""
