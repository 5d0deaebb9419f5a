"""When a scenario starts, when it ends early, and what it is for, in plain words."""

from __future__ import annotations

from typing import assert_never

from operator_console.designer.outline.amounts import moment_words, schedule_words
from operator_console.designer.outline.conditions import condition_phrase, conditions_phrase
from operator_console.designer.outline.gaps import duration_or_gap, event_or_gap, name_or_gap
from operator_console.designer.outline.names import slug_words
from operator_console.designer.outline.words import Phrase, Word, listed, phrase, plain, quoted
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, ExitRule, Goal, Trigger


def trigger_words(trigger: Trigger) -> str:
    """A trigger in plain words with all its conditions, on one line, in the console's language. Cleaned.

    “Exit Intent, where page does not start with /checkout”
    """
    return plain(trigger_phrase(trigger, with_where=True))


def goal_words(goal: Goal) -> str:
    """What counts as success, on one line: “Order Completed within 3 days”. Cleaned."""
    return plain(goal_phrase(goal, with_where=True))


def exit_words(rule: ExitRule) -> str:
    """What ends a run early, on one line. Cleaned."""
    return plain(exit_phrase(rule, with_where=True))


def trigger_phrase(trigger: Trigger, *, with_where: bool) -> Phrase:
    """A trigger; the conditions on its event only where they stand on no rows of their own."""
    match trigger:
        case model.OnEvent():
            return event_phrase(trigger.event, trigger.where if with_where else ())
        case model.OnInactive():
            return phrase(
                _("no visit for {duration}"),
                "strong",
                duration=duration_or_gap(trigger.duration),
            )
        case model.OnSegment():
            return phrase(_("enters segment {segment}"), "strong", segment=name_or_gap(trigger.segment))
        case model.OnKeyword():
            words = listed([(quoted(word, "value"),) for word in trigger.words], _(" or "))
            return phrase(_("writes {words} in the chat"), "strong", words=words)
        case model.OnSchedule():
            return _schedule(trigger)
    assert_never(trigger)


def exit_phrase(rule: ExitRule, *, with_where: bool) -> Phrase:
    """What ends a run early: an event, or a condition."""
    if isinstance(rule, model.OnEvent):
        return event_phrase(rule.event, rule.where if with_where else ())
    return condition_phrase(rule)


def goal_phrase(goal: Goal, *, with_where: bool) -> Phrase:
    """Order Completed within 3 days"""
    words = phrase(
        _("{event} within {duration}"),
        event=event_or_gap(goal.event),
        duration=duration_or_gap(goal.within),
    )
    return (*words, *_where(goal.where if with_where else ()))


def event_phrase(event: str, where: tuple[Condition, ...]) -> Phrase:
    """An event with the conditions on it."""
    return (event_or_gap(event), *_where(where))


def _where(conditions: tuple[Condition, ...]) -> Phrase:
    if not conditions:
        return ()
    return phrase(_(", where {condition}"), condition=conditions_phrase(conditions))


def _schedule(trigger: model.OnSchedule) -> Phrase:
    """A broadcast, again and again or once."""
    if trigger.cron:
        when = schedule_words(trigger.cron)
        return phrase(_("broadcast {when}"), "strong", when=Word(when, "value"))
    moment = moment_words(trigger.at) or slug_words(trigger.at)
    return phrase(_("broadcast once, {when}"), "strong", when=Word(moment, "value"))
