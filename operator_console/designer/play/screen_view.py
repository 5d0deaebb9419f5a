"""What came of a session, as a story: what the visitor saw and did, what happened behind his back, what was decided.

Pure. Words are cleaned; looks hold raw texts, which whoever paints them cleans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from operator_console.designer.look.of_effects import chat_look, popup_look, sent_look
from operator_console.designer.look.views import Answer, ChatLook, Look, PopupLook
from operator_console.designer.play.effect_words import beside_words
from operator_console.designer.play.session import Deed, Session, Turn
from operator_console.designer.play.story_words import decided_words, done_words
from operator_console.safe_text import safe_line
from operator_console.translation import _
from scenarios_yaml.engine import effects
from scenarios_yaml.engine.effects import Effect, TraceLine
from scenarios_yaml.tools.playing.player import Came
from scenarios_yaml.tools.testing import cases

Where: TypeAlias = Literal[
    "chat", "popup", "email", "push", "messenger", "behind", "done", "step", "decided", "hole"
]
"""On what the visitor saw it; else behind his back, or done by somebody, or decided about a step or about the run."""

LAST = ("ended", "goal")
"""Decisions that are told after what they were made about."""


class Shown(Struct, frozen=True, kw_only=True):
    """One thing that came, at a moment (ms) of the virtual clock, by a step (its key; empty for what people did).

    `look` is how it looks; None for what is told in `words`. `tone` says how it is meant: good, warm, hot, or nothing.
    """

    at: int
    where: Where
    step: str = ""
    look: Look | None = None
    words: str = ""
    id: str = ""
    tone: str = ""


class ScreenView(Struct, frozen=True, kw_only=True):
    """All of it, each in the order of its coming; `popup` is the one on his screen now."""

    shown: tuple[Shown, ...] = ()
    popup: PopupLook | None = None
    popup_step: str = ""
    popup_id: str = ""

    @property
    def chat(self) -> tuple[ChatLook, ...]:
        """The messages of the chat."""
        return tuple(one.look for one in self.shown if isinstance(one.look, ChatLook))

    @property
    def received(self) -> tuple[Shown, ...]:
        """What came beside the shop's page: letters, pushes, messages."""
        return tuple(one for one in self.shown if one.where in ("email", "push", "messenger"))


def screen_view(session: Session) -> ScreenView:
    """How things look to the visitor now, and how it came to that."""
    slug = session.scenario.slug
    shown = [one for turn in session.turns for one in _of_turn(turn, slug)]
    chosen = _chosen(session)
    waiting = session.open_questions
    popup = session.popup
    return ScreenView(
        shown=tuple(_as_it_is_now(one, chosen, waiting) for one in shown),
        popup=popup_look(popup) if popup is not None else None,
        popup_step=popup.step if popup is not None else "",
        popup_id=popup.id if popup is not None else "",
    )


def _of_turn(turn: Turn, slug: str) -> Iterator[Shown]:
    at = turn.begun_at
    for deed in turn.deeds:
        yield from _done(deed, at)
        for came in deed.came:
            at = came.at
            yield from _of_came(came, slug)
    for hole in turn.holes:
        words = _("line {number}: a text cannot be filled in: {reason}")
        reason = safe_line(hole.reason, 200)
        yield Shown(at=at, where="hole", words=words.format(number=hole.line, reason=reason), tone="hot")


def _of_came(came: Came, slug: str) -> Iterator[Shown]:
    """How it began, what it brought, how it ended."""
    for line in came.trace:
        if line.phase not in LAST:
            yield from _decided(line, slug)
    for effect in came.effects:
        one = _of_effect(effect, came.at)
        if one is not None:
            yield one
    for line in came.trace:
        if line.phase in LAST:
            yield from _decided(line, slug)


def _done(deed: Deed, at: int) -> Iterator[Shown]:
    """What people did. What they wrote stands in the chat, before what it brought."""
    match deed.item:
        case cases.Writes():
            text = deed.item.text.render({}, "")
            look = ChatLook(text=text, author="visitor", file=", ".join(deed.item.files))
        case cases.Answers():
            look = ChatLook(text=deed.item.answer.render({}, ""), author="visitor")
        case cases.OperatorWrites():
            look = ChatLook(text=deed.item.text.render({}, ""), author="operator")
        case _:
            words = done_words(deed.item)
            if words:
                yield Shown(at=at, where="done", words=words)
            return
    yield Shown(at=at, where="chat", look=look)


def _decided(line: TraceLine, slug: str) -> Iterator[Shown]:
    """The steps of this draft; of other scenarios only that they began and ended."""
    is_own = line.scenario == slug
    if line.phase == "step" and not is_own:
        return
    words, tone = decided_words(line)
    if not is_own:
        words = f"{safe_line(line.scenario, 60)}: {words}"
    where: Where = "step" if line.phase == "step" else "decided"
    yield Shown(at=line.at, where=where, step=line.step, words=words, tone=tone if is_own else "")


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
