"""One operator's way to one server: a request, its repeats, and its answer as a value, or a `DeskError`.

What only reads is repeated twice on a broken connection. What changes something is tried once, unless a repeat is known
to be the same.
"""

from __future__ import annotations

import asyncio
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from operator_console.errors import DeskError, Refused, ServerFault, SignedOut, Unreachable
from operator_console.translation import _
from server_stub.protocol import Problem

T = TypeVar("T")

RETRY_DELAYS = (0.2, 0.6)
"""Seconds before the second and the third try of what may be repeated."""

_BUSY = (502, 503, 504)
_decode_problem = msgspec.json.Decoder(Problem).decode


class Access:
    """The requests of the calls in this folder. Every one may raise a `DeskError`."""

    url: str
    _http: httpx.AsyncClient

    async def _read(self, path: str, answer_type: type[T], **params: str | int) -> T:
        given = {name: value for name, value in params.items() if value not in ("", 0)}
        answer = await self._request("GET", path, params=given, repeatable=True)
        return decoded(answer, answer_type)

    async def _write(
        self, method: str, path: str, body: msgspec.Struct, answer_type: type[T], *, repeatable: bool = False
    ) -> T:
        answer = await self._request(method, path, content=msgspec.json.encode(body), repeatable=repeatable)
        return decoded(answer, answer_type)

    async def _do(
        self, method: str, path: str, body: msgspec.Struct | None = None, *, repeatable: bool = False
    ) -> None:
        """A request whose answer is empty."""
        content = None if body is None else msgspec.json.encode(body)
        await self._request(method, path, content=content, repeatable=repeatable)

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
                    return checked(answer)
                error: DeskError = ServerFault(_problem(answer))
            except httpx.RequestError as broken:
                error = Unreachable(
                    Problem("unreachable", _("{address} does not answer.").format(address=self.url))
                )
                error.__cause__ = broken
            delay = next(delays, None)
            if delay is None:
                raise error
            await asyncio.sleep(delay)


def api_path(*parts: str) -> str:
    return "/api/" + "/".join(quote(part, safe="") for part in parts)


def decoded(answer: httpx.Response, answer_type: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=answer_type)
    except msgspec.DecodeError as error:
        path = answer.request.url.path
        detail = _("The server's answer to {path} cannot be read: {reason}.").format(path=path, reason=error)
        hint = _("Console and server may be of versions that do not fit together.")
        raise ServerFault(Problem("unreadable_answer", detail, hint=hint)) from error


def checked(answer: httpx.Response) -> httpx.Response:
    """The answer, where it is a good one. Raises `SignedOut`, `Refused` and `ServerFault`."""
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
        words = _("The server answered {path} with status {status} and no reason.")
        return Problem("no_desk", words.format(path=path, status=answer.status_code))
