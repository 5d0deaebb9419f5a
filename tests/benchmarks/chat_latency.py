"""From a visitor's key press to the operator's screen: milliseconds, with 200 visitors connected.

    python tests/benchmarks/chat_latency.py [--seconds 5] [--repeat 3] [--rate 1000]

One sender in a closed loop, then a steady number of messages a second spread over all visitors. The clock runs from
the frame's sending to the entry's arrival at a console; the message is committed to the disk in between. The reference
relays the same frames after a raw insert (bare_server.py). Server, reference and clients run in processes of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parent))
from http_events import bare_server, desk_server, stored_rows

VISITORS = 200
TEXT = "Do you have this dress in blue, and would it be here before Friday if I ordered it today? Thank you very much"
SETTINGS = "[limits]\nwidget_frames = 1000000\n"


@dataclass
class Figure:
    """Latencies of one repetition in ms, rising; `sent` messages were acknowledged in all."""

    latencies: list[float] = field(default_factory=list)
    sent: int = 0

    def percentile(self, percent: int) -> float:
        return self.latencies[min(len(self.latencies) - 1, len(self.latencies) * percent // 100)]


class Chat:
    """Visitors and one console on a server. Subclasses know what is said on the wire."""

    def __init__(self, port: int, key: str, token: str) -> None:
        self.port = port
        self.key = key
        self.token = token
        self.sent_at: dict[str, float] = {}
        self.arrived: list[tuple[float, float]] = []
        self.acknowledged = 0

    @asynccontextmanager
    async def people(self) -> AsyncIterator[list[ClientConnection]]:
        """All visitors and the console, connected."""
        listener = await self.console()
        sockets = []
        for _ in range(VISITORS):
            sockets.append(await self.visitor())
        tasks = [asyncio.create_task(self.listen(listener))]
        try:
            yield sockets
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *(s.close() for s in (listener, *sockets)), return_exceptions=True)

    async def console(self) -> ClientConnection:
        raise NotImplementedError

    async def visitor(self) -> ClientConnection:
        raise NotImplementedError

    async def listen(self, socket: ClientConnection) -> None:
        raise NotImplementedError

    async def acknowledgement(self, socket: ClientConnection) -> None:
        raise NotImplementedError

    async def send(self, socket: ClientConnection, id_: str) -> None:
        self.sent_at[id_] = time.perf_counter()
        await socket.send(f'{{"type":"write","id":"{id_}","text":"{id_} {TEXT}"}}')

    def came(self, text: str) -> None:
        """A message's text has reached the console."""
        now = time.perf_counter()
        sent = self.sent_at.pop(text.partition(" ")[0], None)
        if sent is not None:
            self.arrived.append((now, now - sent))

    def open(self, path: str, **options: Any) -> Any:
        address = f"ws://127.0.0.1:{self.port}{path}"
        return connect(address, compression=None, proxy=None, max_size=None, ping_interval=None, **options)


class DeskChat(Chat):
    async def console(self) -> ClientConnection:
        socket: ClientConnection = await self.open(
            "/api/stream", additional_headers={"Authorization": f"Bearer {self.token}"}
        )
        return socket

    async def visitor(self) -> ClientConnection:
        socket: ClientConnection = await self.open("/v1/widget")
        await socket.send(f'{{"type":"hello","key":"{self.key}"}}')
        while b'"welcome"' not in await socket.recv(decode=False):
            continue
        return socket

    async def listen(self, socket: ClientConnection) -> None:
        marker = b'"kind":"message"'
        while True:
            frame = await socket.recv(decode=False)
            if marker not in frame:
                continue
            for entry in msgspec.json.decode(frame)["entries"]:
                if entry["what"]["kind"] == "message":
                    self.came(entry["what"]["message"]["text"])

    async def acknowledgement(self, socket: ClientConnection) -> None:
        while b'"type":"ack"' not in await socket.recv(decode=False):
            continue
        self.acknowledged += 1


class BareChat(Chat):
    async def console(self) -> ClientConnection:
        socket: ClientConnection = await self.open("/out")
        return socket

    async def visitor(self) -> ClientConnection:
        socket: ClientConnection = await self.open("/in")
        return socket

    async def listen(self, socket: ClientConnection) -> None:
        while True:
            self.came(msgspec.json.decode(await socket.recv(decode=False))["text"])

    async def acknowledgement(self, socket: ClientConnection) -> None:
        await socket.recv(decode=False)
        self.acknowledged += 1


# --- Workloads -------------------------------------------------------------------------------------


async def one_sender(chat: Chat, seconds: float, rate: int) -> None:
    async with chat.people() as visitors:
        end = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < end:
            count += 1
            await chat.send(visitors[0], f"m{count}")
            await chat.acknowledgement(visitors[0])
        await asyncio.sleep(0.2)


async def steady(chat: Chat, seconds: float, rate: int) -> None:
    async with chat.people() as visitors:

        async def acknowledge(socket: ClientConnection) -> None:
            while True:
                await chat.acknowledgement(socket)

        readers = [asyncio.create_task(acknowledge(socket)) for socket in visitors]
        begin = time.perf_counter()
        total = int(seconds * rate)
        for count in range(total):
            due = begin + count / rate
            if (early := due - time.perf_counter()) > 0.0005:
                await asyncio.sleep(early)
            await chat.send(visitors[count % VISITORS], f"m{count}")
        deadline = time.perf_counter() + 10
        while chat.acknowledged < total and time.perf_counter() < deadline:
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.2)
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


Workload = Callable[[Chat, float, int], Any]
WORKLOADS: dict[str, Workload] = {"one sender": one_sender, "steady": steady}
CLOSE = {"one sender": "p50 1 ms, p99 3 ms", "steady": "p99 8 ms at 1,000/s"}
"""What counts as close to what the machine can do without any product logic."""


def clients(kind: str, workload: str, port: int, key: str, token: str, seconds: float, rate: int) -> Figure:
    """Runs in a process of its own."""
    import uvloop

    chat: Chat = DeskChat(port, key, token) if kind == "desk" else BareChat(port, key, token)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(WORKLOADS[workload](chat, seconds, rate))
    warm = len(chat.arrived) // 5
    return Figure(sorted(1000 * took for _, took in chat.arrived[warm:]), chat.acknowledged)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--rate", type=int, default=1000, help="messages a second of the steady workload")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for number, workload in enumerate(WORKLOADS):
            per_second = "" if workload == "one sender" else f", {options.rate} messages/s"
            print(f"{workload}{per_second}, {VISITORS} visitors connected")
            p99s = []
            for kind in ("desk", "bare"):
                folder = Path(temporary) / f"{kind}-{number}"
                server = desk_server(folder, SETTINGS) if kind == "desk" else bare_server(folder)
                with server as (port, key):
                    token = (folder / "owner_token").read_text().strip() if kind == "desk" else ""
                    figures = []
                    for _ in range(options.repeat):
                        with multiprocessing.get_context("spawn").Pool(1) as pool:
                            given = (kind, workload, port, key, token, options.seconds, options.rate)
                            figures.append(pool.apply(clients, given))
                stored = stored_rows(folder, "message" if kind == "desk" else "")
                print(f"  {row(kind, figures)}   stored {stored:,}")
                p99s.append(statistics.median(figure.percentile(99) for figure in figures))
            print(f"  p99 ratio {p99s[0] / p99s[1]:.1f}   close to the limit: {CLOSE[workload]}")


def row(name: str, figures: list[Figure]) -> str:
    p50 = statistics.median(figure.percentile(50) for figure in figures)
    p99s = sorted(figure.percentile(99) for figure in figures)
    sent = sum(figure.sent for figure in figures)
    arrived = sum(len(figure.latencies) for figure in figures)
    return (
        f"{name:<6} p50 {p50:6.2f} ms   p99 {statistics.median(p99s):6.2f} ms  ({p99s[0]:.2f}–{p99s[-1]:.2f})   "
        f"acknowledged {sent:,}, measured {arrived:,}"
    )


if __name__ == "__main__":
    main()
