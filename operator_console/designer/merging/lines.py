"""Three versions of some lines, put together: what only one side changed is taken, the rest clashes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from msgspec import Struct


class Piece(Struct, frozen=True):
    """Lines that stand below each other. Where only one side changed them, `taken` are those of that side."""

    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def is_clash(self) -> bool:
        """Both sides changed it, each in another way."""
        return self.mine != self.theirs and self.base not in (self.mine, self.theirs)

    @property
    def taken(self) -> tuple[str, ...]:
        """The lines of whoever changed them; mine where both did."""
        return self.theirs if self.base == self.mine else self.mine


class _Change(NamedTuple):
    """Lines `start` to `end` of the base became `first` to `last` of a side."""

    start: int
    end: int
    side: Literal["mine", "theirs"]
    first: int
    last: int


def merge_lines(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], *, apart: bool = False
) -> list[Piece]:
    """The pieces, in their order. `apart`: changes of both sides right beside each other clash, too."""
    changes = sorted([*_changes(base, mine, "mine"), *_changes(base, theirs, "theirs")])
    pieces: list[Piece] = []
    at, shift_mine, shift_theirs = 0, 0, 0
    while changes:
        start, end, members = _next_group(changes, apart=apart)
        pieces += _same(base[at:start])
        mine_end = end + shift_mine + _growth(members, "mine")
        theirs_end = end + shift_theirs + _growth(members, "theirs")
        pieces.append(
            Piece(
                tuple(base[start:end]),
                tuple(mine[start + shift_mine : mine_end]),
                tuple(theirs[start + shift_theirs : theirs_end]),
            )
        )
        at, shift_mine, shift_theirs = end, mine_end - end, theirs_end - end
    return [*pieces, *_same(base[at:])]


def _same(lines: Sequence[str]) -> list[Piece]:
    there = tuple(lines)
    return [Piece(there, there, there)] if there else []


def _changes(base: Sequence[str], side: Sequence[str], name: Literal["mine", "theirs"]) -> list[_Change]:
    matcher = SequenceMatcher(None, base, side, autojunk=False)
    return [_Change(a, b, name, c, d) for what, a, b, c, d in matcher.get_opcodes() if what != "equal"]


def _next_group(changes: list[_Change], *, apart: bool) -> tuple[int, int, list[_Change]]:
    """Takes the changes that touch the same lines of the base from the front."""
    first = changes.pop(0)
    start, end, members = first.start, first.end, [first]
    while changes:
        following = changes[0]
        is_same_spot = following.start == following.end == start == end
        if not (following.start < end or is_same_spot or (apart and following.start == end)):
            break
        changes.pop(0)
        end = max(end, following.end)
        members.append(following)
    return start, end, members


def _growth(members: list[_Change], side: str) -> int:
    """How many lines more the side has there than the base."""
    return sum((one.last - one.first) - (one.end - one.start) for one in members if one.side == side)
