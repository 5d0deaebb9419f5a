"""Conditions: whether each holds for a visitor at a moment, and what it saw.

Rules, where the language leaves room:
- A missing value makes a comparison false, negated or not; it is explained as "unknown". Only `is unknown`
  and `is empty` hold for it.
- Dates (ISO texts, or moments in ms) are ordered as moments, in the scenario's time zone.
- Dates that come round (`in this month`) are compared without their year; what is no date makes them false.
- A number is compared as a number, also where the property is a numeric text. Texts are compared ignoring
  case.
- `matches` takes `*` and `?` and must fit the whole text: no regular expressions, so no text can make it
  slow.
- A window is as long as it says: what happened exactly so long ago is out of it. `more than 7d ago` begins at
  that moment, too, and `less than 7d ago` ends: of the two one always holds.
- Counts of a `did` are exact: as many moments are kept as the conditions of the catalog count (state.py). Sums
  are exact to a millionth.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct, structs

from scenarios_yaml.engine import anniversaries, clock
from scenarios_yaml.engine.comparing import ORDER, compare, truth
from scenarios_yaml.engine.paths import MISSING, Scope, follow, lookup
from scenarios_yaml.engine.state import EventHistory
from scenarios_yaml.engine.values import number, shown, text_of
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, event_key

_ORDERINGS = frozenset({"<", "<=", ">", ">="})


class Refusal(Struct, frozen=True):
    """The condition that did not hold: its line in the file, with the value it saw, and as it was written."""

    line: int
    saw: str
    condition: str


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether the condition is true of the visitor now."""
    return _verdict(condition, scope)[0]


def all_hold(conditions: Iterable[Condition], scope: Scope) -> bool:
    """A list of conditions means all of them."""
    # A plain loop: this is asked of every scenario that listens, with every event.
    for condition in conditions:  # noqa: SIM110
        if not _JUDGES[type(condition)](condition, scope)[0]:
            return False
    return True


def first_refusal(conditions: Iterable[Condition], scope: Scope) -> Refusal | None:
    """The first of the conditions that does not hold, and what it saw; None where all hold."""
    for condition in conditions:
        ok, saw = _verdict(condition, scope)
        if not ok:
            if isinstance(condition, model.All):
                condition, saw = _culprit(condition, scope)
            written = described(condition)
            return Refusal(condition.line, f"{written} ({_show(saw)})", written)
    return None


def explained(condition: Condition, scope: Scope) -> str:
    """The condition and the value it sees now, for a trace line."""
    return f"{described(condition)} ({_show(_verdict(condition, scope)[1])})"


def described(condition: Condition) -> str:
    """The condition as it was written."""
    match condition:
        case model.All():
            return "all"
        case model.Any_():
            return "any"
        case model.Not():
            return f"not: {described(condition.of)}"
    return condition.source or type(condition).__name__.lower()


def _culprit(condition: Condition, scope: Scope) -> tuple[Condition, Any]:
    """Inside `all`, the part that fails and what it saw; anything else is its own reason."""
    if isinstance(condition, model.All):
        for part in condition.of:
            ok, saw = _verdict(part, scope)
            if not ok:
                return (part, saw) if not isinstance(part, model.All) else _culprit(part, scope)
    return condition, _Said("fails")


def _show(saw: Any) -> str:
    return "unknown" if saw is MISSING else saw if isinstance(saw, _Said) else shown(saw)


class _Said(str):
    """An explanation that is shown as it stands."""

    __slots__ = ()


def _verdict(condition: Condition, scope: Scope) -> tuple[bool, Any]:
    """Whether it holds, and the value seen."""
    return _JUDGES[type(condition)](condition, scope)


# --- Logic ------------------------------------------------------------------------------------------------


def _all(condition: model.All, scope: Scope) -> tuple[bool, Any]:
    for part in condition.of:
        ok, saw = _verdict(part, scope)
        if not ok:
            return False, saw
    return True, _Said("all hold")


def _any(condition: model.Any_, scope: Scope) -> tuple[bool, Any]:
    for part in condition.of:
        ok, saw = _verdict(part, scope)
        if ok:
            return True, saw
    return False, _Said("none holds")


def _not(condition: model.Not, scope: Scope) -> tuple[bool, Any]:
    ok, saw = _verdict(condition.of, scope)
    return not ok, saw


# --- Values -----------------------------------------------------------------------------------------------


def _compare(condition: model.Compare, scope: Scope) -> tuple[bool, Any]:
    actual = lookup(condition.path, scope)
    if actual is MISSING:
        return False, MISSING
    wanted = condition.value
    if condition.op in _ORDERINGS and isinstance(wanted, str):
        moments = clock.parse_moment(actual, scope.zone), clock.parse_moment(wanted, scope.zone)
        if moments[0] is not None and moments[1] is not None:
            return ORDER[condition.op](*moments) != condition.negated, actual
    return compare(actual, condition.op, wanted) != condition.negated, actual


def _is(condition: model.Is, scope: Scope) -> tuple[bool, Any]:
    if condition.what == "subscribed":
        return subscribed(condition.path, scope) != condition.negated, _Said("subscriptions")
    value = lookup(condition.path, scope)
    absent = value is MISSING
    match condition.what:
        case "known":
            ok = not _blank(value)
        case "unknown":
            ok = _blank(value)
        case "empty":
            ok = _blank(value)
        case _:
            if absent:
                return False, MISSING
            ok = truth(value) is (condition.what == "true")
    return ok != condition.negated, value


def _blank(value: Any) -> bool:
    return value is MISSING or value is None or (isinstance(value, str | list | dict | tuple) and not value)


def subscribed(path: str, scope: Scope) -> bool:
    """`push`: he has allowed it. `email`: an address is known and he has not left. Else: a list that he is
    on."""
    state = scope.state
    name = path.rpartition(".")[2]
    if name == "push":
        return truth(state.properties.get("push")) is True
    if name == "email":
        return bool(text_of(state.properties.get("email"))) and "email" not in state.unsubscribed
    return name in state.lists


# --- History ----------------------------------------------------------------------------------------------


def where_key(where: model.Compare | model.Is) -> str:
    """The name under which the moments of events that meet a `where` are kept."""
    negated = "not " if where.negated else ""
    if isinstance(where, model.Is):
        return f"{where.path} is {negated}{where.what}"
    return f"{negated}{where.path} {where.op} {where.value!r}"


def later_than(moments: list[int], since: int) -> list[int]:
    """Those of the rising moments that lie after `since`."""
    return moments[bisect_right(moments, since) :]


def _did(condition: model.Did, scope: Scope) -> tuple[bool, Any]:
    history = scope.state.history.get(event_key(condition.event))
    times = _times(condition, history, scope) if history else 0
    ok = ORDER[condition.op](times, condition.times)
    return ok != condition.negated, _Said(f"{times} times")


def _times(condition: model.Did, history: EventHistory, scope: Scope) -> int:
    if condition.where is None and condition.window is None:
        return history.count
    return len(moments_counted(condition, history, scope))


def moments_counted(condition: model.Did, history: EventHistory, scope: Scope) -> list[int]:
    """The rising moments, as far as they are remembered, that a `did` counts now."""
    moments = history.recent
    if condition.where is not None:
        kept = history.matching.get(where_key(condition.where))
        moments = kept if kept is not None else _last_alone(condition.where, history, scope)
    return moments if condition.window is None else later_than(moments, scope.now - condition.window)


def _last_alone(where: model.Compare | model.Is, history: EventHistory, scope: Scope) -> list[int]:
    """Of events from before the scenario was known, only the last one's properties are remembered."""
    return [history.last_at] if where_meets(where, history.last, scope) else []


def where_meets(where: model.Compare | model.Is, properties: dict[str, Any], scope: Scope) -> bool:
    """Whether an event's properties meet the `where` of a `did`; a bare name is the event's property."""
    if "." not in where.path:
        where = structs.replace(where, path=f"event.{where.path}")
    return holds(where, Scope(scope.state, scope.world, scope.now, scope.program, scope.run, properties))


def _sum(condition: model.SumOf, scope: Scope) -> tuple[bool, Any]:
    history = scope.state.history.get(event_key(condition.event))
    counted = amounts_counted(condition, history, scope) if history else []
    total = added_up(amount for _, amount in counted)
    return ORDER[condition.op](total, condition.value), total


def amounts_counted(condition: model.SumOf, history: EventHistory, scope: Scope) -> list[tuple[int, float]]:
    """The rising moments, as far as they are remembered, and numbers that a `sum` adds up now."""
    kept = history.amounts.get(condition.path)
    if kept is None:
        last = number(follow(history.last, condition.path))
        kept = [] if last is None else [(history.last_at, last)]
    if condition.window is None:
        return kept
    since = scope.now - condition.window
    return [(at, amount) for at, amount in kept if at > since]


def added_up(amounts: Iterable[float]) -> float:
    """The sum as people see it: 0.1 and 0.2 are 0.3."""
    return round(sum(amounts), 6)


def _ago(condition: model.Ago, scope: Scope) -> tuple[bool, Any]:
    state = scope.state
    moments = {"first_visit": state.first_visit, "last_visit": state.last_visit, "last_order": state.order.at}
    at = moments[condition.what]
    if not at:
        return False, MISSING
    passed = scope.now - at
    ok = (passed >= condition.duration) is condition.more
    return ok, _Said(f"{passed // 1000} s ago")


def _visits(condition: model.Visits, scope: Scope) -> tuple[bool, Any]:
    return ORDER[condition.op](scope.state.visits, condition.count), scope.state.visits


def _tagged(condition: model.Tagged, scope: Scope) -> tuple[bool, Any]:
    tagged = condition.tag in scope.state.tags
    return tagged != condition.negated, _Said("tagged" if tagged else "not tagged")


def _in_segment(condition: model.InSegment, scope: Scope) -> tuple[bool, Any]:
    inside = condition.segment in scope.state.segments
    return inside != condition.negated, _Said("in it" if inside else "not in it")


def touch_key(how: str, scenario: str, step: str = "") -> str:
    """The key of `VisitorState.received` for what reached the visitor, and what he did with it."""
    name = f"{scenario}.{step}" if step else scenario
    return name if how == "received" else f"{how}:{name}"


def _touched(condition: model.Touched, scope: Scope) -> tuple[bool, Any]:
    times = len(touches_counted(condition, scope))
    return (times > 0) != condition.negated, _Said(f"{times} times")


def touches_counted(condition: model.Touched, scope: Scope) -> list[int]:
    """The rising moments that a `received`, `opened`, `clicked` or `replied` counts now."""
    moments = scope.state.received.get(touch_key(condition.how, condition.scenario, condition.step), [])
    return moments if condition.window is None else later_than(moments, scope.now - condition.window)


# --- Time and people --------------------------------------------------------------------------------------


def _now_in(condition: model.NowIn, scope: Scope) -> tuple[bool, Any]:
    if condition.begins:
        inside = clock.in_hours(scope.now, condition.begins, condition.ends, scope.zone)
        return inside != condition.negated, _Said(f"{clock.local(scope.now, scope.zone):%H:%M}")
    if not scope.world.business_hours:
        return False, MISSING
    inside = clock.in_business_hours(scope.now, scope.world)
    return inside != condition.negated, _Said("open" if inside else "closed")


def _weekday(condition: model.WeekdayIn, scope: Scope) -> tuple[bool, Any]:
    today = clock.local(scope.now, scope.zone)
    return (today.weekday() in condition.days) != condition.negated, _Said(f"{today:%a}".lower())


def _date_in(condition: model.DateIn, scope: Scope) -> tuple[bool, Any]:
    value = lookup(condition.path, scope)
    day = anniversaries.day_of_year(value, scope.zone)
    if day is None:
        return False, value
    return anniversaries.falls_into(day, condition.unit, scope.now, scope.zone) != condition.negated, value


def _operators(condition: model.OperatorsOnline, scope: Scope) -> tuple[bool, Any]:
    online = scope.world.operators_online
    return ORDER[condition.op](online, condition.count), online


_JUDGES: dict[type, Callable[[Any, Scope], tuple[bool, Any]]] = {
    model.All: _all,
    model.Any_: _any,
    model.Not: _not,
    model.Compare: _compare,
    model.Is: _is,
    model.Did: _did,
    model.SumOf: _sum,
    model.Ago: _ago,
    model.Visits: _visits,
    model.Tagged: _tagged,
    model.InSegment: _in_segment,
    model.Touched: _touched,
    model.NowIn: _now_in,
    model.WeekdayIn: _weekday,
    model.DateIn: _date_in,
    model.OperatorsOnline: _operators,
}
