"""What a visitor is called on the screen, the same wherever it is: by his name, else his email; a nameless one by
a short mark of his own, so that two of them can be told apart. Imports no Textual.
"""

from __future__ import annotations

from dataclasses import dataclass

from operator_console.safe_text import safe_line
from operator_console.translation import _, marked

NAMELESS = marked("Visitor")
MARK_CHARS = 4
"""So many characters from the end of the visitor's id: the end differs where ids were made one after the other."""
NAME_CHARS = 120


@dataclass(frozen=True, slots=True)
class Called:
    """Cleaned. `mark` is empty where a name or an email says who he is, and is shown fainter than `name`."""

    name: str
    mark: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.mark}" if self.mark else self.name


def called(name: str, visitor: str) -> Called:
    """What the visitor with this name (`DialogSummary.visitor_name`, raw) and id is called."""
    return Called(safe_line(name, NAME_CHARS)) if name.strip() else Called(_(NAMELESS), mark_of(visitor))


def mark_of(visitor: str) -> str:
    """The short mark of a visitor's id, cleaned; it stays the same for his whole life."""
    return safe_line(visitor[-MARK_CHARS:], MARK_CHARS)
