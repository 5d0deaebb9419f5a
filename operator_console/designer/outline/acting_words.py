"""Steps that change something without a word to the visitor, in plain words."""

from __future__ import annotations

from typing import Any

from operator_console.designer.outline.amounts import value_words
from operator_console.designer.outline.gaps import GAP, event_or_gap, name_or_gap
from operator_console.designer.outline.names import path_words, slug_words
from operator_console.designer.outline.speaking_words import beside
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word, joined, phrase, value
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.texts import Text

MOST_VALUES = 4
"""So many values of one step are told in a row; the form shows all."""


def tag_phrase(step: model.Tag) -> Phrase:
    """A tag is given or taken off."""
    return phrase(_("take off the tag {tag}") if step.remove else _("tag {tag}"), tag=name_or_gap(step.tag))


def set_phrase(step: model.Set, shown: TextsShown) -> Phrase:
    """Properties are set."""
    if not step.values:
        return phrase(_("set {path}: {value}"), path=GAP, value=GAP)
    parts = [_set_one(path, what, shown) for path, what in step.values[:MOST_VALUES]]
    return (*joined(parts, ", "), *_more(len(step.values)))


def _set_one(path: str, what: Any, shown: TextsShown) -> Phrase:
    name = Word(path_words(path), "strong")
    if what is None:
        return phrase(_("forget {path}"), path=name)
    return phrase(_("set {path}: {value}"), path=name, value=_value(what, shown))


def emit_phrase(step: model.Emit, shown: TextsShown) -> Phrase:
    """An event is made."""
    event = event_or_gap(step.event)
    parts = [
        (Word(f"{slug_words(name)}: ", "soft"), _value(what, shown))
        for name, what in step.properties[:MOST_VALUES]
    ]
    return beside(phrase(_("make the event {event}"), event=event), *parts, _more(len(step.properties)))


def subscribe_phrase(step: model.Subscribe) -> Phrase:
    """The visitor comes onto a list, or off it."""
    sentence = _("unsubscribe from {list}") if step.remove else _("subscribe to {list}")
    return phrase(sentence, list=name_or_gap(step.list))


def coupon_phrase(step: model.Coupon) -> Phrase:
    """A code is taken out of a pool."""
    return phrase(_("take a promo code from {pool}"), pool=name_or_gap(step.pool))


def webhook_phrase(step: model.Webhook, shown: TextsShown) -> Phrase:
    """Another program is called."""
    words = phrase(_("call {address}"), address=shown.bare(step.url))
    if not step.save_to:
        return words
    return beside(words, phrase(_("keeps {path}"), "soft", path=Word(path_words(step.save_to), "value")))


def handoff_phrase(step: model.Handoff, shown: TextsShown) -> Phrase:
    """People take the dialog."""
    words = _given(step.team, step.operator, _("hand over to {whom}")) or (
        Word(_("hand over to an operator")),
    )
    if step.note is None:
        return words
    return beside(words, phrase(_("with the note {text}"), "soft", text=shown.quoted(step.note)))


def assign_phrase(step: model.Assign) -> Phrase:
    """People answer in the dialog; the run goes on."""
    return _given(step.team, step.operator, _("assign to {whom}")) or phrase(_("assign to {whom}"), whom=GAP)


def _given(team: str, operator: str, sentence: str) -> Phrase:
    """To whom a dialog is given; nothing where nobody is named."""
    if operator:
        return phrase(sentence, whom=value(operator))
    if team:
        return phrase(sentence, whom=phrase(_("team {team}"), team=value(team)))
    return ()


def _value(what: Any, shown: TextsShown) -> Word:
    if isinstance(what, Text):
        return shown.quoted(what)
    return Word(value_words(what), "value") if isinstance(what, bool | int | float) else value(what)


def _more(count: int) -> Phrase:
    """How many values are not told."""
    return (Word(f" +{count - MOST_VALUES}", "soft"),) if count > MOST_VALUES else ()
