"""A draft that is played: its story, the clock above it, the line in which the visitor writes below it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input

from operator_console.actions import bindings
from operator_console.designer.play.clock_line import ClockLine
from operator_console.designer.play.doings import Doing, Fit, Next, Start
from operator_console.designer.play.line import COMMANDS, PlayLine
from operator_console.designer.play.people import WORLD, Person, case_of, first_sample, languages_of, samples
from operator_console.designer.play.screen_view import screen_view
from operator_console.designer.play.session import Misfit, Session
from operator_console.designer.play.story_lines import StoryPainter
from operator_console.designer.play.story_words import nearest
from operator_console.inbox.bars import Bar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.language_words import from_language
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _
from scenarios_yaml.language.model import OnEvent, Scenario, Segment, WaitFor
from scenarios_yaml.language.tree import all_steps
from scenarios_yaml.tools.playing.state_shown import state_rows
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing.cases import Case

SOMEBODY_ELSE = "…"
"""The choice of a visitor whom the desk knows."""


class PlayPane(Vertical):
    """Give it a draft by `show_draft`; whatever it is, what was played is played again with it.

    `world` is a case without a timeline: its visitor gives way to whoever is chosen. With `knows_visitors` one of the
    desk may be chosen: `VisitorWanted` asks for him.
    """

    DEFAULT_CSS = """
    PlayPane { height: 1fr; width: 1fr; }
    PlayPane > ClockLine { height: 2; width: 1fr; }
    PlayPane > PlayLine, PlayPane > PlayLine:focus { height: 1; border: none; padding: 0 1; width: 1fr; }
    PlayPane > LinesView {
        background: $desk-paper;
        scrollbar-background: $desk-paper;
        scrollbar-background-hover: $desk-paper;
        scrollbar-background-active: $desk-paper;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("play")

    @dataclass
    class Moved(Message):
        """Something was done, or made undone: `session.standing` and `session.walked` tell which steps are marked."""

        session: Session

    @dataclass
    class Recorded(Message):
        """What was played is to be kept as this case of the scenario's tests; it passes."""

        case: Case

    @dataclass
    class VisitorWanted(Message):
        """A visitor of the desk is to be chosen, for `play_as`."""

    def __init__(
        self,
        *,
        id: str,  # noqa: A002
        world: Case = WORLD,
        person: Person | None = None,
        knows_visitors: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.session: Session | None = None
        self._world = world
        self._knows_visitors = knows_visitors
        self._person = person or samples()[0]
        self._is_chosen = person is not None
        self._draft: Scenario | None = None
        self._segments: tuple[Segment, ...] = ()
        self._others: tuple[Scenario, ...] = ()
        self._asked: tuple[str, Sequence[tuple[str, ...]]] | None = None
        self._refusal = ""
        self._with_steps = False
        self._with_page = False

    def compose(self) -> ComposeResult:
        yield ClockLine(id="play-clock")
        yield LinesView(id="play-story")
        yield PlayLine(self._events, id="play-line")

    def on_mount(self) -> None:
        self._show()

    @property
    def story(self) -> LinesView:
        """What came of it."""
        return self.query_one(LinesView)

    @property
    def line(self) -> PlayLine:
        """Where the visitor writes."""
        return self.query_one(PlayLine)

    # --- What is played, and with whom ---

    def show_draft(
        self,
        scenario: Scenario | None,
        segments: Iterable[Segment] = (),
        others: Iterable[Scenario] = (),
        *,
        trouble: str = "",
    ) -> None:
        """Play this from now on: what was done so far is done again with it, and what no longer fits is told.

        None: the draft cannot be read; it is played on as it was, and the clock's line says so (`trouble`, raw).
        """
        self.query_one(ClockLine).trouble = trouble
        if scenario is not None:
            self._draft, self._segments, self._others = scenario, tuple(segments), tuple(others)
            if self.session is None:
                if not self._is_chosen:
                    self._person = first_sample(languages_of(scenario))
                self._begin()
            else:
                self._play_again()
        self._show()

    def play_as(self, person: Person) -> None:
        """Somebody else takes the visitor's place, and does what he did."""
        self._person, self._is_chosen = person, True
        if self._draft is not None:
            if self.session is None:
                self._begin()
            else:
                self._play_again()
        self._show()

    def play_in(self, world: Case) -> None:
        """Another world, as the constructor has it: what was done is done in it."""
        self._world = world
        if self._draft is not None:
            if self.session is None:
                self._begin()
            else:
                self._play_again()
        self._show()

    def _begin(self) -> None:
        if self._draft is None:
            return
        self._refusal, self._asked = "", None
        try:
            self.session = Session(
                self._draft,
                case_of(self._person, self._draft, self._world),
                segments=self._segments,
                others=self._others,
            )
        except CannotError as error:
            self.session = None
            self._refuse(error)

    async def follow_draft(self, scenario: Scenario, segments: Iterable[Segment] = ()) -> None:
        """As `show_draft`, for a large one: what was done is done again in a thread, and once more where something was
        done meanwhile."""
        self._draft, self._segments, self._others = scenario, tuple(segments), ()
        while (session := self.session) is not None and self._draft is scenario:
            done, setting = len(session.turns), case_of(self._person, scenario, self._world)
            try:
                made = await asyncio.to_thread(session.again, scenario, setting, segments=self._segments)
            except CannotError as error:
                self._refuse(error)
                break
            if self.session is session and len(session.turns) == done and self._draft is scenario:
                self._take_again(*made)
                break
        self._show()

    def _play_again(self) -> None:
        if self._draft is None or self.session is None:
            return
        try:
            session, misfit = self.session.again(
                self._draft,
                case_of(self._person, self._draft, self._world),
                segments=self._segments,
                others=self._others,
            )
        except CannotError as error:
            self._refuse(error)
            return
        self._take_again(session, misfit)

    def _take_again(self, session: Session, misfit: Misfit | None) -> None:
        self.session, self._refusal, self._asked = session, "", None
        if misfit is not None:
            words = _("From here on it no longer fits: {reason}. Left out: {count}.")
            reason = safe_line(from_language(misfit.message), 300)
            self._refusal = words.format(reason=reason, count=misfit.left_out + 1)

    # --- Doing ---

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        typed = event.value.strip()
        if not typed:
            self.do_nearest()
        elif not self._looks(typed):
            self._try_line(typed)
        self.line.keep(typed)

    def do_nearest(self) -> None:
        """What Enter does where nothing is typed."""
        doing = nearest(self.session).doing if self.session is not None else None
        if doing is not None:
            self._try(doing)

    def _try_line(self, typed: str) -> None:
        if self.session is None:
            return
        try:
            turn = self.session.type(typed)
        except CannotError as error:
            self._refuse(error)
            self._show()
        else:
            if turn is not None:
                self._done()

    def _try(self, doing: Doing) -> None:
        if self.session is None:
            return
        try:
            if isinstance(doing, Fit):
                self.session.fit(doing.trigger)
            else:
                self.session.do(doing)
        except CannotError as error:
            self._refuse(error)
            self._show()
        else:
            self._done()

    def _done(self) -> None:
        self._refusal, self._asked = "", None
        self._show()
        if self.session is not None:
            self.post_message(self.Moved(self.session))

    def _refuse(self, error: CannotError) -> None:
        hint = f" ({from_language(error.hint)})" if error.hint else ""
        self._refusal = safe_line(f"{from_language(error.message)}{hint}", 400)

    def _looks(self, typed: str) -> bool:
        """Does what a command of the pane says; whether it was one."""
        name, _space, rest = typed.removeprefix(":").partition(" ")
        doers = {
            "state": self.action_state,
            "help": self._help,
            "trace": self.action_steps,
            "why": self._why,
            "reset": self.action_reset,
            "back": self.action_undo,
        }
        if not typed.startswith(":") or typed.startswith("::"):
            return False
        if name == "record":
            self._record(rest)
        elif name in doers:
            doers[name]()
        return name == "record" or name in doers

    # --- Actions ---

    def action_start(self) -> None:
        self._try(Start())

    def action_wait(self) -> None:
        self._try(Next())

    def action_undo(self) -> None:
        if self.session is not None and self.session.back() is not None:
            self._done()

    def action_reset(self) -> None:
        self._begin()
        self._done()

    def action_steps(self) -> None:
        self._with_steps = not self._with_steps
        self._show()

    def action_page(self) -> None:
        self._with_page = not self._with_page
        self._show()

    def action_state(self) -> None:
        if self.session is not None:
            rows = state_rows(self.session.state, self.session.shown)
            self._tell(_("What is known of the visitor"), rows)

    def _help(self) -> None:
        rows = [(f":{name} {example}".rstrip(), _(what)) for name, (example, what) in COMMANDS.items()]
        self._tell(_("Write as the visitor, or type the number of an answer. Commands:"), rows)

    def _why(self) -> None:
        if self.session is None:
            return
        refusals = [line for line in self.session.trace if line.phase == "refused"]
        rows = [(self.session.shown(line.at), line.result) for line in refusals[-10:]]
        self._tell(_("Not let in") if rows else _("Nobody was refused so far"), rows)

    def _tell(self, title: str, rows: Sequence[tuple[str, ...]]) -> None:
        self._asked, self._refusal = (title, rows), ""
        self._show()

    def action_record(self) -> None:
        def named(values: tuple[str, ...] | None) -> None:
            if values:
                self._record(values[0])

        title = _("Record a test")
        self.app.push_screen(Prompt(title, [_("What does it show?")]), named)

    def _record(self, name: str) -> None:
        if self.session is None:
            return
        try:
            case = self.session.record(name)
        except CannotError as error:
            self._refuse(error)
            self._show()
        else:
            self.post_message(self.Recorded(case))

    def action_visitor(self) -> None:
        if self._draft is None:
            return
        people = samples(languages_of(self._draft))
        choices = [
            Choice(str(number), f"{one.called} · {one.locale}", ", ".join(map(str, one.given.values())))
            for number, one in enumerate(people)
        ]
        if self._knows_visitors:
            choices.append(Choice(SOMEBODY_ELSE, _("Somebody whom the desk knows…")))

        def chosen(value: str | None) -> None:
            if value == SOMEBODY_ELSE:
                self.post_message(self.VisitorWanted())
            elif value is not None:
                self.play_as(people[int(value)])
                self._done()

        self.app.push_screen(Picker(_("Who plays"), choices), chosen)

    def action_write(self) -> None:
        self.line.focus()

    @on(Bar.Pressed)
    async def _pressed(self, event: Bar.Pressed) -> None:
        event.stop()
        await self.run_action(event.run)

    # --- Showing ---

    def _events(self) -> list[str]:
        """The names of events that the draft knows."""
        draft = self._draft
        if draft is None:
            return []
        names = [one.event for one in (*draft.trigger, *draft.exit) if isinstance(one, OnEvent)]
        names += [draft.goal.event] if draft.goal is not None else []
        steps = all_steps([draft.steps, *(steps for _name, steps in draft.blocks)])
        names += [step.event for step in steps if isinstance(step, WaitFor)]
        return list(
            dict.fromkeys([*names, "Page Viewed", "Product Viewed", "Product Added", "Order Completed"])
        )

    def _show(self) -> None:
        if not self.is_mounted:
            return
        session = self.session
        clock = self.query_one(ClockLine)
        clock.session, clock.person = session, self._person
        clock.refresh()
        self.line.placeholder = nearest(session).line if session is not None else ""
        if session is None:
            self.story.say(self._refusal or _("There is nothing to play yet: the draft cannot be read."))
            return
        view = screen_view(session)
        asked, refusal = self._asked, self._refusal
        greeting = safe_line(session.scenario.title.render({}, session.locale), 200)

        def lines(palette: Palette, width: int) -> list[Strip]:
            painter = StoryPainter(
                palette, width, session.shop, self._world.timezone, self._with_steps, self._with_page
            )
            story = painter.paint(view) or painter.greeting(greeting, nearest(session).line)
            story += painter.asked(*asked) if asked is not None else []
            return story + (painter.refused(refusal) if refusal else [])

        self.story.show(lines, keep_place=True)
        self.story.scroll_end(animate=False, immediate=True)
