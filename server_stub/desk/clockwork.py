"""What the desk gives itself to do when its moment comes: timers, alarms, broadcasts, and the next step of a round."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from server_stub.desk import schedules
from server_stub.desk.timers import Timers
from server_stub.desk.transaction import Transaction
from server_stub.store.base import AlarmRow
from server_stub.work import AlarmsDue, AnyWork, BroadcastsDue, RoundGoesOn, TimersDue

MOST_TIMERS = 256
"""Visitors who are woken by one work."""
MOST_ALARMS = 4096
"""Alarms that are handed out at once, each as a work of its own: one that fails keeps no other back."""
LONGEST_SLEEP = 30.0
"""Seconds after which the clock is looked at again: it may have been set, or the machine may have slept."""
RETRY_AFTER = 1000
"""Milliseconds until what failed, or is due again at once, is tried again."""
PAUSE = 0.002
"""Seconds between two steps of a round, for whoever writes in a chat meanwhile."""


class Clockwork:
    """`clock` gives ms since the epoch; `give` puts works on the desk's queue. Rings from `start` until `stop`."""

    def __init__(
        self, clock: Callable[[], int], give: Callable[[Sequence[AnyWork]], asyncio.Future[list[Any]]]
    ) -> None:
        self._clock = clock
        self._give = give
        self._timers = Timers()
        self._alarms = Timers()
        self._broadcast_at = 0
        """When the next broadcast is due; 0 also while one is being begun."""
        self._known: tuple[Any, Any] = (None, None)
        """The schedules and the catalog of which that was found."""
        self._in_rounds = False
        self._walking = False
        self._running = False
        self._loop: asyncio.AbstractEventLoop
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0

    def start(self, wakes: Iterable[tuple[int, str]], alarms: Iterable[AlarmRow]) -> None:
        """`wakes`: (moment, visitor) of everyone who waits. What is overdue comes at once."""
        self._loop = asyncio.get_running_loop()
        self._timers = Timers(wakes)
        self._alarms = Timers((row.due_at, row.id) for row in alarms)
        self._running = True
        self._set_alarm()

    def stop(self) -> None:
        self._running = False
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def take(self, tx: Transaction) -> None:
        """What was committed says who waits for what."""
        for visitor, person in tx.kept.people.items():
            wake_at = 0 if person.merged_into else person.state.next_wake()
            if wake_at and wake_at <= tx.now:
                wake_at = tx.now + RETRY_AFTER
            self._timers.set(visitor, wake_at)
        for name, alarm in tx.kept.alarms.items():
            self._alarms.set(name, alarm.due_at if alarm is not None else 0)
        catalog = tx.scenarios.catalog
        if (tx.schedules, catalog) != self._known:
            self._known = (tx.schedules, catalog)
            self._broadcast_at = schedules.next_at(tx.schedules, catalog, ZoneInfo(tx.settings.site.timezone))
        self._in_rounds = bool(tx.rounds)
        self.go_on()

    def failed(self, works: Iterable[AnyWork]) -> None:
        """Nothing of these was written: what is ours comes again."""
        again = self._clock() + RETRY_AFTER
        for work in works:
            if isinstance(work, TimersDue):
                for visitor in work.visitors:
                    self._timers.set(visitor, again)
            elif isinstance(work, AlarmsDue):
                for alarm in work.alarms:
                    self._alarms.set(alarm, again)
            elif isinstance(work, BroadcastsDue):
                self._broadcast_at = again
        self._set_alarm()

    def take_due(self) -> list[AnyWork]:
        """The works whose moment has come by the clock; they are handed out with this."""
        now = self._clock()
        due: list[AnyWork] = []
        if 0 < self._broadcast_at <= now:
            self._broadcast_at = 0
            self._known = (None, None)
            due.append(BroadcastsDue(at=now))
        while visitors := self._timers.take_due(now, MOST_TIMERS):
            due.append(TimersDue(visitors=tuple(visitors), at=now))
        due += [AlarmsDue(alarms=(alarm,), at=now) for alarm in self._alarms.take_due(now, MOST_ALARMS)]
        return due

    def go_on(self) -> None:
        """Set the alarm, and let the oldest round have its next step."""
        if not self._running:
            return
        self._set_alarm()
        if self._in_rounds and not self._walking:
            self._walking = True
            self._loop.call_later(PAUSE, self._walk)

    # --- The alarm -----------------------------------------------------------------------------------

    def _set_alarm(self) -> None:
        """Ring at the earliest moment that somebody waits for."""
        moments = [at for at in (self._timers.next_at(), self._alarms.next_at(), self._broadcast_at) if at]
        next_at = min(moments, default=0)
        if next_at == self._alarm_at and self._alarm is not None:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._alarm_at = next_at
        if next_at and self._running:
            seconds = min(LONGEST_SLEEP, max(0.0, (next_at - self._clock()) / 1000))
            self._alarm = self._loop.call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._alarm, self._alarm_at = None, 0
        if not self._running:
            return
        for work in self.take_due():
            self._give([work]).add_done_callback(_look_at)
        self._set_alarm()

    # --- Rounds --------------------------------------------------------------------------------------

    def _walk(self) -> None:
        if self._running:
            self._give([RoundGoesOn(at=self._clock())]).add_done_callback(self._walked)

    def _walked(self, answered: asyncio.Future[list[Any]]) -> None:
        ok = _look_at(answered)
        if ok:
            self._walking = False
            self.go_on()
        elif self._running:
            self._loop.call_later(RETRY_AFTER / 1000, self._walk)


def _look_at(answered: asyncio.Future[list[Any]]) -> bool:
    """Nobody waits for this answer; what went wrong has been logged where it happened. Whether nothing did."""
    if answered.cancelled() or answered.exception() is not None:
        return False
    return not any(isinstance(result, BaseException) for result in answered.result())
