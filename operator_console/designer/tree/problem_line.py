"""The lines below a file: what is wrong where the cursor stands, or how much is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from operator_console.inbox.bars import Bar, Piece
from operator_console.inbox.cells import wrap
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted
from scenarios_yaml.language.problems import Problem

LINES = 2


class ProblemLine(Bar):
    """Not there where nothing is wrong."""

    DEFAULT_CSS = f"""
    ProblemLine {{ height: {LINES}; display: none; }}
    """
    GROUND = "raised"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._problems: Sequence[Problem] = ()
        self._line = 0

    def tell(self, problems: Sequence[Problem], line: int) -> None:
        """What is wrong with the file, and in which line (from 1) the cursor stands."""
        if (problems, line) != (self._problems, self._line):
            self._problems, self._line = problems, line
            self.display = bool(problems)
            self.refresh()

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        here = [one for one in self._problems if one.line == self._line]
        here.sort(key=lambda one: one.severity != "error")
        if not here:
            return [(self._elsewhere(), [])] if self._problems else []
        problem = here[0]
        colour, mark = ("hot", "✗") if problem.severity == "error" else ("warm", "!")
        words = safe_line(from_language(problem.message), 400)
        if problem.hint:
            words = f"{words} · {safe_line(from_language(problem.hint), 400)}"
        told = wrap(words, max(width - 4, 10))
        lines = [*told[: LINES - 1], " ".join(told[LINES - 1 :])]
        return [
            ([(f" {mark if number == 0 else ' '} ", colour), (line, "text" if number == 0 else "soft")], [])
            for number, line in enumerate(lines)
        ]

    def _elsewhere(self) -> list[Piece]:
        errors = [one for one in self._problems if one.severity == "error"]
        mark, colour = ("✗", "hot") if errors else ("!", "warm")
        words = (
            counted("{count} error", "{count} errors", len(errors))
            if errors
            else counted("{count} warning", "{count} warnings", len(self._problems))
        )
        first = min(one.line for one in errors or self._problems)
        where = _("the first in line {line}. F8 goes there.").format(line=first)
        return [(f" {mark} ", colour, "", "next_wrong"), (f"{words}, {where}", "soft", "", "next_wrong")]
