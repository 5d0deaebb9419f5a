"""Rows of dialogs and their orders: set a row, and every list that is up to date has it in its place.

A row is an immutable `DialogSummary`; a change puts a new one in its place, so whoever painted a row knows
by identity whether it is still the same. Views (a filter's ordered ids) are lists in rising order of
(last_at, id): what changes is nearly always at the end of them, where a list is cheap to change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

from operator_console.dialog_filter import Check, Filter
from server_stub.protocol import DialogSummary

VIEWS_KEPT = 10
"""Filters whose order is kept up to date: going back to one costs nothing, and each costs 1 µs an entry."""


@dataclass(frozen=True, slots=True)
class Placed:
    """What setting a row did. `moved`: some order or count may differ; `began_waiting`: he did not wait before."""

    moved: bool
    began_waiting: bool


class OrderedRows:
    """Rows by id, their order, the orders of filters, and each visitor's dialogs. `me` is who "mine" is."""

    def __init__(self, me: str = "") -> None:
        self.me = me
        self.rows: dict[str, DialogSummary] = {}
        self._order: list[str] = []
        self._views: dict[Filter, tuple[list[str], Check]] = {}
        self._of_visitor: dict[str, tuple[str, ...]] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.rows.clear()
        self._order.clear()
        self._views.clear()
        self._of_visitor.clear()

    def take_page(self, rows: Iterable[DialogSummary]) -> None:
        """Set many rows at once: those that are new go in front where all are older than the rest, as they
        mostly are.
        """
        dialogs: list[str] = []
        for row in rows:
            if row.id in self.rows:
                self.put(row)
            else:
                self._set(row)
                dialogs.append(row.id)
        dialogs.sort(key=self._key)
        if self._order and dialogs and self._key(dialogs[-1]) > self._key(self._order[0]):
            self._order = sorted(self.rows, key=self._key)
            self._views.clear()
            return
        self._order[:0] = dialogs
        for ids, match in self._views.values():
            ids[:0] = [dialog for dialog in dialogs if match(self.rows[dialog])]

    def put(self, row: DialogSummary) -> Placed:
        """Set a row, and move it in every order that knows it. O(log n) comparisons."""
        old = self.rows.get(row.id)
        moved = old is None or old.last_at != row.last_at
        held = [(ids, old is not None and match(old), match(row)) for ids, match in self._views.values()]
        for ids, was, now in held:
            if was and (moved or not now):
                self._take_out(ids, row.id)
        if moved and old is not None:
            self._take_out(self._order, row.id)
        self._set(row)
        for ids, was, now in held:
            if now and (moved or not was):
                self._put_in(ids, row.id)
        if moved:
            self._put_in(self._order, row.id)
        return Placed(
            moved=moved or any(was != now for _, was, now in held),
            began_waiting=bool(row.waiting_since and not (old and old.waiting_since)),
        )

    def remove(self, dialog: str) -> None:
        """Forget a row."""
        row = self.rows[dialog]
        for ids, match in self._views.values():
            if match(row):
                self._take_out(ids, dialog)
        self._take_out(self._order, dialog)
        self._move_visitor(dialog, row.visitor, "")
        del self.rows[dialog]

    def view(self, wanted: Filter) -> list[str]:
        """Ids that match, oldest first: the newest is the last. The list lives and changes: copy to keep.

        A new filter is one pass over all rows; the last few stay up to date by themselves.
        """
        found = self._views.pop(wanted, None)
        if found is None:
            match = wanted.matcher(self.me)
            rows = self.rows
            found = ([dialog for dialog in self._narrowest(wanted) if match(rows[dialog])], match)
        self._views[wanted] = found
        while len(self._views) > VIEWS_KEPT:
            del self._views[next(iter(self._views))]
        return found[0]

    def dialogs_of(self, visitor: str) -> tuple[str, ...]:
        """The visitor's dialogs, in the order in which they became known."""
        return self._of_visitor.get(visitor, ())

    def _narrowest(self, wanted: Filter) -> list[str]:
        """The shortest list that is up to date and holds all that `wanted` can match."""
        wider = [Filter(wanted.status), Filter(wanted.status, wanted.whose)]
        if wanted.text and not wanted.found:
            wider.append(replace(wanted, text=wanted.text[:-1]))
        lists = [self._views[one][0] for one in wider if one in self._views]
        return min(lists, key=len, default=self._order)

    def _set(self, row: DialogSummary) -> None:
        old = self.rows.get(row.id)
        if old is None or old.visitor != row.visitor:
            self._move_visitor(row.id, old.visitor if old else "", row.visitor)
        self.rows[row.id] = row

    def _key(self, dialog: str) -> tuple[int, str]:
        return (self.rows[dialog].last_at, dialog)

    def _take_out(self, ids: list[str], dialog: str) -> None:
        del ids[bisect_left(ids, self._key(dialog), key=self._key)]

    def _put_in(self, ids: list[str], dialog: str) -> None:
        key = self._key(dialog)
        if not ids or self._key(ids[-1]) < key:
            ids.append(dialog)
        else:
            ids.insert(bisect_left(ids, key, key=self._key), dialog)

    def _move_visitor(self, dialog: str, before: str, after: str) -> None:
        if before:
            left = tuple(other for other in self._of_visitor.get(before, ()) if other != dialog)
            if left:
                self._of_visitor[before] = left
            else:
                self._of_visitor.pop(before, None)
        if after:
            self._of_visitor[after] = (*self._of_visitor.get(after, ()), dialog)
