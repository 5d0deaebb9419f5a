"""What entries of the journal have changed of the console's copy, since somebody looked."""

from __future__ import annotations

from dataclasses import dataclass, field

from server_stub.protocol import Entry


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
    mentioned: set[str] = field(default_factory=set)
    """Dialogs in which a note has called the operator at this console."""
    assigned: set[str] = field(default_factory=set)
    """Dialogs that became this operator's, by somebody else."""
    messaged: set[str] = field(default_factory=set)
    """Dialogs in which the visitor has written to people."""
    gone: set[str] = field(default_factory=set)
    """Dialogs that are no more: part of another one, or erased with their visitor."""
    operators: bool = False
    presets: bool = False
    scenarios: bool = False
    figures: bool = False
    """Of the scenario that is watched."""
    reordered: bool = False
    """A dialog came, went or moved: the order or the counts of some view may differ."""

    def __bool__(self) -> bool:
        return bool(
            self.dialogs
            or self.visitors
            or self.feed
            or self.history
            or self.outbox
            or self.gone
            or self.operators
            or self.presets
            or self.scenarios
            or self.figures
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
        self.mentioned |= later.mentioned
        self.assigned |= later.assigned
        self.messaged |= later.messaged
        self.gone |= later.gone
        self.operators |= later.operators
        self.presets |= later.presets
        self.scenarios |= later.scenarios
        self.figures |= later.figures
        self.reordered |= later.reordered
