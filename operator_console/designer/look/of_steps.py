"""Steps of a scenario, as a visitor would see them at one moment. Pure: nothing is sent, nothing is decided.

Texts are filled in by the engine's own rendering, so that a preview says what the visitor will read.
"""

from __future__ import annotations

from operator_console.designer.look.of_effects import mail_look
from operator_console.designer.look.views import (
    Answer,
    ChatLook,
    FieldLook,
    Look,
    MessengerLook,
    PopupLook,
    PushLook,
)
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import render, render_body
from scenarios_yaml.engine.values import text_of
from scenarios_yaml.language import model

RATINGS = ("1", "2", "3", "4", "5")


def step_look(step: model.Step, scope: Scope) -> Look | None:
    """What the visitor sees of a step; None for one that shows him nothing."""
    match step:
        case model.Say() | model.Ask() | model.SendFile():
            return _chat(step, scope)
        case model.Popup():
            return _popup(step, scope)
        case model.Email():
            return _mail(step, scope)
        case model.Push():
            return PushLook(
                title=render(step.title, scope),
                text=render(step.text, scope),
                link=render(step.link, scope),
                icon=step.icon,
            )
        case model.MessengerMessage():
            return MessengerLook(text=render(step.text, scope))
    return None


def _chat(step: model.Say | model.Ask | model.SendFile, scope: Scope) -> ChatLook:
    match step:
        case model.Say():
            answers = [Answer(render(option.label, scope), id=option.id) for option in step.options]
            answers += [_button(button, scope) for button in step.buttons]
            return ChatLook(text=render(step.text, scope), answers=tuple(answers), image=step.image)
        case model.Ask():
            choices = tuple(Answer(render(choice, scope), id=str(n)) for n, choice in enumerate(step.choices))
            return ChatLook(text=render(step.text, scope), answers=choices, input=step.input)
    return ChatLook(text=render(step.caption, scope), file=step.file)


def _popup(step: model.Popup, scope: Scope) -> PopupLook:
    return PopupLook(
        size=step.size,
        title=render(step.title, scope),
        text=render(step.text, scope),
        image=step.image,
        button=_button(step.button, scope) if step.button is not None else None,
        position=step.position,
        fields=tuple(_field(field, scope) for field in step.fields),
    )


def _field(field: model.PopupField, scope: Scope) -> FieldLook:
    choices = tuple(render(choice, scope) for choice in field.choices)
    return FieldLook(
        input=field.input,
        label=render(field.label, scope),
        is_required=field.required,
        choices=RATINGS if field.input == "rating" else choices,
    )


def _mail(step: model.Email, scope: Scope) -> Look:
    body, products = render_body(step.body, scope)
    return mail_look(
        {
            "to": text_of(scope.state.properties.get("email")),
            "subject": " ".join(render(step.subject, scope).split()),
            "body": body,
            "template": step.template,
            "preheader": render(step.preheader, scope),
            "from": render(step.sender, scope),
            "attachments": step.attachments,
            "products": products,
        }
    )


def _button(button: model.LinkButton, scope: Scope) -> Answer:
    return Answer(render(button.label, scope), render(button.link, scope))
