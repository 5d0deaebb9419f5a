"""All figures of a scenario: who reached the goal and against whom, by day, by variant, by message, and why it ended.

From each number the visitors behind it, and from a visitor why the scenario spoke to him.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from operator_console.actions import Place, bindings
from operator_console.designer.figures.behind_screen import BehindScreen
from operator_console.designer.figures.header import FiguresHeader
from operator_console.designer.figures.lineage import Lineage
from operator_console.designer.figures.periods import PERIODS, USUAL, Period
from operator_console.designer.figures.story import Behind, story
from operator_console.designer.figures.view import FiguresView
from operator_console.designer.figures.watching import Watch, WatchesFigures
from operator_console.designer.outline.rows import Row, outline
from operator_console.dirty_lines import DirtyLines
from operator_console.inbox.bars import HintBar
from operator_console.inbox.times import moment
from operator_console.translation import _, spoken
from scenarios_yaml.language.editing.document import Document
from server_stub.protocol import ScenarioFigures

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk


class FiguresScreen(WatchesFigures):
    """Of the scenario `slug`. `now` is in ms; `trouble` says what is wrong with the connection; `show_person` opens the
    full card of a visitor with that name."""

    PLACE: ClassVar[Place] = "figures"
    CSS_PATH = "figures.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("figures")

    def __init__(
        self,
        desk: Desk,
        slug: str,
        title: str,
        *,
        now: Callable[[], int],
        zone: tzinfo | None,
        trouble: Callable[[], str],
        show_person: Callable[[str, str], None],
    ) -> None:
        super().__init__()
        self._compositor = DirtyLines()
        self.desk = desk
        self.slug = slug
        self._called = title
        self._now = now
        self._zone = zone
        self._trouble = trouble
        self._show_person = show_person
        self._period = USUAL
        self._version = ""
        """That of what lies on the desk now, once it was read."""
        self._is_this_version = False
        self._rows: Sequence[Row] = ()
        self._lineage = Lineage(slug)
        self._figures: ScenarioFigures | None = None

    def compose(self) -> ComposeResult:
        yield FiguresHeader(id="figures-header")
        yield FiguresView(id="figures-body")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place = hints.place = "figures"
        self.body.focus()
        self.set_interval(1.0, self._watch_connection)
        self._show_header(_("loading…"))
        self.action_reload()

    @property
    def body(self) -> FiguresView:
        """The figures."""
        return self.query_one(FiguresView)

    @property
    def header(self) -> FiguresHeader:
        """The lines above."""
        return self.query_one(FiguresHeader)

    # --- Loading ---

    def watched(self) -> Watch | None:
        return Watch(self.slug, self._period, self._version if self._is_this_version else "")

    def action_reload(self) -> None:
        self._show_header(_("loading…"))
        self.ask(self._load, group="figures", exclusive=True)

    async def _load(self) -> None:
        """What the scenario says, and its figures: those that the stream brings take their place."""
        file = await self.desk.scenario_file(self.slug)
        document = Document(file.text, f"{self.slug}.yaml")
        self._rows = outline(document, spoken())
        self._version = file.version
        await self._lineage.publish(file.text)
        await self._lineage.show(file.text)
        wanted = self.watched()
        figures = await self.desk.figures(
            self.slug,
            since=self._period.since(self._now()),
            version=self._version if self._is_this_version else "",
        )
        if wanted == self.watched():
            self.show_figures(figures)

    def show_figures(self, figures: ScenarioFigures) -> None:
        self._figures = figures
        versions = {step.version for step in figures.steps}
        if any(not self._lineage.knows(version) for version in versions):
            self.ask(self._know_versions, versions, group="versions", exclusive=True, quietly=True)
        self._show_story()

    async def _know_versions(self, versions: set[str]) -> None:
        if await self._lineage.learn(self.desk, versions):
            self._show_story()

    def _show_story(self) -> None:
        figures = self._figures
        if figures is None or not self._rows:
            return
        today = moment(self._now(), self._zone).date()
        told = story(figures, self._rows, self._lineage.key_now, today=today, days=self._period.days)
        self.body.show(told)
        self._show_header("")

    # --- What is shown ---

    def _show_header(self, note: str) -> None:
        header = self.header
        header.title, header.period, header.note = self._called, self._period, note
        header.is_this_version = self._is_this_version
        header.refresh()

    def _watch_connection(self) -> None:
        if (trouble := self._trouble()) != self.header.trouble:
            self.header.trouble = trouble
            self.header.refresh()

    def action_period(self, number: int) -> None:
        self._show_other(PERIODS[number])

    def action_version(self) -> None:
        """The version that lies on the desk alone, or all that ever were."""
        self._is_this_version = not self._is_this_version
        self._show_other(self._period)

    def _show_other(self, period: Period) -> None:
        self._period = period
        self.action_reload()
        self.ask_figures()

    # --- The numbers, and who stands behind them ---

    def action_move(self, by: int) -> None:
        self.body.move(by)

    def action_beside(self, by: int) -> None:
        self.body.move_beside(by)

    def action_open(self) -> None:
        self.body.open_chosen()

    @on(FiguresView.Opened)
    def _opened(self, event: FiguresView.Opened) -> None:
        self._show_behind(event.behind)

    def _show_behind(self, behind: Behind) -> None:
        self.app.push_screen(
            BehindScreen(
                self.desk,
                self.slug,
                self._called,
                behind,
                period=self._period,
                version=self._version if self._is_this_version else "",
                now=self._now,
                zone=self._zone,
                show_person=self._show_person,
            )
        )

    def action_back(self) -> None:
        self.dismiss(None)
