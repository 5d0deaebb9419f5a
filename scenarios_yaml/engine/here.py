"""Where a run stands while one of its steps is done: what every step's function is given."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, cast

from scenarios_yaml.engine.catalog import Place, Program
from scenarios_yaml.engine.effects import Counted
from scenarios_yaml.engine.ending import end_run
from scenarios_yaml.engine.paths import Scope
from scenarios_yaml.engine.rendering import render
from scenarios_yaml.engine.state import Run, Waiting
from scenarios_yaml.engine.turn import Turn
from scenarios_yaml.language.model import StepBase
from scenarios_yaml.language.texts import Text

S = TypeVar("S", bound=StepBase, covariant=True)


class Here(Generic[S]):
    """A run at one of its steps. `run` is the turn's own copy and may be changed."""

    __slots__ = ("place", "program", "run", "step", "turn")

    def __init__(self, turn: Turn, run: Run, program: Program, place: Place) -> None:
        self.turn = turn
        self.run = run
        self.program = program
        self.place = place
        self.step = cast(S, place.step)

    @property
    def following(self) -> str:
        """The key of what stands below the step."""
        return self.place.following

    @property
    def waiting(self) -> Waiting:
        """What the run waits for. Raises ValueError where it does not wait."""
        if self.run.waiting is None:
            raise ValueError(f"run {self.run.id} does not wait")
        return self.run.waiting

    @property
    def message_id(self) -> str:
        """The id of what this step sends: the same in every replay."""
        return f"{self.run.id}.{self.run.steps_taken}"

    def scope(self, event: dict[str, Any] | None = None) -> Scope:
        return self.turn.scope(self.program, self.run, event)

    def render(self, text: Text | None) -> str:
        return render(text, self.scope())

    def say(
        self, result: str, line: int = 0, *, counted: Counted = "", branch: str = "", reason: str = ""
    ) -> None:
        """A trace line of this step; how it counts is explained at `TraceLine`."""
        self.turn.say(
            self.run,
            result,
            step=self.step.key,
            line=line or self.step.line,
            counted=counted,
            branch=branch,
            reason=reason,
        )

    def end(
        self, result: str, line: int = 0, *, counts: bool = True, counted: Counted = "", reason: str = ""
    ) -> None:
        """Ends the run at this step. `reason` (see `TraceLine`) may be left out where it is the `result`."""
        end_run(
            self.turn,
            self.run,
            result,
            step=self.step.key,
            line=line or self.step.line,
            counts=counts,
            counted=counted,
            reason=reason,
        )

    def branch(self, steps: tuple[StepBase, ...] | None) -> str:
        """The key to go on at: the branch's first step, or below the parent where there is none."""
        return steps[0].key if steps else self.following
