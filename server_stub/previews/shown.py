"""One step of a draft, as a visitor would see it: the engine says it, to a sample visitor who stands before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine import effects
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.engine import Outcome, advance
from scenarios_yaml.engine.state import Run, Waiting, World
from scenarios_yaml.engine.stimuli import TimePassed
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Delivery, Scenario, Step
from scenarios_yaml.language.reader import read_scenario
from scenarios_yaml.language.whole.walking import every_step
from scenarios_yaml.tools.sample_visitor import kept_values, sample_event, sample_visitor, started_by
from server_stub.channels.letter import LetterError, Letters
from server_stub.desk.shown import message_of, popup_of
from server_stub.protocol import Author, MakePreview, Message, Popup, WidgetLook
from server_stub.publishing import refused_text
from server_stub.work import Rejected

Kind: TypeAlias = Literal["chat", "popup", "email", "push", "messenger"]
_BEFORE = "before the preview"
"""The key of the pause behind which the step stands."""


class Shop(Struct, frozen=True):
    """What a preview is made with: the world as scenarios see it, the shop's letters and codes by pool, and the name
    under which scenarios write."""

    world: World
    letters: Letters
    coupons: Mapping[str, str] = {}
    bot: str = ""


class Shown(Struct, frozen=True):
    """What there is to be seen: of `message`, `popup` and `content` the one that fits the kind.

    `content` is that of an outbox row; of an email rendered, with `html`. `look` is the widget's where it is not the
    shop's own; without a message and a pop-up it is what is shown.
    """

    kind: Kind
    title: str
    locale: str
    message: Message | None = None
    popup: Popup | None = None
    content: dict[str, Any] = {}
    look: WidgetLook | None = None


def show_look(look: WidgetLook, locale: str) -> Shown:
    """The open chat of a widget that looks so, with its greeting."""
    return Shown("chat", look.title, locale, look=look)


def show(request: MakePreview, shop: Shop, now: int) -> Shown:
    """What the sample visitor would see at `now` (ms).

    Raises Rejected (422): the text has errors, there is no such step, or nothing is to be seen at it.
    """
    result = read_scenario(request.text)
    if result.scenario is None:
        raise refused_text("the draft", result.errors)
    step = _step_of(result.scenario, request.step)
    outcome = _told(result.scenario, step, request, shop, now)
    locale = str(outcome.state.properties.get("locale") or shop.world.locale)
    title = result.scenario.title.render({}, locale)
    for effect in outcome.effects:
        shown = _seen(effect, title, locale, shop, now)
        if shown is not None:
            return shown
    raise Rejected("nothing_shown", _why_not(outcome), status=422, field="step")


def _step_of(scenario: Scenario, name: str) -> Step:
    """By its key, or by its place in the file."""
    for step in every_step(scenario):
        if name in (step.key, step.path):
            return step
    raise Rejected("not_found", f"The draft has no step {name[:80]!r}.", status=422, field="step")


def _told(scenario: Scenario, step: Step, request: MakePreview, shop: Shop, now: int) -> Outcome:
    world = replace(shop.world, operators_online=1, quiet_hours=("", ""), frequency_cap=(0, 0))
    pause = model.Wait(key=_BEFORE, path=_BEFORE, duration=0)
    stage = replace(
        scenario,
        status="live",
        trigger=(),
        audience=(),
        exit=(),
        goal=None,
        holdout=0,
        delivery=Delivery(
            kind=scenario.delivery.kind, if_busy="drop", quiet_hours="ignore", frequency_cap="exempt"
        ),
        steps=(pause, replace(step, enabled=True)),
        blocks=(),
    )
    sample = request.sample
    language = sample.locale or world.locale
    state = sample_visitor(world, now, language, sample.properties)
    event = {**sample_event(world, language), **sample.event}
    run = Run(
        id="preview",
        scenario=stage.slug,
        version=stage.version,
        started_at=now,
        trigger={"name": started_by(scenario), "properties": event, "at": now},
        values={**kept_values(scenario, world, language, shop.coupons), **sample.run},
        waiting=Waiting("wait", _BEFORE, due_at=now),
    )
    return advance(replace(state, runs=[run]), Catalog.of([stage]), TimePassed(), now, world)


def _seen(effect: effects.Effect, title: str, locale: str, shop: Shop, now: int) -> Shown | None:
    match effect:
        case effects.SendChat():
            author = Author("bot", effect.scenario, shop.bot)
            message = message_of(effect, dialog="preview", visitor="preview", author=author, at=now)
            return Shown("chat", title, locale, message=message)
        case effects.ShowPopup():
            return Shown("popup", title, locale, popup=popup_of(effect, now))
        case effects.Send() if effect.channel == "email":
            try:
                return Shown("email", title, locale, content=shop.letters.render(effect.content))
            except LetterError as error:
                raise Rejected("no_letter", f"{error}.", status=422, field="step") from error
        case effects.Send() if effect.channel in ("push", "messenger"):
            kind: Kind = "push" if effect.channel == "push" else "messenger"
            return Shown(kind, title, locale, content=effect.content)
    return None


def _why_not(outcome: Outcome) -> str:
    """The engine's own words, where it has some."""
    said = next((line.result for line in outcome.trace if line.phase == "ended" and line.result), "")
    return f"The visitor sees nothing at this step{f': {said}' if said else ''}."
