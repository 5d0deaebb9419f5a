"""The rows of a tree while they are made: one after the other, in reading order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec import Struct

from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word
from operator_console.safe_text import safe_line
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, Sequence, YamlNode

if TYPE_CHECKING:
    from operator_console.designer.outline.rows import Row

RAW_CHARS = 120
"""So much of what is not understood is shown."""


class Draft(Struct):
    """A row that does not know yet what stands below it."""

    place: str
    depth: int
    kind: str
    words: Phrase
    line: int
    step: str = ""
    branch: str = ""
    enabled: bool = True
    comment: str = ""
    may_hold: tuple[str, ...] = ()
    below: str = ""
    jump: str = ""
    """The id or block where it leads."""
    row: Row | None = None
    """The row that it has become, where nothing was wrong with it."""

    def at(self, old: str, new: str, lines: int) -> Draft:
        """The same row, where its step was moved from place `old` to `new`, and so many lines down."""
        cut = len(old)
        step = new + self.step[cut:] if self.step == old or self.step.startswith(f"{old}.") else self.step
        return Draft(
            new + self.place[cut:],
            self.depth,
            self.kind,
            self.words,
            self.line + lines,
            step,
            self.branch,
            self.enabled,
            self.comment,
            self.may_hold,
            new + self.below[cut:] if self.below else "",
            self.jump,
        )


@dataclass(slots=True)
class Building:
    """The rows so far. `targets` are the places of ids and blocks, which jumps lead to."""

    drafts: list[Draft] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    shown: TextsShown = field(default_factory=lambda: TextsShown(""))

    def add(self, place: str, depth: int, kind: str, words: Phrase, line: int) -> Draft:
        """A new row at the end; what more there is to it, the caller sets."""
        draft = Draft(place, depth, kind, words, line)
        self.drafts.append(draft)
        return draft

    def add_broken(
        self, place: str, depth: int, node: YamlNode | None, line: int, before: Phrase = ()
    ) -> None:
        """A row for what is not understood, as it stands in the file."""
        self.add(place, depth, "broken", (*before, Word(raw(node), "bad")), line)


def raw(node: YamlNode | None) -> str:
    """The beginning of what is written there, cleaned."""
    if node is None:
        return "…"
    if isinstance(node, Scalar):
        return safe_line(node.value, RAW_CHARS) or "…"
    if isinstance(node, Sequence):
        return f"- {raw(node.items[0])}" if node.items else "[]"
    if not node.pairs:
        return "{}"
    key, value = node.pairs[0]
    tail = raw(value) if isinstance(value, Scalar) else "…"
    return safe_line(f"{key.value}: {tail}", RAW_CHARS)


def pairs_of(node: YamlNode | None) -> dict[str, tuple[Scalar, YamlNode]]:
    """Keys and values of a mapping by the key's name; nothing for anything else."""
    return {key.value: (key, value) for key, value in node.pairs} if isinstance(node, Mapping) else {}


def items_of(node: YamlNode | None) -> list[YamlNode]:
    """The items of a list; nothing for anything else."""
    return node.items if isinstance(node, Sequence) else []


def child(node: YamlNode | None, name: str) -> YamlNode | None:
    """The value under a key of a mapping; None where there is none."""
    if isinstance(node, Mapping):
        for key, value in node.pairs:
            if key.value == name:
                return value
    return None
