"""Export and import of a folder: what would happen to each file, and doing it. No Textual in here.

The folder is a working copy (working_copy.py), as of `operator-console scenarios pull` and `push`: nothing is
overwritten that somebody has changed and nobody has seen.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeAlias, TypeVar

from msgspec import Struct

from operator_console.client import FileKind
from operator_console.errors import FileProblem, Refused
from operator_console.working_copy import LocalFile, Pulled, WorkingCopy
from server_stub.protocol import Problem, Publication, PublishScenario, ScenarioFile

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

P = ParamSpec("P")
T = TypeVar("T")

Coming: TypeAlias = Literal["new", "changed", "same", "unseen", "gone", "elsewhere", "errors", "undecided"]
"""Of a file that is to be published: it is new, or it changes what is there; nothing differs; the server has one of
this name that was never exported here; it is gone from the server; somebody else has published another one; it has
errors; visitors stand at a step that it has no more."""
PUBLISHED: tuple[Coming, ...] = ("new", "changed")


class Export(Struct, frozen=True):
    """One file of the server: where it would lie, and what would be done there."""

    kind: FileKind
    file: ScenarioFile
    path: Path
    what: Pulled


class Import(Struct, frozen=True):
    """One file of the folder: what would come of it. `base` names the text that it replaces."""

    local: LocalFile
    what: Coming
    base: str = ""
    publication: Publication | None = None
    """What the server says to it."""
    problem: Problem | None = None
    """Why it is refused."""


async def exports(desk: Desk, folder: Path) -> list[Export]:
    """What an export would do, by path. Raises DeskError, for a folder that cannot be used, too."""
    copy = await _opened(desk, folder)
    found = []
    for kind, file in await _files(desk):
        path, what = await _on_disk(copy.outlook, kind, file)
        found.append(Export(kind, file, path, what))
    return sorted(found, key=lambda one: str(one.path))


async def export(desk: Desk, folder: Path, planned: Iterable[Export]) -> None:
    """Write what was planned. Raises DeskError."""
    copy = await _opened(desk, folder)
    for one in planned:
        await _on_disk(copy.pull, one.kind, one.file)
    await _on_disk(copy.save)


async def imports(desk: Desk, folder: Path) -> list[Import]:
    """What an import would do: segments first, since scenarios may name them. Raises DeskError."""
    copy = await _opened(desk, folder)
    locals_ = await _on_disk(lambda: list(copy.files()))
    return [await _coming(desk, local) for local in sorted(locals_, key=_segments_first)]


async def import_(desk: Desk, folder: Path, planned: Iterable[Import]) -> list[tuple[Import, Refused]]:
    """Publish what can be; answers what was refused after all. Raises DeskError."""
    copy = await _opened(desk, folder)
    refused: list[tuple[Import, Refused]] = []
    for one in planned:
        if one.what not in PUBLISHED:
            continue
        local = one.local
        try:
            done = await desk.publish(local.slug, PublishScenario(text=local.text, base=one.base), local.kind)
        except Refused as error:
            refused.append((one, error))
            continue
        copy.remember(local.kind, local.slug, done.base, local.text)
    await _on_disk(copy.save)
    return refused


async def _files(desk: Desk) -> list[tuple[FileKind, ScenarioFile]]:
    """Every text of the server."""
    slugs: list[tuple[FileKind, str]] = [("scenario", one.slug) for one in await desk.scenarios()]
    slugs += [("segment", one.slug) for one in await desk.segments()]
    return [(kind, await desk.scenario_file(slug, kind)) for kind, slug in slugs]


async def _opened(desk: Desk, folder: Path) -> WorkingCopy:
    return await _on_disk(WorkingCopy, folder, desk.url)


async def _on_disk(doing: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
    """Do it in a thread: a folder may lie on a slow disk. What the system refuses is a FileProblem."""
    try:
        return await asyncio.to_thread(doing, *arguments, **more)
    except OSError as error:
        name = error.filename or ""
        reason = error.strerror or type(error).__name__
        raise FileProblem(Problem("file", f"{name}: {reason}" if name else reason)) from error


async def _coming(desk: Desk, local: LocalFile) -> Import:
    remote = await _remote(desk, local)
    if remote is not None and remote.text == local.text:
        return Import(local, "same", remote.base)
    base = remote.base if remote is not None else ""
    if local.base != base:
        return Import(local, "unseen" if not local.base else "elsewhere" if base else "gone", base)
    request = PublishScenario(text=local.text, base=base, rehearse=True)
    try:
        publication = await desk.publish(local.slug, request, local.kind)
    except Refused as error:
        return Import(local, "errors", base, problem=error.problem)
    if any(standing.fate == "undecided" for standing in publication.standing):
        return Import(local, "undecided", base, publication)
    return Import(local, "changed" if remote is not None else "new", base, publication)


async def _remote(desk: Desk, local: LocalFile) -> ScenarioFile | None:
    try:
        return await desk.scenario_file(local.slug, local.kind)
    except Refused as error:
        if error.status == 404:
            return None
        raise


def _segments_first(local: LocalFile) -> tuple[bool, str]:
    return local.kind != "segment", local.slug
