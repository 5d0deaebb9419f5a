"""The dialog list: the mirror's dialogs as rows that hold still under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.inbox.dialog_rows import RowPainter, RowState
from operator_console.inbox.row_list import RowList
from operator_console.mirror import Filter, Mirror
from operator_console.themes import palette_of
from server_stub.protocol import DialogSummary


class DialogList(RowList[DialogSummary]):
    """The rows of one filter. `now` gives ms; `mirror` is read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, mirror: Mirror, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.mirror = mirror
        self.shown = Filter()
        self._painter: RowPainter | None = None

    def show(self, wanted: Filter, *, keep_cursor: bool = True) -> None:
        """Show another filter. The cursor stays on its dialog if that is there, else it goes to the top."""
        self.shown = wanted
        self.show_anew(keep_cursor=keep_cursor)

    def source(self) -> list[str]:
        return self.mirror.view(self.shown)[::-1]

    def row_of(self, key: str) -> DialogSummary | None:
        return self.mirror.rows.get(key)

    def fits(self, row: DialogSummary) -> bool:
        return self.shown.matcher(self.mirror.me)(row)

    def time_of(self, row: DialogSummary) -> int:
        return row.last_at

    def look_of(self, row: DialogSummary) -> Hashable:
        return row.visitor in self.mirror.online

    def paint_row(self, row: DialogSummary, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            self._painter = RowPainter(palette_of(self.app.theme), width, self._now(), self._zone)
        return self._painter.paint(row, state=state, online=row.visitor in self.mirror.online)

    def forget_looks(self) -> None:
        super().forget_looks()
        self._painter = None
