"""The folder was read anew: what changed is published, and reaches those whom it concerns."""

from __future__ import annotations

from server_stub.desk import rounds, schedules
from server_stub.desk.scenarios import Scenarios
from server_stub.desk.transaction import Transaction
from server_stub.desk.versions import changed_notes
from server_stub.work import ScenariosRead


def read_scenarios(tx: Transaction, work: ScenariosRead) -> None:
    before = tx.scenarios
    read = before.read(work, tx.settings.site.locale)
    for what in read.changes:
        tx.record(what, work.at)
    for row in read.rows:
        tx.mine.scenarios[(row.slug, row.version)] = row
    for segment_row in read.segment_rows:
        tx.mine.segments[(segment_row.slug, segment_row.version)] = segment_row
    tx.mine.memory.update(changed_notes(before.notes, read.scenarios.notes))
    tx.scenarios = read.scenarios
    if read.scenarios is before:
        return
    _end_broadcasts(tx, work.at)
    schedules.published(tx, work.at)
    if concerns_everybody(before, read.scenarios):
        rounds.begin_refresh(tx, work.at)


def concerns_everybody(before: Scenarios, after: Scenarios) -> bool:
    """Whether other segments live now, or another silence is waited for: then every visitor's state is asked anew."""
    silences = [
        [(duration, program.slug) for duration, program in one.catalog.inactive] for one in (before, after)
    ]
    return before.segments.versions() != after.segments.versions() or silences[0] != silences[1]


def _end_broadcasts(tx: Transaction, at: int) -> None:
    """Who pauses a scenario stops its broadcast: the rest are not asked."""
    programs = tx.scenarios.catalog.programs
    for one in tx.rounds:
        program = programs.get(one.scenario)
        if one.scenario and (program is None or not program.live):
            rounds.end(tx, one, at)
