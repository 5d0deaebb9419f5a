"""The two lines above the tree: which scenario it is, and what is wrong or was found."""

from __future__ import annotations

from operator_console.designer.scenarios.row_lines import COLOURS, MARKS, status_words
from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted


class TreeHeader(Bar):
    """`title`, `slug` and `note` are raw."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = ""
        self.slug = ""
        self.status = ""
        self.errors = self.warnings = 0
        self.is_changed = False
        self.note = ""
        self.about_figures = ""
        """What the figures at the rows are; empty where there are none."""
        self.news = ""
        """What a colleague has done meanwhile, cleaned; empty where nobody has done anything."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:  # noqa: ARG002
        mark, colour = MARKS.get(self.status, "·"), COLOURS.get(self.status, "soft")
        left: list[Piece] = [
            (f" {safe_line(self.title, 80)} ", "text!"),
            (f" {safe_line(self.slug, 80)}", "faint"),
        ]
        right: list[Piece] = (
            [(f" {_('not published yet')} ", "warm", "", "publish")] if self.is_changed else []
        )
        right += [(f" {mark} {status_words(self.status)} ", colour)] if self.status else []
        about: list[Piece] = (
            [(f" {self.about_figures} ", "faint", "", "node_figures")] if self.about_figures else []
        )
        return [(left, right), (self._below(), about)]

    def _below(self) -> list[Piece]:
        pieces: list[Piece] = []
        if self.news:
            pieces += [(f" {self.news} ", "on_accent!", "warm", "merge"), (" ", "text")]
        if self.errors:
            words = counted("{count} error", "{count} errors", self.errors)
            pieces.append((f" ✗ {words} ", "hot", "", "next_problem"))
        if self.warnings:
            words = counted("{count} warning", "{count} warnings", self.warnings)
            pieces.append((f" ! {words} ", "warm", "", "next_problem"))
        if not pieces:
            pieces.append((f" {_('no errors')} ", "faint"))
        return [*pieces, (f" {safe_line(self.note, 200)}", "soft")]
