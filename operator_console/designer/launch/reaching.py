"""Asking the desk whom a draft would reach, while one sets what the shop sets: a question that is out of date is taken
back at once."""

from __future__ import annotations

from abc import abstractmethod
from contextlib import aclosing

from textual.timer import Timer
from textual.worker import WorkType

from operator_console.designer.launch.launch import Launch
from operator_console.designer.launch.reach import DAYS
from operator_console.errors import DeskError
from operator_console.inbox.asking import Asking

REST = 0.6
"""Seconds without a change until it is asked again: the desk reads a month of its journal for an answer."""
PAINTED_EVERY = 0.1
"""Seconds between two paints of how far the desk has come."""


class Reaching(Asking):
    """A mixin of the screen of conditions."""

    launch: Launch
    _reach_timer: Timer | None = None
    _paint_timer: Timer | None = None

    @abstractmethod
    def show_facts(self) -> None:
        """Show what the draft does, and whom it would reach."""

    def ask_reach(self, rest: float = 0.0) -> None:
        """Ask about the draft as it stands now, after so many seconds; what was asked before is taken back."""
        self.stop_reach()
        self._reach_timer = self.set_timer(max(rest, 0.001), self._begin)

    def stop_reach(self) -> None:
        """Take back what was asked."""
        for timer in (self._reach_timer, self._paint_timer):
            if timer is not None:
                timer.stop()
        self._reach_timer = self._paint_timer = None
        self.workers.cancel_group(self, "reach")
        self.launch.draft.reach.stop()

    def _begin(self) -> None:
        draft = self.launch.draft
        if draft.reach.is_known(draft.document.text):
            draft.reach.is_old = False
            self.show_facts()
            return
        draft.reach.begin(draft.document.text)
        self.show_facts()
        asked: WorkType[None] = self._read_reach
        self.run_worker(asked, group="reach", exclusive=True, exit_on_error=True)

    async def _read_reach(self) -> None:
        draft = self.launch.draft
        try:
            # Closed with the worker: that ends the desk's work, too.
            async with aclosing(self.launch.desk.reach(draft.reach.text, DAYS)) as lines:
                async for line in lines:
                    draft.reach.take(line)
                    self._paint_soon()
        except DeskError as error:
            draft.reach.fail(error.message)
        self.show_facts()

    def _paint_soon(self) -> None:
        if self._paint_timer is None:
            self._paint_timer = self.set_timer(PAINTED_EVERY, self._paint)

    def _paint(self) -> None:
        self._paint_timer = None
        self.show_facts()
