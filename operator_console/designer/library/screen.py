"""The library: every ready-made scenario, and beside it how it looks to the visitor."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.timer import Timer

from operator_console.actions import Place, bindings
from operator_console.designer.launch.draft import LaunchDraft
from operator_console.designer.launch.launch import Launch, Launched
from operator_console.designer.library.header import LibraryHeader
from operator_console.designer.library.items import LibraryRow, LibraryRows
from operator_console.designer.library.list_view import LibraryList
from operator_console.designer.library.parts import parts_of
from operator_console.designer.library.preview_lines import PreviewPainter
from operator_console.designer.look.sample import Sample
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.list_screen import ListScreen
from operator_console.inbox.search_field import SearchField
from operator_console.themes import Palette
from operator_console.translation import _, counted, spoken
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

SHOWN_AFTER = 0.04
"""Seconds the cursor rests on a scenario before it is drawn: j held down draws nothing on its way."""
TYPED_AFTER = 0.05


class LibraryScreen(ListScreen):
    """`here` are the scenarios that the desk has already, by slug; `launches` those whose launch was begun and not
    ended, by what the library calls them. `now` is in ms. `launched` is the one with which the screen was left."""

    PLACE: ClassVar[Place] = "library"
    CSS_PATH = "library.tcss"
    SEARCH_AFTER = TYPED_AFTER
    BINDINGS: ClassVar[list[BindingType]] = bindings("library")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        *,
        me: Me,
        now: Callable[[], int],
        here: Collection[str],
        desk: Desk,
        launches: dict[str, LaunchDraft],
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.now = now
        self.read_only = read_only
        self.launched: Launched | None = None
        self._desk = desk
        self._launches = launches
        self._here = here
        self.rows = LibraryRows(spoken())
        self.rows.here = frozenset(here)
        self._me = me
        self._shown_slug = ""
        """The scenario that is drawn."""
        self._point_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield LibraryHeader(id="library-header")
        with Horizontal(id="library-panes"):
            with Vertical(id="library-left"):
                yield SearchField(id="library-search", placeholder=_("what it is about"))
                yield LibraryList(self.rows, self.now, id="library-list")
            yield LinesView(id="library-preview")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "library", self.read_only or self._me.role == "operator"
        self.listing.empty_text = _("Nothing has these words. Esc ends the search.")
        self.listing.focus()
        self.listing.show("")
        self._show_header()

    @property
    def listing(self) -> LibraryList:
        """The list."""
        return self.query_one(LibraryList)

    @property
    def beside(self) -> LinesView:
        """Where a scenario is drawn."""
        return self.query_one("#library-preview", LinesView)

    def _show_header(self) -> None:
        header = self.query_one(LibraryHeader)
        header.text = self.listing.text
        header.note = counted("{count} scenario", "{count} scenarios", self.listing.row_count)
        header.refresh()

    # --- What is drawn ---

    @on(LibraryList.Pointed)
    def _pointed(self) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        self._point_timer = self.set_timer(SHOWN_AFTER, self._show_pointed)

    def _show_pointed(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        self._shown_slug = self.listing.cursor
        if row is None:
            self.beside.say("")
        else:
            self._show(row)

    def _show(self, row: LibraryRow) -> None:
        language = spoken()
        site = {"name": self._me.site, "url": self._me.site_url}
        scope = Sample(language, site, now=self.now()).scope(row.scenario)
        parts = parts_of(row.scenario, scope, language)
        is_here = row.slug in self.rows.here

        def lines(palette: Palette, width: int) -> list[Strip]:
            painter = PreviewPainter(palette, width, self.now(), self._me.site)
            return painter.paint(row, parts, is_here=is_here)

        self.beside.show(lines)

    @on(LibraryList.Opened)
    def _opened(self) -> None:
        if self.has_class("-wide"):
            self.action_launch()
        else:
            self.read_beside()

    # --- The launch ---

    def action_launch(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        if row is None:
            return
        if self._me.role == "operator":
            self.tell(_("Scenarios are changed by marketers and admins."))
        elif self.may_change():
            self._launch(row)

    def _launch(self, row: LibraryRow) -> None:
        """From what was set before, if it was begun already."""
        # Loaded when it is first wanted: it brings the forms.
        from operator_console.designer.launch.conditions import ConditionsScreen

        draft = self._launches.setdefault(row.slug, LaunchDraft(row.text, self._here))
        draft.give_free_name()
        launch = Launch(self._desk, self._me, self.now, draft)

        def closed(_result: None) -> None:
            if launch.launched is not None:
                self.launched = launch.launched
                self._launches.pop(row.slug, None)
                self.dismiss(None)

        self.app.push_screen(ConditionsScreen(launch), closed)

    # --- Search ---

    @property
    def is_searched(self) -> bool:
        return bool(self.listing.text)

    def forget_search(self) -> None:
        self.search_for("")

    def search_for(self, text: str) -> None:
        if text != self.listing.text:
            self.listing.show(text)
            self._show_header()

    def action_reset_filter(self) -> None:
        self.hide_search()
        self.search_for("")
