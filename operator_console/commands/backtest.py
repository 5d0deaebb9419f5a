"""`scenarios backtest`: what a draft would have done with the visitors of a period."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from operator_console.commands.server_errors import in_words
from operator_console.commands.talk import CommandError, say, serve_folder, show_json

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from scenarios_yaml.tools.past.backtest_report import BacktestReport
    from scenarios_yaml.tools.past.log import Around, Publication
    from scenarios_yaml.tools.past.surroundings import Surroundings
    from server_stub.history.sharing import Past, Source


class BacktestOptions(Struct, frozen=True):
    """What the command was called with. `since` and `until` as they were typed."""

    file: Path
    since: str
    until: str
    data: Path | None
    events: Path | None
    jobs: int
    as_json: bool


def backtest(options: BacktestOptions) -> int:
    """Print the report on standard output, progress on standard error; 130 where it was interrupted, else 0.

    Raises `CommandError` where the draft, the dates or the past cannot be read.
    """
    from scenarios_yaml.language.reader import read_scenario_file
    from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
    from server_stub.history.events_lines import EventsError

    draft = read_scenario_file(options.file)
    if draft.scenario is None:
        first = draft.errors[0]
        raise CommandError(
            f"{options.file}:{first.line}:{first.column}: {first.message}",
            "`scenarios check` tells everything that is wrong with it.",
        )
    source = _source(options)
    try:
        with in_words(), ExitStack() as opened:
            past = source.open()
            opened.callback(past.close)
            around = _with_segments(past.around(), options.file)
            now = round(time.time() * 1000)
            until = moment_of(options.until, now, around.world.timezone, "--to") if options.until else now
            since = moment_of(options.since, now, around.world.timezone, "--from")
            if since >= until:
                raise CommandError("--from is not before --to.")
            surroundings = Surroundings(around, Trial(draft.scenario, since, until))
            draft_text = options.file.read_text(encoding="utf-8-sig")
            jobs = options.jobs or os.cpu_count() or 1
            report = _run(source, past, surroundings, draft_text, jobs)
    except EventsError as error:
        raise CommandError(str(error), "`import events --to` writes files that can be read.") from error
    if options.as_json:
        show_json(report)
    else:
        from operator_console.commands.backtest_page import show_report

        show_report(report, draft.scenario, options.file)
    return 0 if report.complete else 130


def _source(options: BacktestOptions) -> Source:
    from server_stub.history.sharing import Source

    if options.events is not None:
        if not options.events.is_file():
            raise CommandError(f"There is no file {options.events}.")
        return Source(str(options.data or ""), str(options.events))
    folder = options.data or serve_folder()
    if not folder.is_dir():
        raise CommandError(
            f"There is no data folder {folder}.",
            "Name a server's folder by --data, or a file of events by --events.",
        )
    return Source(str(folder))


def _with_segments(around: Around, file: Path) -> Around:
    """The segments beside the draft that the past does not know."""
    from msgspec.structs import replace

    known = {one.slug for one in around.publications if one.kind == "segment"}
    beside = tuple(one for one in _segments_beside(file) if one.slug not in known)
    return replace(around, publications=(*beside, *around.publications))


def _segments_beside(file: Path) -> Iterator[Publication]:
    """Those of the nearest `segments` folder upwards."""
    from scenarios_yaml.language.segment_reader import read_segment_file
    from scenarios_yaml.tools.past.log import Publication

    for folder in file.resolve().parents:
        if (folder / "segments").is_dir():
            for path in sorted((folder / "segments").glob("*.yaml")):
                segment = read_segment_file(path).segment
                if segment is not None:
                    yield Publication(0, "segment", segment.slug, path.read_text(encoding="utf-8"))
            return


def moment_of(text: str, now: int, timezone: str, option: str) -> int:
    """`30d` is so long ago; a date (its first minute) or date-time is one of the project's time zone.

    Raises `CommandError`.
    """
    from scenarios_yaml.engine.clock import parse_moment, zone_of
    from scenarios_yaml.language.durations import parse_duration

    text = text.strip()
    ago = parse_duration(text)
    if ago is not None:
        return max(0, now - ago)
    if text == "now":
        return now
    moment = parse_moment(text, zone_of(timezone))
    if moment is None:
        raise CommandError(
            f"{option}: {text!r} is no date.", "For example 30d, 2026-03-01, or '2026-03-01 12:00'."
        )
    return moment


# --- Running it ------------------------------------------------------------------------------------------


def _run(source: Source, past: Past, surroundings: Surroundings, draft: str, jobs: int) -> BacktestReport:
    """The report of all visitors; of those that were done, where somebody presses Ctrl+C."""
    from scenarios_yaml.tools.past.backtest_report import report_of
    from scenarios_yaml.tools.past.tally import Tally
    from server_stub.history.sharing import run

    trial = surroundings.trial
    if trial is None:
        raise ValueError("nothing is tried out")
    tally = Tally()
    began = time.perf_counter()
    ranges = ranges_in_all = 0
    progress = run(source, past, surroundings, draft, jobs)
    try:
        with closing(progress), _bar() as bar:
            task = bar.add_task("", total=None, counts="")
            for step in progress:
                tally.add(step.tally)
                ranges, ranges_in_all = step.ranges, step.ranges_in_all
                counts = f"{tally.visitors:,} visitors, {tally.items:,} events, {tally.entered:,} would enter"
                bar.update(task, completed=ranges, total=ranges_in_all, counts=counts)
    except KeyboardInterrupt:
        say("Interrupted: what follows is of the visitors who were done.")
    in_all = tally.visitors if ranges == ranges_in_all else _about(tally.visitors, ranges, ranges_in_all)
    return report_of(
        tally,
        trial,
        surroundings.around,
        live=surroundings.live(trial.draft.slug, trial.since),
        unknown=tuple(surroundings.unknown[len(surroundings.around.unknown) :]),
        in_all=in_all,
        seconds=time.perf_counter() - began,
    )


def _about(visitors: int, ranges: int, ranges_in_all: int) -> int:
    return max(visitors + 1, visitors * ranges_in_all // max(1, ranges))


@contextmanager
def _bar() -> Iterator[Bar]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    with Progress(
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[counts]}", markup=False),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        yield bar
