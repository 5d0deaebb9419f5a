"""Rows of cells from which looks are drawn: pieces on a ground, blocks, chips, buttons. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from operator_console.inbox.cells import cut, wrap
from operator_console.safe_text import safe_line, safe_text
from operator_console.themes import Palette

Row: TypeAlias = list[Segment]

MAX_CHARS = 20_000
"""Of one text: a letter is shorter, and what is longer is no message."""
MAX_CHIPS = 40


def row_cells(row: Iterable[Segment]) -> int:
    """How many cells a row takes."""
    return sum(cell_len(segment.text) for segment in row)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws on `ground`, a name of the palette's colours."""

    palette: Palette
    ground: str

    def on(self, ground: str) -> Drawing:
        """The same on another ground."""
        return Drawing(self.palette, ground)

    def style(self, colour: str, *, bold: bool = False, underline: bool = False) -> Style:
        return self.palette.style(colour, self.ground, bold=bold, underline=underline)

    def piece(self, text: str, colour: str = "text", *, bold: bool = False) -> Segment:
        """A piece of cleaned text."""
        return Segment(text, self.style(colour, bold=bold))

    def blank(self, width: int) -> Row:
        """An empty row of that width."""
        return [self.piece(" " * max(width, 0))]

    def filled(self, row: Sequence[Segment], width: int, *, at: str = "left") -> Row:
        """The row in exactly that width: `at` the left, in the middle (centre), at the right. One that is wider is
        cropped."""
        gap = width - row_cells(row)
        if gap < 0:
            return list(Strip(row).crop(0, width))
        before = gap // 2 if at == "centre" else gap if at == "right" else 0
        return [*self.blank(before), *row, *self.blank(gap - before)]

    def text(self, words: str, width: int, colour: str = "text", *, bold: bool = False) -> list[Row]:
        """Foreign text, cleaned and wrapped; nothing where there is none."""
        clean = safe_text(words, limit=MAX_CHARS, multiline=True).strip("\n")
        return [[self.piece(line, colour, bold=bold)] for line in wrap(clean, width)] if clean else []

    def block(self, rows: Sequence[Row], width: int, *, outside: str) -> list[Row]:
        """Rows as a block of this ground, `width` cells with a cell at each side, on the ground `outside`."""
        edge = Drawing(self.palette, outside)
        inside = [[self.piece(" "), *self.filled(row, width - 2), self.piece(" ")] for row in rows]
        return [[edge.piece("▄" * width, self.ground)], *inside, [edge.piece("▀" * width, self.ground)]]

    def chips(self, labels: Sequence[tuple[str, bool]], width: int, *, ground: str) -> list[Row]:
        """Short words side by side, in as many rows as it takes, with room between; the marked ones are filled."""
        rows: list[Row] = [[]]
        for label, is_marked in labels[:MAX_CHIPS]:
            words = cut(safe_line(label, 200), max(width - 2, 1))
            look = ("on_accent", "accent") if is_marked else ("accent", ground)
            chip = Segment(f" {words} ", self.palette.style(*look, bold=is_marked))
            if rows[-1] and row_cells(rows[-1]) + 1 + cell_len(chip.text) > width:
                rows.append([])
            rows[-1] += [*([self.piece(" ")] if rows[-1] else []), chip]
        between: list[Row] = []
        for row in filter(None, rows):
            between += [[], row] if between else [row]
        return between

    def button(self, label: str, width: int) -> list[Row]:
        """A wide button: three rows, half of the outer ones."""
        inside = self.palette.style("on_accent", "accent", bold=True)
        words = cut(safe_line(label, 200), max(width - 2, 1))
        before = max((width - cell_len(words)) // 2, 0)
        text = " " * before + words
        text += " " * max(width - cell_len(text), 0)
        return [
            [self.piece("▄" * width, "accent")],
            [Segment(text, inside)],
            [self.piece("▀" * width, "accent")],
        ]


def strips(rows: Iterable[Row], width: int, ground: Style) -> list[Strip]:
    """Rows as strips of exactly that width."""
    return [Strip(row).adjust_cell_length(width, ground) for row in rows]
