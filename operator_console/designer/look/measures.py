"""How large a look is, in words: pixels of a pop-up, letters of what is read. Pure."""

from __future__ import annotations

from operator_console.designer.look.page_map import measure_words
from operator_console.designer.look.views import (
    ChatLook,
    Look,
    MailLook,
    MessengerLook,
    PopupLook,
    PushLook,
)
from operator_console.translation import _, counted


def measures(look: Look) -> list[str]:
    """Lines of words, cleaned: they hold nothing of the look's texts."""
    match look:
        case PopupLook():
            return measure_words(look)
        case MailLook():
            subject = _("subject: {count}").format(count=_letters(look.subject))
            return [f"{subject} · {counted('{count} word', '{count} words', len(look.body.split()))}"]
        case PushLook():
            title = _("heading: {count}").format(count=_letters(look.title))
            return [f"{title} · {_('text: {count}').format(count=_letters(look.text))}"]
        case ChatLook() | MessengerLook():
            return [_letters(look.text)]
    return []


def _letters(text: str) -> str:
    return counted("{count} character", "{count} characters", len(text))
