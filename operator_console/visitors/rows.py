"""Visitors of one filter, as far as they are loaded, in the desk's order. Imports no Textual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from server_stub.protocol import VisitorBrief, VisitorPage

Whom: TypeAlias = Literal["here", "all", "blocked"]


@dataclass(frozen=True, slots=True)
class VisitorFilter:
    """`text` is looked for in names, emails, phones and the shop's ids."""

    whom: Whom = "here"
    text: str = ""
    segment: str = ""


class VisitorRows:
    """What the desk has told of one filter. A row that says the same stays the same object."""

    def __init__(self) -> None:
        self.rows: dict[str, VisitorBrief] = {}
        self.order: list[str] = []
        self.cursor = ""
        """Where the next page begins; empty at the end."""
        self.total = 0

    def clear(self) -> None:
        self.rows, self.order, self.cursor, self.total = {}, [], "", 0

    def take_first(self, page: VisitorPage) -> set[str]:
        """The list from its beginning, anew. What was loaded beyond it stays below. Gives what looks different."""
        fresh = [one.id for one in page.visitors]
        if page.cursor and self.order:
            known = set(fresh)
            last = page.visitors[-1].last_at if page.visitors else 0
            rest = [key for key in self.order if key not in known and self.rows[key].last_at < last]
        else:
            rest = []
        if not rest:
            self.cursor = page.cursor
        before, self.order = set(self.order), [*fresh, *rest]
        self.total = page.total
        changed = self._put(page.visitors) | (before - set(self.order))
        self.rows = {key: self.rows[key] for key in self.order}
        return changed

    def take_next(self, page: VisitorPage) -> set[str]:
        """The page after what is loaded."""
        known = set(self.order)
        self.order += [one.id for one in page.visitors if one.id not in known]
        self.cursor, self.total = page.cursor, page.total
        return self._put(page.visitors)

    def _put(self, briefs: Sequence[VisitorBrief]) -> set[str]:
        changed = {one.id for one in briefs if self.rows.get(one.id) != one}
        for one in briefs:
            if one.id in changed:
                self.rows[one.id] = one
        return changed
