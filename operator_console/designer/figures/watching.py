"""Screens that show figures of a scenario, live: what they ask for goes up as a message, what the stream tells comes
down. One scenario is watched at a time, that of the screen in front; nobody watches where nobody looks.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.timer import Timer

from operator_console.designer.figures.periods import Period
from operator_console.inbox.asking import Asking
from server_stub.protocol import ScenarioFigures

if TYPE_CHECKING:
    from operator_console.designer.figures.story import Behind

PAINTS = 10
"""At most so many a second: faster is not read, and each is a paint of what has changed."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Figures of one version, or of all, over a period."""

    scenario: str
    period: Period
    version: str = ""


@dataclass
class FiguresWanted(Message):
    """Somebody wants to see all figures of a scenario."""

    scenario: str
    title: str


@dataclass
class WhoWanted(Message):
    """Somebody wants to see the visitors behind a number of a scenario, over a period."""

    scenario: str
    title: str
    behind: Behind
    period: Period


@dataclass
class WatchWanted(Message):
    """`by` shows these figures from now on; without a `watch` it shows none any more."""

    by: WatchesFigures
    watch: Watch | None


class WatchesFigures(Asking):
    """A mixin of a screen that shows figures while it is in front."""

    _told: ScenarioFigures | None = None
    """What has come and is not shown yet."""
    _shown_at = 0.0
    _paint_timer: Timer | None = None

    @abstractmethod
    def watched(self) -> Watch | None:
        """What this screen shows the figures of now; None: of nothing."""

    @abstractmethod
    def show_figures(self, figures: ScenarioFigures) -> None:
        """Show these figures, all of them as they are now."""

    def ask_figures(self) -> None:
        """Ask for what `watched` says: on coming to the front, and whenever it has changed."""
        self._told = None
        self.post_message(WatchWanted(self, self.watched()))

    def take_figures(self, figures: ScenarioFigures) -> None:
        """Figures that the stream has brought: shown at once, or with those that come in the next tenth of a second."""
        self._told = figures
        if self._paint_timer is not None:
            return
        rest = self._shown_at + 1 / PAINTS - time.monotonic()
        if rest <= 0:
            self._show_told()
        else:
            self._paint_timer = self.set_timer(rest, self._show_told)

    def _show_told(self) -> None:
        self._paint_timer = None
        if self not in self.app.screen_stack:
            return
        if not self.is_mounted:  # there is no widget yet that could show them
            self._paint_timer = self.set_timer(1 / PAINTS, self._show_told)
        elif self._told is not None:
            told, self._told = self._told, None
            self._shown_at = time.monotonic()
            self.show_figures(told)

    def on_screen_resume(self) -> None:
        self.ask_figures()

    def on_unmount(self) -> None:
        # Not from here: whoever is taken away has nobody above him any more.
        self.app.post_message(WatchWanted(self, None))
