"""Which consoles watch the figures of which scenario: kept up to date while somebody does, and else not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, Protocol, TypeVar

from server_stub.figures.days import ALL, Days
from server_stub.figures.facts import Fact, counted
from server_stub.figures.summed import Count, Sums, counts_of
from server_stub.protocol import Entry, FiguresChanged, ScenarioFigures, Watching
from server_stub.store.base import StoreError

SECONDS = 0.1
"""Between two frames about the same figures."""

C = TypeVar("C", bound=Hashable)
log = logging.getLogger("server_stub.api")


class Desk(Protocol):
    @property
    def days(self) -> Days: ...

    def standing(self, scenario: str, version: str = "") -> tuple[int, dict[tuple[str, str], int]]: ...


class Store(Protocol):
    def figure_counts(
        self, scenario: str, first_day: int, last_day: int, version: str = ""
    ) -> tuple[int, list[Count]]: ...


class _Watched(Generic[C]):
    """Figures that somebody watches. Until they have been read, what happens meanwhile is kept for them."""

    def __init__(self, watching: Watching) -> None:
        self.watching = watching
        self.consoles: set[C] = set()
        self.sums = Sums(watching.scenario)
        self.seq = 0
        """The last entry that is counted in `sums`."""
        self.waiting: list[Fact] = []
        self.is_read = False
        self.told_at = 0.0
        self.alarm: asyncio.TimerHandle | None = None
        self.reading: asyncio.Task[None] | None = None

    def take(self, facts: Sequence[Fact]) -> None:
        """What has happened in the scenario."""
        version = self.watching.version
        self.waiting += [fact for fact in facts if version in ("", fact.version)]
        if self.is_read:
            self.count()

    def count(self) -> None:
        fresh = [fact for fact in self.waiting if fact.seq > self.seq]
        self.waiting.clear()
        self.sums.add(counts_of(fresh))


class Watchers(Generic[C]):
    """`tell(console, frame)` sends, `give_up(console)` ends the connection: whoever comes again asks again."""

    def __init__(
        self,
        desk: Desk,
        store: Store,
        tell: Callable[[C, FiguresChanged], None],
        give_up: Callable[[C], None],
    ) -> None:
        self._desk = desk
        self._store = store
        self._tell = tell
        self._give_up = give_up
        self._of_console: dict[C, _Watched[C]] = {}
        self._watched: dict[Watching, _Watched[C]] = {}

    def __len__(self) -> int:
        return len(self._of_console)

    def watches(self, console: C, watching: Watching) -> None:
        """From now on the console watches that, and nothing else; an empty scenario: nothing."""
        self.leaves(console)
        if not watching.scenario:
            return
        watched = self._watched.get(watching)
        if watched is None:
            watched = self._watched[watching] = _Watched(watching)
            watched.reading = asyncio.create_task(self._read(watched))
        watched.consoles.add(console)
        self._of_console[console] = watched
        if watched.is_read:
            # The others are told what has changed first: what is told whole counts as told.
            self._tell_changes(watched)
            self._tell(console, FiguresChanged(watching, self._whole(watched), whole=True))

    def leaves(self, console: C) -> None:
        """The console watches nothing any more."""
        watched = self._of_console.pop(console, None)
        if watched is None:
            return
        watched.consoles.discard(console)
        if not watched.consoles:
            del self._watched[watched.watching]
            if watched.alarm is not None:
                watched.alarm.cancel()
            if watched.reading is not None:
                watched.reading.cancel()

    def taken(self, entries: Sequence[Entry]) -> None:
        """These have been committed, and the desk is as after them."""
        if not self._watched or not entries:
            return
        facts = counted(entries, self._desk.days.of)
        for watched in tuple(self._watched.values()):
            mine = [fact for fact in facts if fact.scenario == watched.watching.scenario]
            watched.take([fact for fact in mine if fact.day >= self._first_day(watched.watching)])
            if watched.is_read:
                watched.seq = max(watched.seq, entries[-1].seq)
                self._tell_soon(watched)

    async def _read(self, watched: _Watched[C]) -> None:
        watching = watched.watching
        first = self._first_day(watching)
        try:
            seq, counts = await asyncio.to_thread(
                self._store.figure_counts, watching.scenario, first, ALL[1], watching.version
            )
        except StoreError:
            log.exception("the figures of %s could not be read", watching.scenario)
            for console in tuple(watched.consoles):
                self._give_up(console)
            return
        watched.sums.add(counts)
        watched.seq, watched.is_read = seq, True
        watched.count()
        frame = FiguresChanged(watching, self._whole(watched), whole=True)
        for console in watched.consoles:
            self._tell(console, frame)

    def _first_day(self, watching: Watching) -> int:
        return self._desk.days.period(watching.since, 0)[0]

    def _whole(self, watched: _Watched[C]) -> ScenarioFigures:
        standing = self._desk.standing(watched.watching.scenario, watched.watching.version)
        return watched.sums.all(watched.seq, *standing)

    def _tell_soon(self, watched: _Watched[C]) -> None:
        if watched.alarm is not None:
            return
        loop = asyncio.get_running_loop()
        wait = watched.told_at + SECONDS - loop.time()
        if wait <= 0:
            self._tell_changes(watched)
        else:
            watched.alarm = loop.call_later(wait, self._tell_changes, watched)

    def _tell_changes(self, watched: _Watched[C]) -> None:
        if watched.alarm is not None:
            watched.alarm.cancel()
            watched.alarm = None
        standing = self._desk.standing(watched.watching.scenario, watched.watching.version)
        figures = watched.sums.changed(watched.seq, *standing)
        if figures is None:
            return
        watched.told_at = asyncio.get_running_loop().time()
        frame = FiguresChanged(watched.watching, figures)
        for console in watched.consoles:
            self._tell(console, frame)
