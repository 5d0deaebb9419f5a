"""`python -m server_stub.demo_visitors`: simulated visitors for a running demo, until standard input ends."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from server_stub.demo_visitors.backend import BackEnd
from server_stub.demo_visitors.connection import RefusedAtTheDoorError
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import Person
from server_stub.demo_visitors.town import Town
from server_stub.demo_visitors.visit import Visit


def main() -> int:
    """Run until a signal or the end of the input; 1 where the server does not take the key."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the server's address")
    parser.add_argument("--shop", required=True, help="the shop's address")
    parser.add_argument("--key", required=True, help="the shop's write key")
    parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same people")
    parser.add_argument("--pace", type=float, default=1.0, help="2: everybody lives twice as fast")
    parser.add_argument("--memory", type=Path, help="the file in which returning visitors are remembered")
    given = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    try:
        asyncio.run(_run(given))
    except RefusedAtTheDoorError as error:
        logging.getLogger("demo_visitors").error("the server refused the write key: %s", error)
        return 1
    return 0


async def _run(given: argparse.Namespace) -> None:
    back_end = BackEnd(given.url, given.key)

    async def come(person: Person, life: Life) -> None:
        await Visit(given.url, given.key, given.shop, person, back_end, life).run()

    town = Town(come, seed=given.seed, pace=given.pace, memory=given.memory)
    living = asyncio.create_task(town.live())
    _stop_on_request(living)
    try:
        with contextlib.suppress(asyncio.CancelledError):
            await living
    finally:
        await back_end.close()


def _stop_on_request(living: asyncio.Task[None]) -> None:
    """A signal, or the end of the input, which the parent's death brings, too."""
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            with contextlib.suppress(NotImplementedError):  # Windows' loop has no handlers
                loop.add_signal_handler(getattr(signal, name), living.cancel)

    def wait_for_end() -> None:
        # Not by sys.stdin: a thread that holds its lock when the interpreter ends aborts the process.
        while os.read(0, 4096):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended before its input did
            loop.call_soon_threadsafe(living.cancel)

    threading.Thread(target=wait_for_end, name="watches standard input", daemon=True).start()


if __name__ == "__main__":
    sys.exit(main())
