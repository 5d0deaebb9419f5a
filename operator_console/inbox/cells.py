"""Text in terminal cells: cut to a width, wrap to a width, count.

A cell is what the terminal's grid is made of: wide characters and most emoji take two, combining marks
none. What comes in has been cleaned by `safe_text`; a grapheme is never taken apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from rich.cells import cell_len, split_graphemes

ELLIPSIS = "…"

Run: TypeAlias = tuple[str, str]
"""A piece of text and the name of its look."""

_WORDS = re.compile(r"\s*\S+|\s+")


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, its end replaced by an ellipsis where it is longer."""
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    return _head(text, width - 1).rstrip() + ELLIPSIS


def pad(text: str, width: int) -> str:
    """`text` in exactly `width` cells: cut, or filled with blanks."""
    short = cut(text, width)
    return short + " " * (width - cell_len(short))


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells; broken at blanks where there are some, within a word only where it is
    wider.
    """
    width = max(width, 2)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if cell_len(paragraph) <= width:
            lines.append(paragraph)
        else:
            lines.extend(_wrap_paragraph(paragraph, width))
    return lines


def wrap_runs(runs: Sequence[Run], width: int) -> list[list[Run]]:
    """Runs in lines of at most `width` cells. Each line of `wrap` is a piece of the whole text, in its order."""
    whole = "".join(text for text, _ in runs)
    lines: list[list[Run]] = []
    at = 0
    for text in wrap(whole, width):
        at = whole.index(text, at) if text else at
        lines.append(_slice(runs, at, at + len(text)))
        at += len(text)
    return lines


def _slice(runs: Sequence[Run], begin: int, end: int) -> list[Run]:
    found: list[Run] = []
    at = 0
    for text, look in runs:
        piece = text[max(begin - at, 0) : max(end - at, 0)]
        if piece:
            found.append((piece, look))
        at += len(text)
        if at >= end:
            break
    return found


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line, used = "", 0
    for word in _WORDS.findall(paragraph):
        cells = cell_len(word)
        if used + cells <= width:
            line, used = line + word, used + cells
            continue
        if line:
            lines.append(line.rstrip())
        word = word.lstrip()
        cells = cell_len(word)
        if cells > width:
            *whole, word = _chopped(word, width)
            lines += whole
            cells = cell_len(word)
        line, used = word, cells
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _chopped(word: str, width: int) -> list[str]:
    """A word in pieces of at most `width` cells. One pass: a stranger's word may have 20,000 characters."""
    if word.isascii():
        return [word[start : start + width] for start in range(0, len(word), width)]
    pieces: list[str] = []
    begin, used = 0, 0
    for start, _stop, cells in split_graphemes(word)[0]:
        if used + cells > width and start > begin:
            pieces.append(word[begin:start])
            begin, used = start, 0
        used += cells
    return [*pieces, word[begin:]]


def _head(text: str, width: int) -> str:
    """The longest start of `text` that fits into `width` cells."""
    text = text[: width * 8]
    if text.isascii():
        return text[:width]
    end, used = 0, 0
    for _start, stop, cells in split_graphemes(text)[0]:
        if used + cells > width:
            break
        end, used = stop, used + cells
    return text[:end]
