"""How long a backtest takes: events a second, and memory, over an events file and over a journal.

    python tests/benchmarks/backtest.py [--events 100000] [--visitors 20000] [--jobs N] [--keep DIR] [--only file]

Makes the data first, the same for the same seed: 60 days of a small shop. The draft is an abandoned-cart series; in
the journal three other scenarios are live beside it. Prints time, events a second, peak memory (the sum of all
processes), and beside it the cost of what no backtest can do without: reading every event, decoding it, and folding it
into a state.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.engine.stimuli import Happened
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.tools.past.backtest_report import report_of
from scenarios_yaml.tools.past.surroundings import Surroundings, Trial
from scenarios_yaml.tools.past.tally import Tally
from server_stub.desk.people import Person, row_of
from server_stub.history.sharing import Source, run
from server_stub.protocol import Entry, EventHappened, ScenarioChanged
from server_stub.store.base import Batch, ScenarioRow
from server_stub.store.codec import decode_entry
from server_stub.store.sqlite import SqliteStore

BEGIN = 1_772_323_200_000
"""2026-03-01 UTC."""
DAY = 86_400_000
DAYS = 60
SINCE = BEGIN + 15 * DAY
DRAFT = """
scenario: abandoned-cart
title: Abandoned cart, two letters
status: live
trigger: [{event: Product Added}]
audience: [cart.total > 20, email is known]
exit: [{event: Order Completed}, cart.total = 0]
reentry: {not_sooner_than: 7d, while_running: restart}
goal: {event: Order Completed, within: 7d}
steps:
  - {id: pause, wait: 3h}
  - id: letter
    email:
      subject: "{{ visitor.name | default: 'Hello' }}, your cart is waiting"
      body: "{% for item in cart.items %}{{ item.name }} {% endfor %}"
  - {id: opened, wait_for: {event: Email Opened, up_to: 2d}}
  - {id: code, coupon: {pool: cart-5, save_to: run.code}}
  - id: letter-with-code
    email: {subject: "{{ run.code }}: 5% off", body: "It is yours until Sunday."}
"""
OTHERS = (
    """
scenario: welcome
title: Welcome
status: live
trigger: [{event: Session Started, where: [event.first = true]}]
reentry: {times: once}
steps: [{wait: 20s}, {say: "Hello! Ask us anything."}]
""",
    """
scenario: viewed-a-lot
title: Help with choosing
status: live
trigger: [{event: Product Viewed}]
audience: ['did "Product Viewed" >= 3 times in 1d']
reentry: {not_sooner_than: 7d}
steps: [{id: help, say: "May I help?", timeout: 1h, options: [{label: Please, steps: [{say: Sure.}]}, {label: No}]}]
""",
    """
scenario: thanks
title: Thanks
status: live
trigger: [{event: Order Completed}]
audience: [email is known]
steps: [{wait: 1d}, {email: {subject: Thank you, body: For your order.}}]
""",
)
PRODUCTS = [
    {"product_id": f"p{number}", "name": f"Product {number}", "price": 5 + number * 7 % 90}
    for number in range(200)
]


def visits(
    seed: int, visitors: int, events: int
) -> Iterator[tuple[str, list[tuple[int, str, dict[str, Any]]]]]:
    """Visitor by visitor: (when, event, properties), rising. All together about `events`."""
    rng = random.Random(seed)
    mean = events / visitors
    for number in range(visitors):
        left = max(1, round(rng.expovariate(1 / mean)))
        at = BEGIN + rng.randrange(DAYS * DAY)
        done: list[tuple[int, str, dict[str, Any]]] = []
        while left > 0:
            left -= _visit(rng, at, left, done)
            at += rng.randrange(DAY // 4, 14 * DAY)
        yield f"v{number:07}", done


def _visit(rng: random.Random, at: int, most: int, done: list[tuple[int, str, dict[str, Any]]]) -> int:
    begun = len(done)
    done.append((at, "Session Started", {"first": not done, "session_id": f"s{at}", "channel": "search"}))
    while len(done) - begun < most:
        at += rng.randrange(2_000, 90_000)
        product = rng.choice(PRODUCTS)
        luck = rng.random()
        if luck < 0.55:
            path = f"/catalog/dresses/{product['product_id']}"
            done.append(
                (at, "Page Viewed", {"url": f"https://shop.example{path}", "path": path, "title": "A page"})
            )
        elif luck < 0.8:
            done.append((at, "Product Viewed", product))
        elif luck < 0.9:
            done.append((at, "Product Added", {**product, "quantity": 1}))
        elif luck < 0.95:
            done.append((at, "Email Captured", {"email": f"{rng.randrange(10**9)}@shop.example"}))
        elif luck < 0.97:
            done.append((at, "Order Completed", {"order_id": f"o{at}", "total": product["price"]}))
            break
        else:
            break
    return len(done) - begun


# --- Making the past -------------------------------------------------------------------------------------


def write_file(path: Path, seed: int, visitors: int, events: int) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for visitor, done in visits(seed, visitors, events):
            for at, name, properties in done:
                message = {
                    "type": "track",
                    "anonymousId": visitor,
                    "event": name,
                    "properties": properties,
                    "timestamp": datetime.fromtimestamp(at / 1000, UTC).isoformat(),
                }
                file.write(json.dumps(message) + "\n")
                count += 1
    return count


def write_journal(folder: Path, seed: int, visitors: int, events: int) -> int:
    """In the order of time, as a server would have written it."""
    folder.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(folder / "desk.sqlite")
    every = [
        (at, visitor, name, properties)
        for visitor, done in visits(seed, visitors, events)
        for at, name, properties in done
    ]
    every.sort(key=lambda row: row[:2])
    store.commit(_publication())
    seq = store.last_seq()
    known: set[str] = set()
    for begin in range(0, len(every), 5_000):
        batch = Batch()
        for at, visitor, name, properties in every[begin : begin + 5_000]:
            seq += 1
            batch.entries.append(Entry(seq, at, EventHappened(name, properties), visitor))
            if visitor not in known:
                known.add(visitor)
                batch.visitors[visitor] = row_of(Person(VisitorState(id=visitor), last_at=at))
        store.commit(batch)
    store.close()
    return len(every)


def _publication() -> Batch:
    batch = Batch()
    for number, text in enumerate(OTHERS, 1):
        scenario = read_scenario(text).scenario
        if scenario is None:
            raise SystemExit(f"{text} is no scenario")
        changed = ScenarioChanged(scenario.slug, "live", scenario.version, file=f"{scenario.slug}.yaml")
        batch.entries.append(Entry(number, BEGIN - 1, changed))
        batch.scenarios[(scenario.slug, scenario.version)] = ScenarioRow(
            scenario.slug, scenario.version, text, BEGIN - 1, live=True
        )
    return batch


# --- Measuring -------------------------------------------------------------------------------------------


class Memory:
    """The most that this process and those it started held at once, by looking ten times a second (MB)."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            children = [child.pid for child in multiprocessing.active_children() if child.pid]
            self.most = max(self.most, sum(map(_resident, [0, *children])))


def cpu_seconds() -> float:
    """Of this process and of those that it has started and that have ended: on a shared machine, what counts."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _resident(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process or 'self'}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * resource.getpagesize() / 1e6


def measure(name: str, source: Source, jobs: int) -> None:
    draft = read_scenario(DRAFT).scenario
    if draft is None:
        raise SystemExit("the draft is no scenario")
    began, worked = time.perf_counter(), cpu_seconds()
    tally = Tally()
    with Memory() as memory:
        past = source.open()
        opened = time.perf_counter() - began
        surroundings = Surroundings(past.around(), Trial(draft, SINCE, BEGIN + DAYS * DAY))
        for progress in run(source, past, surroundings, DRAFT, jobs):
            tally.add(progress.tally)
    seconds = time.perf_counter() - began
    report = report_of(tally, Trial(draft, SINCE, BEGIN + DAYS * DAY), surroundings.around, live=None)
    print(
        f"{name:<22} {jobs} jobs  {seconds:7.1f} s (to open {opened:.1f})  {report.events / seconds:9,.0f} events/s  "
        f"CPU {cpu_seconds() - worked:6.1f} s  {memory.most:6.0f} MB  "
        f"{report.visitors:,} visitors, {report.entered:,} entered, "
        f"{sum(report.messages.values()):,} messages"
    )


def measure_least(folder: Path) -> None:
    """One process that reads, decodes and folds, and nothing else."""
    store = SqliteStore(folder / "desk.sqlite")
    catalog, world = Catalog.of([]), World()
    began, worked = time.perf_counter(), cpu_seconds()
    count = 0
    state = VisitorState(id="")
    for visitor, body in store.journals("", "", ("event",)):
        if visitor != state.id:
            state = VisitorState(id=visitor)
        entry = decode_entry(body)
        if isinstance(entry.what, EventHappened):
            happened = Happened(entry.what.name, entry.what.properties, entry.at)
            state = advance(state, catalog, happened, entry.at, world).state
            count += 1
    seconds = time.perf_counter() - began
    store.close()
    rate = f"{count / seconds:9,.0f} events/s  CPU {cpu_seconds() - worked:6.1f} s"
    print(f"{'read, decode and fold':<22} 1 job   {seconds:7.1f} s                 {rate}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--visitors", type=int, default=0, help="default: a fifth of the events")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the data, made where it is missing")
    parser.add_argument("--only", choices=("file", "journal"))
    options = parser.parse_args()
    visitors = options.visitors or max(1, options.events // 5)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        file, data = folder / "events.jsonl", folder / "data"
        began = time.perf_counter()
        if options.only != "journal" and not file.exists():
            write_file(file, options.seed, visitors, options.events)
        if options.only != "file" and not data.exists():
            write_journal(data, options.seed, visitors, options.events)
        print(f"made in {time.perf_counter() - began:.1f} s")
        if options.only != "file":
            measure_least(data)
            measure("journal", Source(str(data)), options.jobs)
        if options.only != "journal":
            measure("events file", Source(events=str(file)), options.jobs)


if __name__ == "__main__":
    main()
