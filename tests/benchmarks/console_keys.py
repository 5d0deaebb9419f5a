"""Key press → paint at 100,000 dialogs, quiet and under 1,000 entries a second, beside a bare ScrollView.

    python tests/benchmarks/console_keys.py [--dialogs 100000] [--presses 300] [--rate 1000]

A press is measured from the moment the key event is handed to the app until the frame with its effect has been
written. The bare reference is a ScrollView whose `render_line` gives one cached strip a row, in the same run.
Prints p50, p95 and p99 in ms, a filter switch, and the resident memory.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TEXTUAL_FPS", "240")  # as the command does, before Textual is imported
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "operator_console" / "inbox")]

import memory_desk  # noqa: E402
from rich.segment import Segment  # noqa: E402
from textual import events  # noqa: E402
from textual.app import App, ComposeResult  # noqa: E402
from textual.binding import Binding  # noqa: E402
from textual.geometry import Size  # noqa: E402
from textual.scroll_view import ScrollView  # noqa: E402
from textual.strip import Strip  # noqa: E402

from operator_console.app import OperatorApp  # noqa: E402
from operator_console.mirror import Filter  # noqa: E402
from server_stub.protocol import (  # noqa: E402
    Author,
    DialogPage,
    DialogSummary,
    Entries,
    Entry,
    EventHappened,
    EventPage,
    FeedPage,
    Message,
    MessageSent,
    SearchResults,
    VisitorCard,
)

NOW = 1_772_460_000_000
SIZE = (160, 45)


class BareList(ScrollView, can_focus=True):
    """The least that can be done: a cursor over rows of one strip."""

    BINDINGS = [Binding("j", "down"), Binding("k", "up")]  # noqa: RUF012

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.cursor = 0

    def on_mount(self) -> None:
        self.virtual_size = Size(80, self.rows)

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        return Strip([Segment(f"{'>' if line == self.cursor else ' '} row {line}".ljust(80))], 80)

    def _move(self, by: int) -> None:
        self.refresh_line(self.cursor)
        self.cursor = min(max(self.cursor + by, 0), self.rows - 1)
        self.refresh_line(self.cursor)
        if self.cursor >= self.scroll_offset.y + self.size.height:
            self.scroll_to(y=self.cursor - self.size.height + 1, animate=False)

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)


class BareApp(App[None]):
    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows

    def compose(self) -> ComposeResult:
        yield BareList(self.rows)


class BigDesk(memory_desk.MemoryDesk):
    """Very many dialogs, given as rows; entries come as fast as they are asked for."""

    def __init__(self, count: int) -> None:
        super().__init__(NOW)
        self.count = count
        self.seq = count + 1
        names = ("Anna Petrova", "Mihkel Saar", "Visitor", "Lena Vogt", "Kenji 山田")
        self.big = tuple(
            DialogSummary(
                f"d{n:07}", f"v{n}", n + 1, NOW - n * 60_000, NOW - n * 60_000, f"{names[n % 5]} {n}",
                assignee=("", "op_maria", "op_tom")[n % 3], tags=("size", "vip")[: n % 3], last_author="visitor",
                last_text="Does the blue one come in another size, and when?", unread=n % 4, holder="people",
            )
            for n in range(count)
        )  # fmt: skip

    async def dialogs(self, *, status: str = "", cursor: str = "", limit: int = 500, **_: Any) -> DialogPage:
        if status == "closed":
            return DialogPage(self.seq, ())
        start = int(cursor or 0)
        following = str(start + limit) if start + limit < self.count else ""
        return DialogPage(self.seq, self.big[start : start + limit], following, self.count)

    async def visitor(self, visitor_id: str) -> VisitorCard:
        return VisitorCard(visitor_id, self.seq, "Anna Petrova")

    async def feed(self, dialog_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        author = Author("visitor", self.visitor_of(dialog_id), "Anna")
        messages = [
            Message(f"{dialog_id}m{n}", dialog_id, author.id, author, NOW, n, "Does it come in blue?")
            for n in range(1, 40)
        ]
        entries = tuple(Entry(m.seq, m.at, MessageSent(m), m.visitor, dialog_id) for m in messages)
        return FeedPage(self.seq, entries)

    async def find(self, query: str, limit: int = 20) -> SearchResults:
        return SearchResults(dialogs=self.big[-limit:])

    async def events(self, visitor_id: str, before: int = 0, limit: int = 100) -> EventPage:
        return EventPage(())

    async def mark_seen(self, dialog_id: str, up_to: int) -> None:
        self.seen.append((dialog_id, up_to))

    async def stream(self, after: int) -> AsyncIterator[Any]:
        self.journal = [None] * after  # type: ignore[list-item]
        async for event in super().stream(after):
            yield event

    def visitor_of(self, dialog: str) -> str:
        return f"v{int(dialog[1:])}"

    def burst(self, number: int) -> None:
        """`number` entries, half of them messages in any dialog, half events of visitors."""
        entries = []
        for _ in range(number):
            self.seq += 1
            n = self.seq * 7919 % self.count
            dialog, visitor = f"d{n:07}", f"v{n}"
            if self.seq % 2:
                author = Author("visitor", visitor, "Anna")
                message = Message(
                    f"m{self.seq}", dialog, visitor, author, NOW + self.seq, self.seq, "One more thing"
                )
                entries.append(Entry(self.seq, NOW + self.seq, MessageSent(message), visitor, dialog))
            else:
                entries.append(Entry(self.seq, NOW, EventHappened("Page Viewed", {"path": "/"}), visitor))
        self._tell(Entries(tuple(entries)))


class Painted:
    """Waits for the next frame: wraps what writes frames to the terminal."""

    def __init__(self, app: App[Any]) -> None:
        self.frames = 0
        self._waiting: list[asyncio.Future[None]] = []
        display = app._display

        def painted(*arguments: Any) -> None:
            display(*arguments)
            self.frames += 1
            for future in self._waiting:
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()

        app._display = painted  # type: ignore[method-assign]

    def next(self) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future


async def presses(app: App[Any], keys: Iterator[str], count: int, effect: Callable[[], Any]) -> list[float]:
    """Milliseconds from each key to the frame behind which its effect stands."""
    painted = Painted(app)
    taken: list[float] = []
    for _ in range(count):
        before = effect()
        key = next(keys)
        began = time.perf_counter()
        app.post_message(events.Key(key, key if len(key) == 1 else None))
        while True:
            await asyncio.wait_for(painted.next(), 5)
            if effect() != before:
                break
        taken.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.004)
    return taken


def down_and_up() -> Iterator[str]:
    while True:
        yield from "jjjjjjjjkkkk"


def report(name: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    p95, p99 = (ordered[int(len(ordered) * part)] for part in (0.95, 0.99))
    print(f"  {name:<44} {statistics.median(ordered):6.1f} {p95:7.1f} {p99:7.1f}")


def memory() -> float:
    """Resident memory at its highest, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure_bare(rows: int, count: int) -> None:
    app = BareApp(rows)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        listing = app.query_one(BareList)
        report("bare ScrollView, cursor", await presses(app, down_and_up(), count, lambda: listing.cursor))


async def measure_console(dialogs: int, count: int, rate: int) -> None:
    desk = BigDesk(dialogs)
    began = time.perf_counter()
    app = OperatorApp(desk, keep_in=lambda me: Path(tempfile.mkdtemp()), now=lambda: NOW)
    async with app.run_test(size=SIZE) as pilot:
        inbox = app.inbox
        while not inbox.dialogs.count:
            await pilot.pause(0.005)
        first = time.perf_counter() - began
        while len(inbox.mirror.rows) < dialogs:
            await pilot.pause(0.01)
        loaded = time.perf_counter() - began
        inbox.dialogs.thaw()
        await pilot.pause(0.5)
        cursor = lambda: inbox.dialogs.cursor  # noqa: E731
        report("console, cursor", await presses(app, down_and_up(), count, cursor))
        sent, stop = 0, asyncio.Event()

        async def stream() -> None:
            nonlocal sent
            start, step = time.perf_counter(), 0.02
            while not stop.is_set():
                due = int((time.perf_counter() - start) * rate) - sent
                if due > 0:
                    desk.burst(due)
                    sent += due
                await asyncio.sleep(step)

        feeding = asyncio.create_task(stream())
        used, since = time.process_time(), time.perf_counter()
        report(f"console, cursor, {rate:,} entries/s", await presses(app, down_and_up(), count, cursor))
        await pilot.press("r")
        composer = inbox.composer
        letters = iter("abcdefghij" * count)
        taken = await presses(app, letters, count // 2, lambda: composer.text)
        report(f"console, typing, {rate:,} entries/s", taken)
        await pilot.press("escape", "slash")
        field = inbox.search_field
        letters = iter(("o", "n", "e", "backspace", "backspace", "backspace") * count)
        taken = await presses(app, letters, count // 2, lambda: field.value)
        report(f"console, searching, {rate:,} entries/s", taken)
        await pilot.press("escape")
        # Alone, after the presses: what the stream costs while nobody touches a key.
        used, since = time.process_time(), time.perf_counter()
        await asyncio.sleep(2)
        share = (time.process_time() - used) / (time.perf_counter() - since)
        stop.set()
        await feeding
        began = time.perf_counter()
        inbox.set_filter(Filter(whose="mine", tag="size"))
        switched = (time.perf_counter() - began) * 1000
        print(
            f"\n  first dialogs after {first * 1000:.0f} ms, all {dialogs:,} after {loaded:.1f} s (meanwhile usable)"
        )
        print(f"  switch to a new filter over {dialogs:,}: {switched:.0f} ms")
        print(f"  {sent:,} entries came; at rest they took {share:.0%} of a core, painting included")
        print(f"  memory {memory():.0f} MB at its highest (desk double and its rows included)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dialogs", type=int, default=100_000)
    parser.add_argument("--presses", type=int, default=300)
    parser.add_argument("--rate", type=int, default=1_000)
    options = parser.parse_args()
    print(f"key press → paint, {options.dialogs:,} rows, ms {'':>20} p50     p95     p99")
    asyncio.run(measure_bare(options.dialogs, options.presses))
    asyncio.run(measure_console(options.dialogs, options.presses, options.rate))


if __name__ == "__main__":
    main()
