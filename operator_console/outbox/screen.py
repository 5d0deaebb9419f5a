"""The outbox: what scenarios sent beside the chat, what became of it, and each message as it goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.timer import Timer

from operator_console.actions import Place, bindings
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.desk import Desk
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.list_screen import ListScreen
from operator_console.inbox.search_field import SEARCH_DELAY, SearchField
from operator_console.inbox.sheets import Choice, Picker
from operator_console.outbox.card_sheet import CardSheet
from operator_console.outbox.content_lines import ContentPainter
from operator_console.outbox.header import OutboxHeader
from operator_console.outbox.list_view import OutboxList
from operator_console.outbox.rows import STATUSES, Channel, OutboxFilter, OutboxRows
from operator_console.safe_text import safe_line
from operator_console.themes import Palette
from operator_console.translation import _, counted, marked
from operator_console.why.screen import WhyScreen
from server_stub.protocol import Entry, OutboxItem, OutboxStatus

PAGE = 200
"""Rows a page: some screens."""
READ_AFTER = 0.08
"""Seconds the cursor rests on a row before it is read: j held down reads nothing on its way."""
NAMES_AFTER = 0.6
"""Seconds after new rows came until whom they go to is asked, for all of them together."""
KEPT = 60
"""Rows of which the content is kept."""
TICK = 15.0
EMPTY = marked(
    "Nothing here yet. The outbox holds what scenarios send beside the chat: emails, web pushes, messages and "
    "webhooks, each as the visitor gets it. A row comes here as soon as a scenario plans one; while no channel is set "
    "up, it is kept."
)


class OutboxScreen(ListScreen):
    """`go_to` shows a visitor in the inbox, and says whether it could; `now` is in ms; `trouble` says what is wrong
    with the connection."""

    PLACE: ClassVar[Place] = "outbox"
    CSS_PATH = "outbox.tcss"
    SEARCH_AFTER = SEARCH_DELAY
    BINDINGS: ClassVar[list[BindingType]] = bindings("outbox")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        *,
        now: Callable[[], int],
        zone: tzinfo | None,
        titles: Callable[[str], str],
        go_to: Callable[[str], bool],
        trouble: Callable[[], str],
    ) -> None:
        super().__init__()
        self.desk = desk
        self.now = now
        self.zone = zone
        self.rows = OutboxRows()
        self._titles = titles
        self._go_to = go_to
        self._trouble = trouble
        self._filter = OutboxFilter()
        self._contents: dict[str, OutboxItem] = {}
        self._read = ""
        """The id of the row that is shown, or is being read."""
        self._is_loading = False
        self._is_up = False
        """Whether there is anything that could show something."""
        self._point_timer: Timer | None = None
        self._names_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield OutboxHeader(id="outbox-header")
        with Horizontal(id="outbox-panes"):
            with Vertical(id="outbox-left"):
                yield SearchField(id="outbox-search", placeholder=_("recipient, subject or scenario"))
                yield OutboxList(self.rows, self.now, self.zone, id="outbox-list")
            yield LinesView(id="outbox-content")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        self._is_up = True
        self.query_one(HintBar).screen_place = "outbox"
        self.listing.focus()
        self.beside.say("")
        self.set_interval(TICK, self._tick)
        self.set_interval(1.0, self._watch_connection)
        self.action_reload()

    @property
    def listing(self) -> OutboxList:
        """The list."""
        return self.query_one(OutboxList)

    @property
    def beside(self) -> LinesView:
        """Where a row is read."""
        return self.query_one("#outbox-content", LinesView)

    @property
    def header(self) -> OutboxHeader:
        """The lines above."""
        return self.query_one(OutboxHeader)

    # --- Loading ---

    def action_reload(self) -> None:
        self._contents.clear()
        self._load(from_top=True)

    def _load(self, *, from_top: bool = False) -> None:
        self._is_loading = True
        self._show_note()
        self.ask(self._load_page, self._filter, from_top, group="outbox", exclusive=True, quietly=True)

    async def _load_page(self, wanted: OutboxFilter, from_top: bool) -> None:
        reach = None if from_top else self.rows.reach_of(wanted)
        try:
            page = await self.desk.outbox(
                channel=wanted.channel,
                status=wanted.status,
                scenario=wanted.scenario,
                before=reach.oldest[1] if reach else "",
                limit=PAGE,
            )
        except DeskError:
            self._is_loading = False
            self.listing.empty_text = _("The outbox could not be loaded. Ctrl+R tries again.")
            self.listing.refresh()
            raise
        self._is_loading = False
        self.rows.take_page(wanted, page, more=len(page) == PAGE)
        if wanted == self._filter:
            self._show_rows()
            if self.listing.is_near_end:
                self._older()

    def _show_rows(self) -> None:
        self.listing.empty_text = self._empty_text()
        self.listing.thaw()
        if not self.listing.cursor:
            self.listing.show(self._filter)
        self._show_note()

    def _empty_text(self) -> str:
        if self._filter.text:
            return _("Nothing has these words. Esc ends the search.")
        if self._filter != OutboxFilter():
            return _("No row fits this filter. F shows all.")
        return _(EMPTY)

    @on(OutboxList.OlderWanted)
    def _older(self) -> None:
        reach = self.rows.reach_of(self._filter)
        if not self._is_loading and (reach is None or reach.more):
            self._load()

    def _show_note(self) -> None:
        reach = self.rows.reach_of(self._filter)
        count = self.listing.count
        rows = counted("{count:,} row", "{count:,} rows", count)
        if self._is_loading:
            self.header.note = f"{rows} · {_('loading…')}" if count else _("loading…")
        elif reach and reach.more:
            self.header.note = _("{rows}, older ones load as you scroll").format(rows=rows)
        else:
            self.header.note = rows
        self.header.refresh()

    # --- What the stream brings ---

    def take(self, entries: list[Entry]) -> None:
        """What has become of rows, and new ones. What is under the cursor stays where it is."""
        if not self._is_up:
            return  # the first page is still to be asked for, and will have it all
        before = len(self.rows.rows)
        touched = {key for entry in entries if (key := self.rows.take_entry(entry))}
        if not touched:
            return
        is_news = len(self.rows.rows) != before or bool(self._filter.status)
        self.listing.take(touched, reordered=is_news)
        self._show_note()
        for key in touched & self._contents.keys():
            del self._contents[key]
        if self._read in touched:
            self._read_row(self._read)
        if self.rows.unnamed and self._names_timer is None:
            self._names_timer = self.set_timer(NAMES_AFTER, self._ask_names)

    def _ask_names(self) -> None:
        self._names_timer = None
        self.ask(self._load_names, group="outbox names", exclusive=True, quietly=True)

    async def _load_names(self) -> None:
        touched = self.rows.freshen(await self.desk.outbox(limit=PAGE))
        self.listing.take(touched, reordered=False)

    def start_over(self) -> None:
        """The connection was away for too long: what is here may have changed."""
        if self._is_up:
            self.action_reload()

    @on(OutboxList.NewAbove)
    def _new_above(self, event: OutboxList.NewAbove) -> None:
        self.header.new_above = event.count
        self.header.refresh()

    def _tick(self) -> None:
        self.listing.tick()
        self.beside.rebuild()

    def _watch_connection(self) -> None:
        if (trouble := self._trouble()) != self.header.trouble:
            self.header.trouble = trouble
            self.header.refresh()

    # --- What is read ---

    @on(OutboxList.Pointed)
    def _pointed(self, event: OutboxList.Pointed) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        if event.row in self._contents:
            self._show_content(self._contents[event.row])
        else:
            self._point_timer = self.set_timer(READ_AFTER, partial(self._read_row, event.row))

    def _read_row(self, row: str) -> None:
        if not row:
            self._read = ""
            self.beside.say("")
            return
        if self._read != row:
            self.beside.say(_("Loading…"))
        self._read = row
        self.ask(self._load_content, row, group="outbox content", exclusive=True, quietly=True)

    async def _load_content(self, row: str) -> None:
        try:
            item = await self.desk.outbox_item(row)
        except DeskError as error:
            if self._read == row:
                self.beside.say(
                    safe_line(_("It cannot be read: {reason}").format(reason=error.message), 400), "hot"
                )
            return
        self._contents[row] = item
        if len(self._contents) > KEPT:
            del self._contents[next(iter(self._contents))]
        if self.listing.cursor == row:
            self._show_content(item)

    def _show_content(self, item: OutboxItem) -> None:
        is_same = self._read == item.id and self.beside.line_count > 3
        self._read = item.id

        def lines(palette: Palette, width: int) -> list[Strip]:
            return ContentPainter(palette, width, self.now(), self.zone).paint(item)

        self.beside.show(lines, keep_place=is_same)

    @on(OutboxList.Opened)
    def _opened(self) -> None:
        self.read_beside()

    # --- Filters ---

    def _set_filter(self, wanted: OutboxFilter) -> None:
        self._filter = self.header.shown = wanted
        self.listing.empty_text = _("Loading…")
        self.listing.show(wanted)
        self._load(from_top=self.rows.reach_of(wanted) is None)

    def action_channel(self, channel: Channel) -> None:
        self._set_filter(replace(self._filter, channel=channel))

    def action_status(self) -> None:
        names: tuple[OutboxStatus | Literal[""], ...] = ("", *STATUSES)
        following = names[(names.index(self._filter.status) + 1) % len(names)]
        self._set_filter(replace(self._filter, status=following))

    def action_scenario(self) -> None:
        choices = [Choice("", _("Every scenario"), _("no filter"))]
        choices += [
            Choice(
                slug,
                self._titles(slug) or slug,
                f"{slug} · {counted('{count} loaded', '{count} loaded', count)}",
            )
            for slug, count in self.rows.scenarios()
            if slug
        ]

        def chosen(slug: str | None) -> None:
            if slug is not None:
                self._set_filter(replace(self._filter, scenario=slug))

        self.app.push_screen(Picker(_("Show only"), choices), chosen)

    def action_reset_filter(self) -> None:
        self.hide_search()
        self._set_filter(OutboxFilter())

    @property
    def is_searched(self) -> bool:
        return bool(self._filter.text)

    def forget_search(self) -> None:
        self._set_filter(replace(self._filter, text=""))

    def search_for(self, text: str) -> None:
        if text != self._filter.text:
            self._set_filter(replace(self._filter, text=text))

    # --- The visitor ---

    def action_visitor(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        if row is None or not row.visitor:
            self.tell(_("There is no row under the cursor."))
        elif self._go_to(row.visitor):
            self.dismiss(None)
        else:
            self.app.push_screen(CardSheet(self.desk, row.visitor, self.now, self.zone))

    def action_why(self) -> None:
        row = self.rows.rows.get(self.listing.cursor)
        if row is not None and row.visitor:
            self.app.push_screen(
                WhyScreen(
                    self.desk,
                    row.visitor,
                    now=self.now,
                    zone=self.zone,
                    titles=self._titles,
                    scenario=row.scenario,
                )
            )
