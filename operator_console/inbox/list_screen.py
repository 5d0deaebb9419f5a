"""A screen of one list, and beside it what its cursor stands on: where the focus is, and the keys that lead around."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.widget import Widget

from operator_console.actions import Place
from operator_console.inbox.bars import HintBar
from operator_console.inbox.list_search import ListSearch
from operator_console.inbox.search_field import SearchField


class ListScreen(ListSearch):
    """A mixin. Where the terminal is narrow, the class `-reading` says that the list makes room for what is beside it;
    where it is wide, `-wide` says so.
    """

    BESIDE: ClassVar[Place] = "card"
    """The place of the keys that work in what is beside the list."""

    @property
    @abstractmethod
    def beside(self) -> Widget:
        """What is shown beside the list."""

    @property
    @abstractmethod
    def is_searched(self) -> bool:
        """Whether the list shows only what a search found."""

    @abstractmethod
    def forget_search(self) -> None:
        """Show again what was there before the search."""

    def read_beside(self) -> None:
        """Go into what is beside the list, at full width."""
        self.add_class("-reading")
        self.beside.focus()

    def to_list(self) -> None:
        """Back into the list."""
        self.remove_class("-reading")
        self.listing.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        hints = self.query_one(HintBar)
        is_list = event.widget is self.listing
        hints.place = (
            "list" if is_list else "search" if isinstance(event.widget, SearchField) else self.BESIDE
        )
        hints.refresh()
        if is_list:
            self.remove_class("-reading")

    def action_next_pane(self) -> None:
        if self.beside.has_focus:
            self.to_list()
        elif self.has_class("-wide"):
            self.beside.focus()
        else:
            self.read_beside()

    def action_back(self) -> None:
        if self.beside.has_focus or self.has_class("-reading"):
            self.to_list()
        elif self.is_searched or self.is_search_shown:
            self.hide_search()
            self.forget_search()
            self.listing.focus()
        else:
            self.dismiss(None)

    def action_list_top(self) -> None:
        self.listing.focus()
        self.listing.action_top()
