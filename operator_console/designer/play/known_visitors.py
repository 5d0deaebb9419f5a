"""Who plays: a visitor whom the desk knows, found by words."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from operator_console.inbox.asking import Asking
from operator_console.inbox.desk import Desk
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.translation import _
from operator_console.visitor_names import called

if TYPE_CHECKING:
    from operator_console.designer.play.pane import PlayPane

FOUND = 30
"""Visitors who are offered for some words."""


class KnownVisitors(Asking):
    """A screen with a player; without a desk there is nobody to be found."""

    @property
    @abstractmethod
    def pane(self) -> PlayPane:
        """What is played."""

    @abstractmethod
    def desk_of_visitors(self) -> Desk | None:
        """Where visitors are found."""

    # Named after the message, not by its class: that would bring the engine with every screen that may play.
    def on_play_pane_visitor_wanted(self) -> None:
        def typed(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self.ask(self._find_visitor, values[0].strip(), group="visitor", exclusive=True)

        self.app.push_screen(Prompt(_("Who plays"), [_("name, email, phone or the shop's id")]), typed)

    async def _find_visitor(self, words: str) -> None:
        desk = self.desk_of_visitors()
        if desk is None:
            return
        found = (await desk.visitors(query=words, limit=FOUND)).visitors
        choices = [
            Choice(one.id, str(called(one.name or one.email, one.id)), one.email if one.name else one.phone)
            for one in found
        ]

        def chosen(visitor: str | None) -> None:
            if visitor is not None:
                self.ask(self._take_visitor, visitor, group="visitor", exclusive=True)

        self.app.push_screen(Picker(_("Who plays"), choices, empty=_("Nobody has these words.")), chosen)

    async def _take_visitor(self, visitor: str) -> None:
        from operator_console.designer.play.people import person_of

        desk = self.desk_of_visitors()
        if desk is not None:
            self.pane.play_as(person_of(await desk.visitor(visitor)))
