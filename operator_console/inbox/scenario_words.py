"""What became of a scenario's run, in words for a shop owner. The engine's results are the trace's own short form;
one that is not known here is shown as it is.
"""

from __future__ import annotations

import re

from operator_console.safe_text import safe_line
from server_stub.protocol import RunProgress

_WHOLE = {
    "done": "ended: it went through all its steps",
    "no answer": "ended: no answer came",
    "pop-up closed": "ended: the pop-up was closed",
    "pop-up timed out": "ended: the pop-up was left unanswered",
    "handed over": "handed the dialog over to people",
    "taken over": "ended: an operator took over",
    "no address": "ended: no address to send to is known",
}
_BEGINNINGS = (
    (re.compile(r"closed: (.+)"), r"closed the dialog: \1"),
    (re.compile(r"stop: (.+)"), r"stopped: \1"),
    (re.compile(r"exit: (.+)"), r"ended early: \1"),
    # What the condition saw stands behind it in brackets: the card shows that anyhow.
    (re.compile(r"audience: (.+?)(?: \(.*\))?"), r"ended: no longer true that \1"),
    (re.compile(r"scenario (\w+)"), r"ended: the scenario is \1"),
)
_QUIET = re.compile(r"dropped: (?:still )?busy with (.+)")
_BUSY = (
    (re.compile(r"people who hold the dialog"), "people have the dialog"),
    (re.compile(r"the question of (.+)"), r"\1 was asking"),
    (re.compile(r"the pop-up of (.+)"), r"the pop-up of \1 was open"),
    (re.compile(r"the message of (.+)"), r"\1 had just written"),
)


def run_words(progress: RunProgress) -> str:
    """What happened to the run, cleaned."""
    result = safe_line(progress.result, 200)
    if progress.phase == "started":
        return f"started {result}".rstrip()
    if progress.phase == "step":
        step = safe_line(progress.step, 80)
        return f"{step}: {result}" if step and result else step or result
    if progress.phase == "goal":
        return f"reached its goal: {result}"
    if quiet := _QUIET.fullmatch(result):
        return f"said nothing: {_replaced(quiet[1], _BUSY)}"
    known = _WHOLE.get(result) or _replaced(result, _BEGINNINGS)
    return known if known != result else f"ended: {result}" if result else "ended"


def said_nothing(progress: RunProgress) -> bool:
    """Whether the run ended because somebody or something else had the visitor's attention."""
    return progress.phase == "ended" and _QUIET.fullmatch(progress.result) is not None


def _replaced(text: str, rules: tuple[tuple[re.Pattern[str], str], ...]) -> str:
    for pattern, words in rules:
        if found := pattern.fullmatch(text):
            return found.expand(words)
    return text
