"""Conditions of a file: one line each, with `all`, `any` and `not` around them."""

from __future__ import annotations

from scenarios_yaml.language.condition_hints import words_for_states
from scenarios_yaml.language.condition_parser import FIRST_WORDS, parse_condition
from scenarios_yaml.language.condition_tokens import ConditionError
from scenarios_yaml.language.keys import Builder, Schema, reads
from scenarios_yaml.language.model import All, Any_, Compare, Condition, DateIn, Did, Is, Not, SumOf
from scenarios_yaml.language.paths import ROOTS, SHORT
from scenarios_yaml.language.problems import did_you_mean, quoted, shown
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import event_guess
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

__all__ = ["NEVER", "parse_condition", "read_condition", "read_conditions"]

BEGINS = rf"^\s*(({'|'.join((*FIRST_WORDS, *SHORT))})(?![\w.-])|({'|'.join(ROOTS)})\.)"
"""How every condition line begins, for a schema: a word that begins a form, or a path."""

LINE = (
    'One condition: email is known · cart.total >= 3000 · city in [Prague, Brno] · did "Order Completed" in 30d · '
    "visits > 1 · tagged vip · in segment big-spenders · now in business_hours · operators online > 0"
)

NEVER = All(of=())
"""Stands where a condition could not be read."""


def _schema_of_condition(builder: Builder) -> Schema:
    one, several = builder.of(read_condition), builder.of(read_conditions)
    ways = [{"type": "string", "pattern": BEGINS, "description": LINE}, several]
    for name, inner, about in (
        ("all", several, "All of these must hold."),
        ("any", several, "One of these is enough."),
        ("not", one, "This must not hold."),
    ):
        inside = {name: {**inner, "description": about}}
        ways.append(
            {"type": "object", "required": [name], "properties": inside, "additionalProperties": False}
        )
    return {"anyOf": ways}


def _schema_of_conditions(builder: Builder) -> Schema:
    return {"type": "array", "minItems": 1, "items": builder.of(read_condition)}


@reads(_schema_of_conditions, "conditions")
def read_conditions(reading: Reading, node: YamlNode) -> tuple[Condition, ...]:
    """A list of conditions: all of them must hold."""
    if isinstance(node, Sequence):
        if not node.items:
            reading.error(node, "a condition is missing here")
        return tuple(read_condition(reading, item) for item in node.items)
    hint = "write it as a list: “- " + (shown(node.value) if isinstance(node, Scalar) else "…") + "”"
    reading.error(node, "a list of conditions is wanted here", hint)
    return ()


@reads(_schema_of_condition, "condition")
def read_condition(reading: Reading, node: YamlNode) -> Condition:
    """One condition: a line, a list (all of it), or a mapping with `all`, `any` or `not`."""
    if isinstance(node, Scalar):
        return _read_line(reading, node)
    if isinstance(node, Sequence):
        return All(of=read_conditions(reading, node), line=node.line)
    if len(node.pairs) != 1 or node.pairs[0][0].value not in ("all", "any", "not"):
        _refuse_mapping(reading, node)
        return NEVER
    key, value = node.pairs[0]
    if key.value == "not":
        return Not(of=read_condition(reading, value), line=key.line)
    parts = read_conditions(reading, value)
    return All(of=parts, line=key.line) if key.value == "all" else Any_(of=parts, line=key.line)


def _refuse_mapping(reading: Reading, node: Mapping) -> None:
    at = node.pairs[0][0] if node.pairs else node
    hint = did_you_mean(at.value, ("all", "any", "not")) if isinstance(at, Scalar) else ""
    if isinstance(at, Scalar) and not hint and " " in at.value:
        hint = "a condition that holds `: ` must stand in quotes"
    reading.error(at, "a condition is a line, or a mapping with one of “all”, “any”, “not”", hint)


def _read_line(reading: Reading, node: Scalar) -> Condition:
    if not node.value.strip():
        reading.error(node, "a condition is missing here")
        return NEVER
    reading.refuse_lost(node)
    try:
        leaf = parse_condition(
            node.value, reading.parameters if reading.may_have_parameters else None, node.line
        )
    except ConditionError as error:
        reading.error_inside(node, error.offset, error.message, error.hint)
        return NEVER
    path = leaf.path if isinstance(leaf, (Compare, DateIn, Is)) else ""
    if path.startswith("run."):
        reading.run_names.append((node, node.value.find(path), path.split(".")[1]))
    if isinstance(leaf, Compare) and leaf.op in ("=", "!="):
        hint = words_for_states(leaf.value, node.value)
        if hint:
            at = node.value.rfind(str(leaf.value))
            reading.warn_inside(node, at, f"{quoted(str(leaf.value))} is compared as a word", hint)
    if isinstance(leaf, (Did, SumOf)):
        guess = event_guess(leaf.event)
        if guess:
            reading.warn(node, f"no event {quoted(leaf.event)} is known", f"did you mean “{guess}”?")
    return leaf
