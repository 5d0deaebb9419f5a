"""Asks whom a draft would reach in a process of its own, so that no visitor waits for an answer to a marketer.

Whoever stops listening ends the process.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import msgspec

from server_stub.protocol import Problem, ReachFailed
from server_stub.reach.child import Task

AT_ONCE = 2
"""Processes at a time; who asks further waits for one to end."""
SILENCE = 5.0
"""Seconds after which the last line is said again: who reads knows that there is still somebody."""
MAX_LINE_BYTES = 16 * 1024 * 1024
"""Of a report: its sample holds at most 500 messages of four thousand characters."""

_ROOT = Path(__file__).parents[2]
_WAITING = b'{"type":"progress","part":"now","done":0,"of":0}\n'


class Reacher:
    """`data` is the folder of the database; `online` tells how many operators are there now."""

    def __init__(self, data: Path, online: Callable[[], int]) -> None:
        self._data = data
        self._online = online
        self._places = asyncio.Semaphore(AT_ONCE)

    async def lines(self, text: str, since: int, until: int) -> AsyncGenerator[bytes, None]:
        """The answer's lines, each with its line feed. Closing the iterator ends the process."""
        yield _WAITING
        task = Task(str(self._data.resolve()), text, since, until, self._online())
        async with self._places:
            process = await _begun()
            try:
                if process.stdin is None or process.stdout is None:
                    raise RuntimeError("the process was begun without pipes")
                process.stdin.write(msgspec.json.encode(task))
                process.stdin.write_eof()
                async for line in _repeated(process.stdout):
                    yield line
                if await process.wait():
                    problem = Problem("failed", "The answer could not be worked out.", hint="Ask again.")
                    yield msgspec.json.encode(ReachFailed(problem)) + b"\n"
            finally:
                await _ended(process)


async def _begun() -> asyncio.subprocess.Process:
    paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server_stub.reach.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        limit=MAX_LINE_BYTES,
    )


async def _repeated(reader: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    """The lines of the process, and in its silence the last one again."""
    last = _WAITING
    reading = asyncio.ensure_future(reader.readline())
    try:
        while True:
            done, _ = await asyncio.wait([reading], timeout=SILENCE)
            if done:
                last = reading.result()
                if not last:
                    return
                reading = asyncio.ensure_future(reader.readline())
            yield last
    finally:
        reading.cancel()


async def _ended(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended by itself
        process.kill()
    await asyncio.shield(process.wait())
