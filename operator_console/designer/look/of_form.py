"""What the visitor would see of a step while its form is being filled in: from the file and what is typed. Pure.

Only the one step is read, so it takes no longer in a file of 2,000.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from operator_console.designer.look.of_steps import step_look
from operator_console.designer.look.sample import Sample
from operator_console.designer.look.views import Look
from operator_console.designer.outline.memory import BRANCHES
from operator_console.designer.outline.read_parts import Head, Patient, read_head
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.language import yaml_nodes
from scenarios_yaml.language.editing.document import Document, Plain
from scenarios_yaml.language.model import Scenario, Step
from scenarios_yaml.language.steps import KINDS, read_steps
from scenarios_yaml.language.yaml_nodes import Scalar, Sequence, YamlNode

SEEN = ("say", "ask", "popup", "email", "push", "message", "file")
"""Kinds of steps of which the visitor sees something."""


def seen_step(document: Document, place: str) -> str:
    """The place of the step that the visitor sees something of and that holds a place (a field of a pop-up, an answer
    of a question) or is it; empty where there is none.
    """
    parts = place.split(".") if place else []
    for count in range(len(parts), 1, -1):
        if not parts[count - 1].isdigit():
            continue
        around = ".".join(parts[:count])
        try:
            there = document.value(around)
        except KeyError:
            continue
        if isinstance(there, dict) and any(kind in there for kind in KINDS):
            return around if any(kind in there for kind in SEEN) else ""
    return ""


class StepLooks:
    """The looks of the step at `place` of a document, which `seen_step` gives. `site` is what texts may say of the
    shop; `now` is in ms.
    """

    def __init__(self, document: Document, place: str, site: Mapping[str, Any], now: int) -> None:
        self._place = place
        self._value = document.value(place)
        self._site = site
        self._now = now
        self._head = _head_of(document)
        self._scenario = document.reading.scenario or (self._head.scenario if self._head else None)
        self._scopes: dict[str, Scope] = {}
        self._last: Look | None = None

    def look(self, typed: Mapping[str, Plain | None], language: str) -> Look | None:
        """What he would see with what is typed, by place (None: taken away). Where that cannot be read, half a template
        as it is, what he saw last.
        """
        if self._head is None or self._scenario is None:
            return None
        value = with_typed(self._value, self._place, typed)
        step = _read(self._head.reading, value)
        if step is not None:
            self._last = step_look(step, self._scope(self._scenario, language))
        return self._last

    def _scope(self, scenario: Scenario, language: str) -> Scope:
        if language not in self._scopes:
            self._scopes[language] = Sample(language, self._site, now=self._now).scope(scenario)
        return self._scopes[language]


def with_typed(value: Plain, place: str, typed: Mapping[str, Plain | None]) -> Plain:
    """A value that stands at `place`, with other values at places below it. What is there stays as it is."""
    for at, put in typed.items():
        if at.startswith(f"{place}."):
            value = _put(value, at.removeprefix(f"{place}.").split("."), put)
    return value


def _put(value: Plain, path: list[str], put: Plain | None) -> Plain:
    name, rest = path[0], path[1:]
    if isinstance(value, list):
        return _put_item(value, name, rest, put)
    there = dict(value) if isinstance(value, dict) else {}
    if rest:
        inner = there.get(name)
        if inner is not None or put is not None:
            there[name] = _put(inner if inner is not None else {}, rest, put)
    elif put is None:
        there.pop(name, None)
    else:
        there[name] = put
    return there


def _put_item(value: list[Plain], name: str, rest: list[str], put: Plain | None) -> Plain:
    if not name.isdigit() or int(name) >= len(value):
        return value
    number, items = int(name), list(value)
    if rest:
        items[number] = _put(items[number], rest, put)
    elif put is not None:
        items[number] = put
    return items


def _head_of(document: Document) -> Head | None:
    if document.root is None:
        return None
    head = read_head(document.text, document.root)
    # The step is read from no text: positions of what is typed are nowhere.
    reading = Patient("")
    reading.parameters = head.reading.parameters
    reading.parameters_written = head.reading.parameters_written
    return Head(head.scenario, reading)


def _read(reading: Patient, value: Plain) -> Step | None:
    """The step without its branches; None where something of it cannot be read."""
    if not isinstance(value, dict):
        return None
    bare = {key: _without_steps(key, one) for key, one in value.items() if key not in BRANCHES}
    reading.problems.clear()
    reading.template_marks = 0
    (step,) = read_steps(reading, Sequence(0, 0, False, [_node(bare)]), "step")
    return None if reading.has_errors else step


def _without_steps(key: str, value: Plain) -> Plain:
    if key != "options" or not isinstance(value, list):
        return value
    return [
        {name: one for name, one in item.items() if name != "steps"} if isinstance(item, dict) else item
        for item in value
    ]


def _node(value: Plain) -> YamlNode:
    if isinstance(value, dict):
        pairs = [(Scalar(key, 0, 0), _node(one)) for key, one in value.items()]
        return yaml_nodes.Mapping(0, 0, False, pairs)
    if isinstance(value, list):
        return Sequence(0, 0, False, [_node(one) for one in value])
    return Scalar(value, 0, 0)
