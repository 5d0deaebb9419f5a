"""Everything about one visitor: who he is, what he buys, what he did; and what can be done to his data.

In a wide terminal three panes, else one at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from operator_console.actions import Place, bindings
from operator_console.errors import DeskError
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.sheets import Choice, Picker
from operator_console.inbox.visitor_card import FIELDS, CardBody, CardField, VisitorCardPane
from operator_console.person.around import Around, Beside
from operator_console.person.data import PersonData
from operator_console.person.goods_lines import GoodsPainter
from operator_console.person.header import PersonHeader
from operator_console.person.links import links_of
from operator_console.person.thumbnails import Thumbnails
from operator_console.safe_text import safe_line
from operator_console.themes import Palette, palette_of
from operator_console.translation import _
from operator_console.visitor_names import called
from operator_console.why.screen import WhyScreen
from server_stub.protocol import DialogSummary, Entry, VisitorCard, VisitorErased, VisitorMerged

READ_AFTER = 0.5
"""Seconds after something happened to him until the card is read again."""
TICK = 15.0


class PersonScreen(PersonData, Beside):
    """The full card of `visitor`, called `name` until it is read. `take` gets what the stream brings."""

    PLACE: ClassVar[Place] = "person"
    CSS_PATH = "person.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("person")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(self, around: Around, visitor: str, name: str = "") -> None:
        super().__init__(around)
        self.visitor = visitor
        self._called = called(name, visitor)
        self._card: VisitorCard | None = None
        self._has_story = False
        self._timer: Timer | None = None
        self._thumbnails = Thumbnails(self._pictured) if around.pictures else None

    def compose(self) -> ComposeResult:
        yield PersonHeader(id="person-header")
        with Horizontal(id="person-panes"):
            yield VisitorCardPane(self.now, self.zone, id="person-who", part="person", is_full=True)
            yield LinesView(id="person-goods")
            yield CardBody(self.now, self.zone, id="person-story", part="story", is_full=True)
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        hints = self.query_one(HintBar)
        hints.screen_place, hints.read_only = "person", self.read_only
        for body in (self.who.body, self.story):
            body.site = self.me.site
            body.segments = self.around.segments
            body.titles = self.around.scenario_title
            body.empty_text = _("Loading…")
        self.goods.say("")
        self._show_name()
        self._show_pane("who")
        self.who.body.focus()
        self.set_interval(TICK, self._tick)
        self.set_interval(1.0, self._watch_connection)
        self.action_reload()

    @property
    def who(self) -> VisitorCardPane:
        """Who he is: the left pane."""
        return self.query_one("#person-who", VisitorCardPane)

    @property
    def goods(self) -> LinesView:
        """What he buys: the middle one."""
        return self.query_one("#person-goods", LinesView)

    @property
    def story(self) -> CardBody:
        """What he did: the right one."""
        return self.query_one("#person-story", CardBody)

    # --- Loading ---

    def action_reload(self) -> None:
        self._has_story = False
        self.ask(self._load, group="person", exclusive=True, quietly=True)

    async def _load(self) -> None:
        try:
            card = await self.desk.visitor(self.visitor)
            self.visitor = card.id
            self.took_card(card)
            if await self.around.segments.know(self.desk, card.segments):
                self._show()
            if not self._has_story:
                page = await self.desk.events(card.id)
                self._has_story = True
                self.story.add_older(page.entries, page.more)
                self._show_goods()
        except DeskError as error:
            for body in (self.who.body, self.story):
                body.empty_text = safe_line(f"{error.message} {_('Ctrl+R tries again.')}", 300)
                body.refresh()
            raise

    @property
    def shown_card(self) -> VisitorCard | None:
        return self._card

    def took_card(self, card: VisitorCard) -> None:
        """A newer card is here: show it in all panes."""
        if self._card is not None and self._card.id != card.id:
            self._has_story = False
        self._card = card
        self._called = called(card.name or card.email, card.id)
        self._show()

    def _show(self) -> None:
        card = self._card
        if card is None:
            return
        online = card.online or card.id in self.around.online()
        self.who.body.dialogs = self.around.dialogs_of(card.id)
        self.who.show(card, online=online)
        self.who.body.picture = self._thumbnails.of if self._thumbnails else None
        self.story.show(card, online)
        self._show_goods()
        self._show_name()

    def _show_goods(self) -> None:
        card, story, thumbnails = self._card, self.story, self._thumbnails
        if card is None:
            return

        def lines(palette: Palette, width: int) -> list[Strip]:
            parts = replace(story.painter(width), palette=palette, ground="paper")
            return GoodsPainter(parts, thumbnails).paint(card, story.entries)

        self.goods.show(lines, keep_place=True)
        if thumbnails is not None and (wanted := thumbnails.wanted(card)):
            paper = palette_of(self.app.theme).paper
            self.ask(thumbnails.load, wanted, paper, self.me.site_url, group="thumbnails", quietly=True)

    def _pictured(self) -> None:
        """A picture has come."""
        self.goods.rebuild()
        self.who.body.rebuild()

    def _show_name(self) -> None:
        header = self.query_one(PersonHeader)
        header.who = self._called
        header.card = self._card
        header.online = self._card is not None and (
            self._card.online or self._card.id in self.around.online()
        )
        header.refresh()

    def _tick(self) -> None:
        self._show()

    def _watch_connection(self) -> None:
        header = self.query_one(PersonHeader)
        if (trouble := self.around.trouble()) != header.trouble:
            header.trouble = trouble
            header.refresh()

    # --- What the stream brings ---

    def take(self, visitors: set[str], entries: list[Entry]) -> None:
        """What happened to visitors: his part is shown at once, and his card is read again soon."""
        gone = {entry.what.gone for entry in entries if isinstance(entry.what, VisitorMerged)}
        if self.visitor not in visitors and self.visitor not in gone:
            return
        his = [entry for entry in entries if entry.visitor == self.visitor]
        if any(isinstance(entry.what, VisitorErased) for entry in his):
            self.tell(_("{name} was erased.").format(name=self._called))
            self.leave()
            return
        if self._has_story:
            self.story.add_newer(his)
            self._show_goods()
        if self._timer is None:
            self._timer = self.set_timer(READ_AFTER, self._read_again)

    def _read_again(self) -> None:
        self._timer = None
        self.ask(self._load, group="person", exclusive=True, quietly=True)

    @on(CardBody.OlderWanted)
    def _older(self) -> None:
        self.ask(self._load_older, group="person story", exclusive=True, quietly=True)

    async def _load_older(self) -> None:
        page = await self.desk.events(self.visitor, before=self.story.oldest_seq)
        self.story.add_older(page.entries, page.more)
        self._show_goods()

    # --- Doing ---

    @on(VisitorCardPane.Edited)
    def _edited(self, event: VisitorCardPane.Edited) -> None:
        self.keep_field(event.visitor, event.field, event.value)

    def action_edit_card(self) -> None:
        if self._card is not None and self.may_change():
            self._show_pane("who")
            self.who.edit()

    def action_dialog(self) -> None:
        card = self._card
        if card is None:
            return
        rows = self.around.dialogs_of(card.id)
        current = next((row for row in rows if row.status != "closed"), None)
        if current is not None or (self.read_only and rows):
            self.around.show_dialog(current or rows[0])
        elif rows:
            self._pick_dialog(rows)
        elif self.may_change():
            self.ask(self._begin_dialog, card.id)

    def _pick_dialog(self, rows: Sequence[DialogSummary]) -> None:
        """All are closed: one of them, or a new one."""
        choices = [Choice("", _("A new dialog"), _("he sees it at once where he is on the site"))]
        choices += [Choice(row.id, row.last_text or "—", _(row.status)) for row in rows]

        def chosen(dialog: str | None) -> None:
            if dialog == "":
                if self.may_change():
                    self.ask(self._begin_dialog, self.visitor)
            elif dialog is not None:
                self.around.show_dialog(next(row for row in rows if row.id == dialog))

        self.app.push_screen(Picker(_("Which dialog?"), choices), chosen)

    async def _begin_dialog(self, visitor: str) -> None:
        self.around.show_dialog(await self.desk.start_dialog(visitor))

    def action_why(self) -> None:
        self.app.push_screen(
            WhyScreen(
                self.desk,
                self.visitor,
                now=self.now,
                zone=self.zone,
                titles=self.around.scenario_title,
                name=self._called.name if not self._called.mark else "",
            )
        )

    def action_open_link(self) -> None:
        choices = [Choice(url, label, url) for label, url in links_of(self._card)] if self._card else []
        if not choices:
            self.tell(_("Nothing of him has an address."))
            return
        self.app.push_screen(Picker(_("Open in the browser"), choices), self._open)

    def _open(self, url: str | None) -> None:
        if url is not None:
            self.open_link(url)

    @on(CardBody.LinkOpened)
    def _link(self, event: CardBody.LinkOpened) -> None:
        self.open_link(event.url)

    def action_pictures(self) -> None:
        if self._thumbnails is None:
            self._thumbnails = Thumbnails(self._pictured)
        else:
            self._thumbnails = None
        self._show()

    # --- Focus, and everything else ---

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        hints.place = "field" if isinstance(event.widget, CardField) else "card"
        hints.refresh()
        pane = next((name for name, widget in self._panes().items() if widget is event.widget), "who")
        self._show_pane(pane)

    def _panes(self) -> dict[str, Widget]:
        return {"who": self.who.body, "goods": self.goods, "story": self.story}

    def _show_pane(self, pane: str) -> None:
        """In a narrow terminal, one pane at a time."""
        for name in self._panes():
            self.set_class(name == pane, f"-{name}")
        header = self.query_one(PersonHeader)
        header.pane = pane
        header.refresh()

    def action_pane(self, pane: str) -> None:
        self._show_pane(pane)
        self._panes()[pane].focus()

    def action_next_pane(self) -> None:
        self._step(1)

    def action_last_pane(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        if isinstance(self.focused, CardField):
            stops: list[Widget] = [*(self.query_one(f"#card-{field}") for field in FIELDS), self.who.body]
            stops[(stops.index(self.focused) + by) % len(stops)].focus()
            return
        names = list(self._panes())
        at = next((n for n, name in enumerate(names) if self._panes()[name] is self.focused), 0)
        self.action_pane(names[(at + by) % len(names)])

    def action_back(self) -> None:
        self.leave()

    def leave(self) -> None:
        """Close the screen, and what stands over it; once."""
        if self not in self.app.screen_stack:
            return
        while self.app.screen is not self:
            self.app.pop_screen()
        self.dismiss(None)
