"""The library as a list: by goal, the key scenarios first."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.library.items import LibraryRow, LibraryRows
from operator_console.designer.library.row_lines import LibraryPainter
from operator_console.designer.scenarios.row_lines import heading_lines
from operator_console.designer.scenarios.rows import GROUP_TITLES, HEADING
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.headed_list import HeadedList
from operator_console.themes import palette_of
from operator_console.translation import _


class LibraryList(HeadedList[LibraryRow | str]):
    """The rows that hold what is searched. A heading's row is the name of its group."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # `l` launches here, as the table of the library says.
        *(one for one in bindings("list") if not (isinstance(one, Binding) and one.id == "list.open")),
        Binding("enter,right", "open", show=False, id="list.open"),
    ]

    def __init__(self, rows: LibraryRows, now: Callable[[], int], *, id: str) -> None:  # noqa: A002
        super().__init__(now, None, id=id)
        self.rows = rows
        self.text = ""
        self._counts: dict[str, int] = {}

    def show(self, text: str) -> None:
        """Show what holds these words."""
        self.text = text
        self.show_anew()

    def on_click(self, event: events.Click) -> None:
        """One click looks at it, two launch it; where the preview is not beside it, one shows that."""
        index = self._row_at(event.y)
        if index >= 0:
            self._point(index)
            if event.chain > 1 or self.screen.has_class("-narrow"):
                self.action_open()

    @property
    def is_frozen(self) -> bool:
        """The library stands still."""
        return False

    def source(self) -> list[str]:
        shown = self.rows.view(self.text, HEADING)
        groups = [self.rows.rows[key].group for key in shown if not self.is_heading(key)]
        self._counts = {group: groups.count(group) for group in groups}
        return shown

    def is_heading(self, key: str) -> bool:
        return key.startswith(HEADING)

    def row_of(self, key: str) -> LibraryRow | str | None:
        return key.removeprefix(HEADING) if self.is_heading(key) else self.rows.rows.get(key)

    def fits(self, row: LibraryRow | str) -> bool:  # noqa: ARG002
        return True

    def time_of(self, row: LibraryRow | str) -> int:  # noqa: ARG002
        return 0

    def look_of(self, row: LibraryRow | str) -> tuple[int, bool]:
        if isinstance(row, str):
            return self._counts.get(row, 0), False
        return 0, row.slug in self.rows.here

    def paint_row(self, row: LibraryRow | str, state: RowState, width: int) -> tuple[Strip, Strip]:
        palette = palette_of(self.app.theme)
        if isinstance(row, str):
            return heading_lines(palette, width, _(GROUP_TITLES[row]), str(self._counts.get(row, 0)))
        return LibraryPainter(palette, width).paint(row, state, is_here=row.slug in self.rows.here)
