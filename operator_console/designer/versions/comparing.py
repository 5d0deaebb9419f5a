"""Two versions of a scenario beside each other: what differs in meaning, and which lines of the file. Pure."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.publishing.diff import Change, difference

Sign: TypeAlias = Literal[" ", "+", "-", "…"]
AROUND = 2
"""Lines that are shown around each change."""


class DifferingLine(Struct, frozen=True):
    """A line of the file, raw. `number` is that in the newer text, 0 of one that is gone. `…`: lines are left out."""

    sign: Sign
    number: int
    text: str


class Comparison(Struct, frozen=True):
    """What makes `newer` of `older`. `changes` is None where one of the two has errors, and means nothing."""

    changes: tuple[Change, ...] | None
    lines: tuple[DifferingLine, ...]


def compare(older: str, newer: str) -> Comparison:
    """An empty `older`: nothing was there."""
    return Comparison(_meaning(older, newer), _lines(older, newer))


def _meaning(older: str, newer: str) -> tuple[Change, ...] | None:
    before = read_scenario(older).scenario if older else None
    after = read_scenario(newer).scenario
    if after is None or (older and before is None):
        return None
    changes = difference(before, after).changes
    if before is not None and before.status != after.status:
        status = Change("changed", "the scenario", "status", before.status, after.status)
        return (status, *changes)
    return changes


def _lines(older: str, newer: str) -> tuple[DifferingLine, ...]:
    before, after = _split(older), _split(newer)
    found: list[DifferingLine] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        if found or group[0][3] > 0:
            found.append(DifferingLine("…", 0, ""))
        for what, a, b, c, d in group:
            if what == "equal":
                found += [DifferingLine(" ", n + 1, after[n]) for n in range(c, d)]
                continue
            found += [DifferingLine("-", 0, line) for line in before[a:b]]
            found += [DifferingLine("+", n + 1, after[n]) for n in range(c, d)]
    return tuple(found)


def _split(text: str) -> list[str]:
    return text.removeprefix("\ufeff").splitlines()
