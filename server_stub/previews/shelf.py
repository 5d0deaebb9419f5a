"""Previews that are open in a browser: kept in memory for an hour, each under an address that cannot be guessed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from server_stub.ids import new_token
from server_stub.previews.shown import Shown
from server_stub.work import Rejected

LIFE = 60 * 60 * 1000
"""Milliseconds since it was last made or changed."""
MOST = 200
"""At a time; who makes more loses the one that was not changed for longest."""


class Preview:
    """One page. `revision` rises with each change; who follows it waits for another one."""

    def __init__(self, token: str, shown: Shown, at: int) -> None:
        self.token = token
        self.shown = shown
        self.changed_at = at
        self.revision = 1
        self.is_over = False
        self._changed = asyncio.Event()

    def change(self, shown: Shown, at: int) -> None:
        """The open page shows something else from now on."""
        self.shown, self.changed_at = shown, at
        self.revision += 1
        self._wake()

    def end(self) -> None:
        """Nobody can open it any more."""
        self.is_over = True
        self._wake()

    async def next_revision(self, known: int) -> int:
        """The revision, once it is another one than `known`; 0 where the preview is over."""
        while self.revision == known and not self.is_over:
            await self._changed.wait()
        return 0 if self.is_over else self.revision

    def _wake(self) -> None:
        """Those who wait now; who waits later has an event of his own."""
        self._changed.set()
        self._changed = asyncio.Event()


class Previews:
    """`now` is the server's clock, in ms. All on the event loop."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._kept: OrderedDict[str, Preview] = OrderedDict()

    def add(self, shown: Shown) -> Preview:
        """A preview under a new address."""
        self._forget_old()
        preview = Preview(new_token(), shown, self._now())
        self._kept[preview.token] = preview
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)[1].end()
        return preview

    def change(self, token: str, shown: Shown) -> Preview:
        """Raises Rejected (404)."""
        preview = self.get(token)
        preview.change(shown, self._now())
        self._kept.move_to_end(token)
        return preview

    def get(self, token: str) -> Preview:
        """Raises Rejected (404)."""
        self._forget_old()
        preview = self._kept.get(token)
        if preview is None:
            hint = "Open it again from the console."
            raise Rejected("not_found", "This preview is over.", status=404, hint=hint)
        return preview

    def end_all(self) -> None:
        """The server stops: open pages are told."""
        while self._kept:
            self._kept.popitem()[1].end()

    def _forget_old(self) -> None:
        """They lie in the order of their last change."""
        while self._kept:
            oldest = next(iter(self._kept.values()))
            if self._now() - oldest.changed_at < LIFE:
                return
            del self._kept[oldest.token]
            oldest.end()
