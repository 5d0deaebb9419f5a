"""The visitors behind a number, as far as they were read. Imports no Textual."""

from __future__ import annotations

from typing import TYPE_CHECKING

from operator_console.designer.figures.story import Behind
from server_stub.protocol import FigureVisitor

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class BehindRows:
    """Newest first. A step that was counted under several keys is read version by version, the latest one first."""

    def __init__(self, slug: str, behind: Behind, *, since: int, version: str) -> None:
        self._slug = slug
        self._behind = behind
        self._since = since
        self._version = version
        self._source = 0
        """The number of the source that is read."""
        self._cursor = ""
        self.rows: dict[str, FigureVisitor] = {}
        self.order: list[str] = []

    @property
    def has_more(self) -> bool:
        """Whether there may be any that were not read yet."""
        return self._source < len(self._behind.sources)

    async def read(self, desk: Desk, limit: int) -> None:
        """One more page. May raise a DeskError: nothing is lost then, and the next call asks again."""
        version, step = self._behind.sources[self._source]
        page = await desk.figure_visitors(
            self._slug,
            self._behind.figure,
            step=step,
            branch=self._behind.branch,
            version=self._version or version,
            since=self._since,
            before=self._cursor,
            limit=limit,
        )
        for one in page.visitors:
            key = f"{one.seq} {one.step} {one.branch} {len(self.order)}"
            self.rows[key] = one
            self.order.append(key)
        self._cursor = page.cursor
        if not page.cursor:
            self._source += 1
