"""What the engine wants done, as the visitor sees it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from operator_console.designer.look.views import (
    Answer,
    ChatLook,
    FieldLook,
    Look,
    MailLook,
    MessengerLook,
    PopupLook,
    PushLook,
)
from scenarios_yaml.engine.effects import ChatButton, Effect, Send, SendChat, ShowPopup
from scenarios_yaml.language.model import InputKind


def look_of(effect: Effect) -> Look | None:
    """What the visitor sees of an effect; None for what he sees nothing of, webhooks among them."""
    match effect:
        case SendChat():
            return chat_look(effect)
        case ShowPopup():
            return popup_look(effect)
        case Send():
            return sent_look(effect)
    return None


def chat_look(sent: SendChat) -> ChatLook:
    """A bot's message: its answers first, then the buttons that lead somewhere."""
    answers = [Answer(option.label, id=option.id) for option in sent.options]
    answers += [Answer(button.label, button.link) for button in sent.buttons]
    return ChatLook(
        text=sent.text, answers=tuple(answers), image=sent.image, file=sent.file, input=sent.input
    )


def popup_look(shown: ShowPopup) -> PopupLook:
    """A pop-up with its empty fields."""
    return PopupLook(
        size=shown.size,
        title=shown.title,
        text=shown.text,
        image=shown.image,
        button=_button(shown.button),
        position=shown.position,
        fields=tuple(
            FieldLook(
                input=cast("InputKind", field.input),
                label=field.label,
                is_required=field.required,
                choices=field.choices,
            )
            for field in shown.fields
        ),
    )


def sent_look(sent: Send) -> Look | None:
    """A row of the outbox; None for a webhook."""
    content = sent.content
    match sent.channel:
        case "email":
            return mail_look(content)
        case "push":
            return PushLook(
                title=_text(content, "title"),
                text=_text(content, "text"),
                link=_text(content, "link"),
                icon=_text(content, "icon"),
            )
        case "messenger":
            return MessengerLook(text=_text(content, "text"))
    return None


def mail_look(content: Mapping[str, Any]) -> MailLook:
    """The content of an email, as the engine has rendered it."""
    products = content.get("products")
    attachments = content.get("attachments")
    return MailLook(
        subject=_text(content, "subject"),
        body=_text(content, "body"),
        template=_text(content, "template"),
        preheader=_text(content, "preheader"),
        sender=_text(content, "from"),
        to=_text(content, "to"),
        attachments=tuple(map(str, attachments)) if isinstance(attachments, list | tuple) else (),
        products=tuple(row for row in products if isinstance(row, dict))
        if isinstance(products, list | tuple)
        else (),
    )


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else "" if value is None else str(value)


def _button(button: ChatButton | None) -> Answer | None:
    return Answer(button.label, button.link) if button is not None else None
