"""What a backtest counts: a tally of some visitors, to which that of others can be added."""

from __future__ import annotations

from collections import Counter
from heapq import nsmallest

from msgspec import Struct, field

SAMPLE = 25
"""Visitors of whom everything is told."""
SAW = 3
"""Values that are told of a condition."""


class Got(Struct, frozen=True):
    """A message that he would have got: rendered, as it would have reached him."""

    at: int
    step: str
    channel: str
    subject: str
    text: str


class Entered(Struct, frozen=True):
    """One who would have entered. `place` orders the sample: the same visitors in every backtest of a scenario."""

    place: float
    visitor: str
    called: str
    at: tuple[int, ...]
    got: tuple[Got, ...]
    ended: tuple[str, ...]


class Refusals(Struct):
    """How often one condition kept visitors out."""

    kind: str
    line: int
    text: str
    times: int = 0
    visitors: int = 0
    saw: Counter[str] = field(default_factory=Counter)

    def add(self, other: Refusals) -> None:
        self.times += other.times
        self.visitors += other.visitors
        self.saw.update(other.saw)
        if len(self.saw) > 20 * SAW:
            self.saw = Counter(dict(self.saw.most_common(10 * SAW)))


class LiveTally(Struct):
    """What the live version really did in the same period."""

    visitors: int = 0
    runs: int = 0
    goals: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)


class Tally(Struct):
    """Runs and messages are those that began, and were sent, in the period."""

    visitors: int = 0
    items: int = 0
    considered: int = 0
    considered_visitors: int = 0
    entered: int = 0
    runs: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    """Runs, by the key of a step that they came to; each run counts once a step."""
    asked: Counter[str] = field(default_factory=Counter)
    """Runs, by the key of a question or pop-up that was put to the visitor."""
    sent: Counter[str] = field(default_factory=Counter)
    """Messages, by the key of their step."""
    endings: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    """Runs that stood at a step when the period ended."""
    messages: Counter[str] = field(default_factory=Counter)
    """By channel."""
    days: Counter[str] = field(default_factory=Counter)
    """Messages, by the day on which they would have left (the project's calendar)."""
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Messages that were dropped, skipped or delayed, by (what, whom)."""
    goals: int = 0
    refusals: dict[tuple[str, int, str], Refusals] = field(default_factory=dict)
    live: LiveTally = field(default_factory=LiveTally)
    both: int = 0
    only_draft: int = 0
    only_live: int = 0
    erased: int = 0
    """Entries whose content is gone, of the visitors whose past is incomplete by that."""
    sample: list[Entered] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add what was counted of other visitors."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for key, refusals in other.refusals.items():
            self.refusal(*key).add(refusals)
        for name in ("visitors", "runs", "goals"):
            setattr(self.live, name, getattr(self.live, name) + getattr(other.live, name))
        self.live.messages.update(other.live.messages)
        self.live.days.update(other.live.days)
        self.sample = nsmallest(SAMPLE, [*self.sample, *other.sample], key=lambda one: one.place)

    def refusal(self, kind: str, line: int, text: str) -> Refusals:
        """The count of that reason, begun where there is none."""
        key = (kind, line, text)
        found = self.refusals.get(key)
        if found is None:
            found = self.refusals[key] = Refusals(kind, line, text)
        return found


_NUMBERS = (
    "visitors", "items", "considered", "considered_visitors", "entered", "runs", "goals", "both", "only_draft",
    "only_live", "erased",
)  # fmt: skip
_COUNTERS = ("reached", "asked", "sent", "endings", "standing", "messages", "days", "held")
