"""Rows of a file's head: title, parameters, when, for whom, until when, what for, how often."""

from __future__ import annotations

from typing import TypeAlias

from operator_console.designer.outline import head_words as heads
from operator_console.designer.outline.building import Building, child, items_of, pairs_of
from operator_console.designer.outline.condition_rows import (
    HOLDS_CONDITIONS,
    condition_row,
    condition_rows,
    is_understood,
)
from operator_console.designer.outline.steps import stands_in_line
from operator_console.designer.outline.triggers import exit_phrase, goal_phrase, trigger_phrase
from operator_console.designer.outline.words import Phrase, Word, phrase
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, ExitRule, Scenario, Trigger
from scenarios_yaml.language.reader import HEAD
from scenarios_yaml.language.scalars import parse_number
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

IN_THE_TITLE = ("scenario", "title", "comment", "status", "starter", "group")
"""Keys of the head that the first row tells."""
ADDED_TO_THE_FILE = tuple(name for name in HEAD if name not in IN_THE_TITLE)

Keys: TypeAlias = dict[str, tuple[Scalar, YamlNode]]


def head_rows(building: Building, scenario: Scenario, root: Mapping) -> None:
    """All rows above the steps."""
    keys = pairs_of(root)
    first = building.add("", 0, "head", heads.title_phrase(scenario, building.shown), root.line)
    first.comment = scenario.comment
    again = ("trigger", "audience", "exit", "blocks")
    first.may_hold = tuple(name for name in ADDED_TO_THE_FILE if name not in keys or name in again)
    for key, (at, node) in keys.items():
        if key not in HEAD:
            building.add_broken(key, 0, Mapping(at.line, at.column, False, [(at, node)]), at.line)
    _one(building, keys, "timezone", heads.zone_phrase(scenario.timezone))
    _parameters(building, scenario, child(root, "parameters"))
    _triggers(building, scenario.trigger, child(root, "trigger"))
    _audience(building, scenario.audience, child(root, "audience"))
    _exits(building, scenario.exit, child(root, "exit"))
    _goal(building, scenario, child(root, "goal"))
    _one(building, keys, "reentry", heads.reentry_phrase(scenario.reentry))
    _one(building, keys, "delivery", heads.delivery_phrase(scenario.delivery))
    _one(building, keys, "holdout", heads.holdout_phrase(scenario.holdout))


def _one(building: Building, keys: Keys, name: str, words: Phrase) -> None:
    """A row for a key of the head that is one thing; what the reader does not take for one is shown as it stands."""
    if name not in keys:
        return
    key, node = keys[name]
    if _is_taken(name, node):
        building.add(name, 0, "head", words, key.line)
    else:
        building.add_broken(name, 0, Mapping(key.line, key.column, False, [(key, node)]), key.line)


def _is_taken(name: str, node: YamlNode) -> bool:
    """Whether the reader's words for a key are those of what stands there."""
    if name == "timezone":
        return isinstance(node, Scalar) and node.value in ("visitor", "project")
    if name == "holdout":
        return (
            isinstance(node, Scalar)
            and node.value.endswith("%")
            and parse_number(node.value[:-1]) is not None
        )
    return isinstance(node, Mapping)


def _parameters(building: Building, scenario: Scenario, node: YamlNode | None) -> None:
    """What a shop adapts, each with its default."""
    if node is None:
        return
    if not isinstance(node, Mapping):
        building.add_broken("parameters", 0, node, node.line, (Word("parameters: ", "soft"),))
        return
    first = building.add("parameters", 0, "head", (Word(_("What the shop adapts"), "strong"),), node.line)
    first.may_hold = ("parameter",)
    first.below = "parameters"
    keys = pairs_of(node)
    for parameter in scenario.parameters:
        if parameter.name in keys:
            words = heads.parameter_phrase(parameter, building.shown)
            place = f"parameters.{parameter.name}"
            building.add(place, 1, "head", words, keys[parameter.name][0].line)


def _no_list(building: Building, name: str, node: YamlNode | None) -> bool:
    """Whether there is nothing to show under a key that holds a list; what is no list is shown as it stands."""
    if node is None:
        return True
    if not isinstance(node, Sequence):
        building.add_broken(name, 0, node, node.line, (Word(f"{name}: ", "soft"),))
        return True
    return False


def _triggers(building: Building, triggers: tuple[Trigger, ...], node: YamlNode | None) -> None:
    """When: Exit Intent, where page does not start with /checkout"""
    if _no_list(building, "trigger", node):
        return
    for number, (trigger, item) in enumerate(zip(triggers, items_of(node), strict=False)):
        place = f"trigger.{number}"
        before = (Word(_("or when: ") if number else _("When: "), "soft"),)
        if isinstance(trigger, model.OnEvent) and not trigger.event:
            building.add_broken(place, 0, item, item.line, before)
            continue
        where = trigger.where if isinstance(trigger, model.OnEvent) else ()
        at = child(item, "where")
        in_line = _in_line(where, at)
        words = (*before, *trigger_phrase(trigger, with_where=in_line))
        draft = building.add(place, 0, "trigger", words, item.line)
        if isinstance(trigger, model.OnEvent):
            draft.may_hold, draft.below = HOLDS_CONDITIONS, f"{place}.where"
        if not in_line:
            _where_rows(building, f"{place}.where", where, at, 1)


def _in_line(conditions: tuple[Condition, ...], node: YamlNode | None) -> bool:
    """Whether the one condition there is told in the row above it."""
    items = items_of(node)
    return stands_in_line(conditions) and len(items) == 1 and is_understood(conditions[0], items[0])


def _where_rows(
    building: Building, place: str, conditions: tuple[Condition, ...], node: YamlNode | None, depth: int
) -> None:
    """Conditions on an event, below it."""
    condition_rows(building, place, conditions, node, depth, between=_("and "))


def _audience(building: Building, conditions: tuple[Condition, ...], node: YamlNode | None) -> None:
    """Only for: email unknown"""
    if _no_list(building, "audience", node):
        return
    for number, (condition, item) in enumerate(zip(conditions, items_of(node), strict=False)):
        before = (Word(_("and: ") if number else _("Only for: "), "soft"),)
        condition_row(building, f"audience.{number}", condition, item, 0, before, "audience")


def _exits(building: Building, rules: tuple[ExitRule, ...], node: YamlNode | None) -> None:
    """Leaves when: Order Completed"""
    if _no_list(building, "exit", node):
        return
    for number, (rule, item) in enumerate(zip(rules, items_of(node), strict=False)):
        place = f"exit.{number}"
        before = (Word(_("or when: ") if number else _("Leaves when: "), "soft"),)
        if not isinstance(rule, model.OnEvent):
            condition_row(building, place, rule, item, 0, before, "exit")
            continue
        if not rule.event:
            building.add_broken(place, 0, item, item.line, before)
            continue
        at = child(item, "where")
        in_line = _in_line(rule.where, at)
        draft = building.add(place, 0, "exit", (*before, *exit_phrase(rule, with_where=in_line)), item.line)
        draft.may_hold, draft.below = HOLDS_CONDITIONS, f"{place}.where"
        if not in_line:
            _where_rows(building, f"{place}.where", rule.where, at, 1)


def _goal(building: Building, scenario: Scenario, node: YamlNode | None) -> None:
    """Goal: Order Completed within 7 days"""
    goal = scenario.goal
    if node is None or goal is None:
        return
    if not goal.event:
        building.add_broken("goal", 0, node, node.line, (Word(_("Goal: "), "soft"),))
        return
    at = child(node, "where")
    in_line = _in_line(goal.where, at)
    words = phrase(_("Goal: {words}"), "soft", words=goal_phrase(goal, with_where=in_line))
    draft = building.add("goal", 0, "goal", words, node.line)
    draft.may_hold, draft.below = HOLDS_CONDITIONS, "goal.where"
    if not in_line:
        _where_rows(building, "goal.where", goal.where, at, 1)
