"""The segments that live: read from the folder's texts, kept through a broken file and a restart, as scenarios are.

A file that turns invalid leaves its last good version, and shows its problems. A file that is gone ends its segment:
nobody is in it any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from scenarios_yaml.language.model import Segment
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.segment_reader import read_segment
from server_stub.desk.versions import Change
from server_stub.protocol import ScenarioProblem, SegmentChanged, SegmentStatus
from server_stub.store.base import SegmentRow

FileTexts = tuple[tuple[str, str], ...]
FileProblems = tuple[tuple[str, tuple[ScenarioProblem, ...]], ...]


class KeptSegment(Struct, frozen=True):
    """A segment as it lives. `problems` are those of its file as it is now, which then is not what lives."""

    segment: Segment | None
    file: str
    text: str = ""
    problems: tuple[ScenarioProblem, ...] = ()

    @property
    def version(self) -> str:
        return self.segment.version if self.segment is not None else ""


class Segments:
    """A value: reading makes another one. `kept` by slug."""

    def __init__(self, kept: Mapping[str, KeptSegment] | None = None) -> None:
        self.kept = dict(kept or {})

    @classmethod
    def from_rows(cls, rows: Iterable[SegmentRow]) -> Segments:
        """What was live when the server stopped, from the store."""
        kept: dict[str, KeptSegment] = {}
        for row in rows:
            segment = read_segment(row.text, f"{row.slug}.yaml").segment if row.live else None
            if segment is not None:  # else it was written by another version of the language
                kept[row.slug] = KeptSegment(segment, f"{row.slug}.yaml", row.text)
        return cls(kept)

    @property
    def living(self) -> list[Segment]:
        """Those that visitors can be in, by slug."""
        found = (self.kept[slug].segment for slug in sorted(self.kept))
        return [segment for segment in found if segment is not None]

    def versions(self) -> dict[str, str]:
        """Of those that live."""
        return {segment.slug: segment.version for segment in self.living}

    def statuses(self, members: Mapping[str, int], locale: str) -> list[SegmentStatus]:
        """All of them, by slug; `members` are the numbers of visitors in them."""
        return [
            SegmentStatus(
                slug, _title(one, slug, locale), one.version, one.file, members.get(slug, 0), one.problems
            )
            for slug, one in sorted(self.kept.items())
        ]

    def read(
        self, good: FileTexts, broken: FileProblems, at: int, locale: str
    ) -> tuple[Segments, list[Change], list[SegmentRow]]:
        """The segments after the folder was read anew at `at` (ms), with what is to be journaled and kept."""
        found = _found(good, broken, self.kept)
        kept: dict[str, KeptSegment] = {}
        changes: list[Change] = []
        rows: list[SegmentRow] = []
        for slug in sorted(found.keys() | self.kept.keys()):
            before, now = self.kept.get(slug), found.get(slug)
            if now is not None and now.segment is None and before is not None:
                now = KeptSegment(before.segment, now.file, before.text, now.problems)
            if now is not None:
                kept[slug] = now
            if _sign(before) != _sign(now):
                was, text = (before.text if before else ""), (now.text if now else "")
                changes.append(Change(_change(slug, now, locale), text, text != was))
            rows += _rows(slug, before, now, at)
        return (Segments(kept) if changes or rows else self), changes, rows


def _sign(one: KeptSegment | None) -> Any:
    """What a change of is worth telling."""
    return None if one is None else (one.version, one.file, one.problems, one.text)


def _change(slug: str, now: KeptSegment | None, locale: str) -> SegmentChanged:
    if now is None:
        return SegmentChanged(slug, "", removed=True)
    return SegmentChanged(slug, now.version, _title(now, slug, locale), now.file, now.problems)


def _title(one: KeptSegment, slug: str, locale: str) -> str:
    nothing: dict[str, Any] = {}
    return one.segment.title.render(nothing, locale) if one.segment is not None else slug


def _rows(slug: str, before: KeptSegment | None, now: KeptSegment | None, at: int) -> list[SegmentRow]:
    was, is_now = (before.version if before else ""), (now.version if now else "")
    if (was, before.text if before else "") == (is_now, now.text if now else ""):
        return []
    rows = []
    if before is not None and was and was != is_now:
        rows.append(SegmentRow(slug, was, before.text, at, live=False))
    if now is not None and is_now:
        rows.append(SegmentRow(slug, is_now, now.text, at, live=True))
    return rows


def _found(
    good: FileTexts, broken: FileProblems, before: Mapping[str, KeptSegment]
) -> dict[str, KeptSegment]:
    """What the folder holds, by slug; of two files of one slug the first counts."""
    found: dict[str, KeptSegment] = {}
    for file, text in good:
        result = read_segment(text, file)
        if result.segment is None:
            found.setdefault(_slug_of(file, before), _broken(file, tuple(map(problem, result.errors))))
        elif (first := found.get(result.segment.slug)) is not None:
            detail = f"{file} holds the segment {result.segment.slug}, too"
            twice = ScenarioProblem(1, 1, detail, "Give one of them another name.")
            found[result.segment.slug] = KeptSegment(first.segment, first.file, first.text, (twice,))
        else:
            found[result.segment.slug] = KeptSegment(result.segment, file, text)
    for file, problems in broken:
        found.setdefault(_slug_of(file, before), _broken(file, problems))
    return found


def _broken(file: str, problems: tuple[ScenarioProblem, ...]) -> KeptSegment:
    return KeptSegment(None, file, "", problems)


def _slug_of(file: str, before: Mapping[str, KeptSegment]) -> str:
    """The slug of a file that cannot be read: that of the segment which came from it, else its name."""
    for slug, one in before.items():
        if one.file == file:
            return slug
    return file.replace("\\", "/").rpartition("/")[2].removesuffix(".yaml")


def problem(found: Problem) -> ScenarioProblem:
    """A problem as it crosses the wire."""
    return ScenarioProblem(found.line, found.column, found.message, found.hint)
