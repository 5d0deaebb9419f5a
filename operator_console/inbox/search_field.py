"""The line in which a search is typed: it costs no layout, and leads out of itself by keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message

from operator_console.actions import bindings
from operator_console.inbox.sheets import CleanInput

SEARCH_DELAY = 0.08
"""Seconds after a key until what is typed is searched."""


class SearchField(CleanInput):
    """Where a search is typed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("search")

    @dataclass
    class Ended(Message):
        """Nothing is searched any more."""

    @dataclass
    class Moved(Message):
        """Another one of what is found is to be chosen: so many below."""

        by: int

    _is_being_typed = False

    def _watch_value(self, value: str) -> None:
        self._is_being_typed = True
        super()._watch_value(value)
        self._is_being_typed = False

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> Self:
        # For each letter Textual lays out the whole screen anew (5 ms), though nothing moves by it: the field is a line
        # of a width of its own.
        return super().refresh(
            *regions, repaint=repaint, layout=layout and not self._is_being_typed, recompose=recompose
        )

    def action_give_up(self) -> None:
        self.post_message(self.Ended())

    def action_choose(self, by: int) -> None:
        self.post_message(self.Moved(by))
