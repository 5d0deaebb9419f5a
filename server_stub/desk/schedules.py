"""When broadcasts are due: for each live scenario with a `schedule` or `at`, the moment after which the next is sought.

That moment is remembered, so that none fires twice, whether the desk starts anew or its clock is set back. It begins
with the publication: what lies before it never fires. A moment that passed while the server was down is made up for
within MAKE_UP; of several that passed, only the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from msgspec import json

from scenarios_yaml.engine.catalog import Catalog, Program
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.language.model import OnSchedule
from server_stub.desk import rounds
from server_stub.desk.transaction import Schedule, Transaction
from server_stub.protocol import BroadcastEnded
from server_stub.work import BroadcastsDue

MAKE_UP = 12 * 60 * 60 * 1000
"""Milliseconds for which a broadcast that the server slept through is still sent: the morning's in the evening."""
_MEMORY = "schedule:"
_LOOK_BACK = (60_000, 10 * 60_000, 60 * 60_000, MAKE_UP)
"""How far before now the last moment is looked for, in ms: a schedule of every minute has hundreds in twelve hours."""


_decode = json.Decoder(Schedule).decode


def schedules_of(memory: Mapping[str, str]) -> dict[str, Schedule]:
    """By scenario, from what the desk remembers."""
    return {
        name.removeprefix(_MEMORY): _decode(text) for name, text in memory.items() if name.startswith(_MEMORY)
    }


def published(tx: Transaction, at: int) -> None:
    """Begin with what the catalog has now, and forget what it has no more."""
    schedules = dict(tx.schedules)
    wanted = {program.slug: _written(program) for program in _scheduled(tx.scenarios.catalog)}
    for slug in schedules.keys() - wanted.keys():
        del schedules[slug]
        tx.mine.memory[_MEMORY + slug] = ""
    for slug, written in wanted.items():
        known = schedules.get(slug)
        if known is None or known.written != written:
            schedules[slug] = Schedule(at, written)
            _remember(tx, slug, schedules[slug])
    if schedules != tx.schedules:
        tx.schedules = schedules


def next_at(schedules: Mapping[str, Schedule], catalog: Catalog, zone: ZoneInfo) -> int:
    """The earliest moment (ms) at which one is due; 0 where there is none."""
    found = (
        _next(catalog.programs[slug], schedule.after, zone)
        for slug, schedule in schedules.items()
        if slug in catalog.programs
    )
    return min((at for at in found if at), default=0)


def begin_due(tx: Transaction, work: BroadcastsDue) -> int:
    """Begin the broadcasts whose moment has come; say which were missed. Returns how many began."""
    zone = ZoneInfo(tx.settings.site.timezone)
    schedules, begun = dict(tx.schedules), 0
    for program in _scheduled(tx.scenarios.catalog):
        schedule = schedules.get(program.slug)
        if schedule is None:
            continue
        first = _next(program, schedule.after, zone)
        if not first or first > work.at:
            continue
        due = _last(program, schedule.after, work.at, zone)
        if first != due or not due:
            tx.record(BroadcastEnded(program.slug, first, 0, 0, missed=True), work.at)
        if due:
            rounds.begin_broadcast(tx, program.slug, program.version, due, work.at)
            begun += 1
        schedules[program.slug] = Schedule(due or work.at, schedule.written)
        _remember(tx, program.slug, schedules[program.slug])
    tx.schedules = schedules
    return begun


def _last(program: Program, after: int, now: int, zone: ZoneInfo) -> int:
    """The last moment that is due at `now` and recent enough; 0 where there is none."""
    for back in _LOOK_BACK:
        found = 0
        at = _next(program, max(after, now - back - 1), zone)
        while at and at <= now:
            found, at = at, _next(program, at, zone)
        if found:
            return found
    return 0


def _next(program: Program, after: int, zone: ZoneInfo) -> int:
    found = (next_due(trigger, after, zone) for trigger in _triggers(program))
    return min((at for at in found if at), default=0)


def _scheduled(catalog: Catalog) -> Iterator[Program]:
    return (program for program in catalog.programs.values() if program.live and any(_triggers(program)))


def _triggers(program: Program) -> Iterator[OnSchedule]:
    return (trigger for trigger in program.scenario.trigger if isinstance(trigger, OnSchedule))


def _written(program: Program) -> tuple[str, ...]:
    return tuple(trigger.at or trigger.cron for trigger in _triggers(program))


def _remember(tx: Transaction, slug: str, schedule: Schedule) -> None:
    tx.mine.memory[_MEMORY + slug] = json.encode(schedule).decode()
