"""The console's copy of the desk: one row a dialog, kept in order, changed by journal entries.

`Mirror.load` takes snapshots (pages of the dialog list), `Mirror.reduce` takes entries of the stream. Both
end in the same rows: reducing the entries after a snapshot gives what a fresh snapshot at that number would
give. The rules by which an entry changes a row are those of `protocol.DialogSummary`. No Textual in here, no
clock, no I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import UNSET
from msgspec.structs import replace as changed

from operator_console.changes import Changes
from operator_console.dialog_filter import Filter, Whose
from operator_console.figures import renewed
from operator_console.ordered_rows import OrderedRows
from operator_console.row_rules import folded, opened
from server_stub.protocol import (
    DialogChanged,
    DialogMerged,
    DialogOpened,
    DialogPage,
    DialogRated,
    DialogSummary,
    Entry,
    EntryBody,
    FiguresChanged,
    Lookers,
    MessageChanged,
    MessageDeleted,
    MessageEdited,
    MessageScheduled,
    MessageSent,
    Operator,
    OperatorChanged,
    OutboxChanged,
    PopupEnded,
    PopupShown,
    Preset,
    PresetChanged,
    QuestionClosed,
    Receipt,
    ScenarioChanged,
    ScenarioFigures,
    ScenarioStatus,
    ScheduleCancelled,
    VisitorCard,
    VisitorChanged,
    VisitorErased,
    VisitorMerged,
    Watching,
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
    DialogMerged,
    DialogRated,
    MessageEdited,
    MessageDeleted,
    MessageScheduled,
    ScheduleCancelled,
)
"""What a conversation shows; see `protocol.FeedPage`."""


class Mirror(OrderedRows):
    """Rows of dialogs, operators and scenarios as of entry `seq`. `me` is the operator at this console."""

    def __init__(self, me: str = "") -> None:
        super().__init__(me)
        self.seq = 0
        self.operators: dict[str, Operator] = {}
        self.scenarios: dict[str, ScenarioStatus] = {}
        self.presets: dict[str, Preset] = {}
        self.lookers: dict[str, tuple[str, ...]] = {}
        """Dialog → the operators whose consoles show it now, this one's among them."""
        self.figures: ScenarioFigures | None = None
        """Of the scenario that is watched, as they are now; None until they have come."""
        self.watched = Watching()
        """What the figures are of."""
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

    def load_presets(self, presets: Iterable[Preset]) -> None:
        self.presets = {preset.id: preset for preset in presets}

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

    def looked_at(self, frame: Lookers) -> None:
        """Who looks at a dialog has changed."""
        if frame.operators:
            self.lookers[frame.dialog] = frame.operators
        else:
            self.lookers.pop(frame.dialog, None)

    def figures_changed(self, frame: FiguresChanged) -> None:
        """Figures have come; what still comes of those that were watched before is passed over."""
        if frame.watching == self.watched:
            self.figures = renewed(self.figures, frame)

    def watch(self, watching: Watching) -> None:
        """From now on the figures are of that."""
        if watching != self.watched:
            self.watched, self.figures = watching, None

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
        self._put(opened(entry, body))

    def _folded(self, entry: Entry, row: DialogSummary, _body: EntryBody) -> None:
        self._put(folded(row, entry))

    def _messaged(self, entry: Entry, row: DialogSummary, body: MessageSent) -> None:
        message = body.message
        after = folded(row, entry)
        if message.author.kind == "visitor" and not message.note:
            self._unread.setdefault(row.id, []).append(entry.seq)
            if row.holder == "people":
                self._changes.messaged.add(row.id)
        self._noticed_call(row, after)
        self._put(after)

    def _dialog_changed(self, entry: Entry, row: DialogSummary, body: DialogChanged) -> None:
        if body.assignee == self.me and row.assignee != self.me and body.by.id != self.me:
            self._changes.assigned.add(row.id)
        self._put(folded(row, entry))

    def _edited(self, entry: Entry, row: DialogSummary, _body: MessageEdited) -> None:
        after = folded(row, entry)
        self._noticed_call(row, after)
        self._put(after)

    def _noticed_call(self, before: DialogSummary, after: DialogSummary) -> None:
        if self.me in after.mentioned and self.me not in before.mentioned:
            self._changes.mentioned.add(after.id)

    def _merged(self, entry: Entry, row: DialogSummary, body: DialogMerged) -> None:
        """Both became one: what it counts now only the server knows."""
        self._forget(body.gone)
        self._put(changed(row, seq=entry.seq))
        self._changes.unsure.add(entry.visitor)

    def _received(self, entry: Entry, row: DialogSummary, body: Receipt) -> None:
        after = folded(row, entry)
        if body.side == "operator":
            if body.up_to < self._counted_at.pop(row.id, 0):
                # Some of what the snapshot counted may have come after `up_to`: only the server knows.
                self._changes.unsure.add(row.visitor)
            left = [seq for seq in self._unread.pop(row.id, ()) if seq > body.up_to]
            if left:
                self._unread[row.id] = left
            after = changed(after, unread=len(left))
        self._put(after)

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

    def _visitor_erased(self, entry: Entry, _body: VisitorErased) -> None:
        for dialog in self.dialogs_of(entry.visitor):
            self._forget(dialog)

    def _preset_changed(self, _entry: Entry, body: PresetChanged) -> None:
        self._changes.presets = True
        if body.removed:
            self.presets.pop(body.preset.id, None)
        else:
            self.presets[body.preset.id] = body.preset

    def _operator_changed(self, _entry: Entry, body: OperatorChanged) -> None:
        self._changes.operators = True
        if body.removed:
            self.operators.pop(body.operator, None)
        else:
            self.operators[body.operator] = Operator(
                body.operator, body.name, body.role, body.online, body.away
            )

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

    def _forget(self, dialog: str) -> None:
        """The dialog is no more."""
        if dialog in self.rows:
            self.remove(dialog)
            self._unread.pop(dialog, None)
            self._counted_at.pop(dialog, None)
            self._changes.gone.add(dialog)
            self._changes.reordered = True

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


_DIALOG_RULES: dict[type, Callable[..., None]] = {
    DialogOpened: Mirror._opened,
    MessageSent: Mirror._messaged,
    MessageChanged: Mirror._folded,
    MessageEdited: Mirror._edited,
    MessageDeleted: Mirror._folded,
    DialogChanged: Mirror._dialog_changed,
    DialogRated: Mirror._folded,
    DialogMerged: Mirror._merged,
    Receipt: Mirror._received,
}
_OTHER_RULES: dict[type, Callable[..., None]] = {
    VisitorChanged: Mirror._visitor_changed,
    VisitorMerged: Mirror._visitor_merged,
    VisitorErased: Mirror._visitor_erased,
    PresetChanged: Mirror._preset_changed,
    OperatorChanged: Mirror._operator_changed,
    ScenarioChanged: Mirror._scenario_changed,
}
