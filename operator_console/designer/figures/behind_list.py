"""The visitors behind a number as rows; more are asked for as the reader comes near the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.figures.behind_rows import BehindRows
from operator_console.designer.figures.reasons import reason_words
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.row_list import ROW_LINES, RowList
from operator_console.inbox.times import ago, clock, day
from operator_console.themes import Palette, palette_of
from operator_console.translation import _
from operator_console.visitor_names import called
from server_stub.protocol import FigureVisitor

NEAR_END = 40
"""Rows from the end at which more are asked for."""
TIME_CELLS = 7
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


class BehindList(RowList[FigureVisitor]):
    """`rows` are read, never changed; `step_words` says what a step is called."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    @dataclass
    class MoreWanted(Message):
        """The reader comes near the end."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, BehindList.MoreWanted)

    def __init__(self, rows: BehindRows, now: Callable[[], int], zone: tzinfo | None, *, id: str) -> None:  # noqa: A002
        super().__init__(now, zone, id=id)
        self.rows = rows

    def source(self) -> list[str]:
        return list(self.rows.order)

    def row_of(self, key: str) -> FigureVisitor | None:
        return self.rows.rows.get(key)

    def fits(self, row: FigureVisitor) -> bool:  # noqa: ARG002
        return True

    def time_of(self, row: FigureVisitor) -> int:
        return row.at

    def paint_row(self, row: FigureVisitor, state: RowState, width: int) -> tuple[Strip, Strip]:
        return paint(row, state, palette_of(self.app.theme), width, self._now(), self._zone)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        seen = self.scroll_offset.y // ROW_LINES + self.size.height // ROW_LINES
        if new_value > old_value and seen > self.count - NEAR_END:
            self.post_message(self.MoreWanted())


def paint(
    row: FigureVisitor, state: RowState, palette: Palette, width: int, now: int, zone: tzinfo | None
) -> tuple[Strip, Strip]:
    """Who, and how long ago; below, when it was and at which step, with the way or the reason."""
    ground = _GROUNDS[state]
    bar = Segment("▌" if state in ("cursor", "away") else " ", palette.style("accent", ground))
    who, time = called(row.called, row.visitor), f"{ago(row.at, now, zone):>{TIME_CELLS}} "
    room = max(width - 2 - len(time), 4)
    name = cut(who.name, room)
    mark = pad(f" {who.mark}" if who.mark else "", max(room - cell_len(name), 0))
    first = [
        bar,
        Segment(" ", palette.style("text", ground)),
        Segment(name, palette.style("text", ground, bold=True)),
        Segment(mark, palette.style("faint", ground)),
        Segment(time, palette.style("faint", ground)),
    ]
    facts = [f"{day(row.at, now, zone)} {clock(row.at, zone)}"]
    if row.step:
        facts.append(_("at {step}").format(step=reason_words(row.step)))
    if row.branch:
        facts.append(reason_words(row.branch))
    second = [bar, Segment(pad(f"   {' · '.join(facts)}", max(width - 1, 0)), palette.style("soft", ground))]
    text = palette.style("text", ground)
    return Strip(first).adjust_cell_length(width, text), Strip(second).adjust_cell_length(width, text)
