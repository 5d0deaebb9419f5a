"""Steps that speak in the chat: say, ask, file, product_list; and the answers to them."""

from __future__ import annotations

from typing import Any

from scenarios_yaml.engine.answers import accept
from scenarios_yaml.engine.arbitration import may_speak, spoken
from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.clock import DAY
from scenarios_yaml.engine.deciding import goto
from scenarios_yaml.engine.effects import (
    ChatButton,
    ChatOption,
    Counted,
    OptionChosen,
    QuestionClosed,
    SendChat,
)
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.paths import MISSING, Scope, lookup
from scenarios_yaml.engine.people import open_dialog
from scenarios_yaml.engine.rendering import plain_items, render
from scenarios_yaml.engine.saving import note_answer, save
from scenarios_yaml.engine.state import Waiting
from scenarios_yaml.engine.values import text_of
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Option
from scenarios_yaml.language.texts import Text

DEFAULT_TIMEOUT = DAY
"""How long a question or pop-up without a `timeout` of its own waits, in milliseconds: nothing holds a
visitor for ever."""
NO_ANSWER = "no answer"
RATINGS = ("1", "2", "3", "4", "5")


def _send_chat(here: Here[Any], text: str, **more: Any) -> str:
    message = here.message_id
    dialog = open_dialog(here)
    dialog.holder, dialog.noted, dialog.last_message_at = "bot", False, here.turn.now
    here.run.spoke = True
    here.turn.effects.append(
        SendChat(
            id=message,
            run=here.run.id,
            scenario=here.run.scenario,
            step=here.step.key,
            version=here.run.version,
            text=text,
            **more,
        )
    )
    spoken(here)
    return message


def link_buttons(buttons: tuple[model.LinkButton, ...], scope: Scope) -> tuple[ChatButton, ...]:
    return tuple(ChatButton(render(button.label, scope), render(button.link, scope)) for button in buttons)


def visible_options(step: model.Say, scope: Scope) -> tuple[Option, ...]:
    return tuple(option for option in step.options if all_hold(option.when, scope))


def say(here: Here[model.Say]) -> str | None:
    if not may_speak(here):
        return None
    scope = here.scope()
    options = visible_options(here.step, scope)
    message = _send_chat(
        here,
        render(here.step.text, scope),
        options=tuple(ChatOption(option.id, render(option.label, scope)) for option in options),
        buttons=link_buttons(here.step.buttons, scope),
        image=here.step.image,
    )
    here.say(f"asked, {len(options)} answers" if options else "said")
    if not options:
        return here.following
    here.run.waiting = Waiting("answer", here.step.key, due_at=due(here, here.step.timeout), message=message)
    return None


def due(here: Here[Any], timeout: int | None) -> int:
    return here.turn.now + (DEFAULT_TIMEOUT if timeout is None else timeout)


def typed_option(here: Here[model.Say], text: str) -> Option | None:
    """The option whose label the visitor has typed, ignoring case."""
    wanted = text.strip().casefold()
    scope = here.scope()
    for option in visible_options(here.step, scope):
        if render(option.label, scope).strip().casefold() == wanted:
            return option
    return None


def chose(here: Here[Any], option: Option) -> str | None:
    """The visitor took an option: where the run goes on."""
    here.turn.effects.append(OptionChosen(here.waiting.message, option.id))
    here.run.waiting = None
    label = here.render(option.label)
    _replied(here, label, option.id)
    if option.steps:
        return option.steps[0].key
    return goto(here, option.jump, option.line) if option.jump else here.following


def _replied(here: Here[Any], answer: str, branch: str = "") -> None:
    note_answer(here.run, answer)
    here.say(f"answered: {answer}", counted="answered", branch=branch)
    here.turn.emit(
        "Message Replied",
        {
            "scenario": here.run.scenario,
            "step": here.step.id or here.step.key,
            "answer": answer[:200],
            "channel": "chat",
        },
        journaled=False,
    )


def ask(here: Here[model.Ask]) -> str | None:
    if not may_speak(here):
        return None
    _put_question(here, here.step.text, tries=0)
    here.say(f"asked for {here.step.input}")
    return None


def _put_question(here: Here[model.Ask], text: Text, tries: int) -> None:
    scope = here.scope()
    choices = _choices(here.step, scope)
    message = _send_chat(
        here,
        render(text, scope),
        options=tuple(ChatOption(str(index), label) for index, label in enumerate(choices)),
        input=here.step.input,
    )
    due_at = (
        here.run.waiting.due_at
        if here.run.waiting and here.run.waiting.kind == "input"
        else due(here, here.step.timeout)
    )
    here.run.waiting = Waiting("input", here.step.key, due_at=due_at, message=message, tries=tries)


def _choices(step: model.Ask, scope: Scope) -> tuple[str, ...]:
    if step.input == "rating":
        return RATINGS
    return tuple(render(choice, scope) for choice in step.choices)


def typed(here: Here[model.Ask], text: str, files: tuple[str, ...] = ()) -> str | None:
    """The visitor answered an `ask`: saved where it is such a value, else asked again, as often as `retries`
    says."""
    waiting = here.waiting
    value = accept(here.step.input, text, _choices(here.step, here.scope()), files)
    if value is not None:
        _replied(here, text_of(value), str(value) if here.step.input == "rating" else "")
        saved = save(here.turn, here.run, {here.step.save_to: value})
        here.say(f"saved {saved}")
        here.turn.effects.append(QuestionClosed(waiting.message))
        here.run.waiting = None
        return here.following
    if waiting.tries >= here.step.retries:
        return no_answer(here, f"not a {here.step.input}, {waiting.tries + 1} times")
    here.say(f"not a {here.step.input}: asks again")
    here.turn.effects.append(QuestionClosed(waiting.message))
    here.run.steps_taken += 1
    _put_question(here, here.step.retry_text or here.step.text, waiting.tries + 1)
    return None


def pressed_choice(here: Here[model.Ask], option: str) -> str | None:
    """The label of a choice that was pressed below an `ask`; None where there is no such one."""
    choices = _choices(here.step, here.scope())
    return (
        choices[int(option)]
        if option.isdecimal() and len(option) < 4 and int(option) < len(choices)
        else None
    )


def no_answer(here: Here[model.Say | model.Ask], reason: str = NO_ANSWER) -> str | None:
    """The question's time (or patience) is over."""
    counted: Counted = "timed_out" if reason == NO_ANSWER else ""
    if here.step.no_answer is None:
        here.end(reason, counted=counted)
        return None
    if here.run.waiting:
        here.turn.effects.append(QuestionClosed(here.run.waiting.message))
    here.run.waiting = None
    here.say(reason, counted=counted, branch="no_answer")
    return here.branch(here.step.no_answer)


def send_file(here: Here[model.SendFile]) -> str | None:
    if not may_speak(here):
        return None
    _send_chat(here, here.render(here.step.caption), file=here.step.file)
    here.say(f"sent {here.step.file}")
    return here.following


def product_list(here: Here[model.ProductList]) -> str | None:
    """Chooses {{ products }} of the run. Where no text of the scenario names them, they are shown in the
    chat."""
    products = _products(here.step, here.scope())
    here.run.values["products"] = products
    if not products or not here.place.shows_products:
        here.say(f"{len(products)} products")
        return here.following
    if not may_speak(here):
        return None
    buttons = tuple(ChatButton(_product_label(product), text_of(product.get("url"))) for product in products)
    _send_chat(here, "", buttons=buttons)
    here.say(f"showed {len(products)} products")
    return here.following


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
    chosen = [item for item in plain_items(found) if isinstance(item, dict)][: max(0, step.limit)]
    currency = _currency(step.source, scope)
    return [{**item, "currency": item.get("currency") or currency} for item in chosen]


def _currency(source: str, scope: Scope) -> str:
    """That in which the cart or the order was made, else the project's."""
    owners = {"cart": scope.state.cart.currency, "order": scope.state.order.currency}
    return owners.get(source.partition(".")[0]) or scope.world.currency


def _product_label(product: dict[str, Any]) -> str:
    return text_of(product.get("name")) or text_of(product.get("product_id"))
