"""The console's copy of the outbox: rows by id in the order in which they were planned, as far back as was asked for.

Pages of the server and entries of the stream end in the same rows. How far back they are complete is known for each
filter; what is older is not shown, so that no row seems to be missing between two others. No Textual, no clock, no I/O.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from msgspec.structs import replace as changed

from operator_console.visitor_names import called
from server_stub.protocol import Entry, OutboxChanged, OutboxItem, OutboxStatus

Channel: TypeAlias = Literal["", "email", "push", "messenger", "webhook"]
CHANNELS: tuple[Channel, ...] = ("email", "push", "messenger", "webhook")
STATUSES: tuple[OutboxStatus, ...] = ("waiting", "kept", "sent", "failed", "unknown")
Key: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class OutboxFilter:
    """Which rows are shown. Empty strings ask for nothing; `text` is searched here, ignoring case, the rest there."""

    channel: Channel = ""
    status: OutboxStatus | Literal[""] = ""
    scenario: str = ""
    text: str = ""

    def matcher(self) -> Callable[[OutboxItem], bool]:
        """The filter as one function of a row."""
        channel, status, scenario, text = self.channel, self.status, self.scenario, self.text.casefold()

        def match(row: OutboxItem) -> bool:
            return (
                (not channel or row.channel == channel)
                and (not status or row.status == status)
                and (not scenario or row.scenario == scenario)
                and (not text or text in searched_text(row))
            )

        return match


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back the rows are complete: the oldest one that was read, and whether there are older ones."""

    oldest: Key
    more: bool


class OutboxRows:
    """Rows without content."""

    def __init__(self) -> None:
        self.rows: dict[str, OutboxItem] = {}
        self.unnamed: set[str] = set()
        """Rows that the stream has brought, which says nothing of whom they go to."""
        self._order: list[Key] = []
        self._reach: dict[OutboxFilter, Reach] = {}
        self._view: tuple[OutboxFilter, list[str]] | None = None

    def take_page(self, wanted: OutboxFilter, items: Iterable[OutboxItem], *, more: bool) -> None:
        """A page of the server for a filter, newest first: the first one, or the one behind `oldest_of`."""
        page = list(items)
        new = sorted(_key(item) for item in page if item.id not in self.rows)
        # Two runs in order: sorting them together is one pass.
        self._order = sorted(new + self._order)
        for item in page:
            self._set(item, is_placed=True)
        asked = replace(wanted, text="")
        before = self._reach.get(asked)
        oldest = min(map(_key, page), default=before.oldest if before else (0, ""))
        self._reach[asked] = Reach(min(oldest, before.oldest) if before else oldest, more)
        self._view = None

    def freshen(self, items: Iterable[OutboxItem]) -> set[str]:
        """The newest rows as the server has them now, with whom they go to. Gives the ids of those that differ."""
        touched = set()
        for item in items:
            known = self.rows.get(item.id)
            if known is not None and item != known:
                self._set(item)
                touched.add(item.id)
        self.unnamed.clear()
        return touched

    def take_entry(self, entry: Entry) -> str:
        """What the stream says of a row; gives its id, or nothing where it is none of those that are here."""
        what = entry.what
        if not isinstance(what, OutboxChanged):
            return ""
        known = self.rows.get(what.id)
        waits = what.status == "waiting"
        if known is not None:
            if not waits:
                self._set(changed(known, status=what.status, error=what.error, sent_at=entry.at))
            return known.id
        if not waits:
            return ""
        self.unnamed.add(what.id)
        self._set(
            OutboxItem(
                what.id,
                what.channel,
                what.status,
                entry.at,
                entry.visitor,
                what.scenario,
                what.summary,
                run=what.run,
            )
        )
        return what.id

    def view(self, wanted: OutboxFilter) -> list[str]:
        """The ids to show, newest first, as a list of its own."""
        if self._view is None or self._view[0] != wanted:
            match, rows, reach = wanted.matcher(), self.rows, self.reach_of(wanted)
            start = bisect_left(self._order, reach.oldest) if reach and reach.more else 0
            shown = [key for _, key in reversed(self._order[start:]) if match(rows[key])] if reach else []
            self._view = (wanted, shown)
        return list(self._view[1])

    def reach_of(self, wanted: OutboxFilter) -> Reach | None:
        """How far back the filter's rows are complete: as far as its own pages go, or those without a filter."""
        asked = replace(wanted, text="")
        known = [self._reach[one] for one in (asked, OutboxFilter()) if one in self._reach]
        return min(known, key=lambda reach: (reach.more, reach.oldest), default=None)

    def scenarios(self) -> list[tuple[str, int]]:
        """Every scenario of the rows with how many are of it, most first."""
        counts: dict[str, int] = {}
        for row in self.rows.values():
            counts[row.scenario] = counts.get(row.scenario, 0) + 1
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))

    def _set(self, item: OutboxItem, *, is_placed: bool = False) -> None:
        known = self.rows.get(item.id)
        if known is not None and known.status != "waiting" and item.status == "waiting":
            # A page that was read before the stream told of the end.
            item = changed(known, to=item.to, called=item.called)
        self.rows[item.id] = item
        if known is None and not is_placed:
            key = _key(item)
            if not self._order or self._order[-1] < key:
                self._order.append(key)
            else:
                self._order.insert(bisect_left(self._order, key), key)
        self._view = None


def _key(item: OutboxItem) -> Key:
    return (item.at, item.id)


def recipient(row: OutboxItem) -> str:
    """Whom a row goes to, as the list calls him; raw where somebody named himself."""
    return row.called or row.to or str(called("", row.visitor))


def searched_text(row: OutboxItem) -> str:
    """What `/` looks at: whom it goes to, subject, scenario; case folded."""
    return f"{recipient(row)}\n{row.to}\n{row.summary}\n{row.scenario}\n{row.error}".casefold()
