"""The scenarios as a list: the cursor goes from scenario to scenario, over the headings of their groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.strip import Strip

from operator_console.actions import bindings
from operator_console.designer.drafts.kept import ScenarioDrafts
from operator_console.designer.scenarios.row_lines import ScenarioPainter
from operator_console.designer.scenarios.rows import (
    HEADING,
    GroupRow,
    ScenarioFilter,
    ScenarioRow,
    ScenarioRows,
)
from operator_console.inbox.dialog_rows import RowState
from operator_console.inbox.headed_list import HeadedList
from operator_console.themes import palette_of


class ScenarioList(HeadedList[ScenarioRow | GroupRow]):
    """The rows of one filter. `rows` are read, never changed."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")

    def __init__(self, rows: ScenarioRows, now: Callable[[], int], *, id: str) -> None:  # noqa: A002
        super().__init__(now, None, id=id)
        self.rows = rows
        self.shown = ScenarioFilter()
        self._headings: dict[str, GroupRow] = {}
        self._painter: ScenarioPainter | None = None
        self.drafts: ScenarioDrafts | None = None
        """What was changed here and not published."""

    def show(self, wanted: ScenarioFilter) -> None:
        """Show another filter."""
        self.shown = wanted
        self.show_anew()

    @property
    def is_frozen(self) -> bool:
        """Scenarios come and go by somebody's hand only, and stand where their group is."""
        return False

    def source(self) -> list[str]:
        shown = self.rows.view(self.shown)
        self._headings = {key: self.rows.heading(key, shown) for key in shown if self.is_heading(key)}
        return shown

    def is_heading(self, key: str) -> bool:
        return key.startswith(HEADING)

    def row_of(self, key: str) -> ScenarioRow | GroupRow | None:
        return self._headings.get(key) or self.rows.rows.get(key)

    def fits(self, row: ScenarioRow | GroupRow) -> bool:
        return isinstance(row, GroupRow) or self.shown.fits(row)

    def time_of(self, row: ScenarioRow | GroupRow) -> int:  # noqa: ARG002
        return 0

    def paint_row(self, row: ScenarioRow | GroupRow, state: RowState, width: int) -> tuple[Strip, Strip]:
        if self._painter is None or self._painter.width != width:
            self._painter = ScenarioPainter(palette_of(self.app.theme), width)
        if isinstance(row, GroupRow):
            return self._painter.heading(row)
        return self._painter.paint(row, state, has_draft=self.look_of(row))

    def look_of(self, row: ScenarioRow | GroupRow) -> bool:
        """Whether something of it was changed here and is not published."""
        return (
            isinstance(row, ScenarioRow) and self.drafts is not None and row.status.slug in self.drafts.slugs
        )

    def forget_looks(self) -> None:
        super().forget_looks()
        self._painter = None
