"""The versions as a list; older ones are asked for as the reader comes near the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.versions.row_lines import VersionPainter
from operator_console.designer.versions.rows import VersionRow, VersionRows
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.row_list import ROW_LINES, RowList
from operator_console.themes import palette_of

NEAR_END = 30
"""Rows from the end at which older ones are asked for."""


class VersionList(RowList[VersionRow]):
    """`rows` are read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    @dataclass
    class OlderWanted(Message):
        """The reader comes near the end."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, VersionList.OlderWanted)

    def __init__(self, rows: VersionRows, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.rows = rows
        self._painter: VersionPainter | None = None

    @property
    def is_frozen(self) -> bool:
        """Versions come by somebody's hand only, at the top."""
        return False

    def source(self) -> list[str]:
        return list(self.rows.rows)

    def row_of(self, key: str) -> VersionRow | None:
        return self.rows.rows.get(key)

    def fits(self, row: VersionRow) -> bool:  # noqa: ARG002
        return True

    def time_of(self, row: VersionRow) -> int:
        return row.version.at

    def paint_row(self, row: VersionRow, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            self._painter = VersionPainter(palette_of(self.app.theme), width, self._now(), self._zone)
        return self._painter.paint(row, state)

    def forget_looks(self) -> None:
        super().forget_looks()
        self._painter = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        seen = (self.scroll_offset.y + self.size.height) // ROW_LINES
        if new_value > old_value and self.rows.has_older and seen > self.count - NEAR_END:
            self.post_message(self.OlderWanted())
