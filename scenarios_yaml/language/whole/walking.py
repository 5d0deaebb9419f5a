"""Walks over a scenario's model: every condition line, and every text that people read, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, Leaf, OnEvent, Scenario, Step
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import all_steps

PlacedText = tuple[str, Text]
"""The path of a text in its file (`steps.0.popup.title`), and the text."""


def every_step(scenario: Scenario) -> Iterator[Step]:
    """All steps, those of blocks and branches among them, in the order of the file."""
    return all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)])


def leaves(conditions: Iterable[Condition]) -> Iterator[Leaf]:
    """The lines of these conditions."""
    for condition in conditions:
        if isinstance(condition, (model.All, model.Any_)):
            yield from leaves(condition.of)
        elif isinstance(condition, model.Not):
            yield from leaves([condition.of])
        else:
            yield condition


def every_leaf(scenario: Scenario) -> Iterator[Leaf]:
    """All condition lines of a scenario."""
    for trigger in scenario.trigger:
        if isinstance(trigger, OnEvent):
            yield from leaves(trigger.where)
    yield from leaves(scenario.audience)
    for rule in scenario.exit:
        yield from leaves(rule.where if isinstance(rule, OnEvent) else [rule])
    if scenario.goal is not None:
        yield from leaves(scenario.goal.where)
    for step in every_step(scenario):
        yield from leaves(_conditions_of(step))


def _conditions_of(step: Step) -> Iterator[Condition]:
    if isinstance(step, model.If):
        yield from step.conditions
    elif isinstance(step, model.Choose):
        for case in step.cases:
            yield from case.conditions
    elif isinstance(step, model.WaitFor):
        yield from step.where
    elif isinstance(step, model.Say):
        for option in step.options:
            yield from option.when


def texts_for_people(scenario: Scenario) -> Iterator[PlacedText]:
    """Every text that a visitor or a marketer reads; not addresses, headers and data."""
    yield "title", scenario.title
    for parameter in scenario.parameters:
        if parameter.label is not None:
            yield f"parameters.{parameter.name}.label", parameter.label
        if isinstance(parameter.default, Text):
            yield f"parameters.{parameter.name}.default", parameter.default
    for step in every_step(scenario):
        for key, text in _texts_of(step):
            if text is not None:
                yield f"{step.path}.{key}", text


def _texts_of(step: Step) -> Iterator[tuple[str, Text | None]]:
    match step:
        case model.Say():
            yield "say", step.text
            for number, option in enumerate(step.options):
                yield f"options.{number}.label", option.label
            for number, button in enumerate(step.buttons):
                yield f"buttons.{number}.label", button.label
        case model.Ask():
            yield "ask", step.text
            yield "retry_text", step.retry_text
            for number, choice in enumerate(step.choices):
                yield f"choices.{number}", choice
        case model.Popup():
            yield from _texts_of_popup(step)
        case model.Email():
            yield "email.subject", step.subject
            yield "email.preheader", step.preheader
            yield "email.body", step.body
        case model.Push():
            yield "push.title", step.title
            yield "push.text", step.text
        case model.MessengerMessage():
            yield "message", step.text
        case model.SendFile():
            yield "caption", step.caption


def _texts_of_popup(popup: model.Popup) -> Iterator[tuple[str, Text | None]]:
    yield "popup.title", popup.title
    yield "popup.text", popup.text
    yield "popup.button.label", popup.button.label if popup.button is not None else None
    for number, field in enumerate(popup.fields):
        yield f"popup.fields.{number}.label", field.label
        for index, choice in enumerate(field.choices):
            yield f"popup.fields.{number}.choices.{index}", choice


def files_of(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The path in the scenario's file and the name of every file of the files folder that it sends or shows."""
    for step in every_step(scenario):
        for key, name in _files_of(step):
            if name and not name.startswith(("http://", "https://")):
                yield f"{step.path}.{key}", name


def _files_of(step: Step) -> Iterator[tuple[str, str]]:
    match step:
        case model.SendFile():
            yield "file", step.file
        case model.Say():
            yield "image", step.image
        case model.Popup():
            yield "popup.image", step.image
        case model.Push():
            yield "push.icon", step.icon
        case model.Email():
            for number, name in enumerate(step.attachments):
                yield f"email.attachments.{number}", name
