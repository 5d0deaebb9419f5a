"""What became of a scenario's run, in words for a shop owner. The engine's results are the trace's own short form;
one that is not known here is shown as it is.
"""

from __future__ import annotations

import re
from functools import cache

from operator_console.safe_text import safe_line
from operator_console.translation import _, marked
from server_stub.protocol import RunProgress

_WHOLE = {
    "done": marked("ended: it went through all its steps"),
    "no answer": marked("ended: no answer came"),
    "pop-up closed": marked("ended: the pop-up was closed"),
    "pop-up timed out": marked("ended: the pop-up was left unanswered"),
    "handed over": marked("handed the dialog over to people"),
    "taken over": marked("ended: an operator took over"),
    "no address": marked("ended: no address to send to is known"),
    "scenario paused": marked("ended: the scenario is paused"),
    "scenario archived": marked("ended: the scenario is archived"),
    "scenario draft": marked("ended: the scenario is draft"),
    "scenario gone": marked("ended: the scenario is gone"),
}
_BEGINNINGS = (
    (re.compile(r"closed: (.+)"), marked("closed the dialog: {0}")),
    (re.compile(r"stop: (.+)"), marked("stopped: {0}")),
    (re.compile(r"exit: (.+)"), marked("ended early: {0}")),
    # What the condition saw stands behind it in brackets: the card shows that anyhow.
    (re.compile(r"audience: (.+?)(?: \(.*\))?"), marked("ended: no longer true that {0}")),
    (re.compile(r"scenario (\w+)"), marked("ended: the scenario is {0}")),
)
_QUIET = re.compile(r"dropped: (?:still )?busy with (.+)")
_BUSY = (
    (re.compile(r"people who hold the dialog"), marked("people have the dialog")),
    (re.compile(r"the question of (.+)"), marked("{0} was asking")),
    (re.compile(r"the pop-up of (.+)"), marked("the pop-up of {0} was open")),
    (re.compile(r"the message of (.+)"), marked("{0} had just written")),
)
_STEPS = (
    marked("said"),
    marked("sent"),
    marked("sent {0}"),
    marked("shown"),
    marked("noted"),
    marked("waited"),
    marked("otherwise"),
    marked("then: {0}"),
    marked("else: {0}"),
    marked("case {0}: {1}"),
    marked("variant {0}"),
    marked("saved {0}"),
    marked("replied"),
    marked("replied, saved {0}"),
    marked("failed: {0}"),
    marked("email to {0}: {1}"),
    marked("message to {0}"),
    marked("asked, {0} answers"),
    marked("answered: {0}"),
    marked("asked for {0}"),
    marked("showed {0} products"),
    marked("assigned to {0}"),
    marked("no operator online"),
    marked("waits until {0}"),
    marked("waits for {0}"),
    marked("nothing to wait for"),
    marked("quiet hours: waits until {0}"),
    marked("skipped: quiet hours"),
    marked("skipped: frequency cap, {0}"),
    marked("queued: busy with {0}"),
    marked("event {0}"),
    marked("starts {0}"),
    marked("calls {0}"),
    marked("moved to {0}"),
    marked("switched off"),
    marked("submitted"),
    marked("clicked"),
    marked("wrote something else: the question stays open"),
)
"""What the engine says of a step: the same in English."""


def run_words(progress: RunProgress) -> str:
    """What happened to the run, cleaned."""
    result = safe_line(progress.result, 200)
    if progress.phase == "started":
        event = result.removeprefix("on ")
        is_event = event and event != result
        return (
            _("started on {event}").format(event=event) if is_event else f"{_('started')} {result}".rstrip()
        )
    if progress.phase == "step":
        step, words = safe_line(progress.step, 80), _step_words(result)
        return f"{step}: {words}" if step and words else step or words
    if progress.phase == "held_out":
        return _("held out, to be compared with the others")
    if progress.phase == "goal":
        return _("reached its goal: {goal}").format(goal=result)
    if quiet := _QUIET.fullmatch(result):
        return _("said nothing: {reason}").format(reason=_replaced(quiet[1], _BUSY))
    return _ended_words(result)


def _ended_words(result: str) -> str:
    if result in _WHOLE:
        return _(_WHOLE[result])
    known = _replaced(result, _BEGINNINGS)
    if known != result:
        return known
    return _("ended: {reason}").format(reason=result) if result else _("ended")


def said_nothing(progress: RunProgress) -> bool:
    """Whether the run ended because somebody or something else had the visitor's attention."""
    return progress.phase == "ended" and _QUIET.fullmatch(progress.result) is not None


def _replaced(text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, words in rules:
        if found := pattern.fullmatch(text):
            return _(words).format(*found.groups())
    return text


def _step_words(result: str) -> str:
    return _replaced(result, _step_rules())


@cache
def _step_rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each text with what recognises it: `{0}` stands for anything."""
    return tuple((re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(words))), words) for words in _STEPS)
