"""The scenarios folder: read whole when the server starts and whenever something in it changes.

A file that turns invalid is reported with its problems; what was live stays so. Tests beside scenarios
(`<slug>.test.yaml`) are not read here.
"""

from __future__ import annotations

import asyncio
import codecs
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from msgspec.structs import replace

from scenarios_yaml.language.editing.status import set_status
from scenarios_yaml.language.problems import Problem
from scenarios_yaml.language.reader import read_scenario_file
from scenarios_yaml.language.segment_reader import read_segment_file
from scenarios_yaml.language.yaml_nodes import MAX_BYTES
from scenarios_yaml.library.index import file_names, library, read_file, segments
from server_stub.desk.known_texts import read_known
from server_stub.desk.segments import FileProblems, FileTexts
from server_stub.protocol import ScenarioProblem
from server_stub.store.base import StoreError
from server_stub.work import AnyWork, Rejected, ScenariosRead

log = logging.getLogger("server_stub.scenarios")

LIVE_IN_DEMO = frozenset({
    # what the library says to set up first; of its two bonus pop-ups one, for both would come within ten seconds
    "site_bonus_popup", "help_choosing_bot", "delivery_and_orders_bot", "viewed_products_promo_popup",
    "abandoned_cart_series", "order_confirmation_email", "come_back_offer_email",
    # and what shows the rest without getting in its way
    "exit_promo_popup", "free_delivery_popup", "category_bot", "browsing_help_chat", "knowledge_base_bot",
    "order_registration_bot", "promo_code_bot", "save_cart_popup", "viewed_products_email", "review_request_email",
})  # fmt: skip
"""All 51 at once would talk over each other; the others lie in the demo's folder as drafts, ready to be launched."""
SEGMENTS = "segments"
"""The folder of the segments, beside the scenarios."""
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
        try:
            text = path.read_text(encoding="utf-8-sig")
            result = read_known(text, name) if len(text) <= MAX_BYTES else read_scenario_file(path)
        except (OSError, UnicodeDecodeError):
            text, result = "", read_scenario_file(path)
        if result.scenario is None:
            broken.append((name, tuple(map(_told, result.errors))))
        else:
            good.append((name, text))
    living, broken_segments = _read_segments(folder)
    return ScenariosRead(
        good=tuple(good), broken=tuple(broken), segments=living, broken_segments=broken_segments, at=at
    )


def _read_segments(folder: Path) -> tuple[FileTexts, FileProblems]:
    """Every segment below `segments/`, by file name."""
    good: list[tuple[str, str]] = []
    broken: list[tuple[str, tuple[ScenarioProblem, ...]]] = []
    for path in sorted((folder / SEGMENTS).rglob("*.yaml")):
        inside = path.relative_to(folder)
        if any(part.startswith(".") for part in inside.parts):
            continue
        result = read_segment_file(path)
        if result.segment is None:
            broken.append((inside.as_posix(), tuple(map(_told, result.errors))))
        else:
            good.append((inside.as_posix(), path.read_text(encoding="utf-8-sig")))
    return tuple(good), tuple(broken)


def is_scenario(path: Path) -> bool:
    """Whether a path inside the folder names a scenario: no test, no segment, no file to send, nothing hidden."""
    hidden = any(part.startswith(".") for part in path.parts)
    return (
        path.suffix == ".yaml"
        and not path.name.endswith(".test.yaml")
        and path.parts[0] not in (SEGMENTS, "files", "templates")
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
        self.lock = asyncio.Lock()
        """Held while the folder is read or written: what is written is read with what is to be said of it."""

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
        """Give the desk what stands in the folder now. Raises StoreError, OSError."""
        async with self.lock:
            await self.read_locked()

    async def read_locked(
        self, by: str = "", choices: Mapping[str, dict[str, str]] | None = None, why: str = ""
    ) -> None:
        """As `read`, for who holds the lock; `by`, `choices` and `why` as in ScenariosRead."""
        work = await asyncio.to_thread(read_folder, self._folder, self._now())
        await self._desk.submit(replace(work, by=by, choices=dict(choices or {}), why=why))

    def text(self, file: str) -> str:
        """A file of the folder as it is now, its lines ended by a line feed; empty where there is none."""
        try:
            return (self._folder / file).read_text(encoding="utf-8-sig", errors="replace")
        except FileNotFoundError:
            return ""

    def write(self, file: str, text: str) -> None:
        """Replace a file of the folder whole, or remove it where `text` is empty. Raises OSError.

        A file that begins with a byte order mark, or ends its lines as Windows does, goes on doing so.
        """
        path = self._folder / file
        if not text:
            path.unlink(missing_ok=True)
            return
        text = _as_written(path, text)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")
        with temporary.open("w", encoding="utf-8", newline="") as writing:
            writing.write(text)
            writing.flush()
            os.fsync(writing.fileno())
        temporary.replace(path)

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


def plain_lines(text: str) -> str:
    """The text as a file of the folder is read: without a byte order mark, its lines ended by a line feed."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _as_written(path: Path, text: str) -> str:
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        return text
    if before.count(b"\r\n") == before.count(b"\n") > 0:
        text = text.replace("\n", "\r\n")
    return "\ufeff" + text if before.startswith(codecs.BOM_UTF8) else text


def copy_library(folder: Path, live: Iterable[str] | None = None) -> list[str]:
    """Put the library's scenarios, its segments and the files that they send into an empty or missing folder.

    Those named in `live` (None: all of them) are launched, the others wait as drafts. The slugs that are live; none
    where the folder was not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        return []
    (folder / "files").mkdir(parents=True)
    (folder / SEGMENTS).mkdir()
    launched = {item.slug for item in library()} if live is None else set(live)
    for item in library():
        text = set_status(item.text, "live") if item.slug in launched else item.text
        (folder / f"{item.slug}.yaml").write_text(text, encoding="utf-8")
    for segment in segments():
        (folder / SEGMENTS / f"{segment.slug}.yaml").write_text(segment.text, encoding="utf-8")
    for name in file_names():
        (folder / "files" / name).write_bytes(read_file(name))
    return sorted(launched)
