"""Runs the server: binds its ports, opens the data folder, starts the desk, and ends all of it in good order.

`python -m server_stub.serve --data DIR --port N [--host H] [--demo --shop-port N]` is the entry for child processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from msgspec.structs import replace
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server_stub.api.sockets import ABORT
from server_stub.app import DeskApp
from server_stub.channels.letter import Letters
from server_stub.channels.worker import OutboxWorker
from server_stub.data_folder import DataFolder, replace_private
from server_stub.desk.desk import Desk
from server_stub.enrichment.worker import Enricher
from server_stub.files import FileShelf
from server_stub.leftovers import remove_leftovers
from server_stub.operators import ensure_owner
from server_stub.scenario_folder import LIVE_IN_DEMO, copy_library
from server_stub.settings import Settings, SiteSettings
from server_stub.settings_file import load_settings
from server_stub.store.sqlite import LOG_BYTES, SqliteStore

MAX_FRAME_BYTES = 1024 * 1024
"""Of any WebSocket. Handlers refuse far smaller frames politely; this ends the connection (1009)."""
SWITCH_SECONDS = 0.001
"""How soon a busy event loop lets the committing thread go on (Python's default is 5 ms): with it, the slowest of a
hundred commits is answered in half the time."""
COLLECT_AFTER = (50_000, 20, 100)
"""Objects until the garbage collector looks for circles (Python's default is 700): visitors' states are hundreds of
thousands of objects without any circle, and looking at them took a seventh of the time of an event."""
GRACE_SECONDS = 2
"""How long requests under way may take when the server stops."""

log = logging.getLogger("server_stub")


def now() -> int:
    """The server's clock: milliseconds since the epoch, UTC."""
    return time.time_ns() // 1_000_000


class Server:
    """The desk on a data folder. `port` 0 takes a free one; `shop_port` serves the demo shop beside it; `clock` gives
    ms since the epoch; `log_bytes` is the size that the write-ahead log has from the start (see `SqliteStore`)."""

    def __init__(
        self,
        data: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 8700,
        demo: bool = False,
        shop_port: int | None = None,
        clock: Callable[[], int] = now,
        log_bytes: int = LOG_BYTES,
    ) -> None:
        self._folder_path = data
        self._log_bytes = log_bytes
        self._clock = clock
        self._host = host
        self._port = port
        self._demo = demo
        self._shop_port = shop_port
        self._parts = contextlib.AsyncExitStack()
        self._stopping = asyncio.Event()
        self.app: DeskApp
        """What is served, once it has started."""
        self.url = ""
        self.shop_url: str | None = None
        self.write_key = ""
        self.operator_token = ""

    async def start(self) -> None:
        """Everything is up when this returns, or nothing is.

        Raises OSError (a port is taken, the folder cannot be written), StoreError and SettingsError.
        """
        try:
            await self._start()
        except BaseException:
            await self._parts.aclose()
            raise
        # What is loaded stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        sys.setswitchinterval(SWITCH_SECONDS)

    async def _start(self) -> None:
        listener = self._bind(self._port)
        shop_listener = self._bind(self._shop_port) if self._shop_port is not None else None
        self.url = _address(listener)
        folder = DataFolder(self._folder_path)
        settings = load_settings(folder.settings, _demo_settings() if self._demo else None)
        if shop_listener is not None and not settings.site.url:
            settings = replace(settings, site=replace(settings.site, url=_address(shop_listener)))
        if not settings.site.desk_url:
            settings = replace(settings, site=replace(settings.site, desk_url=self.url))
        store = SqliteStore(folder.database, log_bytes=self._log_bytes)
        self._parts.callback(store.close)
        is_new = store.last_seq() == 0
        self.operator_token = ensure_owner(folder, store)
        self.write_key = folder.secret("write_key")
        if self._demo:
            await asyncio.to_thread(copy_library, folder.scenarios, LIVE_IN_DEMO)
        desk = Desk(store, clock=self._clock, settings=settings)
        await desk.start()
        self._parts.push_async_callback(desk.stop)
        if self._demo and is_new:
            from server_stub.demo_shop.presets import prepare

            await prepare(desk, store, self._clock())
        letters = Letters(
            folder.templates, settings.site.name, site=settings.site.url, accent=settings.look.colour
        )
        self.app = DeskApp(desk, store, folder, settings, self._clock, letters)
        await self.app.scenarios.start()
        self._parts.push_async_callback(self.app.scenarios.stop)
        outbox = OutboxWorker(desk, store, letters, folder.secret("webhook_secret"), self._clock)
        outbox.start()
        await remove_leftovers(desk, store, FileShelf(folder.files), self._clock)
        if settings.enrichment.gravatar:
            enricher = Enricher(desk, settings.enrichment.gravatar_url, self._clock)
            enricher.start()
            self._parts.push_async_callback(enricher.stop)
        self._parts.push_async_callback(outbox.stop)
        self.app.start()
        await self._listen(self.app, listener)
        self._parts.push_async_callback(self.app.stop)
        if shop_listener is not None:
            await self._open_shop(shop_listener, store)
        self._announce(folder)

    async def run_until_stopped(self) -> None:
        """Returns when SIGTERM or SIGINT comes, or `stop` is called."""
        loop = asyncio.get_running_loop()
        caught = []
        for name in (signal.SIGTERM, signal.SIGINT):
            # Not possible outside of the main thread, and not on Windows.
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                loop.add_signal_handler(name, self._stopping.set)
                caught.append(name)
        try:
            await self._stopping.wait()
        finally:
            for name in caught:
                loop.remove_signal_handler(name)

    async def stop(self) -> None:
        """Close sockets (1012: come back), finish what the desk has, close the database. Twice is allowed."""
        self._stopping.set()
        await self._parts.aclose()

    # --- Parts ----------------------------------------------------------------------------------------------

    def _bind(self, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        self._parts.callback(listener.close)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self._host, port))
        return listener

    async def _listen(self, app: Any, listener: socket.socket) -> None:
        """Serve `app` on the socket until the parts are closed."""
        config = uvicorn.Config(
            app,
            http="httptools",
            ws=_Socket,
            ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        await server.startup(sockets=[listener])
        loop = asyncio.create_task(server.main_loop())

        async def end() -> None:
            server.should_exit = True
            await loop
            await server.shutdown(sockets=[listener])

        self._parts.push_async_callback(end)

    async def _open_shop(self, listener: socket.socket, store: SqliteStore) -> None:
        from server_stub.demo_shop.mailbox import post_of
        from server_stub.demo_shop.pages import demo_shop

        await self._listen(demo_shop(self.write_key, self.url, post=post_of(store)), listener)
        self.shop_url = _address(listener)

    def _announce(self, folder: DataFolder) -> None:
        """So that a console on this machine finds us without being told."""
        card = {"url": self.url, "token": self.operator_token, "pid": os.getpid()}
        replace_private(folder.console, msgspec.json.encode(card).decode())
        self._parts.callback(folder.console.unlink, missing_ok=True)


class _Socket(WebSocketsSansIOProtocol):
    """uvicorn's, with one thing more: a handler can drop a connection whose reader has stopped reading."""

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[ABORT] = self.transport.abort


def _demo_settings() -> Settings:
    """The demo's desk belongs to the demo shop."""
    from server_stub.demo_shop.catalog import BRAND, CURRENCY

    return Settings(site=SiteSettings(name=BRAND, currency=CURRENCY, timezone="Europe/Prague"))


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - reading, not binding
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


async def _serve(server: Server) -> None:
    await server.start()
    try:
        await server.run_until_stopped()
    finally:
        await server.stop()


def main(arguments: list[str] | None = None) -> int:
    """The entry for child processes; 0 after SIGTERM."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m server_stub.serve", description="Runs the desk's server."
    )
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8700, help="0 takes a free one")
    parser.add_argument("--demo", action="store_true", help="start with the library's scenarios, live")
    parser.add_argument("--shop-port", type=int, default=None, help="serve the demo shop there")
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
    server = Server(
        options.data, host=options.host, port=options.port, demo=options.demo, shop_port=options.shop_port
    )
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(server))
    return 0


def loop_factory() -> Any:
    """uvloop's event loop; None (asyncio's) where there is no uvloop."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


if __name__ == "__main__":
    sys.exit(main())
