"""May a run speak to the visitor now? What was true when the message was planned is asked again when it goes
out.

One pop-up or proactive chat message at a time:
- A dialog that people hold is theirs: no bot talks into it, and no pop-up opens while its last message is
  younger than PEOPLE_QUIET. One that a note has opened holds nobody off until somebody talks in it.
- A pop-up on the screen, a question that is still open, and a bot that for a moment asks the world (a code, a
  webhook) for what it answers hold the visitor. A message that was merely ignored does not.
- A stronger one that is just taking a promo code for what it shows next comes before the weaker ones: the code is there
  at once.
- Who spoke within TOGETHER before counts as due together with this one: it was the stronger by priority,
  trigger time and scenario.
- A run that answers the visitor, or with whom he has talked, is not proactive: only people stop its chat
  messages. The pop-up that answers what he sent in a pop-up opens in any case: he waits for it.

The caps and quiet hours are those of channels that reach him anywhere (mail, push, messenger), for marketing
only.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.audience import described, first_refusal, holds
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.here import Here
from scenarios_yaml.engine.inside import every
from scenarios_yaml.engine.paths import split_path
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.language import model
from scenarios_yaml.language.model import Condition

TOGETHER = 1_000
"""Messages within so many milliseconds are due together."""
PEOPLE_QUIET = 30 * clock.MINUTE
MOMENTS = 30_000
"""So long after an answer of the visitor a promo code, a webhook's reply or a mail that has left may still be part
of what answers him."""
TURN_LIMIT = clock.DAY
"""How long a queued message waits for its turn, in milliseconds."""
_SILENT = (model.ProductList, model.Set, model.Tag, model.Emit, model.Subscribe, model.Note, model.Coupon)
_REACTIVE = frozenset({"messagewritten", "chatopened", "keyword"})


# --- Is it still wanted -----------------------------------------------------------------------------------


def exit_reason(turn: Turn, run: Run, program: Program) -> tuple[str, int]:
    """The exit condition that holds now and its line; empty where none does."""
    if not program.exit_conditions:
        return "", 0
    scope = turn.scope(program, run)
    for condition in program.exit_conditions:
        if holds(condition, scope):
            return f"exit: {described(condition)}", condition.line
    return "", 0


class Unwanted(Struct, frozen=True):
    """Why a run must not speak any more: as the trace tells it, the line that says so, and the reason without the value
    that was seen."""

    result: str
    line: int
    reason: str


def unwanted(turn: Turn, run: Run, program: Program) -> Unwanted | None:
    """Why the run must not speak any more; None where it may."""
    live = turn.catalog.programs.get(run.scenario)
    if live is None or not live.live:
        gone = f"scenario {live.scenario.status if live else 'gone'}"
        return Unwanted(gone, 0, gone)
    reason, line = exit_reason(turn, run, program)
    if reason:
        return Unwanted(reason, line, reason)
    if answers(turn, run) or turn.now == run.started_at:
        return None
    asked = [condition for condition in program.scenario.audience if not _changed_by(run, condition)]
    refusal = first_refusal(asked, turn.scope(program, run))
    if refusal is None:
        return None
    return Unwanted(f"audience: {refusal.saw}", refusal.line, f"audience: {refusal.condition}")


def _is_unwanted(here: Here[Any]) -> bool:
    """Whether the run must not speak any more: then it was ended."""
    why = unwanted(here.turn, here.run, here.program)
    if why is not None:
        here.end(why.result, why.line, counted="suppressed", reason=why.reason)
    return why is not None


def drop(here: Here[Any], by: str, *, still: bool = False) -> None:
    """Ends the run, since somebody else has the visitor; one that has not spoken yet is as if it had never begun."""
    counts = here.run.outbound > 0
    here.end(
        f"dropped: {'still ' if still else ''}busy with {by}",
        counts=counts,
        counted="suppressed" if counts else "taken_back",
        reason=f"busy with {by}",
    )


def _changed_by(run: Run, condition: Condition) -> bool:
    """Whether the condition is about something that the run itself has changed."""
    if not run.own:
        return False
    looked_at = {f"{root}.{rest}" for root, rest in map(split_path, _paths(condition))}
    looked_at.update(f"tag {tagged.tag}" for tagged in every(condition, model.Tagged))
    return not looked_at.isdisjoint(run.own)


def _paths(condition: Condition) -> list[str]:
    compared = [leaf.path for leaf in every(condition, model.Compare)]
    dates = [leaf.path for leaf in every(condition, model.DateIn)]
    return compared + dates + [leaf.path for leaf in every(condition, model.Is)]


# --- Chat and pop-ups -------------------------------------------------------------------------------------


def may_speak(here: Here[Any], *, popup: bool = False) -> bool:
    """Whether a chat message or pop-up may go out now. Where not, the run was ended or waits for its turn."""
    if _is_unwanted(here):
        return False
    by, retry_at = busy(here.turn, here.run, popup=popup)
    if not by:
        return True
    if here.program.scenario.delivery.if_busy == "drop":
        drop(here, by)
    else:
        queue(here, by, retry_at)
    return False


def queue(here: Here[Any], by: str, retry_at: int) -> None:
    """The run waits for its turn at this step."""
    waiting = here.run.waiting
    until = waiting.until if waiting and waiting.kind == "turn" else here.turn.now + TURN_LIMIT
    due_at = min(retry_at, until) if retry_at else until
    here.run.waiting = Waiting("turn", here.step.key, due_at=due_at, until=until)
    here.say(f"queued: busy with {by}")


def busy(turn: Turn, run: Run, *, popup: bool) -> tuple[str, int]:
    """Who has the visitor's attention instead of this run ("" for nobody), and when to ask again at the
    latest (0: when something happens)."""
    state = turn.state
    dialog = state.dialog
    if dialog.id and dialog.holder == "people" and not dialog.noted:
        quiet_at = max(dialog.last_message_at, dialog.opened_at) + PEOPLE_QUIET
        if not popup:
            return "people who hold the dialog", 0
        if turn.now < quiet_at and not answers(turn, run):
            return "people who hold the dialog", quiet_at
    for other in state.runs:
        on_screen = other.waiting is not None and bool(state.popup) and other.waiting.popup == state.popup
        if on_screen and other.id != run.id and (popup or not _in_conversation(turn, run)):
            return f"the pop-up of {other.scenario}", 0
    if _in_conversation(turn, run):
        return "", 0
    for other in state.runs:
        if other.id != run.id and _asks(other):
            return f"the question of {other.scenario}", 0
        if other.id != run.id and turn.now < _replies_until(other):
            return f"the answer of {other.scenario}", _replies_until(other)
        shows_at = _shows_with_code(turn, other)
        if other.id != run.id and turn.now < shows_at and rank(turn, other) < rank(turn, run):
            return f"the message of {other.scenario}", shows_at
    who, _, scenario = state.spoke_by.partition(" ")
    if who and who != run.id and turn.now - state.spoke_at < TOGETHER:
        return f"the message of {scenario}", state.spoke_at + TOGETHER
    return "", 0


def _in_conversation(turn: Turn, run: Run) -> bool:
    return answers(turn, run) or "answer" in run.values or run.trigger.get("key") in _REACTIVE


def answers(turn: Turn, run: Run) -> bool:
    """Whether what the run says now answers the visitor, be it by way of a coupon or a webhook just asked for."""
    just_now = run.answered_at and turn.now - run.answered_at <= TOGETHER
    return turn.answering == run.id or bool(just_now)


def _asks(run: Run) -> bool:
    return run.waiting is not None and run.waiting.kind in ("answer", "input")


def _replies_until(run: Run) -> int:
    """How long a bot that has been answered, and now asks the world for what it says next, holds the visitor."""
    waiting = run.waiting
    asks_the_world = waiting is not None and waiting.kind == "reply" and run.spoke and waiting.answers_at
    return waiting.answers_at + MOMENTS if waiting is not None and asks_the_world else 0


def _shows_with_code(turn: Turn, run: Run) -> int:
    """Until when a run that has just asked for a promo code holds the visitor, where it speaks next; else 0."""
    waiting = run.waiting
    if waiting is None or waiting.kind != "reply" or not waiting.until:
        return 0
    program = turn.catalog.program_of(run.scenario, run.version)
    place = program.places.get(waiting.step) if program is not None else None
    if program is None or place is None or not isinstance(place.step, model.Coupon):
        return 0
    following = program.places.get(place.following)
    while following is not None and isinstance(following.step, _SILENT):
        following = program.places.get(following.following)
    speaks = following is not None and isinstance(following.step, model.Say | model.Ask | model.Popup)
    return waiting.until + TOGETHER if speaks else 0


def rank(turn: Turn, run: Run) -> tuple[int, int, str, str]:
    """The order of those who are due together: priority, trigger time, scenario, run."""
    program = turn.catalog.program_of(run.scenario, run.version)
    priority = program.scenario.delivery.priority if program else 0
    at = run.trigger.get("at")
    return -priority, at if isinstance(at, int) else run.started_at, run.scenario, run.id


def spoken(here: Here[Any]) -> None:
    """Notes that the run has just spoken in the chat or by a pop-up."""
    here.turn.state.spoke_at = here.turn.now
    here.turn.state.spoke_by = f"{here.run.id} {here.run.scenario}"
    reached(here)


def reached(here: Here[Any]) -> None:
    """Notes that a message of the run went out."""
    here.run.outbound += 1
    here.turn.touched("received", here.run.scenario, here.step.id or here.step.key)


# --- Mail, push, messenger --------------------------------------------------------------------------------


def may_send(here: Here[Any]) -> Literal["send", "skip", "held"]:
    """Whether a message may leave now. `skip`: the run goes on without it; `held`: it does not go on."""
    if _is_unwanted(here):
        return "held"
    delivery = here.program.scenario.delivery
    if delivery.kind == "service":
        return "send"
    ends = _quiet_until(here)
    if ends and delivery.quiet_hours == "skip":
        here.say("skipped: quiet hours", counted="suppressed", reason="quiet hours")
        return "skip"
    if ends and delivery.quiet_hours == "wait":
        here.run.waiting = Waiting("wait", here.step.key, due_at=ends, event="quiet")
        here.say(f"quiet hours: waits until {clock.shown(ends)}")
        return "held"
    return _under_cap(here)


def _quiet_until(here: Here[Any]) -> int:
    """When the quiet hours that it is in now are over; 0 where it is in none.

    A timer that is late must not disturb either: the moment of the call counts beside the timer's own.
    """
    begins, ends = here.turn.world.quiet_hours
    zone = here.scope().visitor_zone
    for at in (here.turn.now, here.turn.wall):
        if begins != ends and clock.in_hours(at, begins, ends, zone):
            return clock.end_of_hours(at, ends, zone)
    return 0


def _under_cap(here: Here[Any]) -> Literal["send", "skip"]:
    most, window = here.turn.world.frequency_cap
    moments = here.turn.state.received.get("*", [])
    sent = sum(1 for at in moments if at > here.turn.now - window)
    if most and here.program.scenario.delivery.frequency_cap == "apply" and sent >= most:
        here.say(
            f"skipped: frequency cap, {sent} of {most}", counted="suppressed", reason="the frequency cap"
        )
        return "skip"
    here.turn.touched("received", "*")
    return "send"
