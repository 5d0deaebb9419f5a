"""The search line of a screen that shows one list: shown by its key, searched while one types, gone with Esc."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from operator_console.inbox.asking import Asking
from operator_console.inbox.row_list import RowList
from operator_console.inbox.search_field import SearchField


class ListSearch(Asking):
    """A mixin of screens with one `SearchField` and one list."""

    SEARCH_AFTER: ClassVar[float]
    """Seconds after a key until what is typed is searched."""
    _search_timer: Timer | None = None

    @property
    @abstractmethod
    def listing(self) -> RowList[Any]:
        """The list that is searched."""

    @abstractmethod
    def search_for(self, text: str) -> None:
        """Show what holds the text; empty: everything again. Called again with the same text."""

    @abstractmethod
    def action_back(self) -> None:
        """Out of the search, or of the screen."""

    def action_search(self) -> None:
        field = self.query_one(SearchField)
        field.add_class("-shown")
        self.remove_class("-reading")
        self.set_focus(field)

    @property
    def is_search_shown(self) -> bool:
        """Whether the line is there."""
        return self.query_one(SearchField).has_class("-shown")

    def hide_search(self) -> None:
        """The line goes, with what is written in it."""
        field = self.query_one(SearchField)
        field.remove_class("-shown")
        field.value = ""

    @on(Input.Changed)
    def _search_typed(self) -> None:
        if self._search_timer is not None:
            self._search_timer.stop()
        self._search_timer = self.set_timer(self.SEARCH_AFTER, self._search)

    def _search(self) -> None:
        self.search_for(self.query_one(SearchField).value.strip())

    @on(Input.Submitted)
    def _search_entered(self) -> None:
        self._search()
        self.listing.focus()

    @on(SearchField.Ended)
    def _search_ended(self) -> None:
        self.action_back()
