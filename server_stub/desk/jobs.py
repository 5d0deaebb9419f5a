"""What waits at the desk, and what it publishes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from server_stub.protocol import Entry
from server_stub.work import AnyWork


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
