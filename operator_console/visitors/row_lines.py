"""A visitor as two lines of cells. Pure.

● Anna Petrova · anna@mail.example      3 · 118.50 EUR   6m
  Linen shade · Lamps             search   Chrome, macOS
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.inbox.cells import cut, pad
from operator_console.inbox.channel_words import channel_words
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.times import MINUTE, ago, rough_span
from operator_console.inbox.value_words import money, page_title, path_of
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted
from operator_console.visitor_names import called
from server_stub.protocol import VisitorBrief

TIME_CELLS = 7
ROOMY = 64
"""Cells from which a row has words where it has only marks below."""
_GROUNDS: dict[RowState, str] = {"": "ground", "cursor": "cursor", "away": "cursor_away", "hover": "hover"}


@dataclass(frozen=True, slots=True)
class VisitorPainter:
    """Paints rows of one width. `now` is in ms; `site` is the shop's name."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    site: str = ""

    def paint(self, row: VisitorBrief, state: RowState) -> tuple[Strip, Strip]:
        """The two lines of a row."""
        ground = _GROUNDS[state]
        bar = Segment("▌" if state in ("cursor", "away") else " ", self.palette.style("accent", ground))
        return self._first(row, ground, bar), self._second(row, ground, bar)

    def _first(self, row: VisitorBrief, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        who = called(row.name or row.email, row.id)
        mark, colour = ("●", "good") if row.online else ("○", "faint")
        if row.blocked:
            mark, colour = "⊘", "hot"
        amounts = self._amounts(row)
        time = f"{self._time(row):>{TIME_CELLS}} "
        room = max(self.width - 3 - cell_len(amounts) - cell_len(time) - 1, 4)
        name = cut(who.name, room)
        left = [Segment(name, style("text", ground, bold=row.online))]
        rest = room - cell_len(name)
        behind = (
            f" {who.mark}" if who.mark else f"  {safe_line(row.email, 120)}" if row.name and row.email else ""
        )
        if behind and rest > 8:
            left.append(Segment(pad(behind, rest), style("faint", ground)))
        else:
            left.append(Segment(" " * rest, style("text", ground)))
        line = [
            bar,
            Segment(f"{mark} ", style(colour, ground)),
            *left,
            Segment(f" {amounts}", style("good" if row.cart_items else "soft", ground)),
            Segment(time, style("faint", ground)),
        ]
        return Strip(line).adjust_cell_length(self.width, style("text", ground))

    def _second(self, row: VisitorBrief, ground: str, bar: Segment) -> Strip:
        style = self.palette.style
        facts = self._facts(row)
        room = self.width - 4
        while len(facts) > 1 and cell_len(" · ".join(facts)) > room // 2:
            facts.pop()
        right = cut(" · ".join(facts), room // 2)
        words = f" {_('in a dialog')} " if self.width >= ROOMY else ""
        dialog = f"◆{words} " if row.dialog else ""
        where = page_title(row.page.title, self.site) or path_of(row.page.url) or "—"
        left = max(room - cell_len(right) - cell_len(dialog) - 2, 4)
        line = [
            bar,
            Segment("  ", style("soft", ground)),
            Segment(dialog, style("operator", ground)),
            Segment(pad(where, left), style("soft", ground)),
            Segment(f"  {right} ", style("faint", ground)),
        ]
        return Strip(line).adjust_cell_length(self.width, style("soft", ground))

    def _amounts(self, row: VisitorBrief) -> str:
        """His cart; else what he bought before."""
        if row.cart_items:
            items = counted("{count} item", "{count} items", int(row.cart_items))
            return f"{items} · {money(row.cart_total, row.currency)}"
        return money(row.revenue, row.currency) if row.revenue else ""

    def _time(self, row: VisitorBrief) -> str:
        """For how long he is here; else how long ago he was."""
        if row.online and row.since:
            here = self.now - row.since
            return rough_span(here) if here >= MINUTE else _("now")
        return ago(row.last_at, self.now, self.zone)

    def _facts(self, row: VisitorBrief) -> list[str]:
        facts = []
        if row.visits:
            facts.append(counted("{count} visit", "{count} visits", row.visits))
        if row.channel:
            facts.append(channel_words(row.channel))
        if row.device:
            facts.append(safe_line(row.device, 60))
        return facts
