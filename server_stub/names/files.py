"""The names that the shop's own files hold: what scenarios use, and what lies beside them to be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from scenarios_yaml.language import model
from scenarios_yaml.language.model import Leaf, OnEvent, Scenario, Segment, Step
from scenarios_yaml.language.whole.walking import every_leaf, every_step, leaves
from server_stub.names.journal import SeenNames

MOST_FILES = 1000
"""Files below one folder that are listed."""
_VISITOR = "visitor."


def mention_scenario(names: SeenNames, scenario: Scenario) -> None:
    """Add what a scenario uses and nobody has done yet."""
    for trigger in scenario.trigger:
        if isinstance(trigger, OnEvent):
            names.events.mention(trigger.event)
    for rule in scenario.exit:
        if isinstance(rule, OnEvent):
            names.events.mention(rule.event)
    if scenario.goal is not None:
        names.events.mention(scenario.goal.event)
    for step in every_step(scenario):
        _mention_step(names, step)
    _mention_leaves(names, every_leaf(scenario))


def mention_segment(names: SeenNames, segment: Segment) -> None:
    """Add what a segment asks for."""
    _mention_leaves(names, leaves(segment.conditions))


def _mention_step(names: SeenNames, step: Step) -> None:
    match step:
        case model.Tag():
            names.tags.mention(step.tag)
        case model.Subscribe():
            names.lists.mention(step.list)
        case model.Handoff() | model.Assign():
            names.teams.mention(step.team)
        case model.Emit() | model.WaitFor():
            names.events.mention(step.event)
        case model.Set():
            for path, _ in step.values:
                _mention_path(names, path)
        case model.Ask() | model.Coupon() | model.Webhook():
            _mention_path(names, step.save_to)
        case model.Popup():
            for field in step.fields:
                _mention_path(names, field.save_to)


def _mention_leaves(names: SeenNames, lines: Iterable[Leaf]) -> None:
    for leaf in lines:
        match leaf:
            case model.Did() | model.SumOf():
                names.events.mention(leaf.event)
            case model.Tagged():
                names.tags.mention(leaf.tag)
            case model.Compare() | model.Is():
                _mention_path(names, leaf.path)


def _mention_path(names: SeenNames, path: str) -> None:
    if path.startswith(_VISITOR):
        names.properties.mention(path.removeprefix(_VISITOR))


def files_below(folder: Path) -> tuple[str, ...]:
    """Names of the files below a folder, which need not exist, as scenarios write them; nothing hidden."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(islice(_files(folder), MOST_FILES)))


def templates_in(folder: Path) -> tuple[str, ...]:
    """What `email: {template: …}` may name: `letter` for letter.md and for letter.ru.md."""
    names = {name.removesuffix(".md") for name in files_below(folder) if name.endswith(".md")}
    return tuple(sorted({_without_locale(name) for name in names}))


def _without_locale(name: str) -> str:
    stem, dot, locale = name.rpartition(".")
    return stem if dot and len(locale) == 2 and locale.isalpha() else name


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        inside = path.relative_to(folder)
        if not any(part.startswith(".") for part in inside.parts) and path.is_file():
            yield inside.as_posix()
