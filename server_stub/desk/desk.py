"""The desk: the one writer. It takes work, applies it, commits many works at once, then answers and publishes.

One batch is on its way at a time. While it is being committed, in a thread, the event loop collects what comes in; all
of that is the next batch. So a lone caller waits for one commit, and many callers share one. Nothing is answered,
published or remembered before its commit; where a commit fails, everyone in it is told, and it is as if nothing was.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.state import World
from server_stub.desk import works
from server_stub.desk.cache import Cache
from server_stub.desk.cards import card_of
from server_stub.desk.committer import Committer
from server_stub.desk.scenarios import Scenarios
from server_stub.desk.timers import Timers
from server_stub.desk.transaction import Later, Transaction, world_of
from server_stub.protocol import Entry, OperatorChanged, ScenarioStatus, VisitorCard
from server_stub.settings import Settings
from server_stub.store.base import Batch, OperatorRow, Store
from server_stub.work import AnyWork, Rejected, TimersDue

log = logging.getLogger(__name__)

MOST_WORKS = 512
"""Works in one commit: more would only make the first of them wait for the last."""
MOST_TIMERS = 256
"""Visitors who are woken by one work."""
VISITORS_KEPT = 50_000
"""Visitors whose state stays in memory."""
LONGEST_SLEEP = 30.0
"""Seconds after which the clock is looked at again: it may have been set, or the machine may have slept."""
RETRY_TIMERS_AFTER = 1000
"""Milliseconds until timers whose commit failed, or that are due again at once, are tried again."""


class Published(Struct, frozen=True):
    """What a commit has added to the journal, and the same entries as JSON, one for one."""

    entries: list[Entry]
    encoded: list[bytes]


class Job:
    """Works that one caller asked for together, and the future that is answered with what came of each.

    One future for all of them: a future for each would cost as much as a tenth of the work itself. A result may be
    the exception with which that work ended; the future fails only where nothing of the job was stored.
    """

    __slots__ = ("future", "results", "works")

    def __init__(self, works_: Sequence[AnyWork], future: asyncio.Future[list[Any]]) -> None:
        self.works = works_
        self.future = future
        self.results: list[Any] = []

    def answer(self) -> None:
        if not self.future.done():  # else the caller has gone
            self.future.set_result(self.results)

    def fail(self, error: BaseException) -> None:
        if not self.future.done():
            self.future.set_exception(error)


class Desk:
    """`clock` gives ms since the epoch. Everything is called on the event loop on which `start` was."""

    def __init__(self, store: Store, *, clock: Callable[[], int], settings: Settings | None = None) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings or Settings()
        self._cache = Cache(store, VISITORS_KEPT)
        self._scenarios = Scenarios()
        self._world = world_of(self._settings, operators_online=0)
        self._operators: dict[str, OperatorRow] = {}
        self._timers = Timers()
        self._running: Counter[str] = Counter()
        self._queue: deque[Job] = deque()
        self._subscribers: list[Callable[[Published], None]] = []
        self._last_seq = 0
        self._busy = False
        self._stopping = False
        self._started = False
        self._idle: asyncio.Event
        self._committer: Committer
        self._loop: asyncio.AbstractEventLoop
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = 0

    # --- From outside --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Continue where the store ends: scenarios, operators, timers. What is overdue fires now. Raises StoreError."""
        self._loop = asyncio.get_running_loop()
        self._idle = asyncio.Event()
        self._idle.set()
        self._last_seq = self._store.last_seq()
        self._operators = {row.id: row for row in self._store.operators()}
        self._scenarios = await asyncio.to_thread(lambda: Scenarios.from_rows(self._store.scenarios()))
        self._timers = Timers(await asyncio.to_thread(self._store.wakes))
        self._running = Counter(await asyncio.to_thread(self._store.running))
        self._commit_now(self._everybody_is_away())
        self._committer = Committer(self._store)
        self._started = True
        self._set_alarm()

    async def stop(self) -> None:
        """Everything that was submitted is committed and answered first; then no work is taken any more."""
        if not self._started or self._stopping:
            return
        self._stopping = True
        if self._alarm is not None:
            self._alarm.cancel()
        await self._idle.wait()
        await asyncio.to_thread(self._committer.stop)

    async def submit(self, work: AnyWork) -> Any:
        """What the work's docstring names, after its commit. Raises Rejected, or StoreError where the commit failed."""
        [result] = await self._enqueue([work])
        if isinstance(result, BaseException):
            raise result
        return result

    async def submit_all(self, works_: Sequence[AnyWork]) -> list[Any]:
        """Several works, in order; each stands or falls alone. A result may be the Rejected that `submit` would raise.

        Raises StoreError where a commit failed.
        """
        chunks = [works_[begin : begin + MOST_WORKS] for begin in range(0, len(works_), MOST_WORKS)]
        answers = await asyncio.gather(*[self._enqueue(chunk) for chunk in chunks], return_exceptions=True)
        results: list[Any] = []
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            results += answer
        for result in results:
            if isinstance(result, BaseException) and not isinstance(result, Rejected):
                raise result
        return results

    def subscribe(self, callback: Callable[[Published], None]) -> Callable[[], None]:
        """`callback` is called on the loop after each commit, in order, before the works of it are answered.

        Returns what ends the subscription.
        """
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    @property
    def last_seq(self) -> int:
        """The number of the last entry that has been committed and published."""
        return self._last_seq

    def card(self, visitor: str) -> VisitorCard:
        """The visitor's card as of `last_seq`; of a merged one, of whom he has become. Raises Rejected: not_found."""
        return card_of(self._transaction(), visitor)

    def visitor_of(self, anonymous_id: str) -> str:
        """The id of the visitor whose browser it is, or an empty string."""
        visitor = self._cache.identity(("anonymous", anonymous_id))
        person = self._cache.person(visitor) if visitor else None
        if person is not None and person.merged_into:
            person = self._transaction().person(visitor)
        return person.id if person is not None else ""

    def statuses(self) -> list[ScenarioStatus]:
        """Every scenario with its problems and the number of runs on their way, by slug."""
        return self._scenarios.statuses(self._running, self._settings.site.locale)

    def world(self) -> World:
        """What the engine is told of the world outside of its visitors."""
        return self._world

    async def fire_due(self) -> int:
        """Wake everyone whose moment has come by the clock. Returns how many that were. The desk does so by itself."""
        due = self._timers.take_due(self._clock(), MOST_TIMERS)
        woken = 0
        while due:
            woken += await self.submit(TimersDue(visitors=tuple(due), at=self._clock()))
            due = self._timers.take_due(self._clock(), MOST_TIMERS)
        return woken

    # --- Batches -------------------------------------------------------------------------------------

    def _enqueue(self, works_: Sequence[AnyWork]) -> asyncio.Future[list[Any]]:
        """At most MOST_WORKS of them."""
        if not self._started:
            raise RuntimeError("the desk has not been started")
        if self._stopping:
            raise Rejected("unavailable", "The server is stopping.", status=503)
        future: asyncio.Future[list[Any]] = self._loop.create_future()
        self._queue.append(Job(works_, future))
        if not self._busy:
            self._begin_soon()
        return future

    def _begin_soon(self) -> None:
        """After this turn of the loop, so that whatever else it brings is in the same batch."""
        self._busy = True
        self._idle.clear()
        self._loop.call_soon(self._begin)

    def _go_on(self) -> None:
        if self._queue:
            self._loop.call_soon(self._begin)
        else:
            self._busy = False
            self._idle.set()

    def _next_jobs(self) -> list[Job]:
        """From the head of the queue, as many as fit into one commit."""
        jobs = [self._queue.popleft()]
        room = MOST_WORKS - len(jobs[0].works)
        while self._queue and len(self._queue[0].works) <= room:
            jobs.append(self._queue.popleft())
            room -= len(jobs[-1].works)
        return jobs

    def _begin(self) -> None:
        """Apply all that waits, and have it committed."""
        jobs = self._next_jobs()
        tx = self._transaction()
        try:
            works.prefetch(tx, self._cache, [work for job in jobs for work in job.works])
        except Exception as error:
            self._fail(jobs, error)
            return
        for job in jobs:
            job.results = [_applied(tx, work) for work in job.works]
        if not tx.kept:
            self._finish(jobs, tx, None)
            return
        self._committer.commit(
            tx.kept,
            lambda batch, error: self._committed(jobs, tx, batch, error),
            alone=len(jobs) == 1 and len(jobs[0].works) == 1 and not self._queue,
        )

    def _committed(
        self, jobs: list[Job], tx: Transaction, batch: Batch | None, error: BaseException | None
    ) -> None:
        if error is not None:
            log.error("a commit of %d works failed: %s", len(jobs), error)
            self._fail(jobs, error)
            return
        self._finish(jobs, tx, batch)

    def _finish(self, jobs: list[Job], tx: Transaction, batch: Batch | None) -> None:
        if batch is not None:
            self._take(tx)
            self._publish(Published(batch.entries, batch.encoded))
        now: Transaction | None = None
        for job in jobs:
            for place, result in enumerate(job.results):
                if isinstance(result, Later):
                    now = now or self._transaction()
                    job.results[place] = _made(result, now)
            job.answer()
        self._go_on()

    def _fail(self, jobs: list[Job], error: BaseException) -> None:
        for job in jobs:
            for work in job.works:
                if isinstance(work, TimersDue):
                    for visitor in work.visitors:
                        self._timers.set(visitor, self._clock() + RETRY_TIMERS_AFTER)
            job.fail(error)
        self._set_alarm()
        self._go_on()

    def _take(self, tx: Transaction) -> None:
        """What was committed is what is true now."""
        changes = tx.kept
        self._last_seq = tx.last_seq
        self._operators |= changes.operators
        self._scenarios, self._world = tx.scenarios, tx.world
        for visitor, person in changes.people.items():
            before = self._cache.people.get(visitor)
            runs_before = before.state.runs if before is not None else []
            if person.state.runs is not runs_before:
                for run in runs_before:
                    self._running[run.scenario] -= 1
                for run in person.state.runs:
                    self._running[run.scenario] += 1
            wake_at = 0 if person.merged_into else person.state.next_wake()
            if wake_at and wake_at <= tx.now:
                wake_at = tx.now + RETRY_TIMERS_AFTER
            self._timers.set(visitor, wake_at)
        self._cache.take(changes)
        self._set_alarm()

    def _publish(self, published: Published) -> None:
        if not published.entries:
            return
        for callback in tuple(self._subscribers):
            try:
                callback(published)
            except Exception:
                log.exception("a subscriber failed")

    def _transaction(self) -> Transaction:
        return Transaction(
            store=self._store,
            cache=self._cache,
            settings=self._settings,
            scenarios=self._scenarios,
            operators=self._operators,
            world=self._world,
            now=self._clock(),
            last_seq=self._last_seq,
        )

    # --- Timers --------------------------------------------------------------------------------------

    def _set_alarm(self) -> None:
        """Ring at the earliest moment that somebody waits for."""
        next_at = self._timers.next_at()
        if next_at == self._alarm_at and self._alarm is not None:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._alarm_at = next_at
        if next_at and self._started and not self._stopping:
            seconds = min(LONGEST_SLEEP, max(0.0, (next_at - self._clock()) / 1000))
            self._alarm = self._loop.call_later(seconds, self._ring)

    def _ring(self) -> None:
        self._alarm, self._alarm_at = None, 0
        if self._stopping:
            return
        now = self._clock()
        while due := self._timers.take_due(now, MOST_TIMERS):
            self._enqueue([TimersDue(visitors=tuple(due), at=now)]).add_done_callback(_look_at)
        self._set_alarm()

    # --- Starting ------------------------------------------------------------------------------------

    def _everybody_is_away(self) -> Transaction:
        """No console is connected to a server that has just started, whatever was true before it ended."""
        tx = self._transaction()
        tx.begin()
        for row in self._operators.values():
            if row.online:
                tx.put_operator(replace(row, online=False))
                tx.record(OperatorChanged(row.id, row.name, row.role, removed=row.removed), tx.now)
        tx.keep()
        return tx

    def _commit_now(self, tx: Transaction) -> None:
        if tx.kept:
            self._store.commit(tx.kept.as_batch())
            self._take(tx)


def _applied(tx: Transaction, work: AnyWork) -> Any:
    """What came of the work, or the exception with which it left nothing behind."""
    tx.begin()
    try:
        result = works.apply(tx, work)
    except Rejected as error:
        tx.drop()
        return error
    except Exception as error:
        log.exception("%s failed; nothing of it was written", type(work).__name__)
        tx.drop()
        return error
    tx.keep()
    return result


def _made(later: Later, now: Transaction) -> Any:
    try:
        return later.make(now)
    except Exception as error:
        return error


def _look_at(answered: asyncio.Future[list[Any]]) -> None:
    """Nobody waits for this answer; what went wrong has been logged where it happened."""
    if not answered.cancelled():
        answered.exception()
