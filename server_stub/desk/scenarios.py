"""The scenarios that run: read from the folder's texts, published one by one, kept through a broken file and a restart.

A file that turns invalid leaves its last good version live and shows its problems. A file that is gone lets nobody
in any more; who is on his way with it is spoken to no more, and his run ends when it next would speak.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.language.model import Scenario
from server_stub.desk.known_texts import read_known
from server_stub.desk.segments import Segments, problem
from server_stub.desk.versions import Change, Lineage, Note, Versions, notes_of
from server_stub.protocol import ScenarioChanged, ScenarioProblem, ScenarioStatus
from server_stub.store.base import ScenarioRow, SegmentRow
from server_stub.work import ScenariosRead

OLDER_VERSIONS = 10
"""Versions of a scenario that are kept ready for bot dialogs that began with them."""


class Published(Struct, frozen=True):
    """A scenario as it runs. `problems` are those of its file as it is now, which then is not what runs."""

    scenario: Scenario | None
    file: str
    text: str = ""
    problems: tuple[ScenarioProblem, ...] = ()

    def status(self, slug: str, running: int, locale: str) -> ScenarioStatus:
        scenario = self.scenario
        if scenario is None:
            return ScenarioStatus(slug, slug, "broken", "", self.file, 0, self.problems)
        title = title_of(scenario, locale)
        return ScenarioStatus(
            slug, title, scenario.status, scenario.version, self.file, running, self.problems
        )


class Scenarios:
    """A value: publishing makes another one. `published` by slug; `older` are versions that were live before."""

    def __init__(
        self,
        published: Mapping[str, Published] | None = None,
        older: Mapping[tuple[str, str], Scenario] | None = None,
        segments: Segments | None = None,
        lineage: Lineage | None = None,
        notes: Versions | None = None,
    ) -> None:
        self.published = dict(published or {})
        self.older = dict(older or {})
        self.lineage = lineage or Lineage()
        self.notes = dict(notes or {})
        self.segments = segments or Segments()
        live = [one.scenario for one in self.published.values() if one.scenario is not None]
        self.catalog = Catalog.of(
            live, self.older.values(), moves=self.lineage.moves, segments=self.segments.living
        )

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[ScenarioRow],
        segments: Iterable[SegmentRow] = (),
        memory: Mapping[str, str] | None = None,
    ) -> Scenarios:
        """What was live when the server stopped, from the store."""
        notes = notes_of(memory or {})
        published: dict[str, Published] = {}
        older: dict[tuple[str, str], Scenario] = {}
        for row in sorted(rows, key=lambda row: row.published_at):
            scenario = read_known(row.text, f"{row.slug}.yaml").scenario
            if scenario is None:  # written by another version of the language
                continue
            if row.live:
                published[row.slug] = Published(scenario, f"{row.slug}.yaml", row.text)
            else:
                older[(row.slug, row.version)] = scenario
        older = _latest(older)
        moves: dict[tuple[str, str], Moves] = {}
        for slug, one in published.items():
            before = [scenario for (name, _), scenario in older.items() if name == slug]
            if one.scenario is not None and before:
                moves |= Lineage.of(slug, [*before, one.scenario], notes).moves
        return cls(published, older, Segments.from_rows(segments), Lineage(moves), notes)

    def statuses(self, running: Mapping[str, int], locale: str) -> list[ScenarioStatus]:
        """All of them, by slug."""
        return [
            self.published[slug].status(slug, running.get(slug, 0), locale) for slug in sorted(self.published)
        ]

    def read(self, work: ScenariosRead, locale: str) -> Read:
        """The scenarios after the folder was read anew, with what is to be journaled and kept."""
        segments, segment_changes, segment_rows = self.segments.read(
            work.segments, work.broken_segments, work.at, locale
        )
        found = _found(work, self.published)
        making = _Making(self, work, locale)
        for slug in sorted(found.keys() | self.published.keys()):
            making.take(slug, self.published.get(slug), found.get(slug))
        if not making.rows and not making.changes and segments is self.segments:
            return Read(self)
        changes = (*segment_changes, *making.changes)
        return Read(making.made(segments), changes, tuple(making.rows), tuple(segment_rows))


class _Making:
    """The next scenarios, while the folder's are taken in one by one."""

    def __init__(self, before: Scenarios, work: ScenariosRead, locale: str) -> None:
        self._work = work
        self._locale = locale
        self._published: dict[str, Published] = {}
        self._older = dict(before.older)
        self._lineage = before.lineage
        self.notes = dict(before.notes)
        self.changes: list[Change] = []
        self.rows: list[ScenarioRow] = []

    def take(self, slug: str, before: Published | None, now: Published | None) -> None:
        """`now` is what the folder holds of the slug."""
        if now is None:
            now = Published(None, "")
        elif now.scenario is None and before is not None:
            now = Published(before.scenario, now.file, before.text, now.problems)
        if now.file:
            self._published[slug] = now
        choices = self._work.choices.get(slug, {})
        if _differs(before, now):
            told = replace(_change(slug, now, self._locale), choices=choices)
            self.changes.append(
                Change(told, now.text, now.text != (before.text if before is not None else ""))
            )
        rows = _rows(slug, before, now, self._work.at)
        self.rows += rows
        was = before.scenario if before is not None else None
        if now.scenario is not None and (was is None or was.version != now.scenario.version):
            self.notes[(slug, now.scenario.version)] = Note(choices)
        if was is not None and now.scenario is not was:
            self._older[(slug, was.version)] = was
            if now.scenario is not None:
                self._lineage = self._lineage.replaced(was, now.scenario, choices)

    def made(self, segments: Segments) -> Scenarios:
        live = {
            (slug, one.scenario.version) for slug, one in self._published.items() if one.scenario is not None
        }
        older = _latest({key: scenario for key, scenario in self._older.items() if key not in live})
        notes = {key: note for key, note in self.notes.items() if key in live | older.keys()}
        return Scenarios(self._published, older, segments, self._lineage, notes)


class Read(Struct, frozen=True):
    """What came of reading the folder: `changes` are to be journaled, the rows to be kept."""

    scenarios: Scenarios
    changes: tuple[Change, ...] = ()
    rows: tuple[ScenarioRow, ...] = ()
    segment_rows: tuple[SegmentRow, ...] = ()


def title_of(scenario: Scenario, locale: str) -> str:
    nothing: dict[str, Any] = {}
    return scenario.title.render(nothing, locale)


def _found(work: ScenariosRead, before: Mapping[str, Published]) -> dict[str, Published]:
    """What the folder holds, by slug. A text with errors counts as broken; of two of one slug the first counts."""
    found: dict[str, Published] = {}
    for file, text in work.good:
        result = read_known(text, file)
        if result.scenario is None:
            broken = Published(None, file, "", tuple(map(problem, result.errors)))
            found.setdefault(_slug_of(file, before), broken)
            continue
        slug = result.scenario.slug
        if slug in found and found[slug].file != file:
            twice = ScenarioProblem(
                1, 1, f"{file} holds the scenario {slug}, too", "Give one of them another name."
            )
            found[slug] = Published(found[slug].scenario, found[slug].file, found[slug].text, (twice,))
            continue
        found[slug] = Published(result.scenario, file, text)
    for file, problems in work.broken:
        found.setdefault(_slug_of(file, before), Published(None, file, "", problems))
    return found


def _slug_of(file: str, before: Mapping[str, Published]) -> str:
    """The slug of a file that cannot be read: that of the scenario which came from it, else what its name promises."""
    for slug, one in before.items():
        if one.file == file:
            return slug
    stem = file.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml")
    return next((slug for slug in before if _alike(slug, stem)), stem)


def _alike(slug: str, stem: str) -> bool:
    """A file's name may write the slug's dashes as underscores, and the other way round."""
    return slug.replace("_", "-") == stem.replace("_", "-")


def _differs(before: Published | None, now: Published) -> bool:
    if before is None:
        return bool(now.file)
    return (_sign(before), before.file, before.problems) != (_sign(now), now.file, now.problems)


def _sign(one: Published) -> tuple[tuple[str, str], str]:
    """What is another publication where it differs: a comment counts as well, though it makes no other version."""
    return _version(one), one.text


def _version(one: Published) -> tuple[str, str]:
    return (one.scenario.version, one.scenario.status) if one.scenario is not None else ("", "")


def _change(slug: str, now: Published, locale: str) -> ScenarioChanged:
    if not now.file:
        return ScenarioChanged(slug, "removed", "")
    status = now.status(slug, 0, locale)
    return ScenarioChanged(slug, status.status, status.version, status.title, status.file, status.problems)


def _rows(slug: str, before: Published | None, now: Published, at: int) -> list[ScenarioRow]:
    was = before.scenario if before is not None else None
    if _sign(now) == (_sign(before) if before is not None else (("", ""), "")):
        return []
    rows = []
    if was is not None and before is not None:
        rows.append(ScenarioRow(slug, was.version, before.text, at, live=False))
    if now.scenario is not None:
        rows.append(ScenarioRow(slug, now.scenario.version, now.text, at, live=True))
    return rows


def _latest(older: dict[tuple[str, str], Scenario]) -> dict[tuple[str, str], Scenario]:
    """The last versions of each scenario; the dict is in the order in which they were replaced."""
    kept: dict[tuple[str, str], Scenario] = {}
    count: dict[str, int] = {}
    for (slug, version), scenario in reversed(older.items()):
        count[slug] = count.get(slug, 0) + 1
        if count[slug] <= OLDER_VERSIONS:
            kept[(slug, version)] = scenario
    return dict(reversed(kept.items()))
