"""When time alone changes whether a condition holds: windows that events leave, spans that are over, hours and days
that begin and end.

The moment is exact to the millisecond, so nothing is ever asked again and again in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from scenarios_yaml.engine import anniversaries, clock
from scenarios_yaml.engine.audience import (
    added_up,
    amounts_counted,
    holds,
    moments_counted,
    touches_counted,
)
from scenarios_yaml.engine.comparing import ORDER
from scenarios_yaml.engine.inside import every
from scenarios_yaml.engine.paths import Scope, lookup
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, event_key

_NEVER: Final = 2**63


def next_change(conditions: Iterable[Condition], scope: Scope) -> int:
    """The earliest moment (ms) after now at which time alone may change whether all of the conditions hold; 0 where
    it never does. Before that moment it does not."""
    moment = _of_all(conditions, scope)
    return 0 if moment == _NEVER else moment


def is_timed(value: Any) -> bool:
    """Whether time alone may change one of the conditions inside."""
    windows = (
        *(leaf.window for leaf in every(value, model.Did)),
        *(leaf.window for leaf in every(value, model.SumOf)),
        *(leaf.window for leaf in every(value, model.Touched)),
    )
    by_clock = (model.Ago, model.NowIn, model.WeekdayIn, model.DateIn)
    return any(window is not None for window in windows) or any(
        True for kind in by_clock for _ in every(value, kind)
    )


def _moment(condition: Condition, scope: Scope) -> int:
    """When this one may change. Of parts that must all hold, and do, the first to change decides; where some do not,
    the last of those."""
    match condition:
        case model.All():
            return _of_all(condition.of, scope)
        case model.Any_():
            return _of_any(condition.of, scope)
        case model.Not():
            return _moment(condition.of, scope)
    find = _LEAVES.get(type(condition))
    return (find(condition, scope) or _NEVER) if find is not None else _NEVER


def _of_all(parts: Iterable[Condition], scope: Scope) -> int:
    failing = [part for part in parts if not holds(part, scope)]
    if failing:
        return max(_moment(part, scope) for part in failing)
    return min((_moment(part, scope) for part in parts), default=_NEVER)


def _of_any(parts: Iterable[Condition], scope: Scope) -> int:
    holding = [part for part in parts if holds(part, scope)]
    if holding:
        return max(_moment(part, scope) for part in holding)
    return min((_moment(part, scope) for part in parts), default=_NEVER)


# --- Leaves: the moment, or 0 for never -------------------------------------------------------------------


def _did(condition: model.Did, scope: Scope) -> int:
    history = scope.state.history.get(event_key(condition.event))
    if condition.window is None or history is None:
        return 0
    moments = moments_counted(condition, history, scope)
    verdict = ORDER[condition.op](len(moments), condition.times)
    for gone, at in enumerate(moments, 1):
        if gone < len(moments) and moments[gone] == at:
            continue
        if ORDER[condition.op](len(moments) - gone, condition.times) != verdict:
            return at + condition.window
    return 0


def _sum(condition: model.SumOf, scope: Scope) -> int:
    history = scope.state.history.get(event_key(condition.event))
    if condition.window is None or history is None:
        return 0
    counted = amounts_counted(condition, history, scope)
    amounts = [amount for _, amount in counted]
    verdict = ORDER[condition.op](added_up(amounts), condition.value)
    for gone, (at, _) in enumerate(counted, 1):
        if gone < len(counted) and counted[gone][0] == at:
            continue
        if ORDER[condition.op](added_up(amounts[gone:]), condition.value) != verdict:
            return at + condition.window
    return 0


def _ago(condition: model.Ago, scope: Scope) -> int:
    state = scope.state
    moments = {"first_visit": state.first_visit, "last_visit": state.last_visit, "last_order": state.order.at}
    at = moments[condition.what]
    due = at + condition.duration
    return due if at and due > scope.now else 0


def _touched(condition: model.Touched, scope: Scope) -> int:
    moments = touches_counted(condition, scope)
    return moments[-1] + condition.window if moments and condition.window is not None else 0


def _now_in(condition: model.NowIn, scope: Scope) -> int:
    if condition.begins:
        return clock.next_edge_of_hours(scope.now, condition.begins, condition.ends, scope.zone)
    return clock.next_edge_of_business(scope.now, scope.world) if scope.world.business_hours else 0


def _weekday(condition: model.WeekdayIn, scope: Scope) -> int:
    return clock.next_edge_of_days(scope.now, condition.days, scope.zone)


def _date_in(condition: model.DateIn, scope: Scope) -> int:
    day = anniversaries.day_of_year(lookup(condition.path, scope), scope.zone)
    return anniversaries.next_change(day, condition.unit, scope.now, scope.zone) if day is not None else 0


_LEAVES: dict[type, Callable[[Any, Scope], int]] = {
    model.Did: _did,
    model.SumOf: _sum,
    model.Ago: _ago,
    model.Touched: _touched,
    model.NowIn: _now_in,
    model.WeekdayIn: _weekday,
    model.DateIn: _date_in,
}
