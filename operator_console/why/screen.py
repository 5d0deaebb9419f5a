"""Why scenarios spoke to a visitor, or kept still: those that were considered, and of one each time that it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from functools import partial
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.timer import Timer
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from operator_console.actions import Place, bindings
from operator_console.errors import DeskError
from operator_console.inbox.asking import Asking
from operator_console.inbox.bars import HintBar
from operator_console.inbox.cells import cut, pad
from operator_console.inbox.desk import Desk
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.times import ago
from operator_console.safe_text import safe_line
from operator_console.server_words import from_server
from operator_console.themes import Palette
from operator_console.translation import _
from operator_console.visitor_names import called
from operator_console.why.lines import WhyPainter, last_words
from server_stub.protocol import WhyLast, WhyReport

TIMES = 200
"""Times of one scenario that are asked for."""
ASK_AFTER = 0.15
"""Seconds the cursor rests on a scenario before the desk is asked: each answer is a replay of all that he did."""


class ScenarioList(OptionList):
    """The scenarios, with the keys of every list."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def action_down(self) -> None:
        self.action_cursor_down()

    def action_up(self) -> None:
        self.action_cursor_up()

    def action_top(self) -> None:
        self.action_first()

    def action_bottom(self) -> None:
        self.action_last()

    def action_open(self) -> None:
        self.action_select()


class WhyScreen(Asking, ModalScreen[None]):
    """Over one visitor; begins with `scenario` where one is given. `titles` gives a scenario's title, `now` ms."""

    PLACE: ClassVar[Place] = "why"
    CSS_PATH = "why.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("why")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        visitor: str,
        *,
        now: Callable[[], int],
        zone: tzinfo | None,
        titles: Callable[[str], str],
        scenario: str = "",
        name: str = "",
    ) -> None:
        super().__init__()
        self._desk = desk
        self._visitor = visitor
        self._now = now
        self._zone = zone
        self._titles = titles
        self._scenario = scenario
        self._called = name
        self._last: tuple[WhyLast, ...] = ()
        self._reports: dict[str, WhyReport] = {}
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        with Vertical(id="why-sheet"):
            with Horizontal(id="why-panes"):
                yield ScenarioList(id="why-scenarios", markup=False)
                yield LinesView(id="why-answer")
            yield HintBar(id="hints")

    def on_mount(self) -> None:
        self.query_one(HintBar).screen_place = "why"
        self._show_name()
        self.choices.focus()
        self.action_reload()

    @property
    def choices(self) -> OptionList:
        """The scenarios."""
        return self.query_one(OptionList)

    @property
    def answer(self) -> LinesView:
        """Each time of the chosen one."""
        return self.query_one(LinesView)

    def _show_name(self) -> None:
        sheet = self.query_one("#why-sheet", Vertical)
        sheet.border_title = Content(f"{_('Why')} · {called(self._called, self._visitor)}").markup

    # --- Loading ---

    def action_reload(self) -> None:
        self._reports.clear()
        self.answer.say(_("Going through everything that happened to this visitor…"))
        self.ask(self._load, group="why", exclusive=True, quietly=True)

    async def _load(self) -> None:
        try:
            overview = await self._desk.considered(self._visitor)
        except DeskError as error:
            self.answer.say(safe_line(f"{error.message} {_('Ctrl+R asks again.')}", 500), "hot")
            return
        self._called = overview.called
        self._show_name()
        self._last = overview.scenarios
        self._fill()
        if not self._last:
            sentences = " ".join(safe_line(from_server(one), 300) for one in overview.unknown)
            nothing = _("No scenario was considered for this visitor: nothing happened that one listens to.")
            self.answer.say(f"{nothing} {sentences}".strip())
            return
        names = [one.scenario for one in self._last]
        self.choices.highlighted = names.index(self._scenario) if self._scenario in names else 0

    def _fill(self) -> None:
        width = max(self.choices.size.width - 3, 16)
        self.choices.clear_options()
        self.choices.add_options([Option(self._choice(one, width)) for one in self._last])

    def _choice(self, one: WhyLast, width: int) -> Content:
        """Mark, title and time; below, how it ended the last time."""
        mark, colour = ("✓ ", "good") if one.outcome == "entered" else ("✗ ", "hot")
        when = ago(one.at, self._now(), self._zone)
        title = safe_line(self._titles(one.scenario) or one.scenario, 120)
        room = max(width - 2 - cell_len(when) - 1, 4)
        return Content.assemble(
            (mark, f"$desk-{colour}"),
            pad(title, room),
            (f" {when}", "$desk-faint"),
            "\n",
            ("  " + cut(last_words(one), width - 2), "$desk-soft"),
        )

    @on(OptionList.OptionHighlighted)
    def _pointed(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index >= len(self._last):
            return
        scenario = self._scenario = self._last[event.option_index].scenario
        if self._timer is not None:
            self._timer.stop()
        if scenario in self._reports:
            self._show(self._reports[scenario])
        else:
            self.answer.say(_("Loading…"))
            self._timer = self.set_timer(ASK_AFTER, partial(self._ask, scenario))

    def _ask(self, scenario: str) -> None:
        self.ask(self._load_answer, scenario, group="why answer", exclusive=True, quietly=True)

    async def _load_answer(self, scenario: str) -> None:
        try:
            report = await self._desk.why(self._visitor, scenario, TIMES)
        except DeskError as error:
            if self._scenario == scenario:
                self.answer.say(safe_line(f"{error.message} {_('Ctrl+R asks again.')}", 500), "hot")
            return
        self._reports[scenario] = report
        if self._scenario == scenario:
            self._show(report)

    def _show(self, report: WhyReport) -> None:
        title = self._titles(report.scenario)

        def lines(palette: Palette, width: int) -> list[Strip]:
            return WhyPainter(palette, width, self._now(), self._zone, title).paint(report)

        self.answer.show(lines)

    # --- Focus, and everything else ---

    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        self.add_class("-reading")
        self.answer.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        hints.place = "card" if isinstance(event.widget, LinesView) else "list"
        hints.refresh()

    def on_resize(self) -> None:
        if self._last:
            self.call_after_refresh(self._refill)

    def _refill(self) -> None:
        at = self.choices.highlighted
        self._fill()
        self.choices.highlighted = at

    def action_next_pane(self) -> None:
        if self.answer.has_focus:
            self.action_back()
        else:
            self._chosen()

    def action_back(self) -> None:
        if self.answer.has_focus:
            self.remove_class("-reading")
            self.choices.focus()
        else:
            self.dismiss(None)
