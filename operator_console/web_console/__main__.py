"""`python -m operator_console.web_console`: the site as a child process; it ends when its standard input does."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from aiohttp import web

from operator_console.commands.children import when_input_ends
from operator_console.web_console.environment import KEY
from operator_console.web_console.site import Site


async def serve(host: str, port: int, key: str) -> None:
    """Serve until the standard input ends. Raises OSError where the port may not be used."""
    stop = asyncio.Event()
    when_input_ends(stop)
    runner = web.AppRunner(await Site(key).application(), shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> int:
    parser = argparse.ArgumentParser(prog="operator-console web console")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    try:
        asyncio.run(serve(given.host, given.port, os.environ.pop(KEY)))
    except OSError as error:
        sys.stderr.write(f"{given.host}:{given.port} cannot be listened on: {error.strerror or error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
