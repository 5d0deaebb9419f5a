"""The scenarios folder: read whole when the server starts and whenever something in it changes.

A file that turns invalid is reported with its problems; what was live stays so. Tests beside scenarios
(`<slug>.test.yaml`) are not read here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

from scenarios_yaml.language.locate import set_status
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import read_scenario_file
from server_stub.protocol import ScenarioProblem
from server_stub.store.base import StoreError
from server_stub.work import AnyWork, Rejected, ScenariosRead

log = logging.getLogger("server_stub.scenarios")

DEMO_STATUS = "live"
SETTLE_MS = 100
"""Editors write a file in several steps: changes that come closer together are read once."""


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...


def read_folder(folder: Path, at: int) -> ScenariosRead:
    """Every scenario of the folder and below it, by file name; `at` in ms. A folder that is missing is empty."""
    good: list[tuple[str, str]] = []
    broken: list[tuple[str, tuple[ScenarioProblem, ...]]] = []
    for path in sorted(folder.rglob("*.yaml")):
        if not is_scenario(path.relative_to(folder)):
            continue
        name = path.relative_to(folder).as_posix()
        result = read_scenario_file(path)
        if result.scenario is None:
            broken.append((name, tuple(map(_told, result.errors))))
            continue
        text = path.read_text(encoding="utf-8-sig")
        good.append((name, text))
    return ScenariosRead(good=tuple(good), broken=tuple(broken), at=at)


def is_scenario(path: Path) -> bool:
    """Whether a path inside the folder names a scenario: no test, no segment, nothing hidden."""
    hidden = any(part.startswith(".") for part in path.parts)
    return (
        path.suffix == ".yaml"
        and not path.name.endswith(".test.yaml")
        and path.parts[0] != "segments"
        and not hidden
    )


def _told(problem: Problem) -> ScenarioProblem:
    return ScenarioProblem(problem.line, problem.column, problem.message, problem.hint)


class ScenarioFolder:
    """Gives the desk what stands in the folder. `now` is the server's clock, in ms."""

    def __init__(self, folder: Path, desk: Desk, now: Callable[[], int]) -> None:
        self._folder = folder
        self._desk = desk
        self._now = now
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read the folder, then watch it. The folder is made where there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self.read()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        self._stop.set()
        if self._task is not None:
            await self._task

    async def read(self) -> None:
        work = await asyncio.to_thread(read_folder, self._folder, self._now())
        await self._desk.submit(work)

    async def _watch(self) -> None:
        from watchfiles import awatch

        async for _ in awatch(
            self._folder, stop_event=self._stop, step=SETTLE_MS, debounce=SETTLE_MS * 5, recursive=True
        ):
            try:
                await self.read()
            except (Rejected, StoreError, OSError):
                # The next change, or the next start, reads it again.
                log.exception("the scenarios folder could not be read")


def copy_library(folder: Path, slugs: Iterable[str] = ()) -> list[str]:
    """Put the library's scenarios, live, into an empty or missing folder: the slugs copied, none where it was not.

    Without `slugs`, all of them.
    """
    if folder.exists() and any(folder.iterdir()):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(slugs)
    copied = []
    for source in _library_files(files("scenarios_yaml").joinpath("library")):
        slug = source.name.removesuffix(".yaml")
        if wanted and slug not in wanted:
            continue
        text = set_status(source.read_text(encoding="utf-8"), DEMO_STATUS)
        (folder / source.name).write_text(text, encoding="utf-8")
        copied.append(slug)
    return sorted(copied)


def _library_files(folder: Traversable) -> Iterable[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _library_files(entry)
        elif is_scenario(Path(entry.name)):
            yield entry
