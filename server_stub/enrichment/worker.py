"""Who has just become known by an email is asked for at Gravatar, where the shop has switched that on.

Beside everything else and never in its way: one question at a time, nobody waits for the answer, and where the other
side is slow, broken or asks us to be quiet, the queue waits. What waits is not kept: a restart forgets it, and the next
change of the email asks again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

from server_stub.desk.jobs import Published
from server_stub.desk.persons.fields import is_email
from server_stub.enrichment import gravatar
from server_stub.protocol import Entry, OpenProfile, VisitorChanged, VisitorErased
from server_stub.store.base import StoreError
from server_stub.work import AnyWork, ProfileFound, Rejected

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("server_stub.enrichment")

MOST_WAITING = 10_000
"""Visitors in the queue; who comes while it is full is not asked for."""
MOST_REMEMBERED = 1_000
"""Answers that are remembered: two visitors with one email are one question."""
MOST_TRIES = 5
"""For one visitor; quiet that the other side has asked for counts as none."""
FIRST_WAIT = 30.0
"""Seconds before the first repeat; each one waits twice as long as the one before."""
QUIET = 10 * 60.0
"""Seconds to be quiet where we were asked to, and not told for how long."""


class Desk(Protocol):
    async def submit(self, work: AnyWork) -> Any: ...

    def subscribe(self, callback: Callable[[Published], None]) -> Callable[[], None]: ...


class Enricher:
    """Runs from `start` until `stop`. `now` is the server's clock in ms; `first_wait` and `quiet` are in seconds."""

    def __init__(
        self,
        desk: Desk,
        url: str,
        now: Callable[[], int],
        *,
        first_wait: float = FIRST_WAIT,
        quiet: float = QUIET,
    ) -> None:
        self._desk = desk
        self._url = url
        self._now = now
        self._first_wait = first_wait
        self._quiet = quiet
        self._waiting: OrderedDict[str, str] = OrderedDict()
        """Visitor → his email, in the order in which they came."""
        self._answers: OrderedDict[str, OpenProfile] = OrderedDict()
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        self._unsubscribe = self._desk.subscribe(lambda published: self._hear(published.entries))
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self._unsubscribe()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # --- Who is to be asked for ----------------------------------------------------------------------

    def _hear(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry.what:
                case VisitorChanged(changes={"email": str(email)}):
                    self._add(entry.visitor, email.strip().lower())
                case VisitorChanged(changes={"email": _}) | VisitorErased():
                    self._waiting.pop(entry.visitor, None)

    def _add(self, visitor: str, email: str) -> None:
        if not is_email(email) or (len(self._waiting) >= MOST_WAITING and visitor not in self._waiting):
            return
        self._waiting[visitor] = email
        self._wanted.set()

    # --- Asking --------------------------------------------------------------------------------------

    async def _run(self) -> None:
        import httpx

        headers = {"Accept": "application/json", "User-Agent": "operator-console"}
        async with httpx.AsyncClient(headers=headers, follow_redirects=False) as client:
            while True:
                self._wanted.clear()
                if not self._waiting:
                    await self._wanted.wait()
                    continue
                visitor, email = next(iter(self._waiting.items()))
                try:
                    profile = await self._asked(client, visitor, email)
                except Exception:  # one that nobody thought of holds up no other
                    log.exception("Gravatar could not be asked about visitor %s", visitor)
                    profile = None
                if self._waiting.get(visitor) == email:
                    del self._waiting[visitor]
                    if profile is not None:
                        await self._tell(visitor, email, profile)

    async def _asked(self, client: httpx.AsyncClient, visitor: str, email: str) -> OpenProfile | None:
        """What is known of the email; None where it could not be learned, or is not wanted any more."""
        if email in self._answers:
            return self._answers[email]
        tries = 0
        while self._waiting.get(visitor) == email:
            answer = await gravatar.ask(client, self._url, email, self._now())
            if isinstance(answer, gravatar.Known):
                self._remember(email, answer.profile)
                return answer.profile
            if answer.is_quiet_wanted:
                log.info("Gravatar asks to be left alone for a while")
                await asyncio.sleep(answer.seconds or self._quiet)
                continue
            tries += 1
            if tries == MOST_TRIES:
                log.warning("Gravatar was asked %d times in vain: %s", tries, answer.reason)
                return None
            await asyncio.sleep(self._first_wait * 2 ** (tries - 1))
        return None

    def _remember(self, email: str, profile: OpenProfile) -> None:
        self._answers[email] = profile
        while len(self._answers) > MOST_REMEMBERED:
            self._answers.popitem(last=False)

    async def _tell(self, visitor: str, email: str, profile: OpenProfile) -> None:
        found = ProfileFound(visitor=visitor, email=email, profile=profile, at=self._now())
        try:
            await self._desk.submit(found)
        except (Rejected, StoreError) as error:
            log.warning("what Gravatar says of a visitor was not kept: %s", error)
