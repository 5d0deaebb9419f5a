"""The town around the demo shop: who comes when. Arrivals are a Poisson process with a burst now and then.

People come back: the town remembers them, in a file between two starts, as their browsers would.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

import msgspec

from server_stub.demo_visitors.connection import RefusedAtTheDoorError
from server_stub.demo_visitors.life import Life
from server_stub.demo_visitors.people import Character, Person, new_person

PER_MINUTE = 3.0
"""Arrivals in a minute, on average, without the bursts."""

FIRST_GUESTS: tuple[tuple[float, Character, float], ...] = (
    (0.0, "wholesale", 8.0),
    (1.0, "browser", 1.5),
    (2.5, "delivery", 3.0),
    (4.0, "buyer", 2.0),
    (7.0, "abandoner", 2.0),
    (9.0, "silent", 1.0),
)
"""Second, character and hurry of those who come at the start: the console is to be alive at once."""

BURST_CHANCE = 0.06
BURST_SIZE = (3, 5)
MOST_AT_ONCE = 16
"""Two cores run the server, the console and a browser too."""

RETURNING = 0.3
MOST_REMEMBERED = 400

Come: TypeAlias = Callable[[Person, Life], Coroutine[Any, Any, None]]
"""One whole visit."""

log = logging.getLogger("demo_visitors")


class Memory(msgspec.Struct):
    """What is kept between two starts: how often the town woke up, and who has been to the shop."""

    starts: int = 0
    people: list[Person] = []


class Town:
    """Sends people to the shop until cancelled. The same seed and memory bring the same people."""

    def __init__(self, come: Come, *, seed: int, pace: float = 1.0, memory: Path | None = None) -> None:
        self._come = come
        self._pace = pace
        self._path = memory
        self._memory = _read(memory)
        self._memory.starts += 1
        # The second start must not bring the first one's people again as strangers.
        self._rng = Random(f"{seed}/{self._memory.starts}")
        self._here: dict[asyncio.Task[None], Person] = {}

    async def live(self) -> None:
        """Run until cancelled. Raises `RefusedAtTheDoorError` where the shop's key is wrong."""
        try:
            await self._first_guests()
            while True:
                await asyncio.sleep(self._rng.expovariate(PER_MINUTE / 60) / self._pace)
                crowd = self._rng.randint(*BURST_SIZE) if self._rng.random() < BURST_CHANCE else 1
                for _ in range(crowd):
                    self._send_somebody()
                    await asyncio.sleep(self._rng.uniform(0, 4) / self._pace)
                self._refuse_to_go_on()
        finally:
            for visit in self._here:
                visit.cancel()
            await asyncio.gather(*self._here, return_exceptions=True)
            self._remember()

    async def _first_guests(self) -> None:
        before = 0.0
        for second, character, hurry in FIRST_GUESTS:
            await asyncio.sleep((second - before) / self._pace)
            before = second
            self._refuse_to_go_on()
            self._send_somebody(character, hurry)

    def _send_somebody(self, character: Character | None = None, hurry: float = 1.0) -> None:
        if len(self._here) >= MOST_AT_ONCE:
            return
        person = self._somebody(character)
        life = Life(Random(self._rng.getrandbits(64)), self._pace, hurry)
        visit = asyncio.create_task(self._come(person, life), name=person.name)
        self._here[visit] = person
        visit.add_done_callback(self._gone)

    def _somebody(self, character: Character | None) -> Person:
        people = self._memory.people
        if character is None and self._rng.random() < RETURNING:
            away = [person for person in people if person.token and person not in self._here.values()]
            if away:
                return self._rng.choice(away)
        person = new_person(self._rng, len(people), character)
        people.append(person)
        return person

    def _gone(self, visit: asyncio.Task[None]) -> None:
        if visit.cancelled():
            return
        error = visit.exception()
        if isinstance(error, RefusedAtTheDoorError):
            return  # stays in the list: `_refuse_to_go_on` raises it
        self._here.pop(visit, None)
        if error is not None:
            log.error("a visit broke off", exc_info=error)

    def _refuse_to_go_on(self) -> None:
        for visit in self._here:
            if visit.done():
                visit.result()

    def _remember(self) -> None:
        if self._path is None:
            return
        self._memory.people = [person for person in self._memory.people if person.token][-MOST_REMEMBERED:]
        fresh = self._path.with_suffix(".new")
        fresh.write_bytes(msgspec.json.encode(self._memory))
        fresh.replace(self._path)


def _read(path: Path | None) -> Memory:
    if path is None or not path.exists():
        return Memory()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Memory)
    except msgspec.DecodeError as error:
        path.replace(path.with_suffix(".broken"))
        log.warning("%s could not be read (%s) and was set aside; everybody is new", path, error)
        return Memory()
