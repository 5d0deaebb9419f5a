"""Figures in words: what each is called, and what a comparison says, honestly. Pure."""

from __future__ import annotations

from operator_console.designer.figures.numbers import exact_per_cent, points
from operator_console.designer.figures.story import Story, Trial
from operator_console.translation import _, marked, said
from scenarios_yaml.tools.conversion import Comparison, Share
from server_stub.protocol import FigureName

FIGURES: dict[FigureName, str] = {
    "entered": marked("Entered"),
    "held_out": marked("Held out"),
    "goal": marked("Came to the goal"),
    "held_out_goal": marked("Held out, and came to the goal all the same"),
    "variant": marked("Got this variant"),
    "variant_goal": marked("Got this variant and came to the goal"),
    "ended": marked("Ended"),
    "reached": marked("Came to this step"),
    "went": marked("Went this way"),
    "delivered": marked("Delivered"),
    "kept": marked("Kept: no channel is set up"),
    "seen": marked("Saw it"),
    "clicked": marked("Clicked"),
    "answered": marked("Answered"),
    "submitted": marked("Submitted it"),
    "closed": marked("Closed it"),
    "timed_out": marked("Did not answer in time"),
    "failed": marked("Failed"),
    "suppressed": marked("Held back"),
}
SHORT: dict[FigureName, str] = {
    "delivered": marked("delivered", "a figure"),
    "kept": marked("kept", "a figure"),
    "seen": marked("seen", "a figure"),
    "clicked": marked("clicked", "a figure"),
    "answered": marked("answered", "a figure"),
    "submitted": marked("submitted", "a figure"),
    "closed": marked("closed", "a figure"),
    "timed_out": marked("no answer", "a figure"),
    "suppressed": marked("held back", "a figure"),
    "failed": marked("failed", "a figure"),
}
HOW = marked(
    "Intervals hold in 95 of 100 cases (Wilson). A verdict waits until at least five of each group are to be expected "
    "with and without the goal, and allows for figures that are looked at while they grow (Newcombe, Pocock)."
)


def short(figure: FigureName) -> str:
    """What a number of a message is called beside others."""
    return said("a figure", SHORT[figure])


def interval(one: Share) -> str:
    """9.4 – 12.9 %"""
    return f"{exact_per_cent(one.low).removesuffix(' %')} – {exact_per_cent(one.high)}"


def margin(beside: Comparison) -> str:
    """+3.1 points (between +1.0 and +5.2)"""
    return _("{by} points (between {low} and {high})").format(
        by=points(beside.value), low=points(beside.low), high=points(beside.high)
    )


def verdict(told: Story) -> tuple[str, str]:
    """Whether the scenario does better than none: a sentence, and its colour."""
    if not told.has_goal:
        return _(
            "It has no goal: what it brings cannot be told. A goal in its head counts who comes to it."
        ), "soft"
    beside = told.against
    if beside is None:
        return _(
            "Nobody is held out: how many would have come to the goal without it cannot be told. A share of "
            "visitors that is held out, in its head, compares."
        ), "soft"
    words = {
        "too_early": _("Too early to tell whether it does better than nothing: {margin} so far."),
        "better": _("It does better than nothing: {margin}."),
        "worse": _("It does worse than nothing: {margin}."),
        "alike": _("It makes no difference that matters: {margin}."),
    }
    colours = {"too_early": "warm", "better": "good", "worse": "hot", "alike": "soft"}
    return words[beside.verdict].format(margin=margin(beside)), colours[beside.verdict]


def trial_verdict(trial: Trial) -> tuple[str, str]:
    """Which variant does better: a sentence, and its colour."""
    if trial.compared is None or trial.lead is None or trial.second is None:
        return "", "soft"
    words = {
        "too_early": _("Too early to tell: “{lead}” is ahead of “{second}” by {margin}."),
        "better": _("“{lead}” does better than “{second}”: {margin}."),
        "worse": _("“{lead}” does worse than “{second}”: {margin}."),
        "alike": _("“{lead}” and “{second}” make no difference that matters: {margin}."),
    }
    text = words[trial.compared.verdict].format(
        lead=trial.lead.name, second=trial.second.name, margin=margin(trial.compared)
    )
    colour = {"too_early": "warm", "better": "good", "worse": "hot", "alike": "soft"}[trial.compared.verdict]
    return text, colour
