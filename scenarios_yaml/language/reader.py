"""From a scenario file to the model: strict, and all problems of a file at once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from scenarios_yaml.language.checks import check_whole
from scenarios_yaml.language.conditions import read_conditions
from scenarios_yaml.language.file_text import check_file_name, text_of_bytes, text_of_file
from scenarios_yaml.language.head import (
    NO_CONDITIONS,
    read_delivery,
    read_exit_rule,
    read_goal,
    read_parameters,
    read_reentry,
    read_trigger,
)
from scenarios_yaml.language.keys import Builder, Key, Keys, Schema, many, may, must, reads
from scenarios_yaml.language.model import (
    Delivery,
    Parameter,
    Reentry,
    Scenario,
    Status,
    Step,
)
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.reading import Reading, TooManyProblemsError
from scenarios_yaml.language.scalars import one_of, read_bool, read_comment, read_percent, read_slug
from scenarios_yaml.language.steps import read_steps
from scenarios_yaml.language.text_reading import NOTHING, read_text
from scenarios_yaml.language.tree import Blocks
from scenarios_yaml.language.version import version_of
from scenarios_yaml.language.yaml_nodes import Mapping, YamlNode, compose

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
    body = text.removeprefix("\ufeff")
    return read_composed(body, file, *compose(body))


def read_composed(text: str, file: str, root: YamlNode | None, problems: list[Problem]) -> ReadResult:
    """Like `read_scenario`, of a text that `compose` has made nodes of already; it has no byte order mark."""
    reading = Reading(text, file)
    try:
        scenario = _read(reading, root, problems)
    except TooManyProblemsError:
        return ReadResult(None, reading.too_many())
    return ReadResult(None if reading.has_errors else scenario, reading.all_problems())


def _read(reading: Reading, root: YamlNode | None, problems: list[Problem]) -> Scenario | None:
    reading.refuse_yaml(problems)
    if root is None:
        return None
    if not isinstance(root, Mapping):
        reading.error(
            root, "a scenario is a mapping of keys to values", "it begins with “scenario: its-name”"
        )
        return None
    return _read_root(reading, root)


@reads(lambda _: {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}})
def _read_first_steps(reading: Reading, node: YamlNode) -> tuple[Step, ...]:
    return read_steps(reading, node, "steps")


def _schema_of_blocks(_: Builder) -> Schema:
    steps = {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/step"}}
    return {"type": "object", "additionalProperties": steps}


@reads(_schema_of_blocks)
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


Whose: TypeAlias = Literal["visitor", "project"]
NO_PARAMETERS: tuple[Parameter, ...] = ()
NO_STEPS: tuple[Step, ...] = ()
NO_BLOCKS: Blocks = ()


class ScenarioKeys(Keys, what="a scenario"):
    scenario = must(read_slug, "", "Its name: that of the file, without .yaml.")
    title = must(read_text, NOTHING, "What people call it.")
    comment = may(read_comment, "", "A note of the author: what must be added by hand, and the like.")
    status: Key[Status] = may(one_of(*STATUSES), "draft", "live: it runs. draft: it does not, yet.")
    starter = may(read_bool, False, "true: one of those to set up first.")
    group = may(read_slug, "", "The shelf on which it stands: sales.")
    timezone: Key[Whose] = may(one_of(*get_args(Whose)), "project", "Whose clock counts for times of day.")
    parameters = may(
        read_parameters, NO_PARAMETERS, "What a shop adapts; parameters.NAME stands for it below."
    )
    trigger = many(read_trigger, "What starts it; any of them does.", needed=True, least=1)
    audience = may(read_conditions, NO_CONDITIONS, "For whom: at the start, and again before each message.")
    exit = many(read_exit_rule, "What ends it at once, also while it waits: conditions and events.")
    goal = may(read_goal, None, "The event that counts as success.")
    reentry = may(read_reentry, Reentry(), "How often one visitor may go through it.")
    delivery = may(read_delivery, Delivery(), "How its messages get along with others.")
    holdout = may(read_percent, 0.0, "The share of visitors who are kept out, to compare with: 10%.")
    steps = must(_read_first_steps, NO_STEPS, "What happens, from top to bottom.")
    blocks = may(_read_blocks, NO_BLOCKS, "Named lists of steps, to jump to or to call.")


HEAD = tuple(ScenarioKeys.declared)


def _read_root(reading: Reading, root: Mapping) -> Scenario:
    keys = ScenarioKeys(reading, root)
    parameters = keys.parameters  # first: every value below may name one
    check_file_name(reading, keys.node("scenario"), "scenario", keys.scenario)
    for name in ("trigger", "steps"):
        _need_items(reading, keys, name)
    scenario = Scenario(
        slug=keys.scenario,
        title=keys.title,
        version=version_of(root),
        trigger=keys.trigger if "trigger" in keys else (),
        steps=keys.steps if "steps" in keys else (),
        comment=keys.comment,
        status=keys.status,
        starter=keys.starter,
        group=keys.group,
        timezone=keys.timezone,
        parameters=parameters,
        audience=keys.audience,
        exit=keys.exit,
        goal=keys.goal,
        reentry=keys.reentry,
        delivery=keys.delivery,
        holdout=keys.holdout,
        blocks=keys.blocks,
    )
    check_whole(reading, root, scenario.steps, scenario.blocks)
    return scenario


def _need_items(reading: Reading, keys: ScenarioKeys, name: str) -> None:
    node = keys.node(name)
    if node is None:
        keys.miss(name)
    elif not getattr(node, "items", True):
        reading.error(node, f"{quoted(name)} holds nothing")
