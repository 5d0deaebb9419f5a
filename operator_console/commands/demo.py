"""`demo`: the server and its visitors as child processes, the console in front; leaving stops everything."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import typer

from operator_console.commands.children import Child
from operator_console.commands.opening import show_console
from operator_console.commands.talk import CommandError, demo_folder, say
from operator_console.local_server import LocalServer, answers, is_alive, read_card

FIRST_PORT = 8700
PORTS_TO_TRY = 20
READY_WITHIN = 30.0
"""Seconds until the server must answer; the first start writes its database, which takes one."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`port` None takes 8700 or the next free one; `pace` 2 lets visitors live twice as fast."""

    data: Path | None = None
    port: int | None = None
    visitors: bool = True
    console: bool = True
    seed: int = 1
    pace: float = 1.0


def run_demo(options: DemoOptions) -> int:
    """Run the demo until the console is left, or without one until a signal. Returns the exit status."""
    data = (options.data or demo_folder()).resolve()
    data.mkdir(parents=True, exist_ok=True)
    with_console = options.console and sys.stdin.isatty() and sys.stdout.isatty()
    running = read_card(data)
    if running is not None and is_alive(running):
        return _join(running, with_console)
    with _signals_end_the_program(), ExitStack() as children:
        card = _start(options, data, children)
        try:
            return show_console(card.url, card.token) if with_console else _stay(card)
        finally:
            say("Stopping …")
            children.close()
            say(f"Stopped. Everything is kept in {data}; `operator-console demo` goes on with it.")


def _join(card: LocalServer, with_console: bool) -> int:
    if not with_console:
        raise CommandError(
            f"The demo already runs at {card.url}.", "Give another folder with --data for a second one."
        )
    say(f"The demo already runs at {card.url}: this console joins it, and leaving does not stop it.")
    return show_console(card.url, card.token)


def _start(options: DemoOptions, data: Path, children: ExitStack) -> LocalServer:
    port, shop_port = _ports(options.port)
    server = Child(
        "operator_console.commands.serving",
        ["--data", str(data), "--port", str(port), "--shop-port", str(shop_port), "--demo"],
        data / "logs" / "server.log",
    )
    children.callback(server.stop)
    with _waiting("Starting the server and the shop …"):
        card = _until_ready(server, data)
    if options.visitors:
        visitors = Child(
            "server_stub.demo_visitors",
            _visitors_arguments(card, options),
            data / "logs" / "visitors.log",
        )
        # The end of the list stops first: visitors leave before the server does.
        children.callback(visitors.stop)
    return card


def _visitors_arguments(card: LocalServer, options: DemoOptions) -> list[str]:
    given = {"--url": card.url, "--shop": card.shop_url, "--key": card.write_key}
    given |= {"--seed": str(options.seed), "--pace": str(options.pace)}
    given["--memory"] = str(Path(card.data) / "demo_visitors.json")
    return [word for pair in given.items() for word in pair]


def _until_ready(server: Child, data: Path) -> LocalServer:
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        if server.has_ended:
            words = server.last_words()
            raise CommandError(f"The server did not start. {words}", f"Its log: {server.log}")
        card = read_card(data)
        # Complete only once the child has added the shop's address to what the server itself has written.
        if card is not None and card.pid == server.pid and card.shop_url and answers(card.url, "/readyz"):
            return card
        time.sleep(0.05)
    raise CommandError(f"The server was not ready within {READY_WITHIN:.0f} s.", f"Its log: {server.log}")


def _stay(card: LocalServer) -> int:
    """Without a console: print the addresses and wait for Ctrl+C."""
    typer.echo(f"shop       {card.shop_url}")
    typer.echo(f"mailbox    {card.shop_url}/mailbox")
    typer.echo(f"server     {card.url}")
    typer.echo(f"write key  {card.write_key}")
    sys.stdout.flush()
    say("Open the console in another terminal with `operator-console open`. Ctrl+C stops the demo.")
    while is_alive(card):
        time.sleep(1)
    raise CommandError(
        "The server has ended by itself.", f"Its log: {Path(card.data) / 'logs' / 'server.log'}"
    )


def _ports(wanted: int | None) -> tuple[int, int]:
    """Return the server's and the shop's port. Raises `CommandError` where the wanted one is taken."""
    if wanted == 0:
        return 0, 0
    if wanted is not None:
        for port in (wanted, wanted + 1):
            if not is_free(port):
                free = next(_free_pairs(wanted + 10), None)
                advice = f"Try --port {free}." if free else "Leave --port out, and a free one is taken."
                raise CommandError(f"Port {port} is taken by another program.", advice)
        return wanted, wanted + 1
    free = next(_free_pairs(FIRST_PORT), None)
    if free is None:
        return 0, 0
    if free != FIRST_PORT:
        say(f"Port {FIRST_PORT} is taken; the demo uses {free}.")
    return free, free + 1


def _free_pairs(first: int) -> Iterator[int]:
    for port in range(first, min(first + PORTS_TO_TRY * 10, 65_500), 10):
        if is_free(port) and is_free(port + 1):
            yield port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    try:
        with socket.create_server((host, port)):
            return True
    except OSError:
        return False


@contextmanager
def _waiting(sentence: str) -> Iterator[None]:
    """A spinner on standard error, where that is a terminal."""
    from rich.console import Console

    with Console(stderr=True).status(sentence):
        yield


@contextmanager
def _signals_end_the_program() -> Iterator[None]:
    """Turn signals that would end the process at once into an exit that stops the children first."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(0 if number == signal.SIGINT else 128 + number)

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), leave) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
