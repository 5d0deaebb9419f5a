"""Which step of an earlier version is which of the text that is shown: by `scenarios_yaml/tools/publishing/diff.py`.

A step without an id is known by its place, and a place is another step's as soon as one is put in above it. So figures
are followed from the version in which they were counted, through what was published since and what is being edited.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from operator_console.errors import DeskError
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.publishing.diff import difference

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

MOST_VERSIONS = 12
"""So many earlier versions are read to follow their steps; what is older is told by the ids of its steps."""
Moves: TypeAlias = Mapping[str, str]
"""The key of a step in one version → its key in what is shown."""


class Lineage:
    """Versions of the scenario `slug`, and the keys that their steps have in the text that is shown."""

    def __init__(self, slug: str) -> None:
        self._slug = slug
        self._known: dict[str, Scenario] = {}
        self._asked: set[str] = set()
        self._moves: dict[str, Moves] = {}
        self._draft: Scenario | None = None
        self._published = ""
        """The text that was read last as a version of the desk."""

    async def learn(self, desk: Desk, versions: Iterable[str]) -> bool:
        """Read those of these versions that were not asked for yet; whether there were any. May raise a DeskError."""
        wanted = set(versions) - self._asked - self._known.keys()
        if not wanted:
            return False
        self._asked |= wanted
        try:
            await self._read(desk, wanted)
        except DeskError:
            self._asked -= wanted
            raise
        await self._follow(self._draft)
        return True

    async def show(self, text: str) -> None:
        """What is shown is this text. One with errors is passed over: what was known before it stays."""
        draft = await asyncio.to_thread(_scenario_of, text)
        if draft is not None and (self._draft is None or draft.version != self._draft.version):
            await self._follow(draft)

    def knows(self, version: str) -> bool:
        """Whether the version's steps can be followed, or were asked for in vain."""
        return version in self._known or version in self._asked

    async def publish(self, text: str) -> None:
        """This text is a version of the desk."""
        if text == self._published:
            return
        self._published = text
        scenario = await asyncio.to_thread(_scenario_of, text)
        if scenario is not None:
            self._known[scenario.version] = scenario

    def key_now(self, version: str, step: str) -> str:
        """The key of a version's step in what is shown; empty where it is gone.

        Of a version that is not known a step's id leads to it; a step without one cannot be told.
        """
        if self._draft is not None and version == self._draft.version:
            return step
        moves = self._moves.get(version)
        if moves is None:
            return "" if is_place(step) else step
        return moves.get(step, "")

    async def _read(self, desk: Desk, wanted: set[str]) -> None:
        bases = {one.version: one.base for one in await desk.versions(self._slug) if one.base}
        for version in [version for version in bases if version in wanted][:MOST_VERSIONS]:
            file = await desk.version(self._slug, bases[version])
            scenario = await asyncio.to_thread(_scenario_of, file.text)
            if scenario is not None:
                self._known[version] = scenario

    async def _follow(self, draft: Scenario | None) -> None:
        if draft is not None:
            known = tuple(self._known.values())
            self._moves = await asyncio.to_thread(_moves_to, draft, known)
            self._draft = draft


def is_place(step: str) -> bool:
    """Whether the key of a step is that of its place: the step has no id of its own."""
    return "." in step


def _scenario_of(text: str) -> Scenario | None:
    return read_scenario(text).scenario


def _moves_to(draft: Scenario, known: tuple[Scenario, ...]) -> dict[str, Moves]:
    return {one.version: difference(one, draft).moves for one in known if one.version != draft.version}
