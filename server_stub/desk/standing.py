"""Where runs stand now: kept while states change, so that nobody need read all visitors to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from scenarios_yaml.engine.state import Run


class Standing:
    """`known` are (scenario, version, key of the step or empty) → how many runs wait there."""

    def __init__(self, known: Mapping[tuple[str, str, str], int] | None = None) -> None:
        self._places: dict[str, Counter[tuple[str, str]]] = {}
        self.running: Counter[str] = Counter()
        """By scenario: how many runs are on their way."""
        for (scenario, version, step), count in (known or {}).items():
            self._add(scenario, version, step, count)

    def change(self, before: Iterable[Run], after: Iterable[Run]) -> None:
        """A visitor's runs were these, and are those now."""
        for sign, runs in ((-1, before), (1, after)):
            for run in runs:
                self._add(run.scenario, run.version, run.waiting.step if run.waiting else "", sign)

    def of(self, scenario: str, version: str = "") -> tuple[int, dict[tuple[str, str], int]]:
        """How many runs of the scenario are on their way, of one version or of all, and where those wait that do."""
        found = {
            place: count
            for place, count in self._places.get(scenario, {}).items()
            if version in ("", place[0])
        }
        return sum(found.values()), {place: count for place, count in found.items() if place[1]}

    def _add(self, scenario: str, version: str, step: str, count: int) -> None:
        self.running[scenario] += count
        places = self._places.setdefault(scenario, Counter())
        places[(version, step)] += count
        if not places[(version, step)]:
            del places[(version, step)]
