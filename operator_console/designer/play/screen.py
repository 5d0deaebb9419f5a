"""The player as a screen: a scenario as it lies at the desk or on the disk, played by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from operator_console.actions import Place, bindings
from operator_console.designer.play.known_visitors import KnownVisitors
from operator_console.designer.play.line import PlayLine
from operator_console.designer.play.pane import PlayPane
from operator_console.designer.play.people import WORLD, Person
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.desk import Desk
from operator_console.safe_text import safe_line
from scenarios_yaml.language.model import Scenario, Segment
from scenarios_yaml.tools.stage import CannotError
from scenarios_yaml.tools.testing.cases import Case


class Draft(Struct, frozen=True, kw_only=True):
    """What is played. `scenario` is None where the file cannot be read; `trouble` says why, raw."""

    scenario: Scenario | None
    segments: tuple[Segment, ...] = ()
    others: tuple[Scenario, ...] = ()
    """Scenarios that run beside it, as far as the world names them."""
    trouble: str = ""


class PlayScreen(KnownVisitors):
    """`read` gives the draft, again at each Ctrl+R; `keep` takes a recorded case, and says in a sentence (raw) what
    became of it: it may raise `CannotError`. Both may raise a `DeskError`. `world` and `person` as the pane has them.

    With a `desk`, its visitors can be played, too.
    """

    PLACE: ClassVar[Place] = "player"
    DEFAULT_CSS = """
    PlayScreen { layout: vertical; background: $desk-paper; }
    PlayScreen #hints { height: 1; width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("player")

    def __init__(
        self,
        read: Callable[[], Awaitable[Draft]],
        keep: Callable[[Case], Awaitable[str]],
        *,
        world: Case = WORLD,
        person: Person | None = None,
        desk: Desk | None = None,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._read = read
        self._keep = keep
        self._world = world
        self._person = person

    def compose(self) -> ComposeResult:
        knows_visitors = self._desk is not None
        yield PlayPane(id="play", world=self._world, person=self._person, knows_visitors=knows_visitors)
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.place = "player", "play_line"
        self.pane.line.focus()
        self.action_reload()

    @property
    def pane(self) -> PlayPane:
        """What is played."""
        return self.query_one(PlayPane)

    def desk_of_visitors(self) -> Desk | None:
        return self._desk

    def action_reload(self) -> None:
        self.ask(self._load, group="draft", exclusive=True)

    async def _load(self) -> None:
        try:
            draft = await self._read()
        except DeskError as error:
            self.pane.show_draft(None, trouble=error.message)
            raise
        self.pane.show_draft(draft.scenario, draft.segments, draft.others, trouble=draft.trouble)

    @on(PlayPane.Recorded)
    def _recorded(self, event: PlayPane.Recorded) -> None:
        self.ask(self._keep_case, event.case, group="keep")

    async def _keep_case(self, case: Case) -> None:
        try:
            self.tell(await self._keep(case))
        except CannotError as error:
            self.tell(safe_line(f"{error.message} {error.hint}", 300))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        hints.place = "play_line" if isinstance(event.widget, PlayLine) else "play"
        hints.refresh()

    def action_next_pane(self) -> None:
        pane = self.pane
        (pane.story if pane.line.has_focus else pane.line).focus()

    def action_back(self) -> None:
        if self.pane.line.has_focus and self.pane.line.value:
            self.pane.line.value = ""
        elif self.pane.line.has_focus:
            self.pane.story.focus()
        else:
            self.dismiss(None)

    def doer_of(self, action: str) -> Widget:
        is_writing = self.query_one(HintBar).place == "play_line"
        nearest: list[Widget] = [*([self.pane.line] if is_writing else []), self.pane]
        return next((widget for widget in nearest if hasattr(widget, f"action_{action}")), self)
