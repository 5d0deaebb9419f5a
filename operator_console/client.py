"""Talks to a server: REST by httpx, the stream by websockets.

What only reads is repeated twice on a broken connection. What changes something is tried once, unless a
repeat is known to be the same (`mark_seen`, `start_dialog`); messages go through `outgoing.py`, which knows
how to repeat.
"""

from __future__ import annotations

import asyncio
import mimetypes
import time
import uuid
from collections.abc import AsyncIterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from operator_console.errors import DeskError, FileProblem, Refused, ServerFault, SignedOut, Unreachable
from operator_console.live import Backoff, Connected, LiveStream, Lost, StreamEvent
from operator_console.received_files import save_new
from server_stub.protocol import (
    MAX_FILE_BYTES,
    ChangeDialog,
    ChangeVisitor,
    DialogPage,
    DialogSummary,
    EventPage,
    FeedPage,
    FileRef,
    MarkSeen,
    Me,
    Message,
    Operator,
    OutboxItem,
    Problem,
    Publication,
    PublishScenario,
    ScenarioFile,
    ScenarioStatus,
    SegmentStatus,
    SendMessage,
    StartDialog,
    VisitorCard,
    WhyOverview,
    WhyReport,
)

__all__ = [
    "Backoff",
    "Connected",
    "DeskClient",
    "DeskError",
    "FileProblem",
    "Lost",
    "Refused",
    "ServerFault",
    "SignedOut",
    "StreamEvent",
    "Unreachable",
    "server_address",
]

T = TypeVar("T")
FileKind: TypeAlias = Literal["scenario", "segment"]

RETRY_DELAYS = (0.2, 0.6)
"""Seconds before the second and the third try of what may be repeated."""

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
TYPING_EVERY = 3.0
"""Seconds between two typing signs for one dialog: a sign holds for six."""

_BUSY = (502, 503, 504)
_decode_problem = msgspec.json.Decoder(Problem).decode


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


class DeskClient:
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
        is_near = is_this_machine(urlsplit(self.url).hostname or "")
        self._http = httpx.AsyncClient(
            base_url=self.url,
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=TIMEOUT,
            transport=transport,
            trust_env=not is_near,
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

    async def me(self) -> Me:
        """Who the token belongs to, and which server this is."""
        return await self._read("/api/me", Me)

    async def operators(self) -> tuple[Operator, ...]:
        return await self._read("/api/operators", tuple[Operator, ...])

    async def dialogs(
        self,
        *,
        status: str = "",
        assignee: str = "",
        tag: str = "",
        visitor: str = "",
        cursor: str = "",
        limit: int = 500,
    ) -> DialogPage:
        """One page of the dialog list, newest first; empty filters match everything."""
        filters = {"status": status, "assignee": assignee, "tag": tag, "visitor": visitor, "cursor": cursor}
        return await self._read("/api/dialogs", DialogPage, limit=limit, **filters)

    async def search(self, query: str, limit: int = 50) -> tuple[DialogSummary, ...]:
        """Dialogs whose messages or visitor hold the words of `query`."""
        return await self._read("/api/search", tuple[DialogSummary, ...], q=query, limit=limit)

    async def feed(self, dialog_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        """The dialog's entries before seq `before` (0: the newest), oldest first."""
        return await self._read(_path("dialogs", dialog_id, "feed"), FeedPage, before=before, limit=limit)

    async def visitor_feed(self, visitor_id: str, before: int = 0, limit: int = 100) -> FeedPage:
        """The entries of all dialogs with this visitor, as `feed`."""
        return await self._read(_path("visitors", visitor_id, "feed"), FeedPage, before=before, limit=limit)

    async def visitor(self, visitor_id: str) -> VisitorCard:
        return await self._read(_path("visitors", visitor_id), VisitorCard)

    async def events(self, visitor_id: str, before: int = 0, limit: int = 100) -> EventPage:
        """What the visitor did and which runs he went through, newest first."""
        return await self._read(
            _path("visitors", visitor_id, "events"), EventPage, before=before, limit=limit
        )

    async def why(self, visitor: str, scenario: str, limit: int = 100) -> WhyReport:
        """Each time the scenario was considered for the visitor (by id, email or user id), and what came of it."""
        return await self._read(_path("visitors", visitor, "why"), WhyReport, scenario=scenario, limit=limit)

    async def considered(self, visitor: str) -> WhyOverview:
        """Every scenario that was considered for the visitor (by id, email or user id), the latest first."""
        return await self._read(_path("visitors", visitor, "considered"), WhyOverview)

    async def scenarios(self) -> tuple[ScenarioStatus, ...]:
        return await self._read("/api/scenarios", tuple[ScenarioStatus, ...])

    async def scenario_file(self, slug: str, kind: FileKind = "scenario") -> ScenarioFile:
        """A scenario's (or segment's) text as it lies on the server, and who stands where."""
        return await self._read(_path(f"{kind}s", slug), ScenarioFile)

    async def publish(self, slug: str, request: PublishScenario, kind: FileKind = "scenario") -> Publication:
        """Put a text in the place of the one that `request.base` names, or only say what would come of it."""
        return await self._write("PUT", _path(f"{kind}s", slug), request, Publication)

    async def segments(self) -> tuple[SegmentStatus, ...]:
        return await self._read("/api/segments", tuple[SegmentStatus, ...])

    async def outbox(
        self, *, channel: str = "", status: str = "", scenario: str = "", before: str = "", limit: int = 100
    ) -> tuple[OutboxItem, ...]:
        """Emails, pushes, messages and webhooks, newest first, without content; `before` is the id of a row."""
        asked = {"channel": channel, "status": status, "scenario": scenario, "before": before}
        return await self._read("/api/outbox", tuple[OutboxItem, ...], limit=limit, **asked)

    async def outbox_item(self, row: str) -> OutboxItem:
        """One of them with its content."""
        return await self._read(_path("outbox", row), OutboxItem)

    async def change_visitor(self, visitor_id: str, change: ChangeVisitor) -> VisitorCard:
        return await self._write("PATCH", _path("visitors", visitor_id), change, VisitorCard)

    async def change_dialog(self, dialog_id: str, change: ChangeDialog) -> DialogSummary:
        return await self._write("PATCH", _path("dialogs", dialog_id), change, DialogSummary)

    async def send(self, dialog_id: str, message: SendMessage) -> Message:
        """Send a message or note: one attempt. The same `client_id` again is the same message."""
        return await self._write("POST", _path("dialogs", dialog_id, "messages"), message, Message)

    async def mark_seen(self, dialog_id: str, up_to: int) -> None:
        """Say that an operator has seen everything up to message seq `up_to`."""
        body = msgspec.json.encode(MarkSeen(up_to=up_to))
        await self._request("POST", _path("dialogs", dialog_id, "seen"), content=body, repeatable=True)

    async def start_dialog(self, visitor_id: str) -> DialogSummary:
        """The visitor's open dialog, or a new one held by people."""
        body = StartDialog(client_id=uuid.uuid4().hex)
        return await self._write(
            "POST", _path("visitors", visitor_id, "dialogs"), body, DialogSummary, repeatable=True
        )

    async def upload(self, path: Path) -> FileRef:
        """Store a file of this machine on the server, to be sent by its id. Raises `FileProblem` too."""
        try:
            content = await asyncio.to_thread(_read_small_file, path)
        except OSError as error:
            raise FileProblem(
                Problem("unreadable", f"{path} cannot be read: {error.strerror or error}.")
            ) from error
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        answer = await self._request(
            "POST", "/api/files", content=content, media_type=media_type, params={"name": path.name}
        )
        return _decoded(answer, FileRef)

    async def download(self, ref: FileRef, folder: Path) -> Path:
        """Save a file of the server in `folder` and return where.

        Its name is cleaned, and nothing is overwritten. Raises `FileProblem` too.
        """
        if not ref.url.startswith("/") or ref.url.startswith("//"):
            raise ServerFault(
                Problem("foreign_file", "The file does not lie on this server; it was not fetched.")
            )
        content = (await self._request("GET", ref.url, repeatable=True)).content
        if len(content) > max(ref.size, MAX_FILE_BYTES):
            raise ServerFault(
                Problem("file_too_large", "The server sent more than it said; nothing was saved.")
            )
        try:
            return await asyncio.to_thread(save_new, folder, ref.name, content)
        except OSError as error:
            detail = f"The file cannot be saved in {folder}: {error.strerror or error}."
            raise FileProblem(Problem("unwritable", detail)) from error

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

    async def close(self) -> None:
        await self._live.close()
        await self._http.aclose()

    async def _read(self, path: str, answer_type: type[T], **params: str | int) -> T:
        given = {name: value for name, value in params.items() if value not in ("", 0)}
        answer = await self._request("GET", path, params=given, repeatable=True)
        return _decoded(answer, answer_type)

    async def _write(
        self, method: str, path: str, body: msgspec.Struct, answer_type: type[T], *, repeatable: bool = False
    ) -> T:
        answer = await self._request(method, path, content=msgspec.json.encode(body), repeatable=repeatable)
        return _decoded(answer, answer_type)

    async def _request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, Any] | None = None,
        content: bytes | None = None,
        media_type: str = "application/json",
        repeatable: bool = False,
    ) -> httpx.Response:
        headers = {"Content-Type": media_type} if content is not None else {}
        delays = iter(RETRY_DELAYS if repeatable else ())
        while True:
            try:
                answer = await self._http.request(
                    method, path, params=params, content=content, headers=headers
                )
                if answer.status_code not in _BUSY:
                    return _checked(answer)
                error: DeskError = ServerFault(_problem(answer))
            except httpx.RequestError as broken:
                error = Unreachable(Problem("unreachable", f"{self.url} does not answer."))
                error.__cause__ = broken
            delay = next(delays, None)
            if delay is None:
                raise error
            await asyncio.sleep(delay)


def _path(*parts: str) -> str:
    return "/api/" + "/".join(quote(part, safe="") for part in parts)


def _decoded(answer: httpx.Response, answer_type: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=answer_type)
    except msgspec.DecodeError as error:
        path = answer.request.url.path
        detail = f"The server's answer to {path} cannot be read: {error}."
        hint = "Console and server may be of versions that do not fit together."
        raise ServerFault(Problem("unreadable_answer", detail, hint=hint)) from error


def _checked(answer: httpx.Response) -> httpx.Response:
    status = answer.status_code
    if 200 <= status < 300:
        return answer
    if status == 401:
        raise SignedOut(_problem(answer), status)
    if 400 <= status < 500:
        raise Refused(_problem(answer), status)
    raise ServerFault(_problem(answer))


def _problem(answer: httpx.Response) -> Problem:
    try:
        return _decode_problem(answer.content)
    except msgspec.DecodeError:
        path = answer.request.url.path
        return Problem(
            "no_desk", f"The server answered {path} with status {answer.status_code} and no reason."
        )


def _read_small_file(path: Path) -> bytes:
    """Return the file's bytes. Raises OSError, and `FileProblem` where it is too large or no plain file."""
    if not path.is_file():
        raise FileProblem(Problem("no_file", f"{path} is not a file."))
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        raise FileProblem(
            Problem("file_too_large", f"{path.name} is larger than {limit} MB.", hint="Send a link instead.")
        )
    return content
