"""Child processes that never outlive their parent and leave what they said in a log file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

STOP_WITHIN = 8.0
"""Seconds that a child gets to stop by itself: a server finishes its commit and closes its sockets."""

MAX_LOG_BYTES = 1_000_000


class Child:
    """A Python module as a process. To stop it its input ends, then comes SIGTERM, then SIGKILL.

    `environment` is what it finds there beside what its parent does: secrets, which a command line would show.
    """

    def __init__(
        self, module: str, arguments: list[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        self.log = log
        with log.open("ab") as file:
            self._log_from = file.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own modules, no shell
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env={**os.environ, **environment} if environment else None,
                # Ctrl+C in the terminal is the parent's affair: it stops its children in order.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def last_words(self, lines: int = 3) -> str:
        """The last lines that the child has said since it was started."""
        with self.log.open("rb") as file:
            file.seek(self._log_from)
            said = file.read().decode("utf-8", "replace").strip().splitlines()
        return "\n".join(said[-lines:])

    def wait(self) -> None:
        """Return when the child has ended by itself, or was stopped."""
        self._process.wait()

    def ask_to_stop(self) -> None:
        """Close the child's input, which it takes as a request."""
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):  # it has ended already
                self._process.stdin.close()

    def stop(self) -> None:
        """Return when the child has ended, whatever it takes."""
        self.ask_to_stop()
        for harder in (self._process.terminate, self._process.kill):
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                harder()
            else:
                return
        self._process.wait()


def when_input_ends(stop: asyncio.Event) -> None:
    """In a child: set `stop` when the starting process closes its end of the pipe, or dies."""
    loop = asyncio.get_running_loop()

    def wait_for_end() -> None:
        # Not by sys.stdin: a thread that holds its lock when the interpreter ends aborts the process.
        while os.read(0, 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended before its input did
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=wait_for_end, name="watches standard input", daemon=True).start()
