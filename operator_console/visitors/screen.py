"""Visitors: who is on the site now, with page and cart; all of them by a search or a segment; and the card of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from operator_console.actions import Place, bindings
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.list_screen import ListScreen
from operator_console.inbox.search_field import SearchField
from operator_console.inbox.sheets import Choice, Picker
from operator_console.inbox.visitor_card import CardBody
from operator_console.person.around import Around, Beside
from operator_console.person.screen import PersonScreen
from operator_console.translation import _, counted
from operator_console.visitors.header import VisitorsHeader
from operator_console.visitors.list_view import VisitorList
from operator_console.visitors.rows import VisitorFilter, VisitorRows, Whom
from server_stub.protocol import Entry, VisitorPage

PAGE = 100
MOST_AT_ONCE = 1_000
"""Visitors that are read again together; those beyond stay as they were."""
READ_AFTER = 0.12
"""Seconds the cursor rests on a visitor before his card is read: j held down reads nothing on its way."""
TYPED_AFTER = 0.08
"""Seconds after the last key of a search until it is asked for."""
AGAIN_AFTER = 1.0
"""Seconds after something happened until the list is read again, for all that happened together."""
TICK = 15.0


class VisitorsScreen(Beside, ListScreen):
    """`open_beside` opens the full card so that it is told what the stream brings; `take` gets that, too."""

    PLACE: ClassVar[Place] = "visitors"
    BESIDE: ClassVar[Place] = "aside"
    CSS_PATH = "visitors.tcss"
    SEARCH_AFTER = TYPED_AFTER
    BINDINGS: ClassVar[list[BindingType]] = bindings("visitors")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(self, around: Around, *, open_beside: Callable[[PersonScreen], None]) -> None:
        super().__init__()
        self.around = around
        self.desk = around.desk
        self.read_only = around.read_only
        self.rows = VisitorRows()
        self._open_beside = open_beside
        self._filter = VisitorFilter()
        self._shown = VisitorFilter()
        """The filter of the rows that are shown: until others have come, they stay."""
        self._online = frozenset(around.online())
        self._is_loading = False
        self._is_stale = False
        self._read = ""
        """The visitor whose card is shown, or is being read."""
        self._point_timer: Timer | None = None
        self._again_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        around = self.around
        yield VisitorsHeader(id="visitors-header")
        with Horizontal(id="visitors-panes"):
            with Vertical(id="visitors-left"):
                yield SearchField(id="visitors-search", placeholder=_("name, email, phone or the shop's id"))
                yield VisitorList(self.rows, around.now, around.zone, id="visitors-list")
            yield CardBody(around.now, around.zone, id="visitors-card")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "visitors", self.read_only
        self.listing.site = self.card.site = self.around.me.site
        self.card.segments = self.around.segments
        self.card.titles = self.around.scenario_title
        self.card.why = ""
        self.card.empty_text = _("Whoever is under the cursor is shown here.")
        self.listing.focus()
        self.set_interval(TICK, self._tick)
        self.set_interval(AGAIN_AFTER, self._watch)
        self.action_reload()

    @property
    def listing(self) -> VisitorList:
        """The list."""
        return self.query_one(VisitorList)

    @property
    def card(self) -> CardBody:
        """The card of whoever is under the cursor."""
        return self.query_one(CardBody)

    @property
    def beside(self) -> CardBody:
        return self.card

    @property
    def header(self) -> VisitorsHeader:
        """The lines above."""
        return self.query_one(VisitorsHeader)

    # --- Loading ---

    def action_reload(self) -> None:
        self._load()

    def _load(self, *, quietly: bool = False) -> None:
        self._is_loading = True
        self._is_stale = False
        if not quietly:
            self._show_note()
        self.ask(self._load_first, self._filter, group="visitors", exclusive=True, quietly=True)

    async def _page(self, wanted: VisitorFilter, cursor: str, limit: int) -> VisitorPage:
        return await self.desk.visitors(
            query=wanted.text,
            online=wanted.whom == "here",
            segment=wanted.segment,
            blocked=wanted.whom == "blocked",
            cursor=cursor,
            limit=limit,
        )

    async def _load_first(self, wanted: VisitorFilter) -> None:
        # As many as are shown, so that of those who have left none stays below.
        loaded = len(self.rows.order) if wanted == self._shown else 0
        page = await self._page_or_words(wanted, limit=min(max(loaded, PAGE), MOST_AT_ONCE))
        if wanted != self._filter:
            return
        if wanted != self._shown:
            self._shown = wanted
            self.rows.clear()
            self.listing.cursor = ""
        before = list(self.rows.order)
        changed = self.rows.take_first(page)
        self.listing.empty_text = self._empty_text()
        if before:
            self.listing.take(changed, reordered=before != self.rows.order)
        else:
            self.listing.show_anew()
        self._show_note()

    async def _page_or_words(self, wanted: VisitorFilter, cursor: str = "", limit: int = 0) -> VisitorPage:
        try:
            return await self._page(wanted, cursor, limit or PAGE)
        except DeskError:
            self.listing.empty_text = _("The visitors could not be loaded. Ctrl+R tries again.")
            self.listing.refresh()
            raise
        finally:
            self._is_loading = False

    @on(VisitorList.MoreWanted)
    def _more(self) -> None:
        if not self._is_loading and self.rows.cursor:
            self._is_loading = True
            self.ask(self._load_next, self._filter, group="more visitors", quietly=True)

    async def _load_next(self, wanted: VisitorFilter) -> None:
        page = await self._page_or_words(wanted, self.rows.cursor)
        if wanted == self._filter:
            changed = self.rows.take_next(page)
            self.listing.thaw()
            self.listing.take(changed, reordered=False)
            self._show_note()

    def _empty_text(self) -> str:
        if self._filter.text:
            return _("Nobody has these words. Esc ends the search.")
        if self._filter.segment:
            return _("Nobody of this segment is here. F shows everybody who is.")
        if self._filter.whom == "here":
            return _("Nobody is on the site now. 2 shows everybody who was.")
        return _("Nobody is blocked.") if self._filter.whom == "blocked" else _("Nobody was here yet.")

    def _show_note(self) -> None:
        total = self.rows.total
        words = counted("{count} visitor", "{count} visitors", total)
        self.header.note = _("loading…") if self._is_loading and not total else words
        self.header.refresh()

    # --- What the stream brings ---

    def take(self, visitors: set[str], entries: list[Entry]) -> None:
        """What happened to visitors: the list is read again soon, and the card that is shown takes its part."""
        self._is_stale = self._is_stale or bool(visitors)
        if self._read in visitors:
            self.card.add_newer([entry for entry in entries if entry.visitor == self._read])

    def _watch(self) -> None:
        """Who is here is read again where something has happened; what is wrong with the connection is told."""
        online = frozenset(self.around.online())
        if online != self._online:
            self._online, self._is_stale = online, True
        if self._is_stale and not self._is_loading and self.app.screen is self:
            self._load(quietly=True)
            if self._read:
                self.ask(self._load_card, self._read, group="visitors card", exclusive=True, quietly=True)
        if (trouble := self.around.trouble()) != self.header.trouble:
            self.header.trouble = trouble
            self.header.refresh()

    @on(VisitorList.NewAbove)
    def _new_above(self, event: VisitorList.NewAbove) -> None:
        self.header.new_above = event.count
        self.header.refresh()

    def _tick(self) -> None:
        self.listing.tick()
        self.card.rebuild()

    # --- The card ---

    @on(VisitorList.Pointed)
    def _pointed(self, event: VisitorList.Pointed) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        self._point_timer = self.set_timer(READ_AFTER, partial(self._read_card, event.row))

    def _read_card(self, visitor: str) -> None:
        self._read = visitor
        if not visitor:
            self.card.show(None, online=False)
        else:
            self.ask(self._load_card, visitor, group="visitors card", exclusive=True, quietly=True)

    async def _load_card(self, visitor: str) -> None:
        card = await self.desk.visitor(visitor)
        await self.around.segments.know(self.desk, card.segments)
        if self._read != visitor:
            return
        is_other = self.card.card is None or self.card.card.id != card.id
        self.card.show(card, card.online)
        if is_other:
            page = await self.desk.events(card.id)
            if self._read == visitor:
                self.card.add_older(page.entries, page.more)

    @on(CardBody.OlderWanted)
    def _older(self) -> None:
        self.ask(self._load_older, self._read, group="visitors card", quietly=True)

    async def _load_older(self, visitor: str) -> None:
        page = await self.desk.events(visitor, before=self.card.oldest_seq)
        if self._read == visitor:
            self.card.add_older(page.entries, page.more)

    @on(CardBody.LinkOpened)
    def _link(self, event: CardBody.LinkOpened) -> None:
        self.open_link(event.url)

    @on(VisitorList.Opened)
    @on(CardBody.FullWanted)
    def _full_card(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        if row is not None:
            self._open_beside(PersonScreen(self.around, row.id, row.name or row.email))

    def action_dialog(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        if row is None:
            self.tell(_("There is nobody under the cursor."))
            return
        known = next((one for one in self.around.dialogs_of(row.id) if one.id == row.dialog), None)
        if known is not None:
            self.around.show_dialog(known)
        elif row.dialog or self.may_change():
            self.ask(self._begin_dialog, row.id, group="visitors dialog", exclusive=True)

    async def _begin_dialog(self, visitor: str) -> None:
        self.around.show_dialog(await self.desk.start_dialog(visitor))

    # --- Filters ---

    def _set_filter(self, wanted: VisitorFilter) -> None:
        self._filter = self.header.shown = wanted
        self.header.segment = self.around.segments.get(wanted.segment) or wanted.segment
        self._load()

    def action_whom(self, whom: Whom) -> None:
        self._set_filter(replace(self._filter, whom=whom))

    def action_segment(self) -> None:
        self.ask(self._pick_segment, group="segments", exclusive=True)

    async def _pick_segment(self) -> None:
        segments = await self.desk.segments()
        self.around.segments.take(segments)
        choices = [Choice("", _("Any segment"), _("no filter"))]
        choices += [
            Choice(
                one.slug, one.title or one.slug, counted("{count} visitor", "{count} visitors", one.members)
            )
            for one in segments
        ]

        def chosen(slug: str | None) -> None:
            if slug is not None:
                self._set_filter(replace(self._filter, segment=slug))

        self.app.push_screen(Picker(_("Show only"), choices), chosen)

    def action_reset_filter(self) -> None:
        self.hide_search()
        self._set_filter(VisitorFilter())

    @property
    def is_searched(self) -> bool:
        return bool(self._filter.text)

    def forget_search(self) -> None:
        self._set_filter(replace(self._filter, text="", whom="here"))

    def search_for(self, text: str) -> None:
        """Any visitor is looked for, not only among those who are here: so it is where one knows his name."""
        if text != self._filter.text:
            whom: Whom = "all" if text and self._filter.whom == "here" else self._filter.whom
            self._set_filter(replace(self._filter, text=text, whom=whom))
