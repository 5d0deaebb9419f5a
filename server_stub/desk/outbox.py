"""What becomes of the rows of the outbox: the worker that sends them says it here."""

from __future__ import annotations

from msgspec.structs import replace

from scenarios_yaml.engine.stimuli import Delivered
from server_stub.desk.reactions import tell
from server_stub.desk.transaction import Transaction
from server_stub.protocol import OutboxChanged
from server_stub.work import RowTried

ERROR_CHARS = 300


def tried(tx: Transaction, work: RowTried) -> None:
    """The row is as the work says. Where it waits no more, that is journaled, and the scenarios are told."""
    row = tx.outbox_row(work.row)
    if row is None or row.item.status != "waiting":
        return
    error = work.error[:ERROR_CHARS]
    waits = work.status == "waiting"
    item = replace(
        row.item,
        status=work.status,
        content=row.item.content if work.content is None else work.content,
        tries=row.item.tries + (work.status != "kept"),
        error=error,
        sent_at=0 if waits else work.at,
        reply=work.reply,
    )
    tx.mine.outbox[item.id] = replace(row, item=item, due_at=work.due_at if waits else row.due_at)
    person = tx.person(item.visitor)
    if waits or person is None:
        return
    what = OutboxChanged(
        item.id,
        item.channel,
        work.status,
        item.scenario,
        item.summary,
        item.run,
        error,
        work.reply,
        item.version,
        item.step,
    )
    tx.record(what, work.at, person.id)
    ok = work.status in ("sent", "kept")
    tell(tx, person.id, Delivered(item.run, ok, work.reply, error, item.id), work.at)
