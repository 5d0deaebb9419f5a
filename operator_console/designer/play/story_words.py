"""What was done in a session, what was decided, and what lies nearest now, in words. Pure; cleaned."""

from __future__ import annotations

from msgspec import Struct

from operator_console.designer.play.doings import Doing, Fit, Next, Start
from operator_console.designer.play.session import Session
from operator_console.inbox.scenario_words import run_words
from operator_console.inbox.times import coming, span, zone_named
from operator_console.inbox.value_words import value_text
from operator_console.safe_text import safe_line
from operator_console.translation import _, said
from scenarios_yaml.engine.effects import TraceLine
from scenarios_yaml.language.model import Scenario
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Doable
from server_stub.protocol import RunProgress

LONGEST = 300
MOST_VALUES = 6
TONES = {"started": "good", "goal": "good", "refused": "warm", "ended": "accent"}


def done_words(item: Doable) -> str:
    """What was done, where no bubble in the chat shows it; empty for what the clock shows."""
    match item:
        case cases.Happens():
            values = _values(item.properties)
            return f"{_line(item.event)}{f' · {values}' if values else ''}"
        case cases.Submits():
            values = _values({name: text.render({}, "") for name, text in item.fields})
            return _("fills in the pop-up: {values}").format(values=values)
        case cases.Touches():
            return _touched(item)
        case cases.Changes():
            return _changed(item)
    return _world(item)


def _touched(item: cases.Touches) -> str:
    match item.how:
        case "close":
            return _("closes the pop-up")
        case "click":
            return _("clicks")
        case "open":
            return _("opens the letter")


def _changed(item: cases.Changes) -> str:
    tags = [f"+{_line(tag)}" for tag in item.tags_added] + [f"−{_line(tag)}" for tag in item.tags_removed]
    words = [words for words in (_values(item.properties), *tags) if words]
    return _("known of him: {values}").format(values=" · ".join(words))


def _world(item: Doable) -> str:
    match item:
        case cases.Online():
            return _("operators online: {count}").format(count=item.operators)
        case cases.FailsNext():
            return _("what is sent next fails: {reason}").format(reason=_line(item.reason))
        case cases.Replies():
            reply = item.error or value_text(item.reply)
            return _("webhooks reply: {reply}").format(reply=_line(reply))
        case cases.Coupons():
            return _("codes: {values}").format(values=_values(dict(item.codes)))
    return ""


def _values(values: dict[str, object]) -> str:
    shown = [
        f"{_line(name)} = {_('unknown') if value is None else value_text(value)}"
        for name, value in list(values.items())[:MOST_VALUES]
    ]
    return ", ".join([*shown, *(["…"] if len(values) > MOST_VALUES else [])])


def decided_words(line: TraceLine) -> tuple[str, str]:
    """A decision, and its tone."""
    tone = TONES.get(line.phase, "")
    if line.phase == "refused":
        where = _(" (line {number})").format(number=line.line) if line.line else ""
        return _("not let in: {reason}").format(reason=safe_line(line.result, LONGEST)) + where, tone
    words = run_words(
        RunProgress(
            "", line.scenario, "", line.phase, step="" if "." in line.step else line.step, result=line.result
        )
    )
    return words, tone


# --- What lies nearest --------------------------------------------------------------------------------------


class Nearest(Struct, frozen=True):
    """What Enter does where nothing is typed; `doing` is None where something is to be typed. `line` says it."""

    doing: Doing | None
    line: str


def nearest(session: Session) -> Nearest:
    """What lies nearest as things are: start, press, wait."""
    popup = session.popup
    if popup is not None:
        if popup.fields:
            names = " ".join(f"{_line(field.name)}=…" for field in popup.fields)
            return Nearest(None, _("fill in the pop-up: {names}").format(names=names))
        if popup.button is not None:
            return Nearest(cases.Touches(how="click", line=0), _("⏎ presses the button · :close closes it"))
        return Nearest(cases.Touches(how="close", line=0), _("⏎ closes the pop-up"))
    own = [one for one in session.standing if one.scenario == session.scenario.slug]
    if session.open_questions:
        is_choice = bool(session.answers)
        words = _("a number, an answer, or anything else") if is_choice else _("type the answer")
        return Nearest(None, words)
    if own and session.next_due:
        after = span(session.next_due - session.now)
        return Nearest(Next(), _("⏎ lets {time} pass").format(time=after))
    return _without_a_run(session)


def _without_a_run(session: Session) -> Nearest:
    verdict = session.verdict
    if verdict is None:
        return Nearest(Start(), _("⏎ starts it · or write something, or :event …"))
    if verdict.phase == "refused":
        return Nearest(Fit(), _("⏎ makes him one who is let in"))
    if session.standing:
        return Nearest(None, _("it waits for an event: :event …"))
    return Nearest(None, _("it is over · :back makes the last thing undone, :reset begins anew"))


def standing_words(session: Session) -> str:
    """Where the run of this draft stands, and until when."""
    own = next((one for one in session.standing if one.scenario == session.scenario.slug), None)
    if own is None:
        verdict = session.verdict
        if verdict is None:
            return _("not started yet")
        return _("not let in") if verdict.phase == "refused" else _("over")
    step = _step_words(session.scenario, own.step)
    if not own.until:
        return _("stands at {step}").format(step=step)
    moment = coming(own.until, session.now, zone_named(session.setting.timezone))
    return _("stands at {step} until {moment}").format(step=step, moment=moment)


def _step_words(scenario: Scenario, key: str) -> str:
    """A step is called by its id; one without is where it stands in the file."""
    if "." not in key:
        return _line(key)
    steps = all_steps([scenario.steps, *(steps for _name, steps in scenario.blocks)])
    line = next((step.line for step in steps if step.key == key), 0)
    return said("where a run stands", "line {number}").format(number=line) if line else _line(key)


def _line(text: str) -> str:
    return safe_line(text, LONGEST)
