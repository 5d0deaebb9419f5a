"""What the visitor does in the chat and with pop-ups: writes, presses an answer, submits or closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenarios_yaml.engine import entry, popups, speaking
from scenarios_yaml.engine.effects import HandOff, OptionChosen, SendChat
from scenarios_yaml.engine.events import fold_and_wake
from scenarios_yaml.engine.facts import visited
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.run import go_on, load
from scenarios_yaml.engine.state import Run
from scenarios_yaml.engine.stimuli import Chose, PopupEnded, Wrote
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.engine.values import clean_properties, clean_text
from scenarios_yaml.language import model

MESSAGE_CHARS = 20_000


def wrote(turn: Turn, stimulus: Wrote) -> None:
    """A message: an answer where a run waits for one, else a keyword may start a scenario, else it is for
    people.

    It is the event Message Written, too: exits and runs that wait for it come first, then the answer, then
    entries.
    """
    text = clean_text(stimulus.text, MESSAGE_CHARS)
    if turn.state.dialog.id:
        turn.own("dialog").last_message_at = turn.now
    event = Event(
        "Message Written", clean_properties({"text": text, "files": list(stimulus.files)}), turn.now
    )
    awaited = any(run.waiting and run.waiting.kind == "input" for run in turn.state.runs)
    effects_before = len(turn.effects)
    fold_and_wake(turn, "messagewritten", event)
    dialog = turn.state.dialog
    if not dialog.id or dialog.holder == "bot" or dialog.noted:
        turn.taken = _answered(turn, text, stimulus.files)
        if not turn.taken and not awaited:
            entry.by_keyword(turn, text)
            turn.taken = _will_talk(turn)
    entry.by_event(turn, "messagewritten", event)
    spoke = any(isinstance(effect, SendChat | HandOff) for effect in turn.effects[effects_before:])
    turn.taken = turn.taken or spoke
    if turn.state.dialog.noted:
        turn.own("dialog").noted = False


def _will_talk(turn: Turn) -> bool:
    """Whether a keyword has just started a run that has yet to say something: until then the message is not for
    people.
    """
    begun = (
        turn.catalog.program_of(run.scenario, run.version)
        for run in turn.state.runs
        if run.started_at == turn.now and run.trigger["key"] == "keyword"
    )
    return any(program is not None and program.talks for program in begun)


def _answered(turn: Turn, text: str, files: tuple[str, ...]) -> bool:
    """Whether the text is an answer that a run waits for; the latest question is asked first."""
    for run in reversed(turn.state.runs):
        if not run.waiting or run.waiting.kind not in ("answer", "input"):
            continue
        here = load(turn, run)
        if here is None:
            return False
        _answers(here)
        if isinstance(here.step, model.Ask):
            go_on(here, speaking.typed(here, text, files))
            return True
        option = speaking.typed_option(here, text)
        if option is not None:
            go_on(here, speaking.chose(here, option))
            return True
        here.say("wrote something else: the question stays open")
    turn.answering = ""
    return False


def chose(turn: Turn, stimulus: Chose) -> None:
    """A button below a question. One that is no longer waited for, or is not there, changes nothing."""
    run = _waiting(turn, lambda run: run.waiting is not None and run.waiting.message == stimulus.message)
    if run is None or run.waiting is None or run.waiting.kind not in ("answer", "input"):
        return
    visited(turn, turn.now)
    here = load(turn, run)
    if here is None:
        return
    _answers(here)
    if isinstance(here.step, model.Ask):
        label = speaking.pressed_choice(here, stimulus.option)
        if label is not None:
            turn.effects.append(OptionChosen(stimulus.message, stimulus.option))
            go_on(here, speaking.typed(here, label))
        return
    option = next((option for option in here.step.options if option.id == stimulus.option), None)
    if option is not None:
        go_on(here, speaking.chose(here, option))


def _answers(here: Here[Any]) -> None:
    """What the run says from here on answers the visitor."""
    here.turn.answering = here.run.id
    here.run.answered_at = here.turn.now


def _waiting(turn: Turn, wanted: Callable[[Run], bool]) -> Run | None:
    return next((run for run in turn.state.runs if wanted(run)), None)


def popup_ended(turn: Turn, stimulus: PopupEnded) -> None:
    """The pop-up is off the screen, by the visitor's doing."""
    if not stimulus.popup:
        return
    run = _waiting(turn, lambda run: run.waiting is not None and run.waiting.popup == stimulus.popup)
    if run is None:
        if turn.state.popup == stimulus.popup:
            turn.state.popup = ""
        return
    visited(turn, turn.now)
    here = load(turn, run)
    if here is not None:
        _answers(here)
        go_on(here, popups.popup_ended(here, stimulus.outcome, clean_properties(stimulus.fields)))
