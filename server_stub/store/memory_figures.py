"""The figures of scenarios, read from memory: the facts are counted when they are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from msgspec.structs import replace

from server_stub.figures.facts import Fact
from server_stub.figures.summed import Count, counts_of
from server_stub.protocol import Entry
from server_stub.store.base import Behind
from server_stub.store.memory_tables import MemoryTables


class MemoryFigures(MemoryTables):
    """Facts never change; those of an erased person are gone."""

    def figure_counts(
        self, scenario: str, first_day: int, last_day: int, version: str = ""
    ) -> tuple[int, list[Count]]:
        with self._lock:
            seq = self._entries[-1].seq if self._entries else 0
            facts = [fact for fact in self._facts if fact.scenario == scenario]
        return seq, counts_of(
            replace(fact, day=0) if fact.step else fact
            for fact in facts
            if first_day <= fact.day <= last_day and version in ("", fact.version)
        )

    def figure_totals(
        self, figures: tuple[str, ...], first_day: int, last_day: int
    ) -> list[tuple[str, int, str, int]]:
        known = {slug for slug, _ in list(self._scenarios)}
        counter = Counter(
            (fact.scenario, fact.day, fact.figure)
            for fact in list(self._facts)
            if fact.scenario in known
            and fact.figure in figures
            and not fact.step
            and first_day <= fact.day <= last_day
        )
        return [(*key, times) for key, times in counter.items()]

    def behind_figure(
        self,
        scenario: str,
        figure: str,
        *,
        step: str | None,
        branch: str | None,
        version: str,
        since: int,
        until: int,
        before: tuple[int, int, int] | None,
        limit: int,
    ) -> list[Behind]:
        found = [
            fact
            for fact in list(self._facts)
            if (fact.scenario, fact.figure) == (scenario, figure)
            and (step is None or fact.step == step)
            and (branch is None or fact.branch == branch)
            and version in ("", fact.version)
            and since <= fact.at
            and (not until or fact.at < until)
            and (before is None or _place(fact) < before)
        ]
        found.sort(key=_place, reverse=True)
        return [Behind(fact, self._entries[fact.seq - 1].visitor) for fact in found[:limit]]

    def count_anew(self, count: Callable[[Entry], list[Fact]], name: str, text: str) -> int:
        with self._lock:
            self._facts = [fact for entry in self._entries for fact in count(entry)]
            self._memory = {**self._memory, name: text}
            return len(self._facts)


def _place(fact: Fact) -> tuple[int, int, int]:
    return fact.at, fact.seq, fact.part
