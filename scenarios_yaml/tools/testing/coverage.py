"""Which ways through a scenario its tests walk, and which none does.

Ways are counted in the model: each trigger, each step, and each branch of a step, given or implied, as far as a visitor
can take it. A stop that is merely implied (nobody answers, the pop-up is closed) needs no test. What was walked is read
from the traces; a block counts once, from wherever it is reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from scenarios_yaml.engine.audience import all_hold
from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.clock import project_zone
from scenarios_yaml.engine.effects import OptionChosen, SendChat, TraceLine
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.schedule import next_due
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.language import model
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import Scenario, Step, event_key
from scenarios_yaml.language.texts import Text
from scenarios_yaml.language.tree import Places, all_steps
from scenarios_yaml.language.yaml_nodes import Mapping, compose
from scenarios_yaml.tools.rehearsal import Did

WayKey: TypeAlias = tuple[str, str]
"""The step's key and the branch's name in the file (“options.0”, “else”); the step itself has none. A trigger's is
“trigger” and its number."""


_SILENT = re.compile(r"no answer|not an? \w+, \d+ times")
_SENT = ("sent", "replied", "nothing heard of it", "saved")


class Way(Struct, frozen=True):
    """One way to be walked. `named` says it in words, `line` is where it stands in the scenario's file."""

    key: WayKey
    named: str
    line: int
    path: str = ""


class Coverage(Struct, frozen=True):
    """Of one scenario: its ways, and in which languages each was walked."""

    ways: tuple[Way, ...]
    walked: dict[WayKey, frozenset[str]]
    locales: tuple[str, ...] = ()
    """The languages in which the tests run."""

    @property
    def done(self) -> int:
        return sum(way.key in self.walked for way in self.ways)

    @property
    def missing(self) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if way.key not in self.walked)

    @property
    def in_one_language(self) -> tuple[tuple[Way, str], ...]:
        """What was walked, but in one of several languages only, with that language."""
        if len(self.locales) < 2:
            return ()
        walked = ((way, self.walked.get(way.key, frozenset())) for way in self.ways)
        return tuple((way, next(iter(locales))) for way, locales in walked if len(locales) == 1)


def percent(done: int, of: int) -> float:
    """The share that is covered, in percent; all of nothing is everything."""
    return 100.0 * done / of if of else 100.0


# --- All ways -----------------------------------------------------------------------------------------------


def ways_of(scenario: Scenario, text: str = "") -> tuple[Way, ...]:
    """Every way through the scenario, in the order of the file. With the file's `text`, a branch's line is its own,
    else that of its step."""
    root = compose(text)[0] if text else None
    places = Places(root) if isinstance(root, Mapping) else None
    return (*_triggers(scenario), *_of_steps(scenario, places))


def _triggers(scenario: Scenario) -> Iterator[Way]:
    for number, trigger in enumerate(scenario.trigger):
        yield Way(("trigger", str(number)), f"trigger: {trigger_named(trigger)}", trigger.line)


def trigger_named(trigger: model.Trigger) -> str:
    """A trigger in a few words."""
    match trigger:
        case model.OnEvent():
            return trigger.event
        case model.OnInactive():
            return f"inactive for {format_duration(trigger.duration)}"
        case model.OnSegment():
            return f"segment {trigger.segment}"
        case model.OnKeyword():
            return f"keyword {', '.join(trigger.words[:3])}"
    return f"at {trigger.at}" if trigger.at else f"schedule {trigger.cron}"


def _of_steps(scenario: Scenario, places: Places | None) -> Iterator[Way]:
    for step in all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)]):
        if not step.enabled:
            continue
        name = step.id or type(step).__name__.lower()
        branches = branches_of(step)
        if not branches:
            yield Way((step.key, ""), f"step {name}", step.line, step.path)
        for branch, named in branches:
            line = _line_of(step, branch, places)
            yield Way((step.key, branch), f"{name}: {named}", line, step.path)


def _line_of(step: Step, branch: str, places: Places | None) -> int:
    kind, _, number = branch.partition(".")
    if isinstance(step, model.Say) and number:
        return step.options[int(number)].line
    if isinstance(step, model.Choose) and number:
        return step.cases[int(number)].line
    if places is None or not step.path:
        return step.line
    at = places.of(step.path)
    keys = [key for key, _ in at.pairs if key.value == kind] if isinstance(at, Mapping) else []
    if number and keys:
        return places.of(f"{step.path}.{branch}").line
    return keys[0].line if keys else step.line


def branches_of(step: Step) -> tuple[tuple[str, str], ...]:
    """The branches of a step that a visitor can take, each by its name in the file and in words. None where there is
    one way only."""
    match step:
        case model.Say() | model.Ask() | model.Popup():
            return tuple(_of_question(step))
        case model.If():
            return ("then", "then"), ("else", "else")
        case model.Choose():
            cases = tuple((f"choose.{number}", f"case {number + 1}") for number in range(len(step.cases)))
            return *cases, ("otherwise", "otherwise")
        case model.Split():
            return tuple(
                (f"split.{number}", f"variant {variant.name}") for number, variant in enumerate(step.variants)
            )
        case model.WaitFor():
            return ("then", f"{step.event} comes"), ("on_timeout", f"{step.event} does not come")
        case model.Handoff() if step.no_operator is not None:
            return ("handed", "handed over"), ("no_operator", "no operator")
    if getattr(step, "on_error", None) is not None:
        return ("done", "done"), ("on_error", "on error")
    return ()


def _of_question(step: model.Say | model.Ask | model.Popup) -> Iterator[tuple[str, str]]:
    """A stop that is merely implied is none of them."""
    if isinstance(step, model.Popup):
        yield from _of_popup(step)
        return
    if isinstance(step, model.Ask):
        yield "answered", "answered"
    else:
        for number, option in enumerate(step.options):
            yield f"options.{number}", f"answer {_first(option.label)}"
    if step.no_answer is not None and (isinstance(step, model.Ask) or step.options):
        yield "no_answer", "no answer"


def _of_popup(step: model.Popup) -> Iterator[tuple[str, str]]:
    if step.fields:
        yield "on_submit", "submitted"
    elif step.button is not None:
        yield "on_click", "clicked"
    if step.on_close is not None:
        yield "on_close", "closed"


def _first(text: Text) -> str:
    return next(iter(text.sources.values()), "")


# --- What was walked ----------------------------------------------------------------------------------------


class Walk:
    """Gathers what the cases of one scenario walk."""

    def __init__(self, scenario: Scenario) -> None:
        self._slug = scenario.slug
        steps = all_steps([scenario.steps, *(steps for _, steps in scenario.blocks)])
        self._steps: dict[str, Step] = {step.key: step for step in steps}
        self._walked: dict[WayKey, set[str]] = {}

    def add(
        self, locale: str, trace: Iterable[TraceLine], did: Iterable[Did], triggers: Iterable[int]
    ) -> None:
        """What one case has walked in one language."""
        for number in triggers:
            self._note(("trigger", str(number)), locale)
        for line in trace:
            step = self._steps.get(line.step) if line.scenario == self._slug else None
            if step is not None and line.phase in ("step", "ended"):
                self._note((step.key, _taken(step, line)), locale)
        for key in self._options(did):
            self._note(key, locale)

    def of(self, ways: tuple[Way, ...], locales: Iterable[str]) -> Coverage:
        walked = {key: frozenset(names) for key, names in self._walked.items()}
        return Coverage(ways, walked, tuple(dict.fromkeys(locales)))

    def _note(self, key: WayKey, locale: str) -> None:
        self._walked.setdefault(key, set()).add(locale)

    def _options(self, did: Iterable[Did]) -> Iterator[WayKey]:
        """The answers that were taken, by a button or in words."""
        asked: dict[str, str] = {}
        for one in did:
            effect = one.effect
            if isinstance(effect, SendChat) and effect.scenario == self._slug:
                asked[effect.id] = effect.step
            elif isinstance(effect, OptionChosen) and effect.message in asked:
                step = self._steps.get(asked[effect.message])
                options = step.options if isinstance(step, model.Say) else ()
                for number, option in enumerate(options):
                    if option.id == effect.option and step is not None:
                        yield step.key, f"options.{number}"


def _taken(step: Step, line: TraceLine) -> str:
    """Which branch a trace line says was taken; an empty string where it says none, or the step has one way only."""
    result = line.result
    if not branches_of(step):
        return ""
    match step:
        case model.If():
            return "then" if result.startswith("then") else "else" if result.startswith("else") else "-"
        case model.Choose():
            number = result.removeprefix("case ").partition(":")[0]
            return f"choose.{int(number) - 1}" if number.isdecimal() else result
        case model.Split():
            names = [variant.name for variant in step.variants]
            name = result.removeprefix("variant ")
            return f"split.{names.index(name)}" if name in names else "-"
        case model.WaitFor():
            came = result.endswith((" came", " has already come"))
            return "then" if came else "on_timeout" if result.endswith(" did not come") else "-"
        case model.Popup():
            said = {"submitted": "on_submit", "clicked": "on_click", "closed": "on_close"}
            return said.get(result, "-")
    return _spoken_or_sent(step, line)


def _spoken_or_sent(step: Step, line: TraceLine) -> str:
    if line.phase != "step":
        return "handed" if isinstance(step, model.Handoff) else "-"
    result = line.result
    match step:
        case model.Ask() if result.startswith("answered: "):
            return "answered"
        case model.Say() | model.Ask():
            return "no_answer" if _SILENT.fullmatch(result) else "-"
        case model.Handoff():
            return "no_operator" if result == "no operator online" else "handed"
    if result.startswith("failed: "):
        return "on_error"
    return "done" if result.startswith(_SENT) else "-"


# --- Which trigger it was -----------------------------------------------------------------------------------


def trigger_of(program: Program, started: TraceLine, state: VisitorState, world: World) -> int:
    """The number of the trigger that let the visitor in, as the trace's line and the state after it tell."""
    triggers = program.scenario.trigger
    run = next((run for run in state.runs if run.id == started.run), None)
    name = started.result.removeprefix("on ")
    given = run.trigger.get("properties") if run is not None else None
    properties = given if isinstance(given, dict) else {}
    scope = Scope(state, world, started.at, program, None, properties)
    fitting = [number for number, trigger in enumerate(triggers) if _fits(trigger, name)]
    for number in fitting:
        trigger = triggers[number]
        match trigger:
            case model.OnEvent() if trigger.where and run is not None:
                if all_hold(trigger.where, scope):
                    return number
            case model.OnInactive() if run is not None:
                if properties.get("duration") == trigger.duration:
                    return number
            case model.OnKeyword() if run is not None:
                if properties.get("keyword") in trigger.words:
                    return number
            case model.OnSegment() if run is not None:
                if properties.get("segment") == trigger.segment:
                    return number
            case model.OnSchedule():
                if next_due(trigger, started.at - 1, project_zone(world)) == started.at:
                    return number
            case _:
                return number
    return fitting[0] if fitting else -1


def _fits(trigger: model.Trigger, name: str) -> bool:
    match trigger:
        case model.OnEvent():
            return event_key(trigger.event) == event_key(name)
        case model.OnInactive():
            return name == "Inactive"
        case model.OnSegment():
            return event_key(name) == "segmententered"
        case model.OnKeyword():
            return name == "Keyword"
    return name == "Broadcast"
