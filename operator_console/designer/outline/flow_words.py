"""Steps that decide where a run goes and when, in plain words: after 30 s, wait until 10:00, go to “helped”."""

from __future__ import annotations

from operator_console.designer.outline.amounts import days_words, duration_words, moment_words, number_words
from operator_console.designer.outline.conditions import conditions_phrase
from operator_console.designer.outline.gaps import GAP, duration_or_gap, event_or_gap, name_or_gap
from operator_console.designer.outline.names import path_words
from operator_console.designer.outline.speaking_words import beside
from operator_console.designer.outline.words import Phrase, Word, phrase, quoted, value
from operator_console.translation import _, counted, marked
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition

_SINCE = {
    "trigger": marked("{duration} after the start"),
    "last_visit": marked("{duration} after the last visit"),
    "last_message": marked("{duration} after the last message"),
}
_SHARES = {
    (1, 2): marked("half of them"),
    (1, 3): marked("a third of them"),
    (1, 4): marked("a quarter of them"),
    (3, 4): marked("three quarters of them"),
}


def wait_phrase(step: model.Wait) -> Phrase:
    """How long a run waits, and for what moment."""
    if step.business_hours:
        return (Word(_("wait until the shop opens")),)
    if step.at:
        return _wall_time(step)
    if step.until:
        moment = moment_words(step.until)
        if moment:
            return phrase(_("wait until {moment}"), moment=Word(moment, "value"))
        return phrase(_("wait until the moment kept in {path}"), path=Word(path_words(step.until), "value"))
    duration = duration_or_gap(step.duration or 0)
    return phrase(_(_SINCE[step.since]) if step.since in _SINCE else _("after {duration}"), duration=duration)


def _wall_time(step: model.Wait) -> Phrase:
    words = phrase(_("wait until {moment}"), moment=Word(step.at, "value"))
    if step.weekdays:
        words = (*words, Word(" "), Word(days_words(step.weekdays), "value"))
    if step.within is None:
        return words
    return beside(
        words, phrase(_("at most {duration}"), "soft", duration=Word(duration_words(step.within), "value"))
    )


def wait_for_phrase(step: model.WaitFor, *, with_where: bool) -> Phrase:
    """Which event a run waits for, and how long."""
    words = phrase(
        _("wait for {event}, up to {duration}"),
        event=event_or_gap(step.event),
        duration=duration_or_gap(step.up_to),
    )
    if not step.where or not with_where:
        return words
    return (*words, *phrase(_(", where {condition}"), condition=conditions_phrase(step.where)))


def if_phrase(conditions: tuple[Condition, ...], *, inline: bool) -> Phrase:
    """The conditions of a fork or a case; where there are several, they stand below."""
    if not conditions:
        return phrase(_("if {condition}"), condition=GAP)
    if inline:
        return phrase(_("if {condition}"), condition=conditions_phrase(conditions))
    if len(conditions) == 1 and isinstance(conditions[0], model.Any_):
        return (Word(_("if one of these holds:")),)
    return (Word(_("if all of these hold:")),)


def choose_phrase() -> Phrase:
    """Several cases, of which the first that holds is taken."""
    return (Word(_("the first of these that holds:")),)


def split_phrase(step: model.Split) -> Phrase:
    """A test of several ways."""
    return (Word(counted("try out {count} variant:", "try out {count} variants:", len(step.variants))),)


def variant_phrase(split: model.Split, number: int) -> Phrase:
    """half of them (50 %): variant a"""
    variant = split.variants[number]
    total = sum(one.weight for one in split.variants)
    share = variant.weight / total if total > 0 else 0.0
    percent = Word(f"{number_words(round(share * 100, 1))}\u00a0%", "value")
    name = name_or_gap(variant.name)
    words = next((text for (part, whole), text in _SHARES.items() if abs(share - part / whole) < 0.004), "")
    if words:
        return phrase(
            _("{share} ({percent}): variant {name}"), share=Word(_(words)), percent=percent, name=name
        )
    return phrase(_("{percent} of them: variant {name}"), percent=percent, name=name)


def target_phrase(target: str) -> Phrase:
    """go to “helped”"""
    return phrase(_("go to {place}"), place=quoted(target, "jump") if target else GAP)


def call_phrase(step: model.Call) -> Phrase:
    """Through a block and back."""
    return phrase(
        _("go through {place} and come back"), place=quoted(step.block, "jump") if step.block else GAP
    )


def start_phrase(step: model.Start) -> Phrase:
    """Another scenario begins."""
    return phrase(_("start scenario {name}"), name=value(step.scenario, "jump") if step.scenario else GAP)


def stop_phrase(step: model.Stop) -> Phrase:
    """The end of a run."""
    return phrase(_("end: {reason}"), reason=value(step.reason) if step.reason else GAP)


def close_phrase(step: model.Close) -> Phrase:
    """The end of a run and of its dialog."""
    return phrase(_("end and close the dialog: {reason}"), reason=value(step.reason) if step.reason else GAP)
