"""Figures for the screens over the inbox: whose are watched at the desk, and what the stream tells of them. A mixin of
the inbox, which has the stream.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING

from operator_console.changes import Changes
from operator_console.designer.figures.watching import Watch, WatchesFigures, WhoWanted
from operator_console.inbox.asking import Asking
from operator_console.mirror import Mirror
from server_stub.protocol import Watching

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class FiguresFromInbox(Asking):
    """One screen at a time shows figures that are live."""

    desk: Desk
    mirror: Mirror
    now: Callable[[], int]
    zone: tzinfo | None
    _watcher: WatchesFigures | None = None
    """The screen that shows figures now."""

    @abstractmethod
    def show_person(self, visitor: str, name: str) -> None:
        """The full card of a visitor."""

    @abstractmethod
    def _trouble(self) -> str:
        """What is wrong with the connection; empty when nothing is."""

    def look_at_figures(self, by: WatchesFigures, wanted: Watch | None) -> None:
        """`by` shows these figures from now on; None: it shows none any more."""
        if wanted is None and self._watcher is not by:
            return
        watching = Watching()
        self._watcher = None
        if wanted is not None:
            self._watcher = by
            watching = Watching(wanted.scenario, wanted.version, wanted.period.since(self.now()))
        self.mirror.watch(watching)
        self.ask(self.desk.watch, watching, group="watch", quietly=True)

    def tell_figures(self, changes: Changes) -> None:
        """What the stream has changed of the figures that are watched."""
        if changes.figures and self._watcher is not None and self.mirror.figures is not None:
            self._watcher.take_figures(self.mirror.figures)

    def show_figures_of(self, scenario: str, title: str) -> None:
        """All figures of a scenario, on a screen of their own."""
        # Loaded when it is first wanted: it brings the scenario language.
        from operator_console.designer.figures.screen import FiguresScreen

        screen = FiguresScreen(
            self.desk,
            scenario,
            title,
            now=self.now,
            zone=self.zone,
            trouble=self._trouble,
            show_person=self.show_person,
        )
        self.app.push_screen(screen)

    def show_who(self, wanted: WhoWanted) -> None:
        """The visitors behind a number."""
        from operator_console.designer.figures.behind_screen import BehindScreen

        screen = BehindScreen(
            self.desk,
            wanted.scenario,
            wanted.title,
            wanted.behind,
            period=wanted.period,
            version="",
            now=self.now,
            zone=self.zone,
            show_person=self.show_person,
        )
        self.app.push_screen(screen)
