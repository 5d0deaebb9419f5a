"""The figures at the rows of a tree: how many came, who waits here now, which share went on, how many were dropped.

1,204 ● 48  ━━╸─  64 %  ▾34 %
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from rich.segment import Segment
from textual.strip import Strip

from operator_console.designer.figures.numbers import amount, per_cent, thin_bar
from operator_console.designer.figures.of_nodes import NodeFigures, Rate
from operator_console.themes import Palette
from operator_console.translation import _, counted, figure, marked

Wide: TypeAlias = Literal["", "small", "full"]

CELLS: dict[Wide, int] = {"": 0, "small": 20, "full": 32}
LEGENDS: dict[Wide, str] = {
    "": "",
    "small": marked("came · ● wait here now · went on"),
    "full": marked("came · ● wait here now · went on · ▾ dropped out"),
}
FULL_FROM, SMALL_FROM = 84, 62
"""Cells of a tree from which the whole column, or its numbers alone, leave enough room for the words."""
COUNT, WAITING, BAR, PART, LOST = 7, 7, 4, 6, 7
HARD_LOSS = 0.25
"""From such a share on those who were dropped are marked warm: a quarter, of a step that was meant to lead on."""
RATES: dict[Rate, str] = {
    "went": marked("{share} went this way"),
    "answered": marked("{share} answered"),
    "acted": marked("{share} submitted or clicked"),
    "clicked": marked("{share} clicked"),
    "seen": marked("{share} saw it"),
    "goal": marked("{share} came to the goal"),
}


def width_for(cells: int) -> Wide:
    """How much of the column a tree of so many cells has room for."""
    return "full" if cells >= FULL_FROM else "small" if cells >= SMALL_FROM else ""


@dataclass(frozen=True, slots=True)
class ColumnPainter:
    """Paints the end of a row."""

    palette: Palette
    wide: Wide

    def paint(self, node: NodeFigures | None, ground: str) -> Strip:
        """Exactly `CELLS` of its width."""
        cells = CELLS[self.wide]
        blank = self.palette.style("text", ground)
        if node is None:
            return Strip([Segment(" " * cells, blank)], cells)
        pieces = [(f"{amount(node.count):>{COUNT}}", "soft"), *self._waiting(node)]
        pieces += self._rate(node)
        if self.wide == "full":
            pieces += self._lost(node)
        segments = [Segment(text, self.palette.style(colour, ground)) for text, colour in pieces]
        return Strip(segments).adjust_cell_length(cells, blank)

    def _waiting(self, node: NodeFigures) -> list[tuple[str, str]]:
        if not node.waiting:
            return [(" " * WAITING, "text")]
        return [(" ● ", "good"), (f"{_short(node.waiting):<{WAITING - 3}}", "text")]

    def _rate(self, node: NodeFigures) -> list[tuple[str, str]]:
        is_told = node.rate and node.whole
        share = f"{per_cent(node.share):>{PART}}" if is_told else " " * PART
        if self.wide != "full":
            return [(share, "text")]
        if not is_told:
            return [(" " * (BAR + PART), "text")]
        drawn, rest = thin_bar(node.share, BAR)
        return [(drawn, "faint" if node.rate == "went" else "accent"), (rest, "line"), (share, "text")]

    def _lost(self, node: NodeFigures) -> list[tuple[str, str]]:
        if node.failed:
            return [(f"  ✗{_short(node.failed):<{LOST - 3}}", "hot")]
        if not node.dropped:
            return [(" " * LOST, "text")]
        colour = "warm" if node.lost >= HARD_LOSS else "faint"
        return [(f"  ▾{per_cent(node.lost):<{LOST - 3}}", colour)]


def _short(count: int) -> str:
    """In four cells."""
    return str(count) if count < 10_000 else f"{count // 1_000}k"


def node_words(node: NodeFigures) -> str:
    """The same in words, for the row under the cursor."""
    words = [counted("{count:,} came here", "{count:,} came here", node.count)]
    if node.rate == "went":
        words = [counted("{count:,} went this way", "{count:,} went this way", node.count)]
        if node.whole:
            words.append(_("{share} of {count}").format(share=per_cent(node.share), count=figure(node.whole)))
    if node.waiting:
        words.append(counted("{count:,} waits here now", "{count:,} wait here now", node.waiting))
    if node.rate and node.rate != "went" and node.whole:
        words.append(_(RATES[node.rate]).format(share=per_cent(node.share)))
    if node.dropped:
        words.append(_("{share} dropped out").format(share=per_cent(node.lost)))
    if node.failed:
        words.append(counted("{count:,} failed", "{count:,} failed", node.failed))
    return " · ".join(words)
