"""What figures cost: counting while scenarios run, reading those of a large scenario, and watching it live.

    python tests/benchmarks/figures.py

Counting: the same journal of runs is committed to SQLite with what it counts and without. Reading: a scenario of 200
steps through 30 days. Watching: 200 steps, something new at each of them ten times a second, for five seconds; the
share of one core that it takes, and how large a frame is.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

from server_stub.api.watchers import Watchers
from server_stub.figures.days import Days
from server_stub.figures.facts import counted
from server_stub.figures.summed import Sums
from server_stub.protocol import Entry, FiguresChanged, RunProgress, Watching
from server_stub.store.base import Batch
from server_stub.store.sqlite import SqliteStore

STEPS = 200
DAY = 86_400_000
BEGIN = 1_772_452_800_000
DAYS = Days("Europe/Berlin")
COMMIT = 100
"""Entries of a commit, as under load."""
ENTRIES = 40_000


def journal(first: int, count: int, begin: int, end: int) -> list[Entry]:
    """Entries of runs, evenly from `begin` to `end` (ms)."""
    chance = random.Random(first)
    made = []
    for number in range(count):
        at = begin + (end - begin) * number // count
        step = f"step-{chance.randrange(STEPS)}"
        branch = chance.choice(("", "", "yes", "no"))
        what = RunProgress(
            "v_1.1", "large", "v1", "step", step, "asked, 2 answers", 4, came=True, branch=branch
        )
        made.append(Entry(first + number, at, what, "v_1"))
    return made


def counting(folder: Path, *, counts: bool) -> float:
    """Seconds of the processor for all entries; how long the disk takes is another matter."""
    store = SqliteStore(folder / f"counting-{counts}.sqlite", log_bytes=0)
    chunks = [
        journal(first, COMMIT, BEGIN + first * 1000, BEGIN + (first + COMMIT) * 1000)
        for first in range(1, ENTRIES, COMMIT)
    ]
    begun = time.process_time()
    for entries in chunks:
        store.commit(Batch(entries=entries, facts=counted(entries, DAYS.of) if counts else []))
    seconds = time.process_time() - begun
    store.close()
    return seconds


def large(folder: Path) -> SqliteStore:
    """30 days of a busy scenario."""
    store = SqliteStore(folder / "large.sqlite", log_bytes=0)
    entries = journal(1, 100_000, BEGIN, BEGIN + 30 * DAY)
    for at in range(0, len(entries), 5_000):
        chunk = entries[at : at + 5_000]
        store.commit(Batch(entries=chunk, facts=counted(chunk, DAYS.of)))
    return store


def reading(store: SqliteStore) -> tuple[float, float]:
    """Milliseconds for the figures, and for a page of the visitors behind one."""
    whole, behind = [], []
    for _ in range(20):
        begun = time.perf_counter()
        seq, counts = store.figure_counts("large", *DAYS.period(BEGIN, BEGIN + 30 * DAY))
        sums = Sums("large")
        sums.add(counts)
        msgspec.json.encode(sums.all(seq, 0, {}))
        whole.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        store.behind_figure(
            "large",
            "reached",
            step="step-7",
            branch=None,
            version="",
            since=0,
            until=0,
            before=None,
            limit=100,
        )
        behind.append(time.perf_counter() - begun)
    return 1000 * statistics.median(whole), 1000 * statistics.median(behind)


class Standing:
    """The desk of a watcher: everybody waits somewhere, and moves."""

    def __init__(self) -> None:
        self.turn = 0

    @property
    def days(self) -> Days:
        return DAYS

    def standing(self, _scenario: str, _version: str = "") -> tuple[int, dict[tuple[str, str], int]]:
        return 10_000, {("v1", f"step-{number}"): 50 + self.turn for number in range(STEPS)}


async def watching(store: SqliteStore) -> tuple[float, float, int]:
    """The share of a core, milliseconds a frame, bytes a frame."""
    sizes: list[int] = []

    def tell(_console: str, frame: FiguresChanged) -> None:
        sizes.append(len(msgspec.json.encode(frame)))

    desk = Standing()
    watchers: Watchers[str] = Watchers(desk, store, tell, lambda _: None)
    watchers.watches("console", Watching("large"))
    while not sizes:
        await asyncio.sleep(0.01)
    sizes.clear()
    seq, spent, begun = store.last_seq(), 0.0, time.perf_counter()
    while time.perf_counter() - begun < 5:
        entries = [
            Entry(
                seq + number, BEGIN, RunProgress("v_1.1", "large", "v1", "step", f"step-{number}", came=True)
            )
            for number in range(STEPS)
        ]
        seq += STEPS
        desk.turn += 1
        before = time.process_time()
        watchers.taken(entries)
        await asyncio.sleep(0.1)
        spent += time.process_time() - before
    seconds = time.perf_counter() - begun
    watchers.leaves("console")
    return spent / seconds, 1000 * spent / len(sizes), round(statistics.mean(sizes))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        without = statistics.median(counting(_made(folder / f"a{n}"), counts=False) for n in range(3))
        with_facts = statistics.median(counting(_made(folder / f"b{n}"), counts=True) for n in range(3))
        print(f"{ENTRIES:,} entries of runs, {COMMIT} a commit, each a step that is reached")
        print(f"  journal alone      {1e6 * without / ENTRIES:6.1f} µs an entry")
        print(f"  with what counts   {1e6 * with_facts / ENTRIES:6.1f} µs an entry")
        store = large(folder)
        whole, behind = reading(store)
        print(f"{STEPS} steps, 30 days, 100,000 entries")
        print(f"  all figures        {whole:6.1f} ms")
        print(f"  100 visitors       {behind:6.1f} ms")
        share, frame, size = asyncio.run(watching(store))
        print(f"watched live, {STEPS} steps that change ten times a second")
        print(f"  of one core        {100 * share:6.1f} %")
        print(f"  a frame            {frame:6.1f} ms, {size:,} bytes")
        store.close()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    main()
