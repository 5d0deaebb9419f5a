"""Durable events a second through HTTP, with the library's first scenarios live, beside a bare reference.

    python tests/benchmarks/http_events.py [--seconds 5] [--repeat 3] [--only 1,32,batch]

Server, reference and load each run in a process of their own. One keep-alive connection a client, closed loop, a new
event of about 265 bytes each time, from 2,000 visitors. Each figure is the median of the repetitions, with the range;
the rows are counted in the store after.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import multiprocessing
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

HERE = Path(__file__).parent
FIRST_SCENARIOS = (
    "help_choosing_bot",
    "delivery_and_orders_bot",
    "category_bot",
    "site_bonus_popup",
    "exit_promo_popup",
    "free_delivery_popup",
    "browsing_help_chat",
)
VISITORS = 2_000
NAMES = ("Page Viewed", "Product Viewed", "Product Added", "Page Scrolled", "Exit Intent")
SHARES = (60, 20, 5, 10, 5)
"""What a shop's pages send, in per cent. Each Product Viewed starts or restarts a run."""
WARM_UP = 2.0


@dataclass(frozen=True)
class Figure:
    """Of one repetition: requests a second, and latencies in ms."""

    rate: float
    p50: float
    p99: float
    events: int


class Client(asyncio.Protocol):
    """One keep-alive connection that sends the next request when the answer to the last is there."""

    def __init__(self, make: Callable[[], bytes], done: asyncio.Event) -> None:
        self._make = make
        self._done = done
        self.latencies: list[tuple[float, float]] = []
        self.answered = 0
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by its class
        self._send()

    def _send(self) -> None:
        request = self._make()
        self._began = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._received.startswith(b"HTTP/1.1 200"):
            print(f"the server answered: {self._received[:500]!r}", file=sys.stderr)
            self._transport.abort()
            return
        if not self._received.endswith(b'{"success":true}'):
            return  # the head has come, the body follows
        self._received = b""
        now = time.perf_counter()
        self.latencies.append((now, now - self._began))
        self.answered += 1
        if self._done.is_set():
            self._transport.close()
        else:
            self._send()


def requests(key: str, batch: int, seed: int) -> Callable[[], bytes]:
    """Makes the bytes of one request after the other, each event with an id of its own."""
    rnd = random.Random(seed)
    auth = base64.b64encode(f"{key}:".encode()).decode()
    path = "/v1/batch" if batch > 1 else "/v1/track"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {auth}\r\n"
    head += "Content-Type: application/json\r\n"
    count = 0

    def event() -> str:
        nonlocal count
        count += 1
        visitor, product = rnd.randrange(VISITORS), rnd.randrange(100)
        name = rnd.choices(NAMES, SHARES)[0]
        return (
            f'{{"type":"track","event":"{name}","anonymousId":"visitor-{visitor:06d}","messageId":"{seed}-{count}",'
            f'"properties":{{"product_id":"p{product}","name":"Summer dress {product}","category":"dresses",'
            f'"price":{product + 10},"currency":"EUR","path":"/p/{product}","url":"https://shop.example/p/{product}"}}}}'
        )

    def make() -> bytes:
        body = event() if batch == 1 else '{"batch":[' + ",".join(event() for _ in range(batch)) + "]}"
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()

    return make


def load(port: int, key: str, clients: int, batch: int, seconds: float, seed: int) -> Figure:
    """Runs in a process of its own."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_load(port, key, clients, batch, seconds, seed))


async def _load(port: int, key: str, clients: int, batch: int, seconds: float, seed: int) -> Figure:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    protocols = []
    for number in range(clients):
        make = requests(key, batch, seed * 1000 + number)
        _, protocol = await loop.create_connection(lambda make=make: Client(make, done), "127.0.0.1", port)
        protocols.append(protocol)
    await asyncio.sleep(WARM_UP)
    begin = time.perf_counter()
    await asyncio.sleep(seconds)
    end = time.perf_counter()
    done.set()
    await asyncio.sleep(0.3)
    taken = sorted(took for protocol in protocols for at, took in protocol.latencies if begin <= at <= end)
    answered = sum(protocol.answered for protocol in protocols)
    rate = len(taken) / (end - begin)
    return Figure(
        rate * batch, 1000 * taken[len(taken) // 2], 1000 * taken[len(taken) * 99 // 100], answered * batch
    )


# --- The two servers -------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: list[str], port: int) -> Iterator[None]:
    """A server in a process of its own, from the moment it answers."""
    child = subprocess.Popen([sys.executable, *arguments], cwd=HERE.parent.parent)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                if child.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{arguments} did not start") from None
                time.sleep(0.05)
        yield
    finally:
        child.terminate()
        child.wait(20)


@contextmanager
def desk_server(folder: Path, settings: str = "") -> Iterator[tuple[int, str]]:
    """The product with the first scenarios live: its port and write key."""
    from server_stub.scenario_folder import copy_library

    port = free_port()
    folder.mkdir()
    copied = copy_library(folder / "scenarios", FIRST_SCENARIOS)
    print(f"  scenarios live: {len(copied)}", file=sys.stderr)
    (folder / "settings.toml").write_text(settings)
    with process(["-m", "server_stub.serve", "--data", str(folder), "--port", str(port)], port):
        deadline = time.monotonic() + 10
        while not (folder / "console.json").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield port, (folder / "write_key").read_text().strip()


@contextmanager
def bare_server(folder: Path) -> Iterator[tuple[int, str]]:
    port = free_port()
    folder.mkdir()
    with process([str(HERE / "bare_server.py"), str(folder / "bare.sqlite"), str(port)], port):
        yield port, "key"


def stored_rows(folder: Path, kind: str) -> int:
    """Rows of that kind in the desk's journal, without a kind all rows of the reference's."""
    [database] = folder.glob("*.sqlite")
    with closing(sqlite3.connect(database)) as connection:
        if kind:
            query = "SELECT count(*) FROM journal WHERE kind = ?"
            return int(connection.execute(query, (kind,)).fetchone()[0])
        return int(connection.execute("SELECT count(*) FROM journal").fetchone()[0])


# --- Measuring -------------------------------------------------------------------------------------


def measure(port: int, key: str, clients: int, batch: int, options: argparse.Namespace) -> list[Figure]:
    figures = []
    for repetition in range(options.repeat):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seed = clients * 100 + batch * 10 + repetition
            figures.append(pool.apply(load, (port, key, clients, batch, options.seconds, seed)))
    return figures


def row(name: str, figures: list[Figure]) -> str:
    rates = sorted(figure.rate for figure in figures)
    p50 = statistics.median(figure.p50 for figure in figures)
    p99 = statistics.median(figure.p99 for figure in figures)
    middle = statistics.median(rates)
    return f"{name:<22}{middle:>9,.0f}/s  ({rates[0]:,.0f}–{rates[-1]:,.0f})   p50 {p50:6.2f} ms   p99 {p99:6.2f} ms"


WORKLOADS = {"1": (1, 1), "32": (32, 1), "batch": (32, 10)}
CLOSE = {
    "1": "1,100/s, p50 0.8 ms",
    "32": "5,000/s, p99 15 ms",
    "batch": "28,000/s",
}
"""What counts as close to the limit: half of what the machine can do without any product logic."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", default=",".join(WORKLOADS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.only.split(","):
            clients, batch = WORKLOADS[name]
            print(
                f"{clients} client{'s' if clients > 1 else ''}, {batch} event{'s' if batch > 1 else ''} a request"
            )
            medians = []
            for kind, server in (("desk", desk_server), ("bare", bare_server)):
                folder = Path(temporary) / f"{kind}-{name}"
                with server(folder) as (port, key):
                    figures = measure(port, key, clients, batch, options)
                answered = sum(figure.events for figure in figures)
                stored = stored_rows(folder, "event" if kind == "desk" else "")
                print(f"  {row(kind, figures)}   answered {answered:,}, stored {stored:,}")
                medians.append(statistics.median(figure.rate for figure in figures))
            print(f"  ratio {medians[0] / medians[1]:.2f}   close to the limit: {CLOSE[name]}")


if __name__ == "__main__":
    print(json.dumps({"python": sys.version.split()[0]}))
    main()
