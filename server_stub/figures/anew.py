"""Figures that were not counted when they came: of a database from before there were any, or in another time zone."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from server_stub.figures.days import Days
from server_stub.figures.facts import Fact, facts_of
from server_stub.protocol import Entry

NAME = "figures"
"""The desk's memory of how it counts."""
RULES = "1"
"""Raise it where facts.py counts what it did not count before."""

log = logging.getLogger(__name__)


class Counts(Protocol):
    """What is needed of a store."""

    def count_anew(self, count: Counting, name: str, text: str) -> int: ...


class Counting(Protocol):
    def __call__(self, entry: Entry, /) -> list[Fact]: ...


def count_what_is_not(store: Counts, memory: Mapping[str, str], days: Days) -> None:
    """Count the journal anew where it was counted by other rules or on the days of another time zone.

    It takes about a second for 100,000 entries of runs, once. Raises StoreError.
    """
    how = f"{RULES} {days.timezone}"
    if memory.get(NAME) == how:
        return
    counted = store.count_anew(lambda entry: facts_of(entry, days.of), NAME, how)
    if counted:
        log.info("the figures of the scenarios were counted anew: %d facts", counted)
