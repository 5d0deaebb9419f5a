"""Days as columns: how many entered, and of them how many came to the goal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rich.segment import Segment
from rich.style import Style

from operator_console.designer.figures.numbers import amount
from operator_console.inbox.times import MONTHS
from operator_console.themes import Palette
from operator_console.translation import _
from server_stub.protocol import DayFigures

HEIGHT = 6
"""Lines of the columns."""
AXIS = 8
"""Cells at the left for the numbers."""
WIDEST = 3
"""Cells that one day takes at most, with the gap behind it."""
BLOCKS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class DaysPlot:
    """Paints at one width, in cells."""

    palette: Palette
    width: int

    def paint(self, days: Sequence[DayFigures]) -> list[list[Segment]]:
        """`HEIGHT` lines and one of dates. Where there are more days than cells, a column stands for several."""
        room = max(self.width - AXIS - 1, 8)
        size = -(-len(days) // room)
        columns = _columns(days, size)
        wide = min(room // max(len(columns), 1), WIDEST)
        most = max((column.entered for column in columns), default=0)
        lines = [self._line(columns, wide, most, line) for line in range(HEIGHT)]
        return [*lines, self._dates(days, len(columns) * wide)]

    def _line(self, columns: Sequence[DayFigures], wide: int, most: int, line: int) -> list[Segment]:
        """The line so many below the top one."""
        label = amount(most) if line == 0 else "0" if line == HEIGHT - 1 else ""
        low = (HEIGHT - 1 - line) * 8
        segments = [Segment(f"{label:>{AXIS - 2}} ┤", self._style("faint"))]
        for column in columns:
            segments.append(self._cell(column, most, low, max(wide - 1, 1)))
            if wide > 1:
                segments.append(Segment(" ", self._style("text")))
        return segments

    def _cell(self, column: DayFigures, most: int, low: int, cells: int) -> Segment:
        """What a column shows between `low` and `low` + 8 eighths of its height."""
        entered, goal = _height(column.entered, most), _height(column.goal, most)
        if goal >= low + 8:
            return Segment("█" * cells, self._style("good"))
        if goal > low:
            ground = "accent" if entered >= low + 8 else "paper"
            return Segment(BLOCKS[goal - low] * cells, self.palette.style("good", ground))
        return Segment(BLOCKS[min(max(entered - low, 0), 8)] * cells, self._style("accent"))

    def _dates(self, days: Sequence[DayFigures], cells: int) -> list[Segment]:
        first, last = (_day(one.day) for one in (days[0], days[-1]))
        gap = max(cells - len(first) - len(last), 1)
        return [Segment(" " * AXIS + first + " " * gap + last, self._style("faint"))]

    def legend(self) -> list[Segment]:
        """What the colours say."""
        pieces = [("█", "accent"), (f" {_('entered')}  ", "soft"), ("█", "good")]
        pieces.append((f" {_('came to the goal')}", "soft"))
        return [Segment(text, self._style(colour)) for text, colour in pieces]

    def _style(self, colour: str) -> Style:
        return self.palette.style(colour, "paper")


def _height(count: int, most: int) -> int:
    """In eighths of a line; something is never nothing."""
    return max(round(count / most * HEIGHT * 8), 1) if count and most else 0


def _columns(days: Sequence[DayFigures], size: int) -> list[DayFigures]:
    """`size` days each, so that the last one is whole."""
    begin = len(days) % size
    parts = [days[:begin]] if begin else []
    parts += [days[at : at + size] for at in range(begin, len(days), size)]
    return [
        DayFigures(part[0].day, sum(one.entered for one in part), sum(one.goal for one in part))
        for part in parts
    ]


def _day(name: str) -> str:
    """3 Mar"""
    day = date.fromisoformat(name)
    return f"{day.day} {_(MONTHS[day.month - 1])}"
