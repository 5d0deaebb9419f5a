"""The scenarios of the desk as rows, by group. What a row needs of a scenario's file is read once a version. Pure.

Each group begins with a row of its own, its heading. Rows are immutable: a row that has changed is another object.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from operator_console.designer.outline.conditions import describe_all
from operator_console.designer.outline.triggers import trigger_words
from operator_console.translation import marked
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.yaml_nodes import Mapping, Scalar, compose
from scenarios_yaml.library.index import GROUPS
from server_stub.protocol import ScenarioFile, ScenarioStatus

OWN = "own"
"""The group of scenarios that name none of the known ones."""
GROUP_TITLES = {
    "lead_generation": marked("Lead generation"),
    "chat_bots": marked("Chat-bots"),
    "sales": marked("Sales"),
    "retention": marked("Retention"),
    "win_back": marked("Win-back"),
    OWN: marked("The shop's own"),
}
"""In the order of the map."""
HEADING = "group:"
"""Begins the id of a heading's row: no slug holds a colon."""

Shown: TypeAlias = Literal["", "live", "draft", "paused", "archived"]


class ScenarioRow(Struct, frozen=True):
    """One scenario. `title`, `trigger` and `group` are empty until its file has been read."""

    status: ScenarioStatus
    group: str = OWN
    title: str = ""
    triggers: tuple[str, ...] = ()
    whom: str = ""
    """For whom alone it is, in words."""
    is_starter: bool = False
    has_goal: bool = False


class GroupRow(Struct, frozen=True):
    """The heading of a group: how many of its scenarios are shown, and how many of these are live."""

    group: str
    count: int
    live: int


class ScenarioFilter(Struct, frozen=True):
    """Which scenarios are shown."""

    status: Shown = ""
    text: str = ""

    def fits(self, row: ScenarioRow) -> bool:
        """Whether it is one of them: every word is in its title, its slug or what starts it."""
        if self.status and row.status.status != self.status:
            return False
        held = f"{row.title}\n{row.status.title}\n{row.status.slug}\n{' '.join(row.triggers)}\n{row.whom}".casefold()
        return all(word in held for word in self.text.casefold().split())


class ScenarioRows:
    """What is known of all scenarios. `language` is the one in which titles are shown."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.rows: dict[str, ScenarioRow] = {}
        self._read: dict[str, tuple[str, bool]] = {}
        """Of which text each row was made: its version, and whether the file had errors then."""

    def take(self, statuses: Iterable[ScenarioStatus]) -> set[str]:
        """The scenarios as they are now; answers whose rows have changed, those that are gone among them."""
        now = {status.slug: status for status in statuses}
        changed = self.rows.keys() - now.keys()
        for slug in changed:
            del self.rows[slug]
            self._read.pop(slug, None)
        for slug, status in now.items():
            row = self.rows.get(slug)
            if row is None or row.status != status:
                self.rows[slug] = ScenarioRow(status) if row is None else replace(row, status=status)
                changed = changed | {slug}
        return set(changed)

    def unread(self) -> list[str]:
        """The scenarios whose file has to be read, or read again, by slug."""
        return sorted(slug for slug, row in self.rows.items() if self._read.get(slug) != _text_of(row.status))

    def take_file(self, file: ScenarioFile) -> None:
        """What the file says of its group, its title and when it starts. Of one with errors, as much as can be read."""
        row = self.rows.get(file.slug)
        if row is None:
            return
        self._read[file.slug] = _text_of(row.status)
        scenario = read_scenario(file.text).scenario
        if scenario is None:
            group, title = _broken_head(file.text, self.language)
            self.rows[file.slug] = replace(row, group=_group(group or row.group), title=title or row.title)
            return
        self.rows[file.slug] = ScenarioRow(
            row.status,
            _group(scenario.group),
            scenario.title.render({}, self.language),
            tuple(trigger_words(trigger) for trigger in scenario.trigger),
            describe_all(scenario.audience) if scenario.audience else "",
            scenario.starter,
            scenario.goal is not None,
        )

    def view(self, wanted: ScenarioFilter) -> list[str]:
        """The ids of the rows to show, with the groups' headings: by group, then what is live first, then by title."""
        fitting = [row for slug, row in self.rows.items() if slug in self._read and wanted.fits(row)]
        shown: list[str] = []
        for group in (*GROUPS, OWN):
            rows = sorted((row for row in fitting if row.group == group), key=_place)
            if rows:
                shown += [HEADING + group, *(row.status.slug for row in rows)]
        return shown

    def heading(self, key: str, shown: Sequence[str]) -> GroupRow:
        """The heading of that id among the rows that are shown."""
        group = key.removeprefix(HEADING)
        rows = [row for slug in shown if (row := self.rows.get(slug)) is not None and row.group == group]
        return GroupRow(group, len(rows), sum(row.status.status == "live" for row in rows))

    def counts(self) -> dict[str, int]:
        """How many scenarios there are of each status; under the empty one, of all."""
        found = {"": len(self.rows)}
        for row in self.rows.values():
            found[row.status.status] = found.get(row.status.status, 0) + 1
        return found


_ORDER = ("live", "paused", "draft", "archived")


def _place(row: ScenarioRow) -> tuple[int, bool, str]:
    status = row.status.status
    rank = _ORDER.index(status) if status in _ORDER else len(_ORDER)
    return rank, not row.is_starter, (row.title or row.status.title or row.status.slug).casefold()


def _group(written: str) -> str:
    return written if written in GROUP_TITLES else OWN


def _broken_head(text: str, language: str) -> tuple[str, str]:
    """Group and title of a file with errors, raw; empty where they cannot be read."""
    root, _problems = compose(text.removeprefix("\ufeff"))
    if not isinstance(root, Mapping):
        return "", ""
    values = {key.value: value for key, value in root.pairs}
    title = values.get("title")
    if isinstance(title, Mapping):
        languages = {key.value: value for key, value in title.pairs}
        title = languages.get(language) or next(iter(languages.values()), None)
    group = values.get("group")
    return (
        group.value if isinstance(group, Scalar) else "",
        title.value if isinstance(title, Scalar) else "",
    )


def _text_of(status: ScenarioStatus) -> tuple[str, bool]:
    return status.version, bool(status.problems)
