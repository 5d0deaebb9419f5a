"""Visitors as rows that hold still under the cursor; more are asked for as the reader comes near the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.row_list import ROW_LINES, RowList
from operator_console.themes import palette_of
from operator_console.visitors.row_lines import VisitorPainter
from operator_console.visitors.rows import VisitorRows
from server_stub.protocol import VisitorBrief

NEAR_END = 40
"""Rows from the end at which more are asked for."""


class VisitorList(RowList[VisitorBrief]):
    """The rows of one filter. `rows` are read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    @dataclass
    class MoreWanted(Message):
        """The reader comes near the end."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, VisitorList.MoreWanted)

    def __init__(self, rows: VisitorRows, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.rows = rows
        self.site = ""
        self._painter: VisitorPainter | None = None

    def source(self) -> list[str]:
        return list(self.rows.order)

    def row_of(self, key: str) -> VisitorBrief | None:
        return self.rows.rows.get(key)

    def fits(self, row: VisitorBrief) -> bool:
        return row.id in self.rows.rows

    def time_of(self, row: VisitorBrief) -> int:
        return row.since or row.last_at

    def paint_row(self, row: VisitorBrief, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            palette = palette_of(self.app.theme)
            self._painter = VisitorPainter(palette, width, self._now(), self._zone, self.site)
        return self._painter.paint(row, state)

    def forget_looks(self) -> None:
        super().forget_looks()
        self._painter = None

    @property
    def is_near_end(self) -> bool:
        """Whether few rows are left below what is seen."""
        seen = self.scroll_offset.y // ROW_LINES + self.size.height // ROW_LINES
        return seen > self.count - NEAR_END

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value > old_value and self.is_near_end:
            self.post_message(self.MoreWanted())
