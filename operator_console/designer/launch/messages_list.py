"""The messages of a draft as a list: at its top it goes on, below stands each message with its first words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.launch.message_rows import GO_ON, MessageRow
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.row_list import RowList
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of
from operator_console.translation import _

_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


class MessagesList(RowList[MessageRow]):
    """Enter on the first row goes on; on a message its texts are edited."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, now: Callable[[], int], *, id: str) -> None:  # noqa: A002
        super().__init__(now, None, id=id)
        self._rows: dict[str, MessageRow] = {}

    def show(self, rows: Sequence[MessageRow]) -> None:
        """Show these; the cursor stays on its message."""
        first = MessageRow(GO_ON, "→", _("Launch it"), "", _("the texts are as they should be"))
        self._rows = {row.place: row for row in (first, *rows)}
        self.forget_looks()
        self.show_anew()

    @property
    def is_frozen(self) -> bool:
        """They stand still."""
        return False

    @property
    def row(self) -> MessageRow | None:
        """The message under the cursor; None at the top."""
        return self._rows.get(self.cursor) if self.cursor != GO_ON else None

    @property
    def rows(self) -> list[MessageRow]:
        """All messages."""
        return [row for place, row in self._rows.items() if place != GO_ON]

    def source(self) -> list[str]:
        return list(self._rows)

    def row_of(self, key: str) -> MessageRow | None:
        return self._rows.get(key)

    def fits(self, row: MessageRow) -> bool:  # noqa: ARG002
        return True

    def time_of(self, row: MessageRow) -> int:  # noqa: ARG002
        return 0

    def paint_row(self, row: MessageRow, state: RowState, width: int) -> tuple[Strip, Strip]:
        ground, style = _GROUNDS[state], palette_of(self.app.theme).style
        is_first = row.place == GO_ON
        bar = Segment("▌" if state in ("cursor", "away") else " ", style("accent", ground))
        name = f"{row.mark} {row.name}"
        room = max(width - cell_len(name) - 5, 0)
        first = [
            bar,
            Segment(name, style("good" if is_first else "text", ground, bold=is_first)),
            Segment(f"  {cut(row.when, room)}", style("faint", ground)),
        ]
        text = pad(safe_line(row.text, 300), max(width - 5, 1))
        second = [bar, Segment(f"  {text}", style("soft", ground))]
        blank = style("text", ground)
        return (
            Strip(first).adjust_cell_length(width, blank),
            Strip(second).adjust_cell_length(width, blank),
        )
