"""The line above what is played: the virtual clock, who plays, where the run stands."""

from __future__ import annotations

from operator_console.designer.play.people import Person
from operator_console.designer.play.session import Session
from operator_console.designer.play.story_words import standing_words
from operator_console.inbox.bars import Bar, Piece
from operator_console.safe_text import safe_line
from operator_console.translation import _

ROOMY = 60
"""Cells from which on the visitor's language stands beside his name."""


class ClockLine(Bar):
    """Two lines: when it is and who plays; where the run stands, or what is wrong with the draft."""

    GROUND = "raised"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.session: Session | None = None
        self.person: Person | None = None
        self.trouble = ""
        """What is wrong with the draft, raw."""

    def rows(self, width: int) -> list[tuple[list[Piece], list[Piece]]]:
        session, person = self.session, self.person
        if session is None or person is None:
            return [([(f" {_('nothing to play')} ", "soft")], []), ([(self._trouble(), "hot")], [])]
        called = safe_line(person.called, 60)
        who = f"{called} · {safe_line(person.locale, 12)}" if width >= ROOMY else called
        when: list[Piece] = [(f" ◷ {session.shown(session.now)} ", "text!")]
        place: list[Piece] = [(f" {standing_words(session)}", "soft")]
        if self.trouble:
            place = [(self._trouble(), "hot")]
        return [(when, [(f"{who} ", "visitor", "", "visitor")]), (place, [])]

    def _trouble(self) -> str:
        return f" {safe_line(self.trouble, 300)}" if self.trouble else ""
