"""What is due in a dialog by the clock: the end of its snooze, and messages that wait to be sent.

An alarm is taken back in the commit of what came of it: it rings once, also after a crash, and late rather than never.
"""

from __future__ import annotations

from server_stub.desk import conversations, scheduled
from server_stub.desk.telling import SYSTEM
from server_stub.desk.transaction import Transaction
from server_stub.store.base import AlarmRow
from server_stub.work import AlarmsDue

SNOOZE_ENDED = "snooze ended"
"""Why a dialog is open again."""


def ring(tx: Transaction, work: AlarmsDue) -> int:
    """How many snoozes ended and messages were sent. An alarm that was moved or taken back meanwhile is passed over."""
    return sum(_ring(tx, name, work.at) for name in work.alarms)


def _ring(tx: Transaction, name: str, at: int) -> bool:
    alarm = tx.alarm(name)
    if alarm is None or alarm.due_at > at:
        return False
    tx.mine.alarms[name] = None
    if tx.dialog(alarm.dialog) is None:  # erased with its visitor
        return False
    return _wake(tx, alarm, at) if alarm.message is None else scheduled.deliver(tx, alarm, at)


def _wake(tx: Transaction, alarm: AlarmRow, at: int) -> bool:
    dialog = tx.known_dialog(alarm.dialog)
    if dialog.status != "snoozed":
        return False
    conversations.change(tx, dialog, SYSTEM, at, status="open", reason=SNOOZE_ENDED)
    return True
