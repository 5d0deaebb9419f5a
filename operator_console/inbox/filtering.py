"""Which dialogs the list shows, and which of them is opened: tabs, filters, search, and who is next."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input

from operator_console.actions import bindings
from operator_console.inbox.bars import ListHeader, StateBar
from operator_console.inbox.conversing import Conversing
from operator_console.inbox.dialog_list import DialogList
from operator_console.inbox.sheets import Choice, CleanInput, Picker
from operator_console.inbox.times import span
from operator_console.mirror import Filter, Whose
from operator_console.visitor_names import called
from server_stub.protocol import DialogSummary

POINT_DELAY = 0.1
"""Seconds the cursor rests on a dialog before it is loaded: j held down loads nothing on its way."""
MANY_WAITING = 500
"""Above so many the longest wait is not looked for at each flush: nobody works off so many by that figure."""
SEARCH_DELAY = 0.08
"""Seconds after a key until what is typed is searched."""


class SearchField(CleanInput):
    """Where a search is typed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("search")

    @dataclass
    class Ended(Message):
        """Nothing is searched any more."""

    def action_give_up(self) -> None:
        self.post_message(self.Ended())


class Filtering(Conversing):
    """The left pane's part of the inbox."""

    @dataclass
    class TitleChanged(Message):
        """What the terminal's window should be called."""

        title: str

    names: dict[str, str]
    _filter = Filter()
    _point_timer: Timer | None = None
    _search_timer: Timer | None = None
    _title = ""
    _went_to = ""
    """Where `action_next` went last: from there it goes on."""

    @property
    def dialogs(self) -> DialogList:
        """The dialog list."""
        return self.query_one(DialogList)

    @abstractmethod
    def show_list(self) -> None:
        """In a narrow terminal: the list instead of the conversation."""

    def show_counts(self) -> None:
        """How many there are and how many wait: tabs, state bar and window title."""
        view = self.mirror.view
        header, bar = self.query_one(ListHeader), self.query_one(StateBar)
        status = self._filter.status
        header.counts = {
            "mine": len(view(Filter(status, "mine"))),
            "unassigned": len(view(Filter(status, "unassigned"))),
            "all": len(view(Filter(status))),
        }
        header.refresh()
        waiting = view(Filter(waiting=True))
        bar.open, bar.waiting = len(view(Filter())), len(waiting)
        first = None
        if len(waiting) <= MANY_WAITING:
            rows = self.mirror.rows
            first = min((rows[dialog] for dialog in waiting), key=lambda row: row.waiting_since, default=None)
            bar.waiting_longest = span(self.now() - first.waiting_since) if first else ""
        bar.broken = len(self.mirror.broken_scenarios())
        bar.refresh()
        self._show_title(len(waiting), first)

    def _show_title(self, waiting: int, first: DialogSummary | None) -> None:
        """How many wait, and who of them waits longest: also where the window is behind others."""
        who = f"{called(first.visitor_name, first.visitor)} waits · " if first else ""
        title = f"({waiting}) {who}Sales desk" if waiting else "Sales desk"
        if title != self._title:
            self._title = title
            self.post_message(self.TitleChanged(title))

    # --- The list ---

    @on(DialogList.Pointed)
    def _pointed(self, event: DialogList.Pointed) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        if not self._opened:
            self.open_dialog(event.row)
        else:
            self._point_timer = self.set_timer(POINT_DELAY, self._open_pointed)

    def _open_pointed(self) -> None:
        if self.dialogs.cursor:
            self.open_dialog(self.dialogs.cursor)

    @on(DialogList.Opened)
    def _enter(self, event: DialogList.Opened) -> None:
        self.open_dialog(event.row)
        self.feed_view.focus()

    @on(DialogList.NewAbove)
    def _new_above(self, event: DialogList.NewAbove) -> None:
        header = self.query_one(ListHeader)
        header.new_above = event.count
        header.refresh()

    def set_filter(self, wanted: Filter) -> None:
        """Show other dialogs."""
        self._filter = wanted
        header = self.query_one(ListHeader)
        header.whose, header.status = wanted.whose, wanted.status or "all"
        texts = [f"#{wanted.tag}"] if wanted.tag else []
        if wanted.operator:
            texts.append(f"@{self.names.get(wanted.operator, wanted.operator)}")
        if wanted.waiting:
            texts.append("waiting")
        if wanted.text:
            texts.append(f"“{wanted.text}”")
        header.filters = tuple(texts)
        self.dialogs.empty_text = _empty_text(wanted)
        self.dialogs.show(wanted)
        self.show_counts()

    def action_whose(self, whose: Whose) -> None:
        self.set_filter(replace(self._filter, whose=whose))

    def action_waiting(self) -> None:
        self.set_filter(replace(self._filter, waiting=not self._filter.waiting))

    def action_status(self) -> None:
        self.set_filter(replace(self._filter, status="closed" if self._filter.status == "open" else "open"))

    def action_reset_filter(self) -> None:
        self._hide_search()
        self.set_filter(Filter())

    def action_filter(self) -> None:
        choices = [Choice("tag ", "Every tag and operator", "no filter")]
        choices += [
            Choice(f"operator {one.id}", one.name, "operator") for one in self.mirror.operators.values()
        ]
        choices += [
            Choice(f"tag {tag}", f"#{tag}", f"tag · {count} open") for tag, count in self.mirror.tags()
        ]

        def chosen(value: str | None) -> None:
            if value is not None:
                kind, _, what = value.partition(" ")
                cleared = replace(self._filter, tag="", operator="")
                if kind == "tag":
                    self.set_filter(replace(cleared, tag=what))
                else:
                    self.set_filter(replace(cleared, operator=what))

        self.app.push_screen(Picker("Show only", choices), chosen)

    def action_list_top(self) -> None:
        self.dialogs.focus()
        self.dialogs.action_top()

    def action_next(self) -> None:
        """Whoever waits longest; pressed again, who is next after him. Else what is unread."""
        rows = self.mirror.rows
        waiting = sorted(
            self.mirror.view(Filter(waiting=True)), key=lambda dialog: rows[dialog].waiting_since
        )
        queue = waiting or [dialog for dialog in self.mirror.view(Filter())[::-1] if rows[dialog].unread]
        if not queue:
            self.tell("Nobody waits, and everything is read.")
            return
        goes_on = self._opened in queue and self._opened in (self._went_to, queue[0])
        place = queue.index(self._opened) + 1 if goes_on else 0
        dialog = self._went_to = queue[place % len(queue)]
        if not self.dialogs.point_to(dialog):
            self.action_reset_filter()
            self.dialogs.point_to(dialog)
        self.open_dialog(dialog)

    # --- Search ---

    def action_search(self) -> None:
        field = self.query_one("#search", Input)
        field.add_class("-shown")
        self.show_list()
        # At once, and not after what is typed next: those letters are the search.
        self.set_focus(field)

    @on(Input.Changed, "#search")
    def _search_typed(self) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        self._search_timer = self.set_timer(SEARCH_DELAY, self._search_here)

    def _search_here(self) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        text = self.query_one("#search", Input).value.strip()
        if text != self._filter.text:
            self.set_filter(replace(self._filter, text=text, found=frozenset()))

    @on(Input.Submitted, "#search")
    def _search_all(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        self.dialogs.focus()
        if not text:
            self._hide_search()
            return
        # What was found must not meet the filter of a word typed half.
        self._search_here()

        async def search() -> None:
            rows = await self.desk.search(text)
            self.mirror.add_found(rows)
            if rows and self._filter.text == text:
                found = frozenset(row.id for row in rows)
                self.set_filter(replace(self._filter, text=text, status="", found=found))
            self.tell(f"{len(rows)} found in all messages.")

        self.ask(search, group="search", exclusive=True)

    def _hide_search(self) -> None:
        field = self.query_one("#search", Input)
        field.remove_class("-shown")
        field.value = ""


def _empty_text(wanted: Filter) -> str:
    """What an empty list says, and what to do next."""
    if wanted.text:
        return "Nothing here has these words. Enter searches all messages, Esc ends the search."
    if wanted.waiting:
        return "Nobody waits for a person. w shows all again."
    if wanted.tag or wanted.operator:
        return "No dialog fits this filter. F removes it."
    if wanted.whose == "mine":
        return "No dialog is yours. 2 shows those of nobody, a takes one."
    if wanted.status == "closed":
        return "No closed dialog. x shows the open ones."
    return "No open dialog. Visitors come here as soon as they write, or a bot asks for you."
