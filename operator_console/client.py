"""Talks to a server: REST by httpx (calls/), the stream by websockets (live.py).

Messages go through `outgoing.py`, which knows how to repeat them.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from operator_console.calls.designing import DesignCalls
from operator_console.calls.dialogs import DialogCalls
from operator_console.calls.figures import FigureCalls
from operator_console.calls.files import FileCalls
from operator_console.calls.house import FileKind, HouseCalls
from operator_console.calls.visitors import VisitorCalls
from operator_console.errors import DeskError, FileProblem, Refused, ServerFault, SignedOut, Unreachable
from operator_console.live import Backoff, Connected, LiveStream, Lost, StreamEvent
from server_stub.protocol import Watching

__all__ = [
    "Backoff",
    "Connected",
    "DeskClient",
    "DeskError",
    "FileKind",
    "FileProblem",
    "Lost",
    "Refused",
    "ServerFault",
    "SignedOut",
    "StreamEvent",
    "Unreachable",
    "server_address",
]

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For plain http on this machine: loading the certificates of all authorities takes longer than the first answer."""
TYPING_EVERY = 3.0
"""Seconds between two typing signs for one dialog: a sign holds for six."""


def server_address(address: str) -> str:
    """Return the server's base URL without a trailing slash.

    Without a scheme it is https, on this machine http.
    Raises ValueError where the address is none.
    """
    text = address.strip()
    if "://" not in text:
        scheme = "http" if is_this_machine(urlsplit(f"//{text}").hostname or "") else "https"
        text = f"{scheme}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{address!r} is not an address of a server, such as https://desk.example")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            f"The address of a server has no user, query or fragment: {parts.scheme}://{parts.hostname}"
        )
    _ = parts.port  # raises ValueError where it is no number
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def is_this_machine(host: str) -> bool:
    """Whether the host is a loopback address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class DeskClient(DialogCalls, VisitorCalls, HouseCalls, DesignCalls, FigureCalls, FileCalls):
    """One operator's access to one server. Every method may raise a `DeskError`.

    `transport`, `backoff`, `ping_every` and `silence_after` (seconds) are for tests and odd networks.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        backoff: Backoff | None = None,
        ping_every: float = 15.0,
        silence_after: float = 40.0,
    ) -> None:
        self.url = server_address(url)
        parts = urlsplit(self.url)
        is_near = is_this_machine(parts.hostname or "")
        self._http = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not is_near,
            verify=_TRUSTS_NOBODY if is_near and parts.scheme == "http" else True,
        )
        self._live = LiveStream(
            f"ws{self.url.removeprefix('http')}/api/stream",
            token,
            backoff=backoff or Backoff(),
            ping_every=ping_every,
            silence_after=silence_after,
            is_near=is_near,
        )
        self._typing_said: dict[str, float] = {}

    def stream(self, after: int) -> AsyncIterator[StreamEvent]:
        """The journal behind entry `after`, reconnecting by itself; ends after `StartOver`.

        One stream at a time. Raises `SignedOut` or `Refused` where trying again is no use.
        """
        return self._live.events(after)

    def try_now(self) -> None:
        """Reconnect at once instead of at the end of the pause that `Lost` told."""
        self._live.try_now()

    async def type_in(self, dialog_id: str) -> None:
        """Say that the operator is writing; call it at every key, it speaks every few seconds."""
        now = time.monotonic()
        if now - self._typing_said.get(dialog_id, -TYPING_EVERY) < TYPING_EVERY:
            return
        self._typing_said = {dialog_id: now}
        await self._live.say_typing(dialog_id)

    async def look_at(self, dialog_id: str) -> None:
        """Say which dialog this console shows from now on; empty: none. It is said again after each reconnection."""
        await self._live.say_looking(dialog_id)

    async def watch(self, watching: Watching) -> None:
        """Say whose figures this console shows from now on: they come by the stream as `FiguresChanged`, whole at first
        and after each reconnection. Without a scenario: none."""
        await self._live.say_watching(watching)

    async def close(self) -> None:
        await self._live.close()
        await self._http.aclose()
