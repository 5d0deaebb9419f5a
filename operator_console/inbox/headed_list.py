"""A list of rows with headings between them: the cursor goes over these."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from operator_console.inbox.row_list import ROW_LINES, RowList

R = TypeVar("R")


class HeadedList(RowList[R]):
    """Rows under headings. A heading is a row, too, but never under the cursor."""

    @abstractmethod
    def is_heading(self, key: str) -> bool:
        """Whether the row of that id is one."""

    @property
    def row_count(self) -> int:
        """How many rows the list shows, without the headings."""
        return sum(not self.is_heading(key) for key in self.order())

    def _point(self, index: int) -> None:
        super()._point(self._beside_heading(index))
        if 0 < self._index < len(self._ids) and self.is_heading(self._ids[self._index - 1]):
            # With the first row of a group its heading is to be seen.
            top = (self._index - 1) * ROW_LINES
            if top < self.scroll_offset.y:
                self.scroll_to(y=top, animate=False, immediate=True)

    def _beside_heading(self, index: int) -> int:
        """The row itself, or the one behind the heading in the direction in which the cursor goes."""
        index = min(max(index, 0), len(self._ids) - 1)
        step = -1 if index < self._index else 1
        for direction in (step, -step):
            at = index
            while 0 <= at < len(self._ids) and self.is_heading(self._ids[at]):
                at += direction
            if 0 <= at < len(self._ids):
                return at
        return index

    def _row_at(self, y: int) -> int:
        index = super()._row_at(y)
        return -1 if index >= 0 and self.is_heading(self._ids[index]) else index
