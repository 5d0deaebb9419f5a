"""What one may write into a scenario, for completion: read out of the journal once, and then only what is new in it.

Nothing is counted while events come in. Whoever asks first waits for the journal's last entries to be read, in a
thread; whoever asks later, for those since.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from server_stub.data_folder import DataFolder
from server_stub.desk.scenarios import Scenarios
from server_stub.names.files import files_below, mention_scenario, mention_segment, templates_in
from server_stub.names.journal import SeenNames
from server_stub.names.tally import NAME_CHARS
from server_stub.protocol import Entry, KnownNames, VisitorErased
from server_stub.settings import Settings

MOST_ENTRIES = 50_000
"""Entries that one answer may wait for; what is older is not counted. They take about a third of a second."""
CHUNK = 1000
"""Entries that are read at a time."""


class Journal(Protocol):
    def last_seq(self) -> int: ...

    def entries(self, after: int, limit: int) -> list[Entry]: ...


class NamesReader:
    """`scenarios` are those that are published now."""

    def __init__(
        self, journal: Journal, scenarios: Callable[[], Scenarios], settings: Settings, folder: DataFolder
    ) -> None:
        self._journal = journal
        self._scenarios = scenarios
        self._settings = settings
        self._folder = folder
        self._seen = SeenNames()
        self._seq = 0
        self._since = 0
        self._lock = asyncio.Lock()

    async def read(self) -> KnownNames:
        """All names, as of now. Raises StoreError and OSError."""
        async with self._lock:
            await asyncio.to_thread(self._catch_up)
            return await asyncio.to_thread(self._names)

    def _catch_up(self) -> None:
        """Where somebody was erased since, all is read again: what he has named is no more."""
        is_first = not self._seq
        first = self._journal.last_seq() - MOST_ENTRIES
        if first > self._seq:
            self._seq = first
        while entries := self._journal.entries(self._seq, CHUNK):
            if not is_first and any(type(entry.what) is VisitorErased for entry in entries):
                self._seen, self._seq, self._since = SeenNames(), 0, 0
                self._catch_up()
                return
            self._since = self._since or entries[0].at
            self._seen.take(entries)
            self._seq = entries[-1].seq

    def _names(self) -> KnownNames:
        names, scenarios, settings = self._seen.copy(), self._scenarios(), self._settings
        for one in scenarios.published.values():
            if one.scenario is not None:
                mention_scenario(names, one.scenario)
        for segment in scenarios.segments.living:
            mention_segment(names, segment)
        for rule in settings.sections:
            names.sections.mention(rule.name if rule.name != "*" else "")
        return KnownNames(
            events=names.known_events(),
            properties=names.properties.names(),
            tags=names.tags.names(),
            segments=_titles(scenarios, settings.site.locale),
            teams=names.teams.names(),
            coupon_pools=tuple(sorted(settings.coupons)),
            lists=names.lists.names(),
            files=files_below(self._folder.scenario_files),
            templates=templates_in(self._folder.templates),
            paths=names.paths.names(),
            sections=names.sections.names(),
            since=self._since,
        )


def _titles(scenarios: Scenarios, locale: str) -> dict[str, str]:
    return {
        segment.slug: segment.title.render({}, locale)[:NAME_CHARS] for segment in scenarios.segments.living
    }
