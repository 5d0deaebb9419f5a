"""Finding the server of this machine without asking for its address.

A local server writes `console.json` into its data folder (address and the owner's token, readable by the
owner only) and a pointer to it among the user's state. Whoever looks for a server follows the pointers and
asks `/healthz`; a pointer that leads nowhere is explained and removed.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from operator_console.credentials import APP
from operator_console.own_files import read_own, write_own, write_whole

CARD_NAME = "console.json"


class LocalServer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A server of this machine. `since` is ms since the epoch; it and `pid` are 0 where not known."""

    url: str
    token: str
    data: str = ""
    pid: int = 0
    since: int = 0
    shop_url: str = ""
    write_key: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The servers that answer, the newest first, and a sentence for each that does not any more."""

    servers: tuple[LocalServer, ...]
    gone: tuple[str, ...]


def announce(server: LocalServer) -> None:
    """Write the server's card and the pointer to it. Raises OSError."""
    data = Path(server.data)
    write_whole(data / CARD_NAME, msgspec.json.format(msgspec.json.encode(server)))
    write_own(_pointer(data), server.data)


def withdraw(data: Path) -> None:
    """Remove the card and the pointer of a server that stops."""
    (data / CARD_NAME).unlink(missing_ok=True)
    _pointer(data).unlink(missing_ok=True)


def read_card(data: Path) -> LocalServer | None:
    """Return the card in a data folder, or None where no server is announced. Raises OSError."""
    try:
        card = msgspec.json.decode((data / CARD_NAME).read_bytes(), type=LocalServer)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None
    return msgspec.structs.replace(card, data=str(data))


def find_local() -> Found:
    """Follow all pointers. Raises OSError where the state folder may not be read."""
    servers: list[LocalServer] = []
    gone: list[str] = []
    for pointer in sorted(_pointers().glob("*.json")):
        folder = read_own(pointer, str).content
        if folder is None:
            continue
        server = read_card(Path(folder))
        if server is None:
            gone.append(f"The server of {folder} has stopped.")
            pointer.unlink(missing_ok=True)
        elif not is_alive(server):
            gone.append(f"The server of {folder} has ended without saying so; it was at {server.url}.")
            withdraw(Path(folder))
        else:
            servers.append(server)
    servers.sort(key=lambda server: server.since, reverse=True)
    return Found(tuple(servers), tuple(gone))


def is_alive(server: LocalServer) -> bool:
    """Whether the server's process lives and its address answers."""
    return _process_lives(server.pid) and answers(server.url)


def answers(url: str, path: str = "/healthz", *, timeout: float = 2.0) -> bool:
    """Whether something at `url` answers `path` with a status of 2xx, within `timeout` seconds."""
    import httpx  # 60 ms that a command without a network call does not need

    try:
        return httpx.get(f"{url}{path}", timeout=timeout, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _process_lives(pid: int) -> bool:
    if os.name == "nt" or pid <= 0:
        return True  # os.kill would end it there; the address decides
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pointers() -> Path:
    return user_state_path(APP) / "servers"


def _pointer(data: Path) -> Path:
    return _pointers() / f"{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]}.json"
