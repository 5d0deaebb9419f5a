"""Where runs that stand in an older version of a scenario find themselves in the one that is live now."""

from __future__ import annotations

from msgspec import Struct


class Moves(Struct, frozen=True):
    """`same`: the key of a step in the older version → its key in the newer one. `chosen`: for a step that is gone, the
    key at which its visitors go on, or "" where their runs stop. A step in neither is gone, and nobody has chosen."""

    same: dict[str, str] = {}
    chosen: dict[str, str] = {}

    def then(self, later: Moves) -> Moves:
        """These moves, and after them those to a version that is newer still."""
        same: dict[str, str] = {}
        chosen: dict[str, str] = {}
        for step, to in self.same.items():
            if to in later.same:
                same[step] = later.same[to]
            elif to in later.chosen:
                chosen[step] = later.chosen[to]
        for step, to in self.chosen.items():
            chosen[step] = later.same.get(to, later.chosen.get(to, "")) if to else ""
        return Moves(same, chosen)
