"""The third of four decisions of a launch: every message as the visitor sees it, its texts edited where they stand, and
then the last one, the launch itself."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.strip import Strip

from operator_console.actions import Place, bindings
from operator_console.designer.forms.changing import languages
from operator_console.designer.forms.known import Known
from operator_console.designer.forms.sheet import FormSheet
from operator_console.designer.forms.sources import Filling, Sources
from operator_console.designer.launch.browsing import Browsing
from operator_console.designer.launch.draft import Status
from operator_console.designer.launch.header import LaunchHeader
from operator_console.designer.launch.launch import Launch, Launched
from operator_console.designer.launch.message_lines import MessagePainter, in_short
from operator_console.designer.launch.message_rows import message_rows
from operator_console.designer.launch.messages_list import MessagesList
from operator_console.designer.launch.sheet import LaunchSheet
from operator_console.designer.library.parts import parts_of
from operator_console.designer.look.browser import Draft
from operator_console.designer.look.sample import Sample
from operator_console.errors import Refused
from operator_console.inbox.bars import HintBar
from operator_console.inbox.lines_view import LinesView
from operator_console.inbox.row_list import RowList
from operator_console.themes import Palette
from operator_console.translation import _, counted, spoken
from server_stub.protocol import PublishScenario

CONFLICT = 409


class MessagesScreen(Browsing):
    """Over a launch. Closes itself when the scenario has been launched, or with Esc."""

    PLACE: ClassVar[Place] = "launch_look"
    CSS_PATH = "launch.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings("launch_look")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self.launch = launch
        self.desk = launch.desk

    def compose(self) -> ComposeResult:
        yield LaunchHeader(2, id="launch-header")
        with Horizontal(id="launch-panes"):
            yield MessagesList(self.launch.now, id="launch-messages")
            yield LinesView(id="launch-preview")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        self.query_one(HintBar).screen_place = "launch_look"
        self.listing.focus()
        self.show_messages()

    @property
    def listing(self) -> MessagesList:
        """The messages."""
        return self.query_one(MessagesList)

    @property
    def preview(self) -> LinesView:
        """How they look."""
        return self.query_one("#launch-preview", LinesView)

    # --- What is shown ---

    def show_messages(self) -> None:
        """Show what stands in the draft now."""
        draft, header = self.launch.draft, self.query_one(LaunchHeader)
        parts = parts_of(draft.scenario, self._sample(spoken()).scope(draft.scenario), spoken())
        self.listing.show(message_rows(draft.scenario, parts))
        header.title, header.slug = draft.title, draft.slug
        header.note = counted("{count} message", "{count} messages", len(self.listing.rows))
        header.refresh()
        self._show_pointed()

    @property
    def site(self) -> dict[str, str]:
        """What texts may say of the shop, in the forms in front of this screen, too."""
        return {"name": self.launch.me.site, "url": self.launch.me.site_url}

    def _sample(self, language: str) -> Sample:
        return Sample(language, self.site, now=self.launch.now())

    @on(RowList.Pointed)
    def _pointed(self) -> None:
        self._show_pointed()
        self.follow_in_browser()

    def _show_pointed(self) -> None:
        row, scenario = self.listing.row, self.launch.draft.scenario
        spoken_here = languages(self.launch.draft.document) or ("",)
        scopes = {one: self._sample(one or spoken()).scope(scenario) for one in spoken_here}
        parts = parts_of(scenario, self._sample(spoken()).scope(scenario), spoken())

        def lines(palette: Palette, width: int) -> list[Strip]:
            painter = MessagePainter(palette, width, self.launch.me.site)
            return painter.message(scenario, row, scopes) if row is not None else painter.all(parts)

        self.preview.show(lines)

    # --- Texts ---

    @on(RowList.Opened)
    def _opened(self) -> None:
        if self.listing.row is None:
            self.action_next()
        else:
            self.action_edit()

    def action_edit(self) -> None:
        row = self.listing.row
        if row is None:
            self.tell(_("Choose a message first: ↓ goes to the first one."))
            return
        document = self.launch.draft.document
        filling = Filling(document, self.site, self.launch.now)
        sources = Sources(Known(names=self.launch.names), filling.fill)
        self.app.push_screen(FormSheet(document, row.place, row.name, sources), self._edited)

    def _edited(self, is_changed: bool | None) -> None:
        if is_changed:
            self.show_messages()
            self.follow_in_browser()

    # --- In the browser ---

    def browsed(self) -> Draft | None:
        row = self.listing.row or next(iter(self.listing.rows), None)
        return Draft(self.launch.draft.document.text, row.place, spoken()) if row is not None else None

    # --- The launch ---

    def action_next(self, note: str = "") -> None:
        draft = self.launch.draft
        sheet = LaunchSheet(draft, in_short(self.listing.rows), self.launch.now(), note=note)
        self.app.push_screen(sheet, self._decided)
        self.ask(self._rehearse, sheet, group="launch", exclusive=True, quietly=True)

    async def _rehearse(self, sheet: LaunchSheet) -> None:
        """What the desk would say, in the sheet while one reads it."""
        draft = self.launch.draft
        request = PublishScenario(text=draft.text("live"), rehearse=True)
        try:
            publication = await self.desk.publish(draft.slug, request)
        except Refused as error:
            if error.status != CONFLICT and sheet.is_attached:
                sheet.refuse(error.problem)
            return
        segments = [one.slug for one in draft.needed_segments(await self._segments())]
        if sheet.is_attached:
            sheet.warn_of(publication.problems)
            if segments:
                sheet.warn([_("Brings its segment along: {names}").format(names=", ".join(segments))])

    async def _segments(self) -> set[str]:
        return {one.slug for one in await self.desk.segments()}

    def _decided(self, answer: str | None) -> None:
        if answer is not None:
            self.ask(self._publish, answer, group="launch", exclusive=True)

    async def _publish(self, answer: str) -> None:
        draft = self.launch.draft
        status: Status = "live" if answer == "live" else "draft"
        why = _("From the library: {slug}").format(slug=draft.source)
        for segment in draft.needed_segments(await self._segments()):
            await self.desk.publish(segment.slug, PublishScenario(text=segment.text, why=why), "segment")
        try:
            await self.desk.publish(draft.slug, PublishScenario(text=draft.text(status), why=why))
        except Refused as error:
            if error.status != CONFLICT:
                raise
            draft.taken = {*draft.taken, draft.slug}
            draft.give_free_name()
            self.show_messages()
            self.action_next(
                _("A colleague has just taken its name: it is called {slug} now.").format(slug=draft.slug)
            )
            return
        self.launch.launched = Launched(draft.slug, draft.title, status, answer == "tree")
        self.dismiss(None)

    # --- Focus, and back ---

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        hints.place = "list" if isinstance(event.widget, MessagesList) else "card"
        hints.refresh()

    def action_next_pane(self) -> None:
        (self.listing if self.preview.has_focus else self.preview).focus()

    def action_back(self) -> None:
        if self.preview.has_focus:
            self.listing.focus()
        else:
            self.dismiss(None)
