"""How a line of a scenario's file looks while it is edited: its number, what is wrong in it, the colours of YAML and of
templates, what is selected, and the cursor.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from operator_console.safe_text import TAB_CELLS
from operator_console.themes import Palette

LEAST_DIGITS = 4
"""So wide are the numbers at least, so that the text stays where it is while a small file grows."""
MARKS = {"hot": "✗", "warm": "!"}
_KEY = re.compile(r"(?P<before>\s*(?:- )*)(?P<key>[\w-]+:)(?=\s|$)")
_ITEM = re.compile(r"\s*(?:- )+")
_PARTS = re.compile(r"(?P<bot>\{\{.*?\}\}|\{%.*?%\})|(?P<faint>[\[\]{}])")
_COMMENT_BEHIND = re.compile(r"(?<=\s)#")
_COMMENT = re.compile(r"\s*#")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong in a line: the colour says how much, the column (from 1) where."""

    colour: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class LineState:
    """What there is to a line beside its text. Columns count from 0; `selected` ends before its second."""

    number: int
    marked: bool = False
    wrong: Wrong | None = None
    selected: tuple[int, int] = (0, 0)
    cursor: int = -1
    """The column of the cursor; -1 where it is not in this line."""


@dataclass(frozen=True, slots=True)
class LinePainter:
    """Paints at one width, in cells, of a file with so many lines."""

    palette: Palette
    width: int
    digits: int

    def paint(self, line: str, state: LineState, left: int = 0) -> Strip:
        """One line, from its cell `left` on. `line` is safe. What was painted is kept: most lines stay as they are."""
        return _painted(self, line, state, left)

    def make(self, line: str, state: LineState, left: int) -> Strip:
        """As `paint`, anew."""
        ground = "hover" if state.marked else "paper"
        gutter = self._gutter(state, ground)
        room = max(self.width - self.digits - 2, 0)
        strip = Strip(list(self._segments(f"{line} ", state, ground)))
        length = strip.cell_length
        shown = strip.crop(left, left + room).extend_cell_length(room, self.palette.style("text", ground))
        if length - 1 - left > room and state.cursor < 0:
            more = Strip([Segment("…", self.palette.style("faint", ground))])
            shown = Strip.join([shown.crop(0, room - 1), more])
        return Strip.join([gutter, shown])

    def _gutter(self, state: LineState, ground: str) -> Strip:
        wrong, palette = state.wrong, self.palette
        mark, colour = (
            (MARKS[wrong.colour], wrong.colour) if wrong else ("▌" if state.marked else " ", "accent")
        )
        number = "soft" if state.cursor >= 0 else "faint"
        return Strip(
            [
                Segment(mark, palette.style(colour, ground)),
                Segment(
                    f"{state.number:>{self.digits}} ",
                    palette.style(wrong.colour if wrong else number, ground),
                ),
            ]
        )

    def _segments(self, line: str, state: LineState, ground: str) -> Iterator[Segment]:
        """The line in pieces of one style each; its last character is the room for a cursor behind it."""
        first, end = state.selected
        cuts = {first, end, state.cursor, state.cursor + 1} if state.cursor >= 0 else {first, end}
        under = underlined(line, state.wrong)
        cuts |= {under.start, under.stop}
        at = cells = 0
        for text, colour in coloured(line):
            stops = sorted({at + len(text), *(cut for cut in cuts if at < cut < at + len(text))})
            for stop in stops:
                behind = "cursor" if first <= at < end else ground
                style = self.palette.style(colour, behind)
                if state.wrong is not None and at in under:
                    style = self.palette.style(state.wrong.colour, behind, underline=True)
                if at == state.cursor:
                    style = self.palette.style("on_accent", "accent")
                piece = _expanded(line[at:stop], cells)
                yield Segment(piece, style)
                cells += cell_len(piece)
                at = stop


@lru_cache(maxsize=512)
def _painted(painter: LinePainter, line: str, state: LineState, left: int) -> Strip:
    return painter.make(line, state, left)


def underlined(line: str, wrong: Wrong | None) -> range:
    """The columns of the word that is wrong."""
    if wrong is None or wrong.column < 1:
        return range(0)
    start = min(wrong.column - 1, max(len(line) - 2, 0))
    found = re.compile(r"\S*").match(line, start)
    return range(start, max(found.end() if found else start, start + 1))


@lru_cache(maxsize=2048)
def coloured(line: str) -> tuple[tuple[str, str], ...]:
    """Pieces of a line of YAML with the names of their colours; together they are the line."""
    if _COMMENT.match(line):
        return ((line, "note"),)
    pieces: list[tuple[str, str]] = []
    found = _KEY.match(line)
    at = 0
    if found is not None:
        pieces += [(found["before"], "faint"), (found["key"], "accent")]
        at = found.end()
    elif (item := _ITEM.match(line)) is not None:
        pieces.append((item.group(), "faint"))
        at = item.end()
    return tuple((text, colour) for text, colour in [*pieces, *_values(line, at)] if text)


def _values(line: str, at: int) -> Iterator[tuple[str, str]]:
    """What stands behind a key: templates and comments stand out, brackets stand back."""
    quoted = [found.span() for found in _QUOTED.finditer(line, at)]

    def is_quoted(place: int) -> bool:
        return any(start < place < end for start, end in quoted)

    comments = (found.start() for found in _COMMENT_BEHIND.finditer(line, at))
    end = next((place for place in comments if not is_quoted(place)), len(line))
    for found in _PARTS.finditer(line, at, end):
        colour = found.lastgroup or "text"
        if colour == "bot" or not is_quoted(found.start()):
            yield line[at : found.start()], "text"
            yield found.group(), colour
            at = found.end()
    yield line[at:end], "text"
    yield line[end:], "note"


def _expanded(text: str, cells: int) -> str:
    """Tabs as so many spaces as lead to the next stop; `cells` stand before the text."""
    if "\t" not in text:
        return text
    expanded = ""
    for char in text:
        here = cells + cell_len(expanded)
        expanded += " " * (TAB_CELLS - here % TAB_CELLS) if char == "\t" else char
    return expanded
