"""The thread that commits: the event loop goes on reading requests while the disk syncs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue

from server_stub.desk.changes import Changes
from server_stub.store.base import Batch, Store

Done = Callable[[Batch | None, BaseException | None], None]


class Committer:
    """Commits in the order of its calls. `done` is called on the loop, with the batch or with what went wrong."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loop = asyncio.get_running_loop()
        self._waiting: SimpleQueue[tuple[Changes, Done] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="commits", daemon=True)
        self._thread.start()

    def commit(self, changes: Changes, done: Done) -> None:
        self._waiting.put((changes, done))

    def stop(self) -> None:
        """Everything that was given before is committed first."""
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            changes, done = job
            try:
                batch = changes.as_batch()
                self._store.commit(batch)
            except Exception as error:
                self._loop.call_soon_threadsafe(done, None, error)
            else:
                self._loop.call_soon_threadsafe(done, batch, None)
