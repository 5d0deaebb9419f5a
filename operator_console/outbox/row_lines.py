"""A row of the outbox as two lines of cells. Pure.

✉ anna@mail.example          kept     4m
  Your cart is waiting   abandoned_cart…
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import cut, pad
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.times import ago
from operator_console.outbox.rows import recipient
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import marked, said
from server_stub.protocol import OutboxItem

MARKS = {"email": "✉", "push": "◈", "messenger": "❯", "webhook": "⇄"}
"""One cell for each channel."""
COLOURS = {"waiting": "warm", "kept": "visitor", "sent": "good", "failed": "hot", "unknown": "note"}
"""Of each status."""
_STATUS_WORDS = {
    "waiting": marked("waiting", "outbox"),
    "kept": marked("kept", "outbox"),
    "sent": marked("sent", "outbox"),
    "failed": marked("failed", "outbox"),
    "unknown": marked("unknown", "outbox"),
}
STATUS_CELLS = 8
TIME_CELLS = 7
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


@dataclass(frozen=True, slots=True)
class OutboxPainter:
    """Paints rows of one width. `now` is in ms; a new painter for each new minute."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None

    def paint(self, row: OutboxItem, state: RowState) -> tuple[Strip, Strip]:
        """The two lines of a row."""
        ground = _GROUNDS[state]
        bar = Segment("▌" if state in ("cursor", "away") else " ", self.palette.style("accent", ground))
        return self._first(row, ground, bar), self._second(row, ground, bar)

    def _first(self, row: OutboxItem, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        is_webhook = row.channel == "webhook"
        who = safe_line(row.summary if is_webhook else recipient(row), 200)
        room = max(self.width - 3 - STATUS_CELLS - TIME_CELLS - 2, 4)
        line = [
            bar,
            Segment(f"{MARKS.get(row.channel, '·')} ", style("soft", ground)),
            Segment(pad(who, room) + " ", style("text", ground)),
            Segment(pad(status_words(row.status), STATUS_CELLS), style(status_colour(row.status), ground)),
            Segment(f"{ago(row.at, self.now, self.zone):>{TIME_CELLS}} ", style("faint", ground)),
        ]
        return Strip(line).adjust_cell_length(self.width, style("text", ground))

    def _second(self, row: OutboxItem, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        room = self.width - 4
        what = recipient(row) if row.channel == "webhook" else row.summary
        scenario = cut(safe_line(row.scenario, 80), max(room * 2 // 5, 4))
        text = pad(safe_line(what, 300) or "—", max(room - cell_len(scenario) - 2, 4))
        line = [
            bar,
            Segment("  ", style("soft", ground)),
            Segment(text, style("soft", ground)),
            Segment(f"  {scenario} ", style("faint", ground)),
        ]
        return Strip(line).adjust_cell_length(self.width, style("soft", ground))


def status_words(status: str) -> str:
    """A status as it is shown; one that is not known here as it is, cleaned."""
    words = _STATUS_WORDS.get(status)
    return said("outbox", words) if words else safe_line(status, 20)


def status_colour(status: str) -> str:
    """The palette's name of a status' colour."""
    return COLOURS.get(status, "soft")
