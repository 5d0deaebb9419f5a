"""A visitor to talk to scenarios as: fed with lines, it answers with what happened, as typed things.

No terminal here: `operator-console scenarios play` prints the things, and a designer may show them otherwise. A line
is what the visitor writes or the number or label of an answer; a line that begins with a colon is a command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from scenarios_yaml.engine import clock
from scenarios_yaml.engine.catalog import Catalog
from scenarios_yaml.engine.effects import ChatOption, Effect, TraceLine
from scenarios_yaml.engine.engine import Outcome, refresh
from scenarios_yaml.engine.state import VisitorState, World
from scenarios_yaml.language.durations import format_duration
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.language.problems import quoted
from scenarios_yaml.tools.playing import starting
from scenarios_yaml.tools.playing.fitting import fitting
from scenarios_yaml.tools.playing.player_lines import COMMANDS, Command, command_of
from scenarios_yaml.tools.playing.state_shown import state_rows
from scenarios_yaml.tools.playing.typed import item_of
from scenarios_yaml.tools.stage import SITE, CannotError, Script, Stage, visitor_named
from scenarios_yaml.tools.testing.cases import MONDAY_NOON
from scenarios_yaml.tools.testing.performing import perform
from scenarios_yaml.tools.testing.watched import Hole, watched

# --- What can have happened ---------------------------------------------------------------------------------


class Came(Struct, frozen=True):
    """What one thing that the engine was told brought: effects and decisions at the moment `at` (ms)."""

    at: int
    effects: tuple[Effect, ...]
    trace: tuple[TraceLine, ...]


class Yours(Struct, frozen=True):
    """What the visitor, or an operator, has just done, in words."""

    text: str
    by: str = "you"


class Notice(Struct, frozen=True):
    """Something to know: a heading, and rows of it (each one or two cells)."""

    text: str
    rows: tuple[tuple[str, ...], ...] = ()


class Decided(Struct, frozen=True):
    """Decisions of before, asked for."""

    text: str
    trace: tuple[TraceLine, ...]


class Refused(Struct, frozen=True):
    """What was typed cannot be done: why, and what would help."""

    message: str
    hint: str = ""


class Left(Struct, frozen=True):
    """The player is over."""


Thing: TypeAlias = Came | Yours | Notice | Decided | Refused | Left


class Settings(Struct, frozen=True):
    """In which world the visitor is played, and what is known of him from the start. `at` is local to the project."""

    locale: str = ""
    at: str = MONDAY_NOON
    timezone: str = "UTC"
    operators_online: int = 1
    hours: tuple[str, str] | None = None
    """When the shop opens and closes on each day, HH:MM; None: it has no business hours."""
    holidays: tuple[str, ...] = ()
    """Days on which it does not open: YYYY-MM-DD, or MM-DD."""
    given: dict[str, Any] = {}


class Player:
    """One visitor and the scenarios that he meets; the first one is what is being played.

    All of them run as if they were live. Raises `CannotError` where `settings` are no moment.
    """

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        segments: Sequence[Segment] = (),
        settings: Settings | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._holes: list[Hole] = []
        self._things: list[Thing] = []
        live = [replace(watched(scenario, self._holes), status="live") for scenario in scenarios]
        self.scenario = live[0]
        self._segments = tuple(segments)
        self._catalog = Catalog.of(live, segments=segments)
        self._stage = self._new_stage()

    @property
    def state(self) -> VisitorState:
        return self._stage.state

    @property
    def trace(self) -> list[TraceLine]:
        """Everything that was decided since the visitor came."""
        return self._stage.rehearsal.trace

    @property
    def now(self) -> int:
        """The virtual clock, in ms."""
        return self._stage.now

    @property
    def clock(self) -> str:
        """The virtual clock as the project sees it."""
        return self.shown(self._stage.now)

    def shown(self, at: int) -> str:
        """A moment (ms) in the project's time."""
        return clock.local(at, clock.project_zone(self._stage.world)).strftime("%Y-%m-%d %H:%M:%S")

    def answers(self) -> tuple[ChatOption, ...]:
        """What is offered now, in the order of the numbers that one may type."""
        questions = self._stage.open_questions()
        return questions[0].options if questions else ()

    def greeting(self) -> list[Thing]:
        """What would start the scenario, and how to begin."""
        rows = tuple((starting.described(trigger),) for trigger in self.scenario.trigger)
        title = self.scenario.title.render({}, self._locale)
        heading = f"{title} ({self.scenario.slug}). It is {self.clock}. The scenario starts with:"
        return [
            Notice(heading, rows),
            Notice("Type :start to make the first of it happen, :help for all commands."),
        ]

    def feed(self, line: str) -> list[Thing]:
        """Does what a line says. Never raises."""
        self._things = []
        line = line.strip()
        if line:
            try:
                command = command_of(line)
                if command is None:
                    self._speak(line.removeprefix(":") if line.startswith("::") else line)
                else:
                    _DOERS[command.name](self, command)
            except CannotError as error:
                self._things.append(Refused(error.message, error.hint))
            self._tell_holes()
        return self._things

    # --- The visitor ---------------------------------------------------------------------------------------

    @property
    def _locale(self) -> str:
        return self.settings.locale or "en"

    def _new_stage(self) -> Stage:
        hours = self.settings.hours
        world = World(
            operators_online=self.settings.operators_online,
            timezone=self.settings.timezone,
            locale=self._locale,
            business_hours=dict.fromkeys(range(7), hours) if hours is not None else {},
            holidays=self.settings.holidays,
            currency="EUR",
            site=SITE,
        )
        now = clock.parse_moment(self.settings.at, clock.project_zone(world))
        if now is None:
            raise CannotError(
                f"{quoted(self.settings.at)} is no date and time", "for example 2026-03-05 10:00"
            )
        state = VisitorState(
            id=visitor_named(self._catalog.programs.values()),
            properties={**self.settings.given, "locale": self._locale},
        )
        state = refresh(state, self._catalog, now, world)
        stage = Stage(self._catalog, state, now=now, world=world, script=Script())
        stage.on_outcome = self._heard
        return stage

    def _heard(self, outcome: Outcome) -> None:
        if outcome.effects or outcome.trace:
            self._things.append(Came(self._stage.now, outcome.effects, outcome.trace))

    def _tell_holes(self) -> None:
        for hole in self._holes:
            where = f"line {hole.line} of {hole.scenario}"
            self._things.append(Refused(f"a text cannot be filled in: {hole.reason}", where))
        self._holes.clear()

    def _speak(self, text: str) -> None:
        """Presses the answer of that number or label, else writes."""
        answers = [option.label for option in self.answers()]
        if text.isdecimal() and 1 <= int(text[:3]) <= len(answers):
            text = answers[int(text[:3]) - 1]
        folded = " ".join(text.split()).casefold()
        self._things.append(Yours(text))
        if any(" ".join(label.split()).casefold() == folded for label in answers):
            self._stage.answer(text)
        elif not self._stage.write(text):
            self._things.append(Notice("No scenario answers: the message is for people."))

    # --- Commands ------------------------------------------------------------------------------------------

    def _start(self, _: Command) -> None:
        before = len(self.trace)
        said = starting.start(self._stage, self.scenario.trigger[0])
        self._things.insert(0, Notice(said))
        lines = [line for line in self.trace[before:] if line.scenario == self.scenario.slug]
        if any(line.phase == "started" for line in lines):
            self._tell_wait()
            return
        refusals = [line for line in lines if line.phase == "refused"]
        if not refusals:
            self._things.append(
                Refused("The scenario did not notice it.", ":state shows the visitor as he is")
            )
            return
        condition = refusals[-1].result.partition(": ")[2]
        typed = starting.advice(condition)
        hint = (
            f"try {typed} and then :start again"
            if typed
            else "make that true with :as or :event, then :start again"
        )
        self._things.append(Refused(f"He was not let in: {refusals[-1].result}", hint))

    def _tell_wait(self) -> None:
        """How to get to what the scenario waits for, where that is only time."""
        run = self._stage.run_of(self.scenario.slug)
        if run is not None and run.waiting is not None and run.waiting.kind == "wait":
            left = max(1_000, run.waiting.due_at - self.now)
            self._things.append(
                Notice(
                    f"It waits until {self.shown(run.waiting.due_at)}: type :advance {format_duration(left)}"
                )
            )

    def _perform(self, command: Command) -> None:
        item = item_of(command)
        if item is not None:
            perform(self._stage, item, self._locale)

    def _advance(self, command: Command) -> None:
        self._perform(command)
        self._things.append(Notice(f"It is {self.clock}."))

    def _fit(self, _: Command) -> None:
        items = fitting(self._stage, self.scenario, self.scenario.trigger[0], self._segments)
        if not items:
            raise CannotError(
                "nothing is known that would make him fit", "try :start, and see what is missing"
            )
        for item in items:
            perform(self._stage, item, self._locale)
        self._things.append(Notice("Now :start again."))

    def _next(self, _: Command) -> None:
        due = self._stage.next_due()
        if not due:
            raise CannotError("nothing waits for time", ":state shows what he waits for")
        self._stage.advance(due - self.now)
        self._things.append(Notice(f"It is {self.clock}."))

    def _click(self, _: Command) -> None:
        clicked = self._stage.click()
        self._things.insert(0, Notice(f"He clicks {quoted(clicked)}."))

    def _open(self, _: Command) -> None:
        subject = self._stage.open_email()
        self._things.insert(0, Notice(f"He opens {quoted(subject)}."))

    def _operators(self, command: Command) -> None:
        self._perform(command)
        self._things.append(Notice(f"Operators online: {command.rest}."))

    def _operator(self, command: Command) -> None:
        self._things.append(Yours(command.rest or "…", by="operator"))
        self._perform(command)

    def _webhook(self, command: Command) -> None:
        self._perform(command)
        self._things.append(Notice("Webhooks reply so from now on."))

    def _coupon(self, command: Command) -> None:
        self._perform(command)
        pool, _, code = (part.strip() for part in command.rest.partition("="))
        self._things.append(Notice(f"The pool {pool} " + (f"gives {code}." if code else "is used up.")))

    def _fail(self, command: Command) -> None:
        self._perform(command)
        self._things.append(Notice("The next thing that is sent fails."))

    def _state(self, _: Command) -> None:
        rows = state_rows(self.state, self.shown)
        self._things.append(Notice(f"The visitor at {self.clock}", rows))

    def _trace(self, _: Command) -> None:
        self._things.append(
            Decided("Everything so far" if self.trace else "Nothing so far", tuple(self.trace))
        )

    def _why(self, _: Command) -> None:
        refusals = tuple(line for line in self.trace if line.phase == "refused")
        self._things.append(
            Decided("Not let in" if refusals else "Nobody was refused so far", refusals[-10:])
        )

    def _reset(self, _: Command) -> None:
        self._stage = self._new_stage()
        self._things += self.greeting()

    def _help(self, _: Command) -> None:
        rows = tuple((f":{name} {example}".rstrip(), what) for name, (example, what) in COMMANDS.items())
        heading = "Write to the bot, or type the number of an answer. Commands:"
        self._things.append(Notice(heading, rows))

    def _quit(self, _: Command) -> None:
        self._things.append(Left())


_DOERS: dict[str, Callable[[Player, Command], None]] = {
    "start": Player._start, "fit": Player._fit, "advance": Player._advance, "next": Player._next,
    "until": Player._advance, "event": Player._perform, "as": Player._perform, "tag": Player._perform,
    "untag": Player._perform, "submit": Player._perform, "close": Player._perform, "click": Player._click,
    "open": Player._open, "operators": Player._operators, "operator": Player._operator,
    "webhook": Player._webhook, "coupon": Player._coupon, "fail": Player._fail, "state": Player._state,
    "trace": Player._trace, "why": Player._why, "reset": Player._reset, "help": Player._help,
    "quit": Player._quit,
}  # fmt: skip
