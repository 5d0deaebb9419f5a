"""A backtest shared among processes: each opens the past for itself, and takes range after range of visitors.

What goes from process to process is small: a range there, a tally back. Ctrl+C ends it with what has been counted.
"""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest import backtest
from scenarios_yaml.tools.past.log import Around, VisitorLog
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import Tally
from server_stub.data_folder import DATABASE, SETTINGS
from server_stub.history.events_file import EventsPast
from server_stub.history.journal import JournalPast, ReadOnlyStore
from server_stub.settings import Settings
from server_stub.settings_file import parse_settings

RANGE = 500
"""Visitors in one range: enough that handing them out costs nothing, few enough that progress is seen."""


class Past(Protocol):
    """Where logs come from."""

    def close(self) -> None: ...

    def around(self) -> Around: ...

    def ranges(self, size: int) -> list[tuple[str, str]]: ...

    def logs(self, first: str, end: str, scenario: str = "") -> Iterator[VisitorLog]: ...


class Source(Struct, frozen=True):
    """Which past: a server's data folder, or an events file (with `data`, in the surroundings of that folder)."""

    data: str = ""
    events: str = ""
    index: str = ""
    """The file of the events file's index, where it has been made."""

    def open(self) -> Past:
        """Raises StoreError, SettingsError, OSError, and EventsError for a file that holds something else."""
        settings = settings_of(Path(self.data)) if self.data else None
        if self.events:
            index = Path(self.index).read_bytes() if self.index else b""
            return EventsPast(Path(self.events), settings, index)
        return JournalPast(ReadOnlyStore(Path(self.data) / DATABASE), settings or Settings())


def settings_of(folder: Path) -> Settings:
    """A data folder's settings; nothing is written where there are none. Raises SettingsError and OSError."""
    path = folder / SETTINGS
    if not path.exists():
        return Settings()
    return parse_settings(path, path.read_text(encoding="utf-8", errors="replace"))


class Progress(Struct, frozen=True):
    """What one range has come to; `ranges` of `ranges_in_all` are done."""

    tally: Tally
    ranges: int
    ranges_in_all: int


_worker: tuple[Past, Surroundings] | None = None
"""What a process of the pool works with; each has its own."""


def run(
    source: Source, past: Past, surroundings: Surroundings, draft: str, jobs: int
) -> Generator[Progress, None, None]:
    """The tallies of all ranges, as they are done. Closing the iterator ends the processes.

    `draft` is the text of the trial's draft: a scenario that has been read cannot be sent to another process.
    """
    ranges = past.ranges(RANGE)
    done = 0
    if jobs <= 1 or len(ranges) < 2:
        slug = surroundings.trial.draft.slug if surroundings.trial else ""
        for first, end in ranges:
            done += 1
            yield Progress(backtest(past.logs(first, end, slug), surroundings), done, len(ranges))
        return
    with tempfile.NamedTemporaryFile(prefix="events-", suffix=".index") as index:
        if isinstance(past, EventsPast):
            index.write(past.index)
            index.flush()
            source = replace(source, index=index.name)
        for tally in _shared(source, surroundings, draft, ranges, jobs):
            done += 1
            yield Progress(tally, done, len(ranges))


def _shared(
    source: Source, surroundings: Surroundings, draft: str, ranges: list[tuple[str, str]], jobs: int
) -> Iterator[Tally]:
    waiting = iter(ranges)
    trial = surroundings.trial
    period = (trial.since, trial.until) if trial else (0, 0)
    with ProcessPoolExecutor(
        min(jobs, len(ranges)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(source, surroundings.around, draft, *period),
    ) as pool:
        going: set[Future[Tally]] = set()
        try:
            for _ in range(2 * jobs):
                _hand_out(pool.submit, waiting, going)
            while going:
                done, going = wait(going, return_when=FIRST_COMPLETED)
                for future in done:
                    _hand_out(pool.submit, waiting, going)
                    yield future.result()
        finally:
            for future in going:
                future.cancel()


def _hand_out(
    submit: Callable[..., Future[Tally]], waiting: Iterator[tuple[str, str]], going: set[Future[Tally]]
) -> None:
    following = next(waiting, None)
    if following is not None:
        going.add(submit(_count, *following))


def _begin(source: Source, around: Around, draft: str, since: int, until: int) -> None:
    """A process of the pool starts. Ctrl+C is for the one that handed out the work."""
    global _worker
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    scenario = read_scenario(draft).scenario
    if scenario is None:
        raise ValueError("the draft is no scenario")
    _worker = source.open(), Surroundings(around, Trial(scenario, since, until))


def _count(first: str, end: str) -> Tally:
    if _worker is None:
        raise RuntimeError("the process has not begun")
    past, surroundings = _worker
    slug = surroundings.trial.draft.slug if surroundings.trial else ""
    return backtest(past.logs(first, end, slug), surroundings)
