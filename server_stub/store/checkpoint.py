"""Moves what was committed from the write-ahead log into the database file, beside the commits instead of inside.

SQLite's automatic checkpoint runs within whichever commit fills the log, which then takes 10 to 20 ms. Here a
thread of its own does it while readers and the writer go on. A log begins anew only when all of it has been moved,
which never happens while commits follow each other without a pause; so, when it has grown too large, the thread
holds the writer's lock for one more pass: most of the log has been moved by then, and that pass is short.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable

from server_stub.store.base import StoreError

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at what there is to do, when nobody calls earlier."""
BETWEEN = 0.02
"""Seconds between two pieces of other work while there is more of it, so that commits hardly notice."""
WORTHWHILE = 5000
"""Pages that were written, by estimate, after which the log is moved: each time costs two syncs of the disk."""
TOO_LARGE = 7000
"""Pages of log at which the writer is held up for a moment; below the size to which the log's file is made."""


class Checkpointer:
    """Runs from construction until `stop`. `writing` is the lock that every write holds.

    `also` does a piece of other work each time, and returns whether there is more.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        writing: threading.Lock,
        also: Callable[[], bool],
    ) -> None:
        self._connect = connect
        self._writing = writing
        self._also = also
        self._written = 0
        self._stopping = False
        self._called = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def wrote(self, pages: int) -> None:
        """A commit has added about so many pages to the log."""
        self._written += pages
        if self._written >= WORTHWHILE:
            self._called.set()

    def stop(self) -> None:
        self._stopping = True
        self._called.set()
        self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        more = False
        try:
            while not self._stopping:
                self._called.wait(BETWEEN if more else EVERY)
                self._called.clear()
                more = False
                try:
                    more = self._also()
                    if self._written >= WORTHWHILE:
                        self._move(connection)
                except (sqlite3.Error, StoreError) as error:
                    log.warning("what is done behind the commits failed: %s", error)
        finally:
            connection.close()

    def _move(self, connection: sqlite3.Connection) -> None:
        self._written = 0
        _busy, pages, _moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages >= TOO_LARGE:
            with self._writing:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
