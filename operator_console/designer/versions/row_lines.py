"""A version as two lines of cells. Pure.

● Today 14:02 · Maria                         now
  Shorter pause                              9f3c2a1
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.scenarios.row_lines import COLOURS, MARKS, status_words
from operator_console.designer.versions.rows import VersionRow
from operator_console.inbox.cells import cut
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.times import clock, day
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _

SHORT = 7
"""Characters of a version's mark that tell it from others."""
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


def when_of(row: VersionRow, now: int, zone: tzinfo | None) -> str:
    """Today 14:02"""
    return f"{day(row.version.at, now, zone)} {clock(row.version.at, zone)}"


def who_of(row: VersionRow) -> str:
    """Who published it, cleaned."""
    return safe_line(row.version.by, 60) or _("in the folder")


@dataclass(frozen=True, slots=True)
class VersionPainter:
    """Paints rows of one width. `now` is in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None

    def paint(self, row: VersionRow, state: RowState) -> tuple[Strip, Strip]:
        """The two lines of a version."""
        ground = _GROUNDS[state]
        style = self.palette.style
        bar = Segment("▌" if state in ("cursor", "away") else " ", style("accent", ground))
        version = row.version
        mark, colour = (
            ("✗", "hot")
            if row.is_removed
            else (MARKS.get(version.status, "·"), COLOURS.get(version.status, "soft"))
        )
        right, right_colour = self._right(row)
        room = max(self.width - 4 - cell_len(right), 4)
        head = cut(f"{when_of(row, self.now, self.zone)} · {who_of(row)}", room)
        first = [
            bar,
            Segment(f"{mark} ", style(colour, ground)),
            Segment(head, style("text", ground, bold=row.is_now)),
            Segment(" " * max(room - cell_len(head), 0), style("text", ground)),
            Segment(f"{right} ", style(right_colour, ground, bold=row.is_marked)),
        ]
        return self._whole(first, ground), self._second(row, ground, bar)

    def _right(self, row: VersionRow) -> tuple[str, str]:
        if row.is_marked:
            return f"◆ {_('compared with')}", "accent"
        if row.is_removed:
            return _("taken away"), "hot"
        if row.is_now:
            return _("it is now"), "good"
        return status_words(row.version.status), "faint"

    def _second(self, row: VersionRow, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        mark = safe_line(row.version.version[:SHORT])
        room = max(self.width - 5 - cell_len(mark), 4)
        why = safe_line(row.version.why, 300)
        said = cut(why or _("no word why"), room)
        line = [
            bar,
            Segment(f"  {said}", style("soft" if why else "faint", ground)),
            Segment(" " * max(room - cell_len(said), 0), style("text", ground)),
            Segment(f" {mark} ", style("faint", ground)),
        ]
        return self._whole(line, ground)

    def _whole(self, line: list[Segment], ground: str) -> Strip:
        return Strip(line).adjust_cell_length(self.width, self.palette.style("text", ground))
