"""A goal that is reached in the middle of a scenario, and ends nothing: the visitor who has just ordered gets
the reminder to order."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios_yaml.language import model
from scenarios_yaml.language.model import Did, OnEvent, Scenario, event_key
from scenarios_yaml.language.problems import Problem, quoted
from scenarios_yaml.language.whole.files import CheckedFile
from scenarios_yaml.language.whole.walking import every_step, leaves

_SENDING = (
    model.Say,
    model.Ask,
    model.Popup,
    model.Email,
    model.Push,
    model.MessengerMessage,
    model.SendFile,
)


def check_goal(one: CheckedFile[Scenario]) -> Iterator[Problem]:
    """A warning where something is sent after a wait though the goal may have been reached meanwhile."""
    goal = one.what.goal
    if goal is None or not _sends_after_a_wait(one.what) or _ends_with(one.what, event_key(goal.event)):
        return
    message = f"no exit on the goal: who has reached {quoted(goal.event)} gets the rest all the same"
    hint = f"add to “exit”: “- event: {goal.event}”"
    yield one.at_path("goal.event", message, hint, line=goal.line)


def _sends_after_a_wait(scenario: Scenario) -> bool:
    waited = False
    for step in every_step(scenario):
        if not step.enabled:
            continue
        if waited and isinstance(step, _SENDING):
            return True
        waited = waited or isinstance(step, (model.Wait, model.WaitFor))
    return False


def _ends_with(scenario: Scenario, goal: str) -> bool:
    """Whether the event ends a run, or is what begins it: an exit, an audience that it closes, a wait for it."""
    named = [one.event for one in (*scenario.trigger, *scenario.exit) if isinstance(one, OnEvent)]
    exits = [rule for rule in scenario.exit if not isinstance(rule, OnEvent)]
    named += [leaf.event for leaf in leaves([*exits, *scenario.audience]) if isinstance(leaf, Did)]
    named += [step.event for step in every_step(scenario) if isinstance(step, model.WaitFor)]
    return goal in {event_key(name) for name in named}
