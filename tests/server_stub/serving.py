"""An ASGI application on a port of 127.0.0.1 that the system chooses, for tests that need a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import uvicorn

DEADLINE = 15.0
"""How long a test waits for something that must come, in seconds."""


async def until(read: Callable[[], Any], seconds: float = DEADLINE) -> Any:
    """Wait until `read()` is truthy, and give it back."""
    end = time.monotonic() + seconds
    while not (value := read()):
        assert time.monotonic() < end, "it did not happen in time"
        await asyncio.sleep(0.02)
    return value


@contextlib.asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The application's address while it is served."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="error", lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task
    listening.close()
