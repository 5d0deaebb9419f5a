"""How fast simulated visitors live, and how long they take for things."""

from __future__ import annotations

import asyncio
from random import Random


class Life:
    """The pauses of one visitor. With a `pace` of 10 a minute passes in six seconds.

    `hurry` shortens his way through the shop as well, but not how long he takes for a conversation.
    """

    def __init__(self, rng: Random, pace: float, hurry: float = 1.0) -> None:
        self.rng = rng
        self._pace = pace
        self._hurry = hurry

    async def pause(self, seconds: float, spread: float = 0.4) -> None:
        """Wait about so long, in the visitor's seconds; `spread` 0.4 is up to 40 % more or less."""
        await asyncio.sleep(seconds * self.rng.uniform(1 - spread, 1 + spread) / self._pace / self._hurry)

    def scaled(self, seconds: float) -> float:
        """The visitor's seconds as seconds of the clock."""
        return seconds / self._pace

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self.rng.random() < probability

    def apart(self) -> Life:
        """The same pace without hurry, and with dice of its own: a talk must not change the walk."""
        return Life(Random(self.rng.getrandbits(64)), self._pace)

    async def read(self, text: str) -> None:
        """Take as long as reading the text takes."""
        await self.pause(1.5 + len(text) / 22)
