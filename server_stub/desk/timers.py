"""Who is to be woken when: the moments at which time alone moves a visitor's runs.

The store keeps each visitor's next moment in his row; here they lie in order. A moment that has been handed out is not
handed out again until the commit of what came of it says when the next one is: a timer fires once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

SLACK = 1000
"""Places left behind in the heap, beside as many as there are timers, until they are cleared away."""


class Timers:
    """`wake_at` in ms. A moment that was moved leaves its old place in the heap behind, where it is passed over."""

    def __init__(self, wakes: Iterable[tuple[int, str]] = ()) -> None:
        self._heap = list(wakes)
        heapq.heapify(self._heap)
        self._wake_at = {visitor: wake_at for wake_at, visitor in self._heap}

    def __len__(self) -> int:
        return len(self._wake_at)

    def set(self, visitor: str, wake_at: int) -> None:
        """The visitor's only moment is this; 0: he waits for nothing."""
        if not wake_at:
            self._wake_at.pop(visitor, None)
        elif self._wake_at.get(visitor) != wake_at:
            self._wake_at[visitor] = wake_at
            heapq.heappush(self._heap, (wake_at, visitor))
            if len(self._heap) > 2 * len(self._wake_at) + SLACK:
                self._heap = [(moment, waiting) for waiting, moment in self._wake_at.items()]
                heapq.heapify(self._heap)

    def next_at(self) -> int:
        """The earliest moment; 0 where there is none."""
        while self._heap and self._is_stale(*self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else 0

    def take_due(self, now: int, limit: int) -> list[str]:
        """Those whose moment has come, the earliest first; they are handed out with this."""
        due: list[str] = []
        while len(due) < limit and 0 < self.next_at() <= now:
            _, visitor = heapq.heappop(self._heap)
            del self._wake_at[visitor]
            due.append(visitor)
        return due

    def _is_stale(self, wake_at: int, visitor: str) -> bool:
        return self._wake_at.get(visitor) != wake_at
