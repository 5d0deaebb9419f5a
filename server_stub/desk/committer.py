"""Commits: in a thread of their own, so that the event loop goes on reading requests while the disk syncs.

A work that is alone is committed where it stands, as long as the disk is quick: handing it over to the thread and back
takes longer than the disk does, and there is nothing else to read meanwhile.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue

from server_stub.desk.changes import Changes
from server_stub.figures.days import Days
from server_stub.store.base import Batch, Store

Done = Callable[[Batch | None, BaseException | None], None]

QUICK = 0.001
"""Seconds for which a commit may hold up the event loop; a disk that lately took longer gets the thread."""
SMOOTHING = 0.1
"""How much the last commit counts in what the disk lately took."""


class Committer:
    """Commits in the order of its calls, and counts what they hold by the project's `days`.

    `done` is called on the loop, with the batch or with what went wrong.
    """

    def __init__(self, store: Store, days: Days) -> None:
        self._store = store
        self._days = days
        self._loop = asyncio.get_running_loop()
        self._lately = 2 * QUICK
        """Seconds that commits have taken of late. The first ones go to the thread, until it is known."""
        self._waiting: SimpleQueue[tuple[Changes, Done] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def commit(self, changes: Changes, done: Done, *, alone: bool) -> None:
        """`alone`: nothing else waits. Only one commit may be on its way at a time."""
        if alone and self._lately < QUICK:
            done(*self._commit(changes))
        else:
            self._waiting.put((changes, done))

    def stop(self) -> None:
        """Everything that was given before is committed first."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            changes, done = job
            self._loop.call_soon_threadsafe(done, *self._commit(changes))

    def _commit(self, changes: Changes) -> tuple[Batch | None, BaseException | None]:
        """Whatever goes wrong is for those who wait to know."""
        try:
            batch = changes.as_batch(self._days)
            begun = time.perf_counter()
            self._store.commit(batch)
            self._lately += SMOOTHING * (time.perf_counter() - begun - self._lately)
        except Exception as error:
            return None, error
        return batch, None
