"""The desk: the one writer. It takes work, applies it, commits many works at once, then answers and publishes.

One batch is on its way at a time. While it is being committed, in a thread, the event loop collects what comes in; all
of that is the next batch. So a lone caller waits for one commit, and many callers share one. Nothing is answered,
published or remembered before its commit; where a commit fails, everyone in it is told, and it is as if nothing was.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from scenarios_yaml.engine.state import World
from server_stub.desk import team, works
from server_stub.desk.cache import Cache
from server_stub.desk.cards import card_of
from server_stub.desk.clockwork import Clockwork
from server_stub.desk.committer import Committer
from server_stub.desk.jobs import Job, Published
from server_stub.desk.popular import NAME, REMEMBER_EVERY, Popular
from server_stub.desk.rounds import rounds_of
from server_stub.desk.scenarios import Scenarios
from server_stub.desk.schedules import published, schedules_of
from server_stub.desk.standing import Standing
from server_stub.desk.transaction import Later, Round, Schedule, Transaction, world_of
from server_stub.figures.anew import count_what_is_not
from server_stub.figures.days import Days
from server_stub.protocol import ScenarioStatus, SegmentStatus, VisitorCard
from server_stub.settings import Settings
from server_stub.store.base import AlarmRow, Batch, OperatorRow, Store
from server_stub.work import AnyWork, Rejected, TimersDue

log = logging.getLogger(__name__)

MOST_WORKS = 512
"""Works in one commit: more would only make the first of them wait for the last."""
VISITORS_KEPT = 50_000
"""Visitors whose state stays in memory."""


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
        self._alarms: dict[str, AlarmRow] = {}
        self._rounds: tuple[Round, ...] = ()
        self._schedules: Mapping[str, Schedule] = {}
        self._popular = Popular()
        self._clockwork = Clockwork(lambda: self._clock(), self._enqueue)
        self._standing = Standing()
        self._days = Days(self._settings.site.timezone)
        self._queue: deque[Job] = deque()
        self._subscribers: list[Callable[[Published], None]] = []
        self._last_seq = 0
        self._busy = False
        self._stopping = False
        self._started = False
        self._idle: asyncio.Event
        self._committer: Committer
        self._loop: asyncio.AbstractEventLoop

    # --- From outside --------------------------------------------------------------------------------

    async def start(self) -> None:
        """Continue where the store ends: scenarios, operators, timers. What is overdue fires now. Raises StoreError."""
        self._loop = asyncio.get_running_loop()
        self._idle = asyncio.Event()
        self._idle.set()
        self._last_seq = self._store.last_seq()
        self._operators = {row.id: row for row in self._store.operators()}
        self._scenarios = await asyncio.to_thread(self._read_scenarios)
        memory = self._store.memory()
        self._rounds, self._schedules = rounds_of(memory), schedules_of(memory)
        wakes = await asyncio.to_thread(self._store.wakes)
        self._alarms = {row.id: row for row in await asyncio.to_thread(self._store.alarms)}
        self._standing = Standing(await asyncio.to_thread(self._store.running))
        await asyncio.to_thread(count_what_is_not, self._store, memory, self._days)
        self._popular = await asyncio.to_thread(Popular.restored, memory, self._store)
        if self._settings.team.assignment != "by_hand":
            await asyncio.to_thread(self._cache.queue.restore, memory, self._store)
        self._commit_now(self._opening())
        self._committer = Committer(self._store, self._days)
        self._started = True
        self._clockwork.start(wakes, self._alarms.values())
        self._clockwork.take(self._transaction())

    async def stop(self) -> None:
        """Everything that was submitted is committed and answered first; then no work is taken any more."""
        if not self._started or self._stopping:
            return
        self._stopping = True
        self._clockwork.stop()
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
        return self._scenarios.statuses(self._standing.running, self._settings.site.locale)

    def standing(self, scenario: str, version: str = "") -> tuple[int, dict[tuple[str, str], int]]:
        """How many runs of the scenario are on their way (of one version, or of all); and how many wait where, by
        version and key of the step."""
        return self._standing.of(scenario, version)

    @property
    def days(self) -> Days:
        """The days of the project's time zone."""
        return self._days

    @property
    def scenarios(self) -> Scenarios:
        """Scenarios and segments as they are published."""
        return self._scenarios

    def segments(self) -> list[SegmentStatus]:
        """Every segment with its problems and the number of visitors in it, by slug. Reads the store."""
        return self._scenarios.segments.statuses(self._store.segment_members(), self._settings.site.locale)

    def world(self) -> World:
        """What the engine is told of the world outside of its visitors."""
        return self._world

    async def fire_due(self) -> int:
        """Do what is due by the clock: broadcasts, alarms, timers. Returns how many visitors were woken. The desk does
        so by itself."""
        woken = 0
        while due := self._clockwork.take_due():
            for work in due:
                woken += (
                    await self.submit(work) if isinstance(work, TimersDue) else 0 * await self.submit(work)
                )
        return woken

    @property
    def in_rounds(self) -> bool:
        """Whether something that concerns everybody has not come to everybody yet."""
        return bool(self._rounds)

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
        if self._popular.seq - self._popular.remembered >= REMEMBER_EVERY:
            tx.kept.memory[NAME] = self._popular.text()
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
            self._clockwork.failed(job.works)
            job.fail(error)
        self._go_on()

    def _take(self, tx: Transaction) -> None:
        """What was committed is what is true now."""
        changes = tx.kept
        self._last_seq = tx.last_seq
        self._operators |= changes.operators
        for name, alarm in changes.alarms.items():
            if alarm is not None:
                self._alarms[name] = alarm
            else:
                self._alarms.pop(name, None)
        self._scenarios, self._world = tx.scenarios, tx.world
        self._rounds, self._schedules = tx.rounds, tx.schedules
        for visitor, person in changes.people.items():
            before = self._cache.people.get(visitor)
            runs_before = before.state.runs if before is not None else []
            if person.state.runs is not runs_before:
                self._standing.change(runs_before, person.state.runs)
        self._cache.take(changes)
        self._popular.take(changes.entries)
        self._clockwork.take(tx)

    def _publish(self, published: Published) -> None:
        if not published.entries:
            return
        for callback in tuple(self._subscribers):
            try:
                callback(published)
            except Exception:
                log.exception("a subscriber failed")

    def _transaction(self) -> Transaction:
        popular = self._popular.news(self._clock())
        if popular is not None:
            self._world = replace(self._world, site={**self._world.site, "popular": popular})
        return Transaction(
            store=self._store,
            cache=self._cache,
            settings=self._settings,
            scenarios=self._scenarios,
            operators=self._operators,
            alarms=self._alarms,
            world=self._world,
            rounds=self._rounds,
            schedules=self._schedules,
            now=self._clock(),
            last_seq=self._last_seq,
        )

    # --- Starting ------------------------------------------------------------------------------------

    def _read_scenarios(self) -> Scenarios:
        return Scenarios.from_rows(self._store.scenarios(), self._store.segments(), self._store.memory())

    def _opening(self) -> Transaction:
        """No console is connected to a server that has just started, whatever was true before it ended."""
        tx = self._transaction()
        tx.begin()
        for row in self._operators.values():
            if row.online:
                gone = replace(row, online=False)
                tx.put_operator(gone)
                tx.record(team.changed(gone), tx.now)
            if row.removed:  # perhaps while no server ran
                team.release(tx, row.id, tx.now)
        published(tx, tx.now)
        tx.keep()
        return tx

    def _commit_now(self, tx: Transaction) -> None:
        if tx.kept:
            self._store.commit(tx.kept.as_batch(self._days))
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
