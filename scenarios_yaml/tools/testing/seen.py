"""What came, as tests and the player look at it: each effect that somebody sees, with its texts."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect
from scenarios_yaml.engine.products import body_as_read
from scenarios_yaml.language.model import event_key
from scenarios_yaml.tools.testing.cases import WantedKind

OUTREACH = frozenset({"say", "ask", "popup", "email", "push", "message", "file", "handoff"})
"""What reaches the visitor: `expect_nothing` is about these."""

_CHANNELS: dict[str, WantedKind] = {
    "email": "email",
    "push": "push",
    "messenger": "message",
    "webhook": "webhook",
}

_SAYS = ("to", "from", "subject", "preheader", "title", "text", "body", "link", "url", "headers", "attachments",
         "variables")  # fmt: skip
"""What of an outbox row people read; `variables` are those of a template file."""


class Seen(Struct, frozen=True, kw_only=True):
    """One thing that came. `heads` are the texts in which it is looked for, `names` what it may be called exactly
    (ignoring case), `content` all that it says."""

    kind: WantedKind
    heads: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    """Id and label of each answer that is offered."""
    buttons: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    """Name and label of each field of a pop-up."""
    size: str = ""

    @property
    def shown(self) -> str:
        """In one line, for whoever asks what came instead."""
        head = next((text for text in (*self.heads, *self.names) if text), "")
        options = f" [{' | '.join(label for _, label in self.options)}]" if self.options else ""
        return f"{self.kind}: {' '.join(head.split())}{options}"


def seen_in(effect: Effect) -> tuple[Seen, ...]:
    """What somebody sees of an effect; nothing of those that only move the desk's own state."""
    match effect:
        case effects.SendChat():
            return (_chat(effect),)
        case effects.ShowPopup():
            return (_popup(effect),)
        case effects.Send():
            return (_sent(effect),)
        case effects.HandOff():
            names = tuple(name for name in (effect.team, effect.operator) if name)
            handoff = Seen(kind="handoff", heads=(effect.note,), names=names, content=(effect.note,))
            note = Seen(kind="note", heads=(effect.note,), content=(effect.note,))
            return (handoff, note) if effect.note else (handoff,)
        case effects.AddNote():
            return (Seen(kind="note", heads=(effect.text,), content=(effect.text,)),)
        case effects.AssignDialog():
            return (
                Seen(kind="assign", names=tuple(name for name in (effect.team, effect.operator) if name)),
            )
        case effects.CloseDialog():
            return (Seen(kind="closed", heads=(effect.reason,), content=(effect.reason,)),)
        case effects.ChangeProperties():
            added = tuple(Seen(kind="tag", names=(tag,)) for tag in effect.tags_added)
            return added + tuple(Seen(kind="untag", names=(tag,)) for tag in effect.tags_removed)
        case effects.EmitEvent():
            return _emitted(effect)
    return ()


def _chat(effect: effects.SendChat) -> Seen:
    buttons = tuple(button.label for button in effect.buttons)
    links = tuple(button.link for button in effect.buttons)
    options = tuple((option.id, option.label) for option in effect.options)
    kind: WantedKind = "file" if effect.file else "ask" if effect.input else "say"
    return Seen(
        kind=kind,
        heads=(effect.text,),
        names=(*((effect.file, effect.file.rpartition("/")[2]) if effect.file else ()), effect.step),
        content=(effect.text, *(label for _, label in options), *buttons, *links),
        options=options,
        buttons=buttons,
    )


def _popup(effect: effects.ShowPopup) -> Seen:
    button = (effect.button.label, effect.button.link) if effect.button else ()
    return Seen(
        kind="popup",
        heads=(effect.title, effect.text),
        names=(effect.step,),
        content=(effect.title, effect.text, *button, *(field.label for field in effect.fields)),
        buttons=button[:1],
        fields=tuple((field.name, field.label) for field in effect.fields),
        size=effect.size,
    )


def _sent(effect: effects.Send) -> Seen:
    content = effect.content
    if effect.channel == "email":
        content = {**content, "body": body_as_read(content)}
    texts = tuple(_text(content.get(name)) for name in _SAYS if content.get(name))
    heads = {
        "email": (_text(content.get("subject")),),
        "push": (_text(content.get("title")), _text(content.get("text"))),
        "messenger": (_text(content.get("text")),),
        "webhook": (_text(content.get("url")),),
    }[effect.channel]
    names = (effect.step, _text(content.get("template"))) if effect.channel == "email" else (effect.step,)
    return Seen(kind=_CHANNELS[effect.channel], heads=heads, names=tuple(filter(None, names)), content=texts)


def _emitted(effect: effects.EmitEvent) -> tuple[Seen, ...]:
    key = event_key(effect.name)
    event = Seen(kind="event", heads=(), names=(effect.name, key), content=(_text(effect.properties),))
    if key not in ("subscribed", "unsubscribed"):
        return (event,)
    kind: WantedKind = "subscribed" if key == "subscribed" else "unsubscribed"
    return (event, Seen(kind=kind, names=(_text(effect.properties.get("list")),)))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()
