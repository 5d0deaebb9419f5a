"""The console's copy of the desk: one row a dialog, kept in order, changed by journal entries.

`Mirror.load` takes snapshots (pages of the dialog list), `Mirror.reduce` takes entries of the stream. Both
end in the same rows: reducing the entries after a snapshot gives what a fresh snapshot at that number would
give. The rules by which an entry changes a row are those of `protocol.DialogSummary`.

A row is an immutable `DialogSummary`; a change puts a new one in its place, so whoever painted a row knows
by identity whether it is still the same. Views (a filter's ordered ids) are lists in rising order of
(last_at, id): what changes is nearly always at the end of them, where a list is cheap to change. No Textual
in here, no clock, no I/O.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from msgspec import UNSET
from msgspec.structs import replace as changed

from server_stub.protocol import (
    DialogChanged,
    DialogOpened,
    DialogPage,
    DialogSummary,
    Entry,
    Message,
    MessageChanged,
    MessageSent,
    Operator,
    OperatorChanged,
    PopupEnded,
    PopupShown,
    QuestionClosed,
    Receipt,
    ScenarioChanged,
    ScenarioStatus,
    VisitorCard,
    VisitorChanged,
    VisitorMerged,
)

_Check: TypeAlias = Callable[[DialogSummary], bool]
Whose: TypeAlias = Literal["all", "mine", "unassigned"]

VIEWS_KEPT = 10
"""Filters whose order is kept up to date: going back to one costs nothing, and each costs 1 µs an entry."""

FEED_KINDS = (
    MessageSent,
    MessageChanged,
    QuestionClosed,
    DialogOpened,
    DialogChanged,
    Receipt,
    PopupShown,
    PopupEnded,
)
"""What a conversation shows; see `protocol.FeedPage`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which dialogs a list shows. Empty strings and False ask for nothing; `text` is searched ignoring
    case.
    """

    status: Literal["open", "closed", ""] = "open"
    whose: Whose = "all"
    tag: str = ""
    operator: str = ""
    waiting: bool = False
    text: str = ""
    found: frozenset[str] = frozenset()
    """Dialogs that the server's search found for `text`: they match it, whatever their last message says."""

    def matcher(self, me: str) -> Callable[[DialogSummary], bool]:
        """The filter as one function of a row; only the questions that are asked cost time."""
        checks: list[Callable[[DialogSummary], bool]] = []
        status, tag, operator, found = self.status, self.tag, self.operator, self.found
        text = self.text.casefold()
        if status:
            checks.append(lambda row: row.status == status)
        if self.whose == "mine":
            checks.append(lambda row: row.assignee == me)
        elif self.whose == "unassigned":
            checks.append(lambda row: not row.assignee)
        if operator:
            checks.append(lambda row: row.assignee == operator)
        if self.waiting:
            checks.append(lambda row: row.waiting_since > 0)
        if tag:
            checks.append(lambda row: tag in row.tags)
        if text:
            checks.append(lambda row: text in searched_text(row) or row.id in found)
        if not checks:
            return lambda _row: True
        matches = checks.pop()
        while checks:
            matches = _both(checks.pop(), matches)
        return matches


def _both(one: _Check, other: _Check) -> _Check:
    return lambda row: one(row) and other(row)


def searched_text(row: DialogSummary) -> str:
    """What `/` looks at: name, last text and tags, case folded."""
    return f"{row.visitor_name}\n{row.last_text}\n{' '.join(row.tags)}".casefold()


@dataclass(slots=True)
class Changes:
    """What entries changed since the last look. `feed` holds the entries that a conversation may show, in
    order.
    """

    dialogs: set[str] = field(default_factory=set)
    visitors: set[str] = field(default_factory=set)
    feed: list[Entry] = field(default_factory=list)
    history: list[Entry] = field(default_factory=list)
    """Entries for a visitor's card: events, runs, pop-ups."""
    merged: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of visitors: who is gone, who was kept."""
    began_waiting: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    """Visitors whose dialogs are to be read again: their unread count cannot be told from here."""
    operators: bool = False
    scenarios: bool = False
    reordered: bool = False
    """A dialog came, went or moved: the order or the counts of some view may differ."""

    def __bool__(self) -> bool:
        return bool(
            self.dialogs
            or self.visitors
            or self.feed
            or self.history
            or self.operators
            or self.scenarios
            or self.reordered
        )

    def add(self, later: Changes) -> None:
        """Take in what changed after this."""
        self.dialogs |= later.dialogs
        self.visitors |= later.visitors
        self.feed += later.feed
        self.history += later.history
        self.merged += later.merged
        self.began_waiting |= later.began_waiting
        self.unsure |= later.unsure
        self.operators |= later.operators
        self.scenarios |= later.scenarios
        self.reordered |= later.reordered


class Mirror:
    """Rows of dialogs, operators and scenarios as of entry `seq`. `me` is the operator at this console."""

    def __init__(self, me: str = "") -> None:
        self.me = me
        self.seq = 0
        self.rows: dict[str, DialogSummary] = {}
        self.operators: dict[str, Operator] = {}
        self.scenarios: dict[str, ScenarioStatus] = {}
        self.online: set[str] = set()
        self._order: list[str] = []
        self._views: dict[Filter, tuple[list[str], Callable[[DialogSummary], bool]]] = {}
        self._of_visitor: dict[str, tuple[str, ...]] = {}
        self._unread: dict[str, list[int]] = {}
        """Seqs of the visitor's unread messages that the stream has brought."""
        self._counted_at: dict[str, int] = {}
        """The seq of rows that a snapshot brought with unread messages, whose seqs are unknown."""
        self._early: dict[str, list[Entry]] = {}
        self._early_visitors: list[Entry] = []
        """While pages are still to come: what was said of dialogs, or of visitors, that are not here yet."""
        self._loading = False
        self._changes = Changes()

    # --- Snapshot in ---

    def load(self, page: DialogPage, *, more: bool = False) -> Changes:
        """Take one page of a snapshot. `more`: further pages will come; entries for rows not here yet are
        kept.

        A row that the stream has already brought further than the page stays as it is.
        """
        self._changes = Changes(reordered=True)
        first = not self.rows
        self._loading = more
        taken = []
        for row in page.dialogs:
            mine = self.rows.get(row.id)
            if mine is None or mine.seq < row.seq:
                self._put_unordered(row)
                self._count_from(row)
                taken.append(row.id)
        self._order_in(taken)
        if first:
            self.seq = max(self.seq, page.seq)
        self._catch_up(page)
        if not more:
            self._early.clear()
            self._early_visitors.clear()
        return self._changes

    def _catch_up(self, page: DialogPage) -> None:
        """Bring a page's rows to where the stream is: what it said of them before they were here, in order."""
        waiting = [entry for row in page.dialogs for entry in self._early.pop(row.id, ())]
        for entry in sorted([*waiting, *self._early_visitors], key=lambda entry: entry.seq):
            if entry.dialog:
                self._reduce_dialog(entry)
            else:
                _OTHER_RULES[type(entry.what)](self, entry, entry.what)

    def add_found(self, rows: Iterable[DialogSummary]) -> Changes:
        """Take rows that a search found and that no page has brought yet."""
        self._changes = Changes(reordered=True)
        taken = [row for row in rows if row.id not in self.rows]
        for row in taken:
            self._put_unordered(row)
            self._count_from(row)
        self._order_in([row.id for row in taken])
        return self._changes

    def correct(self, rows: Iterable[DialogSummary]) -> Changes:
        """Take rows as the server has them now; newer ones that the stream has brought stay."""
        self._changes = Changes()
        for row in rows:
            mine = self.rows.get(row.id)
            if mine is None or mine.seq <= row.seq:
                self._put(row)
                self._count_from(row)
        return self._changes

    def load_operators(self, operators: Iterable[Operator]) -> None:
        self.operators = {operator.id: operator for operator in operators}

    def load_scenarios(self, scenarios: Iterable[ScenarioStatus]) -> None:
        self.scenarios = {scenario.slug: scenario for scenario in scenarios}

    def start_over(self) -> None:
        """Forget the rows: a snapshot follows. Presence and operators stay until they are told anew."""
        self.seq = 0
        self.rows.clear()
        self._order.clear()
        self._views.clear()
        self._of_visitor.clear()
        self._unread.clear()
        self._counted_at.clear()
        self._early.clear()
        self._early_visitors.clear()

    def saw_card(self, card: VisitorCard) -> set[str]:
        """A card was read: it knows whether the page is open. Gives the dialogs that look different."""
        return self.presence(card.id, card.online)

    def presence(self, visitor: str, online: bool) -> set[str]:
        """The visitor's page is open, or was closed. Gives the dialogs that look different."""
        if (visitor in self.online) == online:
            return set()
        (self.online.add if online else self.online.discard)(visitor)
        return set(self._of_visitor.get(visitor, ()))

    # --- Entries in ---

    def reduce(self, entry: Entry) -> Changes:
        """Take one entry of the journal. One that is already contained changes nothing."""
        return self.reduce_all((entry,))

    def reduce_all(self, entries: Sequence[Entry]) -> Changes:
        """Take entries in rising order, and tell what they changed together."""
        changes = self._changes = Changes()
        for entry in entries:
            if entry.seq <= self.seq:
                continue
            self.seq = entry.seq
            body = type(entry.what)
            if body in FEED_KINDS:
                changes.feed.append(entry)
            if entry.visitor:
                changes.visitors.add(entry.visitor)
                changes.history.append(entry)
            if body in _DIALOG_RULES:
                self._reduce_dialog(entry)
            elif rule := _OTHER_RULES.get(body):
                rule(self, entry, entry.what)
                if self._loading and entry.visitor:
                    self._early_visitors.append(entry)
        return changes

    def _reduce_dialog(self, entry: Entry) -> None:
        body = entry.what
        row = self.rows.get(entry.dialog)
        if row is None and not isinstance(body, DialogOpened):
            if self._loading:
                self._early.setdefault(entry.dialog, []).append(entry)
            return
        if row is not None and entry.seq <= row.seq:
            return
        _DIALOG_RULES[type(body)](self, entry, row, body)

    def _opened(self, entry: Entry, _row: DialogSummary | None, body: DialogOpened) -> None:
        self._put(
            DialogSummary(
                id=entry.dialog,
                visitor=entry.visitor,
                seq=entry.seq,
                opened_at=entry.at,
                last_at=entry.at,
                visitor_name=body.visitor_name,
                holder=body.holder,
                channel=body.channel,
            )
        )

    def _messaged(self, entry: Entry, row: DialogSummary, body: MessageSent) -> None:
        message = body.message
        if message.note:
            self._put(changed(row, seq=entry.seq))
            return
        fields: dict[str, Any] = {
            "seq": entry.seq,
            "last_at": entry.at,
            "last_text": last_text(message),
            "last_author": message.author.kind,
            "last_author_name": message.author.name,
        }
        if message.author.kind == "visitor":
            fields |= {"unread": row.unread + 1, "answered": True}
            self._unread.setdefault(row.id, []).append(entry.seq)
            if row.holder == "people" and not row.waiting_since:
                fields["waiting_since"] = entry.at
        elif message.author.kind == "operator":
            fields["waiting_since"] = 0
        self._put(changed(row, **fields))

    def _chosen(self, entry: Entry, row: DialogSummary, _body: MessageChanged) -> None:
        self._put(changed(row, seq=entry.seq, answered=True))

    def _dialog_changed(self, entry: Entry, row: DialogSummary, body: DialogChanged) -> None:
        fields: dict[str, Any] = {"seq": entry.seq}
        for name in ("status", "holder", "assignee", "team"):
            if (value := getattr(body, name)) is not UNSET:
                fields[name] = value
        if body.tags_added or body.tags_removed:
            kept = [tag for tag in row.tags if tag not in body.tags_removed]
            fields["tags"] = tuple(kept + [tag for tag in body.tags_added if tag not in kept])
        if body.status == "closed" or body.holder == "bot":
            fields["waiting_since"] = 0
        elif body.holder == "people" and body.by.kind != "operator" and not row.waiting_since:
            fields["waiting_since"] = entry.at
        self._put(changed(row, **fields))

    def _received(self, entry: Entry, row: DialogSummary, body: Receipt) -> None:
        if body.side == "operator":
            if body.up_to < self._counted_at.pop(row.id, 0):
                # Some of what the snapshot counted may have come after `up_to`: only the server knows.
                self._changes.unsure.add(row.visitor)
            left = [seq for seq in self._unread.pop(row.id, ()) if seq > body.up_to]
            if left:
                self._unread[row.id] = left
            self._put(changed(row, seq=entry.seq, unread=len(left)))
        elif body.state == "seen":
            seen = max(row.seen_up_to, body.up_to)
            delivered = max(row.delivered_up_to, body.up_to)
            self._put(changed(row, seq=entry.seq, seen_up_to=seen, delivered_up_to=delivered))
        else:
            self._put(changed(row, seq=entry.seq, delivered_up_to=max(row.delivered_up_to, body.up_to)))

    def _visitor_changed(self, entry: Entry, body: VisitorChanged) -> None:
        if "name" not in body.changes:
            return
        name = str(body.changes["name"] or "")
        for dialog in self._of_visitor.get(entry.visitor, ()):
            row = self.rows[dialog]
            if row.seq < entry.seq:
                self._put(changed(row, seq=entry.seq, visitor_name=name))

    def _visitor_merged(self, entry: Entry, body: VisitorMerged) -> None:
        self._changes.merged.append((body.gone, entry.visitor))
        if body.gone in self.online:
            self.online.discard(body.gone)
            self.online.add(entry.visitor)
        for dialog in self._of_visitor.get(body.gone, ()):
            row = self.rows[dialog]
            if row.seq < entry.seq:
                self._put(changed(row, seq=entry.seq, visitor=entry.visitor))

    def _operator_changed(self, _entry: Entry, body: OperatorChanged) -> None:
        self._changes.operators = True
        if body.removed:
            self.operators.pop(body.operator, None)
        else:
            self.operators[body.operator] = Operator(body.operator, body.name, body.role, body.online)

    def _scenario_changed(self, _entry: Entry, body: ScenarioChanged) -> None:
        self._changes.scenarios = True
        known = self.scenarios.get(body.slug)
        self.scenarios[body.slug] = ScenarioStatus(
            slug=body.slug,
            title=body.title or (known.title if known else ""),
            status=body.status,
            version=body.version,
            file=body.file or (known.file if known else ""),
            running=known.running if known else 0,
            problems=body.problems,
        )

    # --- Rows and their order ---

    def _put_unordered(self, row: DialogSummary) -> None:
        old = self.rows.get(row.id)
        if old is None or old.visitor != row.visitor:
            self._move_visitor(row.id, old.visitor if old else "", row.visitor)
        self.rows[row.id] = row

    def _count_from(self, row: DialogSummary) -> None:
        self._unread.pop(row.id, None)
        if row.unread:
            self._counted_at[row.id] = row.seq

    def _order_in(self, dialogs: list[str]) -> None:
        """Take a page's rows into the order: in front where all are older than the rest, as they
        mostly are.
        """
        dialogs.sort(key=self._key)
        if self._order and dialogs and self._key(dialogs[-1]) > self._key(self._order[0]):
            self._order = sorted(self.rows, key=self._key)
            self._views.clear()
            return
        self._order[:0] = dialogs
        for ids, match in self._views.values():
            ids[:0] = [dialog for dialog in dialogs if match(self.rows[dialog])]

    def _put(self, row: DialogSummary) -> None:
        """Set a row, and move it in every order that knows it. O(log n) comparisons."""
        old = self.rows.get(row.id)
        moved = old is None or old.last_at != row.last_at
        held = [(ids, old is not None and match(old), match(row)) for ids, match in self._views.values()]
        for ids, was, now in held:
            if was and (moved or not now):
                self._take_out(ids, row.id)
        if moved and old is not None:
            self._take_out(self._order, row.id)
        self._put_unordered(row)
        for ids, was, now in held:
            if now and (moved or not was):
                self._put_in(ids, row.id)
        if moved:
            self._put_in(self._order, row.id)
        changes = self._changes
        changes.dialogs.add(row.id)
        changes.reordered = changes.reordered or moved or any(was != now for _, was, now in held)
        if row.waiting_since and not (old and old.waiting_since):
            changes.began_waiting.add(row.id)

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
        self._of_visitor[after] = (*self._of_visitor.get(after, ()), dialog)

    # --- What the screens ask ---

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

    def _narrowest(self, wanted: Filter) -> list[str]:
        """The shortest list that is up to date and holds all that `wanted` can match."""
        wider = [Filter(wanted.status), Filter(wanted.status, wanted.whose)]
        if wanted.text and not wanted.found:
            wider.append(replace(wanted, text=wanted.text[:-1]))
        lists = [self._views[one][0] for one in wider if one in self._views]
        return min(lists, key=len, default=self._order)

    def dialogs_of(self, visitor: str) -> tuple[str, ...]:
        """The visitor's dialogs, in the order in which they became known."""
        return self._of_visitor.get(visitor, ())

    def broken_scenarios(self) -> list[ScenarioStatus]:
        """Scenarios whose file has errors, by slug."""
        return [self.scenarios[slug] for slug in sorted(self.scenarios) if self.scenarios[slug].problems]

    def tags(self) -> list[tuple[str, int]]:
        """Every tag of an open dialog with how many carry it, most used first."""
        counts: dict[str, int] = {}
        for dialog in self.view(Filter()):
            for tag in self.rows[dialog].tags:
                counts[tag] = counts.get(tag, 0) + 1
        return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def last_text(message: Message) -> str:
    """What the list shows of a message: its text, or the names of its files."""
    return message.text or ", ".join(file.name for file in message.files)


_DIALOG_RULES: dict[type, Callable[..., None]] = {
    DialogOpened: Mirror._opened,
    MessageSent: Mirror._messaged,
    MessageChanged: Mirror._chosen,
    DialogChanged: Mirror._dialog_changed,
    Receipt: Mirror._received,
}
_OTHER_RULES: dict[type, Callable[..., None]] = {
    VisitorChanged: Mirror._visitor_changed,
    VisitorMerged: Mirror._visitor_merged,
    OperatorChanged: Mirror._operator_changed,
    ScenarioChanged: Mirror._scenario_changed,
}
