"""Values as they are written: strings, lists and mappings of them. It is the language that gives them types."""

from __future__ import annotations

from typing import TypeAlias

from scenarios_yaml.language.yaml_nodes import Scalar, Sequence, YamlNode

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"


class CannotEditError(ValueError):
    """The text cannot be edited at that place; the message says why, in words for a person."""


def plain(node: YamlNode) -> Plain:
    """What a node says, without its layout."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.value: plain(value) for key, value in node.pairs}


def inside(whole: str, part: str) -> str | None:
    """The rest of the place `part` below the place `whole`: "" for the same, None where it is elsewhere."""
    if part == whole or not whole:
        return part if not whole else ""
    return part[len(whole) + 1 :] if part.startswith(whole + ".") else None


def joined(place: str, part: str | int) -> str:
    """The place of a key or an item below a place."""
    return f"{place}.{part}" if place else str(part)


def parent_and_last(place: str) -> tuple[str, str]:
    """`steps.2` and `say` of `steps.2.say`; "" and "" of the whole file."""
    parent, _, last = place.rpartition(".")
    return parent, last
