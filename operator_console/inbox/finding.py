"""Searching while one types."""

from __future__ import annotations

from dataclasses import replace

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from operator_console.inbox.filtering import SEARCH_DELAY, Filtering


class Finding(Filtering):
    """The search of the left pane."""

    _search_timer: Timer | None = None

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
            self.hide_search()
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

    def hide_search(self) -> None:
        field = self.query_one("#search", Input)
        field.remove_class("-shown")
        field.value = ""
