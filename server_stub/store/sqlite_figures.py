"""The figures of scenarios in SQLite: every fact in a row, and beside it how many there are a day.

Facts lie by figure and time: those behind a figure are read newest first, and each commit writes at the end of a few
lists, not all over a table (by step as well, the same takes twice as long to write). Who they are says the journal's
entry. The counts make figures cheap to read: they grow with days and steps, not with visitors.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from msgspec.structs import astuple
from sqlite_utils import Database

from server_stub.figures.facts import MAY_COUNT, Fact, facts_of
from server_stub.figures.summed import Count
from server_stub.protocol import Entry
from server_stub.store.base import Behind
from server_stub.store.bulk import Upsert
from server_stub.store.codec import decode_entry
from server_stub.store.sqlite_house import OF, keys
from server_stub.store.sqlite_pool import ReadingPool

_COLUMNS = Fact.__struct_fields__
_FACTS = Upsert("figure_facts", _COLUMNS)
_COUNTS = Upsert(
    "figure_counts",
    ("scenario", "figure", "day", "step", "branch", "version", "times"),
    "ON CONFLICT DO UPDATE SET times = times + excluded.times",
)
_CHUNK = 2_000
"""Entries that are counted in one go when all are counted anew."""


def make(db: Database) -> None:
    """Both are found by their key alone."""
    names = "scenario TEXT NOT NULL, figure TEXT NOT NULL, step TEXT NOT NULL, branch TEXT NOT NULL"
    db.execute(
        f"CREATE TABLE figure_facts ({names}, at INT NOT NULL, seq INT NOT NULL, part INT NOT NULL, "
        "version TEXT NOT NULL, run TEXT NOT NULL, day INT NOT NULL, "
        "PRIMARY KEY (scenario, figure, at, seq, part)) WITHOUT ROWID"
    )
    db.execute(
        f"CREATE TABLE figure_counts ({names}, version TEXT NOT NULL, day INT NOT NULL, times INT NOT NULL, "
        "PRIMARY KEY (scenario, figure, day, step, branch, version)) WITHOUT ROWID"
    )


def put_facts(connection: sqlite3.Connection, facts: Iterable[Fact]) -> None:
    """Add them, within the caller's transaction."""
    facts = list(facts)
    _FACTS.run(connection, map(astuple, facts))
    _COUNTS.run(connection, _counts(facts, 1))


def take_back_facts(connection: sqlite3.Connection, where: str, *values: str) -> None:
    """What the journal's entries of that condition have counted is counted no more."""
    found = connection.execute(f"SELECT body FROM journal WHERE {MAY_COUNT} AND {where}", values).fetchall()
    gone: list[Fact] = []
    for (body,) in found:
        for fact in facts_of(decode_entry(body), lambda _: 0):
            gone += _taken(connection, fact)
    _COUNTS.run(connection, _counts(gone, -1))
    connection.execute("DELETE FROM figure_counts WHERE times <= 0")


def _taken(connection: sqlite3.Connection, fact: Fact) -> list[Fact]:
    """The fact as it was kept, out of its table; none where it was not."""
    key = (fact.scenario, fact.figure, fact.at, fact.seq, fact.part)
    where = "figure_facts WHERE (scenario, figure, at, seq, part) = (?, ?, ?, ?, ?)"
    rows = connection.execute(f"SELECT {', '.join(_COLUMNS)} FROM {where}", key).fetchall()
    connection.execute(f"DELETE FROM {where}", key)
    return [Fact(*row) for row in rows]


def count_all(connection: sqlite3.Connection, count: Callable[[Entry], list[Fact]]) -> int:
    """Count the whole journal anew, within the caller's transaction."""
    connection.execute("DELETE FROM figure_facts")
    connection.execute("DELETE FROM figure_counts")
    bodies = connection.execute(f"SELECT body FROM journal WHERE {MAY_COUNT} ORDER BY seq")
    counted = 0
    while chunk := list(islice(bodies, _CHUNK)):
        facts = [fact for (body,) in chunk for fact in count(decode_entry(body))]
        put_facts(connection, facts)
        counted += len(facts)
    return counted


def _counts(facts: Iterable[Fact], sign: int) -> list[tuple[Any, ...]]:
    counter = Counter(
        (fact.scenario, fact.figure, fact.day, fact.step, fact.branch, fact.version) for fact in facts
    )
    return [(*key, sign * times) for key, times in counter.items()]


class FigureReadings(ReadingPool):
    """Every method raises StoreError where the database does not answer."""

    def figure_counts(
        self, scenario: str, first_day: int, last_day: int, version: str = ""
    ) -> tuple[int, list[Count]]:
        with self._reading() as connection:
            connection.execute("BEGIN")  # one moment for both readings
            try:
                seq = connection.execute("SELECT max(seq) FROM journal").fetchone()[0]
                found = connection.execute(
                    "SELECT iif(step = '', day, 0), version, step, figure, branch, sum(times) FROM figure_counts "
                    "WHERE scenario = ?1 AND day BETWEEN ?2 AND ?3 AND (?4 = '' OR version = ?4) "
                    "GROUP BY 1, 2, 3, 4, 5",
                    (scenario, first_day, last_day, version),
                ).fetchall()
            finally:
                connection.execute("COMMIT")
        return int(seq or 0), [Count(*row) for row in found]

    def figure_totals(
        self, figures: tuple[str, ...], first_day: int, last_day: int
    ) -> list[tuple[str, int, str, int]]:
        return self._all(
            "SELECT scenario, day, figure, sum(times) FROM figure_counts "
            f"WHERE scenario IN (SELECT DISTINCT slug FROM scenarios) AND figure {OF} AND day BETWEEN ? AND ? "
            "AND step = '' GROUP BY 1, 2, 3",
            keys(list(figures)),
            first_day,
            last_day,
        )

    def behind_figure(
        self,
        scenario: str,
        figure: str,
        *,
        step: str | None,
        branch: str | None,
        version: str,
        since: int,
        until: int,
        before: tuple[int, int, int] | None,
        limit: int,
    ) -> list[Behind]:
        where, values = ["f.scenario = ?", "f.figure = ?"], [scenario, figure]
        bounds: list[int] = []
        for column, value in (("step", step), ("branch", branch), ("version", version or None)):
            if value is not None:
                where.append(f"f.{column} = ?")
                values.append(value)
        for condition, bound in (("f.at >= ?", since), ("f.at < ?", until)):
            if bound:
                where.append(condition)
                bounds.append(bound)
        if before is not None:
            where.append("(f.at, f.seq, f.part) < (?, ?, ?)")
            bounds += before
        found = self._all(
            f"SELECT {', '.join(f'f.{name}' for name in _COLUMNS)}, j.visitor_id FROM figure_facts f "
            f"JOIN journal j ON j.seq = f.seq WHERE {' AND '.join(where)} "
            "ORDER BY f.at DESC, f.seq DESC, f.part DESC LIMIT ?",
            *values,
            *bounds,
            limit,
        )
        return [Behind(Fact(*row[:-1]), row[-1]) for row in found]
