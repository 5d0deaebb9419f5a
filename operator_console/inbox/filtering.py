"""Which dialogs the list shows, and which of them is opened: tabs, filters, order, address, and who is next."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Literal

from textual import on
from textual.message import Message
from textual.timer import Timer

from operator_console.dialog_filter import (
    PRIORITIES,
    BadAddress,
    Filter,
    Whose,
    address_of,
    filter_at,
)
from operator_console.inbox.bars import StateBar
from operator_console.inbox.channel_words import channel_words
from operator_console.inbox.conversing import Conversing
from operator_console.inbox.dialog_list import DialogList
from operator_console.inbox.list_header import ListHeader
from operator_console.inbox.sheets import Choice, Picker, Prompt
from operator_console.inbox.times import span
from operator_console.translation import _, counted, marked
from operator_console.visitor_names import called
from server_stub.protocol import DialogStatus, DialogSummary

POINT_DELAY = 0.1
"""Seconds the cursor rests on a dialog before it is loaded: j held down loads nothing on its way."""
MANY_WAITING = 500
"""Above so many the longest wait is not looked for at each flush: nobody works off so many by that figure."""
STATUS_CYCLE: tuple[DialogStatus | Literal[""], ...] = ("open", "closed", "snoozed", "")
"""What the key for the status goes through."""


NOTHING_OPEN = marked("No open dialog. Visitors come here as soon as they write, or a bot asks for you.")
_EMPTY = {
    "mine": marked("No dialog is yours. 2 shows those of nobody, a takes one."),
    "mentioned": marked("No note calls you. 3 shows the dialogs of everybody."),
    "closed": marked("No closed dialog. x goes on to the snoozed ones."),
    "snoozed": marked("No dialog is put off. z does that; x shows the others."),
}
"""What an empty list says, by its tab or its status."""
PRIORITY_WORDS: dict[str, str] = {
    "low": marked("low"),
    "normal": marked("normal"),
    "high": marked("high"),
    "urgent": marked("urgent"),
}


class Filtering(Conversing):
    """The left pane's part of the inbox."""

    @dataclass
    class TitleChanged(Message):
        """What the terminal's window should be called."""

        title: str

    names: dict[str, str]
    _filter = Filter()
    _point_timer: Timer | None = None
    _title = ""
    _went_to = ""
    """Where `action_next` went last: from there it goes on."""

    @property
    def dialogs(self) -> DialogList:
        """The dialog list."""
        return self.query_one(DialogList)

    @property
    def list_header(self) -> ListHeader:
        """The lines above it."""
        return self.query_one(ListHeader)

    @abstractmethod
    def show_list(self) -> None:
        """In a narrow terminal: the list instead of the conversation."""

    @abstractmethod
    def hide_search(self) -> None:
        """Search nothing any more."""

    def show_counts(self) -> None:
        """How many there are and how many wait: tabs, state bar and window title."""
        view = self.mirror.view
        header, bar = self.list_header, self.query_one(StateBar)
        # A note calls from wherever it stands: the tab counts dialogs of every status.
        status = "open" if self._filter.whose == "mentioned" else self._filter.status
        header.counts = {
            "mine": len(view(Filter(status, "mine"))),
            "unassigned": len(view(Filter(status, "unassigned"))),
            "all": len(view(Filter(status))),
            "mentioned": len(view(Filter("", "mentioned"))),
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
        who = _("{name} waits").format(name=called(first.visitor_name, first.visitor)) if first else ""
        title = " · ".join(filter(None, (who, _("Sales desk"))))
        title = f"({waiting}) {title}" if waiting else title
        if title != self._title:
            self._title = title
            self.post_message(self.TitleChanged(title))

    # --- The list ---

    @on(DialogList.Pointed)
    def _pointed(self) -> None:
        if self._point_timer is not None:
            self._point_timer.stop()
        self._point_timer = self.set_timer(POINT_DELAY, self.open_pointed)
        if not self._opened:
            self.open_pointed()

    def open_pointed(self) -> None:
        """Open the dialog under the cursor, if that is still to come: a command is for the one that is pointed at."""
        if self._point_timer is not None:
            self._point_timer.stop()
            self._point_timer = None
            if self.dialogs.cursor:
                self.open_dialog(self.dialogs.cursor)

    @on(DialogList.Opened)
    def _enter(self, event: DialogList.Opened) -> None:
        self.open_dialog(event.row)
        self.feed_view.focus()

    @on(DialogList.NewAbove)
    def _new_above(self, event: DialogList.NewAbove) -> None:
        self.list_header.new_above = event.count
        self.list_header.refresh()

    def go_to(self, dialog: str) -> None:
        """Open a dialog of the mirror, with the cursor on it: where the list does not show it, in one that does."""
        if not self.dialogs.point_to(dialog):
            self.hide_search()
            self.set_filter(Filter(self.mirror.rows[dialog].status))
            self.dialogs.point_to(dialog)
        self.open_dialog(dialog)

    def action_list_top(self) -> None:
        self.dialogs.focus()
        self.dialogs.action_top()

    def action_next(self) -> None:
        """Whoever waits longest; pressed again, who is next after him. Else what is unread."""
        rows = self.mirror.rows
        queue = self.mirror.view(Filter(waiting=True, sort="waiting"))[::-1]
        queue = queue or [dialog for dialog in self.mirror.view(Filter())[::-1] if rows[dialog].unread]
        if not queue:
            self.tell(_("Nobody waits, and everything is read."))
            return
        goes_on = self._opened in queue and self._opened in (self._went_to, queue[0])
        place = queue.index(self._opened) + 1 if goes_on else 0
        self._went_to = queue[place % len(queue)]
        self.go_to(self._went_to)

    # --- What is shown ---

    def set_filter(self, wanted: Filter) -> None:
        """Show other dialogs."""
        self._filter = wanted
        self.list_header.show(wanted, self._in_words(wanted))
        self.dialogs.empty_text = _empty_text(wanted)
        self.dialogs.show(wanted)
        self.show_counts()

    def _in_words(self, wanted: Filter) -> tuple[str, ...]:
        """What a filter asks for beside status and tab, raw."""
        words = [
            wanted.tag and f"#{wanted.tag}",
            wanted.operator and f"@{self.names.get(wanted.operator, wanted.operator)}",
            wanted.channel and channel_words(wanted.channel),
            wanted.priority and _(PRIORITY_WORDS[wanted.priority]),
            wanted.waiting and _("waiting"),
            wanted.text and f"“{wanted.text}”",
        ]
        return tuple(word for word in words if isinstance(word, str) and word)

    def names_changed(self) -> None:
        """Operators are called otherwise, or are known by now."""
        self.list_header.show(self._filter, self._in_words(self._filter))

    def action_whose(self, whose: Whose) -> None:
        status = self._filter.status
        if whose == "mentioned":
            status = ""
        elif self._filter.whose == "mentioned":
            status = "open"
        self.set_filter(replace(self._filter, whose=whose, status=status))

    def action_waiting(self) -> None:
        self.set_filter(replace(self._filter, waiting=not self._filter.waiting))

    def action_status(self) -> None:
        following = STATUS_CYCLE.index(self._filter.status) + 1
        self.set_filter(replace(self._filter, status=STATUS_CYCLE[following % len(STATUS_CYCLE)]))

    def action_sort(self) -> None:
        self.set_filter(replace(self._filter, sort="waiting" if self._filter.sort == "last" else "last"))

    def action_reset_filter(self) -> None:
        self.hide_search()
        self.set_filter(Filter())

    def action_filter(self) -> None:
        wide = replace(self._filter, tag="", operator="", channel="", priority="", waiting=False)
        choices: list[tuple[Choice, Filter]] = []

        def offer(label: str, detail: str, **asked: Any) -> None:
            choices.append((Choice(str(len(choices)), label, detail), replace(self._filter, **asked)))

        if wide != self._filter:
            choices.append((Choice("0", _("Everything"), _("no filter")), wide))
        if not self._filter.waiting:
            offer(_("Waiting"), _("for a person"), waiting=True)
        for tag, count in self.mirror.tags():
            offer(f"#{tag}", counted("tag · {count} open", "tag · {count} open", count), tag=tag)
        for one in sorted(self.mirror.operators.values(), key=lambda one: one.name.casefold()):
            offer(f"@{one.name}", _("operator"), operator=one.id)
        for priority in reversed(PRIORITIES):
            offer(_(PRIORITY_WORDS[priority]), _("priority"), priority=priority)
        for channel in self._channels():
            offer(channel_words(channel), _("channel"), channel=channel)

        def chosen(value: str | None) -> None:
            if value is not None:
                self.set_filter(choices[int(value)][1])

        self.app.push_screen(Picker(_("Show only"), [choice for choice, _filter in choices]), chosen)

    def _channels(self) -> list[str]:
        """Every channel of an open dialog."""
        rows = self.mirror.rows
        return sorted({rows[dialog].channel for dialog in self.mirror.view(Filter())})

    # --- Addresses ---

    def action_copy_address(self) -> None:
        address = address_of(self._filter)
        self.app.copy_to_clipboard(address)
        self.tell(_("Copied: {address}").format(address=address))

    def action_go_to_address(self) -> None:
        def check(values: tuple[str, ...]) -> str:
            return _wrong_with(values[0])

        def go(values: tuple[str, ...] | None) -> None:
            if values is not None:
                self.go_to_address(values[0])

        label = _("Such as open/mine?tag=vip&sort=waiting")
        shown = (address_of(self._filter),)
        self.app.push_screen(Prompt(_("Show the list at an address"), [label], values=shown, check=check), go)

    def is_address(self, typed: str) -> bool:
        """Whether it leads to a list. A word alone is rather a command."""
        return "/" in typed and not _wrong_with(typed)

    def go_to_address(self, address: str) -> None:
        """Show the list with that name; a bad one is told."""
        try:
            wanted = filter_at(address)
        except BadAddress as error:
            self.tell(str(error))
            return
        self.hide_search()
        self.set_filter(wanted)
        self.dialogs.focus()


def _wrong_with(address: str) -> str:
    try:
        filter_at(address)
    except BadAddress as error:
        return str(error)
    return ""


def _empty_text(wanted: Filter) -> str:
    """What an empty list says, and what to do next."""
    if wanted.text:
        return _("Nothing here has these words. Esc ends the search.")
    if wanted.waiting:
        return _("Nobody waits for a person. w shows all again.")
    if wanted.tag or wanted.operator or wanted.channel or wanted.priority:
        return _("No dialog fits this filter. F removes it.")
    return _(_EMPTY.get(wanted.whose, "") or _EMPTY.get(wanted.status, NOTHING_OPEN))
