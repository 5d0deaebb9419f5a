"""What the visitor of a session sees now: his chat, the pop-up on his screen, what came to his mailbox. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from operator_console.designer.look.of_effects import chat_look, popup_look, sent_look
from operator_console.designer.look.views import Answer, ChatLook, Look, PopupLook
from operator_console.designer.play.effect_words import beside_words
from operator_console.designer.play.session import Deed, Session
from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect
from scenarios_yaml.tools.testing import cases

Where: TypeAlias = Literal["chat", "popup", "email", "push", "messenger", "behind"]


class Shown(Struct, frozen=True, kw_only=True):
    """One thing that came, at a moment (ms) of the virtual clock, by a step (its key; empty for what people did).

    `look` is how it looks; None for what happened behind the visitor's back, of which `words` tell.
    """

    at: int
    where: Where
    step: str = ""
    look: Look | None = None
    words: str = ""
    id: str = ""


class ScreenView(Struct, frozen=True, kw_only=True):
    """All of it, each in the order of its coming; `popup` is the one on his screen now."""

    shown: tuple[Shown, ...] = ()
    popup: PopupLook | None = None
    popup_step: str = ""

    @property
    def chat(self) -> tuple[ChatLook, ...]:
        """The messages of the chat."""
        return tuple(one.look for one in self.shown if isinstance(one.look, ChatLook))

    @property
    def received(self) -> tuple[Shown, ...]:
        """What came beside the shop's page: letters, pushes, messages."""
        return tuple(one for one in self.shown if one.where in ("email", "push", "messenger"))


def screen_view(session: Session) -> ScreenView:
    """How things look to the visitor now."""
    shown = [
        one
        for turn in session.turns
        for deed in turn.deeds
        for one in _of_deed(deed, deed.came[0].at if deed.came else turn.begun_at)
    ]
    chosen = _chosen(session)
    waiting = session.open_questions
    popup = session.popup
    return ScreenView(
        shown=tuple(_as_it_is_now(one, chosen, waiting) for one in shown),
        popup=popup_look(popup) if popup is not None else None,
        popup_step=popup.step if popup is not None else "",
    )


def _of_deed(deed: Deed, at: int) -> Iterator[Shown]:
    yield from _done(deed, at)
    for came in deed.came:
        for effect in came.effects:
            one = _of_effect(effect, came.at)
            if one is not None:
                yield one


def _done(deed: Deed, at: int) -> Iterator[Shown]:
    """What people wrote stands in the chat before what it brought."""
    match deed.item:
        case cases.Writes():
            text = deed.item.text.render({}, "")
            look = ChatLook(text=text, author="visitor", file=", ".join(deed.item.files))
        case cases.Answers():
            look = ChatLook(text=deed.item.answer.render({}, ""), author="visitor")
        case cases.OperatorWrites():
            look = ChatLook(text=deed.item.text.render({}, ""), author="operator")
        case _:
            return
    yield Shown(at=at, where="chat", look=look)


def _of_effect(effect: Effect, at: int) -> Shown | None:
    match effect:
        case effects.SendChat():
            return Shown(at=at, where="chat", step=effect.step, look=chat_look(effect), id=effect.id)
        case effects.ShowPopup():
            return Shown(at=at, where="popup", step=effect.step, look=popup_look(effect), id=effect.id)
        case effects.Send() if effect.channel != "webhook":
            look = sent_look(effect)
            return Shown(at=at, where=effect.channel, step=effect.step, look=look, id=effect.id)
    words = beside_words(effect)
    return Shown(at=at, where="behind", words=words) if words else None


def _chosen(session: Session) -> dict[str, str]:
    """The answers that were taken, by message."""
    found: dict[str, str] = {}
    for effect in _effects(session):
        if isinstance(effect, effects.OptionChosen):
            found[effect.message] = effect.option
    return found


def _effects(session: Session) -> Iterable[Effect]:
    return (effect for turn in session.turns for deed in turn.deeds for effect in deed.effects)


def _as_it_is_now(one: Shown, chosen: dict[str, str], waiting: frozenset[str]) -> Shown:
    """A question shows which answer was taken, and whether it still waits."""
    look = one.look
    if not isinstance(look, ChatLook) or look.author != "bot" or not (look.answers or look.input):
        return one
    taken = chosen.get(one.id, "")
    answers = tuple(
        Answer(answer.label, answer.link, answer.id, bool(taken) and answer.id == taken)
        for answer in look.answers
    )
    return structs.replace(one, look=structs.replace(look, answers=answers, is_open=one.id in waiting))
