"""Pop-ups: shown, and what becomes of them. A branch that is not given goes on below, or stops for close and
timeout."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.answers import accept
from scenarios_yaml.engine.arbitration import may_speak, spoken
from scenarios_yaml.engine.effects import (
    Counted,
    HidePopup,
    ShowField,
    ShowPopup,
)
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import render
from scenarios_yaml.engine.saving import save
from scenarios_yaml.engine.speaking import RATINGS, due, link_buttons
from scenarios_yaml.engine.state import Waiting
from scenarios_yaml.engine.values import text_of
from scenarios_yaml.language import model


def popup(here: Here[model.Popup]) -> str | None:
    if not may_speak(here, popup=True):
        return None
    scope = here.scope()
    popup_id = here.message_id
    if here.turn.state.popup:
        here.turn.effects.append(HidePopup(here.turn.state.popup, "withdrawn"))
    button = link_buttons((here.step.button,), scope)[0] if here.step.button else None
    here.turn.effects.append(
        ShowPopup(
            id=popup_id,
            run=here.run.id,
            scenario=here.run.scenario,
            step=here.step.key,
            version=here.run.version,
            size=here.step.size,
            title=render(here.step.title, scope),
            text=render(here.step.text, scope),
            image=here.step.image,
            button=button,
            position=here.step.position,
            fields=_fields(here.step, scope),
        )
    )
    here.turn.state.popup = popup_id
    spoken(here)
    here.run.waiting = Waiting("popup", here.step.key, due_at=due(here, here.step.timeout), popup=popup_id)
    here.say("shown", counted="shown")
    return None


def field_names(step: model.Popup) -> tuple[str, ...]:
    """The fields' names on the wire: the last word of where each is saved, numbered where two are alike."""
    names: list[str] = []
    for field in step.fields:
        name = base = field.save_to.rpartition(".")[2]
        while name in names:
            name = f"{base}_{len(names) + 1}"
        names.append(name)
    return tuple(names)


def _fields(step: model.Popup, scope: Scope) -> tuple[ShowField, ...]:
    return tuple(
        ShowField(
            name,
            field.input,
            render(field.label, scope),
            field.required,
            RATINGS if field.input == "rating" else tuple(render(choice, scope) for choice in field.choices),
        )
        for name, field in zip(field_names(step), step.fields, strict=True)
    )


_COUNTED: dict[str, Counted] = {"submitted": "submitted", "clicked": "clicked", "closed": "closed"}


def popup_ended(here: Here[model.Popup], outcome: str, fields: dict[str, Any]) -> str | None:
    """The visitor submitted, clicked or closed the pop-up: where the run goes on."""
    here.run.waiting = None
    here.turn.state.popup = ""
    here.say(outcome, counted=_COUNTED[outcome])
    event = {"scenario": here.run.scenario, "step": here.step.id or here.step.key, "channel": "popup"}
    match outcome:
        case "submitted":
            _save_fields(here, fields)
            here.turn.emit("Message Replied", event, journaled=False)
            return here.branch(here.step.on_submit)
        case "clicked":
            here.turn.emit("Message Clicked", event, journaled=False)
            return here.branch(here.step.on_click)
    here.turn.emit("Message Closed", event, journaled=False)
    if here.step.on_close is None:
        here.end("pop-up closed")
        return None
    return here.branch(here.step.on_close)


def _save_fields(here: Here[model.Popup], fields: dict[str, Any]) -> None:
    """Saves what is valid; what is not is named in the trace and left as it was."""
    shown = _fields(here.step, here.scope())
    accepted: dict[str, Any] = {}
    for field, wire in zip(here.step.fields, shown, strict=True):
        given = fields.get(wire.name, fields.get(field.save_to))
        text = text_of(given)
        if not text.strip():
            continue
        value = accept(field.input, text, wire.choices, (text,))
        if value is None:
            here.say(f"{wire.name}: not a {field.input}")
        else:
            accepted[field.save_to] = value
    if accepted:
        here.say(f"saved {save(here.turn, here.run, accepted)}")


def popup_timed_out(here: Here[Any]) -> str | None:
    """Nobody touched the pop-up in its time: it goes, and the run stops."""
    here.turn.effects.append(HidePopup(here.waiting.popup, "timed_out"))
    here.turn.state.popup = ""
    here.run.waiting = Waiting("turn", here.step.key)
    here.end("pop-up timed out", counted="timed_out")
    return None
