"""The folder was read anew: what changed is published, and reaches those whom it concerns."""

from __future__ import annotations

from msgspec.structs import replace

from server_stub.desk import rounds, schedules
from server_stub.desk.scenarios import Scenarios
from server_stub.desk.transaction import Transaction
from server_stub.desk.versions import Change, changed_notes
from server_stub.ids import base_of
from server_stub.protocol import ScenarioChanged
from server_stub.store.base import TextRow
from server_stub.work import ScenariosRead


def read_scenarios(tx: Transaction, work: ScenariosRead) -> None:
    before = tx.scenarios
    read = before.read(work, tx.settings.site.locale)
    for change in read.changes:
        _record(tx, change, work)
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


def _record(tx: Transaction, change: Change, work: ScenariosRead) -> None:
    """Journal it as what the operator of the work did, and keep a text that is new. Of a file that was taken away the
    row has none."""
    base = base_of(change.text) if change.text else ""
    what = replace(change.what, by=work.by, why=work.why, base=base)
    entry = tx.record(what, work.at)
    if not change.is_new:
        return
    if isinstance(what, ScenarioChanged):
        kind, status = "scenario", what.status
    else:
        kind, status = "segment", "removed" if what.removed else ""
    tx.mine.texts[(kind, what.slug, entry.seq)] = TextRow(
        kind, what.slug, entry.seq, base, what.version, status, work.at, work.by, work.why, change.text
    )


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
