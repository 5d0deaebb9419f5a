"""Finding while one types: the dialogs of this list at once, messages, people and other dialogs as the desk answers.

What is found stands in the list's place. The list itself is looked through in slices, so that a key is never kept
waiting; an answer that comes for words that have changed meanwhile is dropped.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from dataclasses import replace

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from operator_console.dialog_filter import Filter, searched_text
from operator_console.errors import DeskError, ServerFault, Unreachable
from operator_console.inbox.filtering import Filtering
from operator_console.inbox.found_lines import (
    Found,
    FoundDialog,
    FoundPerson,
    FoundText,
    Heading,
    Part,
    WholeList,
    counts,
)
from operator_console.inbox.found_list import FoundList
from operator_console.inbox.search_field import SEARCH_DELAY, SearchField
from operator_console.translation import _
from server_stub.protocol import DialogSummary, FoundMessage, SearchResults, VisitorBrief

HERE = 30
"""Dialogs of the list that are shown of those that have the words; all of them are a list of their own."""
LIMIT = 20
"""Messages, people and other dialogs each that the desk is asked for."""
SLICE = 300
"""Rows that are looked at in one go, less than half a millisecond: a key goes through a dozen hands, and waits for one
slice at each."""
PAGE = 500
"""Entries a page on the way back to a message that was found."""


class Finding(Filtering):
    """The search's part of the inbox."""

    _words = ""
    """What is looked for now."""
    _search_timer: Timer | None = None
    _here: tuple[DialogSummary, ...] = ()
    _has_more_here = False
    _results = SearchResults()
    _answered = ""
    """The words to which `_results` are the answer."""
    _is_lost = False
    """The desk did not answer."""
    _asked_for_list = ""
    """The words of the list that is shown, for which the desk was asked."""
    _enters = False
    """Enter was pressed before there was anything to open."""

    @property
    def found_list(self) -> FoundList:
        """What is found."""
        return self.query_one(FoundList)

    @property
    def search_field(self) -> SearchField:
        """Where the words are typed."""
        return self.query_one("#search", SearchField)

    @property
    def is_searching(self) -> bool:
        """Whether the search field is there."""
        return self.search_field.has_class("-shown")

    # --- The field ---

    def action_search(self) -> None:
        field = self.search_field
        if not self.is_searching:
            field.add_class("-shown")
            self.query_one("#left").add_class("-finding")
            self.dialogs.cover(True)
            field.value = self._filter.text
            self._look_anew()
        self.show_list()
        # At once, and not after what is typed next: those letters are the search.
        self.set_focus(field)

    def hide_search(self) -> None:
        field = self.search_field
        field.remove_class("-shown")
        field.value = ""
        self.query_one("#left").remove_class("-finding")
        self.dialogs.cover(False)
        self._look_for("")

    def back_from_search(self) -> bool:
        """Esc: from what was opened to what was found, from there to the list as it was. False: there is no search."""
        if self.is_searching and self.focused is not self.search_field:
            self.feed_view.unselect()
            self.action_search()
        elif self.is_searching:
            self.hide_search()
            self.dialogs.focus()
        elif self._filter.text and self.focused is self.dialogs:
            self.set_filter(replace(self._filter, text="", found=frozenset()))
        else:
            return False
        return True

    @on(Input.Changed, "#search")
    def _search_typed(self) -> None:
        self._look_for(self.search_field.value.strip())

    @on(SearchField.Moved)
    def _search_moved(self, event: SearchField.Moved) -> None:
        self.found_list.move(event.by)

    @on(Input.Submitted, "#search")
    def _search_entered(self, event: Input.Submitted) -> None:
        # What was typed just before may not have been told yet.
        self._look_for(event.value.strip())
        if not self._words:
            self.hide_search()
            self.dialogs.focus()
        elif self._is_here(chosen := self.found_list.chosen) or (chosen and self._answered == self._words):
            self._open_found(chosen)
        else:
            self._enters = True

    def _is_here(self, chosen: Found | None) -> bool:
        """Whether it is of this list, which needs no answer of the desk."""
        return isinstance(chosen, FoundDialog | WholeList) and bool(self._here)

    # --- Looking ---

    def _look_for(self, words: str) -> None:
        if words == self._words:
            return
        self._words = words
        if not words:
            self._results, self._answered = SearchResults(), ""
        if self.is_searching:
            self._look_anew()
        elif self._search_timer is not None:
            self._search_timer.stop()

    def _look_anew(self) -> None:
        """Without words: all that is in the list."""
        words = self._words
        self._enters = self._is_lost = self._has_more_here = False
        self._here = ()
        if self._search_timer is not None:
            self._search_timer.stop()
        order = self.mirror.view(self._without_words())
        # The first slice at once, so that a letter is answered by one picture.
        self._look_through(order[: -SLICE - 1 : -1], words)
        self._show_found(anew=True)
        if not self._has_more_here and len(order) > SLICE:
            self.ask(self._look_further, words, group="search here", exclusive=True)
        if words:
            self._search_timer = self.set_timer(SEARCH_DELAY, self._ask_desk)

    async def _look_further(self, words: str) -> None:
        """Through the rest of the list's dialogs, the first ones first, until there are enough to show."""
        order = self.mirror.view(self._without_words())[::-1]
        for start in range(SLICE, len(order), SLICE):
            if self._has_more_here:
                return
            await asyncio.sleep(0)
            if words != self._words or not self.is_searching:
                return
            if self._look_through(order[start : start + SLICE], words):
                self._show_found()

    def _look_through(self, dialogs: list[str], words: str) -> bool:
        """Look for the words in some dialogs; whether there is more to show now."""
        rows, looked_for = self.mirror.rows, words.casefold()
        known = [rows[dialog] for dialog in dialogs if dialog in rows]
        found = [row for row in known if looked_for in searched_text(row)]
        room = HERE - len(self._here)
        self._has_more_here = len(found) > room
        self._here += tuple(found[:room])
        return bool(found)

    def _without_words(self) -> Filter:
        return replace(self._filter, text="", found=frozenset())

    def _ask_desk(self) -> None:
        self.ask(self._find, self._words, group="search", exclusive=True, quietly=True)

    async def _find(self, words: str) -> None:
        try:
            results = await self.desk.find(words, limit=LIMIT)
        except DeskError as error:
            self._is_lost = words == self._words
            self._take_results(words, SearchResults())
            if not isinstance(error, Unreachable | ServerFault):
                raise
            return
        self.mirror.add_found(results.dialogs)
        self._take_results(words, results)

    def _take_results(self, words: str, results: SearchResults) -> None:
        if words != self._words:
            return
        self._results, self._answered = results, words
        self._show_found()
        if self._enters and (chosen := self.found_list.chosen):
            self._enters = False
            self._open_found(chosen)

    # --- What is found ---

    def _show_found(self, *, anew: bool = False) -> None:
        self.found_list.show(self._parts(), anew=anew)

    def refresh_found(self) -> None:
        """A while has passed: what has become of the dialogs that were found."""
        if self.is_searching:
            rows = self.mirror.rows
            self._here = tuple(rows.get(row.id, row) for row in self._here)
            self.found_list.forget_looks()
            self._show_found()

    def _parts(self) -> list[Part]:
        parts: list[Part] = []
        if self._here:
            parts.append(Heading(_("In this list"), counts(len(self._here), more=self._has_more_here)))
            parts += [FoundDialog(row) for row in self._here]
            if len(self._here) > 1:
                parts.append(WholeList())
        results, rows = self._results, self.mirror.rows
        # What a dialog of the list shows already as its last message is not told twice.
        told = {row.last_message for row in self._here}
        people, messages = results.visitors, [one for one in results.messages if one.message not in told]
        if people:
            parts.append(Heading(_("People"), self._count(len(people))))
            parts += [FoundPerson(visitor) for visitor in people]
        if messages:
            parts.append(Heading(_("Messages"), self._count(len(messages))))
            parts += [FoundText(message, rows.get(message.dialog)) for message in messages]
        shown = {row.id for row in self._here} | {message.dialog for message in results.messages}
        others = [rows.get(row.id, row) for row in results.dialogs if row.id not in shown]
        if others:
            parts.append(Heading(_("Other dialogs"), str(len(others))))
            parts += [FoundDialog(row) for row in others]
        if self._is_lost:
            parts.append(Heading(_("The desk does not answer: this is what is here.")))
        elif self._answered != self._words:
            parts.append(Heading(_("Searching…")))
        return parts

    def _count(self, shown: int) -> str:
        return counts(shown, more=shown >= LIMIT and self._results.more)

    # --- Opening ---

    @on(FoundList.Opened)
    def _found_clicked(self, event: FoundList.Opened) -> None:
        self._open_found(event.found)

    def _open_found(self, found: Found | None) -> None:
        if isinstance(found, FoundDialog):
            self._open_result(found.row.id)
        elif isinstance(found, FoundPerson):
            self._open_person(found.visitor)
        elif isinstance(found, FoundText):
            self.open_message(found.message)
        elif found is not None:
            self._show_as_list()

    def _open_result(self, dialog: str) -> None:
        self.dialogs.point_to(dialog)
        self.open_dialog(dialog)
        self.feed_view.focus()

    def _open_person(self, visitor: VisitorBrief) -> None:
        """His dialog: the one that is not closed, else the latest; without any, his card."""
        rows = self.mirror.rows
        known = sorted(self.mirror.dialogs_of(visitor.id), key=lambda dialog: rows[dialog].last_at)
        dialog = visitor.dialog if visitor.dialog in rows else known[-1] if known else ""
        if dialog:
            self._open_result(dialog)
        else:
            self.show_person(visitor.id, visitor.name or visitor.email)

    @abstractmethod
    def show_person(self, visitor: str, name: str) -> None:
        """Show everything about a visitor."""

    def _show_as_list(self) -> None:
        """All dialogs that have the words: here, and those in whose messages the desk has found them."""
        found = (
            frozenset(row.id for row in self._results.dialogs)
            if self._answered == self._words
            else frozenset()
        )
        wanted = replace(self._filter, text=self._words, found=found)
        self.hide_search()
        self.set_filter(wanted)
        self.dialogs.focus()

    def set_filter(self, wanted: Filter) -> None:
        super().set_filter(wanted)
        asked, self._asked_for_list = self._asked_for_list, wanted.text
        if wanted.text and not wanted.found and wanted.text != asked:
            # Whoever comes by an address has not asked the desk yet.
            self.ask(self._find_for_list, wanted, group="search", exclusive=True, quietly=True)

    async def _find_for_list(self, wanted: Filter) -> None:
        results = await self.desk.find(wanted.text, limit=100)
        self.mirror.add_found(results.dialogs)
        found = frozenset(row.id for row in results.dialogs)
        if found and self._filter == wanted:
            self.set_filter(replace(wanted, found=found))

    # --- The message ---

    def open_message(self, message: FoundMessage) -> None:
        """Open a dialog at a message, however far back it is."""
        if message.dialog == self._opened and self._is_history:
            self.action_history()
        self._open_result(message.dialog)
        self.ask(self._reach, message, group="feed", exclusive=True, quietly=True)

    async def _reach(self, message: FoundMessage) -> None:
        if self.reader.kept(message.dialog) is None:
            await self._load_feed(message.dialog, "")
        feed = self.reader.kept(message.dialog)
        while feed is not None and feed is self._feed and feed.more and feed.first_seq > message.seq:
            first = feed.first_seq
            self.feed_view.take(await self.reader.older(feed, limit=PAGE))
            if feed.first_seq == first:
                break
        if feed is self._feed and not self.feed_view.show_message(message.message):
            self.tell(_("The message is not there any more."))
