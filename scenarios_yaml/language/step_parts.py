"""What the reader of each kind of step is given: the step's keys, its place in the file, and a way to read
branches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.fields import Fields, read_list
from scenarios_yaml.language.model import LinkButton, Step
from scenarios_yaml.language.reading import Reading
from scenarios_yaml.language.text_reading import NOTHING, read_link, read_text
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, YamlNode

BranchReader: TypeAlias = Callable[[Reading, YamlNode, str], tuple[Step, ...]]
EVERY_STEP = ("id", "comment", "enabled")


class StepParts(Struct, frozen=True):
    """`value` is what stands under the kind key; `place` the arguments that every step of the model takes."""

    reading: Reading
    kind: str
    value: YamlNode
    fields: Fields
    place: dict[str, Any]
    path: str
    read_branch: BranchReader

    def branch(self, name: str) -> tuple[Step, ...] | None:
        """The steps under `name`; None where the key is not there. An empty list is a branch that does
        nothing."""
        node = self.fields.node(name)
        return None if node is None else self.read_branch(self.reading, node, f"{self.path}.{name}")

    def needed_branch(self, name: str) -> tuple[Step, ...]:
        if name not in self.fields:
            self.reading.error(self.fields.at, f"{self.fields.what} needs the key “{name}”")
        return self.branch(name) or ()

    def value_fields(self, *known: str) -> Fields:
        """The keys of the mapping under the kind key."""
        return Fields(self.reading, self.value, f"“{self.kind}”", known)

    def items(self, name: str) -> tuple[YamlNode, ...]:
        node = self.fields.node(name)
        return () if node is None else read_list(self.reading, node, f"“{name}”", lambda _, item: item)

    def or_empty_mapping(self, *known: str) -> Fields:
        """Like `value_fields`, for a kind that may stand alone: `handoff:` is `handoff: {}`."""
        if isinstance(self.value, Scalar) and self.value.is_empty:
            empty = Mapping(self.value.line, self.value.column)
            return Fields(self.reading, empty, f"“{self.kind}”", known)
        return self.value_fields(*known)


class StepKind(Struct, frozen=True):
    """`keys` stand beside the kind key: `timeout`, `then` …"""

    read: Callable[[StepParts], Step]
    keys: tuple[str, ...] = ()


def read_link_button(reading: Reading, node: YamlNode, link_needed: bool = True) -> LinkButton:
    fields = Fields(reading, node, "a button", ("label", "link"))
    label = fields.need("label", read_text, NOTHING)
    link = fields.need("link", read_link, NOTHING) if link_needed else fields.read("link", read_link, None)
    return LinkButton(label=label, link=link)
