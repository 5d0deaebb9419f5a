"""The two lines above the versions: of which scenario they are, and what they are compared with."""

from __future__ import annotations

from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _


class VersionsHeader(Bar):
    """`title` and `slug` are raw; `note` and `against` are cleaned."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = ""
        self.slug = ""
        self.note = ""
        self.against = ""
        """What every version is compared with; empty: the one before it."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        del width
        left: list[Piece] = [
            (f" {_('Versions')} ", "text!"),
            (f" {safe_line(self.title, 80)} ", "text"),
            (f" {safe_line(self.slug, 80)}", "faint"),
        ]
        below: list[Piece] = [(f"  {self.note}", "faint")]
        if self.against:
            words = _("compared with {version}").format(version=self.against)
            below += [
                ("   ", "text"),
                (f" ◆ {words} ", "accent", "raised", "unmark"),
                ("  ✕", "soft", "", "unmark"),
            ]
        return [(left, []), (below, [])]
