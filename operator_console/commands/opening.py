"""`open`: which server, which token, then the console. Other commands find their server here, too."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass

import typer

from operator_console.client import DeskClient, is_this_machine, server_address
from operator_console.commands.talk import CommandError, say
from operator_console.credentials import find_token, save_token
from operator_console.dialog_filter import Filter
from operator_console.errors import SignedOut
from operator_console.local_server import find_local
from operator_console.safe_text import safe_line
from server_stub.protocol import PROTOCOL_VERSION, Me

_MODES = (1000, 1002, 1003, 1006, 2004, 1004, 1049)
"""Mouse, paste, focus and the other screen, as a console switches them on."""

_RESET_TERMINAL = "".join(f"\x1b[?{mode}l" for mode in _MODES) + "\x1b[<u\x1b[?25h\x1b[0m"
"""Those modes off, plain keys, the cursor, no colours: for a console that was ended before it could do so."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A server and the token for it. `is_new` where the token was given and is not kept yet."""

    url: str
    token: str
    is_new: bool = False


def open_at(url: str, token: str, *, read_only: bool = False, at: Filter = Filter()) -> int:  # noqa: B008
    """Open the console at the server, or at the one of this machine, with the list `at`. Returns the exit status."""
    desk = find_desk(url, token)
    me = asyncio.run(_who(desk))
    if desk.is_new:
        say(f"Signed in as {safe_line(me.name)}. The token is kept in {save_token(desk.url, desk.token)}.")
    if me.protocol != PROTOCOL_VERSION:
        say(f"The server speaks protocol {me.protocol}, this console {PROTOCOL_VERSION}: update the older.")
    return show_console(desk.url, desk.token, read_only=read_only, at=at)


def find_desk(url: str, token: str) -> Desk:
    """Return the server to talk to and its token. Raises `CommandError` where one is missing."""
    given = sys.stdin.readline().strip() if token == "-" else token.strip()  # noqa: S105
    if url:
        try:
            address = server_address(url)
        except ValueError as error:
            raise CommandError(
                str(error), "For example: operator-console open https://desk.example"
            ) from error
        _warn_if_readable(address)
        kept = find_token(address) or _token_of_local(address)
        wanted = given or kept or _asked_for(address)
        return Desk(address, wanted, is_new=wanted != kept)
    found = find_local()
    for sentence in found.gone:
        say(sentence)
    if not found.servers:
        raise CommandError(
            "No server runs on this machine.",
            "Start one with `operator-console demo` or `serve`, or name one: `operator-console open URL`.",
        )
    server = found.servers[0]
    if len(found.servers) > 1:
        others = ", ".join(other.url for other in found.servers[1:])
        say(f"Opening {server.url}, started last. Also here: {others}")
    return Desk(server.url, given or server.token)


def show_console(url: str, token: str, *, read_only: bool = False, at: Filter = Filter()) -> int:  # noqa: B008
    """Run the Textual console until it is left; the terminal is as before, however it ended."""
    # Frames lie on a fixed 60 Hz grid otherwise; Textual reads this when it is imported.
    os.environ.setdefault("TEXTUAL_FPS", "240")
    from operator_console.app import run_console
    from operator_console.preferences import PreferencesError

    with _terminal_restored():
        try:
            status: int = run_console(url, token, read_only=read_only, at=at)
        except PreferencesError as error:
            raise CommandError(str(error)) from error
        return status


class _terminal_restored:  # noqa: N801
    """Puts the terminal back where an exception ended the console before it could do so itself."""

    def __enter__(self) -> None:
        self._before: list[object] | None = None
        if sys.stdin.isatty() and os.name != "nt":
            import termios

            self._before = termios.tcgetattr(sys.stdin)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None or self._before is None:
            return
        import termios

        sys.stdout.write(_RESET_TERMINAL)
        sys.stdout.flush()
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)  # type: ignore[arg-type]


async def _who(desk: Desk) -> Me:
    client = DeskClient(desk.url, desk.token)
    try:
        return await client.me()
    except SignedOut as error:
        raise CommandError(f"{desk.url} does not know this token: {error.message}", error.advice) from error
    finally:
        await client.close()


def _token_of_local(url: str) -> str:
    return next((server.token for server in find_local().servers if server.url == url), "")


def _asked_for(url: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError(
            f"No token is kept for {url}.",
            "Give one with --token; the server's owner prints it by `operator-console operators add NAME`.",
        )
    say(f"No token is kept for {url}. Its owner prints one by `operator-console operators add NAME`.")
    return str(typer.prompt("Token", hide_input=True, err=True)).strip()


def _warn_if_readable(url: str) -> None:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.scheme == "http" and not is_this_machine(parts.hostname or ""):
        say(f"Careful: {url} is not encrypted; others on the way can read the token and the chats.")
