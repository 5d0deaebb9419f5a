"""How many events a second the desk commits, durably and with scenarios live, beside bare SQLite in the same run.

    python tests/benchmarks/desk_commits.py [--seconds 4]

`bare` inserts rows of the same size into one table, synchronous=FULL, with no other work: the disk's limit. The desk
does all of its own: identities, sessions, the engine, journal, visitor's state, ids that count once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median, quantiles

from server_stub.desk.desk import Desk
from server_stub.serve import COLLECT_AFTER
from server_stub.store.sqlite import SqliteStore
from server_stub.work import Identity, ScenariosRead, TrackEvent

VISITORS = 200
GROUP = 100
PAGES = ("/", "/catalog/dresses", "/catalog/dresses/1", "/cart", "/delivery-and-payment")

POPUP = """
scenario: exit-promo
title: Promo code on exit intent
status: live
trigger:
  - event: Exit Intent
    where:
      - page.path not starts with "/checkout"
audience:
  - email is unknown
reentry: {times: once}
steps:
  - popup: {size: large, title: Wait!, text: Leave your email}
    timeout: 30m
"""
BOT = """
scenario: delivery-bot
title: Questions about delivery
status: live
trigger:
  - event: Page Viewed
    where:
      - page.path starts with "/delivery-and-payment"
reentry: {not_sooner_than: 1d}
steps:
  - wait: 15s
  - say: Hello! How can I help?
    timeout: 1d
    options:
      - label: Delivery
        steps:
          - say: By courier.
      - label: Something else
        steps:
          - handoff: {team: support}
"""
FREE_DELIVERY = """
scenario: free-delivery
title: Free delivery
status: live
trigger:
  - event: Product Added
audience:
  - cart.total < 3000
reentry: {times: once}
steps:
  - popup: {size: small, title: Almost there, text: "Collect 3000, and delivery is free."}
    timeout: 10m
"""
CATEGORY = """
scenario: category-bot
title: Dresses
status: live
trigger:
  - event: Section Viewed
    where:
      - event.section = "dresses"
reentry: {not_sooner_than: 1d}
steps:
  - wait: 30s
  - say: Shall I help you choose?
    timeout: 1h
    options:
      - label: "Yes"
        steps:
          - handoff: {}
      - label: "No"
        steps:
          - close: no help wanted
"""
SCENARIOS = (
    ("exit-promo.yaml", POPUP),
    ("delivery-bot.yaml", BOT),
    ("free-delivery.yaml", FREE_DELIVERY),
    ("category-bot.yaml", CATEGORY),
)


def now() -> int:
    return time.time_ns() // 1_000_000


def events() -> Iterator[TrackEvent]:
    """Page views of shoppers who come and go, and now and then something in the cart: about 265 bytes as JSON."""
    for number in count():
        who = f"anonymous-{number % VISITORS:04d}"
        path = PAGES[number // VISITORS % len(PAGES)]
        at = now()
        name, properties = (
            "Page Viewed",
            {"url": f"https://shop.example{path}", "path": path, "title": "A page"},
        )
        if number % 10 == 9:
            name, properties = (
                "Product Added",
                {"product_id": f"p{number % 7}", "name": "Lamp", "price": 12.5, "quantity": 1},
            )
        yield TrackEvent(
            who=Identity(anonymous_id=who),
            name=name,
            properties=properties,
            context={"locale": "en-GB", "userAgent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"},
            message_id=f"message-{number:012d}",
            happened_at=at,
            received_at=at,
            source="widget",
        )


async def desk_in_groups(desk: Desk, source: Iterator[TrackEvent], seconds: float, group: int) -> float:
    """Events a second where `group` callers wait at a time."""
    done, begun = 0, time.perf_counter()

    async def caller() -> None:
        nonlocal done
        while time.perf_counter() - begun < seconds:
            await desk.submit(next(source))
            done += 1

    await asyncio.gather(*[caller() for _ in range(group)])
    return done / (time.perf_counter() - begun)


async def desk_one_by_one(desk: Desk, source: Iterator[TrackEvent], seconds: float) -> list[float]:
    """Milliseconds of each event of a lone caller."""
    latencies, begun = [], time.perf_counter()
    while time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        await desk.submit(next(source))
        latencies.append((time.perf_counter() - before) * 1000)
    return latencies


def bare(folder: Path, seconds: float, group: int) -> tuple[float, list[float]]:
    """Rows a second, and milliseconds of each commit."""
    connection = sqlite3.connect(folder / f"bare-{group}.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE journal (seq INTEGER PRIMARY KEY, body TEXT)")
    body = json.dumps({"event": "x" * 240})
    done, latencies, begun = 0, [], time.perf_counter()
    while time.perf_counter() - begun < seconds:
        before = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO journal (body) VALUES (?)", [(body,)] * group)
        connection.execute("COMMIT")
        latencies.append((time.perf_counter() - before) * 1000)
        done += group
    rate = done / (time.perf_counter() - begun)
    connection.close()
    return rate, latencies


def told(name: str, rate: float, reference: float, latencies: list[float] | None = None) -> None:
    line = f"{name:34} {rate:10,.0f}/s   {rate / reference:6.0%} of bare"
    if latencies:
        line += f"   p50 {median(latencies):.2f} ms, p99 {quantiles(latencies, n=100)[98]:.2f} ms"
    print(line)


async def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    seconds = options.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare_one, bare_latencies = bare(folder, seconds, 1)
        bare_group, _ = bare(folder, seconds, GROUP)
        store = SqliteStore(folder / "desk.db")
        desk = Desk(store, clock=now)
        await desk.start()
        await desk.submit(ScenariosRead(good=SCENARIOS, at=now()))
        source = events()
        await desk_in_groups(desk, source, 1.0, GROUP)
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)  # as the server does
        latencies = await desk_one_by_one(desk, source, seconds)
        by_32 = await desk_in_groups(desk, source, seconds, 32)
        grouped = await desk_in_groups(desk, source, seconds, GROUP)
        acknowledged, kept = desk.last_seq, store.counts()["journal"]
        await desk.stop()
        store.close()
        told("bare, one by one", bare_one, bare_one, bare_latencies)
        told("desk, one by one", len(latencies) / sum(latencies) * 1000, bare_one, latencies)
        told(f"bare, groups of {GROUP}", bare_group, bare_group)
        told(f"desk, {GROUP} callers", grouped, bare_group)
        told("desk, 32 callers", by_32, bare_group)
        print(f"{kept:,} entries in the store, {acknowledged:,} acknowledged")


if __name__ == "__main__":
    asyncio.run(main())
