"""Conditions in plain words: `cart.total >= 3000` is “cart total at least 3,000”."""

from __future__ import annotations

from typing import assert_never

from operator_console.designer.outline.amounts import days_words, duration_words, number_words, value_words
from operator_console.designer.outline.names import event_words, path_words, slug_words
from operator_console.designer.outline.words import (
    Phrase,
    Word,
    in_quotes,
    is_in_quotes,
    joined,
    listed,
    phrase,
    plain,
)
from operator_console.translation import _, marked
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition

_AMOUNTS = {
    "=": marked("exactly {amount}"),
    "!=": marked("not {amount}"),
    ">": marked("more than {amount}"),
    ">=": marked("at least {amount}"),
    "<": marked("less than {amount}"),
    "<=": marked("at most {amount}"),
}
_COMPARED = {
    "=": marked("{path} is {value}"),
    "!=": marked("{path} is not {value}"),
    ">": marked("{path} more than {value}"),
    ">=": marked("{path} at least {value}"),
    "<": marked("{path} less than {value}"),
    "<=": marked("{path} at most {value}"),
    "in": marked("{path} is {value}"),
    "contains": marked("{path} contains {value}"),
    "matches": marked("{path} looks like {value}"),
    "starts with": marked("{path} starts with {value}"),
    "ends with": marked("{path} ends with {value}"),
}
_NOT_COMPARED = {
    "in": marked("{path} is not {value}"),
    "contains": marked("{path} does not contain {value}"),
    "matches": marked("{path} does not look like {value}"),
    "starts with": marked("{path} does not start with {value}"),
    "ends with": marked("{path} does not end with {value}"),
}
_DATES = {
    "<": marked("{path} before {value}"),
    "<=": marked("{path} not after {value}"),
    ">": marked("{path} after {value}"),
    ">=": marked("{path} not before {value}"),
}
_KNOWN = {
    "visitor.email": marked("email known"),
    "visitor.phone": marked("phone known"),
    "visitor.name": marked("name known"),
    "visitor.city": marked("city known"),
    "visitor.birthday": marked("birthday known"),
    "run.code": marked("promo code known"),
    "run.question": marked("his question known"),
    "dialog.id": marked("has a dialog"),
}
_UNKNOWN = {
    "visitor.email": marked("email unknown"),
    "visitor.phone": marked("phone unknown"),
    "visitor.name": marked("name unknown"),
    "visitor.city": marked("city unknown"),
    "visitor.birthday": marked("birthday unknown"),
    "run.code": marked("promo code unknown"),
    "run.question": marked("his question unknown"),
    "dialog.id": marked("has no dialog"),
}
_EMPTY = {
    "cart.items": marked("cart empty"),
    "visitor.viewed": marked("has viewed no products"),
    "run.products": marked("no products chosen"),
}
_NOT_EMPTY = {
    "cart.items": marked("something in the cart"),
    "visitor.viewed": marked("has viewed products"),
    "run.products": marked("products chosen"),
}
"""By path, where a language bends the word by what it is said of."""
_MOMENTS_MORE = {
    "first_visit": marked("first visit more than {duration} ago"),
    "last_visit": marked("last visit more than {duration} ago"),
    "last_order": marked("last order more than {duration} ago"),
}
_MOMENTS_LESS = {
    "first_visit": marked("first visit less than {duration} ago"),
    "last_visit": marked("last visit less than {duration} ago"),
    "last_order": marked("last order less than {duration} ago"),
}
_TOUCHED = {
    "received": marked("has received {message}"),
    "opened": marked("has opened {message}"),
    "clicked": marked("has clicked in {message}"),
    "replied": marked("has replied to {message}"),
}
_NOT_TOUCHED = {
    "received": marked("has not received {message}"),
    "opened": marked("has not opened {message}"),
    "clicked": marked("has not clicked in {message}"),
    "replied": marked("has not replied to {message}"),
}
_DATE_IN = {
    "day": marked("{path} is today"),
    "week": marked("{path} is this week"),
    "month": marked("{path} is this month"),
}
_DATE_NOT_IN = {
    "day": marked("{path} is not today"),
    "week": marked("{path} is not this week"),
    "month": marked("{path} is not this month"),
}


def describe(condition: Condition) -> str:
    """A condition in plain words, on one line, in the console's language. Cleaned."""
    return plain(condition_phrase(condition))


def describe_all(conditions: tuple[Condition, ...]) -> str:
    """Several conditions, all of which must hold, on one line. Cleaned."""
    return plain(conditions_phrase(conditions))


def conditions_phrase(conditions: tuple[Condition, ...]) -> Phrase:
    """Conditions, all of which must hold."""
    return joined([_part(one, len(conditions) > 1) for one in conditions], _(" and "))


def _part(condition: Condition, is_among_others: bool) -> Phrase:
    """A condition beside others: what is itself made of several stands in brackets."""
    words = condition_phrase(condition)
    is_group = isinstance(condition, model.All | model.Any_) and len(condition.of) > 1
    return (Word("("), *words, Word(")")) if is_among_others and is_group else words


def condition_phrase(condition: Condition) -> Phrase:  # noqa: C901  # one form of the language after the other
    """A condition in plain words."""
    match condition:
        case model.Compare():
            return _compare(condition)
        case model.Is():
            return _is(condition)
        case model.Did():
            return _did(condition)
        case model.SumOf():
            return _sum(condition)
        case model.Ago():
            table = _MOMENTS_MORE if condition.more else _MOMENTS_LESS
            return phrase(_(table[condition.what]), duration=_value(duration_words(condition.duration)))
        case model.Visits():
            return _visits(condition)
        case model.Tagged():
            sentence = _("not tagged {tag}") if condition.negated else _("tagged {tag}")
            return phrase(sentence, tag=_value(slug_words(condition.tag)))
        case model.InSegment():
            sentence = _("not in segment {segment}") if condition.negated else _("in segment {segment}")
            return phrase(sentence, segment=_value(slug_words(condition.segment)))
        case model.Touched():
            return _touched(condition)
        case model.NowIn():
            return _now(condition)
        case model.WeekdayIn():
            days = _value(days_words(condition.days))
            return phrase(_("not {days}"), days=days) if condition.negated else (days,)
        case model.DateIn():
            sentence = (_DATE_NOT_IN if condition.negated else _DATE_IN)[condition.unit]
            return phrase(_(sentence), path=_path(condition.path))
        case model.OperatorsOnline():
            return _operators(condition)
        case model.All():
            return conditions_phrase(condition.of)
        case model.Any_():
            return listed([_part(one, True) for one in condition.of], _(" or "))
        case model.Not():
            return phrase(_("not: {condition}"), condition=condition_phrase(condition.of))
    assert_never(condition)


def amount_phrase(op: str, amount: float) -> Phrase:
    """more than 3"""
    return phrase(_(_AMOUNTS[op]), amount=_value(number_words(amount)))


def window_phrase(window: int | None) -> Phrase:
    """in the last 7 days, with a blank before; nothing where there is no window."""
    if window is None:
        return ()
    return (Word(" "), *phrase(_("in the last {duration}"), duration=_value(duration_words(window))))


def _value(text: str) -> Word:
    """What is cleaned already."""
    return Word(text, "value")


def _path(path: str) -> Word:
    return Word(path_words(path), "strong")


def _compare(condition: model.Compare) -> Phrase:
    written, op = condition.value, condition.op
    is_date = op in _DATES and isinstance(written, str)
    table = _NOT_COMPARED if condition.negated else _DATES if is_date else _COMPARED
    if isinstance(written, tuple):
        among = listed(
            [(_value(one),) for one in _quoted_alike([value_words(one) for one in written])], _(" or ")
        )
        return phrase(_(table[op]), path=_path(condition.path), value=among)
    shown = value_words(written)
    if op in ("contains", "matches") and isinstance(written, str) and not is_in_quotes(shown):
        shown = in_quotes(shown)  # a piece of a text is told from the sentence around it
    return phrase(_(table[op]), path=_path(condition.path), value=_value(shown))


def _quoted_alike(values: list[str]) -> list[str]:
    """Where one of several values needs quotation marks, all have them."""
    if not any(is_in_quotes(one) for one in values):
        return values
    return [one if is_in_quotes(one) else in_quotes(one) for one in values]


def _is(condition: model.Is) -> Phrase:
    path, negated = condition.path, condition.negated
    match condition.what:
        case "known" | "unknown":
            is_known = (condition.what == "known") != negated
            table = _KNOWN if is_known else _UNKNOWN
            if path in table:
                return (Word(_(table[path]), "strong"),)
            sentence = _("{path}: known") if is_known else _("{path}: unknown")
        case "empty":
            if path in _EMPTY:
                return (Word(_(_NOT_EMPTY[path] if negated else _EMPTY[path]), "strong"),)
            sentence = _("{path}: something in it") if negated else _("{path}: empty")
        case "true" | "false":
            # What is not there is neither: `is not true` is no more than `is false`, as the engine sees it.
            sentence = _("{path}: yes") if (condition.what == "true") != negated else _("{path}: no")
        case "subscribed":
            return _subscribed(path, negated)
        case _:
            assert_never(condition.what)
    return phrase(sentence, path=_path(path))


def _subscribed(path: str, negated: bool) -> Phrase:
    if path == "visitor.push":
        return (Word(_("notifications not allowed") if negated else _("notifications allowed"), "strong"),)
    if path == "visitor.email":
        return (Word(_("no letters wanted") if negated else _("may be written to by email"), "strong"),)
    sentence = _("not subscribed to {list}") if negated else _("subscribed to {list}")
    return phrase(sentence, list=_path(path))


def _did(condition: model.Did) -> Phrase:
    event = Word(event_words(condition.event), "strong")
    is_once = (condition.op, condition.times) == (">=", 1)
    if condition.negated and is_once:
        words = phrase(_("no {event}"), event=event)
    elif is_once:
        words = phrase(_("has done: {event}"), event=event)
    else:
        times = amount_phrase(condition.op, condition.times)
        sentence = _("not: {event}, times: {times}") if condition.negated else _("{event}, times: {times}")
        words = phrase(sentence, event=event, times=times)
    where = condition.where
    if where is None:
        return (*words, *window_phrase(condition.window))
    tail = phrase(_(", where {condition}"), condition=condition_phrase(where))
    return (*words, *window_phrase(condition.window), *tail)


def _sum(condition: model.SumOf) -> Phrase:
    words = phrase(
        _("{event}: {path} adds up to {amount}"),
        event=Word(event_words(condition.event), "strong"),
        path=Word(path_words(f"event.{condition.path}")),
        amount=amount_phrase(condition.op, condition.value),
    )
    return (*words, *window_phrase(condition.window))


def _visits(condition: model.Visits) -> Phrase:
    match condition.op, condition.count:
        case ("=" | "<=", 1):
            return (Word(_("on the first visit"), "strong"),)
        case (">", 1) | (">=", 2):
            return (Word(_("has been here before"), "strong"),)
    return phrase(_("visits: {amount}"), amount=amount_phrase(condition.op, condition.count))


def _touched(condition: model.Touched) -> Phrase:
    scenario = _value(slug_words(condition.scenario))
    message: Phrase = (scenario,)
    if condition.step:
        step = _value(slug_words(condition.step))
        message = phrase(_("{step} of {scenario}"), step=step, scenario=scenario)
    table = _NOT_TOUCHED if condition.negated else _TOUCHED
    return (*phrase(_(table[condition.how]), message=message), *window_phrase(condition.window))


def _now(condition: model.NowIn) -> Phrase:
    if not condition.begins:
        return (Word(_("outside business hours") if condition.negated else _("in business hours"), "strong"),)
    sentence = _("not between {begins} and {ends}") if condition.negated else _("between {begins} and {ends}")
    return phrase(sentence, begins=_value(condition.begins), ends=_value(condition.ends))


def _operators(condition: model.OperatorsOnline) -> Phrase:
    match condition.op, condition.count:
        case (">", 0) | (">=", 1) | ("!=", 0):
            return (Word(_("an operator is online"), "strong"),)
        case ("=" | "<=", 0) | ("<", 1):
            return (Word(_("no operator is online"), "strong"),)
    return phrase(_("operators online: {amount}"), amount=amount_phrase(condition.op, condition.count))
