"""The names that a journal's entries hold: events and their properties, properties and tags of visitors, pages.

Only names are taken, never values; of a page its path, without the query.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from msgspec import UNSET

from scenarios_yaml.language.model import event_key
from server_stub.names.tally import Tally
from server_stub.protocol import DialogChanged, Entry, EventHappened, KnownEvent, VisitorChanged

MOST_EVENTS = 300
MOST_PROPERTIES = 300
MOST_OF_AN_EVENT = 40
"""Properties that are remembered of one event name."""
MOST_TAGS = 300
MOST_PATHS = 300
MOST_SECTIONS = 100
MOST_TEAMS = 100
MOST_LISTS = 100

_key = lru_cache(maxsize=4096)(event_key)
_PAGE_VIEWED = event_key("Page Viewed")
_SECTION_VIEWED = event_key("Section Viewed")
_LISTS = (event_key("Subscribed"), event_key("Unsubscribed"))


class SeenNames:
    """What was seen so far. `take` entries in their order."""

    def __init__(self) -> None:
        self.events = Tally(MOST_EVENTS, _key)
        self.properties = Tally(MOST_PROPERTIES)
        self.tags = Tally(MOST_TAGS)
        self.paths = Tally(MOST_PATHS)
        self.sections = Tally(MOST_SECTIONS)
        self.teams = Tally(MOST_TEAMS)
        self.lists = Tally(MOST_LISTS)
        self._of_events: dict[str, Tally] = {}

    def take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            what = entry.what
            if type(what) is EventHappened:
                self._event(what, entry.at)
            elif type(what) is VisitorChanged:
                for name, value in what.changes.items():
                    if value is not None:
                        self.properties.count(name, entry.at)
                self._tags(what.tags_added, entry.at)
            elif type(what) is DialogChanged:
                self._tags(what.tags_added, entry.at)
                if what.team is not UNSET:
                    self.teams.count(what.team, entry.at)

    def copy(self) -> SeenNames:
        """For adding to it what was not seen."""
        other = SeenNames()
        for name in ("events", "properties", "tags", "paths", "sections", "teams", "lists"):
            setattr(other, name, getattr(self, name).copy())
        other._of_events = self._of_events
        return other

    def known_events(self) -> tuple[KnownEvent, ...]:
        """Those seen most often first, each with its properties likewise."""
        found = []
        for one in self.events.names():
            tally = self._of_events.get(_key(one.name))
            properties = tuple(name.name for name in tally.names()) if tally is not None else ()
            found.append(KnownEvent(one.name, one.times, one.last_at, properties))
        return tuple(found)

    def _tags(self, tags: Iterable[str], at: int) -> None:
        for tag in tags:
            self.tags.count(tag, at)

    def _event(self, what: EventHappened, at: int) -> None:
        self.events.count(what.name, at)
        if what.name not in self.events:
            return
        key = _key(what.name)
        if what.properties:
            tally = self._of_events.get(key)
            if tally is None:
                tally = self._of_events[key] = Tally(MOST_OF_AN_EVENT)
                self._forget_those_of_no_event()
            for name in what.properties:
                tally.count(name, at)
        if key == _PAGE_VIEWED:
            _count_text(self.paths, what, "path", at)
        elif key == _SECTION_VIEWED:
            _count_text(self.sections, what, "section", at)
        elif key in _LISTS:
            _count_text(self.lists, what, "list", at)

    def _forget_those_of_no_event(self) -> None:
        if len(self._of_events) > 3 * MOST_EVENTS:
            self._of_events = {key: tally for key, tally in self._of_events.items() if key in self.events}


def _count_text(tally: Tally, what: EventHappened, name: str, at: int) -> None:
    value = what.properties.get(name)
    if isinstance(value, str):
        tally.count(value.partition("?")[0].partition("#")[0], at)
