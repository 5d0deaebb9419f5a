"""The inbox: dialog list, conversation and visitor card side by side, and the wiring between them.

Data goes down (`show`, `take`), intent comes up as messages, and every 67 ms one flush carries what the
stream has changed into the widgets that show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.worker import WorkType

from operator_console.actions import Place, bindings
from operator_console.designer.figures.from_inbox import FiguresFromInbox
from operator_console.designer.from_dialog.from_inbox import FromDialog
from operator_console.dirty_lines import DirtyLines
from operator_console.errors import DeskError, Refused
from operator_console.idle_collector import IdleCollector
from operator_console.inbox.attention import Attention
from operator_console.inbox.bars import DialogHeader, HintBar, StateBar, TypingLine
from operator_console.inbox.composer import Composer
from operator_console.inbox.desk import Desk
from operator_console.inbox.dialog_doings import DialogDoings
from operator_console.inbox.dialog_list import DialogList
from operator_console.inbox.feed_view import FeedView
from operator_console.inbox.found_list import FoundList
from operator_console.inbox.link import Link, LinkState
from operator_console.inbox.list_header import ListHeader
from operator_console.inbox.other_screens import OtherScreens
from operator_console.inbox.reader import Reader
from operator_console.inbox.search_field import SearchField
from operator_console.inbox.visitor_card import FIELDS, CardField, VisitorCardPane
from operator_console.live import Backoff
from operator_console.mirror import Filter, Mirror
from operator_console.notices import Notices
from operator_console.preferences import Preferences
from operator_console.translation import _
from server_stub.protocol import Me

FLUSH = 1 / 15
"""Seconds between two looks at what the stream has changed: faster is not seen, slower is."""
TICK = 15.0
"""Seconds between two paintings of the times."""


class InboxScreen(OtherScreens, FiguresFromInbox, Attention, DialogDoings, FromDialog):
    """`keep_in` gives the folder for drafts and unsent messages, once the operator is known. `now` is
    in ms.
    """

    CSS_PATH = "inbox.tcss"
    BINDINGS = bindings("inbox")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-medium"), (120, "-wide")]  # noqa: RUF012  Textual's own type

    def __init__(
        self,
        desk: Desk,
        *,
        keep_in: Callable[[Me], Path],
        now: Callable[[], int],
        zone: tzinfo | None = None,
        read_only: bool = False,
        downloads: Path,
        preferences: Preferences | None = None,
        at: Filter = Filter(),  # noqa: B008  immutable
    ) -> None:
        super().__init__()
        self._compositor = DirtyLines()
        self.collector = IdleCollector()
        self.desk = desk
        self.now = now
        self.zone = zone
        self.read_only = read_only
        self.downloads = downloads
        self.me = Me("", "", "", "", "")
        self.mirror = Mirror()
        self.reader = Reader(desk)
        self.link = Link(
            desk,
            self.mirror,
            on_state=self._link_state,
            on_typing=self.take_typing,
            on_loaded=self._all_loaded,
        )
        self.names = {}
        self.rings = True
        self.preferences = preferences or Preferences()
        self.notices = Notices(self.preferences.notices)
        self._filter = at
        self._keep_in = keep_in
        self._settling = {}
        self._uploaded = {}
        self._lost: LinkState | None = None
        self._retry_at = 0
        self._shown_snapshot = 0

    @dataclass
    class Signalled(Message):
        """A control sequence for the terminal."""

        written: str

    def compose(self) -> ComposeResult:
        yield StateBar(id="state")
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield ListHeader(id="list-header")
                yield SearchField(id="search", placeholder=_("people, messages, tags"))
                yield DialogList(self.mirror, self.now, self.zone, id="dialogs")
                yield FoundList(self.mirror, self.now, self.zone, id="found")
            with Vertical(id="middle"):
                yield DialogHeader(id="dialog-header")
                yield FeedView("", self.names, self.now, self.zone, id="feed")
                yield TypingLine(id="typing")
                yield Composer(id="composer")
            yield VisitorCardPane(self.now, self.zone, id="right")
        yield HintBar(id="hints")

    def on_mount(self) -> None:
        self.add_class("-in-list")
        self.query_one(HintBar).read_only = self.read_only
        self.begin_completing()
        self.composer.set_usable(False, self._why_not())
        self.dialogs.focus()
        self.set_interval(FLUSH, self.flush)
        self.set_interval(TICK, self._tick)
        self.set_interval(1.0, self._count_down)
        begin: WorkType[None] = self._begin
        self.run_worker(begin, group="link", exclusive=True, exit_on_error=True)

    # --- The connection ---

    async def _begin(self) -> None:
        """Who am I, then the link for as long as the screen is there."""
        backoff = Backoff()
        while not self.me.id:
            try:
                self.me = await self.desk.me()
            except Refused as error:
                self._link_state(LinkState("ended", error.message))
                return
            except DeskError as error:
                delay = backoff.next()
                self._link_state(LinkState("lost", error.message, delay))
                await self.link.pause(delay)
        self.mirror.me = self.feed_view.me = self.me.id
        bar = self.query_one(StateBar)
        bar.site, bar.site_url, bar.operator = self.me.site, self.me.site_url, self.me.name
        self.card_pane.body.site = self.me.site
        bar.refresh()
        self.begin_presence()
        if not self.read_only:
            try:
                self.begin_sending(self._keep_in(self.me))
            except OSError as error:
                self.tell(_("What you write cannot be kept on this machine: {reason}").format(reason=error))
        await self.link.run()

    def _link_state(self, state: LinkState) -> None:
        was_lost = self._lost is not None
        self._lost = state if state.kind in ("lost", "ended") else None
        self._retry_at = self.now() + int(state.retry_in * 1000)
        if state.kind in ("catching_up", "live") and was_lost and self.outgoing is not None:
            self.outgoing.wake()
        self._count_down()

    def _trouble(self) -> str:
        """What is wrong with the connection; empty when nothing is."""
        if self._lost is None:
            return ""
        if self._lost.kind == "ended":
            return _("Signed out: {reason}").format(reason=self._lost.reason)
        seconds = max(round((self._retry_at - self.now()) / 1000), 0)
        when = _("trying again in {seconds} s").format(seconds=seconds) if seconds else _("trying again now")
        return _("Connection lost — {when}; what you write is kept and goes out once").format(when=when)

    def _count_down(self) -> None:
        bar = self.query_one(StateBar)
        trouble = self._trouble()
        if trouble != bar.trouble:
            bar.trouble = trouble
            bar.refresh()

    def action_connect(self) -> None:
        self.link.try_now()
        if self.outgoing is not None:
            self.outgoing.wake()
        if self._feed is None and self._opened:
            self.reload()

    def _all_loaded(self) -> None:
        self.collector.begin()

    def show_unsent(self) -> None:
        bar = self.query_one(StateBar)
        waiting = self.outgoing.waiting() if self.outgoing else ()
        bar.refused = sum(item.state == "refused" for item in waiting)
        bar.unsent = len(waiting) - bar.refused
        bar.refresh()

    # --- The flush ---

    def flush(self) -> None:
        """Carry what the stream has changed into the widgets. Without a change it costs nothing."""
        changes = self.link.changes()
        if not changes:
            return
        if self._shown_snapshot != self.link.snapshots:
            self._shown_snapshot = self.link.snapshots
            self._first_paint()
        if changes.operators:
            self.names.update({one.id: one.name for one in self.mirror.operators.values()})
            self.feed_view.repaint()
            self.names_changed()
            self.operators_changed()
        if changes.presets:
            self.presets_changed()
        if changes.gone:
            self.dialogs.forget(changes.gone)
        self.dialogs.take(changes.dialogs, reordered=changes.reordered)
        if changes.feed:
            self.take_entries(changes.feed)
        if changes.gone or changes.merged:
            self.take_departures(changes.gone, changes.merged)
        if changes.visitors:
            self.take_history(changes.visitors, changes.history)
        if self._opened in changes.dialogs:
            self.show_header()
        if changes.reordered or changes.scenarios or changes.dialogs:
            self.show_counts()
        self.tell_other_screens(changes)
        self.tell_figures(changes)
        self.notice(changes)

    def _first_paint(self) -> None:
        """A snapshot is here: show it, and read again what was open."""
        self.notices.forget()
        self.set_filter(self._filter)
        self.reload()
        self.start_others_over()

    def rows_changed(self, dialogs: set[str]) -> None:
        if dialogs:
            self.dialogs.take(dialogs, reordered=False)
            if self._opened in dialogs:
                self._show_header()

    @on(Composer.Typed)
    def _hold_the_list(self) -> None:
        self.dialogs.hold_still()

    def _tick(self) -> None:
        self.look_at_the_clock()
        self.collector.look()
        self.dialogs.tick()
        self.refresh_found()
        self.card_pane.body.rebuild()
        self._show_header()
        self.show_counts()

    # --- Panes and focus ---

    def action_next_pane(self) -> None:
        if self.composer.is_completing:
            self.composer.take_offer()
        else:
            self._step_pane(1)

    def action_last_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        body = self.card_pane.body
        fields = [self.query_one(f"#card-{field}", CardField) for field in FIELDS]
        stops: list[Widget] = [self.dialogs, self.feed_view, self.composer.text_area, body]
        if self.focused in fields:
            stops = [*fields, body]
        stops = [stop for stop in stops if stop.focusable and stop.display]
        at = stops.index(self.focused) if self.focused in stops else 0
        target = stops[(at + by) % len(stops)]
        self._show_pane("list" if target is self.dialogs else "conversation")
        target.focus()

    def show_list(self) -> None:
        self._show_pane("list")

    def _show_pane(self, place: Place) -> None:
        """In a narrow terminal, one pane at a time."""
        self.set_class(place == "list", "-in-list")
        self.set_class(place != "list", "-in-dialog")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        place = self._place(event.widget)
        hints = self.query_one(HintBar)
        hints.place = place
        hints.refresh()
        if place in ("list", "search"):
            self._show_pane("list")
        elif place in ("conversation", "composer"):
            self._show_pane(place)
            self._wait_for_seen()

    def on_screen_resume(self) -> None:
        self._wait_for_seen()

    def _place(self, widget: Widget) -> Place:
        if isinstance(widget, DialogList):
            return "list"
        if isinstance(widget, FeedView):
            return "conversation"
        if any(isinstance(above, Composer) for above in widget.ancestors_with_self):
            return "composer"
        if isinstance(widget, CardField):
            return "field"
        if any(isinstance(above, VisitorCardPane) for above in widget.ancestors_with_self):
            return "card"
        return "search" if isinstance(widget, SearchField) else "inbox"

    def action_card(self) -> None:
        if self.has_class("-wide"):
            self.toggle_class("-no-card")
        else:
            self.toggle_class("-card-over")
            (self.card_pane.body if self.has_class("-card-over") else self.feed_view).focus()

    def action_edit_card(self) -> None:
        if self.row is not None and self.may_change():
            if not self.has_class("-wide"):
                self.add_class("-card-over")
            self.remove_class("-no-card")
            self.card_pane.edit()

    def action_back(self) -> None:
        if self.has_class("-card-over"):
            self.remove_class("-card-over")
            self.feed_view.focus()
        elif self.back_from_search():
            pass
        elif self.feed_view.unselect():
            self.feed_view.focus()
        elif self._is_history:
            self.action_history()
        else:
            self._show_pane("list")
            self.dialogs.focus()

    @on(SearchField.Ended)
    def _end_search(self) -> None:
        self.action_back()

    @on(Composer.Left)
    def _left_composer(self) -> None:
        if self.has_class("-narrow"):
            self.feed_view.focus()
        else:
            self.dialogs.focus()

    @on(FeedView.WriteWanted)
    def _write(self) -> None:
        self.action_reply()

    @on(FeedView.NewBelow)
    def _new_below(self, event: FeedView.NewBelow) -> None:
        line = self.query_one(TypingLine)
        line.below = event.count
        line.refresh()

    def action_feed_end(self) -> None:
        self.feed_view.action_scroll_end()

    def doer_of(self, action: str) -> Widget:
        doer = super().doer_of(action)
        is_writing = any(isinstance(above, Composer) for above in doer.ancestors_with_self)
        return self.composer if is_writing else doer

    def to_terminal(self, written: str) -> None:
        self.post_message(self.Signalled(written))

    def show_dialogs_of(self, operator: str) -> None:
        self.set_filter(Filter(operator=operator))
        self.dialogs.focus()

    def in_front(self, is_in_front: bool) -> None:
        """Whether the terminal has the focus: nobody sees what is in the background."""
        self._in_front = is_in_front
        if is_in_front:
            self._wait_for_seen()

    async def leave(self) -> None:
        """Before the console ends: keep drafts and what is unsent."""
        self.collector.end()
        await self.leave_sending()
        await self.desk.close()
