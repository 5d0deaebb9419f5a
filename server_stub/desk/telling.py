"""One telling: the engine is told what happened to a visitor, and what it answers is done.

The engine is told with a moment that the journal holds, never with the clock's: a replay of the journal gives the same
trace. README.md, "One journal, one replay", has the rule.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.engine.engine import advance
from scenarios_yaml.engine.state import Dialog, VisitorState, World
from scenarios_yaml.engine.stimuli import Stimulus
from server_stub.desk.effects import Performer, tell_change
from server_stub.desk.transaction import Transaction
from server_stub.protocol import Author, DialogSummary, RunProgress, TookVariant, VisitorChanged

SYSTEM = Author("system")
_MOST_ROUNDS = 100
"""How often one happening may go back and forth between the engine and its effects."""


def tell_alone(
    tx: Transaction,
    visitor: str,
    stimulus: Stimulus,
    at: int,
    *,
    by: Author = SYSTEM,
    world: World | None = None,
) -> bool:
    """As `reactions.tell`, which is to be called where something happens: this one lets no round come first.

    Where the clock was set back, the moment is the latest one that was told for the visitor before.
    """
    now = max(at, tx.known_person(visitor).told_at)
    waiting: deque[Stimulus] = deque([stimulus])
    taken = False
    for _ in range(_MOST_ROUNDS):
        if not waiting:
            return taken
        taken = _tell_once(tx, visitor, waiting, now, by, world or tx.world) or taken
    raise RuntimeError(f"the scenarios of visitor {visitor} do not come to an end")


def _tell_once(
    tx: Transaction, visitor: str, waiting: deque[Stimulus], now: int, by: Author, world: World
) -> bool:
    person = tx.known_person(visitor)
    before = person.state
    outcome = advance(before, tx.scenarios.catalog, waiting.popleft(), now, world, explain=False)
    after = outcome.state
    if after is not before:
        tx.put(replace(person, state=after, told_at=now))
    for line in outcome.trace:
        tx.record(_progress(line, now), now, person.id)
    covered: set[str] = set()
    covered_tags: set[str] = set()
    if outcome.effects:
        performer = Performer(tx, person.id, _dialog_before(tx, before), now)
        for effect in outcome.effects:
            performer.perform(effect)
        waiting.extend(performer.asked)
        covered, covered_tags = performer.covered, performer.covered_tags
        _name_dialog(tx, person.id, performer.dialog)
    if (after.properties, after.tags, after.blocked) != (before.properties, before.tags, before.blocked):
        _tell_difference(tx, before, after, covered, covered_tags, by, now)
    return outcome.taken


def _dialog_before(tx: Transaction, before: VisitorState) -> DialogSummary | None:
    dialog = tx.dialog(before.dialog.id) if before.dialog.id else None
    return dialog if dialog is not None and dialog.status != "closed" else None


def _name_dialog(tx: Transaction, visitor: str, dialog: DialogSummary | None) -> None:
    """The engine names a dialog that it opens provisionally: from now on the state has its real id."""
    person = tx.known_person(visitor)
    known = person.state.dialog
    real = dialog.id if dialog is not None else ""
    if known.id != real:
        named = replace(known, id=real) if real else Dialog()
        tx.put(replace(person, state=replace(person.state, dialog=named)))


def _tell_difference(
    tx: Transaction,
    before: VisitorState,
    after: VisitorState,
    covered: set[str],
    covered_tags: set[str],
    by: Author,
    at: int,
) -> None:
    """What an event or an edit changed of the visitor, and no effect has told."""
    old, new = before.properties, after.properties
    changes: dict[str, Any] = {
        name: value for name, value in new.items() if name not in covered and old.get(name) != value
    }
    changes |= {name: None for name in old if name not in new and name not in covered}
    added = tuple(tag for tag in after.tags if tag not in before.tags and tag not in covered_tags)
    removed = tuple(tag for tag in before.tags if tag not in after.tags and tag not in covered_tags)
    blocked = UNSET if after.blocked == before.blocked else after.blocked
    if changes or added or removed or blocked is not UNSET:
        tell_change(tx, after.id, VisitorChanged(by, changes, added, removed, blocked=blocked), at)


def _progress(line: TraceLine, now: int) -> RunProgress:
    due = line.at if line.at != now else 0
    return RunProgress(
        line.run,
        line.scenario,
        line.version,
        line.phase,  # type: ignore[arg-type]
        line.step,
        line.result,
        line.line,
        due,
        line.came,
        line.counted,
        line.branch,
        line.reason,
        tuple(TookVariant(one.step, one.version, one.variant) for one in line.took) if line.took else (),
    )
