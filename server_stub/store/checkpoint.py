"""Moves what was committed from the write-ahead log into the database file, beside the commits instead of inside them.

SQLite's automatic checkpoint runs within whichever commit fills the log, which then takes 10 to 20 ms. Here a thread of
its own checkpoints passively (readers and the writer go on). Where commits come so fast that the log never empties, it
takes the writer's lock for one short pass, since most of the log has been moved by then. The log's file keeps its size
and is begun anew: overwriting is faster to sync than growing.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at the log."""
WORTHWHILE = 2 * 1024 * 1024
"""Bytes of log below which a checkpoint waits: every one is two syncs of the disk."""
TOO_LARGE = 64 * 1024 * 1024
"""Bytes of log at which the writer is held up for a moment."""


class Checkpointer:
    """Runs from construction until `stop`. `writing` is the lock that every write holds; `also` is done before."""

    def __init__(
        self,
        path: Path,
        connect: Callable[[], sqlite3.Connection],
        writing: threading.Lock,
        also: Callable[[], object],
    ) -> None:
        self._log_file = path.with_name(path.name + "-wal")
        self._connect = connect
        self._writing = writing
        self._also = also
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        page_size = int(connection.execute("PRAGMA page_size").fetchone()[0])
        try:
            while not self._stopping.wait(EVERY):
                try:
                    self._also()
                    self._once(connection, page_size)
                except sqlite3.Error as error:
                    log.warning("the write-ahead log could not be moved: %s", error)
        finally:
            connection.close()

    def _once(self, connection: sqlite3.Connection, page_size: int) -> None:
        if not self._log_file.exists() or self._log_file.stat().st_size < WORTHWHILE:
            return
        _busy, pages, _moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if pages * page_size >= TOO_LARGE:
            with self._writing:
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
