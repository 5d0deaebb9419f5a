"""What becomes of runs that stand in older versions, and what is remembered for that of each publication.

Where a step is found again in the newer version follows from the two texts. What its publisher chose for steps that are
gone does not: that is kept in the store, by scenario and version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import DecodeError, Struct, json

from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.tools.publishing.in_flight import moves_between
from server_stub.protocol import ScenarioChanged, SegmentChanged

_MEMORY = "publication "


class Note(Struct, frozen=True, omit_defaults=True):
    """Of one version: what was chosen for the visitors of the version before it."""

    choices: dict[str, str] = {}


class Change(Struct, frozen=True):
    """What is to be journaled of a file that was read. `text` is what is published now; `is_new`: it was another one
    before, or none."""

    what: ScenarioChanged | SegmentChanged
    text: str
    is_new: bool


Versions = Mapping[tuple[str, str], Note]
"""Notes by scenario and version."""


def notes_of(memory: Mapping[str, str]) -> dict[tuple[str, str], Note]:
    """What the store remembers of publications."""
    notes: dict[tuple[str, str], Note] = {}
    for name, text in memory.items():
        slug, _, version = name.removeprefix(_MEMORY).rpartition(" ")
        if name.startswith(_MEMORY) and slug:
            try:
                notes[(slug, version)] = json.decode(text, type=Note)
            except DecodeError:  # written by another version of the program
                continue
    return notes


def changed_notes(before: Versions, after: Versions) -> dict[str, str]:
    """What the store is to remember anew, by name; an empty text is to be forgotten."""
    changed = {key: json.encode(note).decode() for key, note in after.items() if before.get(key) != note}
    changed |= {key: "" for key in before if key not in after}
    return {f"{_MEMORY}{slug} {version}": text for (slug, version), text in changed.items()}


class Lineage:
    """The moves from every older version of the scenarios to the one that is published."""

    def __init__(self, moves: Mapping[tuple[str, str], Moves] | None = None) -> None:
        self.moves = dict(moves or {})

    @classmethod
    def of(cls, slug: str, versions: Iterable[Scenario], notes: Versions) -> Lineage:
        """`versions` of one scenario in the order in which they were live, the published one last."""
        lineage = cls()
        before: Scenario | None = None
        for scenario in versions:
            if before is not None:
                note = notes.get((slug, scenario.version), Note())
                lineage = lineage.replaced(before, scenario, note.choices)
            before = scenario
        return lineage

    def replaced(self, older: Scenario, newer: Scenario, choices: Mapping[str, str]) -> Lineage:
        """The lineage after `newer` took the place of `older`."""
        if older.version == newer.version:
            return self
        step = moves_between(older, newer, choices)
        moves = {
            (slug, version): known.then(step) if slug == newer.slug else known
            for (slug, version), known in self.moves.items()
        }
        moves[(older.slug, older.version)] = step
        moves.pop((newer.slug, newer.version), None)
        return Lineage(moves)
