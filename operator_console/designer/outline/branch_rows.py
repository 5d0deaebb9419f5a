"""Rows of steps with their branches, from the first to the end of the last block."""

from __future__ import annotations

from operator_console.designer.outline.building import Building, Draft, child, items_of, pairs_of
from operator_console.designer.outline.condition_rows import (
    HOLDS_CONDITIONS,
    condition_rows,
    deciding_rows,
    is_understood,
)
from operator_console.designer.outline.flow_words import if_phrase
from operator_console.designer.outline.head_words import block_phrase
from operator_console.designer.outline.memory import OWN_BRANCHES, Kept, Telling, Told
from operator_console.designer.outline.words import Phrase, Word
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition
from scenarios_yaml.language.steps import KINDS
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode

STEP_KINDS = tuple(KINDS)
"""Every kind of step: what a branch may hold."""
STEPS_AND_CONDITIONS = (*STEP_KINDS, *HOLDS_CONDITIONS)
_WITH_PARTS = frozenset(("say", "if", "choose", "split", "wait_for"))
"""Kinds that have more below them than branches."""


def steps_rows(building: Building, telling: Telling, root: Mapping) -> None:
    """The steps, and the blocks below them."""
    rows = _Rows(building, telling)
    steps = pairs_of(root).get("steps")
    if steps is not None:
        key, node = steps
        draft = building.add("steps", 0, "steps", (Word(_("What happens"), "strong"),), key.line)
        draft.may_hold, draft.below = STEP_KINDS, "steps"
        rows.steps("steps", node, 1)
    blocks = child(root, "blocks")
    if blocks is not None and not isinstance(blocks, Mapping):
        building.add_broken("blocks", 0, blocks, blocks.line, (Word("blocks: ", "soft"),))
    for name, (key, node) in pairs_of(blocks).items():
        place = f"blocks.{name}"
        draft = building.add(place, 0, "block", block_phrase(name), key.line)
        draft.may_hold, draft.below = STEP_KINDS, place
        building.targets[name] = place
        rows.steps(place, node, 1)


class _Rows:
    """Puts the rows of steps behind those that are there."""

    def __init__(self, building: Building, telling: Telling) -> None:
        self.building = building
        self.telling = telling

    def steps(self, place: str, node: YamlNode | None, depth: int) -> None:
        """The rows of a list of steps; what is no list is shown as it stands."""
        if isinstance(node, Sequence):
            for number, item in enumerate(node.items):
                if depth == 1 and isinstance(item, Mapping):
                    self._kept_step(f"{place}.{number}", item)
                else:
                    self._step(f"{place}.{number}", item, depth)
        elif node is not None and (isinstance(node, Mapping) or not node.is_empty):
            self.building.add_broken(place, depth, node, node.line)

    def _kept_step(self, place: str, node: Mapping) -> None:
        """A step of the first level, with the rows that it had before where nothing in it has changed."""
        telling, drafts = self.telling, self.building.drafts
        kept = telling.kept_before.get(id(node))
        if kept is not None and kept.stands_for(node):
            kept = kept.at(place)
            drafts += kept.drafts
            for draft in kept.drafts:
                if draft.step != draft.place and not draft.branch and draft.kind in KINDS:
                    self.building.targets.setdefault(draft.step, draft.place)
        else:
            first, others, telling.now = len(drafts), telling.now, {}
            self._step(place, node, 1)
            kept = Kept(node, place, node.line, drafts[first:], telling.now)
            telling.now = others
        telling.now.update(kept.told)
        telling.kept[id(node)] = kept

    def _step(self, place: str, node: YamlNode, depth: int) -> None:
        """A step and what stands below it."""
        kind = _kind_at(node)
        if not isinstance(node, Mapping) or not kind:
            self._broken_step(place, node, depth)
            return
        told = self.telling.step(node, kind, place)
        step = told.step
        draft = self.building.add(place, depth, kind, told.words, node.line)
        draft.step, draft.enabled, draft.comment = step.id or place, step.enabled, step.comment
        if step.id:
            self.building.targets.setdefault(step.id, place)
        if kind in _WITH_PARTS:
            self._parts(draft, told, node)
        elif isinstance(step, model.Jump):
            draft.jump = step.target
        elif isinstance(step, model.Call):
            draft.jump = step.block
        own = OWN_BRANCHES[kind]
        if own:
            draft.may_hold += tuple(
                [key for key in own if key not in told.branches and draft.below != f"{place}.{key}"]
            )
            if told.branches and kind != "if":
                self._branches(draft, told, node)

    def _parts(self, draft: Draft, told: Told, node: Mapping) -> None:
        """What only steps of this kind have below them."""
        match told.step:
            case model.Say():
                self._say(draft, told, told.step, node)
            case model.If():
                self._if(draft, told, told.step, node)
            case model.Choose():
                self._choose(draft, told, told.step, node)
            case model.Split():
                self._split(draft, told, told.step, node)
            case model.WaitFor():
                self._wait_for(draft, told, told.step, node)

    def _branches(self, draft: Draft, told: Told, node: Mapping) -> None:
        """The branches of a step, each under its name."""
        keys = pairs_of(node)
        for key, words in told.branches.items():
            if key in keys:
                at = f"{draft.place}.{key}"
                name, below = keys[key]
                row = self._branch(draft, at, key, words, name.line)
                if isinstance(below, Sequence) and not below.items:
                    row.words = (*words, Word(" "), Word(_("go on"), "soft"))
                self.steps(at, below, draft.depth + 2)

    def _branch(self, parent: Draft, at: str, key: str, words: Phrase, line: int) -> Draft:
        draft = self.building.add(at, parent.depth + 1, "branch", words, line)
        draft.step, draft.branch = parent.step, key
        draft.may_hold, draft.below = STEP_KINDS, at
        return draft

    def _say(self, draft: Draft, told: Told, step: model.Say, node: Mapping) -> None:
        """The answers to a question."""
        options = f"{draft.place}.options"
        draft.may_hold, draft.below = ("option",), options
        items = items_of(child(node, "options"))
        for number, (option, words, item) in enumerate(zip(step.options, told.items, items, strict=False)):
            at = f"{options}.{number}"
            row = self.building.add(at, draft.depth + 1, "option", words, item.line)
            row.step, row.branch, row.jump = draft.step, option.id, option.jump
            row.may_hold = HOLDS_CONDITIONS if option.jump else STEPS_AND_CONDITIONS
            row.below = "" if option.jump else f"{at}.steps"
            self.steps(f"{at}.steps", child(item, "steps"), draft.depth + 2)

    def _if(self, draft: Draft, told: Told, step: model.If, node: Mapping) -> None:
        """A fork. Where one condition decides and there is no other way, the steps stand right below it."""
        place, depth = draft.place, draft.depth
        at = child(node, "if")
        if not (told.in_line[0] and _is_one(step.conditions, at)):
            sign = (Word(f"  #{step.id}", "soft"),) if step.id else ()
            draft.words = (*if_phrase(step.conditions, inline=False), *sign)
            deciding_rows(self.building, f"{place}.if", step.conditions, at, depth + 1)
        elif "else" not in told.branches:
            draft.may_hold, draft.below = STEPS_AND_CONDITIONS, f"{place}.then"
            self.steps(f"{place}.then", child(node, "then"), depth + 1)
            return
        draft.may_hold, draft.below = HOLDS_CONDITIONS, f"{place}.if"
        self._branches(draft, told, node)

    def _choose(self, draft: Draft, told: Told, step: model.Choose, node: Mapping) -> None:
        """Cases, of which the first that holds is taken."""
        cases = f"{draft.place}.choose"
        draft.may_hold, draft.below = ("case",), cases
        items = items_of(child(node, "choose"))
        for number, (case, words, item) in enumerate(zip(step.cases, told.items, items, strict=False)):
            at = f"{cases}.{number}"
            conditions, steps = child(item, "if"), pairs_of(item).get("steps")
            row = self.building.add(at, draft.depth + 1, "case", words, item.line)
            row.step, row.branch = draft.step, f"case {number + 1}"
            if told.in_line[number] and _is_one(case.conditions, conditions):
                row.may_hold, row.below = STEPS_AND_CONDITIONS, f"{at}.steps"
                self.steps(f"{at}.steps", child(item, "steps"), draft.depth + 2)
                continue
            row.words = if_phrase(case.conditions, inline=False)
            row.may_hold, row.below = HOLDS_CONDITIONS, f"{at}.if"
            deciding_rows(self.building, f"{at}.if", case.conditions, conditions, draft.depth + 2)
            if steps is not None:
                then = self._branch(row, f"{at}.steps", row.branch, told.branches["steps"], steps[0].line)
                self.steps(then.place, steps[1], then.depth + 1)

    def _split(self, draft: Draft, told: Told, step: model.Split, node: Mapping) -> None:
        """Variants, each with its share."""
        variants = f"{draft.place}.split"
        draft.may_hold, draft.below = ("variant",), variants
        items = items_of(child(node, "split"))
        for number, (variant, words, item) in enumerate(zip(step.variants, told.items, items, strict=False)):
            at = f"{variants}.{number}"
            row = self.building.add(at, draft.depth + 1, "variant", words, item.line)
            row.step, row.branch = draft.step, variant.name
            row.may_hold, row.below = STEP_KINDS, f"{at}.steps"
            self.steps(f"{at}.steps", child(item, "steps"), draft.depth + 2)

    def _wait_for(self, draft: Draft, told: Told, step: model.WaitFor, node: Mapping) -> None:
        """Conditions on the event that is waited for."""
        draft.may_hold, draft.below = HOLDS_CONDITIONS, f"{draft.place}.wait_for.where"
        if not told.in_line[0]:
            at = child(child(node, "wait_for"), "where")
            condition_rows(self.building, draft.below, step.where, at, draft.depth + 1, between=_("and "))

    def _broken_step(self, place: str, node: YamlNode, depth: int) -> None:
        """A step of no known kind, with the steps below it that can be read."""
        self.building.add_broken(place, depth, node, node.line)
        for name, (key, below) in pairs_of(node).items():
            if isinstance(below, Sequence) and any(isinstance(item, Mapping) for item in below.items):
                at = f"{place}.{name}"
                self.building.add(
                    at, depth + 1, "broken", (Word(f"{safe_line(name, 40)}:", "bad"),), key.line
                )
                self.steps(at, below, depth + 2)


def _kind_at(node: YamlNode) -> str:
    """The kind under which the step stands in the file; empty where it has none that is known."""
    if isinstance(node, Mapping):
        for key, _value in node.pairs:
            if key.value in KINDS:
                return key.value
    return ""


def _is_one(conditions: tuple[Condition, ...], node: YamlNode | None) -> bool:
    """Whether there is one condition, and it was understood."""
    items = items_of(node)
    return len(items) == 1 and is_understood(conditions[0], items[0])
