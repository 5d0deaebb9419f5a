"""Rows of dialogs and their orders: set a row, and every list that is up to date has it in its place.

A row is an immutable `DialogSummary`; a change puts a new one in its place, so whoever painted a row knows
by identity whether it is still the same. Views (a filter's ordered ids) are lists in rising order of their keys,
mostly (last_at, id): what changes is nearly always at the end of them, where a list is cheap to change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from operator_console.dialog_filter import Check, Filter, waits_since
from server_stub.protocol import DialogSummary

VIEWS_KEPT = 12
"""Filters whose order is kept up to date: going back to one costs nothing, and each costs 1 µs an entry."""


Place: TypeAlias = tuple[int, int, str]
"""Where a row stands in an order: the greater, the nearer to the top of the screen. The id makes it the only one."""


def by_last(row: DialogSummary) -> Place:
    """The newest message is the greatest."""
    return (0, row.last_at, row.id)


def by_waiting(row: DialogSummary) -> Place:
    """Who waits longest is the greatest; who does not wait stands below, by his last message."""
    since = waits_since(row)
    return (1, -since, row.id) if since else (0, row.last_at, row.id)


@dataclass(frozen=True, slots=True)
class _View:
    """The ids of a filter in the order of `place`."""

    ids: list[str]
    match: Check
    place: Callable[[DialogSummary], Place]


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
        self._views: dict[Filter, _View] = {}
        self._of_visitor: dict[str, tuple[str, ...]] = {}

    def clear(self) -> None:
        """Forget everything."""
        self.rows.clear()
        self._order.clear()
        self._views.clear()
        self._of_visitor.clear()

    def take_page(self, rows: Iterable[DialogSummary]) -> None:
        """Set many rows at once: those that are new are merged into the orders. Where they stand beside each other, as
        those of a page do, that costs no more than they are.
        """
        fresh: list[DialogSummary] = []
        for row in rows:
            if row.id in self.rows:
                self.put(row)
            else:
                self._set(row)
                fresh.append(row)
        self._merge(self._order, fresh, by_last)
        for view in self._views.values():
            fitting = [row for row in fresh if view.match(row)]
            # Of a page, those who wait stand far from the others where the order is that of waiting.
            self._merge(view.ids, [row for row in fitting if not waits_since(row)], view.place)
            self._merge(view.ids, [row for row in fitting if waits_since(row)], view.place)

    def put(self, row: DialogSummary) -> Placed:
        """Set a row, and move it in every order that knows it. O(log n) comparisons."""
        old = self.rows.get(row.id)
        moved = old is None or old.last_at != row.last_at
        turned = old is None or waits_since(old) != waits_since(row)
        held = [
            (
                view,
                old is not None and view.match(old),
                view.match(row),
                moved or (turned and view.place is by_waiting),
            )
            for view in self._views.values()
        ]
        for view, was, now, moves in held:
            if was and (moves or not now):
                self._take_out(view.ids, row.id, view.place)
        if moved and old is not None:
            self._take_out(self._order, row.id, by_last)
        self._set(row)
        for view, was, now, moves in held:
            if now and (moves or not was):
                self._put_in(view.ids, row, view.place)
        if moved:
            self._put_in(self._order, row, by_last)
        return Placed(
            moved=moved or any(was != now or (now and moves) for _, was, now, moves in held),
            began_waiting=bool(waits_since(row) and not (old and waits_since(old))),
        )

    def remove(self, dialog: str) -> None:
        """Forget a row."""
        row = self.rows[dialog]
        for view in self._views.values():
            if view.match(row):
                self._take_out(view.ids, dialog, view.place)
        self._take_out(self._order, dialog, by_last)
        self._move_visitor(dialog, row.visitor, "")
        del self.rows[dialog]

    def view(self, wanted: Filter) -> list[str]:
        """Ids that match, in rising order: the last one is the first on the screen. The list lives and changes: copy to
        keep.

        A new filter is one pass over all rows; the last few stay up to date by themselves.
        """
        view = self._views.pop(wanted, None) or self._viewed(wanted)
        self._views[wanted] = view
        while len(self._views) > VIEWS_KEPT:
            del self._views[next(iter(self._views))]
        return view.ids

    def below(self, wanted: Filter, dialog: str) -> int | None:
        """How many stand below a dialog in the filter's order; None where it is not there."""
        row, view = self.rows.get(dialog), self._views.get(wanted)
        if row is None or view is None or not view.match(row):
            return None
        return bisect_left(view.ids, view.place(row), key=lambda other: view.place(self.rows[other]))

    def dialogs_of(self, visitor: str) -> tuple[str, ...]:
        """The visitor's dialogs, in the order in which they became known."""
        return self._of_visitor.get(visitor, ())

    def _viewed(self, wanted: Filter) -> _View:
        """A filter for the first time."""
        match, rows = wanted.matcher(self.me), self.rows
        if wanted.sort == "waiting" and (same := self._views.get(replace(wanted, sort="last"))):
            ids = same.ids
        else:
            ids = [dialog for dialog in self._narrowest(wanted) if match(rows[dialog])]
        if wanted.sort == "last":
            return _View(ids, match, by_last)
        # Those who do not wait are in their order: only who waits is sorted.
        since = {dialog: at for dialog in ids if (at := waits_since(rows[dialog]))}
        waiting = sorted(since, key=lambda dialog: (-since[dialog], dialog))
        return _View([dialog for dialog in ids if dialog not in since] + waiting, match, by_waiting)

    def _narrowest(self, wanted: Filter) -> list[str]:
        """The shortest list that is up to date and holds all that `wanted` can match, the newest message last."""
        wider = [Filter(wanted.status), Filter(wanted.status, wanted.whose)]
        if wanted.text and not wanted.found:
            wider.append(replace(wanted, text=wanted.text[:-1], sort="last"))
        lists = [self._views[one].ids for one in wider if one in self._views]
        return min(lists, key=len, default=self._order)

    def _set(self, row: DialogSummary) -> None:
        old = self.rows.get(row.id)
        if old is None or old.visitor != row.visitor:
            self._move_visitor(row.id, old.visitor if old else "", row.visitor)
        self.rows[row.id] = row

    def _merge(
        self, ids: list[str], fresh: list[DialogSummary], place: Callable[[DialogSummary], Place]
    ) -> None:
        """Put rows into an order that has none of them: only the part between the least and the greatest is sorted."""
        if not fresh:
            return
        rows = self.rows
        places = [place(row) for row in fresh]
        least, greatest = min(places), max(places)
        key = lambda dialog: place(rows[dialog])  # noqa: E731  for bisect and sort alike
        begin = bisect_left(ids, least, key=key)
        end = bisect_left(ids, greatest, lo=begin, key=key)
        ids[begin:end] = sorted([*ids[begin:end], *(row.id for row in fresh)], key=key)

    def _take_out(self, ids: list[str], dialog: str, place: Callable[[DialogSummary], Place]) -> None:
        """While the row is still the one that the order knows."""
        rows = self.rows
        del ids[bisect_left(ids, place(rows[dialog]), key=lambda other: place(rows[other]))]

    def _put_in(self, ids: list[str], row: DialogSummary, place: Callable[[DialogSummary], Place]) -> None:
        rows, its = self.rows, place(row)
        if not ids or place(rows[ids[-1]]) < its:
            ids.append(row.id)
        else:
            ids.insert(bisect_left(ids, its, key=lambda other: place(rows[other])), row.id)

    def _move_visitor(self, dialog: str, before: str, after: str) -> None:
        if before:
            left = tuple(other for other in self._of_visitor.get(before, ()) if other != dialog)
            if left:
                self._of_visitor[before] = left
            else:
                self._of_visitor.pop(before, None)
        if after:
            self._of_visitor[after] = (*self._of_visitor.get(after, ()), dialog)
