"""What steps are made of: the keys that every step has, branches, and buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias, TypeVar

from msgspec import Struct

from scenarios_yaml.language.keys import Builder, Key, Keys, Schema, may, must, reads
from scenarios_yaml.language.model import LinkButton, Step
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.scalars import read_bool, read_comment, read_slug
from scenarios_yaml.language.text_reading import NOTHING, read_link, read_text
from scenarios_yaml.language.yaml_nodes import YamlNode

Branch: TypeAlias = tuple[Step, ...]


def read_branch(reading: Reading, node: YamlNode, path: str) -> Branch:
    """The steps under a key. `path` is their place in the file: `steps`, `blocks.helped`, `steps.2.then` …"""
    from scenarios_yaml.language.steps import read_steps  # steps hold branches, and branches hold steps

    return read_steps(reading, node, path)


class BranchKey(Key[Branch | None]):
    """A branch of steps; None where the key is not there. An empty list is a branch that does nothing."""

    def __init__(self, about: str, *, needed: bool) -> None:
        super().__init__(partial(read_branch, path=""), None, about, needed=needed)

    def value(self, keys: Keys, node: YamlNode) -> Branch:
        return read_branch(keys.reading, node, f"{keys.path}.{self.name}")

    def schema(self, _builder: Builder) -> Schema:
        return {"$ref": "#/$defs/steps"}


def branch(about: str, *, needed: bool = False) -> Key[Branch | None]:
    """A key with steps under it."""
    return BranchKey(about, needed=needed)


class StepKeys(Keys):
    """What every step may have, beside its kind and the keys of its kind."""

    id = may(read_slug, "", "A name to jump to, and to find the step by in reports.")
    comment = may(read_comment, "", "A note of the author.")
    enabled = may(read_bool, True, "false switches the step off.")

    @property
    def place(self) -> dict[str, Any]:
        """The arguments that every step of the model takes."""
        return {
            "key": self.id or self.path,
            "id": self.id,
            "path": self.path,
            "line": self.at.line,
            "comment": self.comment,
            "enabled": self.enabled,
        }


EVERY_STEP = tuple(StepKeys.declared)

S = TypeVar("S", bound=StepKeys)


class StepKind(Struct, frozen=True):
    """The keys of a kind of step, and how a step of the model is made of them. `about` says what it does."""

    keys: type[StepKeys]
    build: Callable[[Any], Step]
    about: str
    name: str = ""

    @property
    def beside(self) -> tuple[str, ...]:
        """The keys that may stand beside the kind key: `timeout`, `then` …"""
        return tuple(name for name in self.keys.declared if name != self.name and name not in EVERY_STEP)


def kind(keys: type[S], build: Callable[[S], Step], about: str) -> StepKind:
    """A kind of step by the name of the first key of its `keys`."""
    return StepKind(keys, build, about, name=next(iter(keys.declared)))


class LinkButtonKeys(Keys, what="a button"):
    label = must(read_text, NOTHING, "What stands on it.")
    link = must(read_link, NOTHING, "Where it leads: https://…, /a/page of the shop, mailto:, tel:")


@reads(LinkButtonKeys, "button")
def read_link_button(reading: Reading, node: YamlNode) -> LinkButton:
    keys = LinkButtonKeys(reading, node)
    return LinkButton(label=keys.label, link=keys.link)


class PopupButtonKeys(Keys, what="a button"):
    label = must(read_text, NOTHING, "What stands on it.")
    link = may(read_link, None, "Where a click leads; without it the run goes on with on_click.")


@reads(PopupButtonKeys)
def read_popup_button(reading: Reading, node: YamlNode) -> LinkButton:
    keys = PopupButtonKeys(reading, node)
    return LinkButton(label=keys.label, link=keys.link)
