"""Every kind of step in plain words, and what its branches are called."""

from __future__ import annotations

from typing import assert_never

from operator_console.designer.outline import acting_words as acting
from operator_console.designer.outline import flow_words as flow
from operator_console.designer.outline import speaking_words as speaking
from operator_console.designer.outline.amounts import duration_words
from operator_console.designer.outline.conditions import conditions_phrase
from operator_console.designer.outline.texts_shown import TextsShown
from operator_console.designer.outline.words import Phrase, Word, phrase, plain
from operator_console.translation import _
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition, Step


def stands_in_line(conditions: tuple[Condition, ...]) -> bool:
    """Whether conditions are told in the row that they belong to: one alone is, several have rows of their own."""
    if len(conditions) != 1:
        return False
    only = conditions[0]
    while isinstance(only, model.Not):
        only = only.of
    return not isinstance(only, model.All | model.Any_)


def step_words(step: Step, language: str) -> str:
    """What a step does, on one line, in the console's language. Cleaned. Texts are those in `language`, where it has
    them; parameters stand by their names.
    """
    return plain(step_phrase(step, TextsShown(language)))


def step_phrase(step: Step, shown: TextsShown) -> Phrase:  # noqa: C901  # one kind of step after the other
    """What a step does, without what stands below it."""
    match step:
        case model.Say():
            return speaking.say_phrase(step, shown)
        case model.Ask():
            return speaking.ask_phrase(step, shown)
        case model.Popup():
            return speaking.popup_phrase(step, shown)
        case model.Email():
            return speaking.email_phrase(step, shown)
        case model.Push():
            return speaking.push_phrase(step, shown)
        case model.MessengerMessage():
            return speaking.messenger_phrase(step, shown)
        case model.SendFile():
            return speaking.file_phrase(step, shown)
        case model.ProductList():
            return speaking.products_phrase(step)
        case model.Note():
            return speaking.note_phrase(step, shown)
        case model.If():
            return flow.if_phrase(step.conditions, inline=stands_in_line(step.conditions))
        case model.Choose():
            return flow.choose_phrase()
        case model.Split():
            return flow.split_phrase(step)
        case model.Wait():
            return flow.wait_phrase(step)
        case model.WaitFor():
            return flow.wait_for_phrase(step, with_where=stands_in_line(step.where))
        case model.Jump():
            return flow.target_phrase(step.target)
        case model.Call():
            return flow.call_phrase(step)
        case model.Start():
            return flow.start_phrase(step)
        case model.Stop():
            return flow.stop_phrase(step)
        case model.Close():
            return flow.close_phrase(step)
        case model.Coupon():
            return acting.coupon_phrase(step)
        case model.Tag():
            return acting.tag_phrase(step)
        case model.Set():
            return acting.set_phrase(step, shown)
        case model.Emit():
            return acting.emit_phrase(step, shown)
        case model.Subscribe():
            return acting.subscribe_phrase(step)
        case model.Webhook():
            return acting.webhook_phrase(step, shown)
        case model.Handoff():
            return acting.handoff_phrase(step, shown)
        case model.Assign():
            return acting.assign_phrase(step)
    assert_never(step)


def option_phrase(option: model.Option, shown: TextsShown) -> Phrase:
    """answer “Delivery” → go to “about-delivery”"""
    words = phrase(_("answer {label}"), label=shown.quoted(option.label))
    if option.when:
        words = (
            *words,
            *phrase(_(", only if {condition}"), "soft", condition=conditions_phrase(option.when)),
        )
    if option.jump:
        words = (*words, Word(" → ", "soft"), *flow.target_phrase(option.jump))
    return words


def branch_phrase(step: Step, key: str) -> Phrase:
    """What the branch of a step under this key is called: otherwise, if nobody answers within 1 day."""
    match key:
        case "then":
            return (Word(_("when it has come:") if isinstance(step, model.WaitFor) else _("then:")),)
        case "steps":
            return (Word(_("then:")),)
        case "else" | "otherwise":
            return (Word(_("otherwise:")),)
        case "on_timeout":
            return (Word(_("if it has not come in time:")),)
        case "no_answer":
            timeout = getattr(step, "timeout", None)
            duration = duration_words(speaking.DEFAULT_TIMEOUT if timeout is None else timeout)
            return phrase(_("if nobody answers within {duration}:"), duration=Word(duration, "value"))
        case "on_submit":
            return (Word(_("when it is submitted:")),)
        case "on_click":
            return (Word(_("when its button is clicked:")),)
        case "on_close":
            return (Word(_("when it is closed:")),)
        case "no_operator":
            return (Word(_("if no operator is online:")),)
        case "on_error":
            return (Word(_on_error(step)),)
    return (Word(key),)


def _on_error(step: Step) -> str:
    match step:
        case model.Webhook():
            return _("if the call fails:")
        case model.Coupon():
            return _("if no promo code is left:")
    return _("if it cannot be sent:")
