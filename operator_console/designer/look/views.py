"""What a visitor is shown, as values: a chat message, a pop-up, a letter, a push, a message in his messenger.

Texts are filled in and raw: whoever paints them cleans them. `of_effects` makes these from what the engine wants done,
`of_steps` from the steps of a scenario, and `painter.LookPainter` paints them.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.language.model import InputKind

Size: TypeAlias = Literal["small", "large", "mini"]


class Answer(Struct, frozen=True):
    """A button below a message or at the end of a pop-up. With `link` it leads there; else it answers."""

    label: str
    link: str = ""
    id: str = ""
    is_chosen: bool = False


class ChatLook(Struct, frozen=True, kw_only=True):
    """A message in the chat. `input` is set where a typed answer is awaited; answers can be pressed while `is_open`."""

    text: str
    author: Literal["bot", "operator", "visitor", "system"] = "bot"
    answers: tuple[Answer, ...] = ()
    image: str = ""
    file: str = ""
    input: str = ""
    is_open: bool = True


class FieldLook(Struct, frozen=True, kw_only=True):
    """A field of a pop-up; `value` is what stands in it."""

    input: InputKind
    label: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    value: str = ""


class PopupLook(Struct, frozen=True, kw_only=True):
    """A pop-up. `position` holds left, right, top or bottom, or nothing: the corner opposite to the launcher."""

    size: Size
    title: str
    text: str
    image: str = ""
    button: Answer | None = None
    fields: tuple[FieldLook, ...] = ()
    position: str = ""


class MailLook(Struct, frozen=True, kw_only=True):
    """A letter. `body` is Markdown with PRODUCTS_MARK (engine/products.py) where `products` stand; empty where the
    letter is made from the file `template`."""

    subject: str
    body: str = ""
    template: str = ""
    preheader: str = ""
    sender: str = ""
    to: str = ""
    attachments: tuple[str, ...] = ()
    products: tuple[dict[str, Any], ...] = ()


class PushLook(Struct, frozen=True, kw_only=True):
    """A web push, as the browser's notification."""

    title: str
    text: str
    link: str
    icon: str = ""


class MessengerLook(Struct, frozen=True, kw_only=True):
    """A message in the visitor's messenger."""

    text: str


Look: TypeAlias = ChatLook | PopupLook | MailLook | PushLook | MessengerLook
