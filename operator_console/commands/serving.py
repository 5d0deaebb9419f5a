"""Running the server: in the foreground for `serve`, and as a child process for `demo`.

`python -m operator_console.commands.serving` is the child: it ends when its standard input ends, so it never
outlives the process that started it, however that one dies.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer

from operator_console.commands.children import when_input_ends
from operator_console.commands.server_errors import in_words
from operator_console.commands.talk import CommandError, explain, say
from operator_console.commands.web_console import WebConsole, console_in_browser
from operator_console.local_server import LocalServer, announce, is_alive, read_card, withdraw

Ready = Callable[[LocalServer], None]


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """`port` 0 takes a free one; `shop_port` is that of the demo shop, where `demo` wants one."""

    data: Path
    host: str = "127.0.0.1"
    port: int = 8700
    demo: bool = False
    shop_port: int | None = None
    web_console: WebConsole | None = None


def serve_until_stopped(options: ServeOptions) -> int:
    """Run the server until Ctrl+C or a signal; prints address, key and snippet. Returns 0."""
    already = read_card(options.data)
    if already is not None and is_alive(already):
        raise CommandError(
            f"A server already runs on {options.data}: {already.url}",
            "Open it with `operator-console open`, or give another folder with --data.",
        )
    run(options, _introduce, stop_with_input=False)
    say(f"Stopped. Everything is kept in {options.data}.")
    return 0


def run(options: ServeOptions, on_ready: Ready, *, stop_with_input: bool) -> None:
    """Run the server until a signal, or until its input ends. Raises `CommandError` where it cannot start."""
    with in_words(), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(options, on_ready, stop_with_input=stop_with_input))


async def _serve(options: ServeOptions, on_ready: Ready, *, stop_with_input: bool) -> None:
    from server_stub.serve import Server

    server = Server(
        options.data, host=options.host, port=options.port, demo=options.demo, shop_port=options.shop_port
    )
    stop = asyncio.Event()
    try:
        await server.start()
    except OSError as error:
        raise _cannot_start(options, error) from error
    try:
        _stop_on_signals(stop)
        if stop_with_input:
            when_input_ends(stop)
        card = LocalServer(
            url=server.url,
            token=server.operator_token,
            data=str(options.data.resolve()),
            pid=os.getpid(),
            since=time.time_ns() // 1_000_000,
            shop_url=server.shop_url or "",
            write_key=server.write_key,
        )
        announce(card)
        on_ready(card)
        async with console_in_browser(options.web_console, card):
            await _first_of(server.run_until_stopped(), stop.wait())
    finally:
        withdraw(options.data)
        await server.stop()


async def _first_of(*things: object) -> None:
    tasks = [asyncio.ensure_future(thing) for thing in things]  # type: ignore[call-overload]
    done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    for task in done:
        task.result()


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            # Windows' loop has none of these: there Ctrl+C arrives as KeyboardInterrupt.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(getattr(signal, name), stop.set)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return None
    return uvloop.new_event_loop


def _cannot_start(options: ServeOptions, error: OSError) -> CommandError:
    import errno

    if error.errno in (errno.EADDRINUSE, errno.EACCES):
        why = "is taken by another program" if error.errno == errno.EADDRINUSE else "may not be used"
        other = options.port + 10 if options.port > 1023 else 8700
        return CommandError(f"Port {options.port} {why}.", f"Try another one: --port {other}")
    return CommandError(
        f"The server cannot start: {error.strerror or error}.", "See `operator-console doctor`."
    )


def _introduce(card: LocalServer) -> None:
    typer.echo(f"address    {card.url}")
    typer.echo(f"write key  {card.write_key}")
    typer.echo(f'snippet    <script async src="{card.url}/widget.js" data-key="{card.write_key}"></script>')
    say("Open the console with `operator-console open`. Ctrl+C stops the server.")


def child_main() -> int:
    """Entry point of the child process; what goes wrong stands in its log."""
    parser = argparse.ArgumentParser(prog="operator-console serving")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--shop-port", type=int)
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args()
    options = ServeOptions(given.data, given.host, given.port, given.demo, given.shop_port)
    try:
        run(options, lambda _: None, stop_with_input=True)
    except CommandError as error:
        explain(error.message, error.advice)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(child_main())
