"""The console's copy of the desk: one row a dialog, kept in order, changed by journal entries.

`Mirror.load` takes snapshots (pages of the dialog list), `Mirror.reduce` takes entries of the stream. Both
end in the same rows: reducing the entries after a snapshot gives what a fresh snapshot at that number would
give. The rules by which an entry changes a row are those of `protocol.DialogSummary`. No Textual in here, no
clock, no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace as changed

from operator_console.dialog_filter import Filter, Whose
from operator_console.ordered_rows import OrderedRows
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
    OutboxChanged,
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

__all__ = ["FEED_KINDS", "Changes", "Filter", "Mirror", "Whose"]

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
    outbox: list[Entry] = field(default_factory=list)
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
            or self.outbox
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
        self.outbox += later.outbox
        self.merged += later.merged
        self.began_waiting |= later.began_waiting
        self.unsure |= later.unsure
        self.operators |= later.operators
        self.scenarios |= later.scenarios
        self.reordered |= later.reordered


class Mirror(OrderedRows):
    """Rows of dialogs, operators and scenarios as of entry `seq`. `me` is the operator at this console."""

    def __init__(self, me: str = "") -> None:
        super().__init__(me)
        self.seq = 0
        self.operators: dict[str, Operator] = {}
        self.scenarios: dict[str, ScenarioStatus] = {}
        self.online: set[str] = set()
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
                self._count_from(row)
                taken.append(row)
        self.take_page(taken)
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
            self._count_from(row)
        self.take_page(taken)
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
        self.clear()
        self.seq = 0
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
        return set(self.dialogs_of(visitor))

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
            elif body is OutboxChanged:
                changes.outbox.append(entry)
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
        if body.called is UNSET:
            return
        for dialog in self.dialogs_of(entry.visitor):
            row = self.rows[dialog]
            if row.seq < entry.seq:
                self._put(changed(row, seq=entry.seq, visitor_name=body.called))

    def _visitor_merged(self, entry: Entry, body: VisitorMerged) -> None:
        self._changes.merged.append((body.gone, entry.visitor))
        if body.gone in self.online:
            self.online.discard(body.gone)
            self.online.add(entry.visitor)
        for dialog in self.dialogs_of(body.gone):
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

    # --- Rows ---

    def _count_from(self, row: DialogSummary) -> None:
        self._unread.pop(row.id, None)
        if row.unread:
            self._counted_at[row.id] = row.seq

    def _put(self, row: DialogSummary) -> None:
        placed = self.put(row)
        changes = self._changes
        changes.dialogs.add(row.id)
        changes.reordered = changes.reordered or placed.moved
        if placed.began_waiting:
            changes.began_waiting.add(row.id)

    # --- What the screens ask ---

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
