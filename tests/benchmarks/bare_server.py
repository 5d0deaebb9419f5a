"""The reference: what the machine does with no product in the way. Run by the other benchmarks, in its own process.

The same uvicorn with the same options, a bare ASGI function, and raw rows into SQLite (WAL, synchronous=FULL) by a
thread that commits all that waits in one transaction. `POST /v1/track` and `/v1/batch` answer after the commit; a text
on `/in` is inserted and then relayed to every socket on `/out`.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from queue import SimpleQueue
from typing import Any

import msgspec
import uvicorn
import uvloop


class GroupCommit:
    """One table, one thread, one transaction for whatever waits."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._queue: SimpleQueue[tuple[list[bytes], asyncio.Future[None]]] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, daemon=True).start()

    def insert(self, rows: list[bytes]) -> asyncio.Future[None]:
        future: asyncio.Future[None] = self._loop.create_future()
        self._queue.put((rows, future))
        return future

    def _run(self) -> None:
        connection = sqlite3.connect(self._path, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS journal (seq INTEGER PRIMARY KEY, body BLOB)")
        while True:
            jobs = [self._queue.get()]
            while not self._queue.empty() and len(jobs) < 512:
                jobs.append(self._queue.get())
            connection.execute("BEGIN")
            rows = ((row,) for job in jobs for row in job[0])
            connection.executemany("INSERT INTO journal (body) VALUES (?)", rows)
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(answer, [job[1] for job in jobs])


def answer(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        future.set_result(None)


class Batch(msgspec.Struct):
    batch: list[msgspec.Raw]


START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"16")]}
END = {"type": "http.response.body", "body": b'{"success":true}'}


class BareApp:
    def __init__(self, path: str) -> None:
        self._path = path
        self._store: GroupCommit | None = None
        self._out: set[Any] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self._store is None:
            self._store = GroupCommit(self._path)
        if scope["type"] == "websocket":
            await self._socket(scope["path"], receive, send)
        elif scope["method"] == "GET":
            await send(START)
            await send(END)
        else:
            await self._post(scope["path"], receive, send)

    async def _post(self, path: str, receive: Any, send: Any) -> None:
        assert self._store is not None
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        rows = (
            [bytes(raw) for raw in msgspec.json.decode(body, type=Batch).batch] if "batch" in path else [body]
        )
        await self._store.insert(rows)
        await send(START)
        await send(END)

    async def _socket(self, path: str, receive: Any, send: Any) -> None:
        assert self._store is not None
        await receive()
        await send({"type": "websocket.accept"})
        if path == "/out":
            self._out.add(send)
        tasks: set[asyncio.Task[None]] = set()
        while (message := await receive())["type"] == "websocket.receive":
            task = asyncio.create_task(self._relay(message["text"], send))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        self._out.discard(send)

    async def _relay(self, text: str, send: Any) -> None:
        assert self._store is not None
        await self._store.insert([text.encode()])
        for out in tuple(self._out):
            await out({"type": "websocket.send", "text": text})
        await send({"type": "websocket.send", "text": "ok"})


def main() -> None:
    path, port = sys.argv[1], int(sys.argv[2])
    config = uvicorn.Config(
        BareApp(path),
        port=port,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main()
