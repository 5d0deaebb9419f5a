"""What happens behind the visitor's back, in words: tags, codes, notes, hand-overs. Pure; cleaned."""

from __future__ import annotations

from operator_console.inbox.value_words import value_text
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect

LONGEST = 300


def beside_words(effect: Effect) -> str:
    """The effect in one line; empty for what the visitor sees himself, and for what needs no word."""
    match effect:
        case effects.HidePopup():
            return _("the pop-up goes away, its time is over") if effect.reason == "timed_out" else ""
        case effects.Send() if effect.channel == "webhook":
            address = f"{effect.content.get('method', '')} {effect.content.get('url', '')}"
            return _("webhook: {address}").format(address=_line(address))
        case effects.HandOff() | effects.AssignDialog() | effects.CloseDialog():
            return _of_dialog(effect)
        case effects.AddNote():
            return _("note for operators: {text}").format(text=_line(effect.text))
        case effects.EmitEvent():
            return _("event: {name}").format(name=_line(effect.name))
        case effects.TakeCoupon():
            return _("a promo code of {pool}").format(pool=_line(effect.pool))
        case effects.ChangeProperties():
            return _changes(effect)
    return ""


def _of_dialog(effect: effects.HandOff | effects.AssignDialog | effects.CloseDialog) -> str:
    match effect:
        case effects.CloseDialog():
            return _("the dialog is closed: {reason}").format(reason=_line(effect.reason))
        case effects.AssignDialog():
            return _("assigned to {whom}").format(whom=_line(effect.operator or effect.team))
    whom = _line(effect.team or effect.operator)
    words = _("handed over to {whom}").format(whom=whom) if whom else _("handed over to people")
    return f"{words}: {_line(effect.note)}" if effect.note else words


def _changes(effect: effects.ChangeProperties) -> str:
    changes = [
        f"{_line(name)} = {_('unknown') if value is None else value_text(value)}"
        for name, value in effect.changes.items()
    ]
    tags = [f"+{_line(tag)}" for tag in effect.tags_added] + [f"−{_line(tag)}" for tag in effect.tags_removed]
    return ", ".join([*changes, *tags])


def _line(text: str) -> str:
    return safe_line(text, LONGEST)
