"""`export visitors|dialogs`: row by row out of a data folder, whether its server runs or not.

The rows go out as they are read, so that it takes the same memory for a hundred as for a million. A file is there when
it is whole, and only its owner may read it.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from msgspec import Struct

from operator_console.commands.operators import desk_folder
from operator_console.commands.server_errors import in_words
from operator_console.commands.talk import CommandError, say
from operator_console.safe_text import safe_line

if TYPE_CHECKING:
    from operator_console.commands.export_rows import Row
    from server_stub.history.journal import ReadOnlyStore
    from server_stub.store.base import VisitorRow

PAGE = 500
"""Visitors that are read at a time."""


class ExportOptions(Struct, frozen=True):
    """What the command was called with. `what` is visitors or dialogs; of `segment` empty is everybody."""

    what: str
    is_csv: bool
    segment: str
    out: Path | None
    data: Path | None


def export(options: ExportOptions) -> None:
    """Raises `CommandError` where there is nothing to read from, or no such segment."""
    from operator_console.commands.export_rows import DIALOG_COLUMNS, VISITOR_COLUMNS
    from server_stub.data_folder import DATABASE
    from server_stub.history.journal import ReadOnlyStore

    folder = desk_folder(options.data)
    columns = VISITOR_COLUMNS if options.what == "visitors" else DIALOG_COLUMNS
    with in_words(), closing(ReadOnlyStore(folder / DATABASE)) as store:
        _check_segment(store, options.segment)
        with _opened(options) as out, _bar(options.what, store.find_visitors("", limit=1)[2]) as advance:
            count = _write(out, _rows(store, options, advance), columns, is_csv=options.is_csv)
    say(f"{count:,} {options.what} were exported{f' to {options.out}' if options.out else ''}.")


def _check_segment(store: ReadOnlyStore, segment: str) -> None:
    known = sorted({row.slug for row in store.segments() if row.live})
    if segment and segment not in known and segment not in store.segment_members():
        there = f"There are: {', '.join(known)}." if known else "This desk has no segments yet."
        raise CommandError(f"There is no segment {safe_line(segment, 80)!r}.", there)


def _rows(store: ReadOnlyStore, options: ExportOptions, advance: Callable[[int], None]) -> Iterator[Row]:
    from operator_console.commands.export_rows import dialog_rows, visitor_row

    operators = {row.id: row.name for row in store.operators()}
    for page in _pages(store):
        for row in page:
            if options.segment and options.segment not in row.segments:
                continue
            if options.what == "visitors":
                yield visitor_row(row)
            else:
                yield from dialog_rows(store, row, operators)
        advance(len(page))


def _pages(store: ReadOnlyStore) -> Iterator[list[VisitorRow]]:
    """By id: whoever is written to meanwhile stands where he stood."""
    after = ""
    while page := store.visitors_from(after, PAGE):
        yield page
        after = page[-1].id


# --- Where it goes -----------------------------------------------------------------------------------


def _write(out: IO[str], rows: Iterable[Row], columns: tuple[str, ...], *, is_csv: bool) -> int:
    """How many rows it was."""
    from operator_console.commands.export_rows import cells, json_line

    count = 0
    if is_csv:
        table = csv.writer(out, lineterminator="\r\n" if out is not sys.stdout else "\n")
        table.writerow(columns)
        for row in rows:
            table.writerow(cells(row, columns))
            count += 1
        return count
    for row in rows:
        out.write(json_line(row) + "\n")
        count += 1
    return count


@contextmanager
def _opened(options: ExportOptions) -> Iterator[IO[str]]:
    """All or nothing: a file is there when it is whole. A table begins with the mark by which Excel knows UTF-8."""
    if options.out is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    path = options.out
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.part")
    encoding = "utf-8-sig" if options.is_csv else "utf-8"
    try:
        with open(fresh, "w", encoding=encoding, newline="", opener=_private) as file:
            yield file
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, where somebody looks at it; inside, a function that moves it on."""
    if not sys.stderr.isatty():
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(f"exporting {what}", total=total)
        yield lambda steps: progress.advance(task, steps)


def _nothing(_steps: Any) -> None:
    """Nobody looks."""
