"""What becomes of the visitors who are in the middle of a scenario when another version of it is published.

A bot's dialog stays on the version with which it began. Everyone else follows the newer one: who stands at a step
that is still there goes on from it, an armed wait keeping its due time; whose step is gone needs a choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from scenarios_yaml.engine.catalog import Program
from scenarios_yaml.engine.moves import Moves
from scenarios_yaml.language.model import Scenario, Step
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.publishing.described import name_of
from scenarios_yaml.tools.publishing.diff import Difference, difference

Fate: TypeAlias = Literal["stays", "follows", "moves", "stops", "undecided"]

STOP = ""
"""The choice that ends the runs at a step that is gone."""


class Standing(Struct, frozen=True):
    """Visitors at one step of the older version, and what becomes of them.

    fate: `stays` on its version, `follows` the step to the newer one (`to`), `moves` to the step that was
    chosen (`to`), `stops`, or is `undecided`: nobody has chosen yet. `name` and `to_name` are for people.
    """

    step: str
    name: str
    visitors: int
    fate: Fate
    to: str = ""
    to_name: str = ""


class Publication(Struct, frozen=True):
    """What publishing would do: what changes, who stands where, and what the engine is told of it."""

    difference: Difference
    standing: tuple[Standing, ...] = ()
    moves: Moves = Moves()

    @property
    def undecided(self) -> tuple[Standing, ...]:
        return tuple(standing for standing in self.standing if standing.fate == "undecided")


def plan(
    older: Scenario | None, newer: Scenario, visitors: Mapping[str, int], choices: Mapping[str, str]
) -> Publication:
    """`visitors` counts those who stand at each step of `older`, by its key. `choices` says, for a step that is gone,
    at which step of `newer` they go on (its id or key), or STOP.

    Raises ValueError where a choice names a step that does not exist.
    """
    found = difference(older, newer)
    if older is None:
        return Publication(found)
    places = _by_key(newer)
    unknown = next((to for to in choices.values() if to != STOP and to not in places), None)
    if unknown is not None:
        raise ValueError(f"{newer.slug} has no step {unknown!r} to move to")
    stays = Program(older).is_bot
    standing = tuple(
        _standing(step, visitors[step.key], found, choices, places, stays=stays)
        for step in _by_key(older).values()
        if visitors.get(step.key)
    )
    return Publication(found, standing, _moves(found, choices))


def moves_between(older: Scenario, newer: Scenario, choices: Mapping[str, str]) -> Moves:
    """What the engine is told of the runs that stand in `older`; whose step is gone, and nobody has chosen, stops."""
    return _moves(difference(older, newer), choices)


def _moves(found: Difference, choices: Mapping[str, str]) -> Moves:
    return Moves(found.moves, {key: choices.get(key, STOP) for key in found.gone})


def _standing(
    step: Step,
    count: int,
    found: Difference,
    choices: Mapping[str, str],
    places: Mapping[str, Step],
    *,
    stays: bool,
) -> Standing:
    name = name_of(step)
    if stays:
        return Standing(step.key, name, count, "stays")
    if step.key in found.moves:
        to = found.moves[step.key]
        return Standing(step.key, name, count, "follows", to, name_of(places[to]))
    if step.key not in choices:
        return Standing(step.key, name, count, "undecided")
    to = choices[step.key]
    if to == STOP:
        return Standing(step.key, name, count, "stops")
    return Standing(step.key, name, count, "moves", to, name_of(places[to]))


def _by_key(scenario: Scenario) -> dict[str, Step]:
    sequences = [scenario.steps, *(steps for _, steps in scenario.blocks)]
    return {step.key: step for step in all_steps(sequences)}
