"""The ready-made scenarios as rows, by goal, the key scenarios first. Pure: the library lies in the package."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from operator_console.designer.outline.conditions import describe_all
from operator_console.designer.outline.triggers import trigger_words
from operator_console.translation import spoken
from scenarios_yaml.language import model
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.library.index import GROUPS, LibraryItem, library

CHANNELS = ("chat", "popup", "email", "push", "messenger")


class LibraryRow(Struct, frozen=True):
    """One ready-made scenario, in the language of the console; raw."""

    slug: str
    group: str
    title: str
    comment: str
    triggers: tuple[str, ...]
    whom: str
    is_starter: bool
    channels: tuple[str, ...]
    """Where it speaks to the visitor, in the order of CHANNELS."""
    scenario: model.Scenario
    text: str


class LibraryRows:
    """The whole library. `here` are the scenarios that the desk has already, by slug."""

    def __init__(self, language: str) -> None:
        self.rows = {row.slug: row for row in _rows(language, spoken())}
        self.here: frozenset[str] = frozenset()

    def view(self, text: str, heading: str) -> list[str]:
        """The ids of the rows that hold every word of the text, with a heading's id (`heading` and the group) before
        those of each group."""
        words = text.casefold().split()
        shown: list[str] = []
        for group in GROUPS:
            rows = [
                row
                for row in self.rows.values()
                if row.group == group and all(word in _held(row) for word in words)
            ]
            if rows:
                rows.sort(key=lambda row: not row.is_starter)
                shown += [heading + group, *(row.slug for row in rows)]
        return shown


@lru_cache(maxsize=4)
def _rows(language: str, words: str) -> tuple[LibraryRow, ...]:  # noqa: ARG001
    """Read once a language, that of the texts and that of the words around them: it takes a tenth of a second."""
    return tuple(row for item in library() if (row := _row(item, language)) is not None)


def _row(item: LibraryItem, language: str) -> LibraryRow | None:
    scenario = read_scenario(item.text).scenario
    if scenario is None:
        return None
    return LibraryRow(
        slug=item.slug,
        group=item.group,
        title=scenario.title.render({}, language),
        comment=" ".join(scenario.comment.split()),
        triggers=tuple(trigger_words(trigger) for trigger in scenario.trigger),
        whom=describe_all(scenario.audience) if scenario.audience else "",
        is_starter=scenario.starter,
        channels=tuple(name for name in CHANNELS if name in set(_channels(scenario))),
        scenario=scenario,
        text=item.text,
    )


def _channels(scenario: model.Scenario) -> Iterator[str]:
    for step in all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)]):
        match step:
            case model.Say() | model.Ask() | model.SendFile():
                yield "chat"
            case model.Popup():
                yield "popup"
            case model.Email():
                yield "email"
            case model.Push():
                yield "push"
            case model.MessengerMessage():
                yield "messenger"


def _held(row: LibraryRow) -> str:
    return f"{row.title}\n{row.slug}\n{row.comment}\n{' '.join(row.triggers)}\n{row.whom}".casefold()
