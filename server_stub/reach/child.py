"""A process that answers whom a draft would reach, and is ended where nobody waits for it any more.

    python -m server_stub.reach.child < task

It reads the data folder's database beside the running server and writes nothing. The task comes as JSON; the answer is
lines of JSON as `POST /api/reach` gives them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine.state import VisitorState
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest import backtest
from scenarios_yaml.tools.past.backtest_report import BacktestReport, report_of
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import Tally
from server_stub.data_folder import DATABASE
from server_stub.history.journal import JournalPast, ReadOnlyStore
from server_stub.history.sharing import RANGE, settings_of
from server_stub.protocol import (
    PastReport,
    Problem,
    ReachFailed,
    ReachLine,
    ReachNow,
    ReachProgress,
    ReachReport,
)
from server_stub.reach.now import CountNow
from server_stub.settings_file import SettingsError
from server_stub.store.base import StoreError

NICENESS = 10
"""The desk comes first."""
MOST_MESSAGES = 20
"""That are told of one visitor in the sample."""
TELL_EVERY = 0.1
"""Seconds between two lines of progress."""

_decode_state = msgspec.json.Decoder(VisitorState).decode


class Task(Struct):
    """`data` is the data folder, `text` the draft's; the past is asked from `since` until before `until` (ms), which is
    now. So many operators are `online` now."""

    data: str
    text: str
    since: int
    until: int
    online: int = 0


def answer(task: Task) -> Generator[ReachLine, None, None]:
    """Progress, then the report. Raises StoreError, SettingsError and OSError; ValueError for a text that is none."""
    draft = read_scenario(task.text).scenario
    if draft is None:
        raise ValueError("the draft is no scenario")
    store = ReadOnlyStore(Path(task.data) / DATABASE)
    past = JournalPast(store, settings_of(Path(task.data)))
    try:
        surroundings = Surroundings(past.around(), Trial(draft, task.since, task.until))
        now = yield from _count_now(task, draft, store, surroundings)
        report = yield from _try_out(past, surroundings, now.visitors)
    finally:
        past.close()
    yield ReachReport(now, as_wire(report))


def _count_now(
    task: Task, draft: Scenario, store: ReadOnlyStore, surroundings: Surroundings
) -> Generator[ReachLine, None, ReachNow]:
    counting = CountNow(draft, replace(surroundings.around.world, operators_online=task.online), task.until)
    in_all, last, timer = RANGE * len(store.visitor_ranges(RANGE)), "", Timer()
    while rows := store.visitors_from(last, RANGE):
        last = rows[-1].id
        counting.add(_decode_state(row.state) for row in rows)
        if timer.is_due():
            yield ReachProgress("now", counting.visitors, max(in_all, counting.visitors), counting.fits)
    now = counting.result()
    yield ReachProgress("now", now.visitors, now.visitors, now.fits, now=now)
    return now


def _try_out(
    past: JournalPast, surroundings: Surroundings, in_all: int
) -> Generator[ReachLine, None, BacktestReport]:
    trial = surroundings.trial
    if trial is None:
        raise ValueError("nothing is tried out")
    tally, timer, began = Tally(), Timer(), time.perf_counter()
    for first, end in past.ranges(RANGE):
        tally.add(backtest(past.logs(first, end, trial.draft.slug), surroundings))
        if timer.is_due():
            yield ReachProgress("past", tally.visitors, max(in_all, tally.visitors), tally.entered)
    return report_of(
        tally,
        trial,
        surroundings.around,
        live=surroundings.live(trial.draft.slug, trial.since),
        unknown=tuple(surroundings.unknown[len(surroundings.around.unknown) :]),
        in_all=tally.visitors,
        seconds=time.perf_counter() - began,
    )


def as_wire(report: BacktestReport) -> PastReport:
    """The report as it crosses the wire: field by field the same, but for messages beyond MOST_MESSAGES."""
    sample = tuple(replace(one, got=one.got[:MOST_MESSAGES]) for one in report.sample)
    return msgspec.convert(msgspec.to_builtins(replace(report, sample=sample)), PastReport)


class Timer:
    """Tells every TELL_EVERY seconds that it is time to say something."""

    def __init__(self) -> None:
        self._next = time.monotonic() + TELL_EVERY

    def is_due(self) -> bool:
        """Once."""
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + TELL_EVERY
        return True


def main() -> int:
    """Exit status 0 where the last line is the report, or says why there is none."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    try:
        for line in answer(task):
            _say(line)
    except BrokenPipeError:  # nobody listens any more
        return 1
    except (StoreError, SettingsError, OSError, ValueError) as error:
        _say(ReachFailed(Problem("failed", f"{error}")))
    return 0


def _say(line: ReachLine) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
