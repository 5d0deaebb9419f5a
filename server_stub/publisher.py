"""Publishing from afar: a text takes the place of another in the scenarios folder, or nothing is changed.

The folder is the truth: whoever edits a file there publishes, too. So a text is compared with what lies in the folder,
written there whole, and read by the desk together with who published it and what was chosen for visitors in flight.
"""

from __future__ import annotations

import asyncio
from typing import Literal, Protocol, TypeAlias

from msgspec.structs import replace

from scenarios_yaml.language.editing.status import CannotEditError, set_status
from server_stub.desk.scenarios import Published, Scenarios
from server_stub.desk.segments import KeptSegment
from server_stub.ids import base_of
from server_stub.protocol import (
    ChangeScenario,
    Publication,
    PublishScenario,
    ScenarioFile,
    ScenarioTests,
    ScenarioVersion,
    StepCount,
    WriteScenarioTests,
)
from server_stub.publishing import rehearse_scenario, rehearse_segment, undecided
from server_stub.scenario_folder import SEGMENTS, ScenarioFolder, plain_lines
from server_stub.store.base import OperatorRow, Store, StoreError, TextRow
from server_stub.tests_beside import tests_of, write_tests
from server_stub.work import Rejected

Kind: TypeAlias = Literal["scenario", "segment"]
MAX_WHY_CHARS = 1000
"""Of the word that a publisher leaves for whoever reads the versions later."""


class HasScenarios(Protocol):
    @property
    def scenarios(self) -> Scenarios: ...


class Publisher:
    """Reads and replaces the texts of the folder, one publication at a time."""

    def __init__(self, folder: ScenarioFolder, desk: HasScenarios, store: Store) -> None:
        self._folder = folder
        self._desk = desk
        self._store = store

    async def file(self, kind: Kind, slug: str) -> ScenarioFile:
        """The text as it lies in the folder, and who stands where. Raises Rejected (404), StoreError."""
        known = self._known(kind, slug)
        if known is None:
            raise Rejected("not_found", f"There is no {kind} {slug[:80]!r}.", status=404)
        text = await asyncio.to_thread(self._folder.text, known.file) or known.text
        base = base_of(text)
        row = await self._published_last(kind, slug, base)
        at, by, why = (row.at, self._name(row.by), row.why) if row is not None else (0, "", "")
        version, status = _version_and_status(known)
        standing = await self._standing(slug) if kind == "scenario" else ()
        return ScenarioFile(slug, known.file, text, base, version, status, at, by, standing, why)

    async def versions(self, kind: Kind, slug: str, before: int, limit: int) -> list[ScenarioVersion]:
        """What was published under the slug, the newest first, with `seq < before` (0: the end).

        Raises Rejected (404) where nothing ever was, StoreError.
        """
        rows = await asyncio.to_thread(self._store.texts_of, kind, slug, before, limit)
        if not rows and not before and self._known(kind, slug) is None:
            raise Rejected("not_found", f"There was never a {kind} {slug[:80]!r}.", status=404)
        names = {row.id: row.name for row in self._store.operators()}
        return [
            ScenarioVersion(
                row.seq, row.base, row.version, row.at, row.status, names.get(row.by, row.by), row.why
            )
            for row in rows
        ]

    async def version(self, kind: Kind, slug: str, base: str) -> ScenarioFile:
        """A text as it was published. Raises Rejected (404), StoreError."""
        row = await asyncio.to_thread(self._store.published_text, kind, slug, base) if base else None
        if row is None:
            detail = f"No text {base[:80]!r} of the {kind} {slug[:80]!r} was ever published."
            raise Rejected("not_found", detail, status=404)
        known = self._known(kind, slug)
        file = known.file if known is not None else _file_of(kind, slug)
        standing = await self._standing(slug) if kind == "scenario" else ()
        here = tuple(count for count in standing if count.version == row.version)
        return ScenarioFile(
            slug, file, row.text, base, row.version, row.status, row.at, self._name(row.by), here, row.why
        )

    async def tests(self, slug: str) -> ScenarioTests:
        """The tests beside a scenario; an empty text where there are none. Raises Rejected (404)."""
        return await tests_of(self._folder, slug, self._scenario_file(slug))

    async def write_tests(self, slug: str, request: WriteScenarioTests) -> ScenarioTests:
        """Put others in their place. Raises Rejected (404, 409 conflict, 422 with the text's errors)."""
        return await write_tests(self._folder, slug, self._scenario_file(slug), request)

    async def publish(
        self, kind: Kind, slug: str, request: PublishScenario, operator: OperatorRow
    ) -> Publication:
        """Raises Rejected (404, 409 conflict or undecided, 422 with the text's errors), StoreError."""
        _check_reason(request.why)
        request = replace(request, text=plain_lines(request.text))
        async with self._folder.lock:
            await self._folder.read_locked()
            known = self._known(kind, slug)
            file = known.file if known is not None and known.file else _file_of(kind, slug)
            before = await asyncio.to_thread(self._folder.text, file)
            await self._check_base(kind, slug, before, request.base)
            return await self._publish_over(kind, slug, file, before, request, operator)

    async def switch(self, slug: str, request: ChangeScenario, operator: OperatorRow) -> Publication:
        """Give a scenario another status.

        Raises Rejected (404, 409 conflict, 422 with the text's errors), StoreError.
        """
        _check_reason(request.why)
        async with self._folder.lock:
            await self._folder.read_locked()
            known = self._known("scenario", slug)
            before = await asyncio.to_thread(self._folder.text, known.file) if known is not None else ""
            if known is None or not before:
                raise Rejected("not_found", f"There is no scenario {slug[:80]!r}.", status=404)
            if request.base:
                await self._check_base("scenario", slug, before, request.base)
            try:
                text = set_status(before, request.status)
            except CannotEditError as error:
                raise Rejected("invalid", f"{slug}: {error}.", status=422) from error
            whole = PublishScenario(text=text, why=request.why)
            return await self._publish_over("scenario", slug, known.file, before, whole, operator)

    async def _publish_over(
        self, kind: Kind, slug: str, file: str, before: str, request: PublishScenario, operator: OperatorRow
    ) -> Publication:
        """Put the text in the place of `before`, or only say what would come of it."""
        rehearsed = await self._rehearsed(kind, slug, request)
        if request.rehearse or before == request.text:
            return replace(rehearsed, base=base_of(before) if before else "")
        refusal = undecided(rehearsed)
        if refusal is not None:
            raise refusal
        await self._replace(slug, file, before, request, operator)
        return replace(rehearsed, published=True)

    async def _rehearsed(self, kind: Kind, slug: str, request: PublishScenario) -> Publication:
        if kind == "segment":
            kept = self._desk.scenarios.segments.kept.get(slug)
            return rehearse_segment(kept.segment if kept is not None else None, request.text, slug)
        published = self._desk.scenarios.published.get(slug)
        older = published.scenario if published is not None else None
        standing = await self._standing(slug)
        return rehearse_scenario(older, request.text, slug, standing, request.moves)

    async def _replace(
        self, slug: str, file: str, before: str, request: PublishScenario, operator: OperatorRow
    ) -> None:
        """Write the file and have it read; what could not be stored is as if it had not been written."""
        try:
            await asyncio.to_thread(self._folder.write, file, request.text)
            await self._folder.read_locked(operator.id, {slug: dict(request.moves)}, request.why)
        except OSError as error:
            detail = f"The file {file} cannot be written: {error.strerror or error}."
            raise Rejected("unwritable", detail, status=500) from error
        except (Rejected, StoreError):
            await asyncio.to_thread(self._folder.write, file, before)
            raise

    async def _check_base(self, kind: Kind, slug: str, before: str, seen: str) -> None:
        """`seen` is the base of the text that the operator has seen. Raises Rejected (409)."""
        base = base_of(before) if before else ""
        if seen == base:
            return
        row = await self._published_last(kind, slug, base)
        by = self._name(row.by) if row is not None else ""
        who = f"{by} has" if by else "Somebody has"
        if not before:
            detail = f"{slug} is not here any more."
        elif not seen:
            detail = f"There is a {kind} {slug} already."
        else:
            detail = f"{who} published another version of {slug} in between."
        hint = "Nothing was overwritten. Get the server's text, bring both together, and publish again."
        raise Rejected("conflict", detail, status=409, field="base", hint=hint)

    async def _standing(self, slug: str) -> tuple[StepCount, ...]:
        found = await asyncio.to_thread(self._store.standing, slug)
        return tuple(StepCount(version, step, count) for (version, step), count in found.items())

    def _known(self, kind: Kind, slug: str) -> Published | KeptSegment | None:
        scenarios = self._desk.scenarios
        return scenarios.published.get(slug) if kind == "scenario" else scenarios.segments.kept.get(slug)

    def _scenario_file(self, slug: str) -> str:
        known = self._known("scenario", slug)
        if known is None:
            raise Rejected("not_found", f"There is no scenario {slug[:80]!r}.", status=404)
        return known.file or _file_of("scenario", slug)

    async def _published_last(self, kind: Kind, slug: str, base: str) -> TextRow | None:
        """The last publication, where it was that of the text `base`."""
        rows = await asyncio.to_thread(self._store.texts_of, kind, slug, 0, 1)
        return rows[0] if rows and rows[0].base == base else None

    def _name(self, operator: str) -> str:
        """What the operator is called, also after he has left."""
        return next((row.name for row in self._store.operators() if row.id == operator), operator)


def _check_reason(why: str) -> None:
    """Raises Rejected for one that is too long."""
    if len(why) > MAX_WHY_CHARS:
        detail = f"A reason has at most {MAX_WHY_CHARS:,} characters."
        raise Rejected("invalid", detail, status=422, field="why")


def _version_and_status(known: Published | KeptSegment) -> tuple[str, str]:
    if isinstance(known, KeptSegment):
        return known.version, ""
    scenario = known.scenario
    return (scenario.version, scenario.status) if scenario is not None else ("", "broken")


def _file_of(kind: Kind, slug: str) -> str:
    """Where a new one goes. Raises Rejected where the slug is no name for a file."""
    if not slug.replace("-", "").replace("_", "").isalnum() or not slug.isascii():
        raise Rejected("invalid", f"{slug[:80]!r} is no name for a {kind}.", status=422)
    return f"{SEGMENTS}/{slug}.yaml" if kind == "segment" else f"{slug}.yaml"
