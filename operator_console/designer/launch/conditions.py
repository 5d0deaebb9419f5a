"""The second of four decisions of a launch: what the shop sets, and whom the scenario would reach then."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.strip import Strip
from textual.widgets import Static

from operator_console.actions import Place, bindings
from operator_console.designer.launch.facts_lines import facts_lines
from operator_console.designer.launch.form import LaunchField, LaunchForm, LaunchText
from operator_console.designer.launch.header import LaunchHeader
from operator_console.designer.launch.launch import Launch
from operator_console.designer.launch.messages import MessagesScreen
from operator_console.designer.launch.reach_lines import ReachPainter
from operator_console.designer.launch.reaching import REST, Reaching
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.themes import Palette
from operator_console.translation import _


class ConditionsScreen(Reaching):
    """Over a launch. Closes itself when the scenario has been launched, or with Esc."""

    PLACE: ClassVar[Place] = "launch"
    CSS_PATH = "launch.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("launch")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self.launch = launch

    def compose(self) -> ComposeResult:
        yield LaunchHeader(1, id="launch-header")
        with Horizontal(id="launch-panes"):
            yield LaunchForm(self.launch.draft, id="launch-form")
            yield LinesView(id="launch-facts")
        yield Static("", id="launch-help", markup=False)
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        self.query_one(HintBar).screen_place = "launch"
        self._show_header()
        for field in self.query("LaunchField, LaunchText"):
            field.focus()
            break
        self.show_facts()
        self.ask_reach()
        self.ask(self._read_names, group="names", quietly=True)

    async def _read_names(self) -> None:
        self.launch.names = await self.launch.desk.names()
        self.form.know(self.launch.names)

    @property
    def form(self) -> LaunchForm:
        """What is filled in."""
        return self.query_one(LaunchForm)

    @property
    def facts(self) -> LinesView:
        """What comes of it."""
        return self.query_one("#launch-facts", LinesView)

    # --- What is shown ---

    def _show_header(self) -> None:
        header, draft = self.query_one(LaunchHeader), self.launch.draft
        header.title, header.slug = draft.title, draft.slug
        if draft.source in draft.taken:
            header.colour = "warm"
            header.note = _("your desk has {slug} already").format(slug=draft.source)
        header.refresh()

    def show_facts(self) -> None:
        scenario, reach = self.launch.draft.scenario, self.launch.draft.reach

        def lines(palette: Palette, width: int) -> list[Strip]:
            whom = ReachPainter(palette, width).paint(reach)
            what = facts_lines(scenario, palette, width)
            # Where there is little room, what one cannot know otherwise comes first.
            return [*whom[1:], *what] if self.has_class("-narrow") else [*what, *whom]

        self.facts.show(lines, keep_place=True)

    @on(LaunchForm.Asks)
    def _show_help(self, event: LaunchForm.Asks) -> None:
        self.query_one("#launch-help", Static).update(Content(event.help))

    @on(LaunchForm.Changed)
    def _changed(self) -> None:
        self._show_header()
        if self.launch.draft.reach.text != self.launch.draft.document.text:
            self.launch.draft.reach.is_old = True
        self.show_facts()
        self.ask_reach(REST)

    # --- On and back ---

    @on(LaunchForm.Entered)
    def action_next(self) -> None:
        wrong = self.form.take_all()
        if wrong is not None:
            wrong.focus()
            return
        self.stop_reach()
        self.app.push_screen(MessagesScreen(self.launch), self._came_back)

    def _came_back(self, _result: None) -> None:
        if self.launch.launched is not None:
            self.dismiss(None)
        else:
            self._show_header()
            self.ask_reach()

    def action_again(self) -> None:
        """Ask whom it would reach once more: the desk may know of others by now."""
        self.launch.draft.reach.text = ""
        self.ask_reach()

    def action_back(self) -> None:
        if self.facts.has_focus:
            self.action_next_pane()
            return
        self.form.take_all()
        self.stop_reach()
        self.dismiss(None)

    def action_next_pane(self) -> None:
        """Between the form and what comes of it."""
        if not self.facts.has_focus:
            self.facts.focus()
            return
        for field in self.query("LaunchField, LaunchText"):
            field.focus()
            break

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        is_field = isinstance(event.widget, LaunchField | LaunchText)
        hints.place = "launch_field" if is_field else "card"
        hints.refresh()
