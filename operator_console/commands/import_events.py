"""`import events`: a table of what happened before, into a server's journal or into a file for `scenarios backtest`.

The file is read once before anything is sent: every row that cannot be taken is told, the others are put in the order
of their time. Each message has an id that comes from its content, and a server takes an id once: whoever was
interrupted calls the command again, and nothing is doubled.
"""

from __future__ import annotations

import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from operator_console.commands.import_columns import MEANINGS, Columns, columns_of, read_map
from operator_console.commands.import_rows import Bad, Good, Reader, Rows
from operator_console.commands.import_values import Order, iso_of
from operator_console.commands.talk import CommandError, explain, say, show_table
from operator_console.safe_text import safe_line
from server_stub.api.segment import MAX_BATCH_BYTES, MAX_BATCH_EVENTS

if TYPE_CHECKING:
    import httpx

TOLD = 20
"""Bad rows that are told one by one."""
PREVIEW = 5
TRIES = 6
_ROOM = 64
"""Bytes of a batch around its messages, and more than enough."""


class ImportOptions(Struct, frozen=True):
    """What the command was called with."""

    file: Path
    maps: tuple[str, ...]
    timezone: str
    dates: Order
    dry_run: bool
    to: Path | None
    url: str
    key: str
    data: Path | None


def import_events(options: ImportOptions) -> int:
    """Returns 1 where a row was not taken, else 0. Raises `CommandError`."""
    rows = Rows(options.file)
    columns = columns_of(rows.header, read_map(options.maps))
    try:
        zone = ZoneInfo(options.timezone)
    except (ValueError, OSError, LookupError):
        raise CommandError(
            f"There is no time zone {options.timezone!r}.", "For example Europe/Prague."
        ) from None
    reader = Reader(columns, zone, options.dates, is_json=rows.is_json)
    _show_columns(columns)
    if options.dry_run:
        return _dry_run(rows, reader)
    if options.to is not None and options.to.resolve() == options.file.resolve():
        raise CommandError("--to names the file itself.")
    deliver = None if options.to is not None else _address(options)
    with tempfile.TemporaryFile(prefix="import-") as kept:
        messages, bad = _read(rows, reader, kept)
        if options.to is not None:
            _write(messages, options.to)
        elif deliver is not None:
            _send(messages, *deliver)
    _tell_bad(bad)
    return 1 if bad.count else 0


# --- Reading ---------------------------------------------------------------------------------------------


class _BadRows:
    def __init__(self) -> None:
        self.count = 0
        self.first: list[Bad] = []

    def add(self, bad: Bad) -> None:
        self.count += 1
        if len(self.first) < TOLD:
            self.first.append(bad)


class _Messages:
    """Messages on disk, in the order of their time. Rows of one moment keep their order."""

    def __init__(self, kept: IO[bytes], moments: array[int], places: array[int]) -> None:
        self._kept = kept
        self._places = places
        self._order = sorted(range(len(moments)), key=moments.__getitem__)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[bytes]:
        for number in self._order:
            self._kept.seek(self._places[number])
            yield self._kept.readline().rstrip(b"\n")


def _read(rows: Rows, reader: Reader, kept: IO[bytes]) -> tuple[_Messages, _BadRows]:
    bad = _BadRows()
    moments, places = array("q"), array("q")
    size = rows.path.stat().st_size or 1
    with _bar("reading", size) as advance:
        for row in rows:
            read = reader.read(row)
            if isinstance(read, Bad):
                bad.add(read)
                continue
            for message in read.messages:
                moments.append(read.at)
                places.append(kept.tell())
                kept.write(message + b"\n")
                advance(len(message))
    return _Messages(kept, moments, places), bad


def _tell_bad(bad: _BadRows) -> None:
    for one in bad.first:
        column = f", column {one.column}" if one.column else ""
        explain(f"line {one.line}{column}: {one.text}")
    if bad.count:
        more = f" The first {len(bad.first)} are told." if bad.count > len(bad.first) else ""
        say(f"{bad.count:,} rows were not taken.{more}")


def _show_columns(columns: Columns) -> None:
    say("Columns:")
    for meaning, column in columns.known.items():
        how = "  (guessed)" if meaning in columns.guessed else ""
        say(f"  {meaning:<11} ← {safe_line(column, 60)}{how}  {MEANINGS[meaning]}")
    named = [
        safe_line(name, 40) if name == column else f"{safe_line(name, 40)} ({safe_line(column, 40)})"
        for name, column in list(columns.properties.items())[:TOLD]
    ]
    if named:
        rest = f" … and {len(columns.properties) - TOLD} more" if len(columns.properties) > TOLD else ""
        say(f"  properties  ← {', '.join(named)}{rest}")


def _dry_run(rows: Rows, reader: Reader) -> int:
    """Read all of it, show what the first rows would be, and send nothing."""
    bad, count = _BadRows(), 0
    shown: list[Good] = []
    first = last = 0
    for row in rows:
        read = reader.read(row)
        if isinstance(read, Bad):
            bad.add(read)
            continue
        count += len(read.messages)
        first, last = min(first or read.at, read.at), max(last, read.at)
        if len(shown) < PREVIEW:
            shown.append(read)
    _preview(shown)
    span = f", {iso_of(first)} to {iso_of(last)}" if count else ""
    say(f"{count:,} messages would be sent{span}. Nothing was sent: leave --dry-run out to do it.")
    _tell_bad(bad)
    return 1 if bad.count else 0


def _preview(shown: list[Good]) -> None:
    import msgspec

    rows = []
    for good in shown:
        for body in good.messages:
            message = msgspec.json.decode(body)
            who = message.get("userId") or message.get("anonymousId")
            said = message.get("properties") or message.get("traits") or {}
            what = message.get("event") or message["type"]
            rows.append((message["timestamp"], who, what, msgspec.json.encode(said).decode()))
    show_table(("when", "who", "what", "properties"), rows)


# --- Writing and sending ---------------------------------------------------------------------------------


def _write(messages: _Messages, path: Path) -> None:
    """All or nothing: the file is there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.part")
    with fresh.open("wb") as file:
        for message in messages:
            file.write(message + b"\n")
    fresh.replace(path)
    say(f"{len(messages):,} messages in {path}.")


def _send(messages: _Messages, url: str, key: str) -> None:
    """In batches, each taken whole or not at all; one that is not answered is sent again."""
    import httpx

    sent = 0
    with (
        httpx.Client(base_url=url, auth=(key, ""), timeout=60, trust_env=False) as client,
        _bar("sending", len(messages)) as advance,
    ):
        try:
            for batch in _batches(messages):
                _post(client, batch)
                sent += len(batch)
                advance(len(batch))
        except KeyboardInterrupt:
            say(
                f"Interrupted after {sent:,} of {len(messages):,} messages. Call it again to go on: none is doubled."
            )
            raise
    say(f"{sent:,} messages were sent to {url}.")


def _batches(messages: _Messages) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = _ROOM
    for message in messages:
        if batch and (len(batch) == MAX_BATCH_EVENTS or size + len(message) + 1 > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], _ROOM
        batch.append(message)
        size += len(message) + 1
    if batch:
        yield batch


def _post(client: httpx.Client, batch: list[bytes]) -> None:
    """Raises `CommandError` where the server says no, or does not answer after all tries."""
    import httpx

    body = b'{"batch":[' + b",".join(batch) + b"]}"
    for attempt in range(TRIES):
        try:
            answer = client.post("/v1/import", content=body, headers={"content-type": "application/json"})
        except httpx.TransportError as error:
            trouble = f"The server does not answer: {error}"
        else:
            if answer.is_success:
                return
            if answer.status_code < 500 and answer.status_code != 429:
                raise CommandError(f"The server said no ({answer.status_code}): {_detail(answer)}")
            trouble = f"The server failed ({answer.status_code})."
        if attempt + 1 < TRIES:
            time.sleep(0.25 * 2**attempt)
    raise CommandError(trouble, "Call it again when the server runs: what was taken is not doubled.")


def _detail(answer: httpx.Response) -> str:
    import msgspec

    from server_stub.protocol import Problem

    try:
        problem = msgspec.json.decode(answer.content, type=Problem)
    except msgspec.DecodeError:
        return safe_line(answer.text, 200)
    return safe_line(f"{problem.detail} {problem.hint}".strip(), 300)


def _address(options: ImportOptions) -> tuple[str, str]:
    """The server's address and write key. Raises `CommandError`."""
    from operator_console.local_server import find_local, read_card

    if options.url:
        if not options.key:
            raise CommandError(
                "A server that is named by --url needs its write key, --key.", "`serve` prints it."
            )
        return options.url.rstrip("/"), options.key
    if options.data is not None:
        card = read_card(options.data)
        if card is None:
            raise CommandError(
                f"No server runs with the folder {options.data}.", "Start it, or name one by --url."
            )
        return card.url, options.key or card.write_key or _kept_key(options.data)
    servers = find_local().servers
    if not servers:
        raise CommandError(
            "No server runs on this machine.",
            "Start one, name one by --url and --key, or write a file by --to.",
        )
    return servers[0].url, options.key or servers[0].write_key or _kept_key(Path(servers[0].data))


def _kept_key(folder: Path) -> str:
    try:
        return (folder / "write_key").read_text(encoding="utf-8").strip()
    except OSError as error:
        raise CommandError(f"The write key in {folder} cannot be read: {error.strerror}.") from error


class _bar:  # noqa: N801
    """A progress bar on standard error; inside, a function that moves it on."""

    def __init__(self, what: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._progress.add_task(what, total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return lambda steps: self._progress.advance(self._task, steps)

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
