"""The worker of the outbox: claims the rows that are due, has them sent by their channel, and records what came of it.

A row is claimed by being in hand here: one process owns the store. What crashed in the middle is due again at the next
start, and goes out with the same idempotency key. A channel that is not set up keeps its rows, complete and rendered.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from server_stub.channels import webhook
from server_stub.channels.letter import LetterError, Letters
from server_stub.channels.outcome import Attempt
from server_stub.desk.jobs import Published
from server_stub.protocol import OutboxChanged, OutboxItem
from server_stub.store.base import OutboxRow, Store, StoreError
from server_stub.work import AnyWork, Rejected, RowTried

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("server_stub.outbox")

KEPT = ("email", "push", "messenger")
"""Channels that nothing sends yet."""
SENT = ("webhook",)
CHUNK = 64
"""Rows that are rendered and recorded together."""
IN_HAND = 256
"""Webhooks that are claimed at a time; more wait in the store."""
PER_HOST = 4
"""Requests at a time to one host: one that hangs does not hold up the others."""
FIRST_WAIT = 2000
LONGEST_WAIT = 5 * 60 * 1000
"""Milliseconds before the first repeat; each one waits twice as long as the one before, up to the longest."""
LOOK_AGAIN = 30.0
"""Seconds after which the store is looked at in any case: the clock may have been set."""
BESIDE_OTHERS = 0.5
"""Seconds between two looks while requests are under way: a repeat may be due beside them."""
AFTER_TROUBLE = 5.0
"""Seconds to wait where the store or the desk did not answer."""


class Desk(Protocol):
    async def submit_all(self, works_: Sequence[AnyWork]) -> list[Any]: ...

    def subscribe(self, callback: Callable[[Published], None]) -> Callable[[], None]: ...


class OutboxWorker:
    """Runs from `start` until `stop`. `now` is the server's clock in ms, `secret` signs webhooks."""

    def __init__(
        self, desk: Desk, store: Store, letters: Letters, secret: str, now: Callable[[], int]
    ) -> None:
        self._desk = desk
        self._store = store
        self._letters = letters
        self._secret = secret
        self._now = now
        self._wanted = {channel: asyncio.Event() for channel in ("kept", "sent")}
        self._loops: list[asyncio.Task[None]] = []
        self._in_hand: dict[str, asyncio.Task[None]] = {}
        self._hosts: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_HOST))
        self._client: httpx.AsyncClient | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def start(self) -> None:
        """The desk has started: what waits in the store is due."""
        self._unsubscribe = self._desk.subscribe(self._hear)
        self._loops = [
            asyncio.create_task(self._run(self._keep, self._wanted["kept"], KEPT)),
            asyncio.create_task(self._run(self._send, self._wanted["sent"], SENT)),
        ]

    async def stop(self) -> None:
        """What is under way is given up: it is sent again after the next start, with the same key."""
        self._unsubscribe()
        tasks = [*self._loops, *self._in_hand.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _hear(self, published: Published) -> None:
        for entry in published.entries:
            what = entry.what
            if isinstance(what, OutboxChanged) and what.status == "waiting":
                self._wanted["sent" if what.channel in SENT else "kept"].set()

    async def _run(self, step: Any, wanted: asyncio.Event, channels: tuple[str, ...]) -> None:
        """`step` does what is due, and says whether there may be more at once."""
        while True:
            wanted.clear()
            try:
                more = await step()
                seconds = 0.0 if more else await self._until_next(channels)
            except (StoreError, Rejected) as error:
                log.warning("the outbox waits: %s", error)
                seconds = AFTER_TROUBLE
            except Exception:
                log.exception("the outbox waits")
                seconds = AFTER_TROUBLE
            if seconds:
                try:
                    await asyncio.wait_for(wanted.wait(), seconds)
                except TimeoutError:
                    continue

    async def _until_next(self, channels: tuple[str, ...]) -> float:
        due_at = await asyncio.to_thread(self._store.outbox_next, channels)
        if not due_at:
            return LOOK_AGAIN
        # A row that is due may be in hand already: then there is nothing to hurry for.
        least = BESIDE_OTHERS if self._in_hand else 0.05
        return min(LOOK_AGAIN, max(least, (due_at - self._now()) / 1000))

    async def _due(self, channels: tuple[str, ...], limit: int) -> list[OutboxRow]:
        return await asyncio.to_thread(self._store.outbox_due, channels, self._now(), limit)

    # --- Channels that nothing sends yet -------------------------------------------------------------

    async def _keep(self) -> bool:
        rows = await self._due(KEPT, CHUNK)
        attempts = await asyncio.to_thread(lambda: [self._rendered(row.item) for row in rows])
        await self._record(rows, attempts)
        return len(rows) == CHUNK

    def _rendered(self, item: OutboxItem) -> Attempt:
        """The row as it would go out. What cannot be rendered has failed."""
        if item.channel != "email":
            return Attempt("kept")
        try:
            return Attempt("kept", content=self._letters.render(item.content))
        except LetterError as error:
            return Attempt("failed", str(error))
        except Exception as error:  # one letter that nobody thought of holds up no other
            log.exception("the letter %s could not be made", item.id)
            return Attempt("failed", f"the letter could not be made: {error!r}")

    # --- Webhooks ------------------------------------------------------------------------------------

    async def _send(self) -> bool:
        room = IN_HAND - len(self._in_hand)
        if room <= 0:
            return False
        rows = await self._due(SENT, IN_HAND)
        fresh = [row for row in rows if row.item.id not in self._in_hand][:room]
        for row in fresh:
            task = asyncio.create_task(self._try(row))
            self._in_hand[row.item.id] = task
            task.add_done_callback(partial(self._let_go, row.item.id))
        return False

    def _let_go(self, key: str, _: asyncio.Task[None]) -> None:
        self._in_hand.pop(key, None)
        if len(self._in_hand) == IN_HAND - 1:
            self._wanted["sent"].set()

    async def _try(self, row: OutboxRow) -> None:
        if self._client is None:
            self._client = webhook.new_client()
        async with self._hosts[webhook.host_of(row.item)]:
            attempt = await self._request(self._client, row.item)
        while True:
            try:
                await self._record([row], [attempt])
            except (StoreError, Rejected) as error:
                log.warning("the outcome of %s is not recorded yet: %s", row.item.id, error)
                await asyncio.sleep(AFTER_TROUBLE)
            else:
                return

    async def _request(self, client: httpx.AsyncClient, item: OutboxItem) -> Attempt:
        try:
            return await webhook.send(client, item, self._secret, self._now())
        except Exception as error:  # nor does a webhook
            log.exception("the webhook %s could not be sent", item.id)
            return Attempt("failed", f"it could not be sent: {error!r}")

    async def _record(self, rows: list[OutboxRow], attempts: list[Attempt]) -> None:
        """Raises StoreError."""
        works = [self._work(row.item, attempt) for row, attempt in zip(rows, attempts, strict=True)]
        await self._desk.submit_all(works)
        if any(work.status == "waiting" for work in works):
            self._wanted["sent"].set()

    def _work(self, item: OutboxItem, attempt: Attempt) -> RowTried:
        now = self._now()
        repeats = int(item.content.get("retries") or 0) if item.channel in SENT else 0
        if attempt.status == "failed" and attempt.again and item.tries < repeats:
            wait = max(attempt.after, wait_before(item.tries + 1))
            return RowTried(row=item.id, status="waiting", error=attempt.error, due_at=now + wait, at=now)
        return RowTried(
            row=item.id,
            status=attempt.status,
            error=attempt.error,
            reply=attempt.reply,
            content=attempt.content,
            at=now,
        )


def wait_before(repeat: int) -> int:
    """Milliseconds before the first, second … repeat: twice as long each time, and up to half of it by chance less, so
    that those who failed together do not come back together."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (repeat - 1))
    return int(longest * random.uniform(0.5, 1.0))
