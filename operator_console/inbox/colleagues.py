"""A word of warning above the composer before two answer at once: who else looks at this dialog, and who writes in it.

A mixin below `Writing`.
"""

from __future__ import annotations

from functools import partial

from textual.timer import Timer

from operator_console.inbox.sending import Sending
from operator_console.safe_text import safe_line
from operator_console.translation import _, counted
from server_stub.protocol import Typing

WRITES_FOR = 6.0
"""Seconds for which a sign of writing holds; see `protocol.Typing`."""
NAMED = 2
"""Colleagues who are called by name; of more only the number is told."""


class Colleagues(Sending):
    """Who else is in the open dialog."""

    _writing: dict[str, Timer] | None = None
    """Colleagues who write in the open dialog, each with the end of his sign."""

    def colleague_types(self, typing: Typing) -> None:
        """A sign of writing came; those of other dialogs and of visitors mean nothing here."""
        who = typing.who
        if typing.dialog != self._opened or who.kind != "operator" or who.id in ("", self.me.id):
            return
        self._writing = self._writing or {}
        if timer := self._writing.pop(who.id, None):
            timer.stop()
        self._writing[who.id] = self.set_timer(WRITES_FOR, partial(self._stopped_writing, who.id))
        self.show_colleagues()

    def colleague_wrote(self, operator: str) -> None:
        """What he was writing is here."""
        if self._writing and operator in self._writing:
            self._writing.pop(operator).stop()
            self.show_colleagues()

    def forget_colleagues(self) -> None:
        """Another dialog is opened."""
        for timer in (self._writing or {}).values():
            timer.stop()
        self._writing = {}
        self.show_colleagues()

    def _stopped_writing(self, operator: str) -> None:
        (self._writing or {}).pop(operator, None)
        self.show_colleagues()

    def show_colleagues(self) -> None:
        """Who looks or writes may have changed."""
        writing = [one for one in self._writing or {} if one != self.me.id]
        looking = [one for one in self.mirror.lookers.get(self._opened, ()) if one != self.me.id]
        if writing:
            text = _("{names} is answering in this dialog, too") if len(writing) == 1 else ""
            text = text or _("{names} are answering in this dialog, too")
            self.composer.warn(text.format(names=self._names_of(writing)), is_urgent=True)
        elif looking:
            text = _("{names} has this dialog open, too") if len(looking) == 1 else ""
            text = text or _("{names} have this dialog open, too")
            self.composer.warn(text.format(names=self._names_of(looking)), is_urgent=False)
        else:
            self.composer.warn("", is_urgent=False)

    def _names_of(self, operators: list[str]) -> str:
        if len(operators) > NAMED:
            return counted("{count} colleague", "{count} colleagues", len(operators))
        known = (self.mirror.operators.get(one) for one in operators)
        return _(" and ").join(safe_line(one.name, 60) if one else _("A colleague") for one in known)
