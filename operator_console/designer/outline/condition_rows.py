"""Rows of conditions: a line each; `all`, `any` and `not` with their conditions below."""

from __future__ import annotations

from operator_console.designer.outline.building import Building, child, items_of
from operator_console.designer.outline.conditions import condition_phrase
from operator_console.designer.outline.words import Phrase, Word
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition
from scenarios_yaml.language.yaml_nodes import Mapping, Sequence, YamlNode

HOLDS_CONDITIONS = ("condition",)


def is_understood(condition: Condition, node: YamlNode | None) -> bool:
    """Whether the condition says what stands at the node: the reader puts an empty `all` where it could not read."""
    if not isinstance(condition, model.All) or condition.of:
        return True
    return isinstance(node, Sequence) or child(node, "all") is not None


def condition_rows(
    building: Building,
    place: str,
    conditions: tuple[Condition, ...],
    node: YamlNode | None,
    depth: int,
    *,
    between: str,
) -> None:
    """A row for each condition of a list. `between` goes before all but the first."""
    nodes = items_of(node)
    for number, condition in enumerate(conditions):
        before: Phrase = (Word(between, "soft"),) if number else ()
        item = nodes[number] if number < len(nodes) else None
        condition_row(building, f"{place}.{number}", condition, item, depth, before)


def deciding_rows(
    building: Building, place: str, conditions: tuple[Condition, ...], node: YamlNode | None, depth: int
) -> None:
    """The conditions of a fork or a case, below the row that says how many of them must hold: of a single group its
    conditions, without a row for the group."""
    items = items_of(node)
    only = conditions[0] if len(conditions) == 1 == len(items) else None
    if isinstance(only, model.All | model.Any_) and is_understood(only, items[0]):
        is_all = isinstance(only, model.All)
        inner, below = _inside(items[0], f"{place}.0", "all" if is_all else "any")
        condition_rows(building, below, only.of, inner, depth, between=_("and ") if is_all else _("or "))
        return
    condition_rows(building, place, conditions, node, depth, between=_("and "))


def condition_row(
    building: Building,
    place: str,
    condition: Condition,
    node: YamlNode | None,
    depth: int,
    before: Phrase,
    kind: str = "condition",
) -> None:
    """One condition with what stands below it. `before` are the words that lead to it."""
    line = node.line if node is not None else condition.line
    if not is_understood(condition, node):
        building.add_broken(place, depth, node, line, before)
        return
    match condition:
        case model.All() | model.Any_():
            is_all = isinstance(condition, model.All)
            words = Word(_("all of these:") if is_all else _("one of these:"))
            inner, below = _inside(node, place, "all" if is_all else "any")
            draft = building.add(place, depth, kind, (*before, words), line)
            draft.may_hold, draft.below = HOLDS_CONDITIONS, below
            between = _("and ") if is_all else _("or ")
            condition_rows(building, below, condition.of, inner, depth + 1, between=between)
        case model.Not() if isinstance(condition.of, model.All | model.Any_):
            building.add(place, depth, kind, (*before, Word(_("not:"))), line)
            condition_row(building, f"{place}.not", condition.of, child(node, "not"), depth + 1, ())
        case _:
            building.add(place, depth, kind, (*before, *condition_phrase(condition)), line)


def _inside(node: YamlNode | None, place: str, key: str) -> tuple[YamlNode | None, str]:
    """The list of a group's conditions and its place: a bare list means all of them."""
    if isinstance(node, Mapping):
        return child(node, key), f"{place}.{key}"
    return node, place
