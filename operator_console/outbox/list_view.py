"""The outbox as rows that hold still under the cursor; older ones are asked for as the reader comes near the end."""

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
from operator_console.outbox.row_lines import OutboxPainter
from operator_console.outbox.rows import OutboxFilter, OutboxRows
from operator_console.themes import palette_of
from server_stub.protocol import OutboxItem

NEAR_END = 60
"""Rows from the end at which older ones are asked for."""


class OutboxList(RowList[OutboxItem]):
    """The rows of one filter. `rows` are read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    @dataclass
    class OlderWanted(Message):
        """The reader comes near the end."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, OutboxList.OlderWanted)

    def __init__(self, rows: OutboxRows, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.rows = rows
        self.shown = OutboxFilter()
        self._match = self.shown.matcher()
        self._painter: OutboxPainter | None = None

    def show(self, wanted: OutboxFilter) -> None:
        """Show another filter."""
        self.shown, self._match = wanted, wanted.matcher()
        self.show_anew()

    def source(self) -> list[str]:
        return self.rows.view(self.shown)

    def row_of(self, key: str) -> OutboxItem | None:
        return self.rows.rows.get(key)

    def fits(self, row: OutboxItem) -> bool:
        return self._match(row)

    def time_of(self, row: OutboxItem) -> int:
        return row.at

    def paint_row(self, row: OutboxItem, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            self._painter = OutboxPainter(palette_of(self.app.theme), width, self._now(), self._zone)
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
            self.post_message(self.OlderWanted())
