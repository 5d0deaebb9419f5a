"""A draft played with one visitor on a virtual clock: what is done, what comes of it, and how things stand then.

The session is a test that is being written: its visitor and its world are those of a case, whatever is done is a line
of a case's timeline, and the runner of tests gives it its stage. So what is played is what a recorded case runs. Pure:
no screen, no clock, no input or output.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct, structs

from operator_console.designer.play.doings import Doing, Fit, Next, Start, doing_of
from scenarios_yaml.engine.clock import local, project_zone
from scenarios_yaml.engine.effects import ChatOption, Effect, ShowPopup, TraceLine
from scenarios_yaml.engine.engine import Outcome
from scenarios_yaml.engine.state import Run, VisitorState
from scenarios_yaml.language.model import Scenario, Segment, Trigger
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.playing import starting
from scenarios_yaml.tools.playing.fitting import fitting
from scenarios_yaml.tools.playing.player import Came
from scenarios_yaml.tools.stage import CannotError, Kept
from scenarios_yaml.tools.testing import cases
from scenarios_yaml.tools.testing.cases import Case, Doable, TimelineItem
from scenarios_yaml.tools.testing.coverage import Walk
from scenarios_yaml.tools.testing.performing import perform
from scenarios_yaml.tools.testing.recording import expected, refusal
from scenarios_yaml.tools.testing.run_cases import CaseRunner
from scenarios_yaml.tools.testing.watched import Hole

SETTING = Case(name="", line=0)
"""A visitor of whom nothing is known, on a Monday at noon."""
MOST_TURNS = 2_000
"""Things that can be done in one session."""


class Deed(Struct, frozen=True):
    """One line of the timeline, and what came of it."""

    item: Doable
    came: tuple[Came, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(effect for came in self.came for effect in came.effects)

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        return tuple(line for came in self.came for line in came.trace)


class Turn(Struct, frozen=True, kw_only=True):
    """One thing that was done. Moments in ms of the virtual clock. `holes` are texts that could not be filled in."""

    doing: Doing
    deeds: tuple[Deed, ...]
    begun_at: int
    ended_at: int
    holes: tuple[Hole, ...] = ()

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        return tuple(line for deed in self.deeds for line in deed.trace)


class Standing(Struct, frozen=True, kw_only=True):
    """Where a run stands: the key of its step, for what it waits there, and until when (ms; 0: for ever)."""

    scenario: str
    run: str
    step: str
    waits: str = ""
    """The kind of `Waiting`: wait, answer, input, popup, event, reply, turn."""
    until: int = 0


class Verdict(Struct, frozen=True):
    """What became of the scenario last: it let him in, kept him out, ended or reached its goal. `result` is as the
    trace has it; `hint` what to type so that a refused condition would hold."""

    phase: str
    result: str
    line: int = 0
    hint: str = ""


class Misfit(Struct, frozen=True):
    """Where a session that was played again no longer fits: what could not be done, why, and how much came after it."""

    doing: Doing
    message: str
    hint: str
    left_out: int


class Session:
    """One visitor who meets one draft. `setting` is a case without a timeline, in the first of its languages; `others`
    are scenarios that run, too, where the setting names them.

    Raises `CannotError` where there is no such visitor: nobody falls into the variants that the setting asks for.
    """

    def __init__(
        self,
        scenario: Scenario,
        setting: Case = SETTING,
        *,
        segments: Iterable[Segment] = (),
        others: Iterable[Scenario] = (),
    ) -> None:
        self.scenario = scenario
        self.setting = setting
        self.locale = setting.locales[0]
        self._segments = tuple(segments)
        self._others = tuple(others)
        self._runner = CaseRunner(scenario, self._segments, self._others)
        self._stage = self._runner.stage(setting, self.locale)
        self._stage.on_outcome = self._heard
        self._heard_now: list[Came] = []
        self._turns: list[Turn] = []
        self._before: list[Kept] = []
        """How things stood before each turn."""

    # --- Doing ---------------------------------------------------------------------------------------------

    def do(self, doing: Doing) -> Turn:
        """Does it. Raises `CannotError` where it cannot be done now; then nothing has changed."""
        if len(self._turns) >= MOST_TURNS:
            raise CannotError("this session is long enough", ":reset begins anew")
        kept = self._stage.keep()
        self._runner.holes.clear()
        try:
            deeds = tuple([self._deed(item) for item in self._items(doing)])
        except RuntimeError as error:
            self._stage.back_to(kept)
            raise CannotError(str(error), "look for steps that set each other off") from error
        except CannotError:
            self._stage.back_to(kept)
            raise
        turn = Turn(
            doing=doing,
            deeds=deeds,
            begun_at=kept.now,
            ended_at=self.now,
            holes=tuple(self._runner.holes),
        )
        self._before.append(kept)
        self._turns.append(turn)
        return turn

    def type(self, line: str) -> Turn | None:
        """Does what a line says, as `doing_of` reads it; None for a command that only looks. Raises `CannotError`."""
        doing = doing_of(line, self.answers, self.popup)
        return None if doing is None else self.do(doing)

    def start(self, trigger: int = 0) -> Turn:
        """Makes happen what starts the scenario. Raises `CannotError` where nothing can (a broadcast that is over)."""
        return self.do(Start(trigger))

    def fit(self, trigger: int = 0) -> Turn:
        """Makes the visitor one whom the scenario lets in, and starts it; where it was just started in vain, that is
        made undone first. Raises `CannotError` where nothing is known that would make him fit: nothing has changed
        then."""
        last = self._turns[-1] if self._turns else None
        in_vain = last is not None and isinstance(last.doing, Start) and not self._was_let_in(last)
        undone = self.back() if in_vain else None
        try:
            fitted = self.do(Fit(trigger))
        except CannotError:
            if undone is not None:
                self.do(undone.doing)
            raise
        # What makes him fit may be what starts the scenario.
        return fitted if self._was_let_in(fitted) else self.start(trigger)

    def _was_let_in(self, turn: Turn) -> bool:
        slug = self.scenario.slug
        return any(line.phase == "started" and line.scenario == slug for line in turn.trace)

    def go_on(self) -> Turn:
        """Lets time pass until something is due. Raises `CannotError` where nothing waits for time."""
        return self.do(Next())

    def back(self) -> Turn | None:
        """Makes the last thing undone, and tells which it was; None where nothing was done."""
        if not self._turns:
            return None
        self._stage.back_to(self._before.pop())
        return self._turns.pop()

    def again(
        self,
        scenario: Scenario,
        setting: Case | None = None,
        *,
        segments: Iterable[Segment] | None = None,
        others: Iterable[Scenario] | None = None,
    ) -> tuple[Session, Misfit | None]:
        """The same played with a draft that has changed, or another visitor: all that was done, as far as it fits.

        What does not fit any more, and what came after it, is left out and told of.
        """
        session = Session(
            scenario,
            setting or self.setting,
            segments=self._segments if segments is None else segments,
            others=self._others if others is None else others,
        )
        for number, turn in enumerate(self._turns):
            try:
                session.do(turn.doing)
            except CannotError as error:
                left_out = len(self._turns) - number - 1
                return session, Misfit(turn.doing, error.message, error.hint, left_out)
        return session, None

    def _items(self, doing: Doing) -> tuple[Doable, ...]:
        match doing:
            case Start():
                return starting.beginning(self._stage, self._trigger(doing.trigger)).items
            case Fit():
                return self._fitting(self._trigger(doing.trigger))
            case Next():
                due = self._stage.next_due()
                if not due:
                    raise CannotError("nothing waits for time")
                return (cases.Advance(duration=max(due - self.now, 1_000), line=0),)
            case _:
                return (doing,)

    def _trigger(self, number: int) -> Trigger:
        triggers = self.scenario.trigger
        if not 0 <= number < len(triggers):
            raise CannotError(f"the scenario has no trigger {number + 1}", f"it has {len(triggers)}")
        return triggers[number]

    def _fitting(self, trigger: Trigger) -> tuple[Doable, ...]:
        items = fitting(self._stage, self.scenario, trigger, self._segments)
        if not items:
            raise CannotError("nothing is known that would make him fit")
        return items

    def _deed(self, item: Doable) -> Deed:
        self._heard_now = []
        perform(self._stage, item, self.locale)
        return Deed(item, tuple(self._heard_now))

    def _heard(self, outcome: Outcome) -> None:
        if outcome.effects or outcome.trace:
            self._heard_now.append(Came(self._stage.now, outcome.effects, outcome.trace))

    # --- How things stand ----------------------------------------------------------------------------------

    @property
    def turns(self) -> Sequence[Turn]:
        """All that was done, in its order."""
        return self._turns

    @property
    def now(self) -> int:
        """The virtual clock, in ms."""
        return self._stage.now

    @property
    def next_due(self) -> int:
        """The next moment (ms) at which time alone makes something happen; 0 where nothing waits for time."""
        return self._stage.next_due()

    @property
    def state(self) -> VisitorState:
        """What the engine knows of the visitor."""
        return self._stage.state

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        """All that was decided, of other scenarios, too."""
        return tuple(self._stage.rehearsal.trace)

    def shown(self, at: int) -> str:
        """A moment (ms) in the project's time."""
        return local(at, project_zone(self._stage.world)).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def shop(self) -> str:
        """What the shop is called in the texts of the session."""
        return str(self._stage.world.site.get("name", ""))

    @property
    def popup(self) -> ShowPopup | None:
        """The pop-up on the visitor's screen."""
        return self._stage.popup() if self._stage.state.popup else None

    @property
    def open_questions(self) -> frozenset[str]:
        """The ids of the messages that wait for an answer."""
        return frozenset(message.id for message in self._stage.open_questions())

    @property
    def answers(self) -> tuple[ChatOption, ...]:
        """What the latest open question offers, in the order of the numbers that one may type."""
        questions = self._stage.open_questions()
        return questions[0].options if questions else ()

    @property
    def standing(self) -> tuple[Standing, ...]:
        """Where each run stands that is on its way, those of other scenarios, too."""
        return tuple(_standing(run) for run in self.state.runs)

    @property
    def walked(self) -> frozenset[str]:
        """The keys of the steps of this draft that were reached."""
        slug = self.scenario.slug
        return frozenset(line.step for line in self.trace if line.scenario == slug and line.step)

    @property
    def ways(self) -> frozenset[str]:
        """The branches of this draft that were taken, by their places in the file: `steps.1.options.0`."""
        rehearsal = self._stage.rehearsal
        walk = Walk(self.scenario)
        walk.add(self.locale, rehearsal.trace, rehearsal.did, ())
        steps = all_steps([self.scenario.steps, *(steps for _name, steps in self.scenario.blocks)])
        paths = {step.key: step.path for step in steps}
        taken = walk.of((), ()).walked
        return frozenset(f"{paths[step]}.{branch}" for step, branch in taken if branch and step in paths)

    @property
    def verdict(self) -> Verdict | None:
        """The last that was decided about a run of this draft beside its steps; None where nothing was."""
        lines = (
            line for line in reversed(self._stage.rehearsal.trace) if line.scenario == self.scenario.slug
        )
        last = next((line for line in lines if line.phase != "step"), None)
        if last is None:
            return None
        hint = starting.advice(refusal(last.result)) if last.phase == "refused" else ""
        return Verdict(last.phase, last.result, last.line, hint)

    # --- Recording -----------------------------------------------------------------------------------------

    def record(self, name: str) -> Case:
        """The session as a case of the scenario's test file: what was done, and after each thing what came of it.

        It passes: it has been run. Raises `CannotError` where nothing was done, or where a case could not pass, since a
        text of the draft cannot be filled in.
        """
        name = " ".join(name.split())
        if not name:
            raise CannotError("a test has a name", "say in a sentence what it shows")
        if not self._turns:
            raise CannotError("nothing was done yet", ":start makes happen what starts the scenario")
        case = structs.replace(
            self.setting,
            name=name,
            locales=(self.locale,),
            variants=self._variants(),
            timeline=tuple(self._timeline()),
        )
        failure = self._runner.run_in(case, self.locale).failure
        self._runner.holes.clear()
        if failure is not None:
            raise CannotError(f"this cannot be a test: {failure.message}", failure.instead)
        return case

    def _timeline(self) -> Iterable[TimelineItem]:
        for turn in self._turns:
            for deed in turn.deeds:
                yield deed.item
                found = expected(deed.effects, deed.trace, self.scenario.slug)
                yield from found
                if isinstance(deed.item, cases.Advance | cases.AdvanceTo) and not found:
                    # Time that passed and brought nothing is something to hold on to; an event is a condition.
                    yield cases.ExpectNothing(line=0)

    def _variants(self) -> dict[str, str]:
        """The variants of the splits that were passed, so that other weights do not lead elsewhere."""
        return {**self.setting.variants, **self._stage.variants_passed(self.scenario.slug, self.walked)}


def _standing(run: Run) -> Standing:
    waiting = run.waiting
    if waiting is None:
        return Standing(scenario=run.scenario, run=run.id, step="")
    return Standing(
        scenario=run.scenario, run=run.id, step=waiting.step, waits=waiting.kind, until=waiting.due_at
    )
