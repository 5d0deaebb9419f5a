"""From a scenario file to the model: strict, and all problems of a file at once."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from scenarios_yaml.language.checks import check_whole
from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.fields import Fields
from scenarios_yaml.language.file_text import check_file_name, text_of_bytes, text_of_file
from scenarios_yaml.language.head import (
    read_delivery,
    read_exit_rule,
    read_goal,
    read_parameters,
    read_reentry,
    read_trigger,
)
from scenarios_yaml.language.model import (
    Condition,
    Delivery,
    ExitRule,
    Parameter,
    Reentry,
    Scenario,
    Status,
    Step,
    Trigger,
)
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading, TooManyProblemsError
from scenarios_yaml.language.scalars import one_of, read_bool, read_comment, read_percent, read_slug
from scenarios_yaml.language.steps import read_steps
from scenarios_yaml.language.text_reading import NOTHING, read_text
from scenarios_yaml.language.tree import Blocks
from scenarios_yaml.language.version import version_of
from scenarios_yaml.language.yaml_nodes import Mapping, YamlNode, compose

HEAD = (
    "scenario", "title", "comment", "status", "starter", "group", "timezone", "parameters", "trigger",
    "audience", "exit", "goal", "reentry", "delivery", "holdout", "steps", "blocks",
)  # fmt: skip
STATUSES: tuple[Status, ...] = ("draft", "live", "paused", "archived")


class ReadResult(Struct, frozen=True):
    """`scenario` is None where `problems` holds an error; warnings alone leave it there."""

    scenario: Scenario | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def read_scenario_file(path: str | Path) -> ReadResult:
    """Reads one file. A file that is missing, unreadable or not UTF-8 is a problem of the result, not an
    exception."""
    text = text_of_file(path)
    return ReadResult(None, (text,)) if isinstance(text, Problem) else read_scenario(text, str(path))


def read_scenario_bytes(data: bytes, file: str = "") -> ReadResult:
    """Like `read_scenario`, from the bytes of a file: UTF-8, with or without a byte order mark."""
    text = text_of_bytes(data, file)
    return ReadResult(None, (text,)) if isinstance(text, Problem) else read_scenario(text, file)


def read_scenario(text: str, file: str = "") -> ReadResult:
    """Reads a scenario. `file` names it in problems; its stem must be the slug (`-` and `_` count as one).

    Never raises, whatever the text: what is wrong with it is in `problems`.
    """
    reading = Reading(text.removeprefix("\ufeff"), file)
    try:
        scenario = _read(reading)
    except TooManyProblemsError:
        return ReadResult(None, reading.too_many())
    return ReadResult(None if reading.has_errors else scenario, reading.all_problems())


def _read(reading: Reading) -> Scenario | None:
    root, problems = compose(reading.text)
    for problem in problems:
        reading.report(problem.severity, problem.line, problem.column, problem.message, problem.hint)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        reading.error(
            root, "a scenario is a mapping of keys to values", "it begins with “scenario: its-name”"
        )
        return None
    return _read_root(reading, root)


def _read_root(reading: Reading, root: Mapping) -> Scenario:
    fields = Fields(reading, root, "a scenario", HEAD)
    no_parameters: tuple[Parameter, ...] = ()
    parameters = fields.read("parameters", read_parameters, no_parameters)
    no_conditions: tuple[Condition, ...] = ()
    triggers: tuple[Trigger, ...] = fields.many("trigger", read_trigger)
    exits: tuple[ExitRule, ...] = fields.many("exit", read_exit_rule)
    slug = fields.need("scenario", read_slug, "")
    check_file_name(reading, fields.node("scenario"), "scenario", slug)
    for name in ("trigger", "steps"):
        _need_items(reading, fields, name)
    no_steps: tuple[Step, ...] = ()
    steps = fields.read("steps", lambda r, node: read_steps(r, node, "steps"), no_steps)
    blocks: Blocks = fields.read("blocks", _read_blocks, ())
    scenario = Scenario(
        slug=slug,
        title=fields.need("title", read_text, NOTHING),
        version=version_of(root),
        trigger=triggers,
        steps=steps,
        comment=fields.read("comment", read_comment, ""),
        status=fields.read("status", one_of(*STATUSES), "draft"),
        starter=fields.read("starter", read_bool, False),
        group=fields.read("group", read_slug, ""),
        timezone=fields.read("timezone", one_of("visitor", "project"), "project"),
        parameters=parameters,
        audience=fields.read("audience", read_conditions, no_conditions),
        exit=exits,
        goal=fields.read("goal", lambda r, node: read_goal(r, node), None),
        reentry=fields.read("reentry", read_reentry, Reentry()),
        delivery=fields.read("delivery", read_delivery, Delivery()),
        holdout=fields.read("holdout", read_percent, 0.0),
        blocks=blocks,
    )
    check_whole(reading, root, steps, blocks)
    return scenario


def _need_items(reading: Reading, fields: Fields, name: str) -> None:
    node = fields.node(name)
    if node is None:
        reading.error(fields.at, f"a scenario needs the key {quoted(name)}")
    elif not getattr(node, "items", True):
        reading.error(node, f"{quoted(name)} holds nothing")


def _read_blocks(reading: Reading, node: YamlNode) -> Blocks:
    if not isinstance(node, Mapping):
        reading.error(node, "“blocks” is a mapping of names to lists of steps")
        return ()
    blocks = []
    for key, value in node.pairs:
        name = read_slug(reading, key)
        steps = read_steps(reading, value, f"blocks.{key.value}")
        if getattr(value, "items", None) == []:
            reading.error(value, f"the block {quoted(key.value)} holds no step")
        if name:
            blocks.append((name, steps))
    return tuple(blocks)
