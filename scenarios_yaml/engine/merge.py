"""Two visitors turn out to be one person: an anonymous one becomes a known one.

What he did is added up, as if both had been one from the start: visits, orders and revenue, the history of events with
all counts and sums, what reached him, first and last visit, first touch, tags and lists that nobody took away.

Of what can only be one, the kept visitor's or the more recent wins, so that it differs from a replay in a few ways:
- A property or tag that both have said something of is the kept one's, whichever was later; a tag or list that one
  has lost and the other still has stays; who has unsubscribed stays so.
- Cart, session and page are those of the more recent visitor, not a mixture. Of viewed products, those of the more
  recent visitor come first.
- An order that both were told of counts twice, and a refund changes only the revenue of the one who was told.
- Whoever of the two was blocked, both are, and no run goes on.
- Runs were begun by two, each with his own re-entry: of two in one scenario with one key the older goes on.
- What is too much for the limits is counted in each before, so that the oldest moments of both may be there.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from copy import copy
from typing import Any

from scenarios_yaml.engine.effects import Effect, HidePopup, QuestionClosed
from scenarios_yaml.engine.membership import MERGED
from scenarios_yaml.engine.state import (
    AMOUNTS_LIMIT,
    GOALS_LIMIT,
    NAMES_LIMIT,
    PROPERTIES_LIMIT,
    RECENT_LIMIT,
    RECORDS_LIMIT,
    RUNS_LIMIT,
    TAGS_LIMIT,
    VIEWED_LIMIT,
    CartItem,
    EventHistory,
    Run,
    RunRecord,
    VisitorState,
)


def merge(kept: VisitorState, gone: VisitorState, now: int) -> VisitorState:
    """The state of `kept` after `gone` has become part of him at the moment `now`. Neither is changed.

    Tags, lists, segments, history, and what reached him are united; properties of the kept one win; the first
    touch is the older, page, cart, order and session are the more recent. Runs of both go on; of two in the
    same scenario with the same key the older one, the other ends. Where both hold a question or a pop-up,
    that of the visitor who was here last stays.
    """
    newer, older = (gone, kept) if gone.last_visit > kept.last_visit else (kept, gone)
    state = copy(kept)
    state.properties = dict(list({**gone.properties, **kept.properties}.items())[:PROPERTIES_LIMIT])
    state.tags = _union(kept.tags, gone.tags)
    state.unsubscribed = _union(kept.unsubscribed, gone.unsubscribed)
    state.lists = [name for name in _union(kept.lists, gone.lists) if name not in state.unsubscribed]
    state.segments = _union(kept.segments, gone.segments)
    state.live_segments = {**gone.live_segments, **kept.live_segments}
    state.segment_due = {**gone.segment_due, **kept.segment_due}
    if kept.decided or gone.decided:
        # What he is in is decided anew as soon as time is next told, and whoever listens hears of it.
        state.decided, state.segments_due = MERGED, now
    state.first_visit = min((at for at in (kept.first_visit, gone.first_visit) if at), default=0)
    state.last_visit = newer.last_visit
    state.inactive_due = newer.inactive_due
    state.visits = kept.visits + gone.visits
    state.session = newer.session if newer.session.started_at else older.session
    touches = [touch for touch in (kept.first_touch, gone.first_touch) if touch.at]
    state.first_touch = min(touches, key=lambda touch: touch.at, default=kept.first_touch)
    state.page = gone.page if gone.page.at > kept.page.at else kept.page
    state.cart = newer.cart if newer.cart.items else older.cart
    state.order = gone.order if gone.order.at > kept.order.at else kept.order
    state.orders = kept.orders + gone.orders
    state.revenue = kept.revenue + gone.revenue
    state.viewed = _viewed(newer.viewed, older.viewed)
    state.history = _histories(kept.history, gone.history)
    state.dialog = newer.dialog if newer.dialog.id else older.dialog
    state.received = _moments_by_key(kept.received, gone.received)
    if gone.spoke_at > kept.spoke_at:
        state.spoke_at, state.spoke_by = gone.spoke_at, gone.spoke_by
    state.blocked = kept.blocked or gone.blocked
    state.runs, dropped = _runs(newer.runs, older.runs)
    if state.blocked:
        state.runs, dropped = [], [*dropped, *state.runs]
    state.popup = _popup(state.runs, newer.popup, older.popup)
    state.records = _records(kept.records, gone.records, dropped, now)
    ended = {run.id for run in dropped}
    goals = [watched for watched in [*kept.goals, *gone.goals] if watched.run not in ended]
    state.goals = sorted(goals, key=lambda watched: watched.started_at)[-GOALS_LIMIT:]
    state.run_count = kept.run_count + gone.run_count
    return state


def _union(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))[:TAGS_LIMIT]


def _viewed(newer: list[CartItem], older: list[CartItem]) -> list[CartItem]:
    by_product = {item.product_id: item for item in reversed([*newer, *older])}
    order = dict.fromkeys(item.product_id for item in [*newer, *older])
    return [by_product[product] for product in order][:VIEWED_LIMIT]


def _histories(kept: dict[str, EventHistory], gone: dict[str, EventHistory]) -> dict[str, EventHistory]:
    merged = dict(kept)
    for key, history in gone.items():
        merged[key] = _history(merged[key], history) if key in merged else history
    newest = sorted(merged, key=lambda key: (-merged[key].last_at, key))[:NAMES_LIMIT]
    return {key: merged[key] for key in sorted(newest)}


def _history(kept: EventHistory, gone: EventHistory) -> EventHistory:
    return EventHistory(
        count=kept.count + gone.count,
        first_at=min(kept.first_at, gone.first_at),
        last_at=max(kept.last_at, gone.last_at),
        recent=_moments(kept.recent, gone.recent),
        last=gone.last if gone.last_at > kept.last_at else kept.last,
        matching=_moments_by_key(kept.matching, gone.matching),
        amounts={
            path: sorted([*kept.amounts.get(path, []), *gone.amounts.get(path, [])])[-AMOUNTS_LIMIT:]
            for path in [*kept.amounts, *(path for path in gone.amounts if path not in kept.amounts)]
        },
    )


def _moments(first: list[int], second: list[int]) -> list[int]:
    most = max(RECENT_LIMIT, len(first), len(second))
    return list(heapq.merge(first, second))[-most:]


def _moments_by_key(kept: dict[str, list[int]], gone: dict[str, list[int]]) -> dict[str, list[int]]:
    keys = dict.fromkeys([*gone, *kept])
    merged = {key: _moments(kept.get(key, []), gone.get(key, [])) for key in keys}
    return dict(list(merged.items())[-RECORDS_LIMIT:])


def _runs(newer: list[Run], older: list[Run]) -> tuple[list[Run], list[Run]]:
    """The runs that go on, oldest first, and those that end. Two in parallel of one visitor stay so."""
    of_newer, of_older = _by_place(newer), _by_place(older)
    ended: list[Run] = []
    for place in of_newer.keys() & of_older.keys():
        first_of_newer = min(run.started_at for run in of_newer[place])
        first_of_older = min(run.started_at for run in of_older[place])
        ended += of_newer[place] if first_of_older < first_of_newer else of_older[place]
    going = [run for run in [*newer, *older] if run not in ended]
    if any(_asks(run) for run in newer if run in going):
        ended += [run for run in older if _asks(run) and run in going]
    going = sorted((run for run in going if run not in ended), key=lambda run: (run.started_at, run.id))
    return going[:RUNS_LIMIT], [*ended, *going[RUNS_LIMIT:]]


def _by_place(runs: Iterable[Run]) -> dict[tuple[str, str], list[Run]]:
    places: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        places.setdefault((run.scenario, run.key), []).append(run)
    return places


def _asks(run: Run) -> bool:
    return run.waiting is not None and run.waiting.kind in ("answer", "input", "popup")


def _popup(runs: list[Run], *popups: str) -> str:
    """The pop-up on his screen: one that a run of his still waits for."""
    awaited = {run.waiting.popup for run in runs if run.waiting}
    return next((popup for popup in popups if popup and popup in awaited), "")


def _records(
    kept: dict[str, RunRecord], gone: dict[str, RunRecord], dropped: list[Run], now: int
) -> dict[str, RunRecord]:
    merged: dict[str, Any] = dict(gone)
    for name, record in kept.items():
        other = merged.pop(name, RunRecord())
        merged[name] = RunRecord(
            times=record.times + other.times,
            last_started_at=max(record.last_started_at, other.last_started_at),
            last_ended_at=max(record.last_ended_at, other.last_ended_at),
        )
    for run in dropped:
        name = f"{run.scenario} {run.key}" if run.key else run.scenario
        if name in merged:
            merged[name] = copy(merged[name])
            merged[name].last_ended_at = max(merged[name].last_ended_at, now)
    return dict(list(merged.items())[-RECORDS_LIMIT:])


def withdrawn(kept: VisitorState, gone: VisitorState, merged: VisitorState) -> tuple[Effect, ...]:
    """What goes off the visitor's screens after a merge: questions and pop-ups of runs that ended by it."""
    going = {run.id for run in merged.runs}
    effects: list[Effect] = []
    for run in [*kept.runs, *gone.runs]:
        if run.id in going or run.waiting is None:
            continue
        if run.waiting.kind in ("answer", "input"):
            effects.append(QuestionClosed(run.waiting.message))
        elif run.waiting.kind == "popup":
            effects.append(HidePopup(run.waiting.popup, "withdrawn"))
    return tuple(effects)
