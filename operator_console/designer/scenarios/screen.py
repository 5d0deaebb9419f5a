"""All scenarios: what starts each, who is on his way in it, and its file; paused, resumed and launched by a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec.structs import replace
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.timer import Timer

from operator_console.actions import Place, bindings
from operator_console.designer.around import DesignAround
from operator_console.designer.figures.watching import FiguresWanted
from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.making import Making
from operator_console.designer.scenarios.file_lines import FilePainter
from operator_console.designer.scenarios.header import ScenariosHeader
from operator_console.designer.scenarios.list_view import ScenarioList
from operator_console.designer.scenarios.moving import Moving
from operator_console.designer.scenarios.row_lines import title_of
from operator_console.designer.scenarios.rows import ScenarioFilter, ScenarioRow, ScenarioRows, Shown
from operator_console.designer.widget_look.opening import OpeningLook
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.list_screen import ListScreen
from operator_console.inbox.search_field import SearchField
from operator_console.inbox.sheets import Choice, Picker
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted, marked, spoken
from server_stub.protocol import ChangeScenario, Me, ScenarioFile, ScenarioStatus

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

READ_AFTER = 0.08
"""Seconds the cursor rests on a scenario before its file is shown: j held down reads nothing on its way."""
TYPED_AFTER = 0.05
RUNNING_EVERY = 5.0
"""Seconds after which it is asked anew who is on his way: the stream tells of scenarios, not of each run."""
PERIODS = (30, 90, 365, 7)
"""Days of which who entered and who came to the goal is shown, one after the other."""
FILES_AT_ONCE = 24
"""So many files are read before the list shows what it has."""
EMPTY = marked("There is no scenario yet. Those that lie in the server's folder come here by themselves.")
Switch = Literal["live", "paused", "archived"]


class ScenariosScreen(Making, Moving, OpeningLook, ListScreen):
    """`statuses` are the scenarios as the stream has told of them; `names` operators' names by id; `trouble` says what
    is wrong with the connection. `now` is in ms."""

    PLACE: ClassVar[Place] = "scenarios"
    CSS_PATH = "scenarios.tcss"
    SEARCH_AFTER = TYPED_AFTER
    BINDINGS: ClassVar[list[BindingType]] = bindings("scenarios")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        *,
        me: Me,
        now: Callable[[], int],
        zone: tzinfo | None,
        statuses: Callable[[], Iterable[ScenarioStatus]],
        names: Mapping[str, str],
        trouble: Callable[[], str],
        read_only: bool = False,
        around: DesignAround | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.around = around or DesignAround(names=names, now=now, zone=zone)
        self.now = now
        self.zone = zone
        self.read_only = read_only
        self.rows = ScenarioRows(spoken())
        self._me = me
        self._statuses = statuses
        self._names = names
        self._trouble = trouble
        self._filter = ScenarioFilter()
        self._launches: dict[str, LaunchDraft] = {}
        self._files: dict[str, ScenarioFile] = {}
        self._shown_slug = ""
        """The scenario whose file is shown."""
        self._days = PERIODS[0]
        self._is_up = False
        """Whether there is anything that could show something."""
        self._point_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield ScenariosHeader(id="scenarios-header")
        with Horizontal(id="scenarios-panes"):
            with Vertical(id="scenarios-left"):
                yield SearchField(id="scenarios-search", placeholder=_("title, name or what starts it"))
                yield ScenarioList(self.rows, self.now, id="scenarios-list")
            yield LinesView(id="scenarios-content")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        self._is_up = True
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "scenarios", self.read_only or self._me.role == "operator"
        self.listing.drafts = self.around.drafts
        self.listing.focus()
        self.beside.say("")
        self.set_interval(1.0, self._watch_connection)
        self.set_interval(RUNNING_EVERY, self._ask_running)
        self.rows.take(self._statuses())
        self.action_reload()

    def on_screen_resume(self) -> None:
        # What was changed in the tree, or published from it, is marked.
        self.listing.refresh()

    @property
    def listing(self) -> ScenarioList:
        """The list."""
        return self.query_one(ScenarioList)

    @property
    def beside(self) -> LinesView:
        """Where a file is read."""
        return self.query_one("#scenarios-content", LinesView)

    @property
    def header(self) -> ScenariosHeader:
        """The lines above."""
        return self.query_one(ScenariosHeader)

    @property
    def _row(self) -> ScenarioRow | None:
        return self.rows.rows.get(self.listing.cursor)

    def may_change(self) -> bool:
        """Whether this person may change scenarios; says so where not."""
        if self._me.role == "operator":
            self.tell(_("Scenarios are changed by marketers and admins."))
            return False
        return super().may_change()

    # --- Loading ---

    def action_reload(self) -> None:
        self._files.clear()
        self.ask(self.load, group="scenarios", exclusive=True, quietly=True)

    def _ask_running(self) -> None:
        if self.app.screen is self:
            self.ask(self.load, group="scenarios", exclusive=True, quietly=True)

    async def load(self) -> None:
        """Load what has changed, and show it."""
        try:
            statuses = await self.desk.scenarios(self._days)
        except DeskError:
            self.listing.empty_text = _("The scenarios could not be loaded. Ctrl+R tries again.")
            self.listing.refresh()
            raise
        self._forget_and_show(self.rows.take(statuses))
        await self._read_files()

    async def _read_files(self) -> None:
        """Read what is not known yet of the files, some at a time, and show it."""
        while unread := self.rows.unread()[:FILES_AT_ONCE]:
            for slug in unread:
                self.rows.take_file(await self.desk.scenario_file(slug))
            self._changed(set(unread))
        self._changed(set())

    def take(self) -> None:
        """The stream has told of scenarios."""
        if not self._is_up:
            return
        touched = self.rows.take(self._told())
        self._forget_and_show(touched)
        if touched:
            self.ask(self._read_files, group="scenarios", exclusive=True, quietly=True)

    def _told(self) -> Iterable[ScenarioStatus]:
        """What the stream has told; of who entered it knows less than was asked for here."""
        for status in self._statuses():
            known = self.rows.rows.get(status.slug)
            if known is None:
                yield status
            else:
                yield replace(status, running=known.status.running, totals=known.status.totals)

    def start_over(self) -> None:
        """The connection was away for too long: what is here may have changed."""
        if self._is_up:
            self.action_reload()

    def _forget_and_show(self, touched: set[str]) -> None:
        """These are other now: who stands where in them, too."""
        for slug in touched:
            self._files.pop(slug, None)
        self._changed(touched)

    def _changed(self, touched: set[str]) -> None:
        self.listing.empty_text = self._empty_text()
        self.listing.thaw()
        if self.listing.cursor in touched:
            self._read_pointed()
        self._show_header()

    def _show_header(self) -> None:
        header, count = self.header, self.listing.row_count
        header.shown, header.counts, header.days = self._filter, self.rows.counts(), self._days
        is_loading = bool(self.rows.unread())
        header.note = _("loading…") if is_loading else counted("{count} scenario", "{count} scenarios", count)
        header.refresh()

    def _empty_text(self) -> str:
        if self._filter.text:
            return _("Nothing has these words. Esc ends the search.")
        if self._filter.status:
            return _("No scenario has this status. F shows all.")
        return _("Loading…") if self.rows.unread() else _(EMPTY)

    def _watch_connection(self) -> None:
        if (trouble := self._trouble()) != self.header.trouble:
            self.header.trouble = trouble
            self.header.refresh()

    # --- What is read ---

    @on(ScenarioList.Pointed)
    def _pointed(self) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        self._point_timer = self.set_timer(READ_AFTER, self._read_pointed)

    def _read_pointed(self) -> None:
        row = self._row
        if row is None:
            self.beside.say("")
        elif row.status.slug in self._files:
            self._show_file(row, self._files[row.status.slug])
        else:
            self.ask(self._load_file, row.status.slug, group="scenario file", exclusive=True, quietly=True)

    async def _load_file(self, slug: str) -> None:
        try:
            self._files[slug] = file = await self.desk.scenario_file(slug)
        except DeskError as error:
            self.beside.say(
                safe_line(_("It cannot be read: {reason}").format(reason=error.message), 400), "hot"
            )
            return
        row = self._row
        if row is not None and row.status.slug == slug:
            self._show_file(row, file)

    def _show_file(self, row: ScenarioRow, file: ScenarioFile) -> None:
        def lines(palette: Palette, width: int) -> list[Strip]:
            return FilePainter(palette, width, self.now(), self.zone, self._names).paint(row, file)

        is_same = self._shown_slug == row.status.slug
        self._shown_slug = row.status.slug
        self.beside.show(lines, keep_place=is_same)

    @on(ScenarioList.Opened)
    def _opened(self) -> None:
        if (row := self._row) is not None:
            self.ask(self.open_tree, row.status.slug, title_of(row), group="tree", exclusive=True)

    async def open_tree(self, slug: str, title: str) -> None:
        """Show the tree of a scenario of the desk. `title` is clean."""
        # Loaded when it is first wanted, as the player is.
        from operator_console.designer.tree.screen import TreeScreen

        file = await self.desk.scenario_file(slug)
        if self.app.screen is self:
            tree = TreeScreen(self.desk, self._me, file, title, read_only=self.read_only, around=self.around)
            self.app.push_screen(tree)

    def action_figures(self) -> None:
        if self._row is not None:
            self.post_message(FiguresWanted(self._row.status.slug, title_of(self._row)))

    def action_versions(self) -> None:
        row = self._row
        if row is not None:
            # Loaded when it is first wanted, as the tree is.
            from operator_console.designer.versions.screen import VersionsScreen

            title = row.title or row.status.title or row.status.slug
            self.app.push_screen(
                VersionsScreen(
                    self.desk, self._me, row.status.slug, title, around=self.around, read_only=self.read_only
                )
            )

    def action_play(self) -> None:
        row = self._row
        if row is not None:
            # Loaded when it is first wanted: it brings the engine.
            from operator_console.designer.play.of_desk import player_of

            self.app.push_screen(player_of(self.desk, row.status.slug, read_only=self.read_only))

    # --- What changes ---

    def action_switch(self) -> None:
        row = self._row
        if row is None or not self.may_change():
            return
        if row.status.status == "live":
            self.ask(self._switch, row, "paused")
        elif row.status.status == "paused":
            self.ask(self._switch, row, "live")
        else:
            title = _("Launch “{title}”?").format(title=safe_line(title_of(row), 40))
            self._ask_first(row, title, _("Launch it"), _("visitors meet it from now on"), "live")

    def action_archive(self) -> None:
        row = self._row
        if row is None or not self.may_change():
            return
        running = row.status.running
        detail = counted("ends for {count:,} on his way", "ends for {count:,} on their way", running)
        title = _("Archive “{title}”?").format(title=safe_line(title_of(row), 40))
        self._ask_first(
            row, title, _("Archive it"), detail if running else _("it starts no more"), "archived"
        )

    def _ask_first(self, row: ScenarioRow, title: str, yes: str, detail: str, status: Switch) -> None:
        def chosen(value: str | None) -> None:
            if value == "yes":
                self.ask(self._switch, row, status)

        choices = [Choice("no", _("Leave it as it is")), Choice("yes", yes, detail)]
        self.app.push_screen(Picker(title, choices), chosen)

    async def _switch(self, row: ScenarioRow, status: Switch) -> None:
        await self.desk.change_scenario(row.status.slug, ChangeScenario(status))
        words = {
            "paused": _("{title} is paused. p lets it go on."),
            "live": _("{title} is live."),
            "archived": _("{title} is archived. p launches it again."),
        }
        self.tell(words[status].format(title=title_of(row)))

    # --- Filters ---

    def _set_filter(self, wanted: ScenarioFilter) -> None:
        self._filter = wanted
        self.listing.empty_text = self._empty_text()
        self.listing.show(wanted)
        self._show_header()

    def action_period(self) -> None:
        self._days = PERIODS[(PERIODS.index(self._days) + 1) % len(PERIODS)]
        self._show_header()
        self.ask(self.load, group="scenarios", exclusive=True, quietly=True)

    def action_status(self, status: Shown) -> None:
        self._set_filter(replace(self._filter, status=status))

    def action_reset_filter(self) -> None:
        self.hide_search()
        self._set_filter(ScenarioFilter())

    @property
    def is_searched(self) -> bool:
        return bool(self._filter.text)

    def forget_search(self) -> None:
        self._set_filter(replace(self._filter, text=""))

    def search_for(self, text: str) -> None:
        if text != self._filter.text:
            self._set_filter(replace(self._filter, text=text))
