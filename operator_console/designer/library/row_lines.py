"""A ready-made scenario as two lines of cells. Pure.

★ Abandoned cart, two letters                                ✉
  Product Added, or Cart Viewed · email known          yours ✓
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.library.items import LibraryRow
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, marked, said

MARKS = {"chat": "◆", "popup": "▣", "email": "✉", "push": "◈", "messenger": "❯"}
CHANNEL_WORDS = {
    "chat": marked("chat", "library"),
    "popup": marked("pop-up", "library"),
    "email": marked("email", "library"),
    "push": marked("push", "library"),
    "messenger": marked("messenger", "library"),
}
ROOMY = 56
"""Cells from which channels have their words; below only their marks."""
WHOM_CELLS = 14
"""So many have to be left for whom it is for."""
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


@dataclass(frozen=True, slots=True)
class LibraryPainter:
    """Paints rows of one width."""

    palette: Palette
    width: int

    def paint(self, row: LibraryRow, state: RowState, *, is_here: bool) -> tuple[Strip, Strip]:
        """The two lines of a row."""
        ground = _GROUNDS[state]
        style = self.palette.style
        bar = Segment("▌" if state in ("cursor", "away") else " ", style("accent", ground))
        channels = self._channels(row)
        room = max(self.width - 4 - cell_len(channels) - 2, 4)
        first = [
            bar,
            Segment("★ " if row.is_starter else "  ", style("note", ground)),
            Segment(pad(safe_line(row.title, 200), room), style("text", ground, bold=row.is_starter)),
            Segment(f"  {channels} ", style("soft", ground)),
        ]
        here = f"✓ {_('yours')}" if is_here else ""
        room = max(self.width - 4 - cell_len(here) - 2, 4)
        trigger = cut(safe_line(_(", or ").join(row.triggers), 300), room)
        is_roomy = row.whom and room - cell_len(trigger) > WHOM_CELLS
        whom = f" · {safe_line(row.whom, 300)}" if is_roomy else ""
        second = [
            bar,
            Segment(f"  {trigger}", style("soft", ground)),
            Segment(pad(whom, room - cell_len(trigger)), style("faint", ground)),
            Segment(f"  {here} ", style("good", ground)),
        ]
        blank = style("text", ground)
        return (
            Strip(first).adjust_cell_length(self.width, blank),
            Strip(second).adjust_cell_length(self.width, blank),
        )

    def _channels(self, row: LibraryRow) -> str:
        if self.width < ROOMY:
            return " ".join(MARKS[name] for name in row.channels)
        return " ".join(f"{MARKS[name]} {said('library', CHANNEL_WORDS[name])}" for name in row.channels)
