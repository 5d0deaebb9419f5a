"""What the figures of a scenario say of each row of its tree. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from msgspec.structs import replace

from operator_console.designer.outline.rows import Row
from server_stub.protocol import FigureName, ScenarioFigures, StepFigures

KeyNow: TypeAlias = Callable[[str, str], str]
"""(version, key of a step in it) → its key in what is shown; empty where the step is gone."""
Rate: TypeAlias = Literal["", "went", "answered", "acted", "clicked", "seen", "goal"]
"""What a rate counts; `acted`: submitted or clicked, of a pop-up."""

_SENT = frozenset({"email", "push", "message"})
_PLAIN = (
    "reached", "waiting", "delivered", "kept", "seen", "clicked", "answered", "submitted", "closed", "timed_out",
    "failed", "suppressed", "ended",
)  # fmt: skip
_REASONS = ("branches", "failed_why", "suppressed_why", "ended_why")
_BY_OUTCOME: dict[str, FigureName] = {
    "on_submit": "submitted",
    "on_click": "clicked",
    "on_close": "closed",
    "on_error": "failed",
}
"""Ways that a pop-up, or a letter, tells by what became of it."""
_MEANT = ("done", "handed over", "stop: ", "closed: ", "exit: ", "goal")
"""Reasons with which a run ends as the scenario means it to; whoever ends otherwise was lost on the way."""


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """Of one row. `count` came here, or went this way; `waiting` stand here now; `part` of `whole` did what
    `rate` says; `dropped` ended here without the scenario having meant it; `failed` could not be sent or done."""

    count: int = 0
    waiting: int = 0
    rate: Rate = ""
    part: int = 0
    whole: int = 0
    dropped: int = 0
    failed: int = 0

    @property
    def share(self) -> float:
        """Between 0 and 1. What began before the period can be answered within it: more than all is all."""
        return min(self.part / self.whole, 1.0) if self.whole else 0.0

    @property
    def lost(self) -> float:
        """Which share of those who came was dropped here."""
        return min(self.dropped / self.count, 1.0) if self.count else 0.0


def summed(steps: Iterable[StepFigures], key_now: KeyNow) -> dict[str, StepFigures]:
    """The figures of each step over all versions, by its key now. Steps that are gone are left out."""
    sums: dict[str, StepFigures] = {}
    for one in steps:
        key = key_now(one.version, one.step)
        if key:
            known = sums.get(key)
            sums[key] = _added(known, one) if known is not None else replace(one, step=key, version="")
    return sums


def _added(one: StepFigures, other: StepFigures) -> StepFigures:
    plain = {name: getattr(one, name) + getattr(other, name) for name in _PLAIN}
    reasons = {name: dict(Counter(getattr(one, name)) + Counter(getattr(other, name))) for name in _REASONS}
    return replace(one, **plain, **reasons)


def node_figures(rows: Sequence[Row], figures: ScenarioFigures, key_now: KeyNow) -> dict[str, NodeFigures]:
    """What stands at each row, by its place; rows of which nothing is counted are left out."""
    steps = summed(figures.steps, key_now)
    found: dict[str, NodeFigures] = {}
    for row in rows:
        if row.step:
            step = steps.get(row.step)
            told = _of_row(row, step) if step is not None else None
        else:
            told = _of_head(row, figures)
        if told is not None:
            found[row.place] = told
    return found


def _of_head(row: Row, figures: ScenarioFigures) -> NodeFigures | None:
    if row.kind == "steps" and (figures.entered or figures.running):
        return NodeFigures(figures.entered, figures.running)
    if row.kind == "goal" and figures.entered:
        return NodeFigures(figures.goal, rate="goal", part=figures.goal, whole=figures.entered)
    return None


def _of_row(row: Row, step: StepFigures) -> NodeFigures | None:
    if row.branch:
        went = went_by(row, step)
        return NodeFigures(went, rate="went", part=went, whole=step.reached) if step.reached or went else None
    if not step.reached and not step.waiting:
        return None
    rate, part, whole = _rate_of(row.kind, step)
    return NodeFigures(step.reached, step.waiting, rate, part, whole, dropped_at(step), step.failed)


def branch_key(row: Row) -> str:
    """What figures call the way of a branch's row: cases are counted by their numbers alone."""
    return row.branch.removeprefix("case ") if row.kind in ("case", "branch") else row.branch


def branch_figure(row: Row) -> FigureName:
    """The figure that counts who took the way of a branch's row."""
    return _BY_OUTCOME.get(row.branch, "went") if row.kind == "branch" else "went"


def went_by(row: Row, step: StepFigures) -> int:
    """How many runs took the way of a branch's row."""
    figure = branch_figure(row)
    went = step.branches.get(branch_key(row), 0)
    return went if figure == "went" else max(went, int(getattr(step, figure)))


def _rate_of(kind: str, step: StepFigures) -> tuple[Rate, int, int]:
    if kind == "popup":
        return "acted", step.submitted + step.clicked, step.delivered or step.reached
    if step.answered or step.timed_out or kind == "ask":
        return "answered", step.answered, step.reached
    out = step.delivered + step.kept
    if kind in _SENT and out:
        return ("clicked", step.clicked, out) if step.clicked else ("seen", step.seen, out)
    if step.delivered and (step.seen or step.clicked):
        return ("clicked", step.clicked, out) if step.clicked else ("seen", step.seen, out)
    return "", 0, 0


def dropped_at(step: StepFigures) -> int:
    """Who ended at the step without the scenario having meant it: closed a pop-up, gave no answer, got no mail."""
    return sum(count for reason, count in step.ended_why.items() if not is_meant(reason))


def is_meant(reason: str) -> bool:
    """Whether a run that ends so ends as the scenario means it to."""
    return reason.startswith(_MEANT)


def totals_of(steps: Mapping[str, StepFigures], name: str) -> Counter[str]:
    """Reasons of one kind (`failed_why`, `suppressed_why`) over all steps."""
    found: Counter[str] = Counter()
    for step in steps.values():
        found.update(getattr(step, name))
    return found
