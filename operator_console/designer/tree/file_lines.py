"""A file as lines in which a cursor stands: each keeps its own end, and what the terminal must not get is kept from it.

A line ends as YAML has it, by `\\n`, `\\r\\n` or `\\r`; any other character that some call a line's end is a character.
What is shown is as long as what stands in the file, so a column is the same in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, overload

from textual.document._document import DocumentBase, EditResult, Location, Newline
from textual.geometry import Size

from operator_console.safe_text import safe_characters
from scenarios_yaml.language.editing.lines import BREAK, newline_of


class FileLines(DocumentBase):
    """What a text area edits. `lines` are as they are shown, `text` is as the file has it."""

    def __init__(self, text: str) -> None:
        self._newline = newline_of(text)
        self._raw, self._ends = _split(text)
        self._lines = [safe_characters(line) for line in self._raw]
        self._text: str | None = text

    # --- The whole ---

    @property
    def text(self) -> str:
        """The file, every byte of it."""
        if self._text is None:
            self._text = "".join(map(str.__add__, self._raw, self._ends))
        return self._text

    @property
    def newline(self) -> Newline:
        """The line's end that the file uses most: what is typed gets it."""
        return cast(Newline, self._newline)

    @property
    def lines(self) -> list[str]:
        """As they are shown."""
        return self._lines

    @property
    def line_count(self) -> int:
        """One more than there are ends of lines."""
        return len(self._lines)

    @property
    def start(self) -> Location:
        """Where the text begins."""
        return (0, 0)

    @property
    def end(self) -> Location:
        """Behind the last character."""
        return len(self._lines) - 1, len(self._lines[-1])

    def get_size(self, indent_width: int) -> Size:
        """As high as there are lines. As wide as the longest may be at most: measuring all of them at each key would
        take too long."""
        return Size(max(map(len, self._lines)) * max(indent_width, 2) + 1, len(self._lines))

    def get_line(self, index: int) -> str:
        """One line as it is shown."""
        return self._lines[index]

    @overload
    def __getitem__(self, line_index: int) -> str: ...

    @overload
    def __getitem__(self, line_index: slice) -> list[str]: ...

    def __getitem__(self, line_index: int | slice) -> str | list[str]:
        return self._lines[line_index]

    # --- Places in it ---

    def get_text_range(self, start: Location, end: Location) -> str:
        """What stands between two places in the file."""
        (top, from_column), (bottom, to_column) = sorted((start, end))
        if bottom >= len(self._raw):
            bottom, to_column = self.end
        if top == bottom:
            return self._raw[top][from_column:to_column]
        pieces = [self._raw[top][from_column:], self._ends[top]]
        for row in range(top + 1, bottom):
            pieces += (self._raw[row], self._ends[row])
        return "".join((*pieces, self._raw[bottom][:to_column]))

    def location_of(self, offset: int) -> Location:
        """Where a character of the text stands; of the end of a line that takes two, behind its line."""
        for row, (line, end) in enumerate(zip(self._raw, self._ends, strict=True)):
            if offset < len(line) + len(end):
                return row, min(offset, len(line))
            offset -= len(line) + len(end)
        return self.end

    def offset_of(self, location: Location) -> int:
        """How many characters of the text stand before a place."""
        row, column = location
        return sum(map(len, self._raw[:row])) + sum(map(len, self._ends[:row])) + column

    # --- Changes ---

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        """Puts `text` between two places; its lines end as those of the file do. Where it ends now, and what it
        replaced."""
        top, bottom = sorted((start, end))
        bottom = min(bottom, self.end)
        replaced = self.get_text_range(top, bottom)
        new, _ends = _split(text)
        last_column = len(new[-1]) + (top[1] if len(new) == 1 else 0)
        new_ends = [*[self._newline] * (len(new) - 1), self._ends[bottom[0]]]
        new[0] = self._raw[top[0]][: top[1]] + new[0]
        new[-1] += self._raw[bottom[0]][bottom[1] :]
        rows = slice(top[0], bottom[0] + 1)
        self._raw[rows], self._ends[rows] = new, new_ends
        self._lines[rows] = [safe_characters(line) for line in new]
        self._text = None
        return EditResult((top[0] + len(new) - 1, last_column), replaced)

    def become(self, text: str) -> Swap | None:
        """Takes another text over, by the lines that differ; None where it is the same text."""
        if text == self.text:
            return None
        raw, ends = _split(text)
        old = list(map(str.__add__, self._raw, self._ends))
        new = list(map(str.__add__, raw, ends))
        first, tail = _same(old, new)
        swap = Swap(first, len(old) - tail - 1, len(new) - tail - 1)
        before, after = slice(first, swap.last + 1), slice(first, swap.now_last + 1)
        self._raw[before], self._ends[before] = raw[after], ends[after]
        self._lines[before] = [safe_characters(line) for line in raw[after]]
        self._text, self._newline = text, newline_of(text)
        return swap


@dataclass(frozen=True, slots=True)
class Swap:
    """Lines `first` to `last` have become `first` to `now_last`; both ranges hold at least one line."""

    first: int
    last: int
    now_last: int

    def row(self, row: int) -> int:
        """Where a line stands now; one that was changed stays where it was, as far as that is there."""
        if row > self.last:
            return row + self.now_last - self.last
        return min(row, self.now_last) if row >= self.first else row


def _split(text: str) -> tuple[list[str], list[str]]:
    """Lines, and how each of them ends; the last one by nothing."""
    if "\r" not in text:
        lines = text.split("\n")
        return lines, [*["\n"] * (len(lines) - 1), ""]
    return BREAK.split(text), [*BREAK.findall(text), ""]


def _same(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning and, behind these, at the end; at least one of each is left."""
    most = min(len(old), len(new)) - 1
    head = next((n for n in range(most) if old[n] != new[n]), most)
    most -= head
    tail = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    return head, tail
