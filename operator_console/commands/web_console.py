"""The console in the browser beside a server: `serve --web-console` starts it, says where it is, and ends it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import typer

from operator_console.commands.children import Child
from operator_console.commands.talk import CommandError, explain, say
from operator_console.local_server import LocalServer, answers
from operator_console.web_console.environment import KEY, TOKEN, URL

READY_WITHIN = 20.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class WebConsole:
    """Where it listens (`port` 0 takes a free one), and as whom one works in it; without a token, as the owner."""

    host: str = "127.0.0.1"
    port: int = 8720
    token: str = ""


@asynccontextmanager
async def console_in_browser(wanted: WebConsole | None, server: LocalServer) -> AsyncIterator[None]:
    """It is served for as long as this lasts. Raises `CommandError` where it cannot start."""
    if wanted is None:
        yield
        return
    from operator_console.client import is_this_machine  # the server's process needs nothing else of a client

    port = wanted.port or _free_port(wanted.host)
    key = _key_of(Path(server.data))
    site = await asyncio.to_thread(_start, wanted, port, key, server)
    watch: asyncio.Task[None] | None = None
    try:
        address = f"http://{_named(wanted.host)}:{port}"
        await _until_ready(site, address)
        # The link is the sign-in: it goes to standard output with the server's other secrets.
        typer.echo(f"console    {address}/?key={key}")
        say("That link opens the console in a browser; whoever has it is the operator. Keep it to yourself.")
        if not is_this_machine(wanted.host):
            say("Careful: others on the way can read this page; put a proxy with TLS before it.")
        watch = asyncio.create_task(_watch(site))
        yield
    finally:
        if watch is not None:
            watch.cancel()
        await asyncio.to_thread(site.stop)


def _start(wanted: WebConsole, port: int, key: str, server: LocalServer) -> Child:
    return Child(
        "operator_console.web_console",
        ["--host", wanted.host, "--port", str(port)],
        Path(server.data) / "logs" / "web_console.log",
        {KEY: key, TOKEN: wanted.token or server.token, URL: server.url},
    )


async def _until_ready(site: Child, address: str) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if site.has_ended:
            words = site.last_words(1)
            raise CommandError(
                f"The console in the browser did not start. {words}", "Give another --web-console-port."
            )
        if await asyncio.to_thread(answers, address):
            return
        await asyncio.sleep(0.05)
    raise CommandError(
        f"The console in the browser was not ready within {READY_WITHIN:.0f} s.", f"Its log: {site.log}"
    )


async def _watch(site: Child) -> None:
    """The server goes on without it, but not without a word."""
    await asyncio.to_thread(site.wait)
    explain("The console in the browser has ended by itself; the server goes on.", f"Its log: {site.log}")


def _key_of(data: Path) -> str:
    """The link's secret, made once, so that a bookmark is good for the next start too."""
    from server_stub.data_folder import DataFolder

    return DataFolder(data).secret("web_console_key")


def _free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _named(host: str) -> str:
    """The host as it stands in an address; of one that listens everywhere, this machine."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - reading, not binding
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
