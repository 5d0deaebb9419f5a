"""Pieces of which cards are made: headings, pairs of label and value, chips, a text with an amount. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.inbox.feed_lines import LINK
from operator_console.safe_text import safe_line
from operator_console.themes import Palette

LABEL_CELLS = 11
MAX_CHIPS = 20


@dataclass(frozen=True, slots=True)
class LineParts:
    """Paints at one width. `now` in ms."""

    palette: Palette
    width: int
    now: int
    zone: tzinfo | None
    ground: str = field(default="ground", kw_only=True)
    """The palette's colour behind it."""
    label_cells: int = field(default=LABEL_CELLS, kw_only=True)

    def style(self, colour: str, **more: bool) -> Style:
        return self.palette.style(colour, self.ground, **more)

    def line(self, pieces: Iterable[tuple[str, str]] = (), *, bold: bool = False) -> Strip:
        """One line of pieces (text, colour)."""
        segments = [Segment(text, self.style(colour, bold=bold)) for text, colour in pieces]
        return Strip(segments).adjust_cell_length(self.width, self.style("text"))

    def heading(self, title: str, right: str = "") -> list[Strip]:
        """An empty line, and a title with a rule."""
        right = f" {right}" if right else ""
        rule = "─" * max(self.width - cell_len(title) - cell_len(right) - 3, 0)
        pieces = [
            Segment(f" {title} ", self.style("accent", bold=True)),
            Segment(rule, self.style("line")),
            Segment(right, self.style("text", bold=True)),
        ]
        return [self.line(), Strip(pieces).adjust_cell_length(self.width, self.style("text"))]

    def spread(self, left: str, right: str, colour: str = "text") -> Strip:
        """A text and, at the other side, what it comes to."""
        room = self.width - cell_len(right) - 2
        short = cut(left, room)
        gap = " " * max(self.width - 1 - cell_len(short) - cell_len(right), 0)
        return self.line([(short, colour), (gap, "text"), (right, "soft")])

    def pair(
        self, label: str, value: str, *, url: str = "", most: int = 3, colour: str = "text"
    ) -> list[Strip]:
        """A label and its value, which may take `most` lines; with `url` it can be clicked."""
        head = f" {cut(label, self.label_cells - 1)}"
        head += " " * (self.label_cells + 1 - cell_len(head))
        room = self.width - cell_len(head) - 1
        style = self.style(colour)
        target = safe_line(url, 2000)
        if url and LINK.fullmatch(target):
            style = self.style(colour, underline=True) + Style(link=target, meta={"open_link": target})
        lines = []
        for number, text in enumerate(wrap(value, room)[:most]):
            label_piece = Segment(head if not number else " " * cell_len(head), self.style("faint"))
            strip = Strip([label_piece, Segment(text, style)])
            lines.append(strip.adjust_cell_length(self.width, self.style("text")))
        return lines

    def chips(self, title: str, values: Sequence[str], colour: str) -> list[Strip]:
        """Short words in a row, under a title; nothing where there are none."""
        if not values:
            return []
        rows: list[list[Segment]] = [[]]
        used = 1
        for value in values[:MAX_CHIPS]:
            chip = f" {cut(safe_line(value, 60), self.width - 6)} "
            if used + cell_len(chip) + 1 > self.width and rows[-1]:
                rows.append([])
                used = 1
            rows[-1] += [
                Segment(" ", self.style("text")),
                Segment(chip, self.palette.style(colour, "raised")),
            ]
            used += cell_len(chip) + 1
        strips = [Strip(row).adjust_cell_length(self.width, self.style("text")) for row in rows]
        if len(values) > MAX_CHIPS:
            strips.append(self.line([(f" +{len(values) - MAX_CHIPS}", "faint")]))
        return [*self.heading(title), *strips]
