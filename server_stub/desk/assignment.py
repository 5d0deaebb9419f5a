"""Automatic assignment: a dialog that waits for people and is nobody's is given to an operator who is there.

It is given in the same commit in which it begins to wait. Where nobody is there, or everybody has as many as he may,
it stays in the queue, and whoever comes back or gets room is given the one that has waited longest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from server_stub.desk import conversations
from server_stub.desk.queue import LAST_GIVEN, waits
from server_stub.desk.reactions import moved
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, DialogSummary
from server_stub.store.base import OperatorRow

_SYSTEM = Author("system")
MOST_AT_ONCE = 200
"""Dialogs that are given out by one work, so that nothing else waits long; the rest follow with the next one."""


def settle(tx: Transaction, at: int) -> None:
    """Give out what waits, where the work at hand has made somebody wait, or made room for somebody who does."""
    if tx.settings.team.assignment == "by_hand":
        return
    if tx.mine.operators or any(_is_reason(tx, dialog) for dialog in tx.mine.dialogs.values()):
        _give_out(tx, at)


def _is_reason(tx: Transaction, dialog: DialogSummary) -> bool:
    """Whether what has just become of the dialog is a reason to give some out."""
    before = tx.dialog_before(dialog.id)
    was_his = before is not None and _is_his(before)
    if waits(dialog):
        # One that an operator has just put back stays there until there is another reason.
        return not was_his and not waits(before)
    leaves = was_his and not (_is_his(dialog) and before is not None and before.assignee == dialog.assignee)
    return leaves and tx.settings.team.most_dialogs > 0


def _is_his(dialog: DialogSummary) -> bool:
    """Whether it counts among the open dialogs of somebody."""
    return dialog.status == "open" and bool(dialog.assignee)


def _give_out(tx: Transaction, at: int) -> None:
    team = _Team(tx)
    for _, dialog in zip(range(MOST_AT_ONCE), _waiting(tx), strict=False):
        operator = team.next()
        if operator is None:
            return
        tx.mine.memory[LAST_GIVEN] = operator
        moved(tx, conversations.change(tx, dialog, _SYSTEM, at, assignee=operator), at)


def _waiting(tx: Transaction) -> Iterator[DialogSummary]:
    """Who has waited longest comes first; each as it is when it is asked for."""
    since = dict(tx.queue.since)
    for changes in (tx.kept, tx.mine):
        since |= {key: dialog.waiting_since for key, dialog in changes.dialogs.items() if waits(dialog)}
    for key in sorted(since, key=lambda key: (since[key], key)):
        dialog = tx.dialog(key)
        if dialog is not None and waits(dialog):
            yield dialog


class _Team:
    """Who is there, in the order in which they were added, and how many dialogs each has."""

    def __init__(self, tx: Transaction) -> None:
        rule = tx.settings.team
        self._is_by_turns = rule.assignment == "round_robin"
        self._most = rule.most_dialogs
        self._last = tx.mine.memory.get(LAST_GIVEN) or tx.kept.memory.get(LAST_GIVEN) or tx.queue.last
        self._order = [row.id for row in sorted(tx.operators(), key=_seniority)]
        self._there = {row.id for row in tx.operators() if row.is_there}
        self._has = tx.open_counts() if self._most or not self._is_by_turns else Counter[str]()

    def next(self) -> str | None:
        """The operator who gets the next one; None where nobody can."""
        able = [one for one in self._in_turn() if not self._most or self._has[one] < self._most]
        if not able:
            return None
        # min() takes the first of several: whose turn it is.
        chosen = able[0] if self._is_by_turns else min(able, key=self._has.__getitem__)
        self._has[chosen] += 1
        self._last = chosen
        return chosen

    def _in_turn(self) -> list[str]:
        """Those who are there, from the one behind the last on."""
        begin = self._order.index(self._last) + 1 if self._last in self._order else 0
        return [one for one in self._order[begin:] + self._order[:begin] if one in self._there]


def _seniority(row: OperatorRow) -> tuple[int, str]:
    return row.created_at, row.id
