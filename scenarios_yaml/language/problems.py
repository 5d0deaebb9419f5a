"""What is wrong with a file, said so that an editor can jump to it and a marketer can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

Severity: TypeAlias = Literal["error", "warning"]

SHOWN_CHARACTERS = 60
LONGEST_WORD_TO_GUESS = 40
"""Longer words get no "did you mean": the comparison is quadratic, and no key is that long."""


class Problem(Struct, frozen=True):
    """One error or warning. Line and column count from 1, in characters. `text` is the offending piece,
    shortened."""

    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    text: str = ""
    file: str = ""

    def __str__(self) -> str:
        """`file:line:column: error: message (hint)`, the form that editors jump to."""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file or '-'}:{self.line}:{self.column}: {self.severity}: {self.message}{hint}"


def shown(text: str) -> str:
    """A piece of the file as it may stand in a message: one line, no control characters, not too long."""
    one_line = " ".join(text.split())
    if len(one_line) > SHOWN_CHARACTERS:
        one_line = one_line[: SHOWN_CHARACTERS - 1] + "…"
    return printable(one_line)


def printable(text: str) -> str:
    """The text with everything that no screen should be given written as its code."""
    return text if text.isprintable() else "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def quoted(text: str) -> str:
    return f"“{shown(text)}”"


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known word that was probably meant, or an empty string."""
    if len(word) > LONGEST_WORD_TO_GUESS:
        return ""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    guess = nearest(word, known)
    return f"did you mean “{guess}”?" if guess else ""
