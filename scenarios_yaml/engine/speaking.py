"""Steps that speak with the visitor on the site: say, ask, popup, file, product_list; note, handoff, assign, close."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.answers import accept
from scenarios_yaml.engine.arbitration import may_speak, reached, spoken
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Place, Program
from scenarios_yaml.engine.clock import DAY
from scenarios_yaml.engine.deciding import branch, goto
from scenarios_yaml.engine.effects import (
    AddNote,
    AssignDialog,
    ChatButton,
    ChatOption,
    CloseDialog,
    HandOff,
    HidePopup,
    OptionChosen,
    QuestionClosed,
    SendChat,
    ShowField,
    ShowPopup,
)
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.paths import MISSING, Scope, lookup
from scenarios_yaml.engine.rendering import plain_items, render
from scenarios_yaml.engine.saving import note_answer, save
from scenarios_yaml.engine.state import Dialog, Run, Waiting
from scenarios_yaml.engine.turn import Event, Turn
from scenarios_yaml.engine.values import text_of
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Option
from scenarios_yaml.language.texts import Text

DEFAULT_TIMEOUT = DAY
"""How long a question or pop-up without a `timeout` of its own waits, in milliseconds: nothing holds a visitor for ever."""
_RATINGS = ("1", "2", "3", "4", "5")


def message_id(run: Run) -> str:
    """The id of what the run's present step sends: the same in every replay."""
    return f"{run.id}.{run.steps_taken}"


# --- Chat -------------------------------------------------------------------------------------------------------


def _open_dialog(turn: Turn, message: str, holder: str = "bot") -> Dialog:
    """The visitor's dialog, to be changed in place. Where none is open, one begins, under a provisional id."""
    dialog: Dialog = turn.own("dialog")
    if not dialog.id:
        dialog.id, dialog.opened_at = f"new-{message}", turn.now
        dialog.holder = "people" if holder == "people" else "bot"
    return dialog


def _send_chat(turn: Turn, run: Run, place: Place, text: str, **more: Any) -> str:
    message = message_id(run)
    dialog = _open_dialog(turn, message)
    dialog.last_message_at = turn.now
    run.spoke = True
    turn.effects.append(
        SendChat(id=message, run=run.id, scenario=run.scenario, step=place.step.key, text=text, **more)
    )
    spoken(turn, run, place)
    return message


def _buttons(buttons: tuple[model.LinkButton, ...], scope: Scope) -> tuple[ChatButton, ...]:
    return tuple(ChatButton(render(button.label, scope), render(button.link, scope)) for button in buttons)


def visible_options(step: model.Say, scope: Scope) -> tuple[Option, ...]:
    return tuple(option for option in step.options if all_hold(option.when, scope))


def say(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Say = place.step  # type: ignore[assignment]
    if not may_speak(turn, run, program, place):
        return None
    scope = turn.scope(program, run)
    options = visible_options(step, scope)
    message = _send_chat(
        turn,
        run,
        place,
        render(step.text, scope),
        options=tuple(ChatOption(option.id, render(option.label, scope)) for option in options),
        buttons=_buttons(step.buttons, scope),
        image=step.image,
    )
    turn.say(run, f"asked, {len(options)} answers" if options else "said", step=step.key, line=step.line)
    if not options:
        return place.following
    run.waiting = Waiting("answer", step.key, due_at=_due(turn, step.timeout), message=message)
    return None


def _due(turn: Turn, timeout: int | None) -> int:
    return turn.now + (DEFAULT_TIMEOUT if timeout is None else timeout)


def typed_option(turn: Turn, run: Run, program: Program, place: Place, text: str) -> Option | None:
    """The option whose label the visitor has typed, ignoring case."""
    step: model.Say = place.step  # type: ignore[assignment]
    wanted = text.strip().casefold()
    scope = turn.scope(program, run)
    for option in visible_options(step, scope):
        if render(option.label, scope).strip().casefold() == wanted:
            return option
    return None


def chose(turn: Turn, run: Run, program: Program, place: Place, option: Option) -> str | None:
    """The visitor took an option: where the run goes on."""
    assert run.waiting is not None
    turn.effects.append(OptionChosen(run.waiting.message, option.id))
    run.waiting = None
    label = render(option.label, turn.scope(program, run))
    _replied(turn, run, place, label)
    if option.steps:
        return option.steps[0].key
    return goto(turn, run, program, option.jump, option.line) if option.jump else place.following


def _replied(turn: Turn, run: Run, place: Place, answer: str) -> None:
    note_answer(run, answer)
    step = place.step
    turn.say(run, f"answered: {answer}", step=step.key, line=step.line)
    turn.emit(
        "Message Replied",
        {"scenario": run.scenario, "step": step.id or step.key, "answer": answer[:200], "channel": "chat"},
        journaled=False,
    )


def ask(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Ask = place.step  # type: ignore[assignment]
    if not may_speak(turn, run, program, place):
        return None
    _put_question(turn, run, program, place, step.text, tries=0)
    turn.say(run, f"asked for {step.input}", step=step.key, line=step.line)
    return None


def _put_question(turn: Turn, run: Run, program: Program, place: Place, text: Text, tries: int) -> None:
    step: model.Ask = place.step  # type: ignore[assignment]
    scope = turn.scope(program, run)
    choices = _choices(step, scope)
    message = _send_chat(
        turn,
        run,
        place,
        render(text, scope),
        options=tuple(ChatOption(str(index), label) for index, label in enumerate(choices)),
        input=step.input,
    )
    due_at = run.waiting.due_at if run.waiting and run.waiting.kind == "input" else _due(turn, step.timeout)
    run.waiting = Waiting("input", step.key, due_at=due_at, message=message, tries=tries)


def _choices(step: model.Ask, scope: Scope) -> tuple[str, ...]:
    if step.input == "rating":
        return _RATINGS
    return tuple(render(choice, scope) for choice in step.choices)


def typed(
    turn: Turn, run: Run, program: Program, place: Place, text: str, files: tuple[str, ...] = ()
) -> str | None:
    """The visitor answered an `ask`: saved where it is such a value, else asked again, as often as `retries` says."""
    step: model.Ask = place.step  # type: ignore[assignment]
    waiting = run.waiting
    assert waiting is not None
    value = accept(step.input, text, _choices(step, turn.scope(program, run)), files)
    if value is not None:
        _replied(turn, run, place, text_of(value))
        saved = save(turn, run, {step.save_to: value})
        turn.say(run, f"saved {saved}", step=step.key, line=step.line)
        turn.effects.append(QuestionClosed(waiting.message))
        run.waiting = None
        return place.following
    if waiting.tries >= step.retries:
        return no_answer(turn, run, program, place, f"not a {step.input}, {waiting.tries + 1} times")
    turn.say(run, f"not a {step.input}: asks again", step=step.key, line=step.line)
    turn.effects.append(QuestionClosed(waiting.message))
    run.steps_taken += 1
    _put_question(turn, run, program, place, step.retry_text or step.text, waiting.tries + 1)
    return None


def pressed_choice(turn: Turn, run: Run, program: Program, place: Place, option: str) -> str | None:
    """The label of a choice that was pressed below an `ask`; None where there is no such one."""
    step: model.Ask = place.step  # type: ignore[assignment]
    choices = _choices(step, turn.scope(program, run))
    return (
        choices[int(option)]
        if option.isdecimal() and len(option) < 4 and int(option) < len(choices)
        else None
    )


def no_answer(turn: Turn, run: Run, program: Program, place: Place, reason: str = "no answer") -> str | None:
    """The question's time (or patience) is over."""
    step: model.Say | model.Ask = place.step  # type: ignore[assignment]
    if step.no_answer is None:
        end_run(turn, run, reason, line=step.line)
        return None
    if run.waiting:
        turn.effects.append(QuestionClosed(run.waiting.message))
    run.waiting = None
    turn.say(run, reason, step=step.key, line=step.line)
    return branch(step.no_answer, place)


def send_file(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.SendFile = place.step  # type: ignore[assignment]
    if not may_speak(turn, run, program, place):
        return None
    _send_chat(turn, run, place, render(step.caption, turn.scope(program, run)), file=step.file)
    turn.say(run, f"sent {step.file}", step=step.key, line=step.line)
    return place.following


def product_list(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    """Chooses {{ products }} of the run. Where no text of the scenario names them, they are shown in the chat."""
    step: model.ProductList = place.step  # type: ignore[assignment]
    products = _products(step, turn.scope(program, run))
    run.values["products"] = products
    if not products or not place.shows_products:
        turn.say(run, f"{len(products)} products", step=step.key, line=step.line)
        return place.following
    if not may_speak(turn, run, program, place):
        return None
    buttons = tuple(ChatButton(_product_label(product), text_of(product.get("url"))) for product in products)
    _send_chat(turn, run, place, "", buttons=buttons)
    turn.say(run, f"showed {len(products)} products", step=step.key, line=step.line)
    return place.following


def _products(step: model.ProductList, scope: Scope) -> list[dict[str, Any]]:
    match step.source:
        case "viewed":
            found: Any = scope.state.viewed
        case "cart":
            found = scope.state.cart.items
        case "popular":
            found = scope.world.site.get("popular", [])
        case _:
            found = lookup(step.source, scope)
    if found is MISSING or not isinstance(found, list | tuple):
        return []
    return [item for item in plain_items(found) if isinstance(item, dict)][: max(0, step.limit)]


def _product_label(product: dict[str, Any]) -> str:
    return text_of(product.get("name")) or text_of(product.get("product_id"))


# --- Pop-ups ----------------------------------------------------------------------------------------------------


def popup(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Popup = place.step  # type: ignore[assignment]
    if not may_speak(turn, run, program, place, popup=True):
        return None
    scope = turn.scope(program, run)
    popup_id = message_id(run)
    if turn.state.popup:
        turn.effects.append(HidePopup(turn.state.popup, "withdrawn"))
    button = _buttons((step.button,), scope)[0] if step.button else None
    turn.effects.append(
        ShowPopup(
            id=popup_id,
            run=run.id,
            scenario=run.scenario,
            step=step.key,
            size=step.size,
            title=render(step.title, scope),
            text=render(step.text, scope),
            image=step.image,
            button=button,
            position=step.position,
            fields=_fields(step, scope),
        )  # fmt: skip
    )
    turn.state.popup = popup_id
    spoken(turn, run, place)
    run.waiting = Waiting("popup", step.key, due_at=_due(turn, step.timeout), popup=popup_id)
    turn.say(run, "shown", step=step.key, line=step.line)
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
            name, field.input, render(field.label, scope), field.required,
            _RATINGS if field.input == "rating" else tuple(render(choice, scope) for choice in field.choices),
        )
        for name, field in zip(field_names(step), step.fields, strict=True)
    )  # fmt: skip


def popup_ended(
    turn: Turn, run: Run, program: Program, place: Place, outcome: str, fields: dict[str, Any]
) -> str | None:
    """The visitor submitted, clicked or closed the pop-up: where the run goes on."""
    step: model.Popup = place.step  # type: ignore[assignment]
    run.waiting = None
    turn.state.popup = ""
    turn.say(run, outcome, step=step.key, line=step.line)
    event = {"scenario": run.scenario, "step": step.id or step.key, "channel": "popup"}
    match outcome:
        case "submitted":
            _save_fields(turn, run, program, place, fields)
            turn.emit("Message Replied", event, journaled=False)
            return branch(step.on_submit, place)
        case "clicked":
            turn.emit("Message Clicked", event, journaled=False)
            return branch(step.on_click, place)
    turn.emit("Message Closed", event, journaled=False)
    if step.on_close is None:
        end_run(turn, run, "pop-up closed", line=step.line)
        return None
    return branch(step.on_close, place)


def _save_fields(turn: Turn, run: Run, program: Program, place: Place, fields: dict[str, Any]) -> None:
    """Saves what is valid; what is not is named in the trace and left as it was."""
    step: model.Popup = place.step  # type: ignore[assignment]
    shown = _fields(step, turn.scope(program, run))
    accepted: dict[str, Any] = {}
    for field, wire in zip(step.fields, shown, strict=True):
        given = fields.get(wire.name, fields.get(field.save_to))
        text = text_of(given)
        if not text.strip():
            continue
        value = accept(field.input, text, wire.choices, (text,))
        if value is None:
            turn.say(run, f"{wire.name}: not a {field.input}", step=step.key, line=step.line)
        else:
            accepted[field.save_to] = value
    if accepted:
        turn.say(run, f"saved {save(turn, run, accepted)}", step=step.key, line=step.line)


def popup_timed_out(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    """Nobody touched the pop-up in its time: it goes, and the run stops."""
    assert run.waiting is not None
    turn.effects.append(HidePopup(run.waiting.popup, "timed_out"))
    turn.state.popup = ""
    run.waiting = Waiting("turn", place.step.key)
    end_run(turn, run, "pop-up timed out", line=place.step.line)
    return None


# --- People -----------------------------------------------------------------------------------------------------


def note(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Note = place.step  # type: ignore[assignment]
    turn.effects.append(AddNote(program.slug, render(step.text, turn.scope(program, run))))
    turn.say(run, "noted", step=step.key, line=step.line)
    return place.following


def handoff(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Handoff = place.step  # type: ignore[assignment]
    if step.no_operator is not None and turn.world.operators_online <= 0:
        turn.say(run, "no operator online", step=step.key, line=step.line)
        return branch(step.no_operator, place)
    note_text = render(step.note, turn.scope(program, run))
    dialog = _open_dialog(turn, message_id(run), "people")
    dialog.holder = "people"
    dialog.assignee = step.operator or dialog.assignee
    turn.effects.append(HandOff(program.slug, step.team, step.operator, note_text))
    reached(turn, run, place)
    end_run(turn, run, "handed over", line=step.line)
    return None


def assign(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Assign = place.step  # type: ignore[assignment]
    if step.operator and turn.state.dialog.id:
        turn.own("dialog").assignee = step.operator
    turn.effects.append(AssignDialog(program.slug, step.team, step.operator))
    turn.say(run, f"assigned to {step.operator or step.team}", step=step.key, line=step.line)
    return place.following


def close(turn: Turn, run: Run, program: Program, place: Place) -> str | None:
    step: model.Close = place.step  # type: ignore[assignment]
    if turn.state.dialog.id and turn.state.dialog.holder == "bot":
        turn.effects.append(CloseDialog(program.slug, step.reason))
        turn.state.dialog = Dialog()
        turn.pending.append(Event("Dialog Closed", {"reason": step.reason, "by": "bot"}, turn.now))
    end_run(turn, run, f"closed: {step.reason}", line=step.line)
    return None
