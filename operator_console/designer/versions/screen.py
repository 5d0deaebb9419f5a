"""The versions of a scenario: who published each, when and why; what differs between any two; the way back to one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.strip import Strip
from textual.timer import Timer

from operator_console.actions import Place, bindings
from operator_console.designer.around import DesignAround
from operator_console.designer.versions.comparing import Comparison, compare
from operator_console.designer.versions.comparison_lines import ComparisonPainter
from operator_console.designer.versions.going_back import GoingBack
from operator_console.designer.versions.header import VersionsHeader
from operator_console.designer.versions.list_view import VersionList
from operator_console.designer.versions.row_lines import when_of
from operator_console.designer.versions.rows import VersionRow, VersionRows
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted
from server_stub.protocol import Me

if TYPE_CHECKING:
    from operator_console.inbox.desk import Desk

SHOWN_AFTER = 0.06
"""Seconds the cursor rests on a version before it is compared: j held down compares nothing on its way."""
PAGE = 100
"""Versions that are loaded at once."""
Made: TypeAlias = Callable[[ComparisonPainter], list[Strip]]


class VersionsScreen(GoingBack):
    """Of the scenario `slug`; `title` is raw."""

    PLACE: ClassVar[Place] = "versions"
    CSS_PATH = "versions.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("versions")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        me: Me,
        slug: str,
        title: str,
        *,
        around: DesignAround,
        read_only: bool = False,
    ) -> None:
        super().__init__()
        self.desk = desk
        self.slug = slug
        self.title = title
        self.around = around
        self.read_only = read_only
        self.rows = VersionRows()
        self.shown = ""
        """The version that is shown beside the list, and what it was compared with."""
        self._me = me
        self._reads_whole = False
        self._point_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield VersionsHeader(id="versions-header")
        with Horizontal(id="versions-panes"):
            yield VersionList(self.rows, self.around.now, self.around.zone, id="versions-list")
            yield LinesView(id="versions-content")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "versions", self.read_only or self._me.role == "operator"
        header = self.query_one(VersionsHeader)
        header.title, header.slug = self.title, self.slug
        self.listing.focus()
        self.content.say("")
        self.around.listen(self.action_reload)
        self.action_reload()

    def on_unmount(self) -> None:
        self.around.forget(self.action_reload)

    @property
    def listing(self) -> VersionList:
        """The list."""
        return self.query_one(VersionList)

    @property
    def content(self) -> LinesView:
        """Where a version is compared and read."""
        return self.query_one("#versions-content", LinesView)

    @property
    def row(self) -> VersionRow | None:
        """The version under the cursor."""
        return self.rows.rows.get(self.listing.cursor)

    def may_edit(self) -> bool:
        if self._me.role == "operator":
            self.tell(_("Scenarios are changed by marketers and admins."))
            return False
        return self.may_change()

    # --- Loading ---

    def action_reload(self) -> None:
        self.ask(self._load, group="versions", exclusive=True, quietly=True)

    async def _load(self) -> None:
        try:
            versions = await self.desk.versions(self.slug, limit=PAGE)
        except DeskError:
            self.listing.empty_text = _("The versions could not be loaded. Ctrl+R tries again.")
            self.listing.refresh()
            raise
        self.rows.take(versions, has_older=len(versions) == PAGE)
        self._changed()

    @on(VersionList.OlderWanted)
    def _older_wanted(self) -> None:
        if self.rows.has_older:
            self.ask(self._load_older, group="older versions", exclusive=True, quietly=True)

    async def _load_older(self) -> None:
        before = self.rows.last_seq
        versions = await self.desk.versions(self.slug, before=before, limit=PAGE)
        if before == self.rows.last_seq:
            self.rows.add_older(versions, has_older=len(versions) == PAGE)
            self._changed()

    def _changed(self) -> None:
        """Other rows are there, or another one is marked."""
        self.listing.empty_text = _("Nothing was published yet.")
        self.listing.thaw()
        header = self.query_one(VersionsHeader)
        more = "+" if self.rows.has_older else ""
        count = counted("{count} version", "{count} versions", len(self.rows.rows))
        header.note = f"{count}{more}"
        marked = self.rows.rows.get(self.rows.marked)
        header.against = when_of(marked, self.around.now(), self.around.zone) if marked is not None else ""
        header.refresh()
        self._show_pointed()

    # --- What is shown of one ---

    @on(VersionList.Pointed)
    def _pointed(self) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        self._point_timer = self.set_timer(SHOWN_AFTER, self._show_pointed)

    def _show_pointed(self) -> None:
        row = self.row
        if row is None:
            self.content.say("")
        elif row.is_removed:
            self._paint(row, f"{row.version.seq}", lambda painter: painter.removed(row))
        else:
            self.ask(self._show, row, group="version", exclusive=True, quietly=True)

    async def _show(self, row: VersionRow) -> None:
        key = str(row.version.seq)
        try:
            text = await self.text_of(row)
            if self._reads_whole:
                self._paint(row, f"whole {key}", lambda painter: painter.whole(row, text))
                return
            other = self.rows.older_of(key)
            before = await self.text_of(other) if other is not None else ""
        except DeskError as error:
            said = _("It cannot be read: {reason}").format(reason=error.message)
            self.content.say(safe_line(said, 400), "hot")
            return
        # In a thread: large files take their time.
        compared: Comparison = await asyncio.to_thread(compare, before, text)
        against = other.version.seq if other is not None else 0
        self._paint(row, f"{key} {against}", lambda painter: painter.paint(row, other, compared))

    def _paint(self, row: VersionRow, shown: str, made: Made) -> None:
        if self.row is None or self.row.version.seq != row.version.seq:
            return

        def lines(palette: Palette, width: int) -> list[Strip]:
            return made(ComparisonPainter(palette, width, self.around.now(), self.around.zone))

        is_same, self.shown = self.shown == shown, shown
        self.content.show(lines, keep_place=is_same)

    def action_mark(self) -> None:
        """Compare every other version with this one, or each with the one before it again."""
        if (row := self.row) is not None and not row.is_removed:
            self.rows.mark(str(row.version.seq))
            self._changed()

    def action_unmark(self) -> None:
        if self.rows.marked:
            self.rows.mark(self.rows.marked)
            self._changed()

    # --- Focus ---

    @on(VersionList.Opened)
    def _opened(self) -> None:
        """The whole file of the version, at full width."""
        if self.row is not None:
            self._reads_whole = True
            self.add_class("-reading")
            self.content.focus()
            self._show_pointed()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        hints.place = "list" if isinstance(event.widget, VersionList) else "card"
        hints.refresh()

    def action_next_pane(self) -> None:
        if self.content.has_focus:
            self._to_list()
        else:
            if self.has_class("-narrow"):
                self.add_class("-reading")
            self.content.focus()

    def _to_list(self) -> None:
        self.remove_class("-reading")
        self.listing.focus()
        if self._reads_whole:
            self._reads_whole = False
            self._show_pointed()

    def action_back(self) -> None:
        if self.content.has_focus or self.has_class("-reading"):
            self._to_list()
        else:
            self.dismiss(None)
