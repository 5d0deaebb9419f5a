"""Files of people who were erased, off the disk: after the commit, and what a crash left at a start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from server_stub.desk.persons.erasing import LEFTOVER
from server_stub.files import FileShelf
from server_stub.work import AnyWork, FilesRemoved

log = logging.getLogger("server_stub")


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...


class Remembers(Protocol):
    def memory(self) -> dict[str, str]: ...


async def remove_leftovers(desk: Desk, store: Remembers, shelf: FileShelf, now: Callable[[], int]) -> int:
    """Remove what is to be removed; how many files it was. What the disk refuses is tried again at the next call.

    Raises StoreError and Rejected as the desk does.
    """
    memory = await asyncio.to_thread(store.memory)
    due = {name: text.split("\n") for name, text in memory.items() if name.startswith(LEFTOVER)}
    done = await asyncio.to_thread(lambda: [name for name, places in due.items() if _remove(shelf, places)])
    if done:
        await desk.submit(FilesRemoved(names=tuple(done), at=now()))
    return sum(len(due[name]) for name in done)


def _remove(shelf: FileShelf, places: list[str]) -> bool:
    """Whether all of them are gone."""
    try:
        for place in places:
            shelf.remove(place)
    except OSError as error:
        log.error("a file of an erased visitor is still there: %s", error)
        return False
    return True
