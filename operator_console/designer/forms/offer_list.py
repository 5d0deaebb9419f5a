"""The list of what fits, over a form and right below the field in which one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from operator_console.designer.forms.offers import Offer, Offered
from operator_console.inbox.cells import cut, pad
from operator_console.safe_text import safe_line
from operator_console.themes import palette_of

MAX_ROWS = 7
WIDEST = 72


class OfferList(Widget):
    """Rows of offers with a cursor, and how many there are. It never has the focus: the form moves its cursor."""

    DEFAULT_CSS = """
    OfferList { position: absolute; overlay: screen; layer: offers; width: 40; height: 1; display: none; }
    """

    @dataclass
    class Taken(Message):
        """A row was clicked."""

    def __init__(self, *, id: str = "offers") -> None:  # noqa: A002
        super().__init__(id=id)
        self.offered: Sequence[Offer] = ()
        self.length = 0
        """Characters before the cursor that what is taken replaces."""
        self.index = 0
        self._top = 0

    @property
    def is_open(self) -> bool:
        """Whether there is anything to take."""
        return bool(self.offered)

    @property
    def current(self) -> Offer | None:
        """The offer under the cursor."""
        return self.offered[self.index] if self.offered else None

    def show(self, offered: Offered, field: Region, column: int) -> None:
        """Show these at a line of the screen; `place` says where."""
        if not offered.offers:
            self.hide()
            return
        self.offered, self.length, self.index, self._top = offered.offers, offered.length, 0, 0
        rows = min(len(self.offered), MAX_ROWS)
        widest = max(
            cell_len(safe_line(one.value, 60)) + cell_len(safe_line(one.detail, 60)) for one in self.offered
        )
        self.styles.width = max(min(widest + 6, WIDEST, self.screen.size.width - 2), 24)
        self.styles.height = rows
        self.display = True
        self.place(field, column)

    def place(self, field: Region, column: int) -> None:
        """Stand below a line of the screen, or above it where there is no room; `column` is the cell at which what is
        being typed begins.
        """
        rows, screen = min(len(self.offered), MAX_ROWS), self.screen.size
        width = int(self.styles.width.value) if self.styles.width is not None else 0
        y = field.bottom if field.bottom + rows <= screen.height else max(field.y - rows, 0)
        self.absolute_offset = Offset(max(min(column - 1, screen.width - width - 1), 0), y)
        self.refresh(layout=True)

    def hide(self) -> None:
        """Nothing is being completed."""
        if self.offered:
            self.offered, self.index = (), 0
            self.display = False

    def move(self, by: int) -> None:
        """Move the cursor, round at the ends."""
        self.index = (self.index + by) % max(len(self.offered), 1)
        self._top = min(max(self._top, self.index - MAX_ROWS + 1), self.index)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        palette, width = palette_of(self.app.theme), self.size.width
        at = self._top + y
        if at >= len(self.offered):
            return Strip.blank(width, palette.style("text", "cursor_away"))
        offer, ground = self.offered[at], "cursor" if at == self.index else "cursor_away"
        name = cut(safe_line(offer.value, 60), max(width - 3, 4))
        room = width - cell_len(name) - 4
        detail = cut(safe_line(offer.detail, 60), room) if room > 3 else ""
        pieces = [
            Segment("▌" if at == self.index else " ", palette.style("accent", ground)),
            Segment(name, palette.style("text", ground, bold=True)),
            Segment(pad(f"  {detail}", max(room + 2, 0)), palette.style("soft", ground)),
        ]
        return Strip(pieces).adjust_cell_length(width, palette.style("text", ground))

    def on_click(self, event: events.Click) -> None:
        self.index = min(self._top + event.y, max(len(self.offered) - 1, 0))
        self.post_message(self.Taken())
