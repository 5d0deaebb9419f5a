"""What was around the visitors, out of the journal: versions of scenarios and segments, operators, broadcasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from scenarios_yaml.tools.past.log import Around, Broadcast, Presence, Publication
from server_stub.desk.transaction import world_of
from server_stub.protocol import BroadcastBegan, Entry, OperatorChanged, ScenarioChanged, SegmentChanged
from server_stub.settings import Settings
from server_stub.store.base import ScenarioRow, SegmentRow, VisitorRow

SETTINGS = (
    "Settings (time zone, hours, holidays, quiet hours, frequency cap, coupons) are taken as they are now."
)


class Keeps(Protocol):
    """What of a store (store/base.py) the past is read from."""

    def close(self) -> None: ...

    def first_seq(self) -> int: ...

    def visitors(self, ids: list[str]) -> dict[str, VisitorRow]: ...

    def scenarios(self) -> list[ScenarioRow]: ...

    def segments(self) -> list[SegmentRow]: ...

    def house_entries(self) -> list[Entry]: ...

    def journal_of(self, visitors: list[str]) -> list[Entry]: ...

    def journals(self, first: str, end: str, kinds: tuple[str, ...]) -> Iterator[tuple[str, bytes]]: ...

    def became(self) -> dict[str, str]: ...

    def visitor_ranges(self, size: int) -> list[str]: ...

    def visitors_called(self, name: str) -> list[str]: ...


def around_of(store: Keeps, settings: Settings) -> Around:
    """Everything that the journal says of scenarios, segments, operators and broadcasts. Raises StoreError."""
    texts = {("scenario", row.slug, row.version): row.text for row in store.scenarios()}
    texts |= {("segment", row.slug, row.version): row.text for row in store.segments()}
    reading = _Reading(texts)
    reading.take(store.house_entries())
    return Around(
        world=world_of(settings, 0),
        publications=tuple(reading.publications),
        broadcasts=tuple(reading.broadcasts),
        presences=tuple(reading.presences),
        coupons=dict(settings.coupons),
        unknown=(SETTINGS, *reading.unknown),
    )


class _Reading:
    def __init__(self, texts: dict[tuple[str, str, str], str]) -> None:
        self.publications: list[Publication] = []
        self.broadcasts: list[Broadcast] = []
        self.presences: list[Presence] = []
        self.unknown: list[str] = []
        self._texts = texts
        self._known: dict[tuple[str, str], tuple[str, str]] = {}
        """By kind and slug: version and status as last published."""
        self._online: set[str] = set()

    def take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry.what:
                case ScenarioChanged() as what:
                    self._scenario(entry, what)
                case SegmentChanged() as what:
                    status = "removed" if what.removed else "live"
                    self._published(entry, "segment", what.slug, what.version, status)
                case OperatorChanged() as what:
                    self._operator(entry, what)
                case BroadcastBegan() as what:
                    self.broadcasts.append(Broadcast(entry.at, what.scenario, what.due, entry.seq))

    def _scenario(self, entry: Entry, what: ScenarioChanged) -> None:
        if what.version or what.status == "removed":  # a file that never was right has no version
            self._published(entry, "scenario", what.slug, what.version, what.status, what.choices)

    def _published(
        self,
        entry: Entry,
        kind: str,
        slug: str,
        version: str,
        status: str,
        choices: dict[str, str] | None = None,
    ) -> None:
        if self._known.get((kind, slug)) == (version, status):
            return  # the same version: only its file, or what is wrong with that, has changed
        self._known[(kind, slug)] = (version, status)
        text = self._texts.get((kind, slug, version), "")
        if not text and status != "removed":
            if version:
                self.unknown.append(f"The text of the {kind} {slug}, version {version}, is not kept.")
            return
        self.publications.append(
            Publication(
                entry.at,
                "segment" if kind == "segment" else "scenario",
                slug,
                "" if status == "removed" else text,
                entry.seq,
                "live" if status == "removed" else status,
                choices or {},
            )
        )

    def _operator(self, entry: Entry, what: OperatorChanged) -> None:
        before = len(self._online)
        if what.online and not what.removed and not what.away:
            self._online.add(what.operator)
        else:
            self._online.discard(what.operator)
        if len(self._online) != before:
            self.presences.append(Presence(entry.at, len(self._online), entry.seq))
