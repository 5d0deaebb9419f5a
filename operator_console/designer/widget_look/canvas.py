"""A picture of half cells, each as wide as it is high, with letters over them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip


class Canvas:
    """`width` columns and twice as many halves as `height` rows, all of `ground`, a #rrggbb."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self.width = width
        self.height = height
        self._halves = [[ground] * width for _ in range(2 * height)]
        self._letters: dict[tuple[int, int], tuple[str, str, bool]] = {}

    def fill(
        self,
        left: int,
        top: int,
        width: int,
        height: int,
        colour: str | Callable[[int], str],
        radius: float = 0,
    ) -> None:
        """A box with round corners; `top`, `height` and `radius` count halves. `colour` may be one for each half of the
        picture."""
        for half in range(max(top, 0), min(top + height, 2 * self.height)):
            inked = colour if isinstance(colour, str) else colour(half)
            for column in range(max(left, 0), min(left + width, self.width)):
                if _is_inside(column - left + 0.5, half - top + 0.5, width, height, radius):
                    self._halves[half][column] = inked

    def write(self, column: int, row: int, text: str, colour: str, *, bold: bool = False) -> None:
        """Cleaned text in one row; what is outside of the picture is left out."""
        graphemes, _cells = split_graphemes(text)
        for start, end, cells in graphemes:
            if column >= 0 and column + cells <= self.width and 0 <= row < self.height and cells:
                self._letters[column, row] = (text[start:end], colour, bold)
            column += cells

    def strip(self, row: int) -> Strip:
        """One row of it."""
        upper, lower = self._halves[2 * row], self._halves[2 * row + 1]
        pieces: list[Segment] = []
        column = 0
        while column < self.width:
            text, colour, is_bold = self._letters.get((column, row), ("", "", False))
            top, bottom = upper[column], lower[column]
            if text:
                pieces.append(Segment(text, _style(colour, top, is_bold)))
            elif top == bottom:
                pieces.append(Segment(" ", _style(top, top, False)))
            else:
                pieces.append(Segment("▀", _style(top, bottom, False)))
            column += max(cell_len(text), 1)
        return Strip(pieces, self.width).simplify()


def _is_inside(x: float, y: float, width: int, height: int, radius: float) -> bool:
    """Whether a point of a box is in its rounded shape."""
    radius = min(radius, width / 2, height / 2)
    over_x = max(radius - x, x - (width - radius), 0.0)
    over_y = max(radius - y, y - (height - radius), 0.0)
    return over_x**2 + over_y**2 <= radius**2 if over_x and over_y else True


@lru_cache(maxsize=1024)
def _style(colour: str, ground: str, bold: bool) -> Style:
    return Style(color=colour, bgcolor=ground, bold=bold or None)
