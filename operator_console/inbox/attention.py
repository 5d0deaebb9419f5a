"""Who is there, and who has to be called: notices, the bell, and being away from the desk.

A mixin of `InboxScreen`. Whoever has pressed no key for long counts as away, which brings no new dialogs; the next key
ends that. Who went away by his own word comes back by it.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from operator_console.inbox.asking import Asking
from operator_console.inbox.bars import StateBar
from operator_console.inbox.sheets import Choice, Picker
from operator_console.notices import Notices, sequence, way_of
from operator_console.translation import _, counted
from server_stub.protocol import ChangeMe, Me

if TYPE_CHECKING:
    from operator_console.changes import Changes
    from operator_console.inbox.desk import Desk
    from operator_console.mirror import Mirror
    from operator_console.preferences import Preferences


class Attention(Asking):
    """Notices out, presence in."""

    desk: Desk
    mirror: Mirror
    me: Me
    now: Callable[[], int]
    zone: tzinfo | None
    read_only: bool
    rings: bool
    preferences: Preferences
    notices: Notices
    _in_front = True
    _pressed_at = 0
    _is_away = False
    _went_by_itself = False
    _away_asked: object | None = None
    """What is asked of the desk and not answered yet."""

    def notice(self, changes: Changes) -> None:
        """Call the operator for what the stream has brought."""
        told = self.notices.take(
            changes,
            self.mirror.rows,
            self.mirror.me,
            now=self.now(),
            hour=datetime.fromtimestamp(self.now() / 1000, self.zone or datetime.now().astimezone().tzinfo),
            in_front=self._in_front,
        )
        if self.rings and any(one.rings for one in told):
            self.app.bell()
        way = way_of(self.preferences.notices.desktop_by, os.environ)
        for one in told:
            if one.pops_up and self.rings:
                title = self.me.site or _("Sales desk")
                self.to_terminal(sequence(way, title, one.text, in_tmux="TMUX" in os.environ))
            if one.kind in ("mention", "assigned"):
                self.tell(one.text)

    @abstractmethod
    def to_terminal(self, written: str) -> None:
        """Write a control sequence of our own making."""

    def action_bell(self) -> None:
        self.rings = not self.rings
        self.tell(_("Calls you again.") if self.rings else _("Neither rings nor pops up any more."))

    # --- Away ---

    def operators_changed(self) -> None:
        """The stream says who is there: also of ourselves, at this console or another one."""
        mine = self.mirror.operators.get(self.me.id)
        if self._away_asked is not None:
            return  # it says what was before
        if mine is not None and mine.away != self._is_away:
            self._is_away = mine.away
            self._went_by_itself = self._went_by_itself and mine.away
            self._show_away()

    def begin_presence(self) -> None:
        """The operator is known: from now on his keys are looked at."""
        self._is_away = self.me.away
        self._pressed_at = self.now()
        if self._is_away and not self.read_only:
            # Whoever opens his console is there, however he left it.
            self._set_away(away=False, by_itself=True)
        self._show_away()

    def was_pressed(self) -> None:
        """A key, or the mouse: he is there."""
        self._pressed_at = self.now()
        if self._is_away and self._went_by_itself:
            self._set_away(away=False, by_itself=False)

    def look_at_the_clock(self) -> None:
        """Away after a while without a key."""
        minutes = self.preferences.away_after
        if not minutes or self._is_away or self.read_only or not self.me.id:
            return
        if self.now() - self._pressed_at >= minutes * 60_000:
            self._set_away(away=True, by_itself=True)

    def action_away(self) -> None:
        if self.read_only:
            self.tell(_("This console was opened for reading only."))
            return
        self._set_away(away=not self._is_away, by_itself=False)
        self.tell(
            _("You are away: new dialogs go to others.") if self._is_away else _("You are back at the desk.")
        )

    def _set_away(self, *, away: bool, by_itself: bool) -> None:
        self._is_away, self._went_by_itself = away, by_itself
        self._show_away()

        asked = self._away_asked = object()

        async def doing() -> None:
            try:
                await self.desk.change_me(ChangeMe(away=away))
            finally:
                if self._away_asked is asked:
                    self._away_asked = None

        self.ask(doing, group="away", exclusive=True, quietly=by_itself)

    def _show_away(self) -> None:
        bar = self.query_one(StateBar)
        bar.is_away = self._is_away
        bar.refresh()

    # --- The team ---

    def action_team(self) -> None:
        async def read() -> None:
            operators = await self.desk.operators()
            choices = []
            for one in sorted(operators, key=lambda one: (not one.online, one.away, one.name)):
                state = _("away") if one.online and one.away else _("here") if one.online else _("not here")
                dialogs = counted("{count} open dialog", "{count} open dialogs", one.dialogs)
                you = _(" (you)") if one.id == self.me.id else ""
                choices.append(Choice(one.id, one.name + you, f"{state} · {dialogs} · {one.role}"))
            self.app.push_screen(Picker(_("Who is there; Enter shows the dialogs"), choices), self._show_of)

        self.ask(read)

    def _show_of(self, operator: str | None) -> None:
        if operator is not None:
            self.show_dialogs_of(operator)

    @abstractmethod
    def show_dialogs_of(self, operator: str) -> None:
        """The list shows the open dialogs of that operator."""
